"""From one row over several lesson hours or days to one mark per day and slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from inbeeld.engine.intake.period import Period

NO_SLOTS = "whole day, and it is not known how many lesson hours a day has at this school"
OVER_DAYS = (
    "lesson hours over several days, and it is not known how many lesson hours a day has at this school"
)
SATURDAY = 5


@dataclass(frozen=True)
class Spot:
    """One day and slot an entry covers; `slot` None when it cannot be known, and then `unclear` says why."""

    on: date
    slot: int | None
    minutes: int | None = None
    unclear: str = ""


def spread(period: Period, *, until_on: date, slots_per_day: int | None) -> Iterator[Spot]:
    """Every day and slot of the period up to `until_on` (its own end, or the last day known when open).

    Saturdays and Sundays inside a longer period are left out: nobody marked them.
    """
    for on in days(period.from_on, until_on):
        if why := period.unclear_at(on):
            yield Spot(on, None, unclear=why)
            continue
        covered = _slots(period, on, slots_per_day=slots_per_day)
        if covered is None:
            yield Spot(on, None, unclear=NO_SLOTS if period.first_slot is None else OVER_DAYS)
            continue
        share, rest = (None, 0) if period.minutes is None else divmod(period.minutes, len(covered))
        for nth, slot in enumerate(covered):
            yield Spot(on, slot, None if share is None else share + (1 if nth < rest else 0))


def days(first: date, last: date) -> Iterator[date]:
    """The days of a period; a single day is itself, a longer period has no weekend days."""
    if first == last:
        yield first
        return
    day = first
    while day <= last:
        if day.weekday() < SATURDAY:
            yield day
        day += timedelta(days=1)


def weekend_days(first: date, last: date) -> int:
    """How many days `days` left out."""
    return (last - first).days + 1 - sum(1 for _ in days(first, last)) if last > first else 0


def _slots(period: Period, on: date, *, slots_per_day: int | None) -> range | None:
    """The slots of one day, or None when that needs the unknown length of the school's day."""
    first, last = period.first_slot, period.last_slot
    if first is not None and last is not None and period.from_on == period.until_on:
        return range(first, last + 1)
    if slots_per_day is None:
        return None
    starts = first if first is not None and on == period.from_on else 1
    ends = last if last is not None and on == period.until_on else slots_per_day
    return range(starts, max(starts, ends) + 1)
