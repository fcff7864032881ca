"""Find the first mistake in a CSV file: slow and exact, used only once something is known to be wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import EARLIEST, Column, Table

LONGEST_FIELD = 1_000_000
CHECKED_FOR_HEADER = 100


def header(file: Path, table: Table) -> list[str] | None:
    """The column names of a CSV file, in its order; BadInput when one of the table's is not there once.

    None when the header is sound but so written (blank lines before it, a line break in a name) that DuckDB
    would take it for something else.
    """
    for line, row in _rows(file, checked_lines=CHECKED_FOR_HEADER):
        for column in table.columns:
            if row.count(column.name) != 1:
                raise BadInput(str(file), f"one column {column.name}", line=line, column=column.name)
        odd = line != 1 or any("\n" in name or "\r" in name for name in row)
        return None if odd else row
    raise BadInput(str(file), f"a header line with {', '.join(table.names)}", line=1, found="")


def write_plainly(file: Path, table: Table, plain: Path) -> None:
    """The table's columns of a CSV file without mistakes, written so that nothing can be misread."""
    rows = _rows(file)
    _, names = next(rows)
    places = [names.index(name) for name in table.names]
    with plain.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(table.names)
        writer.writerows([row[place] for place in places] for _, row in rows)


def first_mistake(file: Path, table: Table) -> None:
    """Raise BadInput for the first cell, in reading order, that does not hold what its column expects."""
    rows = _rows(file)
    _, names = next(rows)
    columns = {column.name: column for column in table.columns}
    for line, row in rows:
        if len(row) != len(names):
            raise BadInput(str(file), f"{len(names)} values, not {len(row)}", line=line)
        for name, cell in zip(names, row, strict=True):
            if name in columns and not accepts(columns[name], cell):
                raise BadInput(str(file), columns[name].expects, line=line, column=name, found=cell)


def accepts(column: Column, cell: str) -> bool:
    """Does the cell hold what the column expects?"""
    if cell == "":
        return not column.required
    if column.one_of and cell not in column.one_of:
        return False
    if column.kind == "date":
        return is_iso_date(cell) and EARLIEST <= date.fromisoformat(cell) <= column.latest
    if column.kind == "whole":
        fits = re.fullmatch("[0-9]{1,9}", cell) is not None
        return fits and column.at_least <= int(cell) <= column.at_most
    if column.kind == "truth":
        return cell.lower() in ("true", "false")
    return "\0" not in cell


def line_of_row(file: Path, row_no: int) -> int:
    """The line on which data row `row_no` (from 0) of a CSV file begins."""
    for number, (line, _) in enumerate(_rows(file)):
        if number == row_no + 1:
            return line
    raise ValueError(f"{file} has no row {row_no}")


def is_iso_date(cell: str) -> bool:
    """A day that exists, as 2026-09-01."""
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell) is None:
        return False
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _rows(file: Path, *, checked_lines: int | None = None) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; blank lines are passed over, any line ending is one.

    `checked_lines`: how many lines must be sound text before reading begins; None is all.
    """
    csv.field_size_limit(LONGEST_FIELD)
    _refuse_other_text(file, lines=checked_lines)
    begins = 1
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        reader = csv.reader(opened, strict=True)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise BadInput(str(file), f"a CSV row ({error})", line=begins) from None
            if row:
                yield begins, row
            begins = reader.line_num + 1


def _refuse_other_text(file: Path, *, lines: int | None) -> None:
    with file.open("rb") as opened:
        for number, raw in enumerate(islice(opened, lines), start=1):
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                raise BadInput(str(file), "text in UTF-8", line=number) from None
            if b"\0" in raw:
                raise BadInput(str(file), "text without NUL characters", line=number)
