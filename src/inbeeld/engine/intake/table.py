"""Rows of a CSV or XLSX delivery, with the columns found by name, as records."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from inbeeld.engine.intake.decoding import encoding_of, form_of
from inbeeld.engine.intake.profile import Profile, plain
from inbeeld.engine.intake.record import Record, RowRefused, tidy
from inbeeld.engine.refusal import BadInput

Row = tuple[int, list[str]]
#: How the sentence begins that says which columns are missing.
COLUMNS_OF = "the columns of "
SEPARATORS = (";", ",", "\t")


@dataclass(frozen=True)
class Table:
    """An opened table: which encoding and separator, which field stands in which column, where data begin."""

    file: Path
    shown: str
    profile: Profile
    encoding: str
    separator: str
    places: Mapping[str, int]
    columns: Mapping[str, str]
    width: int
    has_header: bool

    def records(self) -> Iterator[Record | tuple[int, RowRefused]]:
        """Every row under the header; a row of another width comes as (line, refusal)."""
        for line, cells in _rows(
            self.file, self.shown, self.encoding, self.separator, skip_header=self.has_header
        ):
            if (
                len(cells) != self.width
                and any(tidy(cell) for cell in cells[self.width :])
                or len(cells) < self.width
            ):
                yield line, RowRefused("", f"expected {self.width} columns in every row, found {len(cells)}")
                continue
            values = {name: cells[place] for name, place in self.places.items()}
            yield Record(line, values, self.columns, self.profile)


def open_table(file: Path, profile: Profile, *, shown: str, form: str) -> Table:
    """Find header and columns. BadInput when the columns of the profile are not there or no row follows."""
    encoding = "xlsx" if form == "xlsx" else encoding_of(file, shown=shown)
    first: list[str] = []
    for separator in ("",) if form == "xlsx" else profile.separators:
        first = first_row(file, shown=shown, encoding=encoding, separator=separator)
        places = places_of(first, profile)
        if places is not None:
            table = Table(
                file, shown, profile, encoding, separator, places,
                {name: tidy(first[place]) for name, place in places.items()}, len(_trimmed(first)), True,
            )  # fmt: skip
            return _with_rows(table)
        if profile.header == "optional" and len(first) == len(profile.fields) and _is_data(first, profile):
            names = {f.name: f.names[0] for f in profile.fields}
            by_order = {f.name: place for place, f in enumerate(profile.fields)}
            return _with_rows(
                Table(file, shown, profile, encoding, separator, by_order, names, len(profile.fields), False)
            )
    if profile.header == "optional":
        order = ", ".join(f.names[0] for f in profile.fields)
        raise BadInput(shown, f"{len(profile.fields)} columns without a header row ({order})", line=1)
    present = {plain(cell) for separator in profile.separators for cell in _split(first, separator)}
    missing = [f.names[0] for f in profile.fields if f.required and not present & {plain(n) for n in f.names}]
    raise BadInput(
        shown, f"{COLUMNS_OF}{profile.title}; not there: {', '.join(missing) or profile.needs()}", line=1
    )


def first_row(file: Path, *, shown: str, encoding: str, separator: str) -> list[str]:
    """The first row that is not empty; [] when it cannot be split by this separator."""
    if encoding == "xlsx":
        for _, cells in _rows(file, shown, encoding, separator, skip_header=False):
            return cells
        raise BadInput(shown, "a file with rows in it; this one is empty")
    with file.open(encoding=encoding, newline="") as stream:
        try:
            for cells in csv.reader(stream, delimiter=separator, strict=True):
                if any(tidy(cell) for cell in cells) and not _names_separator(cells):
                    return cells
        except csv.Error:
            return []
    raise BadInput(shown, "a file with rows in it; this one is empty")


def column_names(file: Path, *, shown: str) -> list[str]:
    """The cells of the first row that hold something, split as splits them furthest. BadInput: no table."""
    form = form_of(file, shown=shown)
    if form == "xml":
        raise BadInput(shown, "a table, CSV or XLSX")
    encoding = "xlsx" if form == "xlsx" else encoding_of(file, shown=shown)
    separators = ("",) if form == "xlsx" else SEPARATORS
    rows = [first_row(file, shown=shown, encoding=encoding, separator=one) for one in separators]
    return [name for cell in max(rows, key=len) if (name := tidy(cell))]


def _names_separator(cells: Sequence[str]) -> bool:
    """Whether this is the line "sep=;" that spreadsheets put above the header."""
    return len(cells) <= 2 and tidy("".join(cells)).casefold().startswith("sep=")


def places_of(header: Sequence[str], profile: Profile) -> dict[str, int] | None:
    """Field → place in the header; None when a required column is missing."""
    place: int | None
    named: dict[str, int] = {}
    for place, cell in enumerate(header):
        named.setdefault(plain(tidy(cell)), place)
    places: dict[str, int] = {}
    for wanted in profile.fields:
        place = next((named[plain(n)] for n in wanted.names if plain(n) in named), None)
        if place is not None:
            places[wanted.name] = place
        elif wanted.required:
            return None
    return places


def _trimmed(header: Sequence[str]) -> Sequence[str]:
    """Without the empty columns at the right that spreadsheets leave behind."""
    width = len(header)
    while width and not tidy(header[width - 1]):
        width -= 1
    return header[:width]


def _is_data(cells: Sequence[str], profile: Profile) -> bool:
    """Whether a first row is data: every required date field reads as a date."""
    record = Record(1, {f.name: cell for f, cell in zip(profile.fields, cells, strict=True)}, {}, profile)
    try:
        record.needed_day(next(f.name for f in profile.fields if f.required and "date" in f.name))
    except RowRefused:
        return False
    return True


def _with_rows(table: Table) -> Table:
    for _ in _rows(table.file, table.shown, table.encoding, table.separator, skip_header=table.has_header):
        return table
    raise BadInput(table.shown, "at least one row under the header", line=2)


def _split(first: Sequence[str], separator: str) -> list[str]:
    return list(chain.from_iterable(cell.split(separator) for cell in first))


def _rows(file: Path, shown: str, encoding: str, separator: str, *, skip_header: bool) -> Iterator[Row]:
    """Rows that are not empty, as (line, cells)."""
    if encoding == "xlsx":
        from inbeeld.engine.intake.workbook import workbook_rows

        rows = iter(workbook_rows(file, shown=shown))
    else:
        rows = delimited_rows(file, shown, encoding, separator)
    filled = ((line, cells) for line, cells in rows if any(tidy(cell) for cell in cells))
    if skip_header:
        next(filled, None)
    return filled


def delimited_rows(file: Path, shown: str, encoding: str, separator: str) -> Iterator[Row]:
    """CSV rows with the line each begins on. BadInput for an unclosed quote or a last line cut off."""
    line, width = 1, 0
    with file.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=separator, strict=True)
        last: Row | None = None
        try:
            for cells in reader:
                if last is not None:
                    yield last
                last = (line, cells)
                if line == 1 and _names_separator(cells):
                    last = None
                width = width or (len(cells) if last else 0)
                line = reader.line_num + 1
        except csv.Error:
            raise BadInput(
                shown, "well-formed CSV to the end; a quote is not closed or a cell is damaged", line=line
            ) from None
    if last is None:
        return
    if len(last[1]) < width and not _ends_with_newline(file):
        raise BadInput(
            shown, f"a whole file; the last line stops after {len(last[1])} of {width} columns", line=last[0]
        )
    yield last


def _ends_with_newline(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) in (b"\n", b"\r")
