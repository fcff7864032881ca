"""School days and school weeks, numbered so that holidays have no number; lengths of time; school years."""

from __future__ import annotations

import calendar as months_of_the_year
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (or earlier), clipped to the end of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, months_of_the_year.monthrange(year, month + 1)[1]))


def birthday(born_on: date, years: int) -> date:
    """The day someone turns `years`; born on 29 February counts on 28 February in other years."""
    return add_months(born_on, 12 * years)


def school_year_begin(day: date) -> date:
    """1 August of the school year that holds `day` (WPO/WVO: 1 August to 31 July)."""
    return date(day.year if day.month >= 8 else day.year - 1, 8, 1)


def school_year_end(day: date) -> date:
    """31 July of the school year that holds `day`."""
    return date(school_year_begin(day).year + 1, 7, 31)


def monday_of(day: date) -> date:
    """The Monday of the ISO week that holds `day`."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Duration:
    """A length of time in calendar days or in calendar months, never both."""

    days: int = 0
    months: int = 0

    def is_exceeded(self, first: date, on: date) -> bool:
        """Has what began on `first` and still goes on at `on` lasted *longer than* this?

        Days count both ends (`on` - `first` + 1); a number of months is exceeded after the
        same day of the month, clipped to the month's end.
        """
        if self.months:
            return add_months(first, self.months) < on
        return (on - first).days + 1 > self.days

    def is_reached(self, first: date, on: date) -> bool:
        """Has it lasted *at least* this? Only for lengths in days: no source says it of months."""
        if self.months:
            raise ValueError("at least a number of months has no agreed meaning")
        return (on - first).days + 1 >= self.days

    def first_exceeded_on(self, first: date) -> date:
        """The first day on which what began on `first` has lasted longer than this."""
        if self.months:
            return add_months(first, self.months) + ONE_DAY
        return first + self.days * ONE_DAY

    def latest_first_exceeding(self, on: date) -> date:
        """The last first day from which this length is exceeded at `on`; every earlier one exceeds it too."""
        first = on
        while not self.is_exceeded(first, on):
            first -= ONE_DAY
        return first

    def latest_first_reaching(self, on: date) -> date:
        """The last first day from which this length is reached at `on`."""
        return on - timedelta(days=self.days - 1)


def days(number: int) -> Duration:
    """A length of `number` calendar days."""
    return Duration(days=number)


def weeks(number: int) -> Duration:
    """A length of `number` calendar weeks."""
    return Duration(days=7 * number)


def months(number: int) -> Duration:
    """A length of `number` calendar months."""
    return Duration(months=number)


class SchoolCalendar:
    """The school days of one calendar, numbered 1, 2, … and their ISO weeks numbered 1, 2, …"""

    def __init__(self, school_days: Iterable[date]) -> None:
        self.days = sorted(set(school_days))
        self.weeks = sorted({monday_of(day) for day in self.days})

    def __contains__(self, day: date) -> bool:
        number = self.number_of_days_until(day)
        return number > 0 and self.days[number - 1] == day

    def number_of_days_until(self, day: date) -> int:
        """How many school days there are up to and including `day`."""
        return bisect_right(self.days, day)

    def between(self, first: date, last: date) -> list[date]:
        """The school days from `first` up to and including `last`."""
        return self.days[bisect_right(self.days, first - ONE_DAY) : bisect_right(self.days, last)]
