"""What one judgement says of one child: the edges of each rule, its numbers and days, and its sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from inbeeld.alerts import wording
from inbeeld.alerts.course import MEASURES, Told, told
from inbeeld.alerts.models import Alert
from inbeeld.alerts.tests.histories import BEGIN, DATES, attendance, away, course_of
from inbeeld.kernel.attendance import Attendance, Stay
from inbeeld.kernel.attention import ATTENTION
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.wording import when

KEYS = {one.subject: one.key for one in ATTENTION}
START = DATES[28]  # a Monday


def on_day(one: Attendance, day: date, subject: str) -> Told:
    return told(course_of(one, day))[KEYS[subject]]


def test_every_rule_has_its_numbers_its_name_and_its_sentence() -> None:
    subjects = {one.subject for one in ATTENTION}
    assert set(MEASURES) == set(wording.NAMES) == set(wording._SAID) == subjects


@pytest.mark.parametrize(("days", "asks"), [(14, False), (15, True), (28, True), (29, False)])
def test_four_weeks_are_near_from_the_fifteenth_day_until_they_are_passed(days: int, asks: bool) -> None:
    one = attendance(away(START, 60, permission=True))
    what = on_day(one, START + timedelta(days - 1), "phase-one")
    assert what.asks is asks
    if asks:
        assert what.measured.began_on == START
        assert what.measured.due_on == START + timedelta(28)


def test_after_four_weeks_the_next_limit_is_three_months() -> None:
    one = attendance(away(START, 98, permission=True))
    what = on_day(one, START + timedelta(28), "phase-two")
    assert what.asks and what.measured.reached_on == START + timedelta(28)
    assert what.measured.due_on == date(2025, 12, 30)
    last = on_day(one, DATES[-1], "phase-three")
    assert last.asks is (DATES[-1] >= date(2025, 12, 30))


def test_a_duty_to_report_says_the_hours_and_the_day_they_were_reached() -> None:
    one = attendance(away(START, 12, permission=False))
    what = on_day(one, START + timedelta(11), "report-duty")
    assert what.asks and what.outcome is Outcome.YES
    first = one.report_duties[0]
    # The second falls within seven days of the same absence.
    assert what.measured.number == first.minutes >= 960
    assert what.measured.due_on == what.measured.reached_on == first.ends_on


def test_a_silence_of_the_school_is_asked_about_after_a_week() -> None:
    one = attendance(away(START, 60, permission=None))
    assert not on_day(one, START + timedelta(5), "report-duty").asks
    what = on_day(one, START + timedelta(6), "report-duty")
    assert (what.asks, what.outcome, what.missing) == (True, Outcome.UNKNOWN, "permission")
    assert what.measured.number is None and what.measured.reached_on == START + timedelta(6)
    long = on_day(one, START + timedelta(28), "thuiszitter")
    assert (long.asks, long.outcome, long.missing) == (True, Outcome.UNKNOWN, "permission")


def test_of_who_need_not_be_there_nothing_is_asked() -> None:
    marks = away(START, 90, permission=False)
    exempt = attendance(marks, exemptions=[Stay("5a", BEGIN)])
    grown = attendance(marks, born_on=date(2006, 1, 1), enrolments=[Stay("A", BEGIN, START + timedelta(20))])
    for one in (exempt, grown):
        assert not any(what.asks for what in told(course_of(one, DATES[-1])).values())
    assert told(course_of(exempt, DATES[-1]))[KEYS["phase-three"]].no != ""


def test_a_child_on_no_roll_asks_from_the_first_day_without_a_school() -> None:
    one = attendance([], enrolments=[Stay("A", BEGIN, START)])
    course = replace(course_of(one, START + timedelta(3)), off_roll_since=START + timedelta(1))
    what = told(course)[KEYS["absolute-absence"]]
    assert what.asks and what.measured.began_on == START + timedelta(1)


def test_shares_and_days_that_come_and_go_have_a_number_and_no_day() -> None:
    one = attendance(away(START, 40, permission=True))
    for subject in ("alternating-absence", "layer-3"):
        what = on_day(one, START + timedelta(45), subject)
        assert what.asks, subject
        assert what.measured.number and what.measured.due_on is None and what.measured.began_on is None


def test_no_sentence_tells_why_somebody_was_away() -> None:
    """But that of sickness, which has walls of its own."""
    one = attendance(away(START, 60, permission=True, reason="sick"))
    for rule, what in told(course_of(one, START + timedelta(50))).items():
        if not what.asks or rule == KEYS["sickness"]:
            continue
        measured = what.measured
        alert = Alert(
            rule=rule, answer=what.outcome.word, missing=what.missing, number=measured.number,
            out_of=measured.out_of, began_on=measured.began_on or START, due_on=measured.due_on,
            reached_on=measured.reached_on or START, confirmed_on=START + timedelta(50),
        )  # fmt: skip
        assert "sick" not in wording.sentence(alert).lower()


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(0, "today"), (1, "in 1 day"), (3, "in 3 days"), (-1, "since 1 day"), (-9, "since 9 days")],
)
def test_when_a_step_is_due_is_said_in_days(ahead: int, words: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert when(START + timedelta(ahead), on=START) == words
        assert when(None, on=START) == ""
