"""A definition: a sentence from a law or an agreement, owned, dated and sourced, written once as clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from inbeeld.kernel.facts import Facts
from inbeeld.kernel.truth import Outcome, SqlTruth, Truth, all_of

Clauses = Iterator[tuple[str, Any]]

PUPIL = "is enrolled at a school, or is of compulsory school age"


@dataclass(frozen=True)
class Source:
    """Where a definition stands: title, place in it, and the day someone last looked."""

    title: str
    place: str
    last_read_on: date


@dataclass(frozen=True)
class Clause:
    """One clause answered for one child: English words (a translation key) and the answer."""

    words: str
    truth: Truth


@dataclass(frozen=True)
class Verdict:
    """What a definition says of one child on one day, clause by clause."""

    definition: Definition
    on: date
    clauses: tuple[Clause, ...]

    @property
    def outcome(self) -> Outcome:
        return all_of(clause.truth for clause in self.clauses).outcome


@dataclass(frozen=True)
class Definition:
    """A dated definition. `clauses` yields (words, answer) for one child or for columns alike.

    `in_words` is the whole sentence for a page, `ends_when` says what would take a yes away,
    `left_to_people` lists what no clause can say.
    """

    subject: str
    agreed_by: str
    name: str
    in_words: str
    ends_when: str
    valid_from: date
    next_review: date
    source: Source
    clauses: Callable[[Facts[Any]], Clauses]
    valid_until: date | None = None
    left_to_people: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """The version key: the same definition, worded anew, has another one."""
        return f"{self.subject}-{self.agreed_by}@{self.valid_from.isoformat()}"

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def verdict(self, child: Facts[Truth]) -> Verdict:
        """Judge one child, every clause in words."""
        return Verdict(self, child.on, tuple(Clause(words, truth) for words, truth in self.clauses(child)))

    def sql(self, columns: Facts[SqlTruth]) -> str:
        """The same, for every row of a table: a boolean SQL expression, NULL where not known."""
        return all_of(truth for _, truth in self.clauses(columns)).sql


def definition(
    subject: str,
    *,
    agreed_by: str,
    name: str,
    in_words: str,
    ends_when: str,
    valid_from: date,
    next_review: date,
    source: Source,
    valid_until: date | None = None,
    left_to_people: tuple[str, ...] = (),
) -> Callable[[Callable[[Facts[Any]], Clauses]], Definition]:
    """Make a Definition of a generator of clauses."""

    def decorate(clauses: Callable[[Facts[Any]], Clauses]) -> Definition:
        return Definition(
            subject=subject,
            agreed_by=agreed_by,
            name=name,
            in_words=in_words,
            ends_when=ends_when,
            valid_from=valid_from,
            valid_until=valid_until,
            next_review=next_review,
            source=source,
            clauses=clauses,
            left_to_people=left_to_people,
        )

    return decorate


def in_force(catalogue: Iterable[Definition], on: date) -> tuple[Definition, ...]:
    """The definitions of a catalogue that hold on a day, in catalogue order."""
    return tuple(one for one in catalogue if one.is_in_force(on))
