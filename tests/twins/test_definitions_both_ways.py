"""Every definition says the same of a child in words and of a table in SQL; so does the logic under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbeeld.kernel.calendar import ONE_DAY, Duration, days, months, weeks
from inbeeld.kernel.definition import in_force
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.definitions.compulsory_age import of_compulsory_age
from inbeeld.kernel.definitions.phases import (
    beyond_three_months,
    four_weeks_up_to_three_months,
    phase_of,
    up_to_four_weeks,
)
from inbeeld.kernel.facts import (
    Birth,
    ChildDate,
    ColumnDate,
    FactRow,
    facts_as_columns,
    facts_of_child,
    latest_birth,
)
from inbeeld.kernel.truth import NO, NOT_KNOWN, YES, Outcome, SqlTruth, Truth
from tests.spec.fact_rows import SQL_TYPES, fill
from tests.spec.tables import sections

QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FACES = {YES: "TRUE", NO: "FALSE", NOT_KNOWN: "CAST(NULL AS BOOLEAN)"}
OUTCOME_OF = {True: Outcome.YES, False: Outcome.NO, None: Outcome.UNKNOWN}

MONTH_ENDS = [date(2026, 2, 28), date(2024, 2, 29), date(2025, 11, 30), date(2026, 1, 31), date(2026, 7, 31)]
EDGES = [
    *MONTH_ENDS,
    date(2024, 2, 28),
    date(2024, 3, 1),
    date(2026, 3, 1),
    date(2026, 8, 1),
    date(2026, 1, 1),
]
judging_days = st.sampled_from(EDGES) | st.dates(date(2016, 1, 1), date(2032, 12, 31))
lengths = (
    st.builds(days, st.integers(1, 400))
    | st.builds(weeks, st.integers(1, 30))
    | st.builds(months, st.integers(1, 14))
)


@st.composite
def recent_days(draw: st.DrawFn, on: date) -> date | None:
    """A day up to `on`: any, or one near an edge a definition draws; or none."""
    near = st.sampled_from([0, 1, 6, 26, 27, 28, 29, 88, 89, 90, 91, 92, 93, 120]).map(
        lambda ago: on - timedelta(ago)
    )
    return draw(st.none() | near | st.dates(on - timedelta(500), on))


@st.composite
def births(draw: st.DrawFn, on: date) -> date | None:
    """A birth date: often a birthday that a definition asks for, give or take a day; leap days too."""
    years = draw(st.sampled_from([0, 3, 4, 5, 6, 10, 15, 16, 17, 18, 19, 40]))
    anchors = [date(on.year - years, month, day) for month, day in ((1, 1), (7, 31), (8, 1), (2, 28), (3, 1))]
    anchors += [date(year, 2, 29) for year in (2004, 2008, 2012, 2016, 2020)]
    anchors += [on - timedelta(days=round(years * 365.25)), on.replace(day=1, year=on.year - years)]
    anchor = draw(st.sampled_from(anchors)) + timedelta(draw(st.integers(-2, 2)))
    return draw(st.sampled_from([anchor, anchor, anchor, None]))


@st.composite
def fact_rows(draw: st.DrawFn, on: date) -> FactRow:
    """Facts of a learner, consistent or not, with nothing known wherever that may be."""
    maybe = st.none() | st.booleans()
    layer = st.none() | st.integers(0, 3)
    some_day = recent_days(on)
    small = st.integers(0, 400)
    by_type = {"int": small, "bool": st.booleans()}
    named = {
        "learner": st.just("L"),
        "school": st.none() | st.just("A"),
        "of_compulsory_age": maybe,
        "basic_qualification": maybe,
        "born_on": births(on),
        "alternating_days_15w": st.integers(0, 20),
        **dict.fromkeys(["layer_ytd", "layer_4w", "layer_12w"], layer),
        **dict.fromkeys(
            [
                "ongoing_since", "ongoing_without_since", "ongoing_open_since", "report_duty_on",
                "sick_alert_on",
            ],
            some_day,
        ),
    }  # fmt: skip
    return FactRow(
        **{
            one.name: draw(named[one.name] if one.name in named else by_type[str(one.type)])
            for one in fields(FactRow)
        }
    )


@st.composite
def days_and_rows(draw: st.DrawFn) -> tuple[date, list[FactRow]]:
    """A day of judging and what is known on it of some learners."""
    on = draw(judging_days)
    return on, draw(st.lists(fact_rows(on), min_size=1, max_size=12))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@given(days_and_rows())
@settings(QUICK, max_examples=150)
def test_every_definition_says_the_same_of_a_child_and_of_a_column(
    con: duckdb.DuckDBPyConnection, drawn: tuple[date, list[FactRow]]
) -> None:
    on, rows = drawn
    fill(con, rows)
    columns = facts_as_columns(on=on)
    selected = ", ".join(one.sql(columns) for one in CATALOGUE)
    found = con.execute(f"SELECT {selected} FROM wide_facts ORDER BY place").fetchall()
    for row, answers in zip(rows, found, strict=True):
        child = facts_of_child(row, on=on)
        for one, answer in zip(CATALOGUE, answers, strict=True):
            assert one.verdict(child).outcome == OUTCOME_OF[answer], one.key


@given(days_and_rows())
@QUICK
def test_what_the_specification_calls_never_never_is(drawn: tuple[date, list[FactRow]]) -> None:
    on, rows = drawn
    never = {one.settings["definition"]: one.never for one in sections() if one.never}
    assert never
    for one in CATALOGUE:
        for row in rows:
            assert one.verdict(facts_of_child(row, on=on)).outcome.word not in never.get(one.key, ())


def test_the_table_of_facts_holds_every_fact() -> None:
    assert {str(one.type).split()[0] for one in fields(FactRow)} == set(SQL_TYPES)


def test_keys_are_unique_and_every_definition_is_due_for_review_after_it_began() -> None:
    keys = [one.key for one in CATALOGUE]
    assert len(set(keys)) == len(keys)
    assert [
        one.key for one in CATALOGUE if one.next_review <= max(one.valid_from, one.source.last_read_on)
    ] == []


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)))
@QUICK
def test_in_force_are_those_that_have_begun_and_not_ended(on: date) -> None:
    assert in_force(CATALOGUE, on) == tuple(
        one for one in CATALOGUE if one.valid_from <= on and not (one.valid_until and one.valid_until < on)
    )


@pytest.mark.parametrize("left", FACES, ids=lambda truth: truth.outcome.word)
@pytest.mark.parametrize("right", FACES, ids=lambda truth: truth.outcome.word)
def test_the_two_logics_have_one_truth_table(
    con: duckdb.DuckDBPyConnection, left: Truth, right: Truth
) -> None:
    one, other = SqlTruth(FACES[left]), SqlTruth(FACES[right])
    pairs: list[tuple[Truth, SqlTruth]] = [
        (left & right, one & other),
        (left | right, one | other),
        (~left, ~one),
        (left.certainly(), one.certainly()),
        (left.unless_certain(), one.unless_certain()),
        (~(left & right), ~one | ~other),
        (left & right.unless_certain(), one & other.unless_certain()),
    ]
    for plain, column in pairs:
        found = con.execute(f"SELECT {column.sql}").fetchone()
        assert found is not None
        assert plain.outcome == OUTCOME_OF[found[0]], column.sql


@given(lengths, judging_days)
@QUICK
def test_the_last_day_from_which_a_length_is_exceeded_is_the_last(length: Duration, on: date) -> None:
    limit = length.latest_first_exceeding(on)
    assert length.is_exceeded(limit, on)
    assert not length.is_exceeded(limit + ONE_DAY, on)


@given(lengths, judging_days, st.integers(0, 600))
@QUICK
def test_a_length_is_exceeded_by_every_first_day_up_to_the_last(length: Duration, on: date, ago: int) -> None:
    first = on - timedelta(ago)
    assert length.is_exceeded(first, on) == (first <= length.latest_first_exceeding(on))


@given(st.integers(1, 400).map(days), judging_days, st.integers(0, 600))
@QUICK
def test_a_number_of_days_is_reached_by_every_first_day_up_to_the_last(
    length: Duration, on: date, ago: int
) -> None:
    first = on - timedelta(ago)
    assert length.is_reached(first, on) == (first <= length.latest_first_reaching(on))
    assert length.is_reached(first, on) or not length.is_exceeded(first, on)


QUESTIONS = {
    "has turned 4": lambda birth: birth.has_turned(4),
    "has turned 18": lambda birth: birth.has_turned(18),
    "month after 5 has begun": lambda birth: birth.month_after_birthday_has_begun(5),
    "school year of 16 has ended": lambda birth: birth.school_year_of_birthday_has_ended(16),
}


def plainly(question: str, born: date, on: date) -> bool:
    """The same questions answered on the calendar, without the kernel."""
    years = int(question.split()[-1]) if question.startswith("has") else 5 if "5" in question else 16
    leap_born = (born.month, born.day) == (2, 29)
    leap = (born.year + years) % 4 == 0 and ((born.year + years) % 100 != 0 or (born.year + years) % 400 == 0)
    turned = (
        date(born.year + years, 2, 28) if leap_born and not leap else born.replace(year=born.year + years)
    )
    if question.startswith("has"):
        return turned <= on
    if question.startswith("month"):
        return (turned.year, turned.month) < (on.year, on.month)
    return on > date(turned.year + (turned.month >= 8), 7, 31)


@given(judging_days.flatmap(lambda on: st.tuples(st.just(on), births(on))))
@settings(QUICK, max_examples=200)
def test_questions_about_a_birth_date_are_answered_as_on_the_calendar(
    drawn: tuple[date, date | None],
) -> None:
    on, born = drawn
    for name, question in QUESTIONS.items():
        outcome = question(Birth(on, ChildDate(born))).outcome
        assert outcome == OUTCOME_OF[None if born is None else plainly(name, born, on)], name


@given(judging_days, st.sampled_from(sorted(QUESTIONS)))
@QUICK
def test_the_latest_birth_is_the_last_day_for_which_it_holds(on: date, name: str) -> None:
    column = QUESTIONS[name](Birth(on, ColumnDate("born_on")))
    limit = latest_birth(on, lambda born: plainly(name, born, on))
    assert plainly(name, limit, on) and not plainly(name, limit + ONE_DAY, on)
    assert column.sql == f"(born_on <= DATE '{limit}')"


@given(judging_days.flatmap(lambda on: st.tuples(st.just(on), fact_rows(on))))
@settings(QUICK, max_examples=200)
def test_at_home_a_child_is_in_exactly_the_phase_of_the_counter(drawn: tuple[date, FactRow]) -> None:
    on, row = drawn
    child = facts_of_child(row, on=on)
    phases = (up_to_four_weeks, four_weeks_up_to_three_months, beyond_three_months)
    yes = [number for number, one in enumerate(phases, 1) if one.verdict(child).outcome is Outcome.YES]
    must_be_somewhere = row.enrolled or row.of_compulsory_age
    assert yes == ([phase_of(row.ongoing_since, on=on)] if row.ongoing_since and must_be_somewhere else [])


@given(judging_days.flatmap(lambda on: st.tuples(st.just(on), fact_rows(on))))
@settings(QUICK, max_examples=300)
def test_compulsory_age_is_what_the_law_says_read_plainly(drawn: tuple[date, FactRow]) -> None:
    on, row = drawn
    born, qualified = row.born_on, row.basic_qualification
    expected: bool | None
    if born is None:
        expected = None
    elif not plainly("month after 5 has begun", born, on):
        expected = False
    elif not plainly("school year of 16 has ended", born, on):
        expected = True
    elif plainly("has turned 18", born, on):
        expected = False
    else:
        expected = None if qualified is None else not qualified
    assert of_compulsory_age.verdict(facts_of_child(row, on=on)).outcome == OUTCOME_OF[expected]
