"""What can be said of a delivery that was read: its own rows, what was refused, what would change."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from uuid import UUID

from inbeeld.deliveries import places
from inbeeld.learners.wording import in_runs

#: So many rows stand on a page.
SHOWN = 50


@dataclass(frozen=True)
class Mark:
    """A row as it was read. `key` is the learner's, `learner` the number at the school."""

    key: str
    learner: str
    on: date
    slot: str
    status: str
    permission: str


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: on which line, in which column, and why."""

    line: str
    column: str
    reason: str


@dataclass(frozen=True)
class UnknownCode:
    """A code nobody gave a meaning: how often, from when to when, and what the file says of it."""

    code: str
    count: int
    first_on: date
    last_on: date
    description: str
    permitted: str


@dataclass(frozen=True)
class Change:
    """Marks of a learner and day that would be added, changed or gone, all alike. Not why one was absent."""

    kind: str
    key: str
    learner: str
    on: date
    slots: str
    status_before: str
    permission_before: str
    status: str
    permission: str

    @property
    def looks_alike(self) -> bool:
        """Does it differ only in what is not shown here: the reason, or the minutes?"""
        return (self.status_before, self.permission_before) == (self.status, self.permission)


def first_marks(delivery: UUID) -> list[Mark]:
    """The first rows, as they were understood."""
    rows = islice(rows_of(places.read_of(delivery) / "marks.csv"), 5)
    return [
        Mark(
            row["learner"],
            number_of(row["learner"]),
            date.fromisoformat(row["date"]),
            row["slot"],
            row["status"],
            row["permission"],
        )
        for row in rows
    ]


def refusals(delivery: UUID, *, most: int | None = SHOWN) -> list[Refusal]:
    """The rows that were not taken, in the order of the file."""
    rows = islice(rows_of(places.read_of(delivery) / "refused.csv"), most)
    return [Refusal(row["line"], row["column"], row["reason"]) for row in rows]


def unknown_codes(delivery: UUID) -> list[UnknownCode]:
    """The codes that wait for a meaning."""
    return [
        UnknownCode(
            row["code"].removeprefix("'"),
            int(row["count"]),
            date.fromisoformat(row["first_on"]),
            date.fromisoformat(row["last_on"]),
            row["description"],
            row["source_says_permitted"],
        )
        for row in rows_of(places.read_of(delivery) / "codes.todo.csv")
    ]


def changes(delivery: UUID) -> list[Change]:
    """What differs from what stood, by learner and day; lesson hours that change alike stand together."""
    found = []
    for (key, on, *said), rows in groupby(rows_of(places.differences_of(delivery)), key=_alike):
        slots = in_runs([int(row["slot"]) for row in rows])
        found.append(Change(said[0], key, number_of(key), date.fromisoformat(on), slots, *said[1:]))
    return found


_SAID = ("kind", "status_before", "permission_before", "status", "permission")


def _alike(row: dict[str, str]) -> tuple[str, ...]:
    return (row["learner"], row["date"], *(row[name] for name in _SAID))


def number_of(key: str) -> str:
    """The number a school itself gave a learner: its key without the school in front."""
    return key.rpartition(":")[2]


def rows_of(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a table; of one that is not there none."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
