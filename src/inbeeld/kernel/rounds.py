"""Rounds in which lists are laid side by side: when one begins, when lists are due, whom to remind.

Sources: every three weeks (004, Taskforce Rotterdam), four times a year (002, Noord-Limburg). All days are
calendar days; how long is for a region to set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Who has not delivered hears of it so long before the day, and again each so long after it.
REMIND_BEFORE, REMIND_AGAIN = timedelta(days=2), timedelta(days=7)
#: In these months children change schools: who is on no roll may be on its way from one to the next
#: (source 004; domain.md on absolute absence).
CHANGING_SCHOOLS = (8, 9, 10)


class Compared(StrEnum):
    """What is laid side by side."""

    CHILDREN = "children"  # lists of children at home, or about to be
    ROLL = "roll"  # the population register beside the enrolments: absolute absence


@dataclass(frozen=True)
class ListOf:
    """One list of a comparison: its name in files, as people call it, and the key of who keeps it."""

    name: str
    title: str
    organisation: str


@dataclass(frozen=True)
class SideBySide:
    """Lists that a region lays side by side, as its profile says: a round each `every_days` days.

    `led_by`: key of the organisation that begins rounds. `apart`: pairs of lists that share no child (two
    kinds of education). Raises ValueError.
    """

    key: str
    name: str
    compared: Compared
    led_by: str
    every_days: int
    days_to_deliver: int
    lists: tuple[ListOf, ...]
    apart: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = [one.name for one in self.lists]
        if not 2 <= len(names) <= 6 or len(set(names)) < len(names):
            raise ValueError("two to six lists, each with a name of its own")
        if self.compared is Compared.ROLL and len(names) != 2:
            raise ValueError("two lists: the population register, and the enrolments")
        if not 1 <= self.days_to_deliver < self.every_days:
            raise ValueError("fewer days to deliver than from one round to the next")
        if not all(one in names for pair in self.apart for one in pair):
            raise ValueError("pairs of its own lists")


def next_round_on(*, last_on: date, every_days: int) -> date:
    """The day on which the round after one that began on `last_on` begins."""
    return last_on + timedelta(days=every_days)


def due_on(*, begun_on: date, days_to_deliver: int) -> date:
    """The last day on which a list of a round that began on a day is in time."""
    return begun_on + timedelta(days=days_to_deliver)


def is_to_be_reminded(*, due: date, reminded_on: date | None, on: date) -> bool:
    """Is who did not deliver reminded on this day? Two days before it is due, when it is late, then weekly.

    `reminded_on`: the last time; a day on which nothing ran is made up for on the next.
    """
    late_since = due + timedelta(days=1)
    if on < due - REMIND_BEFORE:
        return False
    if reminded_on is None or (reminded_on < late_since <= on):
        return True
    return on >= late_since and on - reminded_on >= REMIND_AGAIN


def is_season_of_changing_schools(on: date) -> bool:
    """August to October: a child on no roll may be between two schools. It stays in sight all the same."""
    return on.month in CHANGING_SCHOOLS
