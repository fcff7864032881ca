"""Lines of the journal as people read them: one page at a time, newest first."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from inbeeld.access.in_words import action_word, class_words, ground_word, person_word, purpose_word
from inbeeld.access.ledger import REFUSED
from inbeeld.access.people import Known, Person
from inbeeld.journal.models import Line

LINES_ON_A_PAGE = 100
#: What the journal calls a name that passed by in a list.
LISTED = "listed"
#: What lines of one request share when they are one thing to a reader.
_SHARED = (
    "trace", "at", "actor", "role", "organisation", "action", "ground", "purpose", "outcome", "emergency",
    "child",
)  # fmt: skip
_VALUES = ("sequence", "field_class", *_SHARED)
_same_deed = itemgetter(*_SHARED)


@dataclass(frozen=True)
class SeenLine:
    """One deed of the journal, in words. `child` is a reference, for who may know it."""

    sequence: int
    at: datetime
    person: Person
    role: str
    organisation: str
    action: str
    classes: str
    ground: str
    purpose: str
    refused: bool
    emergency: bool
    child: UUID | None
    listed: bool = False
    #: Of lines that are one to a reader: how many, since when, and the children among them that may be named.
    number: int = 1
    since: datetime | None = None
    children: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class PageOfLines:
    """Lines as values, and before which sequence the next page begins (None: there is none)."""

    values: tuple[dict[str, Any], ...]
    older: int | None

    @property
    def children(self) -> set[UUID]:
        return {one["child"] for one in self.values if one["child"] is not None}

    def naming_only(self, children: Container[UUID]) -> PageOfLines:
        """The same lines, without which child it was but these."""
        values = (one if one["child"] in children else {**one, "child": None} for one in self.values)
        return PageOfLines(tuple(values), self.older)

    @property
    def actors(self) -> set[str]:
        return {one["actor"] for one in self.values}

    @property
    def organisations(self) -> set[str]:
        return {one["organisation"] for one in self.values}


def page_of_lines(rows: QuerySet[Line], *, before: int | None = None) -> PageOfLines:
    """The newest of these lines (in descending order), or the newest before a sequence."""
    wanted = rows if before is None else rows.filter(sequence__lt=before)
    values = tuple(wanted.values(*_VALUES)[: LINES_ON_A_PAGE + 1])
    shown = values[:LINES_ON_A_PAGE]
    return PageOfLines(shown, shown[-1]["sequence"] if len(values) > len(shown) else None)


def lines_in_words(rows: Iterable[dict[str, Any]], known: Known) -> tuple[SeenLine, ...]:
    """Lines ready to be read; what one request did in the same way is one line."""
    return tuple(_in_words(list(same), known) for _, same in groupby(rows, key=_same_deed))


def folded(lines: Iterable[SeenLine]) -> tuple[SeenLine, ...]:
    """One line a day for all the names somebody saw in lists in the same way, where the latest of them stood.

    One look at a list is a line for each child on it, and would push aside what is looked for.
    """
    found: dict[tuple[Any, ...], list[SeenLine]] = {}
    for one in lines:
        day = timezone.localdate(one.at)
        same = (one.person.key, one.role, one.organisation, day, one.ground, one.purpose, one.emergency)
        found.setdefault(same if one.listed and not one.refused else (one.sequence,), []).append(one)
    return tuple(_as_one(together) for together in found.values())


def _as_one(lines: list[SeenLine]) -> SeenLine:
    if len(lines) == 1:
        return lines[0]
    children = dict.fromkeys(one.child for one in lines if one.child is not None)
    return replace(lines[0], child=None, number=len(lines), since=lines[-1].at, children=tuple(children))


def sequence_in(text: str) -> int | None:
    """The sequence an address asks to go on from; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _in_words(rows: list[dict[str, Any]], known: Known) -> SeenLine:
    row = rows[0]
    return SeenLine(
        sequence=row["sequence"],
        at=row["at"],
        person=known.person(row["actor"]),
        role=person_word(row["role"]),
        organisation=known.organisation(row["organisation"]),
        action=action_word(row["action"]),
        classes=class_words({word for one in rows for word in one["field_class"].split()}),
        ground=ground_word(row["ground"]),
        purpose=purpose_word(row["purpose"]),
        refused=row["outcome"] == REFUSED,
        emergency=row["emergency"],
        child=row["child"],
        listed=row["action"] == LISTED,
    )
