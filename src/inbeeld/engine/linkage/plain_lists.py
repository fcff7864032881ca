"""Lists without anything odd, which is most large ones, read by Arrow: many times quicker than row by row.

Nothing is decided here about a file that is not plain: it is read row by row, which also says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

AT_ONCE = 16 * 1024 * 1024
#: A cell in quotes, as the strict rules of CSV have it, with no quote and no line break in it.
QUOTED = re.compile(rb'"(?<![^,\n]")[^"\r\n]*"(?=[,\r\n]|\Z)')
#: An id that needs no thought: no spaces around it, nothing that a spreadsheet would run.
PLAIN_ID = "[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9])?"


def load_plain(
    con: duckdb.DuckDBPyConnection,
    table: str,
    file: Path,
    columns: Sequence[str],
    *,
    dates: Sequence[str],
    between: tuple[date, date],
    longest: int,
) -> int | None:
    """The rows of a UTF-8 file into a table `row, c0, c1, …`; how many. None, and no table, if not plain.

    `dates`: columns that hold days between two, or nothing. `longest`: of a cell, characters.
    """
    import pyarrow as pa

    if not _is_plain(file):
        return None
    try:
        count = fill(con, table, len(columns), (batch.columns for batch in _batches(file, len(columns))))
    except pa.ArrowInvalid:
        count = 0
    if not count or _has_odd(con, table, columns, dates=dates, between=between, longest=longest):
        con.execute(f"DROP TABLE {table}")
        return None
    return count


def _is_plain(file: Path) -> bool:
    """No quotes but around whole cells, no line breaks of an old Mac."""
    with file.open("rb") as stream:
        while chunk := stream.read(AT_ONCE):
            chunk += stream.readline()
            if chunk.count(b"\r") != chunk.count(b"\r\n"):
                return False
            quotes = chunk.count(b'"')
            if quotes and quotes != 2 * len(QUOTED.findall(chunk)):
                return False
    return True


def fill(
    con: duckdb.DuckDBPyConnection, table: str, width: int, batches: Iterable[Sequence[pa.Array]]
) -> int:
    """Make a table `row, c0, c1, …` of so many columns of text and fill it, batch by batch; how many rows."""
    import pyarrow as pa

    names = [f"c{at}" for at in range(width)]
    con.execute(f"CREATE TABLE {table} (row BIGINT, {', '.join(f'{name} VARCHAR' for name in names)})")
    count = 0
    for texts in batches:
        rows = pa.array(range(count + 1, count + len(texts[0]) + 1), pa.int64())
        con.register("batch", pa.table([rows, *texts], names=["row", *names]))
        con.execute(f"INSERT INTO {table} SELECT * FROM batch")
        con.unregister("batch")
        count += len(rows)
    return count


def _batches(file: Path, width: int) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import csv

    names = [f"c{at}" for at in range(width)]
    yield from csv.open_csv(
        file,
        read_options=csv.ReadOptions(column_names=names, skip_rows=1, block_size=AT_ONCE),
        parse_options=csv.ParseOptions(
            quote_char='"', double_quote=False, escape_char=False, newlines_in_values=False
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
        ),
    )


def _has_odd(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    *,
    dates: Sequence[str],
    between: tuple[date, date],
    longest: int,
) -> bool:
    """Whether any row is to be looked at by itself: its id, a day, the length of a cell."""
    key = f"c{columns.index('id')}"
    odd = [f"NOT REGEXP_FULL_MATCH({key}, '{PLAIN_ID}')"]
    odd += [f"LENGTH(c{at}) > {longest}" for at in range(len(columns))]
    for name in dates:
        cell = f"c{columns.index(name)}"
        day = f"TRY_CAST({cell} AS DATE)"
        odd.append(
            f"{cell} <> '' AND NOT (REGEXP_FULL_MATCH({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
            f"AND COALESCE({day} BETWEEN DATE '{between[0]}' AND DATE '{between[1]}', FALSE))"
        )
    number, different, strange = con.execute(
        f"SELECT COUNT(*), COUNT(DISTINCT {key}), COUNT(*) FILTER ({' OR '.join(f'({one})' for one in odd)}) "
        f"FROM {table}"
    ).fetchall()[0]
    return bool(strange or different < number)
