"""Agreements behind the fourth wall: made and settled by who may, and then they stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.operations import strike
from inbeeld.agreements.queries import Agreements, Choice, open_by_child
from inbeeld.agreements.tests.making import in_days, made, told
from inbeeld.kernel.agreements import Said
from inbeeld.keys.sealing import Sealed
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import at_work
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Role
from tests.database_roles import Walled, as_role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def child() -> Learner:
    return at_work.fresh(make.learner(make.organisation()))


def involved(role: Role, child: Learner, kind: Kind | None = None) -> Actor:
    place = child.standing.school if kind is None else make.organisation(kind)  # type: ignore[attr-defined]
    actor = make.actor(role, place)
    make.involve(child, actor)
    return actor


@pytest.fixture
def coordinator(child: Learner) -> Actor:
    return involved(Role.CARE_COORDINATOR, child)


@pytest.fixture
def adviser(child: Learner) -> Actor:
    return involved(Role.SWV_ADVISER, child, Kind.SWV)


def test_an_agreement_goes_its_whole_way_behind_the_wall(
    walled: Walled, child: Learner, coordinator: Actor, adviser: Actor
) -> None:
    with as_role(walled.app):
        one = made(coordinator, child, member=adviser.membership)
        told(adviser, one, child, Said.MOVED, because="Ziek", to_on=in_days(9))
        told(coordinator, one, child, Said.DONE)
        other = made(coordinator, child, what="Iets anders")
        with acting(at_work.again(coordinator), origin="agreement_strike") as actor:
            strike(permit_of(actor, child), other, child=child)
    assert Step.for_operations.count() == 2
    assert Agreement.for_operations.filter(struck_at__isnull=True).count() == 1


def test_each_reads_what_is_for_them(walled: Walled, child: Learner, coordinator: Actor) -> None:
    told(coordinator, made(coordinator, child), child, Said.DONE)
    elsewhere = make.actor(Role.CARE_COORDINATOR, make.organisation())
    expected = {
        involved(Role.MENTOR, child): 1,
        make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)): 1,
        make.actor(Role.CARE_COORDINATOR, child.standing.school): 0,  # type: ignore[attr-defined]
        elsewhere: 0,
    }
    for who, number in expected.items():
        with as_role(walled.app, actor=who.key):
            assert (Agreement.for_operations.count(), Step.for_operations.count()) == (number, number)


def test_the_lists_are_the_same_behind_the_wall(walled: Walled, child: Learner, coordinator: Actor) -> None:
    first, second = made(coordinator, child), made(coordinator, child, what="Iets anders")
    told(coordinator, second, child, Said.DONE)

    def listed() -> tuple[list[Any], list[Any]]:
        with acting(at_work.again(coordinator), origin="agreements") as actor:
            mine = [row.id for row in Agreements(actor, Choice()).chosen()]
            return mine, [row.id for rows in open_by_child(actor).values() for row in rows]

    with as_role(walled.app):
        assert listed() == ([first.pk], [first.pk])


CHANGED: dict[str, Any] = {
    "due_on": in_days(30), "doer": "parents", "doer_member_id": None, "what": Sealed(b"x"), "why": Sealed(b"x"),
    "written_at": None, "organisation_id": None, "learner_id": None,
}  # fmt: skip


@pytest.mark.parametrize("column", sorted(CHANGED))
def test_what_was_agreed_stays_as_it_was(
    column: str, walled: Walled, child: Learner, coordinator: Actor
) -> None:
    one = made(coordinator, child)
    value = {
        "written_at": one.written_at - timedelta(days=1),
        "organisation_id": make.organisation().pk,
        "learner_id": make.learner(child.standing.school).pk,  # type: ignore[attr-defined]
    }.get(column, CHANGED[column])
    with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=coordinator.key):
        Agreement.for_operations.filter(pk=one.pk).update(**{column: value})


def test_what_became_of_it_stays_too_and_nothing_is_deleted(
    walled: Walled, child: Learner, coordinator: Actor
) -> None:
    one = made(coordinator, child)
    step = told(coordinator, one, child, Said.NOT_DONE, because="Ziek")
    for rows, change in ((Step.for_operations, {"said": "done"}), (Step.for_operations, {"because": None})):
        with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=coordinator.key):
            rows.filter(pk=step.pk).update(**change)
    for rows in (Step.for_operations, Agreement.for_operations):
        with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=coordinator.key):
            rows.all().delete()


def test_only_its_writer_strikes_it_out(walled: Walled, child: Learner, coordinator: Actor) -> None:
    colleague = involved(Role.CARE_COORDINATOR, child)
    one = made(coordinator, child)
    mine = Agreement.for_operations.filter(pk=one.pk)
    with (
        pytest.raises(DatabaseError, match="only its writer"),
        transaction.atomic(),
        as_role(walled.app, actor=colleague.key),
    ):
        mine.update(struck_at=one.written_at)
    with as_role(walled.app, actor=coordinator.key):
        assert mine.update(struck_at=one.written_at) == 1


def test_nobody_agrees_or_settles_in_the_name_of_a_colleague_or_without_the_right(
    walled: Walled, child: Learner, coordinator: Actor, adviser: Actor
) -> None:
    one = made(coordinator, child)
    mentor = involved(Role.MENTOR, child)
    forged = {
        "a colleague's name": (adviser, coordinator),
        "a role that reads only": (mentor, mentor),
    }
    for who, name in forged.values():
        assert name.membership is not None
        step = Step(
            agreement=one, learner=child, said="done", organisation=name.membership.organisation,
            written_by=name.membership, written_at=one.written_at,
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=who.key):
            Step.for_operations.bulk_create([step])
    with as_role(walled.app, actor=adviser.key):
        assert Agreement.for_operations.filter(pk=one.pk).update(struck_at=one.written_at) == 0
