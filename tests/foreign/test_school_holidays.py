"""Our school holidays (the holidays package) beside an independent public list with two known typos."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

REGIONS = {"NO": "Noord", "MI": "Midden", "ZU": "Zuid"}
FIRST, LAST = date(2019, 12, 21), date(2030, 8, 31)
# In the public list the spring holiday of Zuid ends in March instead of February in these years.
TYPOS = {
    "Zuid": [(date(2027, 2, 22), date(2027, 3, 21)), (date(2029, 2, 19), date(2029, 3, 18))],
    "Midden": [],
    "Noord": [],
}


def listed(shared: Path, region: str) -> set[date]:
    """The days of the public list for a region."""
    file = shared / "openholidays_nl" / "holidays.school.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if region in row["Groups"].split(",")]
    return {
        day
        for row in rows
        for day in days(date.fromisoformat(row["StartDate"]), date.fromisoformat(row["EndDate"]))
        if FIRST <= day <= LAST
    }


def ours(region: str) -> set[date]:
    """The days of the package for a region."""
    import holidays

    school = holidays.Netherlands(
        years=range(FIRST.year, LAST.year + 1), subdiv=REGIONS[region], categories=("school",)
    )
    return {day for day in school if FIRST <= day <= LAST}


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@pytest.mark.parametrize("region", REGIONS)
def test_the_school_holidays_agree_day_for_day_but_for_the_known_typos(shared: Path, region: str) -> None:
    mistyped = {day for first, last in TYPOS[REGIONS[region]] for day in days(first, last)}
    theirs, mine = listed(shared, region), ours(region)
    assert len(mine) > 700
    assert mine - theirs == set()
    assert theirs - mine == mistyped


def test_the_typos_make_the_spring_holiday_of_zuid_five_weeks_long(shared: Path) -> None:
    theirs = listed(shared, "ZU")
    for first, last in TYPOS["Zuid"]:
        assert set(days(first, last)) <= theirs
