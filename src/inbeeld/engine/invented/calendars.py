"""School days of a school year: the three holiday regions, and the schools that go their own way.

Source of the holidays: the `holidays` package (school and public). Good Friday is a free day in the
three regions and a teaching day in their `-goede-vrijdag` variants, as in real schools. The Friday after
Ascension Day is taken as free everywhere (custom, no law).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from inbeeld.engine.refusal import BadInput

HOLIDAY_REGIONS = ("Noord", "Midden", "Zuid")
TEACHES_ON_GOOD_FRIDAY = "-goede-vrijdag"


@dataclass(frozen=True)
class Calendar:
    """One calendar of one school year; `off` are its free days apart from weekends."""

    key: str
    year_starts: date
    off: frozenset[date]

    @property
    def year_ends(self) -> date:
        return self.year_starts.replace(year=self.year_starts.year + 1) - timedelta(days=1)

    @property
    def dates(self) -> tuple[date, ...]:
        """Every date of the school year, 1 August to 31 July."""
        length = (self.year_ends - self.year_starts).days + 1
        return tuple(self.year_starts + timedelta(days=n) for n in range(length))

    @cached_property
    def school_days(self) -> tuple[date, ...]:
        return tuple(day for day in self.dates if self.is_school_day(day))

    def is_school_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.off

    def until(self, on: date) -> tuple[date, ...]:
        """The school days up to and including `on`."""
        return tuple(day for day in self.school_days if day <= on)

    def first_school_day_from(self, day: date) -> date:
        """The first school day on or after `day` (the last of the year when there is none)."""
        return next((found for found in self.school_days if found >= day), self.school_days[-1])


def regional_calendars(school_year: int) -> dict[str, Calendar]:
    """The calendars of the three holiday regions and their Good Friday variants, by key.

    Raises BadInput for a school year the `holidays` package knows no school holidays of.
    """
    calendars = {}
    for region in HOLIDAY_REGIONS:
        off, good_friday = _free_days(region, school_year)
        variant = region + TEACHES_ON_GOOD_FRIDAY
        calendars[region] = Calendar(region, date(school_year, 8, 1), off)
        calendars[variant] = Calendar(variant, date(school_year, 8, 1), off - good_friday)
    return calendars


def own_calendar(key: str, base: Calendar, *, study_days: int, second_may_week: bool) -> Calendar:
    """The calendar of a school that deviates: `study_days` free Wednesdays, perhaps a longer May break."""
    wednesdays = [day for day in base.school_days if day.weekday() == 2]
    step = max(1, len(wednesdays) // (study_days + 1))
    off = set(base.off) | set(wednesdays[step::step][:study_days])
    if second_may_week:
        fifth_of_may = date(base.year_starts.year + 1, 5, 5)
        monday = fifth_of_may - timedelta(days=fifth_of_may.weekday())
        off |= {monday + timedelta(days=n) for n in range(5)}
    return Calendar(key, base.year_starts, frozenset(off))


def _free_days(region: str, school_year: int) -> tuple[frozenset[date], frozenset[date]]:
    """All free days of a holiday region, and Good Friday apart."""
    import holidays

    named = holidays.country_holidays(
        "NL",
        subdiv=region,
        categories=("school", "public"),
        years=(school_year, school_year + 1),
        language="en_US",
    )
    first, last = date(school_year, 8, 1), date(school_year + 1, 7, 31)
    found = {day: name for day, name in named.items() if first <= day <= last}
    months_with_a_break = {day.month for day, name in found.items() if "Break" in name}
    if not months_with_a_break >= {8, 10, 12, 2, 7}:
        raise BadInput(
            "school year", "a school year of which the school holidays are known", found=str(school_year)
        )
    off = set(found)
    off |= {day + timedelta(days=1) for day, name in found.items() if "Ascension" in name}
    return frozenset(off), frozenset(day for day, name in found.items() if "Good Friday" in name)
