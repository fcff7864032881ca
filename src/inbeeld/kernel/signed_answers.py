"""How many questions a row of the access table answers yes, and a digest of which: what is signed with it.

The letters of a row say nothing without the rules that read them. So the answers themselves are counted:
whoever changes the rules changes these.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from inbeeld.kernel.access import (
    Action,
    Author,
    Circumstances,
    Decision,
    FieldClass,
    Row,
    Stage,
    decide,
)

_DIGITS = 16
_ALL_CIRCUMSTANCES = tuple(
    Circumstances(consent, author, shielded)
    for consent in (False, True)
    for author in Author
    for shielded in (False, True)
)

#: Every question that can be asked of one row.
QUESTIONS = tuple(
    (int(stage), field_class, action, circumstances)
    for stage in Stage
    for field_class in FieldClass
    for action in Action
    for circumstances in _ALL_CIRCUMSTANCES
)
#: Whoever answers: stage, class, action, circumstances.
Asked = Callable[[int, FieldClass, Action, Circumstances], Decision]


@dataclass(frozen=True)
class Answers:
    """How many questions are answered yes, and a digest of which."""

    count: int
    digest: str

    def __str__(self) -> str:
        return f"{self.count} {self.digest}"

    @classmethod
    def read(cls, words: str) -> Answers:
        """The reverse of str. Raises ValueError."""
        found = re.fullmatch(rf"(0|[1-9][0-9]*) ([0-9a-f]{{{_DIGITS}}})", words)
        if found is None:
            raise ValueError(f"{words} is no number with a digest")
        return cls(int(found[1]), found[2])


def answers(asked: Asked) -> Answers:
    """What is answered yes of all questions of one row, by whoever answers."""
    found = [_written(*question) for question in QUESTIONS if asked(*question)]
    return Answers(len(found), sha256("\n".join(found).encode()).hexdigest()[:_DIGITS])


def answers_of(row: Row) -> Answers:
    """The same for a row, by the rules as they are now."""
    return answers(lambda *question: decide(row, *question))


def _written(stage: int, field_class: FieldClass, action: Action, so: Circumstances) -> str:
    consent, shielded = ("consent" if so.consent else "-"), ("shielded" if so.shielded else "-")
    return f"{stage} {field_class.value} {action.value} {consent} {so.author.value} {shielded}"


NO_ANSWERS = Answers(0, sha256(b"").hexdigest()[:_DIGITS])
