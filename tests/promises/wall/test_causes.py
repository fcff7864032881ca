"""Causes behind the fourth wall: said by who may write what they say, read by who may read it; and they stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.causes.models import Judged
from inbeeld.causes.operations import end_cause
from inbeeld.causes.tests.making import days_ago, judged
from inbeeld.kernel.causes import Cause
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
def doctor(child: Learner) -> Actor:
    return involved(Role.SCHOOL_DOCTOR, child, Kind.YOUTH_HEALTH)


def test_a_cause_goes_its_whole_way_behind_the_wall(
    walled: Walled, child: Learner, coordinator: Actor
) -> None:
    with as_role(walled.app):
        one = judged(coordinator, child)
        judged(coordinator, child, Cause.FAMILY)
        with acting(at_work.again(coordinator), origin="cause_end") as actor:
            end_cause(permit_of(actor, child), one, child=child)
    assert Judged.for_operations.filter(ended_at__isnull=True).count() == 1


def test_each_reads_the_class_that_is_for_them(
    walled: Walled, child: Learner, coordinator: Actor, doctor: Actor
) -> None:
    judged(coordinator, child)
    judged(coordinator, child, Cause.FAMILY)
    judged(doctor, child, Cause.MENTAL)
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    found = {}
    for name, who in (("school", coordinator), ("doctor", doctor), ("list", swv)):
        with as_role(walled.app, actor=who.key):
            found[name] = sorted(Judged.for_operations.values_list("field_class", flat=True))
    assert found == {"school": ["FAM", "SUP"], "doctor": ["MED", "SUP"], "list": []}


CHANGED: dict[str, Any] = {
    "on": days_ago(9), "cause": Sealed(b"x"), "text": Sealed(b"x"), "field_class": "FAM", "written_at": None,
    "organisation_id": None, "learner_id": None,
}  # fmt: skip


@pytest.mark.parametrize("column", sorted(CHANGED))
def test_what_was_judged_stays_as_it_was(
    column: str, walled: Walled, child: Learner, coordinator: Actor
) -> None:
    made = judged(coordinator, child)
    value = {
        "written_at": made.written_at - timedelta(days=1),
        "organisation_id": make.organisation().pk,
        "learner_id": make.learner(child.standing.school).pk,  # type: ignore[attr-defined]
    }.get(column, CHANGED[column])
    with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=coordinator.key):
        Judged.for_operations.filter(pk=made.pk).update(**{column: value})


def test_what_was_ended_stays_so_and_nothing_is_deleted(
    walled: Walled, child: Learner, coordinator: Actor
) -> None:
    made = judged(coordinator, child)
    mine = Judged.for_operations.filter(pk=made.pk)
    with as_role(walled.app, actor=coordinator.key):
        assert mine.update(ended_at=made.written_at) == 1
    with (
        pytest.raises(DatabaseError, match="stays ended"),
        transaction.atomic(),
        as_role(walled.app, actor=coordinator.key),
    ):
        mine.update(ended_at=None)
    with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=coordinator.key):
        mine.delete()


def test_nobody_says_what_their_role_does_not_write_or_in_anothers_name(
    walled: Walled, child: Learner, coordinator: Actor, doctor: Actor
) -> None:
    assert coordinator.membership is not None and doctor.membership is not None
    made = judged(coordinator, child)
    for who, field_class, name in (
        (coordinator, "MED", coordinator.membership),
        (coordinator, "SUP", doctor.membership),
    ):
        row = Judged(
            learner=child, field_class=field_class, on=days_ago(1), cause=Sealed(b"x"), written_by=name,
            organisation=name.organisation, written_at=made.written_at,
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=who.key):
            Judged.for_operations.bulk_create([row])
    with as_role(walled.app, actor=doctor.key):
        assert Judged.for_operations.filter(pk=made.pk).update(ended_at=made.written_at) == 0
