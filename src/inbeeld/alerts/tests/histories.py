"""Small made-up histories of one learner, for the tests of this room: marks, a gap, an exemption."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from inbeeld.alerts.course import Course
from inbeeld.kernel.attendance import Attendance, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar, school_year_begin

BEGIN = date(2025, 9, 1)  # a Monday
WEEKS = 18
SLOTS = 3
DATES = [BEGIN + timedelta(number) for number in range(7 * WEEKS)]
SAID = st.sampled_from([("truant", False), ("truant", False), ("sick", True), ("leave", True), (None, None)])


def attendance(marks: list[Mark], **values: object) -> Attendance:
    """A learner of thirteen at one school from the first day on, judged on the last."""
    return Attendance(**{
        "learner": "L", "on": DATES[-1], "schools": {"A": School("A", "vo", SLOTS, "C")},
        "calendars": {"C": SchoolCalendar([day for day in DATES if day.weekday() < 5])},
        "enrolments": [Stay("A", BEGIN)], "marks": marks, "born_on": date(2012, 5, 5), **values,
    })  # fmt: skip


def away(first: date, days: int, *, permission: bool | None, reason: str | None = None) -> list[Mark]:
    """So many calendar days away, whole days."""
    return [
        Mark("A", first + timedelta(day), slot, 60, "absent", reason, permission)
        for day in range(days)
        for slot in range(1, SLOTS + 1)
    ]


@st.composite
def histories(draw: st.DrawFn) -> Attendance:
    """Runs of whole and half days missed; who may leave school, be exempt, or have no known birth date."""
    marks: list[Mark] = []
    runs = st.tuples(st.integers(0, 7 * WEEKS - 1), st.integers(1, 60), SAID, st.sampled_from([3, 3, 3, 1]))
    for start, length, (reason, permission), slots in draw(st.lists(runs, max_size=5)):
        for day in DATES[start : start + length]:
            marks += [Mark("A", day, slot + 1, 60, "absent", reason, permission) for slot in range(slots)]
    one = attendance(list({(mark.date, mark.slot): mark for mark in marks}.values()))
    day = st.sampled_from(DATES)
    if draw(st.integers(0, 3)) == 0:
        leaves, comes = sorted((draw(day), draw(day)))
        one = replace(one, enrolments=[Stay("A", BEGIN, leaves), Stay("A", comes + timedelta(1))])
    if draw(st.integers(0, 3)) == 0:
        first, last = sorted((draw(day), draw(day)))
        one = replace(one, exemptions=[Stay("5a", first, last)])
    if draw(st.integers(0, 5)) == 0:
        one = replace(one, born_on=None)
    return one


def course_of(one: Attendance, on: date) -> Course:
    """What a judgement on this day knows, from the plain twin of the engine."""
    then = replace(one, on=on)
    return Course(
        row=then.facts,
        on=on,
        duties=tuple(duty for duty in then.report_duties if duty.ends_on >= school_year_begin(on)),
        runs=tuple((run.first_on, run.last_on) for run in then.episodes if run.family == "without"),
    )
