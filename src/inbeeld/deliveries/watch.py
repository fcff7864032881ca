"""Delivery watch: which school is late, which is silent, and which suddenly reports nothing.

Of schools, not of children. A school that delivers nothing looks like a school where everybody is present:
that is why its silence has to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from inbeeld.access.actor import Actor
from inbeeld.deliveries.models import COUNTS, OPEN, Delivery, State
from inbeeld.kernel.access import FieldClass, Involvement
from inbeeld.learners.snapshot import current_judgement
from inbeeld.organisations.models import Kind, Organisation

#: A school delivers every week; after so many days without a day spoken for it is late, then silent.
LATE_AFTER, SILENT_AFTER = timedelta(days=7), timedelta(days=28)
#: So few marks, of what the school itself usually has a school day, is suddenly nothing: a tenth.
SUDDENLY_PART = 10
#: Below so many marks a day nothing can be said about a day with fewer.
ENOUGH_A_DAY = 2

SILENT, LATE, NOTHING, OPEN_WORK, FINE = "silent", "late", "nothing", "open", "fine"


@dataclass(frozen=True)
class Watched:
    """One school: how it stands, up to which day it delivered, and what waits for the school itself.

    `roster_on`: the day of its last roster. A school that never gave one is not late: no rule says so.
    """

    school: str
    stands: str
    until_on: date | None
    days: int | None
    waits: int
    roster_on: date | None = None


def watches(actor: Actor) -> bool:
    """Who keeps sight of the children of several schools: SWV and leerplicht, says the access table."""
    if actor.membership is None or actor.membership.organisation.kind not in (Kind.SWV, Kind.MUNICIPALITY):
        return False
    return any(
        row.cells[FieldClass.ATT] != "." and row.involvement in (Involvement.OWN_ORG, Involvement.INVOLVED)
        for row in actor.rows
    )


def watched_on(actor: Actor) -> date:
    """The day on which the deliveries are watched: today; in a trial time stands still on its own day."""
    judgement = current_judgement()
    return judgement.on if judgement is not None and settings.INBEELD_TRIAL else actor.today


def schools_of(actor: Actor) -> QuerySet[Organisation]:
    """The schools this actor's organisation works for: of its kind of education, or in its municipality."""
    place = actor.organisation
    if place is None or not watches(actor):
        return Organisation.objects.none()
    if place.kind == Kind.SWV:
        return place.schools_served()
    schools = Organisation.objects.filter(region=place.region, kind=Kind.SCHOOL)
    return schools.filter(municipality=place.municipality)


def watched(schools: Iterable[Organisation], *, on: date, begun_on: date | None) -> list[Watched]:
    """How the deliveries of these schools stand on a day, what needs attention first; two queries.

    `begun_on`: the last day of the marks the region began with, for schools that delivered nothing here.
    """
    found = list(schools)
    rows = Delivery.objects.filter(school__in=found).filter(
        Q(state__in=COUNTS) | Q(state__in=(*OPEN, State.UNUSABLE))
    )
    of_school: dict[int, list[Delivery]] = {}
    for one in rows.order_by("order", "received_at"):
        of_school.setdefault(one.school_id, []).append(one)
    watched = [_watched(school, of_school.get(school.pk, []), on=on, begun_on=begun_on) for school in found]
    order = (SILENT, NOTHING, LATE, OPEN_WORK, FINE)
    return sorted(watched, key=lambda one: (order.index(one.stands), one.until_on or date.min, one.school))


def _watched(school: Organisation, rows: Sequence[Delivery], *, on: date, begun_on: date | None) -> Watched:
    stands = [one for one in rows if one.state in COUNTS]
    counting = [one for one in stands if not one.is_roster]
    rosters = [one.until_on for one in stands if one.is_roster and one.until_on is not None]
    until_on = max((one.until_on for one in counting if one.until_on is not None), default=begun_on)
    waits = len(rows) - len(stands)
    days = None if until_on is None else (on - until_on).days
    return Watched(
        school=school.name,
        stands=_stands(counting, until_on, on=on, waits=waits),
        until_on=until_on,
        days=days,
        waits=waits,
        roster_on=max(rosters, default=None),
    )


def _stands(counting: Sequence[Delivery], until_on: date | None, *, on: date, waits: int) -> str:
    if until_on is None or on - until_on > SILENT_AFTER:
        return SILENT
    if suddenly_nothing(counting):
        return NOTHING
    if on - until_on > LATE_AFTER:
        return LATE
    return OPEN_WORK if waits else FINE


def suddenly_nothing(counting: Sequence[Delivery]) -> bool:
    """Has the last delivery less than a tenth of the marks a weekday that the ones before it had together?"""
    known = [
        (marks, days) for one in counting if (found := marks_and_weekdays(one)) for marks, days in (found,)
    ]
    if len(known) < 2:
        return False
    before_marks, before_days = sum(marks for marks, _ in known[:-1]), sum(days for _, days in known[:-1])
    marks, days = known[-1]
    if before_marks < ENOUGH_A_DAY * before_days:
        return False
    return marks * before_days * SUDDENLY_PART < before_marks * days


def marks_and_weekdays(one: Delivery) -> tuple[int, int] | None:
    """How many marks a delivery has, and for how many weekdays it speaks; None when for none."""
    if one.from_on is None or one.until_on is None or "stand" not in one.counts:
        return None
    days = weekdays(one.from_on, one.until_on)
    return (int(one.counts["stand"]), days) if days else None


def weekdays(from_on: date, until_on: date) -> int:
    """Mondays to Fridays from one day to another, both included."""
    whole, rest = divmod((until_on - from_on).days + 1, 7)
    return whole * 5 + sum((from_on.weekday() + number) % 7 < 5 for number in range(rest))
