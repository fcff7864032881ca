"""The specification holds: for one child in words, for a table in SQL, and end to end through the engine."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.facts import facts_as_columns, facts_of_child
from inbeeld.kernel.region import Region
from tests.spec.expected import (
    DEFINITIONS,
    SAID_OF_THE_ROW,
    Found,
    answers,
    answers_about_days,
    expectations,
    found_by_twin,
)
from tests.spec.fact_rows import facts_in, fill
from tests.spec.tables import OUTCOMES, SpecRow, all_rows, sections
from tests.spec.weeks import case_of
from tests.twins.random_regions import RandomRegion

ROWS = all_rows()
ABOUT_FACTS = [row for row in ROWS if not row.is_about_attendance]
ABOUT_ATTENDANCE = [row for row in ROWS if row.is_about_attendance]


@pytest.mark.parametrize("row", ABOUT_FACTS, ids=str)
def test_a_row_about_facts_holds_for_one_child(row: SpecRow) -> None:
    on = date.fromisoformat(row.cells["on"])
    verdict = DEFINITIONS[row.cells["definition"]].verdict(facts_of_child(facts_in(row), on=on))
    assert verdict.outcome.word == OUTCOMES[row.cells["outcome"]], row.cells["why"]


def test_every_row_about_facts_holds_as_sql() -> None:
    import duckdb

    with duckdb.connect() as con:
        fill(con, [facts_in(row) for row in ABOUT_FACTS])
        for place, row in enumerate(ABOUT_FACTS):
            columns = facts_as_columns(on=date.fromisoformat(row.cells["on"]))
            sql = DEFINITIONS[row.cells["definition"]].sql(columns)
            found = con.execute(f"SELECT {sql} FROM wide_facts WHERE place = {place}").fetchone()
            assert found is not None
            assert {True: "yes", False: "no", None: "unknown"}[found[0]] == OUTCOMES[row.cells["outcome"]], (
                str(row)
            )


@pytest.mark.parametrize("row", ABOUT_ATTENDANCE, ids=str)
def test_a_row_about_attendance_holds_for_the_plain_twin(row: SpecRow) -> None:
    case = case_of(row)
    [twin] = RandomRegion(case.on, case.tables).twins(Region())
    found = answers(row, found_by_twin(twin)) | answers_about_days(row, twin)
    assert found == expectations(row), row.cells["why"]


@pytest.mark.parametrize("row", ABOUT_ATTENDANCE, ids=str)
def test_a_row_about_attendance_holds_for_the_engine(row: SpecRow, found_by_engine: dict[str, Found]) -> None:
    found = answers(row, found_by_engine[str(row)])
    assert found == {name: cell for name, cell in expectations(row).items() if name in found}, row.cells[
        "why"
    ]


@pytest.mark.parametrize("key", [one.key for one in CATALOGUE])
def test_every_definition_has_a_row_for_each_outcome_and_both_sides_of_its_edge(key: str) -> None:
    mine = [row for row in ROWS if row.definition == key]
    never = {
        word for section in sections() if section.settings.get("definition") == key for word in section.never
    }
    assert {OUTCOMES[row.cells["outcome"]] for row in mine} == {"yes", "no", "unknown"} - never
    edges = defaultdict(set)
    for row in mine:
        if "edge" in row.cells:
            edges[row.cells["edge"]].add(row.cells["outcome"])
    assert edges, "no edge"
    assert {edge: sides for edge, sides in edges.items() if len(sides) < 2} == {}


def test_every_row_says_why_and_expects_something() -> None:
    assert [str(row) for row in ROWS if "why" not in row.cells] == []
    silent = [row for row in ABOUT_ATTENDANCE if not expectations(row).keys() - SAID_OF_THE_ROW]
    assert silent == []


def test_rows_speak_of_definitions_that_exist() -> None:
    assert {row.definition for row in ROWS if row.definition} - set(DEFINITIONS) == set()
