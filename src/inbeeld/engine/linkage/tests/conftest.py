"""What these tests share: lists written from few words, compared, and what was left behind."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.linkage import compare
from inbeeld.engine.linkage.lists import COLUMNS

Row = Mapping[str, str]


def write(file: Path, rows: Iterable[Row], *, columns: Iterable[str] = COLUMNS) -> Path:
    """A CSV of rows; what a row does not say is empty."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file


class Compared:
    """What a comparison left in its folder."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.out / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def receipt(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.out / "receipt.json").read_text("utf-8"))
        return read

    def verdicts(self) -> dict[tuple[str, str], tuple[str, str]]:
        """(left id, right id) → verdict and reason."""
        return {
            (row["left_id"], row["right_id"]): (row["verdict"], row["reason"]) for row in self.rows("links")
        }

    def children(self) -> list[tuple[str, ...]]:
        """The ids of each child, in the order of the lists."""
        return [tuple(list(row.values())[1:]) for row in self.rows("children")]


@pytest.fixture
def laid(tmp_path: Path) -> Callable[..., Compared]:
    """Lay lists side by side: `laid(a=[…], b=[…], decisions=[…])`."""

    def lay(*, decisions: Iterable[Row] = (), **lists: Iterable[Row]) -> Compared:
        files = []
        for name, rows in lists.items():
            listed = list(rows)
            extra = dict.fromkeys(key for row in listed for key in row if key not in COLUMNS)
            files.append(write(tmp_path / f"{name}.csv", listed, columns=[*COLUMNS, *extra]))
        if decided := list(decisions):
            write(tmp_path / "decisions.csv", decided, columns=decided[0])
        compare(files, out=tmp_path / "out")
        return Compared(tmp_path / "out")

    return lay


def child(key: str, given: str, surname: str, born: str, **more: str) -> Row:
    """One row of a list, at an address of its own unless told otherwise."""
    return {"id": key, "first_names": given, "last_name": surname, "born_on": born, **more}


#: So many others that a list looks like one: invented, each with a name and day of their own.
GIVEN = ("Fenna", "Ruben", "Yusuf", "Kaltouma", "Sjoerd", "Lieke", "Bram", "Noëlle", "Pepijn", "Rixt")
SURNAME = ("Oudeboon", "Zandvliet", "Kolkhuis", "Prinsma", "Yahyaoui", "Hoekstra", "Drift", "Uilenberg")


def others(prefix: str, number: int, *, first: int = 0) -> list[Row]:
    """Rows of unrelated children; the same `first` and number give the same children."""
    return [
        child(
            f"{prefix}{at}",
            GIVEN[at % len(GIVEN)],
            SURNAME[at // len(GIVEN) % len(SURNAME)],
            f"{2008 + at % 11}-{1 + at * 7 % 12:02d}-{1 + at * 11 % 28:02d}",
            postcode=f"{1000 + at * 37 % 8000}SA",
            house_number=str(1 + at * 3 % 90),
        )
        for at in range(first, first + number)
    ]
