"""Agreements: who does what by when, and what became of it.

An agreement stays as it was made; what happens to it is said beside it: moved to another day, done, done
differently, not done. Where it stands follows from what was said, in the order in which it was. Pure.
Source: "concrete agreements: who takes which step, and when" (sources 000 and 001, Doorbraakoverleg).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Doer(StrEnum):
    """Who does it: somebody who is involved at work, the learner, or the parents."""

    MEMBER = "member"
    LEARNER = "learner"
    PARENTS = "parents"


class Said(StrEnum):
    """What can be said of an agreement afterwards."""

    DONE = "done"
    DIFFERENTLY = "differently"
    NOT_DONE = "not_done"
    MOVED = "moved"


#: After these nothing is left to do.
SETTLES = frozenset({Said.DONE, Said.DIFFERENTLY, Said.NOT_DONE})
#: Why not as it was agreed: who was told something else may know why.
ASKS_WHY = frozenset({Said.DIFFERENTLY, Said.NOT_DONE, Said.MOVED})


@dataclass(frozen=True)
class Step:
    """Something that was said of an agreement. `to_on`: the new day, of what was moved."""

    said: Said
    to_on: date | None = None


@dataclass(frozen=True)
class Course:
    """Where an agreement stands. `due_on`: the day it is to be done by, as it was last moved.

    `outcome`: None as long as something is left to do.
    """

    due_on: date
    times_moved: int = 0
    outcome: Said | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    def is_late(self, on: date) -> bool:
        """Is it past its day, and nobody said what became of it? On the day itself it is not."""
        return self.is_open and self.due_on < on


def course_of(due_on: date, steps: Iterable[Step]) -> Course:
    """Where an agreement stands after what was said of it, the first said first.

    Moved after it was settled, it is open again: the last word counts.
    """
    course = Course(due_on)
    for step in steps:
        if step.said is Said.MOVED:
            assert step.to_on is not None
            course = Course(step.to_on, course.times_moved + 1)
        else:
            course = Course(course.due_on, course.times_moved, step.said)
    return course
