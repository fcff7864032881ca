"""The engine's SQL keeps to what is known to be counted right (docs/decisions/0004-no-range-frames.md).

It is read by a parser, so brackets, line breaks and named windows hide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import Template

import pytest
import sqlglot
from sqlglot import exp

from tests.conventions.tree import PACKAGE, ROOT

SQL = PACKAGE / "engine" / "sql"
#: Taken in by other steps as the value of $missed; no statement by itself.
COLUMNS_ONLY = "03_missed_columns"
#: What stands in a gap when a step is read here. A gap that is not named fails the test.
GAPS = {
    **dict.fromkeys(("on", "before_year", "year_begin", "phase_two_from", "phase_three_from"), "2026-10-01"),
    **dict.fromkeys(("minutes", "school_weeks", "reports", "days_in_a_row"), "4"),
    **dict.fromkeys(("alternating_weeks", "alternating_parts"), "4"),
    **dict.fromkeys(("layer_ytd", "layer_4w", "layer_12w"), "1"),
    "hour_units": "WHEN 'po' THEN 'clock'",
    "marks": "marks",
    "placed_marks": "(SELECT *, 0 AS file_no, 0 AS row_no FROM marks)",
    "of_compulsory_age": "TRUE",
    "missed": (SQL / f"{COLUMNS_ONLY}.sql").read_text("utf-8"),
}
#: These look at the order only, never at a frame; every other function over an ordered window needs ROWS.
WITHOUT_FRAME = (
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag, exp.Lead,
)  # fmt: skip
STEPS = sorted(path.stem for path in SQL.glob("*.sql") if path.stem != COLUMNS_ONLY)


def statements(text: str) -> list[exp.Expression]:
    """The statements of a step whose gaps are filled."""
    return [
        one for one in sqlglot.parse(Template(text).substitute(GAPS), dialect="duckdb") if one is not None
    ]


def mistakes(text: str) -> list[str]:
    """The windows that lean on a frame by value: said (RANGE, GROUPS), or unsaid (an order without ROWS)."""
    return [
        window.sql("duckdb")
        for statement in statements(text)
        for window in statement.find_all(exp.Window)
        if _counts_by_value(window)
    ]


def _counts_by_value(window: exp.Window) -> bool:
    if any(_kind(one) not in (None, "ROWS") for one in _with_those_named(window)):
        return True
    # In `WINDOW w AS (…)` a name stands where the function would; each use of it is judged instead.
    if isinstance(window.this, exp.Identifier) or isinstance(_function(window), WITHOUT_FRAME):
        return False
    ordered = any(one.args.get("order") for one in _with_those_named(window))
    return ordered and all(_kind(one) is None for one in _with_those_named(window))


def _function(window: exp.Window) -> exp.Expression:
    """What is computed, without FILTER (…) and IGNORE NULLS around it."""
    found = window.this
    while isinstance(found, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        found = found.this
    return found


def _kind(window: exp.Window) -> str | None:
    spec = window.args.get("spec")
    return str(spec.args["kind"]).upper() if spec else None


def _with_those_named(window: exp.Window) -> Iterator[exp.Window]:
    """The window and the named windows it builds on."""
    yield window
    select = window.find_ancestor(exp.Select)
    name = window.args.get("alias")
    for named in (select.args.get("windows") or []) if select and name else []:
        if named is not window and named.name.casefold() == str(name.name).casefold():
            yield from _with_those_named(named)


def for_spark(text: str, *, heard: pytest.LogCaptureFixture) -> None:
    """Write the statements as Spark would have them; raises for what Spark lacks or is only guessed at."""
    heard.clear()
    for statement in statements(text):
        assert not isinstance(statement, exp.Command), statement.sql()[:60]
        sqlglot.parse_one(statement.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE), dialect="spark")
    assert [said.getMessage() for said in heard.records if said.name == "sqlglot"] == []


def test_there_are_steps_to_read() -> None:
    assert len(STEPS) >= 10
    assert sum(len(list(one.find_all(exp.Window))) for step in STEPS for one in statements(_text(step))) >= 15


@pytest.mark.parametrize("step", STEPS)
def test_no_step_uses_a_frame_by_value(step: str) -> None:
    assert mistakes(_text(step)) == []


def test_the_peer_by_hand_uses_no_frame_by_value_either() -> None:
    assert mistakes((ROOT / "benchmarks" / "peers" / "hand_sql.sql").read_text("utf-8")) == []


@pytest.mark.parametrize("step", STEPS)
def test_every_statement_can_be_written_for_spark(step: str, caplog: pytest.LogCaptureFixture) -> None:
    for_spark(_text(step), heard=caplog)


@pytest.mark.parametrize(
    "window",
    [
        "SUM(x) OVER (ORDER BY w RANGE BETWEEN 3 PRECEDING AND 1 PRECEDING)",
        "COUNT(*) OVER (ORDER BY w GROUPS 1 PRECEDING)",
        "SUM(x) OVER (PARTITION BY id ORDER BY day_no)",
        "SUM(COALESCE(LEAST(x, y), (0))) OVER (PARTITION BY (id) ORDER BY GREATEST(a, (b)))",
        "SUM(x)\n    OVER (\n        ORDER BY day_no\n    )",
        "AVG(x) OVER (ORDER BY day_no)",
        "BIT_OR(x) OVER (ORDER BY day_no)",
        "SUM(x) FILTER (WHERE y > 0) OVER (ORDER BY day_no)",
        "FIRST_VALUE(x IGNORE NULLS) OVER (ORDER BY day_no)",
        "home_made(x) OVER (ORDER BY day_no)",
        "SUM(x) OVER w FROM days WINDOW w AS (PARTITION BY id ORDER BY day_no)",
        "SUM(x) OVER (w ORDER BY day_no) FROM days WINDOW w AS (PARTITION BY id)",
        "LAG(x) OVER w FROM days WINDOW w AS (ORDER BY day_no RANGE 3 PRECEDING)",
        "y FROM days WINDOW w AS (ORDER BY day_no RANGE 3 PRECEDING)",
    ],
)
def test_a_frame_by_value_would_be_found(window: str) -> None:
    assert mistakes(f"SELECT {window}")


@pytest.mark.parametrize(
    "window",
    [
        "SUM(x) OVER (PARTITION BY id ORDER BY day_no ROWS UNBOUNDED PRECEDING) -- no RANGE",
        "SUM(x) OVER (PARTITION BY id)",
        "LAG(x, 3) OVER (ORDER BY day_no)",
        "SUM(x) OVER w FROM days WINDOW w AS (ORDER BY day_no ROWS UNBOUNDED PRECEDING)",
        "ROW_NUMBER() OVER w FROM days WINDOW w AS (ORDER BY day_no)",
        "'RANGE' AS GROUPS",
    ],
)
def test_a_frame_by_rows_is_let_through(window: str) -> None:
    assert mistakes(f"SELECT {window}") == []


@pytest.mark.parametrize("text", ["SELECT LIST_ZIP(a) FROM (PIVOT", "INSTALL spatial", "SELECT $gap"])
def test_what_spark_or_the_reader_cannot_take_would_be_found(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises((AssertionError, KeyError, sqlglot.errors.SqlglotError)):
        for_spark(text, heard=caplog)


def _text(step: str) -> str:
    return (SQL / f"{step}.sql").read_text("utf-8")
