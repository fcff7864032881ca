"""Who may know the reason of an absence: who delivered it, and who may read medical facts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from inbeeld.access.permit import Permit
from inbeeld.kernel.access import Author, class_of_a_reason
from inbeeld.kernel.attendance import Attendance

#: The definitions that tell a reason.
ABOUT_SICKNESS = frozenset({"sickness"})
#: An alert on sickness rests on twelve school weeks; with all holidays between them never on more than this.
RESTS_ON = timedelta(weeks=24)

School = TypeVar("School", bound=Hashable)


def only_school(stays: Iterable[tuple[School, date, date | None]], last: date) -> School | None:
    """The school that delivered everything an alert on `last` can rest on, or None when it was not one.

    `stays`: school, first day and last day (None: still) of each enrolment.
    """
    first = last - RESTS_ON
    there = {school for school, from_on, until_on in stays if from_on <= last and (until_on or last) >= first}
    return there.pop() if len(there) == 1 else None


@dataclass(frozen=True)
class KnownReasons:
    """Which reasons one actor may know of one child. `own`: the keys of the actor's school and its sites."""

    permit: Permit
    attendance: Attendance
    own: frozenset[str]

    @property
    def anything(self) -> bool:
        """Is there a place on the page for reasons?"""
        return bool(self.permit.may_know_the_reason(self._author(self.attendance.on)))

    def until(self, last: date) -> bool:
        """May the actor know what an alert on this day rests on? Yes is noted for the log."""
        author = self._author(last)
        decision = self.permit.may_know_the_reason(author)
        if decision:
            self.permit.actor.ledger.note(self.permit, decision, class_of_a_reason(author))
        return bool(decision)

    def _author(self, last: date) -> Author:
        stays = ((stay.what, stay.from_on, stay.until_on) for stay in self.attendance.enrolments)
        return Author.MY_ORGANISATION if only_school(stays, last) in self.own else Author.OTHERS


def known_reasons(permit: Permit, attendance: Attendance) -> KnownReasons:
    """Which reasons the actor of this permit may know."""
    here = permit.actor.organisation
    return KnownReasons(permit, attendance, frozenset() if here is None else frozenset({here.key}))
