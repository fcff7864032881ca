"""The page of a child over the years: which can be drawn, the spells and the pattern, as people read them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inbeeld.kernel.attendance import Attendance, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar
from inbeeld.learners import child as pages
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.test_ribbon import ON, SCHOOL_DAYS
from inbeeld.learners.tests.visiting import visitor, words
from inbeeld.organisations.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BEFORE = [day - timedelta(days=364) for day in SCHOOL_DAYS]
LATELY = [day for day in SCHOOL_DAYS if day <= ON]


@pytest.fixture
def address(settings, monkeypatch):
    """A child that was away for four days last year, and for one hour on two Mondays this year."""
    settings.INBEELD_TRIAL = True
    make.judgement()
    mondays = [day for day in LATELY if day.weekday() == 0][:2]
    marks = [(day, slot) for day in BEFORE[10:14] for slot in range(1, 5)] + [(day, 1) for day in mondays]
    known = Attendance(
        learner="L1", on=ON, schools={"S1": School("S1", "vo", 4, "Noord")},
        calendars={"Noord": SchoolCalendar([*BEFORE, *SCHOOL_DAYS])},
        enrolments=[Stay("S1", date(2022, 8, 1))],
        marks=[Mark("S1", day, slot, 50, "absent", "unknown", False) for day, slot in marks],
        born_on=date(2012, 5, 1),
    )  # fmt: skip
    monkeypatch.setattr(pages, "attendance_of", lambda key, *, judgement: known)
    return f"/kind/{make.learner(make.organisation()).reference}/"


@pytest.fixture
def read(address):
    from inbeeld.learners.models import Learner

    coordinator = make.actor(Role.CARE_COORDINATOR, Learner.for_operations.get().standing.school)
    return lambda query="": words(visitor(coordinator).get(address + query))


def test_this_year_is_drawn_and_the_year_before_is_a_link(read):
    page = read()
    assert "The school year 2025-2026" in page and "2024-2025" in page
    assert "2 days with absence, as a table" in page


def test_an_earlier_year_is_drawn_when_asked(read):
    page = read("?jaar=2024")
    assert "The school year 2024-2025" in page and "4 days with absence, as a table" in page


@pytest.mark.parametrize("year", ["2023", "2027", "", "x", "20245", "-2024", "２０２４"])
def test_a_year_nobody_knows_of_is_this_one(read, year):
    assert "The school year 2025-2026" in read(f"?jaar={year}")


def test_the_spells_of_all_years_are_told_with_their_permission(read):
    page = read()
    assert "1 spell of three school days or longer" in page and "4 without permission" in page


def test_the_pattern_tells_which_hours_of_which_days(read):
    page = read()
    pattern = page.partition("Missed by weekday")[2].partition("What the definitions")[0]
    there = [len([day for day in LATELY if day.weekday() == weekday]) for weekday in range(5)]
    assert "".join(map(str, there)) in pattern.replace(" ", "")
    assert "120000" in pattern.replace(" ", "") and "220000" not in pattern.replace(" ", "")
    assert "days with absence20000" in pattern.replace("absence ", "absence")
    assert "days with absence11110" in read("?jaar=2024").replace("absence ", "absence")
