"""Spells and the pattern of a child: each number against a plain count over the marks, on random years."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.attendance import Attendance, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar
from inbeeld.learners.spells import Missed, pattern_of, spells_of, years_of
from inbeeld.learners.tests.test_ribbon import ON, SCHOOL_DAYS, attendance, away

YEAR = date(2025, 8, 1)
PAST = [day for day in SCHOOL_DAYS if day <= ON]


def marks_on(*days: date, slots: int = 4, permission: bool | None = False) -> list[Mark]:
    return [mark for day in days for mark in away(day, slots=slots, permission=permission)]


@given(
    st.lists(
        st.tuples(st.sampled_from(PAST), st.integers(1, 4), st.sampled_from((True, False, None))), max_size=40
    )
)
def test_every_number_is_that_of_a_plain_count(away_on: list[tuple[date, int, bool | None]]) -> None:
    marks = [
        mark for day, slots, permission in away_on for mark in away(day, slots=slots, permission=permission)
    ]
    one = attendance(*marks)
    absent = {(mark.date, mark.slot) for mark in marks}
    whole = {day for day in PAST if all((day, slot) in absent for slot in range(1, 5))}
    runs: list[list[date]] = [[]]
    for day in PAST:
        if day in whole:
            runs[-1].append(day)
        elif runs[-1]:
            runs.append([])
    spells = spells_of(one)
    assert [(spell.first_on, spell.last_on, spell.school_days) for spell in spells] == [
        (run[0], run[-1], len(run)) for run in reversed(runs) if len(run) >= 3
    ]
    for spell in spells:
        assert spell.with_permission + spell.without_permission + spell.not_known == spell.school_days
    between = set(PAST) - {day for run in runs if len(run) >= 5 for day in run}
    pattern = pattern_of(one, year=YEAR)
    for weekday in range(5):
        days = {day for day in between if day.weekday() == weekday}
        touched = {day for day in days if any((day, slot) in absent for slot in range(1, 5))}
        assert pattern.days[weekday] == Missed(len(touched), len(days))
        for slot in range(1, 5):
            missed = sum((day, slot) in absent for day in days)
            assert pattern.parts[slot - 1][weekday] == Missed(missed, len(days))


def test_the_spell_that_goes_on_and_its_permissions_are_told() -> None:
    last = PAST[-4:]
    marks = [*marks_on(*last[:2], permission=None), *marks_on(last[2]), *marks_on(last[3], permission=True)]
    (spell,) = spells_of(attendance(*marks))
    assert (spell.ongoing, spell.school_days) == (True, 4)
    assert (spell.without_permission, spell.not_known, spell.with_permission) == (1, 2, 1)


def test_a_week_at_home_says_nothing_of_one_weekday() -> None:
    mondays = [day for day in PAST if day.weekday() == 0]
    found = pattern_of(attendance(*marks_on(*mondays[:3], slots=2), *marks_on(*PAST[60:80])), year=YEAR)
    assert [one.missed for one in found.days] == [3, 0, 0, 0, 0]
    assert [row[0].missed for row in found.parts] == [3, 3, 0, 0]


def test_a_ninth_hour_has_a_row_where_it_was_marked() -> None:
    found = pattern_of(attendance(Mark("S1", PAST[0], 9, 50, "absent", None, False)), year=YEAR)
    assert len(found.parts) == 9 and found.parts[8][PAST[0].weekday()].missed == 1


def test_quarters_are_rounded_up_so_that_something_is_never_nothing() -> None:
    assert [Missed(number, 20).quarters for number in (0, 1, 5, 6, 10, 20)] == [0, 1, 1, 2, 2, 4]
    assert Missed(0, 0).quarters == 0


def test_a_year_can_be_drawn_when_there_are_marks_of_it() -> None:
    before = [day - timedelta(days=364) for day in SCHOOL_DAYS]
    one = Attendance(
        learner="L1", on=ON, schools={"S1": School("S1", "vo", 4, "Noord")},
        calendars={"Noord": SchoolCalendar([*before, *SCHOOL_DAYS])},
        enrolments=[Stay("S1", date(2022, 8, 1))], marks=marks_on(before[10]),
    )  # fmt: skip
    assert years_of(one) == (date(2025, 8, 1), date(2024, 8, 1))
    assert years_of(attendance()) == (YEAR,)
    assert pattern_of(one, year=date(2024, 8, 1)).is_any and not pattern_of(one, year=YEAR).is_any
