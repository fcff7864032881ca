"""What can be said of a roster that was read: its first rows, and who is new, left, back or changed."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import islice
from uuid import UUID

from inbeeld.deliveries import places
from inbeeld.deliveries.reading import number_of, rows_of

FIRST_ROWS, FIRST_FILE = 5, "first.csv"
_FIRST = ("learner", "has_name", "born_on", "from_on", "until_on")


@dataclass(frozen=True)
class Listed:
    """A row as it was read; whether a name was found, and not which."""

    key: str
    learner: str
    has_name: bool
    born_on: date | None
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class Difference:
    """A learner who would be new, leave, come back or be said otherwise, and what differs."""

    kind: str
    key: str
    learner: str
    from_before: date | None
    until_before: date | None
    from_on: date | None
    until_on: date | None
    is_silent: bool
    another_birth_date: bool
    another_name: bool


def keep_first(delivery: UUID, known: Mapping[str, str], *, named: Collection[str]) -> None:
    """Keep the first rows of a roster to be looked at. `known`: keys as the region knows them, by those read.

    `named`: who of these has a name. Which name is not kept here.
    """
    text = StringIO()
    written = csv.writer(text, lineterminator="\n")
    written.writerow(_FIRST)
    for row in islice(rows_of(places.read_of(delivery) / "roster.csv"), FIRST_ROWS):
        key = known.get(row["learner"], row["learner"])
        days = (row[name] for name in ("born_on", "from_on", "until_on"))
        written.writerow([key, "true" if key in named else "false", *days])
    places.write_whole(places.read_of(delivery) / FIRST_FILE, text.getvalue().encode())


def first_learners(delivery: UUID) -> list[Listed]:
    """The first rows, as they were understood."""
    return [
        Listed(
            key=row["learner"],
            learner=number_of(row["learner"]),
            has_name=row["has_name"] == "true",
            born_on=_day(row["born_on"]),
            from_on=_day(row["from_on"]),
            until_on=_day(row["until_on"]),
        )
        for row in rows_of(places.read_of(delivery) / FIRST_FILE)
    ]


def differences(delivery: UUID) -> list[Difference]:
    """What differs from what stood: who leaves first, then who is back, new, or said otherwise."""
    return [
        Difference(
            kind=row["kind"],
            key=row["learner"],
            learner=number_of(row["learner"]),
            from_before=_day(row["from_before"]),
            until_before=_day(row["until_before"]),
            from_on=_day(row["from_on"]),
            until_on=_day(row["until_on"]),
            is_silent=row["silent"] == "true",
            another_birth_date=row["born_differs"] == "true",
            another_name=row["name_differs"] == "true",
        )
        for row in rows_of(places.differences_of(delivery))
    ]


def in_hundred(some: int, whole: int) -> int:
    """How many in a hundred some are of a whole, upwards: a part of one is not said to be none."""
    return -(-some * 100 // whole) if whole else 0


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
