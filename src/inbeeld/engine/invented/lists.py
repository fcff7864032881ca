"""A list as its organisation writes it, and apart from it who each row is.

The same child stands on two lists with other spellings: typing errors, day and month swapped, the prefix
in another place, ij for y, accents lost, call name for official name, an old address.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.engine.invented.filling import counted, fill, set_variables, sql
from inbeeld.engine.invented.list_styles import ListStyle, rates
from inbeeld.engine.schema import LIST_COLUMNS
from inbeeld.engine.tables import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: One row of a list in the order of LIST_COLUMNS; empty is not known.
Row = tuple[str, ...]


def as_written(con: DuckDBPyConnection, style: ListStyle) -> None:
    """Make the table `written` from the rows of `entry` that stand on this list, each with its `learner`."""
    set_variables(
        con,
        on_list=style.name,
        rates=rates(style.quality),
        style=style.house_style,
        letters=style.letters,
        with_school=style.with_school,
    )
    con.execute(sql("written"))


def written_rows(con: DuckDBPyConnection) -> dict[str, Row]:
    """The rows of the table `written`, each with who it is."""
    cells = ", ".join(f"coalesce({column}::VARCHAR, '')" for column in LIST_COLUMNS)
    rows = con.execute(f"SELECT learner, {cells} FROM written ORDER BY id").fetchall()
    return {learner: tuple(row) for learner, *row in rows}


def retyped(rows: Iterable[Row], style: ListStyle, *, seed: int) -> dict[str, Row]:
    """The rows of a list typed over by an organisation of this style; each by the id it had."""
    import duckdb

    found = [(number, *(cell or None for cell in row)) for number, row in enumerate(rows)]
    with duckdb.connect(":memory:") as con:
        set_variables(con, seed=seed, key_width=6)
        for step in ("randomness", "slips", "entry_table"):
            con.execute(sql(step))
        fill(con, "found", {"n": "BIGINT", **dict.fromkeys(LIST_COLUMNS, "VARCHAR")}, found)
        con.execute(
            """INSERT INTO entry BY NAME
            SELECT $list AS list, n AS home, id AS learner, * EXCLUDE (id) FROM found""",
            {"list": style.name},
        )
        as_written(con, style)
        return written_rows(con)


def write_lists(con: DuckDBPyConnection, folder: Path, styles: tuple[ListStyle, ...]) -> dict[str, int]:
    """Write `<list>.csv` for each style to the folder, keep who is who in table `truth`; rows by list."""
    folder.mkdir()
    con.execute("CREATE TEMP TABLE truth (list VARCHAR, id VARCHAR, learner VARCHAR)")
    counts = {}
    for style in styles:
        as_written(con, style)
        written = f"SELECT {', '.join(LIST_COLUMNS)} FROM written ORDER BY id"
        counts[style.name] = write_csv(con, written, folder / f"{style.name}.csv")
        con.execute("INSERT INTO truth SELECT getvariable('on_list'), id, learner FROM written")
    con.execute("DROP TABLE written")
    return counts


def write_csv(con: DuckDBPyConnection, query: str, to: Path) -> int:
    """Write the answer with a header; the number of rows."""
    return counted(con, f"COPY ({query}) TO '{quoted(to)}' (FORMAT csv, HEADER)")
