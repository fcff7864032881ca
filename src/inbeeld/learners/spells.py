"""How a child was away: its spells over the years, and which parts of the week it missed between. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from inbeeld.kernel.attendance import Attendance, SchoolDay
from inbeeld.kernel.calendar import school_year_begin, school_year_end

#: School days: shorter absences are in the ribbon, and in the pattern.
SHORTEST_SPELL = 3
#: From a school week in a row on it is a spell at home, which says nothing of one weekday or another.
AT_HOME = 5
WEEKDAYS = 5


@dataclass(frozen=True)
class Spell:
    """Whole days away in a row, and of how many of these school days there was which permission."""

    first_on: date
    last_on: date
    school_days: int
    ongoing: bool
    with_permission: int
    without_permission: int
    not_known: int


@dataclass(frozen=True)
class Missed:
    """How often something was missed, of how often it was there to be missed."""

    missed: int
    of: int

    @property
    def quarters(self) -> int:
        """The share in quarters, rounded up: 0 (never) to 4."""
        return -(-4 * self.missed // self.of) if self.of else 0


@dataclass(frozen=True)
class Pattern:
    """Which parts of the week were missed in a school year, outside spells of a school week or longer.

    `parts`: a row for each part of the day (or lesson hour), Monday to Friday; `days`: school days on which
    anything was missed.
    """

    parts: tuple[tuple[Missed, ...], ...]
    days: tuple[Missed, ...]

    @property
    def is_any(self) -> bool:
        return any(one.missed for one in self.days)


def spells_of(attendance: Attendance) -> tuple[Spell, ...]:
    """The spells of three school days or longer that the marks know, the latest first."""
    return tuple(
        _spell(attendance, episode.first_on, episode.last_on, ongoing=episode.ongoing)
        for episode in reversed(attendance.episodes)
        if episode.family == "any" and episode.school_days >= SHORTEST_SPELL
    )


def _spell(attendance: Attendance, first: date, last: date, *, ongoing: bool) -> Spell:
    found = Counter(day.permission for day in attendance.days if first <= day.date <= last)
    return Spell(
        first_on=first,
        last_on=last,
        school_days=found.total(),
        ongoing=ongoing,
        with_permission=found["with"],
        without_permission=found["without"],
        not_known=found["unknown"],
    )


def years_of(attendance: Attendance) -> tuple[date, ...]:
    """The first days of the school years of which there are marks, and of this one; the latest first.

    Of a year without a mark nobody knows whether it was delivered, so nothing is drawn of it.
    """
    marked = {
        mark.date for mark in attendance.standing_marks.values() if attendance.why_not_counted(mark) is None
    }
    return tuple(sorted({school_year_begin(day) for day in {*marked, attendance.on}}, reverse=True))


def pattern_of(attendance: Attendance, *, year: date) -> Pattern:
    """The pattern of one school year. Parts of the day are those of the school of its last day."""
    days = list(_days_between_spells(attendance, year))
    scheduled = Counter(day.date.weekday() for day in days)
    missed = Counter(day.date.weekday() for day in days if day.absent)
    alike = {day.date for day in days if day.school == days[-1].school}
    there = Counter(day.weekday() for day in alike)
    parts = Counter((mark.slot, day.weekday()) for day in alike for mark in attendance.missed.get(day, ()))
    # A school marks a ninth hour too where a day counts as eight.
    last = max([slot for slot, _ in parts] + [day.slots for day in days[-1:]], default=0)
    return Pattern(
        parts=tuple(
            tuple(Missed(parts[slot, weekday], there[weekday]) for weekday in range(WEEKDAYS))
            for slot in range(1, last + 1)
        ),
        days=tuple(Missed(missed[weekday], scheduled[weekday]) for weekday in range(WEEKDAYS)),
    )


def _days_between_spells(attendance: Attendance, year: date) -> Iterator[SchoolDay]:
    at_home = [
        (one.first_on, one.last_on)
        for one in attendance.episodes
        if one.family == "any" and one.school_days >= AT_HOME
    ]
    for day in attendance.days:
        if year <= day.date <= school_year_end(year) and not any(
            first <= day.date <= last for first, last in at_home
        ):
            yield day
