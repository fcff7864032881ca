"""School days without holidays, lengths of time, school years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.calendar import (
    Duration,
    SchoolCalendar,
    add_months,
    birthday,
    days,
    monday_of,
    months,
    school_year_begin,
    school_year_end,
    weeks,
)

some_days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
school_days = st.sets(st.dates(date(2025, 8, 1), date(2026, 7, 31)), max_size=80)


@given(school_days)
def test_school_days_are_numbered_one_by_one_and_others_have_no_number(chosen: set[date]) -> None:
    calendar = SchoolCalendar(chosen)
    assert [calendar.number_of_days_until(day) for day in sorted(chosen)] == list(range(1, len(chosen) + 1))
    for day in (date(2025, 8, 1) + timedelta(number) for number in range(365)):
        assert (day in calendar) == (day in chosen)
        before = calendar.number_of_days_until(day - timedelta(1))
        assert calendar.number_of_days_until(day) == before + (day in chosen)


@given(school_days)
def test_school_weeks_are_the_mondays_of_school_days(chosen: set[date]) -> None:
    calendar = SchoolCalendar(chosen)
    assert calendar.weeks == sorted({day - timedelta(day.isoweekday() - 1) for day in chosen})
    assert all(monday.weekday() == 0 for monday in calendar.weeks)


@given(school_days, some_days, some_days)
def test_between_gives_the_school_days_with_both_ends(chosen: set[date], one: date, other: date) -> None:
    found = SchoolCalendar(chosen).between(one, other)
    assert found == sorted(day for day in chosen if one <= day <= other)


def test_a_day_given_twice_is_one_school_day() -> None:
    assert SchoolCalendar([date(2026, 3, 2)] * 2).days == [date(2026, 3, 2)]


@given(some_days, st.integers(-40, 40))
def test_adding_months_keeps_the_day_or_clips_it_to_the_end(day: date, number: int) -> None:
    later = add_months(day, number)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == number
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)


@given(some_days, st.integers(0, 14))
def test_a_later_day_is_never_earlier_some_months_on(day: date, number: int) -> None:
    assert add_months(day, number) <= add_months(day + timedelta(1), number)


def test_months_clip_to_the_end() -> None:
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert add_months(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)


def test_who_is_born_on_a_leap_day_turns_a_year_older_on_the_28th() -> None:
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)
    assert birthday(date(2008, 2, 29), 18) == date(2026, 2, 28)


@given(some_days)
def test_a_school_year_runs_from_1_august_to_31_july(day: date) -> None:
    begin, end = school_year_begin(day), school_year_end(day)
    assert begin <= day <= end
    assert (begin.month, begin.day, end.month, end.day) == (8, 1, 7, 31)
    assert end.year == begin.year + 1


@given(some_days)
def test_a_week_begins_on_monday(day: date) -> None:
    assert monday_of(day).isocalendar()[:2] == day.isocalendar()[:2]
    assert monday_of(day).isoweekday() == 1


@given(some_days, st.integers(1, 500))
def test_days_count_both_ends(first: date, number: int) -> None:
    last = first + timedelta(number - 1)
    assert days(number).is_reached(first, last)
    assert not days(number).is_exceeded(first, last)
    assert days(number).is_exceeded(first, last + timedelta(1))


def test_weeks_are_days_and_months_are_not() -> None:
    assert weeks(4) == days(28)
    assert months(3) == Duration(months=3)


def test_at_least_a_number_of_months_has_no_agreed_meaning() -> None:
    with pytest.raises(ValueError, match="months"):
        months(3).is_reached(date(2026, 1, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    "first", [date(2026, 1, 31), date(2025, 11, 30), date(2024, 2, 29), date(2026, 3, 20)]
)
@pytest.mark.parametrize("duration", [weeks(4), months(3)])
def test_the_passing_day_is_the_first_on_which_the_kernel_says_exceeded(
    first: date, duration: Duration
) -> None:
    day = duration.first_exceeded_on(first)
    assert duration.is_exceeded(first, day)
    assert not duration.is_exceeded(first, day - timedelta(days=1))
