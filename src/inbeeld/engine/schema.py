"""The tables a region hands in and gets back: names, columns, and what each column may hold.

Source: the contract in docs/reference/tables.md. One place; reading, generating,
importing and judging all look here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from inbeeld.kernel.attendance import TIMETABLE

Kind = Literal["text", "date", "whole", "truth"]

SECTORS = ("po", "so", "vo", "vso", "mbo")
STATUSES = ("absent", "late", "removed", "other")
ARTICLES = ("5a", "5b", "5c", "15", "3a", "3b")
EARLIEST = date(1900, 1, 1)
MOST_SLOTS = 999
MINUTES_IN_A_DAY = 1440
#: Of the list of an organisation (contract, Lists); all but `id` may be empty.
LIST_COLUMNS = (
    "id", "last_name", "prefix", "first_names", "call_name", "born_on", "postcode", "house_number", "school",
    "since_on", "category",
)  # fmt: skip
REASONS = ("sick", "appointment", "leave", "truant", "unknown", TIMETABLE)


@dataclass(frozen=True)
class Column:
    """One column: `kind` is text, date (ISO), whole (integer) or truth (true/false/empty).

    Whole numbers have bounds: a slot 2,000,000 or a lesson of a year is a slip, and would judge a child.
    """

    name: str
    kind: Kind
    required: bool = True
    one_of: tuple[str, ...] = ()
    at_least: int = 0
    at_most: int = 0
    latest: date = date(9999, 12, 31)

    @property
    def expects(self) -> str:
        """What the column holds, in words for a refusal sentence."""
        if self.one_of:
            words = "one of " + ", ".join(self.one_of)
        elif self.kind == "date":
            words = f"a date like 2026-09-01, from {EARLIEST.year} on"
        elif self.kind == "whole":
            words = f"a whole number from {self.at_least} to {self.at_most}"
        elif self.kind == "truth":
            words = "true, false"
        else:
            words = "text"
        return words if self.required else f"{words} or nothing"


@dataclass(frozen=True)
class Table:
    """One table; `key` names the columns that may not repeat."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


SCHOOLS = Table(
    "schools",
    (
        Column("school", "text"),
        Column("sector", "text", one_of=SECTORS),
        Column("slots_per_day", "whole", at_least=1, at_most=MOST_SLOTS),
        Column("calendar", "text"),
    ),
    key=("school",),
)
CALENDAR = Table(
    "calendar",
    (Column("calendar", "text"), Column("date", "date"), Column("school_day", "truth")),
    key=("calendar", "date"),
)
LEARNERS = Table(
    "learners",
    (
        Column("learner", "text"),
        Column("born_on", "date", required=False, latest=date(2199, 12, 31)),
        Column("basic_qualification", "truth", required=False),
    ),
    key=("learner",),
)
ENROLMENTS = Table(
    "enrolments",
    (
        Column("learner", "text"),
        Column("school", "text"),
        Column("from_on", "date"),
        Column("until_on", "date", required=False),
    ),
)
EXEMPTIONS = Table(
    "exemptions",
    (
        Column("learner", "text"),
        Column("article", "text", one_of=ARTICLES),
        Column("from_on", "date"),
        Column("until_on", "date", required=False),
    ),
)
MARKS = Table(
    "marks",
    (
        Column("learner", "text"),
        Column("school", "text"),
        Column("date", "date"),
        Column("slot", "whole", at_least=1, at_most=MOST_SLOTS),
        Column("minutes", "whole", required=False, at_most=MINUTES_IN_A_DAY),
        Column("status", "text", one_of=STATUSES),
        Column("reason", "text", required=False),
        Column("permission", "truth", required=False),
    ),
)

TABLES_IN = (SCHOOLS, CALENDAR, LEARNERS, ENROLMENTS, EXEMPTIONS, MARKS)
