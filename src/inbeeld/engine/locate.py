"""Find the first mistake in a CSV file: slow and exact, used only once something is known to be wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import Column, Table

LONGEST_FIELD = 1_000_000


def header(file: Path, table: Table) -> list[str]:
    """The column names of a CSV file, in its order; BadInput when one of the table's is missing."""
    for _, row in _rows(file):
        for column in table.columns:
            if column.name not in row:
                raise BadInput(
                    str(file), f"a column {column.name}", line=1, column=column.name, found=",".join(row)
                )
        for name in row:
            if row.count(name) > 1:
                raise BadInput(str(file), "each column once", line=1, column=name)
        return row
    raise BadInput(str(file), f"a header line with {', '.join(table.names)}", line=1, found="")


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
        return _is_iso_date(cell)
    if column.kind == "whole":
        return re.fullmatch("[0-9]{1,9}", cell) is not None and int(cell) >= (column.at_least or 0)
    if column.kind == "truth":
        return cell.lower() in ("true", "false")
    return "\0" not in cell


def line_of_row(file: Path, row_no: int) -> int:
    """The line on which data row `row_no` (from 0) of a CSV file begins."""
    for number, (line, _) in enumerate(_rows(file)):
        if number == row_no + 1:
            return line
    raise ValueError(f"{file} has no row {row_no}")


def _is_iso_date(cell: str) -> bool:
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell) is None:
        return False
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; blank lines are passed over."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_lines(file), strict=True)
    begins = 1
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


def _lines(file: Path) -> Iterator[str]:
    with file.open("rb") as opened:
        for number, raw in enumerate(opened, start=1):
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise BadInput(str(file), "text in UTF-8", line=number) from None
            if "\0" in line:
                raise BadInput(str(file), "text without NUL characters", line=number)
            yield line
