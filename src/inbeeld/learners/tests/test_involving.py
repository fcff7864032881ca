"""Being involved with a child: asked by who may, accepted, extended, ended, handed over, all journalled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import translation

from inbeeld.access import operations_involvement as operations
from inbeeld.access.acting import acting
from inbeeld.access.models import Involvement
from inbeeld.access.operations_ground import end_of, permit_of
from inbeeld.access.refusal import Refused
from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import (
    Region,
    again,
    as_actor,
    did,
    fresh,
    held,
    is_refused,
    member,
    permit,
    sees,
)
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def region():
    return Region()


def test_who_was_asked_sees_the_child_after_accepting_and_not_before(region):
    made = region.grant()
    adviser = as_actor(region.adviser)
    assert not sees(adviser, region.child)
    operations.accept(made, by=adviser)
    assert sees(adviser, region.child)
    assert held(made).until_at - held(made).from_at == timedelta(days=90)
    assert did(adviser) == [("accept", "allowed")]


def test_a_grant_stands_in_the_journal_with_row_ground_and_involvement(region):
    with acting(again(region.coordinator), origin="involve") as actor:
        made = operations.grant(
            permit_of(actor, fresh(region.child)), child=region.child, to=region.adviser,
            purpose="advice",
        )  # fmt: skip
    line = Line.for_operations.get(action="grant")
    assert (line.row, line.ground, line.origin) == (
        "care_coordinator/own_org", "education act: duty of care", "involve",
    )  # fmt: skip
    assert (line.child, line.object) == (region.child.reference, f"involvement:{made.pk}")


def test_who_was_asked_gets_an_e_mail_that_says_nothing(region, django_capture_on_commit_callbacks, settings):
    settings.INBEELD_ADDRESS = "https://inbeeld.example"
    with django_capture_on_commit_callbacks(execute=True):
        region.grant()
    (sent,) = mail.outbox
    assert sent.to == [region.adviser.person.email]
    told = sent.subject + sent.body
    assert "https://inbeeld.example" in told
    for secret in (str(region.child.reference), region.child.key, "Brinkhof", "Fenna", region.school.name):
        assert secret not in told


def test_an_e_mail_that_cannot_be_sent_takes_nothing_back(
    region, django_capture_on_commit_callbacks, settings, caplog
):
    settings.EMAIL_BACKEND = "inbeeld.learners.tests.test_involving.BrokenMail"
    with django_capture_on_commit_callbacks(execute=True):
        region.grant()
    assert "could not be sent (ConnectionRefusedError)" in caplog.text
    assert region.adviser.person.email not in caplog.text


class BrokenMail:
    def __init__(self, **options: object) -> None: ...

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        raise ConnectionRefusedError(messages[0].to)


# --- who may grant -------------------------------------------------------------------------------


def test_while_nobody_directs_who_has_the_child_on_the_list_begins(region):
    desk = as_actor(member(Role.LEERPLICHT_DESK, Kind.MUNICIPALITY))
    assert region.grant(by=desk).granted_by == desk.membership


def test_once_somebody_directs_only_they_decide(region):
    director = region.director()
    coordinator = permit(region.coordinator, region.child)
    is_refused(
        coordinator.actor, "grant", "Who holds direction decides", operations.grant,
        coordinator, child=region.child, to=region.doctor, purpose="health",
    )  # fmt: skip
    assert region.grant(by=director, to=region.doctor, purpose="health").granted_by == director.membership


def test_who_was_asked_to_direct_does_not_direct_yet(region):
    region.grant(directs=True)
    assert region.grant(to=region.doctor, purpose="health")


def test_when_the_director_is_gone_it_is_as_in_the_beginning(region):
    director = region.director()
    director.membership.until_on = director.today - timedelta(days=1)
    director.membership.save()
    assert region.grant(to=region.doctor, purpose="health")
    assert region.grant(to=member(Role.YOUTH_WORKER, Kind.YOUTH_HELP), purpose="help", directs=True)


def test_a_director_who_sees_nothing_of_this_stage_does_not_block_the_others(region):
    region.director()
    standing = region.child.standing
    standing.stage = 1
    standing.save()
    assert region.grant(to=region.doctor, purpose="health", directs=True).directs


def test_a_mentor_and_a_stranger_grant_nothing(region):
    region.involved(to=region.mentor, purpose="guidance")
    for stranger in (
        as_actor(region.mentor),
        as_actor(member(Role.CARE_COORDINATOR, Kind.SCHOOL)),
        as_actor(member(Role.PRIVACY_OFFICER, region.school)),
        as_actor(member(Role.ANALYST, region.school)),
    ):
        asking = permit(stranger, region.child)
        is_refused(
            asking.actor, "grant", "Who holds direction decides", operations.grant,
            asking, child=region.child, to=region.doctor, purpose="health",
        )  # fmt: skip


def test_nobody_involves_themselves_in_no_role_they_have(region):
    other = member(Role.SWV_ADVISER, Kind.SWV)
    other.person = region.coordinator.membership.person
    other.save()
    own = member(Role.CARE_COORDINATOR, region.school)
    for to, by in ((other, region.coordinator), (own, as_actor(own))):
        asking = permit(by, region.child)
        is_refused(
            asking.actor, "grant", "Nobody involves themselves", operations.grant,
            asking, child=region.child, to=to, purpose="advice",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("no purpose", lambda region: {"purpose": "danger"}),
        ("no purpose", lambda region: {"purpose": "because I want to"}),
        ("cannot be involved", lambda region: {"to": member(Role.ANALYST, region.school)}),
        ("cannot be involved", lambda region: {"to": member(Role.PRIVACY_OFFICER, region.school)}),
        ("does not work in this role", lambda region: {"to": member(
            Role.SWV_ADVISER, Kind.SWV, until_on=region.coordinator.today - timedelta(days=1))}),
        ("does not work in this role", lambda region: {"to": member(Role.SWV_ADVISER, Kind.SCHOOL)}),
        ("another region", lambda region: {"to": member(
            Role.SWV_ADVISER, make.organisation(Kind.SWV, region="elders"))}),
        ("no task for a child at this stage", lambda region: {
            "to": member(Role.CASE_DIRECTOR, Kind.TASKFORCE), "purpose": "direction"}),
        ("has passed", lambda region: {"until_on": region.coordinator.today - timedelta(days=1)}),
        ("longer than a year", lambda region: {"until_on": region.coordinator.today + timedelta(days=366)}),
        ("ends before that day", lambda region: {
            "to": member(Role.SWV_ADVISER, Kind.SWV, until_on=region.coordinator.today),
            "until_on": region.coordinator.today + timedelta(days=1)}),
        ("cannot hold direction", lambda region: {
            "to": region.mentor, "purpose": "guidance", "directs": True}),
    ],
)  # fmt: skip
def test_a_grant_that_is_not_possible_is_refused_with_its_reason(region, sentence, named):
    asking = permit(region.coordinator, region.child)
    values = {"to": region.adviser, "purpose": "advice", **named(region)}
    is_refused(asking.actor, "grant", sentence, operations.grant, asking, child=region.child, **values)
    assert not Involvement.for_operations.exists()


def test_an_involvement_never_outlives_the_membership(region):
    leaving = member(Role.SWV_ADVISER, Kind.SWV, until_on=region.coordinator.today + timedelta(days=9))
    assert region.grant(to=leaving).until_at == end_of(leaving.until_on)
    last = region.coordinator.today + timedelta(days=365)
    assert region.grant(to=region.doctor, purpose="health", until_on=last).until_at == end_of(last)


def test_the_same_person_is_not_asked_twice_and_can_be_asked_again_afterwards(region):
    made = region.grant()
    with pytest.raises(Refused, match="already"):
        region.grant()
    operations.accept(made, by=as_actor(region.adviser))
    with pytest.raises(Refused, match="already"):
        region.grant()
    operations.stop(made, by=as_actor(region.adviser))
    assert region.grant()


def test_one_person_holds_direction_at_a_time(region):
    region.grant(directs=True)
    with pytest.raises(Refused, match="was asked to hold direction"):
        region.grant(to=region.doctor, purpose="health", directs=True)
    operations.accept(Involvement.for_operations.get(), by=as_actor(region.adviser))
    director = as_actor(region.adviser)
    with pytest.raises(Refused, match="holds direction already"):
        region.grant(by=director, to=region.doctor, purpose="health", directs=True)


def test_a_permit_for_one_child_does_nothing_to_another(region):
    with pytest.raises(ValueError, match="another child"):
        operations.grant(
            permit(region.coordinator, make.learner(region.school)), child=region.child, to=region.adviser,
            purpose="advice",
        )  # fmt: skip


# --- accepting, refusing, stopping ---------------------------------------------------------------


@pytest.mark.parametrize("answer", [operations.accept, operations.refuse, operations.stop])
def test_nobody_answers_for_somebody_else(region, answer):
    made = region.grant()
    for somebody in (region.coordinator, as_actor(member(Role.SWV_ADVISER, region.adviser.organisation))):
        with pytest.raises(Refused, match="somebody else"):
            answer(made, by=again(somebody))


def test_who_no_longer_works_there_accepts_nothing(region):
    made = region.grant()
    region.adviser.until_on = region.coordinator.today - timedelta(days=1)
    region.adviser.save()
    with pytest.raises(Refused, match="somebody else"):
        operations.accept(made, by=as_actor(region.adviser))


def test_what_is_refused_withdrawn_over_or_accepted_waits_no_more(region):
    adviser = as_actor(region.adviser)
    refused = operations.refuse(region.grant(), by=adviser)
    assert held(refused).ended_because == "refused" and not sees(adviser, region.child)
    withdrawn = region.grant()
    operations.withdraw(withdrawn, by=permit(region.coordinator, region.child))
    over = region.grant()
    late = again(adviser, at=over.until_at)
    for one, by in ((refused, adviser), (withdrawn, adviser), (over, late)):
        with pytest.raises(Refused, match="does not wait"):
            operations.accept(one, by=by)
    operations.accept(over, by=again(adviser))
    with pytest.raises(Refused, match="does not wait"):
        operations.refuse(over, by=again(adviser))


def test_who_asked_is_told_that_it_was_not_accepted(region, django_capture_on_commit_callbacks):
    made = region.grant()
    with django_capture_on_commit_callbacks(execute=True):
        operations.refuse(made, by=as_actor(region.adviser))
    assert [one.to for one in mail.outbox] == [[region.coordinator.membership.person.email]]


def test_who_stops_sees_the_child_no_more(region):
    made = region.involved()
    adviser = as_actor(region.adviser)
    with pytest.raises(Refused, match="no reason"):
        operations.stop(made, by=adviser, because="withdrawn")
    operations.stop(made, by=adviser, because="other_work")
    assert held(made).ended_because == "other_work"
    assert not sees(adviser, region.child)
    with pytest.raises(Refused, match="is over"):
        operations.stop(made, by=adviser)


# --- withdrawing and extending -------------------------------------------------------------------


def test_who_granted_it_or_directs_withdraws_in_one_step(region):
    by_granter = region.involved(to=region.mentor, purpose="guidance")
    director = region.director()
    by_director = region.grant(by=director, to=region.doctor, purpose="health")
    operations.withdraw(by_granter, by=permit(region.coordinator, region.child))
    assert not sees(as_actor(region.mentor), region.child)
    with pytest.raises(Refused, match="Who holds direction decides"):
        operations.withdraw(by_director, by=permit(region.coordinator, region.child))
    operations.withdraw(by_director, by=permit(director, region.child))
    assert held(by_director).ended_because == "withdrawn"
    with pytest.raises(Refused, match="is over"):
        operations.withdraw(by_director, by=permit(director, region.child))


def test_withdrawn_stays_withdrawn_when_the_clock_is_set_back(region):
    made = region.involved()
    operations.withdraw(made, by=permit(region.coordinator, region.child))
    adviser = as_actor(region.adviser)
    at = held(made).ended_at - timedelta(microseconds=1)
    assert not sees(adviser, region.child, at=at)


def test_an_emergency_is_not_withdrawn(region):
    emergency = make.involve(region.child, as_actor(region.doctor), kind="emergency")
    with pytest.raises(Refused):
        operations.withdraw(emergency, by=permit(region.coordinator, region.child))


def test_extending_is_for_who_decides_and_never_for_oneself(region):
    director = region.director()
    own = Involvement.for_operations.get(directs=True)
    later = own.until_at.date() + timedelta(days=30)
    other = region.grant(by=director, to=region.doctor, purpose="health")
    with pytest.raises(Refused, match="Nobody extends their own"):
        operations.extend(own, by=permit(director, region.child), until_on=later)
    with pytest.raises(Refused, match="Who holds direction decides"):
        operations.extend(other, by=permit(region.coordinator, region.child), until_on=later)
    assert operations.extend(other, by=permit(director, region.child), until_on=later).until_at == end_of(
        later
    )
    # Who granted direction can let it go on: nobody else could.
    assert operations.extend(own, by=permit(region.coordinator, region.child), until_on=later)


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "has passed"), (5, "does not end before"), (366, "longer than a year")]
)
def test_an_end_is_moved_to_a_later_day_within_a_year(region, days, sentence):
    made = region.involved()
    until_on = region.coordinator.today + timedelta(days=days)
    with pytest.raises(Refused, match=sentence):
        operations.extend(made, by=permit(region.coordinator, region.child), until_on=until_on)


def test_what_is_over_is_not_extended(region):
    made = operations.stop(region.involved(), by=as_actor(region.adviser))
    later = region.coordinator.today + timedelta(days=200)
    with pytest.raises(Refused, match="is over"):
        operations.extend(made, by=permit(region.coordinator, region.child), until_on=later)
