"""Yes, no or not known: for one child with its reasons, and for a table as SQL.

Both algebras follow Kleene's three-valued logic, which is SQL's: NULL *is* "not known".
Neither can be used as a Python condition, so "not known" can never pass for "no".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import reduce
from typing import Any, NoReturn, Protocol, Self, TypeVar


class Outcome(IntEnum):
    """The three outcomes, ordered so that *and* is the least and *or* the greatest."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    @property
    def word(self) -> str:
        """The stored value: yes, no or unknown."""
        return self.name.lower()


class Logic(Protocol):
    """What a definition may do with an answer, whether for one child or for a column."""

    def __and__(self, other: Self) -> Self: ...
    def __or__(self, other: Self) -> Self: ...
    def __invert__(self) -> Self: ...
    def certainly(self) -> Self: ...
    def unless_certain(self) -> Self: ...
    def saying(self, *reasons: Because) -> Self: ...


@dataclass(frozen=True)
class Because:
    """A reason in words: an English sentence with named gaps (a translation key) and what fills them."""

    sentence: str
    values: tuple[tuple[str, Any], ...] = ()

    @staticmethod
    def of(sentence: str, **values: Any) -> Because:
        return Because(sentence, tuple(values.items()))

    def __str__(self) -> str:
        return self.sentence.format(**dict(self.values))


@dataclass(frozen=True)
class Truth:
    """An answer about one child, with the reasons that decided it; equal when the outcomes are."""

    outcome: Outcome
    because: tuple[Because, ...] = field(default=(), compare=False)

    def __and__(self, other: Truth) -> Truth:
        return _decided(min(self.outcome, other.outcome), self, other)

    def __or__(self, other: Truth) -> Truth:
        return _decided(max(self.outcome, other.outcome), self, other)

    def __invert__(self) -> Truth:
        return replace(self, outcome=Outcome(2 - self.outcome))

    def __bool__(self) -> NoReturn:
        raise TypeError("an answer can be 'not known': compare .outcome instead of using it as a condition")

    def certainly(self) -> Truth:
        """Yes stays yes; no and not known both become no."""
        return replace(self, outcome=Outcome.YES if self.outcome is Outcome.YES else Outcome.NO)

    def unless_certain(self) -> Truth:
        """Yes stays yes; no and not known both become not known."""
        return replace(self, outcome=max(self.outcome, Outcome.UNKNOWN))

    def saying(self, *reasons: Because) -> Truth:
        """The same answer with these reasons in place of the ones gathered so far."""
        return replace(self, because=reasons)


def _decided(outcome: Outcome, *sides: Truth) -> Truth:
    """The outcome with the reasons of the sides that decided it, each once."""
    reasons = (reason for side in sides if side.outcome is outcome for reason in side.because)
    return Truth(outcome, tuple(dict.fromkeys(reasons)))


YES = Truth(Outcome.YES)
NO = Truth(Outcome.NO)
NOT_KNOWN = Truth(Outcome.UNKNOWN)


def known(value: bool | None) -> Truth:
    """True is yes, False is no, None is not known."""
    if value is None:
        return NOT_KNOWN
    return YES if value else NO


@dataclass(frozen=True)
class SqlTruth:
    """An answer for every row of a table: a boolean SQL expression in which NULL is not known."""

    sql: str

    def __and__(self, other: SqlTruth) -> SqlTruth:
        return SqlTruth(f"({self.sql} AND {other.sql})")

    def __or__(self, other: SqlTruth) -> SqlTruth:
        return SqlTruth(f"({self.sql} OR {other.sql})")

    def __invert__(self) -> SqlTruth:
        return SqlTruth(f"(NOT {self.sql})")

    def __bool__(self) -> NoReturn:
        raise TypeError("a column of answers is no condition: combine it with & | ~")

    def certainly(self) -> SqlTruth:
        return SqlTruth(f"COALESCE({self.sql}, FALSE)")

    def unless_certain(self) -> SqlTruth:
        return SqlTruth(f"({self.sql} OR CAST(NULL AS BOOLEAN))")

    def saying(self, *reasons: Because) -> SqlTruth:
        """Columns carry no reasons."""
        return self


SQL_NOT_KNOWN = SqlTruth("CAST(NULL AS BOOLEAN)")


T = TypeVar("T", bound="Logic")


def all_of(answers: Iterable[T]) -> T:
    """No if any is no; else not known if any is; else yes. At least one answer is needed."""
    return reduce(lambda one, other: one & other, answers)
