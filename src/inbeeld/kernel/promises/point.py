"""What a promise is: a sentence for parents, and what every yes must satisfy for it to be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from inbeeld.kernel.access import Action, Author, FieldClass, Involvement


class Point(NamedTuple):
    """One question: may this role, involved so, do this with this class of a child at this stage?"""

    role: str
    involvement: Involvement
    stage: int
    field_class: FieldClass
    action: Action
    consent: bool = False
    author: Author = Author.OTHERS
    shielded: bool = False

    @property
    def own(self) -> bool:
        """Did the organisation of who asks write the entry?"""
        return self.author is not Author.OTHERS

    @property
    def reads(self) -> bool:
        return self.action is Action.READ

    @property
    def writes(self) -> bool:
        return self.action is Action.WRITE

    @property
    def takes_out(self) -> bool:
        return self.action is Action.EXPORT


#: The answers to other questions, for promises that lay two answers side by side.
Ask = Callable[[Point], bool]


class Said(NamedTuple):
    """A sentence in both languages."""

    english: str
    dutch: str


@dataclass(frozen=True)
class Promise:
    """A sentence for parents; `holds` says of a question answered yes whether this promise allows that.

    `question`: what the privacy officers still have to say about it.
    """

    key: str
    said: Said
    holds: Callable[[Point, Ask], bool]
    question: Said | None = None


@dataclass(frozen=True)
class Chapter:
    """Promises that belong together on the page."""

    title: Said
    promises: tuple[Promise, ...]


@dataclass(frozen=True)
class Possible:
    """A sentence for parents about what must always be possible: every one of these questions gets a yes."""

    key: str
    said: Said
    points: tuple[Point, ...]
