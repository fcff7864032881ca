"""Direction over what happens with a child, and the table: who gives a place, and to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from inbeeld.access import operations_involvement as operations
from inbeeld.access.models import Involvement
from inbeeld.access.operations_ground import end_of
from inbeeld.access.refusal import Refused
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import Region, as_actor, held, is_refused, member, permit, sees
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def region():
    return Region()


# --- direction -----------------------------------------------------------------------------------


def test_direction_goes_to_somebody_involved_who_accepted(region):
    director = region.director()
    doctor = as_actor(region.doctor)
    waiting = region.grant(by=director, to=region.doctor, purpose="health")
    mine = permit(director, region.child)
    with pytest.raises(Refused, match="has accepted"):
        operations.hand_over_direction(mine, child=region.child, to=waiting)
    operations.accept(waiting, by=doctor)
    operations.hand_over_direction(permit(director, region.child), child=region.child, to=waiting)
    assert Involvement.for_operations.get(directs=True) == waiting
    assert region.grant(by=doctor, to=region.mentor, purpose="guidance")
    with pytest.raises(Refused, match="Who holds direction decides"):
        operations.hand_over_direction(permit(director, region.child), child=region.child, to=waiting)


def test_while_nobody_directs_a_coordinator_gives_direction_to_who_is_involved(region):
    made = region.involved()
    operations.hand_over_direction(permit(region.coordinator, region.child), child=region.child, to=made)
    assert held(made).directs


def test_direction_does_not_go_to_oneself_nor_to_who_cannot_hold_it(region):
    mentor = region.involved(to=region.mentor, purpose="guidance")
    asking = permit(region.coordinator, region.child)
    is_refused(
        asking.actor, "hand_over_direction", "cannot hold direction", operations.hand_over_direction,
        asking, child=region.child, to=mentor,
    )  # fmt: skip
    own = make.involve(region.child, region.coordinator)
    with pytest.raises(Refused, match="Nobody takes direction"):
        operations.hand_over_direction(permit(region.coordinator, region.child), child=region.child, to=own)
    elsewhere = make.involve(make.learner(region.school), as_actor(region.adviser))
    with pytest.raises(Refused, match="involved with this child"):
        operations.hand_over_direction(
            permit(region.coordinator, region.child), child=region.child, to=elsewhere
        )


# --- at the table --------------------------------------------------------------------------------


def test_a_table_sees_the_child_from_14_days_before_the_meeting_until_14_after(region):
    region.child.case_stage = 3
    region.child.save()
    seat = member(Role.TABLE_MEMBER, region.school)
    meeting = region.coordinator.today + timedelta(days=20)
    (made,) = operations.seat(
        permit(region.coordinator, region.child), child=region.child, members=[seat], meeting_on=meeting
    )
    first, last = meeting - timedelta(days=14), meeting + timedelta(days=14)
    second = timedelta(seconds=1)
    moments = [end_of(first) - timedelta(days=1) - second, end_of(first), end_of(last) - second, end_of(last)]
    assert [sees(as_actor(seat), region.child, at=at) for at in moments] == [False, True, True, False]
    again_seated = operations.seat(
        permit(region.coordinator, region.child), child=region.child, members=[seat], meeting_on=meeting
    )
    assert again_seated == [made]


def test_the_case_director_involved_with_the_child_seats_a_table(region):
    region.child.case_stage = 3
    region.child.save()
    region.director()
    case_director = as_actor(member(Role.CASE_DIRECTOR, Kind.TASKFORCE))
    seat = member(Role.TABLE_CHAIR, case_director.organisation)
    named = {"child": region.child, "members": [seat], "meeting_on": region.coordinator.today}
    with pytest.raises(Refused, match="Who holds direction decides"):
        operations.seat(permit(case_director, region.child), **named)
    make.involve(region.child, case_director)
    assert operations.seat(permit(case_director, region.child), **named)


@pytest.mark.parametrize(
    ("sentence", "role", "days"),
    [("has no seat", Role.MENTOR, 0), ("at most 14 days ago", Role.TABLE_MEMBER, -15),
     ("at most 14 days ago", Role.TABLE_MEMBER, 366)],
)  # fmt: skip
def test_a_seat_that_is_not_possible_is_refused(region, sentence, role, days):
    asking = permit(region.coordinator, region.child)
    is_refused(
        asking.actor, "seat", sentence, operations.seat, asking, child=region.child,
        members=[member(role, region.school)], meeting_on=region.coordinator.today + timedelta(days=days),
    )  # fmt: skip
