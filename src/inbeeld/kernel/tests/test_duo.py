"""When a report to DUO is due, which report meets it, and what the marks fill in: against a plain count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.attention import ATTENTION
from inbeeld.kernel.duo import (
    KIND_OF_SUBJECT,
    REPORTERS,
    Due,
    ReportKind,
    dues,
    filled,
    meets,
)
from inbeeld.kernel.tests.test_attendance import ON, SLOTS, SOME, all_dates, attendances

DAY = date(2026, 3, 2)
SIXTEEN, LONG = ReportKind.SIXTEEN_HOURS, ReportKind.LONG
days = st.sampled_from(all_dates)


def plain_days(one: Attendance, first: date, last: date) -> dict[date, list[str]]:
    """The reasons of what was missed without permission, by school day: read straight from the marks."""
    marks = {(mark.date, mark.slot): mark for mark in one.marks}
    found: dict[date, list[str]] = {}
    for (day, _slot), mark in sorted(marks.items()):
        counts = first <= day <= min(last, one.on) and day in one.calendars["C"] and mark.status == "absent"
        if counts and mark.permission is False:
            found.setdefault(day, []).append(mark.reason or "unknown")
    return found


@given(attendances(), days, days)
@SOME
def test_the_fields_of_a_report_are_those_of_a_plain_count(one: Attendance, first: date, last: date) -> None:
    known = filled(one, first=first, last=last, school="A")
    plain = plain_days(one, first, last)
    assert known.days == len(plain)
    assert known.minutes == 60 * sum(len(reasons) for reasons in plain.values())
    missed = {(mark.date, mark.slot) for mark in one.marks if mark.status == "absent"}
    whole = [all((day, slot) in missed for slot in range(1, SLOTS + 1)) for day in plain]
    assert known.all_lessons == (bool(whole) and all(whole))
    every = [reason for reasons in plain.values() for reason in reasons]
    assert dict(known.reasons) == {reason: every.count(reason) for reason in every}
    assert [number for _, number in known.reasons] == sorted(
        (number for _, number in known.reasons), reverse=True
    )


@given(attendances(), days)
@SOME
def test_what_another_school_marked_fills_in_nothing(one: Attendance, first: date) -> None:
    nothing = filled(one, first=first, last=ON, school="B")
    assert (nothing.days, nothing.minutes, nothing.all_lessons, nothing.reasons) == (0, 0, False, ())


@given(attendances())
@SOME
def test_every_duty_is_due_or_follows_within_a_week_in_one_absence(one: Attendance) -> None:
    found = [due for due in dues(one) if due.kind is SIXTEEN]
    ends = {due.ends_on for due in found}
    runs = [each for each in one.episodes if each.family == "without"]
    for duty in one.report_duties:
        before = [end for end in ends if end is not None and timedelta(0) < duty.ends_on - end < timedelta(7)]
        within = any(run.first_on <= end and duty.ends_on <= run.last_on for run in runs for end in before)
        assert duty.ends_on in ends or within
    assert all(due.school == "A" for due in found)


@given(attendances())
@SOME
def test_a_long_absence_is_due_once_it_has_lasted_longer_than_four_weeks(one: Attendance) -> None:
    expected = set()
    for run in one.episodes:
        last = one.on if run.ongoing else run.last_on
        if run.family == "without" and (last - run.first_on).days + 1 > 28:
            expected.add((run.first_on, None if run.ongoing else run.last_on))
    assert {(due.begins_on, due.ends_on) for due in dues(one) if due.kind is LONG} == expected


@given(attendances())
@SOME
def test_the_latest_stands_first_and_what_goes_on_before_all(one: Attendance) -> None:
    ends = [due.ends_on or date.max for due in dues(one)]
    assert ends == sorted(ends, reverse=True)


SIXTEEN_HOURS = Due(SIXTEEN, DAY, DAY + timedelta(10), "A", 960)


@pytest.mark.parametrize(
    ("begins", "ends", "met"), [(0, 10, True), (-3, 20, True), (10, 10, True), (0, None, True),
                                (11, 20, False), (0, 9, False)]
)  # fmt: skip
def test_of_sixteen_hours_the_day_they_were_reached_lies_within_the_report(begins, ends, met) -> None:
    until = None if ends is None else DAY + timedelta(ends)
    said = {"begins_on": DAY + timedelta(begins), "ends_on": until}
    assert meets(SIXTEEN_HOURS, kind=SIXTEEN, **said) is met
    assert meets(SIXTEEN_HOURS, kind=LONG, **said) is False


@pytest.mark.parametrize(
    ("due_ends", "begins", "ends", "met"),
    [(None, 0, None, True), (None, 30, None, True), (None, -40, -1, False), (None, -40, 0, True),
     (40, 41, None, False), (40, 40, None, True), (40, -9, 3, True)],
)  # fmt: skip
def test_of_a_long_absence_report_and_absence_have_a_day_in_common(due_ends, begins, ends, met) -> None:
    due = Due(LONG, DAY, None if due_ends is None else DAY + timedelta(due_ends), "A")
    until = None if ends is None else DAY + timedelta(ends)
    assert meets(due, kind=LONG, begins_on=DAY + timedelta(begins), ends_on=until) is met


def test_who_is_asked_to_report_works_at_a_school() -> None:
    assert {"attendance_coordinator", "care_coordinator"} == REPORTERS


def test_every_signal_that_asks_for_a_report_names_its_kind_and_no_other_does() -> None:
    assert {one.subject for one in ATTENTION if one.asks_for_a_report} == set(KIND_OF_SUBJECT)
