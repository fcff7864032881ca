"""Files that go with the lists: what people decided, and what they found when they looked again."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from inbeeld.engine.intake.decoding import encoding_of
from inbeeld.engine.intake.record import tidy
from inbeeld.engine.intake.table import delimited_rows
from inbeeld.engine.linkage.lists import LONGEST_FIELD
from inbeeld.engine.refusal import BadInput


def parted(files: Sequence[Path], *, given: Mapping[str, Path | None]) -> tuple[list[Path], dict[str, Path]]:
    """The lists among some files, and by their name the files that go with them.

    `given`: every name such a file can have, with the file where the user named one; else it is looked for
    among the lists and beside them. BadInput when two folders hold one of that name.
    """
    lists = [file for file in files if file.name not in given]
    found: dict[str, Path] = {}
    for name, file in given.items():
        where = [file] if file else [one for one in files if one.name == name]
        where = where or [
            folder / name
            for folder in dict.fromkeys(one.parent for one in lists)
            if (folder / name).is_file()
        ]
        if len(where) > 1:
            option = f"--{name.partition('.')[0]}"
            raise BadInput(str(where[1]), f"one {name}; {where[0]} is another (name one with {option})")
        if where:
            found[name] = where[0]
    return lists, found


def rows_of(file: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV with their lines, tidied; other columns than those needed may be there.

    BadInput when a column is not there, or a row is wider or narrower than the header.
    """
    shown = str(file)
    if file.stat().st_size == 0:
        return
    csv.field_size_limit(LONGEST_FIELD)
    header: list[str] = []
    for line, cells in delimited_rows(file, shown, encoding_of(file, shown=shown), ","):
        values = [tidy(cell) for cell in cells]
        if not any(values):
            continue
        if not header:
            header = values
            for name in needed:
                if header.count(name) != 1:
                    raise BadInput(shown, f"one column {name}", line=line, column=name)
            continue
        if len(values) != len(header):
            raise BadInput(shown, f"{len(header)} values, not {len(values)}", line=line)
        yield line, dict(zip(header, values, strict=True))
