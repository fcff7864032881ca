"""What a row "from … to …" covers: days, lesson hours, minutes, and on which days that cannot be known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from inbeeld.engine.intake.limits import LONGEST_PERIOD_DAYS
from inbeeld.engine.intake.record import Record

_NO_SLOTS = "times without lesson hours: which lesson hours they are depends on the school's timetable"
_MIDNIGHT = time(0, 0)
_DAY_ENDS = time(23, 59)


@dataclass(frozen=True)
class Period:
    """First and last day and lesson hour. No slots: whole days. No `until_on`: open-ended.

    `minutes` of the whole period, only within one day. `unclear` says why it cannot be known which slots
    are meant, on the days `unclear_on`; empty is every day.
    """

    from_on: date
    until_on: date | None
    first_slot: int | None = None
    last_slot: int | None = None
    minutes: int | None = None
    unclear: str = ""
    unclear_on: tuple[date, ...] = ()

    def unclear_at(self, on: date) -> str:
        """Why the slots of a day cannot be known; empty when they can."""
        return self.unclear if not self.unclear_on or on in self.unclear_on else ""


def on_one_day(on: date, slot: int | None, *, minutes: int | None = None, unclear: str = "") -> Period:
    """One lesson hour of a day, or without one the whole day."""
    return Period(on, on, slot, slot, minutes, unclear)


def from_to(
    record: Record, *, begins: str, ends: str,
    from_on: date, from_at: time | None, until_on: date | None, until_at: time | None,
) -> Period:  # fmt: skip
    """The period of a row with fields first_slot and last_slot; `begins` and `ends` name the fields to blame.

    Refuses the row when it ends before it begins, is longer than a year, or gives only one lesson hour.
    """
    first, last = record.slot("first_slot"), record.slot("last_slot")
    one_day = until_on == from_on
    if until_on is not None:
        if until_on < from_on or (one_day and _backwards(from_at, until_at)):
            raise record.refused(ends, "an end not before the begin")
        if (until_on - from_on).days >= LONGEST_PERIOD_DAYS:
            raise record.refused(ends, f"a period of at most {LONGEST_PERIOD_DAYS} days")
    if first is not None and last is None and until_on is not None:
        raise record.refused("last_slot", "a last lesson hour where there is a first")
    if last is not None and first is None:
        raise record.refused("first_slot", "a first lesson hour where there is a last")
    if one_day and first is not None and last is not None and last < first:
        raise record.refused("last_slot", "a last lesson hour not before the first")
    minutes = _minutes(from_at, until_at) if one_day else None
    if first is not None:
        return Period(from_on, until_on, first, last, minutes)
    partly = _partly(from_on, from_at, until_on, until_at)
    return Period(from_on, until_on, minutes=minutes, unclear=_NO_SLOTS if partly else "", unclear_on=partly)


def _backwards(begins: time | None, ends: time | None) -> bool:
    """Whether an end on the same day lies before the begin; midnight as an end says nothing."""
    return begins is not None and ends is not None and ends != _MIDNIGHT and ends < begins


def _partly(
    from_on: date, from_at: time | None, until_on: date | None, until_at: time | None
) -> tuple[date, ...]:
    """The first and last day when a time of day cuts into them; days between are whole."""
    begins_late = from_at is not None and from_at != _MIDNIGHT
    # Midnight behind a date-only begin is no time but an empty one; behind a real time it is one.
    ends_early = until_at is not None and until_at != _DAY_ENDS and (until_at != _MIDNIGHT or begins_late)
    days = {from_on} if begins_late else set()
    if until_on is not None and ends_early:
        days.add(until_on)
    return tuple(sorted(days))


def _minutes(begins: time | None, ends: time | None) -> int | None:
    """Minutes between two times of one day, None unless both are given and in order."""
    if begins is None or ends is None or (begins, ends) == (_MIDNIGHT, _DAY_ENDS):
        return None
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return minutes if minutes > 0 else None
