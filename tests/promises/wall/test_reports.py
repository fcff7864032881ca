"""Reports to DUO behind the fourth wall: written by who may, for the own school, and then they stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.duo import operations
from inbeeld.duo.models import Answer, Report
from inbeeld.duo.tests.making import TODAY, answered, days_ago, prepared, reported, said
from inbeeld.kernel.duo import ReportKind
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import at_work
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Role
from tests.database_roles import Walled, as_role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def child() -> Learner:
    return at_work.fresh(make.learner(make.organisation()))


@pytest.fixture
def keeper(child: Learner) -> Actor:
    return make.actor(Role.ATTENDANCE_COORDINATOR, child.standing.school)  # type: ignore[attr-defined]


@pytest.fixture
def officer(child: Learner) -> Actor:
    actor = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    make.involve(child, actor)
    return actor


def test_a_report_goes_its_whole_way_behind_the_wall(
    walled: Walled, child: Learner, keeper: Actor, officer: Actor
) -> None:
    with as_role(walled.app):
        made = prepared(keeper, child, kind=ReportKind.LONG, begins_on=days_ago(40), ends_on=None)
        with acting(at_work.again(keeper), origin="report") as actor:
            permit = permit_of(actor, child)
            said_now = said(kind=ReportKind.LONG, begins_on=days_ago(41), ends_on=None)
            made = operations.change(permit, made, said_now, child=child, version=1)
        with acting(at_work.again(keeper), origin="report") as actor:
            permit = permit_of(actor, child)
            made = operations.record(permit, made, child=child, on=days_ago(9), version=2)
        answered(officer, made)
        with acting(at_work.again(keeper), origin="report") as actor:
            permit = permit_of(actor, child)
            operations.end(permit, made, child=child, ends_on=days_ago(3), on=TODAY)
        with acting(at_work.again(keeper), origin="report") as actor:
            permit = permit_of(actor, child)
            operations.withdraw(permit, made, child=child, on=TODAY, version=3)
    row = Report.for_operations.get()
    assert (row.state, row.end_reported_on, row.begins_on) == ("withdrawn", TODAY, days_ago(41))
    assert Answer.for_operations.get().organisation_id == officer.membership.organisation_id  # type: ignore[union-attr]


def test_only_who_may_read_the_absence_reads_a_report(
    walled: Walled, child: Learner, keeper: Actor, officer: Actor
) -> None:
    answered(officer, reported(keeper, child))
    elsewhere = make.actor(Role.ATTENDANCE_COORDINATOR, make.organisation())
    found = {}
    for name, who in (("keeper", keeper), ("officer", officer), ("elsewhere", elsewhere)):
        with as_role(walled.app, actor=who.key):
            found[name] = (Report.for_operations.count(), Answer.for_operations.count())
    assert found == {"keeper": (1, 1), "officer": (1, 1), "elsewhere": (0, 0)}


REPORTED: dict[str, Any] = {
    "kind": "luxury", "begins_on": days_ago(99), "days": 77, "minutes": 1, "all_lessons": True,
    "wants_action": False, "phone": "1234567", "version": 9, "reported_on": days_ago(1),
    "number": "ABC", "reported_by_id": None, "state": "prepared", "written_at": None, "organisation_id": None,
}  # fmt: skip


@pytest.mark.parametrize("column", sorted(REPORTED))
def test_what_was_reported_stays_as_it_was(
    column: str, walled: Walled, child: Learner, keeper: Actor
) -> None:
    made = reported(keeper, child)
    value = REPORTED[column]
    if column == "written_at":
        value = made.written_at - timedelta(days=1)
    if column == "organisation_id":
        value = make.organisation().pk
    with (
        pytest.raises(DatabaseError, match="stays as it was|prepared no more"),
        transaction.atomic(),
        as_role(walled.app, actor=keeper.key),
    ):
        Report.for_operations.filter(pk=made.pk).update(**{column: value})


def test_an_end_that_was_told_and_a_withdrawal_stay(walled: Walled, child: Learner, keeper: Actor) -> None:
    made = reported(keeper, child, kind=ReportKind.LONG, ends_on=None)
    for first, later in (
        ({"days": 4}, {"ends_on": days_ago(2)}),  # an end without the day on which it was told
        ({"ends_on": days_ago(2), "end_reported_on": TODAY}, {"ends_on": days_ago(1)}),
        ({"state": "withdrawn", "withdrawn_on": TODAY}, {"state": "reported"}),
    ):
        with as_role(walled.app, actor=keeper.key):
            assert Report.for_operations.filter(pk=made.pk).update(**first) == 1
        with (
            pytest.raises(DatabaseError, match="stays"),
            transaction.atomic(),
            as_role(walled.app, actor=keeper.key),
        ):
            Report.for_operations.filter(pk=made.pk).update(**later)


def test_nobody_reports_in_the_name_of_a_colleague_or_of_another_school(
    walled: Walled, child: Learner, keeper: Actor
) -> None:
    row = prepared(keeper, child)
    colleague = make.actor(Role.ATTENDANCE_COORDINATOR, child.standing.school)  # type: ignore[attr-defined]
    row.pk = None
    for values in ({"written_by": colleague.membership}, {"organisation": make.organisation()}):
        for name, value in values.items():
            setattr(row, name, value)
        with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=keeper.key):
            Report.for_operations.bulk_create([row])


def test_an_answer_stays_as_it_was_heard(
    walled: Walled, child: Learner, keeper: Actor, officer: Actor
) -> None:
    made = answered(officer, reported(keeper, child))
    with (
        pytest.raises(DatabaseError, match="stays as it was written"),
        transaction.atomic(),
        as_role(walled.app, actor=officer.key),
    ):
        Answer.for_operations.filter(pk=made.pk).update(status="closed")
