"""What a privacy officer reads and decides, and the quarterly look at who works where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inbeeld.access.lines import LINES_ON_A_PAGE
from inbeeld.access.models import Involvement
from inbeeld.journal.models import DayHead, Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.learners.tests.visiting import born, kin, visitor, words
from inbeeld.organisations.models import Kind, Membership, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def officer(school):
    return make.actor(Role.PRIVACY_OFFICER, school)


@pytest.fixture
def coordinator(school):
    return make.actor(Role.CARE_COORDINATOR, school)


@pytest.fixture
def emergency(child):
    """Called by an attendance officer of another municipality, whose surname is Oordt."""
    caller = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY, municipality="Ver"))
    caller.membership.person.last_name = "Oordt"
    caller.membership.person.save()
    now = timezone.now()
    return make.involve(
        child,
        caller,
        kind="emergency",
        purpose="danger",
        review_due_on=timezone.localdate() + timedelta(days=2),
        until_at=now + timedelta(hours=4),
    )


def privacy(actor, query=""):
    return visitor(actor).get(f"/privacy/{query}")


def decide(actor, one, deed):
    return visiting.post(actor, f"/privacy/{one.pk}/{deed}/")


def look(actor, child):
    assert visitor(actor).get(f"/kind/{child.reference}/toegang/").status_code == 200


# --- emergencies -----------------------------------------------------------------------------------


def test_an_emergency_to_review_says_who_when_and_why_and_names_no_child(child, officer, emergency):
    page = privacy(officer)
    told = words(page)
    assert "Oordt" in told
    assert "Danger to life or health" in told
    name = make.name_of(child)
    assert name not in page.content.decode()
    assert name.split()[0] not in page.content.decode()
    assert str(child.reference)[:8] in told


@pytest.mark.parametrize(("deed", "found"), [("terecht", "justified"), ("niet-terecht", "not_justified")])
def test_a_privacy_officer_decides_once(officer, emergency, deed, found):
    assert decide(officer, emergency, deed).headers["Location"] == f"/privacy/?gedaan={deed}"
    emergency.refresh_from_db()
    assert emergency.review == found
    again = decide(officer, emergency, deed)
    assert again.status_code == 409
    assert again.context["refusal"] in words(again)


def test_a_button_that_was_lost_can_be_given_back(officer, emergency):
    decide(officer, emergency, "niet-terecht")
    assert "Give the emergency button back" in words(privacy(officer))
    assert decide(officer, emergency, "teruggeven").status_code == 302
    assert "Give the emergency button back" not in words(privacy(officer))


def test_an_emergency_not_reviewed_in_time_says_so(officer, emergency):
    Involvement.for_operations.filter(pk=emergency.pk).update(
        review_due_on=timezone.localdate() - timedelta(days=1)
    )
    assert "Too late" in words(privacy(officer))


def test_emergencies_elsewhere_are_not_there(emergency):
    elsewhere = make.actor(Role.PRIVACY_OFFICER, make.organisation())
    assert "Oordt" not in words(privacy(elsewhere))
    assert decide(elsewhere, emergency, "terecht").status_code == 404


@pytest.mark.parametrize("deed", ["onzin", "justified"])
def test_a_finding_that_is_none_is_not_there(officer, emergency, deed):
    assert decide(officer, emergency, deed).status_code == 404


# --- the log of the list ---------------------------------------------------------------------------


def test_the_log_shows_who_looked_at_the_children_of_the_list_and_no_others(child, coordinator, officer):
    look(coordinator, child)
    other = make.organisation()
    theirs = make.actor(Role.CARE_COORDINATOR, other)
    stranger = make.learner(other, born_on=born(14))
    look(theirs, stranger)
    page = privacy(officer)
    shown = {line.child for line in page.context["lines"]}
    assert child.reference in shown
    assert stranger.reference not in shown
    assert str(stranger.reference)[:8] not in page.content.decode()


def test_refused_pages_of_the_own_people_are_shown_and_can_be_asked_for_alone(child, coordinator, officer):
    look(coordinator, child)
    visitor(coordinator).get("/kind/00000000-0000-4000-8000-000000000000/")
    lines = privacy(officer, "?geweigerd=1").context["lines"]
    assert [(line.refused, line.child) for line in lines] == [(True, None)]


def test_only_emergencies_can_be_asked_for(child, coordinator, officer, emergency):
    look(coordinator, child)
    caller = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY, municipality="Ver"))
    make.involve(child, caller, kind="emergency", purpose="danger", days=1)
    look(caller, child)
    lines = privacy(officer, "?nood=1").context["lines"]
    assert lines
    assert all(line.emergency for line in lines)


def test_one_person_can_be_asked_for(child, coordinator, officer):
    mentor = make.actor(Role.MENTOR, coordinator.organisation)
    make.involve(child, mentor)
    look(coordinator, child)
    look(mentor, child)
    lines = privacy(officer, f"?wie={mentor.key}").context["lines"]
    assert {line.person.key for line in lines} == {mentor.key}


@pytest.mark.parametrize(
    "query",
    ["?wie=x", "?wie=membership:0x1", "?wie=kinship:1", "?voor=abc", "?nood=2", "?wie=%00", "?voor=²"],
)
def test_nonsense_in_the_address_gives_the_whole_log(child, coordinator, officer, query):
    look(coordinator, child)
    page = privacy(officer, query)
    assert page.status_code == 200
    assert page.context["lines"]


def test_names_of_kin_are_no_part_of_it(child, officer):
    look(kin(child, name=("Geheim", "Gezinslid")), child)
    page = privacy(officer)
    assert "Gezinslid" not in page.content.decode()
    assert "Parent or guardian" in words(page)


def test_older_lines_are_a_page_further(child, coordinator, officer):
    client = visitor(coordinator)
    for _ in range(LINES_ON_A_PAGE + 5):
        client.get(f"/kind/{child.reference}/toegang/")
    first = privacy(officer)
    second = privacy(officer, first.context["links"]["older"].partition("#")[0])
    firsts = {line.sequence for line in first.context["lines"]}
    seconds = {line.sequence for line in second.context["lines"]}
    assert firsts
    assert seconds
    assert max(seconds) < min(firsts)


def test_reading_the_log_of_the_list_is_a_line_and_one_for_each_child_on_the_page(
    child, school, officer, coordinator, emergency
):
    second = make.learner(school, born_on=born(9))
    for one in (child, second, child):
        look(coordinator, one)
    privacy(officer)
    lines = list(Line.for_operations.filter(actor=officer.key, origin="privacy"))
    assert {(line.field_class, line.ground, line.action) for line in lines} == {("LOG", "GDPR 39", "read")}
    assert sorted(str(line.child) for line in lines) == sorted(
        map(str, (None, child.reference, second.reference))
    )
    log = visitor(kin(second)).get(f"/kind/{second.reference}/inzage/").context["page"]
    assert officer.membership.person.get_full_name() in [one.person.name for one in log.lookers]


def test_a_child_of_which_only_an_emergency_is_shown_is_in_it_too(child, officer, emergency):
    privacy(officer)
    lines = Line.for_operations.filter(actor=officer.key, origin="privacy")
    assert {line.child for line in lines} == {None, child.reference}


def test_reading_this_page_does_not_push_aside_what_is_looked_at_and_can_be_asked_for(
    child, coordinator, officer
):
    look(coordinator, child)
    for _time in range(3):
        page = privacy(officer)
    assert {line.person.key for line in page.context["lines"]} == {coordinator.key}
    own = privacy(officer, "?inzage=1").context["lines"]
    assert {line.person.key for line in own} == {officer.key}
    assert privacy(officer, f"?wie={officer.key}").context["lines"]


def test_nobody_is_named_who_does_not_occur_in_the_log(child, coordinator, officer):
    stranger = make.actor(Role.CARE_COORDINATOR, make.organisation())
    stranger.membership.person.last_name = "Onbekend"
    stranger.membership.person.save()
    look(coordinator, child)
    page = privacy(officer, f"?wie={stranger.key}")
    assert "Onbekend" not in page.content.decode()
    assert page.context["who"] == ""
    assert page.context["lines"]
    # Nor who does, but not in what was asked for.
    assert privacy(officer, f"?wie={coordinator.key}&geweigerd=1").context["who"] == ""
    assert privacy(officer, f"?wie={coordinator.key}").context["who"]


def test_the_head_of_a_day_stands_there_as_the_line_to_keep(officer, school):
    assert "No day has been closed yet." in words(privacy(officer))
    DayHead.objects.create(on=make.ON, sequence=12, digest=b"\x01" * 32)
    assert f"{school.region} {make.ON.isoformat()} 12 {'01' * 32}" in words(privacy(officer))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PRIVACY_OFFICER])
def test_for_every_other_role_the_page_is_not_there(role, emergency):
    actor = make.actor(role, make.organisation(_kind_of(role)))
    assert privacy(actor).status_code == 404
    assert decide(actor, emergency, "terecht").status_code == 404


def _kind_of(role):
    from inbeeld.organisations.models import KINDS_OF_ROLE

    return sorted(KINDS_OF_ROLE[role])[0]


# --- who works here --------------------------------------------------------------------------------


@pytest.fixture
def administrator(school):
    return make.actor(Role.APPLICATION_ADMINISTRATOR, school)


def rights(actor):
    return visitor(actor).get("/rechten/")


def change(actor, one, deed, **data):
    return visiting.post(actor, f"/rechten/{one.pk}/{deed}/", **data)


def test_who_waits_longest_stands_on_top(officer, coordinator, school):
    mentor = make.actor(Role.MENTOR, school)
    today = timezone.localdate()
    Membership.objects.filter(pk=mentor.membership.pk).update(reviewed_on=today - timedelta(days=200))
    Membership.objects.filter(pk=coordinator.membership.pk).update(reviewed_on=today)
    page = rights(officer)
    assert mentor.membership.pk in [one.pk for one in page.context["due"]]
    assert [one.pk for one in page.context["others"]] == [coordinator.membership.pk]


def test_a_role_is_confirmed_by_a_colleague_and_not_by_oneself(officer, coordinator):
    assert change(officer, coordinator.membership, "bevestigen").status_code == 302
    coordinator.membership.refresh_from_db()
    assert coordinator.membership.reviewed_on == timezone.localdate()
    refused = change(officer, officer.membership, "bevestigen")
    assert refused.status_code == 409
    assert refused.context["refusal"] in words(refused)


def test_changing_rights_asks_for_a_proof(officer, coordinator):
    asked = visiting.post(officer, f"/rechten/{coordinator.membership.pk}/bevestigen/", proved=False)
    assert asked.status_code == 200
    coordinator.membership.refresh_from_db()
    assert coordinator.membership.reviewed_on is None


def test_the_administrator_ends_a_role_and_the_officer_does_not(officer, administrator, coordinator):
    refused = change(officer, coordinator.membership, "beeindigen")
    assert refused.status_code == 409
    assert "/beeindigen/" not in rights(officer).content.decode()
    today = timezone.localdate()
    done = change(administrator, coordinator.membership, "beeindigen", on=today.isoformat())
    assert done.headers["Location"] == "/rechten/?gedaan=beeindigd"
    coordinator.membership.refresh_from_db()
    assert coordinator.membership.until_on == today


def test_the_work_of_who_leaves_is_asked_of_a_colleague(administrator, coordinator, child, school):
    make.involve(child, coordinator, directs=True)
    colleague = make.actor(Role.CARE_COORDINATOR, school)
    done = change(administrator, coordinator.membership, "overdragen", to=colleague.membership.pk, on="")
    assert done.headers["Location"] == "/rechten/?gedaan=overgedragen"
    assert Involvement.for_operations.filter(
        membership=colleague.membership, accepted_at__isnull=True, ended_at__isnull=True
    ).exists()


@pytest.mark.parametrize("data", [{"to": ""}, {"to": "x"}, {"to": "999999"}, {"on": "gisteren"}])
def test_handing_over_to_nobody_or_on_no_day_is_a_sentence(administrator, coordinator, school, data):
    colleague = make.actor(Role.CARE_COORDINATOR, school)
    refused = change(
        administrator, coordinator.membership, "overdragen", **{"to": colleague.membership.pk, **data}
    )
    assert refused.status_code == 409
    assert refused.context["refusal"] in words(refused)


def test_people_of_another_organisation_are_not_there(officer, administrator):
    elsewhere = make.actor(Role.CARE_COORDINATOR, make.organisation())
    for actor in (officer, administrator):
        for deed in ("bevestigen", "beeindigen", "overdragen", "onzin"):
            assert change(actor, elsewhere.membership, deed).status_code == 404


@pytest.mark.parametrize("role", [Role.CARE_COORDINATOR, Role.MENTOR, Role.ANALYST])
def test_for_others_there_is_no_page_of_who_works_here(role, school):
    actor = make.actor(role, school)
    assert rights(actor).status_code == 404
    assert change(actor, actor.membership, "beeindigen").status_code == 404


# --- every form ------------------------------------------------------------------------------------


def test_a_form_of_a_page_made_in_another_role_changes_nothing(child, officer, coordinator, emergency):
    one = make.involve(child, coordinator, directs=True)
    addresses = {
        officer: [f"/privacy/{emergency.pk}/terecht/", f"/rechten/{coordinator.membership.pk}/bevestigen/"],
        coordinator: [
            f"/kind/{child.reference}/{rest}"
            for rest in (
                "dossier/besproken/",
                f"stuk/{emergency.pk}/",
                "toegang/vragen/?organisatie=x",
                f"toegang/{one.pk}/intrekken/",
                f"toegang/{one.pk}/verlengen/",
                "toestemming/",
                f"toestemming/{one.pk}/tekenen/",
            )
        ]
        + [f"/mijn-toegang/{one.pk}/stoppen/", "/nood/"],
    }
    for actor, theirs in addresses.items():
        for address in theirs:
            for mark in ({}, {"acting_as": visiting.mark_of(make.actor(Role.MENTOR, officer.organisation))}):
                answer = visitor(actor).post(address, {"text": "Iets.", "proof": "1", **mark})
                assert answer.status_code == 409, address
    emergency.refresh_from_db()
    one.refresh_from_db()
    assert emergency.review == ""
    assert one.ended_at is None
