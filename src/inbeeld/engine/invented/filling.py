"""Put rows, names and SQL steps into the data base that invents people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from inbeeld.engine.invented.names import Given, NameStock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def sql(step: str) -> str:
    """The text of one SQL step."""
    return files(__package__).joinpath("sql", f"{step}.sql").read_text("utf-8")


def fill(con: DuckDBPyConnection, table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Create `table` with `columns` (name: SQL type) and put `rows` in."""
    import pyarrow as pa

    con.execute(
        f"CREATE TEMP TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
    )
    across = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrow = pa.table(dict(zip(columns, (pa.array(values) for values in across), strict=True)))
    con.register("filling", arrow)
    casts = ", ".join(f"{name}::{kind}" for name, kind in columns.items())
    con.execute(f"INSERT INTO {table} SELECT {casts} FROM filling")
    con.unregister("filling")


def set_variables(con: DuckDBPyConnection, **variables: Any) -> None:
    """Set what the SQL steps read with `getvariable`."""
    for name, value in variables.items():
        con.execute(f"SET VARIABLE {name} = $value", {"value": value})


def counted(con: DuckDBPyConnection, statement: str) -> int:
    """The one number a statement answers with: of a COPY how many rows were written."""
    return int(con.execute(statement).fetchall()[0][0])


def fill_names(con: DuckDBPyConnection, stocks: Sequence[NameStock]) -> None:
    """The tables `stock`, `given`, `alike` and `surname`; `low` to `high` are lots that draw the stock."""
    rows, low = [], 0
    for number, stock in enumerate(stocks):
        counts = [len(names) for names in (stock.boys, stock.girls, stock.alike, stock.plain, stock.prefixed)]
        rows.append((number, low, low + stock.weight - 1, *counts, stock.prefix_share, stock.new_year))
        low += stock.weight
    whole = (
        "stock",
        "low",
        "high",
        "boys",
        "girls",
        "pairs",
        "plain",
        "prefixed",
        "prefix_share",
        "new_year",
    )
    fill(con, "stock", dict.fromkeys(whole, "INTEGER"), rows)
    fill(
        con,
        "given",
        {
            "stock": "INTEGER",
            "girl": "BOOLEAN",
            "number": "INTEGER",
            "official": "VARCHAR",
            "calls": "VARCHAR[]",
        },
        [row for stock, names in enumerate(stocks) for row in _given_rows(stock, names)],
    )
    fill(
        con,
        "alike",
        {"stock": "INTEGER", "number": "INTEGER", "names": "VARCHAR[]"},
        [(stock, n, pair) for stock, names in enumerate(stocks) for n, pair in enumerate(names.alike)],
    )
    fill(
        con,
        "surname",
        {
            "stock": "INTEGER",
            "with_prefix": "BOOLEAN",
            "number": "INTEGER",
            "prefix": "VARCHAR",
            "last_name": "VARCHAR",
        },
        [
            (stock, with_prefix, number, *name)
            for stock, names in enumerate(stocks)
            for with_prefix, surnames in ((False, names.plain), (True, names.prefixed))
            for number, name in enumerate(surnames)
        ],
    )


def _given_rows(stock: int, names: NameStock) -> Iterable[tuple[int, bool, int, str, tuple[str, ...]]]:
    by_sex: tuple[tuple[bool, tuple[Given, ...]], ...] = ((False, names.boys), (True, names.girls))
    for girl, given in by_sex:
        for number, name in enumerate(given):
            yield stock, girl, number, name.official, name.calls
