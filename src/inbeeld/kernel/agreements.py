"""Agreements: who does what by when, and what became of it.

An agreement stays as it was made; what happens to it is said beside it: accepted or refused by who is to do
it, moved to another day, done, done differently, not done. Where it stands follows from what was said, in the
order in which it was. Pure.
Source: "concrete agreements: who takes which step, and when" (sources 000 and 001, Doorbraakoverleg).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    ACCEPTED = "accepted"
    REFUSED = "refused"


#: After these nothing is left to do.
SETTLES = frozenset({Said.DONE, Said.DIFFERENTLY, Said.NOT_DONE})
#: Why not as it was agreed: who was told something else may know why.
ASKS_WHY = frozenset({Said.DIFFERENTLY, Said.NOT_DONE, Said.MOVED, Said.REFUSED})
#: What who is to do it says, and nobody else.
ANSWERS = frozenset({Said.ACCEPTED, Said.REFUSED})


@dataclass(frozen=True)
class Step:
    """Something that was said of an agreement. `to_on`: the new day, of what was moved.

    `by_doer`: by who is to do it.
    """

    said: Said
    to_on: date | None = None
    by_doer: bool = False


@dataclass(frozen=True)
class Course:
    """Where an agreement stands. `due_on`: the day it is to be done by, as it was last moved.

    `outcome`: None as long as something is left to do. `accepted`: what who is to do it said to it as it
    stands now; None as long as they said nothing.
    """

    due_on: date
    times_moved: int = 0
    outcome: Said | None = None
    accepted: bool | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    def is_late(self, on: date) -> bool:
        """Is it past its day, and nobody said what became of it? On the day itself it is not."""
        return self.is_open and self.due_on < on


def course_of(due_on: date, steps: Iterable[Step], *, accepted: bool | None = None) -> Course:
    """Where an agreement stands after what was said of it, the first said first.

    Moved after it was settled, it is open again: the last word counts. A refusal settles nothing: it is still
    to be done, by somebody. Moved by another, it is a new question to who is to do it; who moves their own
    says yes to the new day. `accepted`: True for what somebody took upon themselves.
    """
    course = Course(due_on, accepted=accepted)
    for step in steps:
        if step.said is Said.MOVED:
            assert step.to_on is not None
            course = Course(step.to_on, course.times_moved + 1, accepted=step.by_doer or None)
        elif step.said in ANSWERS:
            course = replace(course, accepted=step.said is Said.ACCEPTED)
        else:
            course = replace(course, outcome=step.said)
    return course
