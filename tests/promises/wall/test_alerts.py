"""Signals behind the fourth wall: kept by the publication alone, parked by who may, read as the table says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.row_security import commanding
from inbeeld.access.row_security_commands import COMMANDS
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.operations import keep_alerts
from inbeeld.alerts.operations_parking import park, unpark
from inbeeld.alerts.seen import parkings_of
from inbeeld.alerts.tests import making
from inbeeld.alerts.tests.histories import DATES, attendance, away, course_of
from inbeeld.journal.models import Line
from inbeeld.kernel.attention import Parked
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import at_work
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Role
from tests.database_roles import Walled, as_role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PUBLISH = "command:publish"
START = DATES[14]
STATEMENTS = {"r": "select", "a": "insert", "c": "update"}


@pytest.fixture
def child() -> Learner:
    return at_work.fresh(make.learner(make.organisation()))


def keep(child: Learner) -> None:
    """A signal is opened, confirmed, closed and opened again."""
    one = attendance([*away(START, 19, permission=True), *away(START + timedelta(28), 30, permission=True)])
    for number in (16, 17, 21, 45):
        day = START + timedelta(number)
        keep_alerts({child.pk: course_of(one, day)}, on=day, by=PUBLISH)


def outcome(walled: Walled, child: Learner, *, without: str = "") -> Any:
    """What is in the database after it as the role that runs commands, which is afterwards as it was."""
    with transaction.atomic():
        if without:
            catalog.run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
            rule = f"inbeeld_command_{STATEMENTS[without]}"
            catalog.run(connection, f"DROP POLICY {rule} ON alerts_alert")
        found: Any
        try:
            with transaction.atomic(), as_role(walled.batch), commanding("publish"):
                keep(child)
            found = (Alert.for_operations.count(), Line.for_operations.filter(actor=PUBLISH).count())
        except DatabaseError as why:
            found = type(why)
        transaction.set_rollback(True)
    return found


def test_the_publication_keeps_signals_and_needs_every_letter_it_is_given(
    walled: Walled, child: Learner
) -> None:
    whole = outcome(walled, child)
    assert whole[0] >= 2 and whole[1] >= 3
    assert set(COMMANDS["publish"]["alerts.Alert"]) == set(STATEMENTS)
    assert [letter for letter in STATEMENTS if outcome(walled, child, without=letter) == whole] == []


def test_without_its_name_or_in_a_request_no_signal_is_kept(walled: Walled, child: Learner) -> None:
    for role, name in ((walled.batch, ""), (walled.batch, "command:deliver"), (walled.app, PUBLISH)):
        with pytest.raises(DatabaseError), transaction.atomic(), as_role(role, actor=name):
            keep(child)
    assert not Alert.for_operations.exists()


def involved(child: Learner, role: Role = Role.CARE_COORDINATOR) -> Actor:
    actor = make.actor(role, child.standing.school)  # type: ignore[attr-defined]
    make.involve(child, actor)
    return actor


def test_who_writes_agreements_parks_and_puts_back_behind_the_wall(walled: Walled, child: Learner) -> None:
    alert, coordinator = making.alert(child), involved(child)
    until_on = timezone.localdate() + timedelta(days=9)
    for _ in range(2):  # the second replaces the first
        with as_role(walled.app), acting(at_work.again(coordinator), origin="alert") as actor:
            permit = permit_of(actor, child)
            held = park(permit, alert, child=child, because=Parked.PLAN, until_on=until_on)
    assert list(Parking.for_operations.values_list("pk", flat=True).filter(ended_at=None)) == [held.pk]
    with as_role(walled.app), acting(at_work.again(coordinator), origin="alert") as actor:
        unpark(permit_of(actor, child), held, child=child)
    assert not Parking.for_operations.filter(ended_at=None).exists()


def test_who_may_not_read_agreements_reads_no_parking(walled: Walled, child: Learner) -> None:
    alert, coordinator, mentor = making.alert(child), involved(child), involved(child, Role.MENTOR)
    with acting(at_work.again(coordinator), origin="alert") as actor:
        park(permit_of(actor, child), alert, child=child, because=Parked.PLAN,
             until_on=timezone.localdate() + timedelta(days=9))  # fmt: skip
    listed = make.actor(Role.CARE_COORDINATOR, child.standing.school)  # type: ignore[attr-defined]
    found = {}
    for name, who in (("coordinator", coordinator), ("mentor", mentor), ("listed", listed)):
        with as_role(walled.app, actor=who.key):
            found[name] = (Parking.for_operations.count(), len(parkings_of(at_work.again(who))))
            assert Alert.for_operations.count() == 1
    assert found == {"coordinator": (1, 1), "mentor": (1, 1), "listed": (0, 0)}


@pytest.mark.parametrize("column", ["until_on", "because", "reached_on", "parked_by_id", "alert_id"])
def test_what_was_said_of_a_parking_stays(column: str, walled: Walled, child: Learner) -> None:
    alert, coordinator = making.alert(child), involved(child)
    with acting(at_work.again(coordinator), origin="alert") as actor:
        held = park(permit_of(actor, child), alert, child=child, because=Parked.PLAN,
                    until_on=timezone.localdate() + timedelta(days=9))  # fmt: skip
    other: dict[str, Any] = {
        "until_on": timezone.localdate() + timedelta(days=400), "because": "other_body",
        "reached_on": timezone.localdate(), "parked_by_id": held.parked_by_id + 1,
        "alert_id": making.alert(child, "layer-3").pk,
    }  # fmt: skip
    with (
        pytest.raises(DatabaseError, match="stays as it was written"),
        transaction.atomic(),
        as_role(walled.app, actor=coordinator.key),
    ):
        Parking.for_operations.filter(pk=held.pk).update(**{column: other[column]})
