"""Who has access and why: what stands on the page for whom, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

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
    actor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    person = actor.membership.person
    person.first_name, person.last_name = "Lieke", "Brandsma"
    person.save()
    return actor


def page(actor, child, address="toegang/"):
    return visitor(actor).get(f"/kind/{child.reference}/{address}")


def post(actor, child, address, **data):
    return visiting.post(actor, f"/kind/{child.reference}/{address}", **data)


def ask(director, child, doctor, **more):
    with acting(director, origin="test"):
        return grant(permit_for(director, child), child=child, to=doctor.membership, purpose="health", **more)


@pytest.mark.parametrize("what", ["toegang/", "toegang/vragen/", "inzage/", "dossier/besproken/"])
def test_the_pages_of_a_foreign_child_are_not_there(school, child, what):
    foreign = make.actor(Role.CARE_COORDINATOR, make.organisation())
    pages = [visitor(foreign).get(f"/kind/{one}/{what}") for one in (child.reference, uuid4())]
    assert [one.status_code for one in pages] == [404, 404]
    assert make.name_of(child) not in pages[0].content.decode()


def test_everybody_with_access_stands_there_with_role_ground_and_end(director, child, doctor):
    make.involve(child, doctor, purpose="health", granted_by=director.membership)
    told = words(page(director, child))
    assert "Lieke Brandsma" in told
    assert doctor.organisation.name in told
    assert "Wpg / WGBO" in told
    until = timezone.localtime(Involvement.for_operations.get(membership=doctor.membership).until_at)
    assert f"{until.year}" in told


def test_who_works_with_a_list_stands_there_and_who_works_elsewhere_does_not(director, child, school):
    desk = make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY))
    elsewhere = make.organisation(Kind.MUNICIPALITY, municipality="Verweg")
    make.actor(Role.LEERPLICHT_DESK, elsewhere)
    told = words(page(director, child))
    assert desk.organisation.name in told
    assert elsewhere.name not in told


def test_a_role_with_a_list_that_sees_nothing_at_this_stage_is_not_in_it(director, school):
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    early = make.learner(school, stage=1, days=10, born_on=born(14))
    make.involve(early, director)
    assert swv.organisation.name not in words(page(director, early))


def test_an_ended_membership_is_no_access_any_more(director, child, doctor):
    make.involve(child, doctor, purpose="health")
    membership = doctor.membership
    membership.until_on = timezone.localdate() - timedelta(days=1)
    membership.save()
    answer = page(director, child)
    assert all(one.name != "Lieke Brandsma" for one in answer.context["page"].named)
    assert any(one.name == "Lieke Brandsma" for one in answer.context["page"].ended)


def test_parents_read_who_is_involved_and_may_change_nothing_of_it(director, child, doctor):
    make.involve(child, doctor, purpose="health")
    answer = page(kin(child), child)
    assert answer.status_code == 200
    assert "Lieke Brandsma" in words(answer)
    assert "toegang/vragen" not in answer.content.decode()
    assert "/intrekken/" not in answer.content.decode()


def test_the_family_stands_there_by_name_only_for_who_may_know_the_family(director, child, school):
    small = make.learner(school, born_on=born(9))
    make.involve(small, director)
    mother = kin(small, name=("Geheim", "Gezinslid"))
    assert "Geheim Gezinslid" not in words(page(director, small))
    assert "Geheim Gezinslid" in words(page(mother, small))


def test_asking_somebody_takes_an_organisation_then_a_person_and_shows_no_more_of_them(
    director, child, doctor
):
    first = page(director, child, "toegang/vragen/")
    assert doctor.organisation.name in words(first)
    second = page(director, child, f"toegang/vragen/?organisatie={doctor.organisation.key}")
    assert "Lieke Brandsma" in words(second)
    assert doctor.membership.person.username not in second.content.decode()


def test_a_question_to_be_involved_is_asked_and_waits(director, child, doctor):
    answer = post(
        director,
        child,
        f"toegang/vragen/?organisatie={doctor.organisation.key}",
        to=doctor.membership.pk,
        purpose="health",
        until_on=(timezone.localdate() + timedelta(days=30)).isoformat(),
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/toegang/?gedaan=gevraagd")
    made = Involvement.for_operations.get(membership=doctor.membership)
    assert made.accepted_at is None
    shown = page(director, child).context["page"]
    assert [one.name for one in shown.waiting] == ["Lieke Brandsma"]
    assert page(doctor, child).status_code == 404


def test_a_question_filled_in_wrongly_comes_back_with_a_sentence(director, child, doctor):
    answer = post(
        director,
        child,
        f"toegang/vragen/?organisatie={doctor.organisation.key}",
        to=doctor.membership.pk,
        purpose="health",
        until_on="gisteren",
    )
    assert answer.status_code == 200
    assert "Write a date like 31-8-2012." in words(answer)
    assert not Involvement.for_operations.filter(membership=doctor.membership).exists()


@pytest.mark.parametrize("to", ["", "x", "0", "-1", "9" * 60])
def test_a_person_that_is_none_is_a_sentence(director, child, doctor, to):
    address = f"toegang/vragen/?organisatie={doctor.organisation.key}"
    answer = post(director, child, address, to=to, purpose="health", until_on="2099-01-01")
    assert answer.status_code == 200
    assert "Choose one" in words(answer)


def test_asking_for_a_long_time_or_for_no_purpose_is_a_sentence(director, child, doctor):
    address = f"toegang/vragen/?organisatie={doctor.organisation.key}"
    long = post(director, child, address, to=doctor.membership.pk, purpose="health", until_on="2099-01-01")
    assert long.status_code == 409
    assert long.context["refusal"] in words(long)
    vague = post(director, child, address, to=doctor.membership.pk, purpose="", until_on="2099-01-01")
    assert "Choose one" in words(vague)
    assert not Involvement.for_operations.filter(membership=doctor.membership).exists()


def test_a_person_is_asked_for_the_task_of_the_own_role(director, child, doctor):
    address = f"toegang/vragen/?organisatie={doctor.organisation.key}"
    offered = page(director, child, address)
    assert "health and load" in words(offered) and "supervision of compulsory" not in words(offered)
    asked = {"to": doctor.membership.pk, "purpose": "supervision", "until_on": "2026-12-01"}
    answer = post(director, child, address, **asked)
    assert "Choose one of the answers given." in words(answer)
    assert not Involvement.for_operations.filter(membership=doctor.membership).exists()


def test_asking_asks_for_a_proof_first(director, child, doctor):
    data = {"to": doctor.membership.pk, "purpose": "health", "until_on": "2026-12-01"}
    address = f"/kind/{child.reference}/toegang/vragen/?organisatie={doctor.organisation.key}"
    asked = visiting.post(director, address, proved=False, **data)
    assert asked.status_code == 200
    assert not Involvement.for_operations.filter(membership=doctor.membership).exists()


@pytest.mark.parametrize(
    "query", ["?organisatie=bestaat-niet", "?organisatie=%00", "?organisatie=" + "x" * 400]
)
def test_an_organisation_that_is_not_there_leads_to_the_choice(director, child, query):
    answer = page(director, child, f"toegang/vragen/{query}")
    assert answer.status_code == 200
    assert "First choose where this person works." in words(answer)
    assert post(director, child, f"toegang/vragen/{query}", to="1").status_code == 409


def test_what_an_operation_refuses_is_a_sentence_on_the_page_and_a_line_in_the_log(director, child, doctor):
    make.involve(child, doctor, purpose="health")
    answer = post(
        director,
        child,
        f"toegang/vragen/?organisatie={doctor.organisation.key}",
        to=doctor.membership.pk,
        purpose="health",
        until_on=(timezone.localdate() + timedelta(days=30)).isoformat(),
    )
    assert answer.status_code == 409
    assert answer.context["refusal"] in words(answer)
    assert Line.for_operations.filter(action="grant", outcome="refused", child=child.reference).exists()


def test_who_does_not_decide_finds_no_page_to_ask_on(child, doctor):
    make.involve(child, doctor, purpose="health")
    assert page(doctor, child, "toegang/vragen/").status_code == 404


def test_withdrawing_takes_one_click(director, child, doctor):
    one = make.involve(child, doctor, purpose="health")
    assert page(doctor, child).status_code == 200
    answer = post(director, child, f"toegang/{one.pk}/intrekken/")
    assert answer.status_code == 302
    assert page(doctor, child).status_code == 404
    assert "Lieke Brandsma" in words(page(director, child))  # among those that ended


def test_access_can_be_made_longer_and_not_shorter(director, child, doctor):
    one = make.involve(child, doctor, purpose="health", days=10)
    later = timezone.localdate() + timedelta(days=60)
    assert post(director, child, f"toegang/{one.pk}/verlengen/", on=later.isoformat()).status_code == 302
    one.refresh_from_db()
    assert timezone.localdate(one.until_at) >= later
    sooner = timezone.localdate() + timedelta(days=5)
    answer = post(director, child, f"toegang/{one.pk}/verlengen/", on=sooner.isoformat())
    assert answer.status_code == 409
    answer = post(director, child, f"toegang/{one.pk}/verlengen/", on="")
    assert answer.status_code == 409


def test_direction_is_handed_over_to_who_is_involved(director, child):
    officer = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    one = make.involve(child, officer, purpose="supervision")
    assert post(director, child, f"toegang/{one.pk}/regie/").status_code == 302
    one.refresh_from_db()
    assert one.directs


@pytest.mark.parametrize("deed", ["intrekken", "verlengen", "regie", "onzin"])
def test_the_buttons_of_another_child_or_of_nonsense_are_not_there(director, child, school, doctor, deed):
    other = make.learner(make.organisation(), born_on=born(14))
    theirs = make.involve(other, doctor, purpose="health")
    assert post(director, child, f"toegang/{theirs.pk}/{deed}/").status_code == 404


def test_reading_the_page_is_logged(director, child):
    before = Line.for_operations.count()
    page(director, child)
    lines = Line.for_operations.filter(sequence__gt=before, child=child.reference)
    assert {(line.origin, line.field_class) for line in lines} == {("access", "AGR"), ("access", "IDE")}


# --- consent ---------------------------------------------------------------------------------------


@pytest.fixture
def worker(child):
    actor = make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP))
    make.involve(child, actor, purpose="help")
    return actor


def asked(director, child, worker, field_class="FAM"):
    in_a_month = timezone.localdate() + timedelta(days=30)
    return post(
        director,
        child,
        "toestemming/",
        what=f"organisation-{worker.organisation.pk}-{field_class}",
        purpose="help",
        until_on=in_a_month.isoformat(),
    )


def test_consent_is_asked_signed_by_both_and_then_holds(director, child, worker):
    mother, learner = kin(child), kin(child, "learner")
    assert asked(director, child, worker).status_code == 302
    one = Consent.for_operations.get()
    assert "Waits for signatures" in words(page(director, child))
    assert post(mother, child, f"toestemming/{one.pk}/tekenen/").status_code == 302
    one.refresh_from_db()
    assert one.holds_from is None
    assert [one.may_sign for one in page(learner, child).context["page"].consents] == [True]
    assert post(learner, child, f"toestemming/{one.pk}/tekenen/").status_code == 302
    one.refresh_from_db()
    assert one.holds_from == timezone.localdate()
    assert "In force" in words(page(director, child))


def test_who_asks_and_who_signs_read_for_whom_it_counts(director, child, worker):
    mother = kin(child)
    assert "involved with the child for the purpose you choose here" in words(page(director, child))
    asked(director, child, worker)
    assert "involved with the child for the purpose that stands beside it" in words(page(mother, child))


def test_asking_for_consent_asks_for_a_proof(director, child, worker):
    data = {
        "what": f"organisation-{worker.organisation.pk}-FAM",
        "purpose": "help",
        "until_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }
    assert post(director, child, "toestemming/", proved=False, **data).status_code == 200
    assert not Consent.for_operations.exists()
    assert post(director, child, "toestemming/", **data).status_code == 302


def test_withdrawing_consent_works_from_the_next_page_on(director, child, worker):
    mother, learner = kin(child), kin(child, "learner")
    asked(director, child, worker)
    one = Consent.for_operations.get()
    for who in (mother, learner):
        post(who, child, f"toestemming/{one.pk}/tekenen/")
    assert post(mother, child, f"toestemming/{one.pk}/intrekken/").status_code == 302
    one.refresh_from_db()
    assert one.withdrawn_at is not None
    assert one.holds_from is None


def test_only_what_is_closed_without_consent_can_be_asked(director, child, worker):
    answer = page(director, child)
    offered = [value for value, _label in answer.context["ask_form"].fields["what"].choices]
    assert f"organisation-{worker.organisation.pk}-FAM" in offered
    assert all("-ATT" not in value and "-AGR" not in value for value in offered)
    assert asked(director, child, worker, field_class="AGR").status_code == 409


def test_who_is_not_involved_is_offered_nothing_to_ask(school, child, worker):
    coordinator = make.actor(Role.CARE_COORDINATOR, school)
    answer = page(coordinator, child)
    assert answer.status_code == 200
    assert answer.context["ask_form"] is None


def test_consent_of_another_child_is_not_there(director, child, worker, school):
    asked(director, child, worker)
    one = Consent.for_operations.get()
    other = make.learner(school, born_on=born(14))
    stranger = kin(other)
    assert post(stranger, child, f"toestemming/{one.pk}/tekenen/").status_code == 404
    assert post(stranger, other, f"toestemming/{one.pk}/tekenen/").status_code == 404


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_of_who_has_access_takes_no_more_queries_for_more_people(
    director, child, language, django_assert_max_num_queries
):
    visitor(director, language).get(f"/kind/{child.reference}/toegang/")
    client = visitor(director, language)
    with django_assert_max_num_queries(60) as few:
        client.get(f"/kind/{child.reference}/toegang/")
    for _ in range(6):
        helper = make.actor(Role.YOUTH_WORKER, make.organisation(Kind.YOUTH_HELP))
        make.involve(child, helper, purpose="help")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(f"/kind/{child.reference}/toegang/")
