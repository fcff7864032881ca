"""Somebody leaves: the work goes to a colleague who says yes, and nothing of it stays open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from inbeeld.access import operations_involvement, operations_work
from inbeeld.access.acting import acting
from inbeeld.access.models import Involvement
from inbeeld.access.operations_ground import end_of
from inbeeld.access.refusal import Refused
from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, as_actor, did, held, is_refused, member, sees
from inbeeld.organisations.models import Kind, Membership, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def leaving():
    return as_actor(member(Role.SWV_ADVISER, Kind.SWV))


@pytest.fixture
def colleague(leaving):
    return as_actor(member(Role.SWV_ADVISER, leaving.organisation))


def hand_over(leaving, colleague, *, by=None, **named):
    return operations_work.hand_over_work(
        leaving.membership, to=colleague.membership, by=again(by or leaving), **named
    )


def test_a_colleague_is_asked_and_accepts_before_seeing_anything(leaving, colleague):
    child = make.learner(make.organisation())
    was = make.involve(child, leaving, directs=True, days=30)
    (asked,) = hand_over(leaving, colleague)
    assert (asked.purpose, asked.until_at, asked.directs) == (was.purpose, was.until_at, True)
    assert asked.granted_by == leaving.membership
    assert held(was).ended_because == "other_work"
    assert not sees(leaving, child) and not sees(colleague, child)
    operations_involvement.accept(asked, by=again(colleague))
    assert sees(colleague, child)


def test_the_membership_ends_with_the_last_day_said(leaving, colleague):
    on = leaving.today + timedelta(days=20)
    hand_over(leaving, colleague, on=on)
    assert Membership.objects.get(pk=leaving.membership.pk).until_on == on
    assert Line.for_operations.get(action="end_membership").object == f"membership:{leaving.membership.pk}"


def test_each_child_gets_a_line_of_what_ended_and_what_was_asked(leaving, colleague):
    for _ in range(2):
        make.involve(make.learner(make.organisation()), leaving)
    with acting(again(leaving), origin="leaving") as by:
        operations_work.hand_over_work(leaving.membership, to=colleague.membership, by=by)
    lines = Line.for_operations.filter(child__isnull=False).order_by("sequence")
    assert [one.action for one in lines] == ["hand_over_work", "grant"] * 2
    assert len({one.child for one in lines}) == 2


def test_what_waits_moves_too_and_a_seat_and_an_emergency_just_end(leaving, colleague):
    waiting = make.involve(make.learner(make.organisation()), leaving, accepted_at=None)
    seat = make.involve(make.learner(make.organisation()), leaving, kind="table")
    over = make.involve(make.learner(make.organisation()), leaving, ended_at=leaving.at)
    (asked,) = hand_over(leaving, colleague)
    assert asked.child_id == waiting.child_id
    assert held(seat).ended_because == "other_work"
    assert held(over).ended_at == leaving.at


def test_a_colleague_who_is_involved_already_gets_the_direction_only(leaving, colleague):
    child = make.learner(make.organisation())
    make.involve(child, leaving, directs=True)
    known = make.involve(child, colleague)
    assert hand_over(leaving, colleague) == []
    assert held(known).directs
    assert Involvement.for_operations.filter(child=child).count() == 2


def test_work_does_not_outlast_the_membership_of_the_colleague(leaving, colleague):
    colleague.membership.until_on = colleague.today + timedelta(days=3)
    colleague.membership.save()
    make.involve(make.learner(make.organisation()), leaving)
    (asked,) = hand_over(leaving, colleague)
    assert asked.until_at == end_of(colleague.membership.until_on)


def test_an_administrator_of_the_organisation_can_do_it_and_sees_no_child(leaving, colleague):
    child = make.learner(make.organisation())
    make.involve(child, leaving)
    administrator = as_actor(member(Role.APPLICATION_ADMINISTRATOR, leaving.organisation))
    assert len(hand_over(leaving, colleague, by=administrator)) == 1
    assert not sees(administrator, child)


@pytest.mark.parametrize("role", [Role.APPLICATION_ADMINISTRATOR, Role.SWV_COORDINATOR, Role.PRIVACY_OFFICER])
@pytest.mark.parametrize("same_place", [False, True])
def test_others_hand_over_nothing(leaving, colleague, role, same_place):
    if same_place and role is Role.APPLICATION_ADMINISTRATOR:
        return
    by = as_actor(member(role, leaving.organisation if same_place else Kind.SWV))
    is_refused(
        by, "hand_over_work", "application administrator", operations_work.hand_over_work,
        leaving.membership, to=colleague.membership, by=by,
    )  # fmt: skip


def test_work_goes_to_somebody_else_in_the_same_role_at_the_same_place(leaving, colleague):
    elsewhere = as_actor(member(Role.SWV_ADVISER, Kind.SWV))
    other_role = as_actor(member(Role.SWV_COORDINATOR, leaving.organisation))
    gone = as_actor(
        member(Role.SWV_ADVISER, leaving.organisation, until_on=leaving.today - timedelta(days=1))
    )
    for to, sentence in ((elsewhere, "same role"), (other_role, "same role"), (gone, "does not work")):
        with pytest.raises(Refused, match=sentence):
            hand_over(leaving, to)
    with pytest.raises(Refused, match="Nobody takes over"):
        hand_over(leaving, leaving)
    with pytest.raises(Refused, match="before the first day"):
        hand_over(leaving, colleague, on=leaving.membership.from_on - timedelta(days=1))


def test_without_a_colleague_involvement_ends_with_the_membership(leaving):
    child = make.learner(make.organisation())
    made = make.involve(child, leaving)
    on = leaving.today + timedelta(days=5)
    operations_work.end_work(leaving.membership, by=leaving, on=on)
    assert held(made).until_at == end_of(on)
    assert did(leaving) == [("end_work", "allowed")]
    assert sees(leaving, child)


def test_a_last_day_that_has_passed_is_refused_in_a_sentence(leaving, colleague):
    made = make.involve(make.learner(make.organisation()), leaving)
    administrator = as_actor(member(Role.APPLICATION_ADMINISTRATOR, leaving.organisation))
    yesterday = administrator.today - timedelta(days=1)
    is_refused(
        administrator, "end_work", "today or a later day", operations_work.end_work,
        leaving.membership, by=administrator, on=yesterday,
    )  # fmt: skip
    is_refused(
        administrator, "hand_over_work", "today or a later day", operations_work.hand_over_work,
        leaving.membership, to=colleague.membership, by=administrator, on=yesterday,
    )  # fmt: skip
    assert held(made).ended_at is None
    assert Membership.objects.get(pk=leaving.membership.pk).is_in_force(administrator.today)


def test_who_leaves_today_is_in_until_the_day_is_over(leaving):
    made = make.involve(make.learner(make.organisation()), leaving)
    operations_work.end_work(leaving.membership, by=leaving)
    assert held(made).until_at == end_of(leaving.today)
