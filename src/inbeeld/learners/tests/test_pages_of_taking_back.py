"""Taking back access and consent, and what waits: asked first, said afterwards, and counted in the menu."""

from __future__ import annotations

import pytest
from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.models import Consent, Involvement
from inbeeld.access.operations_involvement import grant
from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.learners.tests.visiting import born, kin, permit_for, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def doctor():
    return make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))


@pytest.fixture
def worker(child):
    actor = make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP))
    make.involve(child, actor, purpose="help")
    return actor


def own(actor):
    return Involvement.for_operations.get(membership=actor.membership)


def ask(director, child, doctor):
    with acting(director, origin="test"):
        return grant(permit_for(director, child), child=child, to=doctor.membership, purpose="health")


def ask_consent(director, child, worker):
    visiting.post(
        director,
        f"/kind/{child.reference}/toestemming/",
        what=f"organisation-{worker.organisation.pk}-FAM",
        purpose="help",
        until_on=timezone.localdate().isoformat(),
    )
    return Consent.for_operations.get(child=child)


# --- access ----------------------------------------------------------------------------------------


def test_what_happens_is_said_before_access_is_withdrawn_and_nothing_is_done_by_looking(
    director, child, worker
):
    address = f"/kind/{child.reference}/toegang/{own(worker).pk}/intrekken/"
    asked = words(visitor(director).get(address))
    assert f"Withdraw the access of {worker.membership.person.get_full_name()}?" in asked
    assert "Direction lapses" not in asked
    assert own(worker).ended_at is None
    after = visiting.post(director, address)
    assert own(worker).ended_at is not None
    said = visitor(director).get(after.headers["Location"]).content.decode()
    assert 'role="status"' in said
    assert "This access has ended." in said


def test_who_withdraws_their_own_reads_first_and_afterwards_that_direction_lapses(director, child):
    address = f"/kind/{child.reference}/toegang/{own(director).pk}/intrekken/"
    assert "Direction lapses: nobody holds direction then." in words(visitor(director).get(address))
    after = visiting.post(director, address)
    assert after.headers["Location"] == "/mijn-toegang/?gedaan=zelf-ingetrokken-regie"
    assert "Nobody holds direction now." in words(visitor(director).get(after.headers["Location"]))


def test_who_may_not_withdraw_is_asked_nothing(child, director, worker):
    address = f"/kind/{child.reference}/toegang/{own(director).pk}/intrekken/"
    for actor in (worker, kin(child)):
        assert visitor(actor).get(address).headers["Location"] == f"/kind/{child.reference}/toegang/"
    assert visitor(make.actor(Role.MENTOR, make.organisation())).get(address).status_code == 404


def test_the_question_stands_in_the_log_with_the_name_of_the_page(director, child, worker):
    visitor(director).get(f"/kind/{child.reference}/toegang/{own(worker).pk}/intrekken/")
    lines = Line.for_operations.filter(origin="access_withdraw", child=child.reference)
    assert {word for one in lines for word in one.field_class.split()} == {"IDE"}


def test_stopping_asks_first_and_why(director, child):
    address = f"/mijn-toegang/{own(director).pk}/stoppen/"
    asked = visitor(director).get(address)
    assert make.name_of(child) in words(asked)
    assert "Direction lapses" in words(asked)
    for reason in ("done", "other_work", "left"):
        assert f'value="{reason}"' in asked.content.decode()
    after = visiting.post(director, address, because="other_work")
    assert own(director).ended_because == "other_work"
    assert "Nobody holds direction now." in words(visitor(director).get(after.headers["Location"]))


# --- consent ---------------------------------------------------------------------------------------


def test_a_consent_says_in_one_sentence_whose_data_for_whom_what_for_and_until_when(director, child, worker):
    ask_consent(director, child, worker)
    told = words(visitor(director).get(f"/kind/{child.reference}/toegang/"))
    assert f"This is about what others wrote about {make.name_of(child)} (family)" in told
    assert f"it may be read by {worker.organisation.name}, for help to the child or the family" in told


def test_a_request_is_withdrawn_after_a_question_and_called_a_request(director, child, worker):
    one = ask_consent(director, child, worker)
    page = words(visitor(director).get(f"/kind/{child.reference}/toegang/"))
    assert "Withdraw this request" in page
    assert "Withdraw this consent" not in page
    address = f"/kind/{child.reference}/toestemming/{one.pk}/intrekken/"
    assert "Nothing was shared, and nothing will be." in words(visitor(director).get(address))
    after = visiting.post(director, address)
    told = words(visitor(director).get(after.headers["Location"]))
    assert "This request has been withdrawn." in told
    assert "No consent is in force or asked now." in told
    assert "No consent was asked." not in told


def test_kin_see_whether_the_other_party_signed_and_professionals_how_many_did(director, school, worker):
    child = make.learner(school, born_on=born(14))
    make.involve(child, director)
    make.involve(child, worker, purpose="help")
    mother, father, learner = kin(child), kin(child), kin(child, "learner")
    one = ask_consent(director, child, worker)
    visiting.post(mother, f"/kind/{child.reference}/toestemming/{one.pk}/tekenen/")
    page = f"/kind/{child.reference}/toegang/"
    assert "1 of 3 signatures are there" in words(visitor(director).get(page))
    assert "the parents or guardians: 1 of 2 signed" in words(visitor(learner).get(page))
    assert "the learner: not signed yet" in words(visitor(father).get(page))
    for actor in (father, learner):
        visiting.post(actor, f"/kind/{child.reference}/toestemming/{one.pk}/tekenen/")
    told = words(visitor(director).get(page))
    assert "In force" in told
    assert "Has to be signed by" not in told
    assert mother.name not in told


def test_who_may_know_the_family_reads_by_name_who_must_sign_still(director, school, worker):
    child = make.learner(school, born_on=born(9))
    make.involve(child, director)
    make.involve(child, worker, purpose="help")
    mother = kin(child, name=("Hanneke", "Zwart"))
    kin(child, name=("Mehmet", "Zwart"))
    one = ask_consent(director, child, worker)
    visiting.post(mother, f"/kind/{child.reference}/toestemming/{one.pk}/tekenen/")
    told = words(visitor(mother).get(f"/kind/{child.reference}/toegang/"))
    assert "Still to be signed byMehmet Zwart" in told


# --- what waits ------------------------------------------------------------------------------------


def test_what_waits_stands_behind_my_access_and_is_gone_after_the_answer(director, child, doctor):
    one = ask(director, child, doctor)
    told = words(visitor(doctor).get("/definities/"))
    assert "My access (1) : 1 request waits for your answer" in told.replace("(1):", "(1) :")
    visiting.post(doctor, f"/mijn-toegang/{one.pk}/akkoord/")
    assert "waits for your answer" not in words(visitor(doctor).get("/definities/"))


def test_before_agreeing_one_reads_what_one_will_be_able_to_read_and_afterwards_comes_to_the_child(
    director, child, doctor
):
    one = ask(director, child, doctor)
    told = words(visitor(doctor).get("/mijn-toegang/"))
    assert "Reads: name, birth date and school, address and telephone, attendance and absence" in told
    after = visiting.post(doctor, f"/mijn-toegang/{one.pk}/akkoord/")
    page = visitor(doctor).get(after.headers["Location"])
    assert f"To the page of {make.name_of(child)}" in words(page)
    assert str(child.reference) not in after.headers["Location"]


def test_a_privacy_officer_is_led_to_the_emergencies_that_wait(school, child):
    officer = make.actor(Role.PRIVACY_OFFICER, school)
    caller = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    assert "emergency" not in words(visitor(officer).get("/in-beeld/"))
    one = make.involve(child, caller, kind="emergency", purpose="danger", days=1)
    told = words(visitor(officer).get("/in-beeld/"))
    assert "1 emergency waits until you look at it." in told
    assert "1 emergency to look at" in told
    Involvement.for_operations.filter(pk=one.pk).update(reviewed_at=timezone.now())
    assert "1 emergency" not in words(visitor(officer).get("/in-beeld/"))


def test_a_privacy_officer_reads_what_not_justified_does_and_the_caller_reads_the_verdict(school, child):
    officer = make.actor(Role.PRIVACY_OFFICER, school)
    caller = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    one = make.involve(
        child, caller, kind="emergency", purpose="danger", days=1, review_due_on=timezone.localdate()
    )
    assert 'href="/nood/">To the emergency' in visitor(caller).get("/mijn-toegang/").content.decode()
    address = f"/privacy/{one.pk}/niet-terecht/"
    assert "loses the emergency button" in words(visitor(officer).get(address))
    after = visiting.post(officer, address)
    told = words(visitor(officer).get(after.headers["Location"]))
    assert "has lost the emergency button. You can give it back below." in told
    assert "Give the emergency button back" in told
    mine = visitor(caller).get("/mijn-toegang/")
    assert "You cannot call an emergency now." in words(mine)
    assert "Not justified" in words(mine)
    assert 'href="/nood/">To the emergency' not in mine.content.decode()
    assert visitor(officer).get(address).headers["Location"] == "/privacy/"
    visiting.post(officer, f"/privacy/{one.pk}/teruggeven/")
    assert "You cannot call an emergency now." not in words(visitor(caller).get("/mijn-toegang/"))
