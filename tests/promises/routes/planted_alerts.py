"""Signals in the described region, and what took some off the list: each with a day nothing else has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from inbeeld.alerts.models import Alert, Parking
from inbeeld.kernel.access import FieldClass
from inbeeld.organisations.models import Membership, Organisation
from tests.promises.routes.words import WHO_WAS_INVOLVED, Canary, days_from

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

ATT, AGR, MED = FieldClass.ATT, FieldClass.AGR, FieldClass.MED
PHASE_TWO, SICKNESS = "phase-two-amsterdam-noord@2017-10-01", "sickness-mazl@2017-03-29"
#: Of whom there is a signal of sickness; whose first signal is parked, and by whom.
SICK = ("I2", "L2", "K13", "F2")
PARKED = (("I2", "care_coordinator", AGR), ("I3", "swv_adviser", AGR), ("K13", "mentor", ATT))
#: Until a day on which nothing else ends, however long a walk lasts in which time passes.
PARKED_UNTIL = date(2391, 3, 6)
#: That a report was made is a fact of absence; who said so is somebody involved, whose name is for fewer.
BY_SOMEBODY_ELSE = "K13"


def planted_alerts(planted: Planted, *, on: date) -> None:
    """A signal of long absence about every child, of sickness about some, and some of them parked."""
    days = days_from(date(2003, 1, 6))
    first: dict[str, Alert] = {}
    for child in planted.world.children:
        first[child] = _alert(planted, child, PHASE_TWO, Canary(child, ATT, "a signal"), next(days), on)
        if child in SICK:
            school = planted.world.children[child].school
            reason = Canary(child, MED, "a signal of sickness", organisation=school, is_reason=True)
            _alert(planted, child, SICKNESS, reason, next(days), on)
    until = days_from(PARKED_UNTIL, 2)
    for child, member, field_class in PARKED:
        _parking(planted, first[child], child, member, field_class, next(until))


def _alert(planted: Planted, child: str, rule: str, canary: Canary, began_on: date, on: date) -> Alert:
    made = Alert.for_operations.create(
        learner=planted.learners[child], rule=rule, field_class=canary.field_class.value, answer="yes",
        outcomes="yyyy", began_on=planted.words.day(began_on, canary), reached_on=on, due_on=on, opened_on=on,
        confirmed_on=on,
        delivered_by=Organisation.objects.get(key=canary.organisation) if canary.organisation else None,
    )  # fmt: skip
    planted.alerts[made.pk] = canary
    return made


def somebody(planted: Planted, child: str, like: Membership) -> Membership:
    """A colleague who left since, whose name stands nowhere else: who parks or answers is involved."""
    name = planted.words.word(Canary(child, AGR, WHO_WAS_INVOLVED, never_shown=True))
    person = get_user_model().objects.create(username=name, first_name="Ank", last_name=name.capitalize())
    return Membership.objects.create(
        person=person, organisation=like.organisation, role=like.role, from_on=like.from_on,
        until_on=planted.world.today - timedelta(days=30),
    )  # fmt: skip


def _parking(
    planted: Planted, alert: Alert, child: str, member: str, field_class: FieldClass, until: date
) -> None:
    membership, place = planted.memberships[member], planted.world.members[member].place
    canary = Canary(child, field_class, "parked until", organisation=place, member=member)
    if child == BY_SOMEBODY_ELSE:
        membership = somebody(planted, child, membership)
    Parking.for_operations.create(
        alert=alert, learner=alert.learner, field_class=field_class.value, answer="yes",
        because="reported" if field_class is ATT else "plan",
        until_on=planted.words.day(until, canary), reached_on=alert.reached_on,
        organisation=membership.organisation, parked_by=membership, parked_at=planted.world.now,
    )  # fmt: skip
