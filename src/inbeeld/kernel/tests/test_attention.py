"""Which verdicts ask what of whom: the table is whole; reports and parkings come back when they should."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.access import ROLES, ROWS, FieldClass
from inbeeld.kernel.attendance import ReportDuty
from inbeeld.kernel.attention import (
    ATTENTION,
    CLASS_OF_PARKING,
    Parked,
    Step,
    Taken,
    attention_of,
    reports_due,
    rules_for,
)
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.truth import Outcome

DAY = date(2026, 3, 2)
ABOUT_SICKNESS = "sickness"


def test_every_line_is_about_a_definition_of_the_catalogue_and_no_definition_stands_twice() -> None:
    assert {one.definition.key for one in ATTENTION} <= {one.key for one in CATALOGUE}
    assert len({one.key for one in ATTENTION}) == len(ATTENTION)


def test_every_line_is_dated_and_has_a_source() -> None:
    for one in ATTENTION:
        assert one.valid_from < one.next_review
        assert one.source.title and one.source.place


def test_a_role_is_asked_only_for_what_it_can_read() -> None:
    """Of a school the reason it delivered itself; of others only with a letter for medical facts."""
    for one in ATTENTION:
        for role in one.asks:
            assert role in ROLES
            cells = [row.cells for row in ROWS if row.role == role]
            assert any(set(row[FieldClass.ATT]) & set("rw") for row in cells), (one.key, role)
            if one.subject == ABOUT_SICKNESS and role not in ("mentor", "care_coordinator"):
                assert any(row[FieldClass.MED] != "." for row in cells), role


def test_every_step_is_asked_of_somebody() -> None:
    asked = {step for one in ATTENTION for step in one.asks.values()}
    assert asked | {Step.RECORD, Step.FIND_OUT} == set(Step)


def test_who_has_no_row_in_the_table_is_asked_nothing() -> None:
    for role in ("analyst", "application_administrator", "privacy_officer", "learner_16"):
        assert rules_for(role) == ()


def test_what_is_not_known_is_recorded_by_the_school_and_asked_by_others() -> None:
    duty = next(one for one in ATTENTION if one.subject == "report-duty")
    assert duty.step_for("care_coordinator", Outcome.YES) is Step.REPORT
    assert duty.step_for("care_coordinator", Outcome.UNKNOWN) is Step.RECORD
    assert duty.step_for("leerplicht_desk", Outcome.UNKNOWN) is Step.FIND_OUT
    assert duty.step_for("mentor", Outcome.UNKNOWN) is None


def test_clauses_are_named_in_the_order_in_which_they_are_answered() -> None:
    for one in ATTENTION:
        assert len(set(one.words())) == len(one.words())
        assert one.words()[-1]
    assert attention_of("no-such-rule@2020-01-01") is None


def duty(day: int) -> ReportDuty:
    return ReportDuty(DAY + timedelta(day - 1), DAY + timedelta(day), 960)


def test_while_an_absence_goes_on_one_report_in_seven_days_is_enough() -> None:
    run = [(DAY - timedelta(5), DAY + timedelta(30))]
    found = reports_due([duty(day) for day in (0, 3, 6, 7, 10, 14)], run)
    assert [(one.ends_on - DAY).days for one in found] == [0, 7, 14]


def test_after_a_day_at_school_each_duty_asks_for_its_own_report() -> None:
    runs = [(DAY - timedelta(5), DAY + timedelta(1)), (DAY + timedelta(3), DAY + timedelta(9))]
    assert len(reports_due([duty(0), duty(4)], runs)) == 2
    assert len(reports_due([duty(4), duty(0)], [])) == 2


@given(st.sets(st.integers(0, 60), min_size=1), st.booleans())
def test_no_seven_days_of_absence_go_without_a_report_that_was_due(days: set[int], goes_on: bool) -> None:
    runs = [(DAY, DAY + timedelta(60))] if goes_on else []
    reported = {(one.ends_on - DAY).days for one in reports_due([duty(day) for day in days], runs)}
    assert reported <= days and min(days) in reported
    for day in days - reported:
        assert goes_on and any(0 < day - one < 7 for one in reported)
    for one in reported:
        assert not goes_on or all(one == other or abs(one - other) >= 7 for other in reported)


@pytest.mark.parametrize(
    ("today", "outcome", "reached", "holds"),
    [
        (9, Outcome.YES, 0, True),
        (10, Outcome.YES, 0, False),  # the day itself
        (9, Outcome.YES, -3, True),  # corrected to earlier
        (9, Outcome.YES, 1, False),  # the next limit was passed
        (9, Outcome.UNKNOWN, 0, True),  # less sure than it was
    ],
)
def test_what_is_parked_is_back_on_its_day_or_when_it_gets_worse(
    today: int, outcome: Outcome, reached: int, holds: bool
) -> None:
    taken = Taken(DAY + timedelta(10), Outcome.YES, DAY)
    moment = {"today": DAY + timedelta(today), "outcome": outcome, "reached_on": DAY + timedelta(reached)}
    assert taken.holds(**moment) is holds


def test_what_was_not_known_and_is_certain_now_is_worse() -> None:
    taken = Taken(DAY + timedelta(10), Outcome.UNKNOWN, DAY)
    assert not taken.holds(today=DAY, outcome=Outcome.YES, reached_on=DAY)


def test_every_reason_to_park_is_of_a_class_somebody_may_write() -> None:
    assert set(CLASS_OF_PARKING) == set(Parked)
    for one in CLASS_OF_PARKING.values():
        assert any("w" in row.cells[one] for row in ROWS)
