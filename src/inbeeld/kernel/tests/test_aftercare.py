"""Returned, relapsed, and until when somebody is followed: the edges, and generated absences."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inbeeld.kernel.aftercare import Aftercare, Home, aftercare, last_home

ON = date(2026, 4, 17)
DAY = timedelta(days=1)


def home(days, *, until):
    return Home(until - (days - 1) * DAY, until)


@pytest.mark.parametrize(("days", "long"), [(27, False), (28, True)])
def test_four_weeks_make_a_time_at_home(days, long):
    found = last_home([home(days, until=ON - 10 * DAY)], on=ON)
    assert (found is not None) is long


@pytest.mark.parametrize(
    ("until", "kept"),
    [
        (date(2025, 4, 16), True),  # the day after is exactly a year ago
        (date(2025, 4, 15), False),
        (date(2026, 4, 16), True),
    ],
)
def test_who_came_back_is_followed_for_a_year(until, kept):
    one = home(40, until=until)
    assert (last_home([one], on=ON) == one) is kept
    assert one.is_kept(ON) is kept


def test_a_year_from_the_29th_of_february_ends_on_the_28th():
    assert home(40, until=date(2028, 2, 28)).kept_until == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("days_away", "said"),
    [(None, Aftercare.RETURNED), (1, Aftercare.RETURNED), (7, Aftercare.RETURNED), (8, Aftercare.RELAPSED)],
)
def test_away_again_for_longer_than_a_week_is_a_relapse(days_away, said):
    since = None if days_away is None else ON - (days_away - 1) * DAY
    assert aftercare(home(40, until=ON - 60 * DAY), away_since=since, on=ON) is said
    assert aftercare(None, away_since=since, on=ON) is None


absences = some.lists(
    some.tuples(some.dates(date(2024, 8, 1), date(2026, 4, 1)), some.integers(1, 90)), max_size=6
)


@given(absences, some.dates(date(2025, 8, 1), date(2026, 7, 31)))
def test_the_last_time_at_home_is_what_a_calendar_says(absences, on):
    """The plain twin goes back day by day, and knows no lengths in months but the calendar's own."""
    ended = [Home(first, first + (days - 1) * DAY) for first, days in absences]
    ended = [one for one in ended if one.last_on < on]
    day, expected = on - DAY, None
    while expected is None and day + DAY >= _a_year_before(on):
        found = [one for one in ended if one.last_on == day and (one.last_on - one.first_on).days >= 27]
        expected = found[0].last_on if found else None
        day -= DAY
    seen = last_home(ended, on=on)
    assert (seen and seen.last_on) == expected


def _a_year_before(on):
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return date(on.year - 1, 2, 28)
