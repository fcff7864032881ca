"""Contacts behind the fourth wall: recorded by who may, read by who may read their class, and then they stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.contacts.models import Contact
from inbeeld.contacts.operations import strike_contact
from inbeeld.contacts.queries import OutOfSight, choice_of
from inbeeld.contacts.tests.making import days_ago, recorded
from inbeeld.kernel.contact import Gap
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
def mentor(child: Learner) -> Actor:
    return involved(Role.MENTOR, child)


@pytest.fixture
def adviser(child: Learner) -> Actor:
    return involved(Role.SWV_ADVISER, child, Kind.SWV)


def test_a_contact_goes_its_whole_way_behind_the_wall(
    walled: Walled, child: Learner, mentor: Actor, adviser: Actor
) -> None:
    with as_role(walled.app):
        made = recorded(mentor, child, text="")
        recorded(adviser, child)
        with acting(at_work.again(mentor), origin="contact_strike") as actor:
            strike_contact(permit_of(actor, child), made, child=child)
    assert Contact.for_operations.filter(struck_at__isnull=True).count() == 1


def test_each_reads_the_class_that_is_for_them(
    walled: Walled, child: Learner, mentor: Actor, adviser: Actor
) -> None:
    recorded(mentor, child, text="")
    recorded(adviser, child)
    on_the_list = make.actor(Role.CARE_COORDINATOR, child.standing.school)  # type: ignore[attr-defined]
    elsewhere = make.actor(Role.CARE_COORDINATOR, make.organisation())
    found = {}
    for name, who in (("mentor", mentor), ("list", on_the_list), ("elsewhere", elsewhere)):
        with as_role(walled.app, actor=who.key):
            found[name] = sorted(Contact.for_operations.values_list("field_class", flat=True))
    assert found == {"mentor": ["AGR", "ATT"], "list": ["ATT"], "elsewhere": []}


def test_uit_beeld_is_the_same_behind_the_wall(walled: Walled, child: Learner, mentor: Actor) -> None:
    desk = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    judgement = make.judgement()

    def gaps() -> list[Gap]:
        with acting(at_work.again(desk), origin="out_of_sight") as actor:
            return [gap for row in OutOfSight(actor, judgement, choice_of({})).rows for gap in row.gaps]

    wanted = [Gap.NO_DIRECTION, Gap.NO_CONTACT, Gap.NO_AGREEMENT]
    with as_role(walled.app):
        assert gaps() == wanted
    recorded(mentor, child, on=make.ON, text="")
    make.involve(child, involved(Role.SWV_ADVISER, child, Kind.SWV), directs=True)
    with as_role(walled.app):
        assert gaps() == [Gap.NO_AGREEMENT]


CHANGED: dict[str, Any] = {
    "on": days_ago(9), "party": "learner", "means": "video", "reached": False, "text": None,
    "field_class": "AGR", "written_at": None, "organisation_id": None, "learner_id": None,
}  # fmt: skip


@pytest.mark.parametrize("column", sorted(CHANGED))
def test_what_was_recorded_stays_as_it_was(
    column: str, walled: Walled, child: Learner, mentor: Actor
) -> None:
    mentor = involved(Role.CARE_COORDINATOR, child)
    made = recorded(mentor, child)
    value = {
        "written_at": made.written_at - timedelta(days=1),
        "organisation_id": make.organisation().pk,
        "learner_id": make.learner(child.standing.school).pk,  # type: ignore[attr-defined]
    }.get(column, CHANGED[column])
    with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=mentor.key):
        Contact.for_operations.filter(pk=made.pk).update(**{column: value})


def test_what_was_struck_out_stays_so_and_nothing_is_deleted(
    walled: Walled, child: Learner, mentor: Actor
) -> None:
    made = recorded(mentor, child, text="")
    with as_role(walled.app, actor=mentor.key):
        mine = Contact.for_operations.filter(pk=made.pk)
        assert mine.update(struck_at=made.written_at) == 1
    with (
        pytest.raises(DatabaseError, match="stays struck out"),
        transaction.atomic(),
        as_role(walled.app, actor=mentor.key),
    ):
        Contact.for_operations.filter(pk=made.pk).update(struck_at=None)
    with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=mentor.key):
        Contact.for_operations.filter(pk=made.pk).delete()


def test_nobody_records_in_the_name_of_a_colleague_in_another_class_or_strikes_anothers(
    walled: Walled, child: Learner, mentor: Actor, adviser: Actor
) -> None:
    row = recorded(adviser, child)
    with as_role(walled.app, actor=mentor.key):
        assert Contact.for_operations.filter(pk=row.pk).update(struck_at=row.written_at) == 0
    for values in (
        {"written_by": mentor.membership},
        {"organisation": make.organisation()},
        {"field_class": "ATT"},
    ):
        row = recorded(adviser, child, on=days_ago(1 + Contact.for_operations.count()))
        row.pk = None
        for name, value in values.items():
            setattr(row, name, value)
        with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=adviser.key):
            Contact.for_operations.bulk_create([row])
