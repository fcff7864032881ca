"""Reading the lists of organisations (contract §5), a CSV each: a row is kept, or refused with its place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbeeld.engine.fingerprint import sha256_of
from inbeeld.engine.intake.decoding import encoding_of, form_of
from inbeeld.engine.intake.keys import COULD_RUN, passes_eleven_test
from inbeeld.engine.intake.record import tidy
from inbeeld.engine.intake.table import delimited_rows
from inbeeld.engine.intake.written import harmless
from inbeeld.engine.linkage.plain_lists import fill, load_plain
from inbeeld.engine.locate import is_iso_date
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import LIST_COLUMNS

if TYPE_CHECKING:
    import duckdb

#: The columns that are read; others are carried along. `national_key` is a keyed hash made elsewhere.
COLUMNS = (*LIST_COLUMNS, "national_key")
#: The column of children.csv beside one for each list.
CHILD = "child"
DATES = ("born_on", "since_on")
EARLIEST, LATEST = date(1850, 1, 1), date(2199, 12, 31)
FEWEST_LISTS, MOST_LISTS = 2, 6
AT_ONCE = 50_000
#: A column holds BSNs when at least so many of its cells, and most of them, pass the eleven-test.
BSNS_IN_A_COLUMN = 3
#: One line break and no longer: what a longer field holds is a quote that was never closed.
LONGEST_FIELD = 100_000


@dataclass(frozen=True)
class ListRead:
    """One list in the data base: its name, its columns in the order of the file, and what was seen.

    The table `list_<number>` holds `row` (1, 2, … in the order of the file) and the cells c0, c1, … as text.
    """

    number: int
    name: str
    file: Path
    columns: tuple[str, ...]
    rows: int
    encoding: str
    sha256: str

    def place(self, column: str) -> str:
        """SQL for a column as text; NULL when the list has no such column or the cell is empty."""
        if column not in self.columns:
            return "CAST(NULL AS VARCHAR)"
        return f"NULLIF(TRIM(c{self.columns.index(column)}), '')"


def read_lists(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> tuple[ListRead, ...]:
    """Every list into a table of its own. Raises BadInput for what cannot be laid side by side."""
    _refuse_wrong_number(files)
    found: list[ListRead] = []
    for number, file in enumerate(files):
        one = read_list(con, file, number=number)
        for other in found:
            if one.name == other.name:
                raise BadInput(
                    str(file), f"a list of another organisation than {other.file}, by its file name"
                )
            if one.sha256 == other.sha256:
                raise BadInput(str(file), f"another list than {other.file}; the two files are the same")
        found.append(one)
    return tuple(found)


def _refuse_wrong_number(files: Sequence[Path]) -> None:
    if not FEWEST_LISTS <= len(files) <= MOST_LISTS:
        wanted = f"{FEWEST_LISTS} to {MOST_LISTS} lists, one of each organisation"
        raise BadInput("inbeeld compare", wanted, found=str(len(files)))
    for file in files:
        _refuse_nothing(file)


def _refuse_nothing(file: Path) -> None:
    if not file.is_file():
        raise BadInput(str(file), "an existing file")
    if file.stat().st_size == 0:
        raise BadInput(str(file), "a file with rows in it; this one is empty")


def read_list(con: duckdb.DuckDBPyConnection, file: Path, *, number: int = 0) -> ListRead:
    """One list into a table of its own. Raises BadInput for what cannot be used."""
    _refuse_nothing(file)
    shown = str(file)
    if form_of(file, shown=shown) != "text":
        raise BadInput(shown, "a list as CSV")
    encoding = encoding_of(file, shown=shown)
    csv.field_size_limit(LONGEST_FIELD)
    rows = (
        (line, cells)
        for line, cells in delimited_rows(file, shown, encoding, ",")
        if any(map(str.isalnum, cells)) or any(map(tidy, cells))
    )
    first = next(rows, None)
    columns = _columns(first, shown)
    _refuse_columns(columns, shown)
    count = None
    if first is not None and first[0] == 1 and len(first[1]) == len(columns) and encoding != "cp1252":
        count = load_plain(
            con, f"list_{number}", file, columns,
            dates=[name for name in DATES if name in columns], between=(EARLIEST, LATEST),
            longest=LONGEST_FIELD,
        )  # fmt: skip
    if count is None:
        count = _load(con, f"list_{number}", columns, _checked(rows, columns, shown))
    if not count:
        raise BadInput(shown, "at least one row under the header", line=2)
    _refuse_bsns(con, f"list_{number}", columns, shown)
    name = file.stem.strip()
    if name in ("", CHILD):
        raise BadInput(shown, "a file with the name of the organisation")
    return ListRead(number, name, file, columns, count, encoding, sha256_of(file))


def _columns(header: tuple[int, list[str]] | None, shown: str) -> tuple[str, ...]:
    """The names of the columns, without the empty ones that spreadsheets leave at the right."""
    names = [tidy(cell) for cell in (header[1] if header else ())]
    while names and not names[-1]:
        names.pop()
    return tuple(name.lower() if name.lower() in COLUMNS else name for name in names)


def _refuse_columns(columns: Sequence[str], shown: str) -> None:
    if "id" not in columns:
        divided = re.split(r"[;\t|]", columns[0]) if len(columns) == 1 else []
        between = ", with commas between the columns" if len(divided) > 1 else ""
        raise BadInput(shown, f"a header line with the column id{between}", line=1, found=",".join(columns))
    for name in columns:
        if columns.count(name) > 1:
            raise BadInput(shown, "each column once", line=1, column=name)


def _checked(
    rows: Iterator[tuple[int, list[str]]], columns: Sequence[str], shown: str
) -> Iterator[tuple[str, ...]]:
    """The rows as wide as the header; BadInput for the first that cannot be used."""
    width, id_at = len(columns), columns.index("id")
    dates = [(columns.index(name), name) for name in DATES if name in columns]
    seen: dict[str, int] = {}
    sound: set[str] = {""}
    for line, cells in rows:
        if len(cells) != width:
            if len(cells) < width or any(map(tidy, cells[width:])):
                raise BadInput(shown, f"{width} values, not {len(cells)}", line=line)
            del cells[width:]
        cells[id_at] = key = tidy(cells[id_at])
        _refuse_id(key, seen, line, shown)
        for at, name in dates:
            if cells[at] in sound:  # most days stand there many times
                continue
            cells[at] = tidy(cells[at])
            if cells[at] not in sound:
                _refuse_no_date(cells[at], name, line, shown)
                sound.add(cells[at])
        yield tuple(cells)


def _refuse_id(key: str, seen: dict[str, int], line: int, shown: str) -> None:
    if not key:
        raise BadInput(shown, "an id in every row", line=line, column="id", found="")
    if harmless(key) != key:
        raise BadInput(shown, f"an id that is not {COULD_RUN}", line=line, column="id", found=key)
    if key in seen:
        raise BadInput(
            shown, f"each id once; it is on line {seen[key]} too", line=line, column="id", found=key
        )
    seen[key] = line


def _refuse_no_date(cell: str, name: str, line: int, shown: str) -> None:
    if is_iso_date(cell) and EARLIEST <= date.fromisoformat(cell) <= LATEST:
        return
    raise BadInput(shown, "a date like 2026-09-01, or nothing", line=line, column=name, found=cell)


def _load(
    con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Iterator[tuple[str, ...]]
) -> int:
    """Rows into a table `row, c0, c1, …`; how many there were."""
    import pyarrow as pa

    at_once = iter(lambda: list(islice(rows, AT_ONCE)), [])
    batches = ([pa.array(cells, pa.string()) for cells in zip(*some, strict=True)] for some in at_once)
    return fill(con, table, len(columns), batches)


def _refuse_bsns(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], shown: str) -> None:
    """BSNs are never needed: a keyed hash of them, made elsewhere, goes into `national_key`."""
    for at, name in enumerate(columns):
        cell = f"TRIM(c{at})"
        long = f"REGEXP_FULL_MATCH({cell}, '[0-9]{{8,9}}')"
        filled: Any = con.execute(
            f"SELECT COUNT(*) FILTER ({cell} <> ''), COUNT(*) FILTER ({long}) FROM {table}"
        ).fetchall()[0]
        if filled[1] < BSNS_IN_A_COLUMN or filled[1] * 2 <= filled[0]:
            continue
        numbers = con.execute(f"SELECT {cell} FROM {table} WHERE {long}").fetchall()
        passing = sum(passes_eleven_test(number) for (number,) in numbers)
        if passing >= BSNS_IN_A_COLUMN and passing * 2 > filled[0]:
            raise BadInput(shown, "no BSNs; these look like them and are never needed", line=1, column=name)
