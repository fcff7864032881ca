"""Facts of a case: from the cells of a spec row to a FactRow, and FactRows as a DuckDB table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from inbeeld.kernel.facts import FactRow
from tests.spec.tables import SpecRow

if TYPE_CHECKING:
    import duckdb

NOT_ABOUT_FACTS = {"definition", "on", "outcome", "edge", "why"}
NOTHING_SPECIAL = FactRow(
    learner="",
    school="A",
    phase=0,
    ongoing_since=None,
    ongoing_without_since=None,
    ongoing_open_since=None,
    absent_ytd=0,
    scheduled_ytd=0,
    absent_4w=0,
    scheduled_4w=0,
    absent_12w=0,
    scheduled_12w=0,
    layer_ytd=None,
    layer_4w=None,
    layer_12w=None,
    sick_reports_12w=0,
    alternating_days_15w=0,
    of_compulsory_age=True,
    enrolled=True,
    exempt=False,
)
SQL_TYPES = {"str": "VARCHAR", "int": "INTEGER", "bool": "BOOLEAN", "date": "DATE"}


def facts_in(row: SpecRow) -> FactRow:
    """The facts a row speaks of; the rest are those of a learner about whom nothing is the matter."""
    known = {field.name for field in fields(FactRow)}
    given: dict[str, Any] = {}
    for column, cell in row.cells.items():
        if column not in NOT_ABOUT_FACTS:
            name = column.replace(" ", "_")
            assert name in known, f"{row}: there is no fact called {column!r}"
            given[name] = value(cell)
    if "ongoing_without_since" in given:
        # A day without permission is open too.
        given.setdefault("ongoing_open_since", given["ongoing_without_since"])
    return replace(NOTHING_SPECIAL, learner=str(row), **given)


def value(cell: str) -> Any:
    """A cell as a value: yes, no, `?` (not known), `none`, a date, a number or a text."""
    if cell in ("?", "none"):
        return None
    if cell in ("yes", "no"):
        return cell == "yes"
    if cell.isdigit():
        return int(cell)
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return cell


def fill(con: duckdb.DuckDBPyConnection, rows: Iterable[FactRow]) -> None:
    """Make the table `wide_facts` of these rows, numbered in `place`, with the engine's types."""
    columns = ", ".join(f"{field.name} {SQL_TYPES[str(field.type).split()[0]]}" for field in fields(FactRow))
    con.execute(f"CREATE OR REPLACE TABLE wide_facts (place INTEGER, {columns})")
    values = [(place, *astuple(row)) for place, row in enumerate(rows)]
    marks = ", ".join("?" * (len(fields(FactRow)) + 1))
    con.executemany(f"INSERT INTO wide_facts VALUES ({marks})", values)
