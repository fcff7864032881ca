"""After a return: who was at home for four weeks or longer and came back is kept in sight for a year. Pure.

Stage 4 of the access table ("aftercare, to one year after return"). A return is a school day on which the
learner was there, at least for a part of it; away again for longer than a week, it did not last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inbeeld.kernel.calendar import Duration, weeks

#: Absence as long as this is being at home (source 003: four weeks).
LONG = weeks(4)
#: Longer than this away again is a relapse: a cold is none. As the register of long absence counts.
RELAPSE_AFTER = weeks(1)
KEPT_FOR = Duration(months=12)
ONE_DAY = timedelta(days=1)


class Aftercare(StrEnum):
    """How it goes after a return."""

    RETURNED = "returned"
    RELAPSED = "relapsed"


@dataclass(frozen=True)
class Home:
    """A long absence that ended: its first and its last day, both included."""

    first_on: date
    last_on: date

    def is_long(self) -> bool:
        return LONG.is_reached(self.first_on, self.last_on)

    @property
    def kept_until(self) -> date:
        """The last day it is kept in sight: a year from the day after it."""
        return KEPT_FOR.first_exceeded_on(self.last_on + ONE_DAY) - ONE_DAY

    def is_kept(self, on: date) -> bool:
        return on <= self.kept_until


def last_home(ended: Iterable[Home], *, on: date) -> Home | None:
    """The last of these absences that was long and is kept in sight; None: there is none.

    `ended`: episodes of any permission that do not go on at `on`.
    """
    kept = (one for one in ended if one.is_long() and one.is_kept(on))
    return max(kept, key=lambda one: one.last_on, default=None)


def aftercare(home: Home | None, *, away_since: date | None, on: date) -> Aftercare | None:
    """How it goes with who is enrolled, after the last time at home. `away_since`: of an absence of now."""
    if home is None:
        return None
    if away_since is not None and RELAPSE_AFTER.is_exceeded(away_since, on):
        return Aftercare.RELAPSED
    return Aftercare.RETURNED
