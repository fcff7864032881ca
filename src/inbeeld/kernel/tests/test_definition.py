"""A definition read for one child: clauses in words, reasons, and when it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inbeeld.kernel.definition import Definition, in_force
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.definitions.compulsory_age import of_compulsory_age
from inbeeld.kernel.definitions.early_absence import layer_of
from inbeeld.kernel.definitions.thuiszitter import more_than_four_weeks_without_permission as thuiszitter
from inbeeld.kernel.facts import FACT_COLUMNS, FactRow, facts_of_child
from inbeeld.kernel.truth import Outcome

ON = date(2026, 3, 27)
CHILD = FactRow(
    learner="L",
    school="A",
    phase=2,
    ongoing_since=date(2026, 2, 1),
    ongoing_without_since=date(2026, 3, 2),
    ongoing_open_since=date(2026, 2, 1),
    **dict.fromkeys(
        [f"{what}_{window}" for what in ("absent", "scheduled") for window in ("ytd", "4w", "12w")], 0
    ),
    **dict.fromkeys(["layer_ytd", "layer_4w", "layer_12w"]),
    sick_reports_12w=0,
    alternating_days_15w=0,
    of_compulsory_age=True,
    enrolled=True,
    exempt=False,
    born_on=date(2012, 5, 5),
)


def test_a_verdict_says_every_clause_with_its_reason() -> None:
    verdict = thuiszitter.verdict(facts_of_child(CHILD, on=ON))
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.on == ON
    assert [(clause.words, clause.truth.outcome.word) for clause in verdict.clauses] == [
        ("is of compulsory school age", "yes"),
        ("is enrolled at a school", "yes"),
        ("holds no exemption", "yes"),
        ("is away without permission for more than four weeks", "unknown"),
    ]
    assert [str(reason) for clause in verdict.clauses for reason in clause.truth.because] == [
        "born on 2012-05-05",
        "away since 2026-03-02: 26 calendar days",
        "perhaps since 2026-02-01 (55 calendar days): the school has not said yet "
        "whether there was permission",
    ]


def test_what_is_missing_is_said() -> None:
    child = facts_of_child(
        replace(
            CHILD, born_on=None, of_compulsory_age=None, ongoing_without_since=None, ongoing_open_since=None
        ),
        on=ON,
    )
    said = [str(reason) for clause in thuiszitter.verdict(child).clauses for reason in clause.truth.because]
    assert said == ["the birth date is not known", "not away on this day"]


def test_a_missing_qualification_is_named_not_the_birth_date() -> None:
    row = replace(CHILD, born_on=date(2009, 5, 2), basic_qualification=None, of_compulsory_age=None)
    child = facts_of_child(row, on=ON)
    for definition in (of_compulsory_age, thuiszitter):
        missing = [
            str(reason)
            for clause in definition.verdict(child).clauses
            if clause.truth.outcome is Outcome.UNKNOWN
            for reason in clause.truth.because
        ]
        assert missing[0] == "whether there is a basic qualification is not known"
        assert not any("born on" in reason for reason in missing)


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.key)
def test_a_definition_says_who_agreed_it_where_and_when_to_look_again(one: Definition) -> None:
    assert one.key == f"{one.subject}-{one.agreed_by}@{one.valid_from}"
    assert all([one.name, one.in_words.endswith("."), one.source.title, one.source.place])
    assert one.valid_from < one.source.last_read_on < one.next_review
    assert one.clauses.__doc__
    clauses = one.verdict(facts_of_child(CHILD, on=ON)).clauses
    assert clauses
    assert len({clause.words for clause in clauses}) == len(clauses)


def test_a_definition_holds_from_its_first_to_its_last_day() -> None:
    ended = replace(thuiszitter, valid_until=date(2020, 7, 31))
    days = [date(2019, 7, 31), date(2019, 8, 1), date(2020, 7, 31), date(2020, 8, 1)]
    assert [ended.is_in_force(day) for day in days] == [False, True, True, False]
    assert in_force([ended, thuiszitter], date(2026, 1, 1)) == (thuiszitter,)


def test_the_table_of_facts_has_the_columns_of_the_contract() -> None:
    assert FACT_COLUMNS == (
        "learner", "school", "phase", "ongoing_since", "ongoing_without_since", "ongoing_open_since",
        "absent_ytd", "scheduled_ytd", "absent_4w", "scheduled_4w", "absent_12w", "scheduled_12w",
        "layer_ytd", "layer_4w", "layer_12w", "sick_reports_12w", "alternating_days_15w",
        "of_compulsory_age", "enrolled", "exempt",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("absent", "scheduled", "days", "layer"),
    [(4, 80, 20, 1), (3, 80, 20, 0), (8, 80, 20, 2), (16, 80, 20, 3), (80, 80, 19, None), (0, 0, 20, None)],
)
def test_a_layer_is_compared_as_whole_numbers(
    absent: int, scheduled: int, days: int, layer: int | None
) -> None:
    assert layer_of(absent, scheduled, days) == layer


def test_a_tenth_that_no_decimal_can_hold_is_a_tenth() -> None:
    for scheduled in range(10, 5000, 10):
        assert layer_of(scheduled // 10, scheduled, 20) == 2
        assert layer_of(scheduled // 10 - 1, scheduled, 20) != 2 or scheduled < 20


def test_a_region_may_set_cuts_and_minimum() -> None:
    assert layer_of(4, 80, 5, cuts=(4, 5, 6), minimum_days=5) == 2
