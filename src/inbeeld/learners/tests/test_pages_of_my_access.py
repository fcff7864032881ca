"""What waits for me, with whom I am involved, and the emergency button."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from inbeeld.access.acting import acting
from inbeeld.access.models import Involvement
from inbeeld.access.operations_involvement import grant
from inbeeld.access.sessions import ACTING_AS, mark_of
from inbeeld.access.tests import signing_in as sign
from inbeeld.journal.models import Line
from inbeeld.kernel.involvement import MAY_CALL_AN_EMERGENCY
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.learners.tests.visiting import kin, permit_for, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def officer():
    """An attendance officer of a municipality where this child does not live."""
    return make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY, municipality="Ver"))


@pytest.fixture
def waiting(director, child, officer):
    with acting(director, origin="test"):
        return grant(permit_for(director, child), child=child, to=officer.membership, purpose="supervision")


def mine(actor):
    return visitor(actor).get("/mijn-toegang/")


def answer(actor, one, deed, **data):
    return visiting.post(actor, f"/mijn-toegang/{one.pk}/{deed}/", **data)


def test_before_agreeing_one_reads_who_asks_and_nothing_about_the_child(waiting, child, director, officer):
    page = mine(officer)
    told = words(page)
    assert director.name in told
    assert director.place in told
    assert "supervision of compulsory education" in told
    name = make.name_of(child)
    for secret in (name, name.split()[0], str(child.reference)):
        assert secret not in page.content.decode()
    # A key of a form may hold any four digits; what is read, and the rest as a word of its own, may not.
    year = str(child.born_on.year)
    assert year not in told and not re.search(rf"\b{year}\b", page.content.decode())


def test_agreeing_shows_the_child_from_then_on(waiting, child, officer):
    done = answer(officer, waiting, "akkoord")
    assert done.headers["Location"] == "/mijn-toegang/?gedaan=akkoord"
    assert make.name_of(child) in words(mine(officer))
    assert visitor(officer).get(f"/kind/{child.reference}/toegang/").status_code == 200


def test_not_agreeing_ends_it_and_shows_nothing(waiting, child, officer):
    assert answer(officer, waiting, "niet-akkoord").status_code == 302
    assert make.name_of(child) not in words(mine(officer))
    assert "This waits for your answer" not in words(mine(officer))


def test_somebody_else_cannot_answer_for_me(waiting, officer):
    other = make.actor(Role.ATTENDANCE_OFFICER, officer.organisation)
    for deed in ("akkoord", "niet-akkoord", "stoppen", "onzin"):
        assert answer(other, waiting, deed).status_code == 404
    waiting.refresh_from_db()
    assert waiting.accepted_at is None
    assert waiting.ended_at is None


def test_stopping_ends_my_access(child, officer):
    one = make.involve(child, officer, purpose="supervision")
    assert make.name_of(child) in words(mine(officer))
    assert answer(officer, one, "stoppen", because="done").status_code == 302
    assert make.name_of(child) not in words(mine(officer))


def test_a_reason_to_stop_that_is_none_is_refused_in_a_sentence(child, officer):
    one = make.involve(child, officer, purpose="supervision")
    refused = answer(officer, one, "stoppen", because="withdrawn")
    assert refused.status_code == 409
    assert refused.context["refusal"] in words(refused)


def test_the_children_i_am_involved_with_are_logged_as_a_list(child, officer):
    make.involve(child, officer, purpose="supervision")
    mine(officer)
    assert Line.for_operations.filter(child=child.reference, action="listed", origin="mine").exists()


def test_what_waits_is_said_on_the_list_too(waiting, officer):
    assert "1 request to be involved waits for your answer." in words(visitor(officer).get("/in-beeld/"))


def test_my_access_leads_to_what_my_role_may_see(officer):
    assert 'href="/toegang/attendance_officer/"' in mine(officer).content.decode()


def test_kin_have_no_such_page(child):
    assert visitor(kin(child)).get("/mijn-toegang/").headers["Location"] == "/in-beeld/"


# --- emergency -------------------------------------------------------------------------------------


def call(actor, child, *, last_name="Brinkhof", first_name="", because="danger"):
    data = {
        "born_on": child.born_on.strftime("%d-%m-%Y"), "last_name": last_name, "because": because,
        "first_name": first_name or make.name_of(child).split()[0],
    }  # fmt: skip
    return visiting.post(actor, "/nood/", **data)


def test_an_emergency_opens_the_page_of_the_child_at_once(child, officer):
    assert visitor(officer).get(f"/kind/{child.reference}/toegang/").status_code == 404
    called = call(officer, child)
    assert called.headers["Location"] == f"/kind/{child.reference}/"
    assert visitor(officer).get(f"/kind/{child.reference}/toegang/").status_code == 200
    made = Involvement.for_operations.get(kind="emergency")
    assert (made.purpose, made.membership_id) == ("danger", officer.membership.pk)


def appoint(*places):
    return [make.actor(Role.PRIVACY_OFFICER, place) for place in places]


def banner(actor, child):
    page = words(visitor(actor).get(f"/kind/{child.reference}/inzage/"))
    assert "Everything is logged." in page
    return page


def test_the_caller_reads_how_many_heard_of_an_emergency_and_where(child, school, officer):
    school.part_of = board = make.organisation(Kind.BOARD)
    school.save()
    appoint(officer.organisation, board, make.organisation())
    before = words(visitor(officer).get("/nood/"))
    assert "Your privacy officer hears of it at once" in before
    assert "has no privacy officer" not in before
    call(officer, child)
    said = banner(officer, child)
    assert f"Reported to 2 privacy officers, at {officer.place} and {board.name}." in said
    assert "has no privacy officer" not in said


def test_where_nobody_hears_of_an_emergency_is_said_before_and_after_and_it_is_not_refused(
    child, school, officer
):
    appoint(school)
    alone = f"{officer.place} has no privacy officer: nobody hears of it there."
    before = words(visitor(officer).get("/nood/"))
    assert alone in before
    assert "your privacy officer" not in before.lower()
    assert call(officer, child).status_code == 302
    said = banner(officer, child)
    assert f"Reported to 1 privacy officer, at {school.name}. {alone}" in said


def test_where_neither_side_has_an_officer_the_caller_reads_that_nobody_was_told(child, school, officer):
    call(officer, child)
    said = banner(officer, child)
    assert "eported to" not in said
    for place in (officer.place, school.name):
        assert f"{place} has no privacy officer: nobody hears of it there." in said
    assert "So nobody looks whether this was justified." in said


def test_nobody_counts_as_who_hears_of_their_own_emergency(child, officer):
    both = appoint(officer.organisation)[0].membership
    both.person = officer.membership.person
    both.save()
    assert f"{officer.place} has no privacy officer" in words(visitor(officer).get("/nood/"))
    call(officer, child)
    assert "eported to" not in banner(officer, child)


def test_a_child_that_is_not_found_is_a_sentence_and_no_emergency(child, officer):
    called = call(officer, child, last_name="Anders")
    assert called.status_code == 409
    assert "Nothing was opened." in words(called)
    assert "Anders" in called.content.decode()  # to be mended, not typed anew
    assert not Involvement.for_operations.filter(kind="emergency").exists()


def test_none_and_several_are_one_sentence_and_the_first_name_is_always_asked(child, officer, school):
    several = make.learner(school, born_on=child.born_on)
    name = make.name_of(child).split()[0]
    named = {"region": child.region, "born_on": child.born_on, "last_name": "Brinkhof", "call_name": name}
    enter_learners(
        [Delivered(key=one.key, municipality=one.municipality, **named) for one in (child, several)]
    )
    refusals = {call(officer, child, last_name=one).context["refusal"] for one in ("Brinkhof", "Anders")}
    assert len(refusals) == 1
    data = {"born_on": "1-5-2012", "last_name": "Brinkhof", "because": "danger"}
    asked = visiting.post(officer, "/nood/", **data)
    assert asked.context["form"].errors["first_name"]
    lines = Line.for_operations.filter(action="find_in_emergency")
    assert {(one.outcome, one.child) for one in lines} == {("refused", None)}


@pytest.mark.parametrize("because", ["", "curious"])
def test_without_a_reason_nothing_is_looked_for(child, officer, because):
    called = call(officer, child, because=because)
    assert called.status_code == 200
    assert not Involvement.for_operations.filter(kind="emergency").exists()
    assert not Line.for_operations.filter(action="find_in_emergency").exists()


@pytest.mark.parametrize("text", ["", "31-31-2012", "gisteren", "0", "2012-13-01", "1" * 400])
def test_a_birth_date_that_is_none_is_a_sentence(officer, text):
    data = {"born_on": text, "last_name": "Brinkhof", "because": "danger"}
    called = visiting.post(officer, "/nood/", **data)
    assert called.status_code == 200
    assert called.context["form"].errors["born_on"]


def test_the_sixth_attempt_is_refused_in_a_sentence(child, officer):
    for _ in range(5):
        call(officer, child, last_name="Anders")
    refused = call(officer, child)
    assert refused.status_code == 409
    assert "112" in refused.context["refusal"]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.SWV_COORDINATOR, Role.ANALYST, Role.PRIVACY_OFFICER])
def test_a_role_without_the_button_reads_so_and_finds_nothing(role, child, school):
    kind = Kind.SCHOOL if role is Role.MENTOR else Kind.SWV
    actor = make.actor(role, school if kind is Kind.SCHOOL else make.organisation(kind))
    assert role.value not in MAY_CALL_AN_EMERGENCY
    page = visitor(actor).get("/nood/")
    assert "Your role has no emergency access." in words(page)
    assert 'action="/nood/"' not in page.content.decode()
    assert call(actor, child).status_code == 200
    assert not Involvement.for_operations.filter(kind="emergency").exists()


def test_the_name_that_was_looked_for_stands_in_no_address(child, officer):
    called = call(officer, child)
    assert "Brinkhof" not in called.headers["Location"]


def test_an_emergency_asks_for_a_proof_first_and_loses_nothing_that_was_filled_in(child, officer):
    data = {"born_on": "1-5-2012", "last_name": "Brinkhof", "first_name": "Noor", "because": "danger"}
    asked = visiting.post(officer, "/nood/", proved=False, **data)
    assert asked.status_code == 200
    assert "Brinkhof" in asked.content.decode()
    assert not Involvement.for_operations.filter(kind="emergency").exists()
    assert not Line.for_operations.filter(action="find_in_emergency").exists()


def test_an_emergency_filled_in_wrongly_is_said_before_a_proof_is_asked(officer):
    asked = visiting.post(officer, "/nood/", proved=False, born_on="31-02-2012", last_name="Brinkhof")
    assert "This day does not exist." in words(asked)
    assert "Prove that it is you" not in words(asked)


def test_the_proof_says_what_one_was_doing_and_has_a_way_back(officer):
    data = {"born_on": "1-5-2012", "last_name": "Brinkhof", "first_name": "Noor", "because": "danger"}
    marks = {ACTING_AS: mark_of(officer), **data}
    asked = visitor(officer).post("/nood/", marks, headers={"Referer": "http://testserver/nood/"})
    assert "You are about to do this: open the file of a child in an emergency." in words(asked)
    assert '<a href="/nood/">Do nothing, and go back' in asked.content.decode()
    elsewhere = visitor(officer).post("/nood/", marks, headers={"Referer": "https://elders.example/x"})
    assert '<a href="/">Do nothing' in elsewhere.content.decode()


@pytest.mark.parametrize(("again", "opened"), [(False, False), (True, True)])
def test_outside_the_demo_the_log_in_itself_is_no_proof_for_an_emergency(
    settings, child, officer, again, opened
):
    settings.INBEELD_TRIAL = False
    shown = {"method": "mfa", "type": "totp", **({"reauthenticated": True} if again else {})}
    TOTP.activate(officer.membership.person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = sign.logged_in(officer.membership.person, shown, acting=officer.membership)
    first_name = make.name_of(child).split()[0]
    data = {"born_on": child.born_on.strftime("%d-%m-%Y"), "last_name": "Brinkhof", "because": "danger"}
    data["first_name"] = first_name
    called = client.post("/nood/", {ACTING_AS: mark_of(officer), **data})
    assert called.status_code == (302 if opened else 200)
    assert Involvement.for_operations.filter(kind="emergency").exists() is opened
    assert ("Brinkhof" in called.content.decode()) is not opened
