"""The partial timetable that school and parents agreed: when it held, and that it is no absence.

Since 1 August 2018 a school may let a learner come for fewer hours for physical or mental reasons, when the
parents agree. The school writes those hours down as such; only who may know the reason of an absence reads
that, as it tells of health.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inbeeld.kernel.attendance import Attendance, Mark
from inbeeld.kernel.calendar import school_year_begin
from inbeeld.learners.reasons import KnownReasons

#: So many of the last days say how the timetable is now: two school weeks of five days.
LAST_DAYS = 10


@dataclass(frozen=True)
class Timetable:
    """In one school year: first and last day, how many days, and how many parts of the day or lesson hours.

    `week`: of each weekday the latest day, and the parts that were free on it.
    """

    first_on: date
    last_on: date
    days: frozenset[date]
    parts: int
    week: tuple[tuple[date, tuple[int, ...]], ...]


def timetable_of(attendance: Attendance, knows: KnownReasons, *, year: date) -> Timetable | None:
    """What was agreed in the school year that begins on `year`; None: nothing, or it is not for who looks."""
    agreed = {day: marks for day, marks in attendance.agreed.items() if school_year_begin(day) == year}
    if not agreed or not knows.until(max(agreed)):
        return None
    return Timetable(
        first_on=min(agreed),
        last_on=max(agreed),
        days=frozenset(agreed),
        parts=sum(map(len, agreed.values())),
        week=_week(agreed),
    )


def _week(agreed: Mapping[date, Sequence[Mark]]) -> tuple[tuple[date, tuple[int, ...]], ...]:
    """Of each weekday the latest day with it, Monday first."""
    latest: dict[int, date] = {}
    for day in sorted(agreed)[-LAST_DAYS:]:
        latest[day.weekday()] = day
    return tuple((day, tuple(sorted(mark.slot for mark in agreed[day]))) for _, day in sorted(latest.items()))
