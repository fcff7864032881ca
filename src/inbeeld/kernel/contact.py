"""Contact with the learner and the parents, and what keeps a child out of sight though it stands on a list.

Contact is the second of the five steps of the Praktijkkaart thuiszitters (source 004). Which child nobody
holds, nobody spoke to, or nobody enrolled is a matter of days and facts, worked out here. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inbeeld.kernel.access import FieldClass


class Party(StrEnum):
    """Whom somebody spoke with, or tried to."""

    LEARNER = "learner"
    PARENTS = "parents"
    BOTH = "both"


class Means(StrEnum):
    """How."""

    CONVERSATION = "conversation"
    VISIT = "visit"
    TELEPHONE = "telephone"
    VIDEO = "video"
    WRITTEN = "written"


class Gap(StrEnum):
    """What is missing around a child that is at home or out of sight."""

    NO_DIRECTION = "no_direction"
    NO_CONTACT = "no_contact"
    NO_AGREEMENT = "no_agreement"
    PAST_ITS_DAY = "past_its_day"
    ON_NO_ROLL = "on_no_roll"
    EXEMPT_AND_ALONE = "exempt_and_alone"


#: Days without contact to choose from: two, four and eight weeks. Whoever looks chooses; no source says.
SILENCES = (14, 28, 56)
#: An exemption under article 5a is asked for anew each school year (Leerplichtwet 6(1)).
EXEMPT_AND_ALONE_AFTER = 365


@dataclass(frozen=True)
class Sight:
    """What is known of how a child is held in sight.

    `is_long`: at home for four weeks or longer, or on no roll, or exempt · `since`: the first day counted;
    None: it comes and goes, or nobody knows · `spoken_on`: the last day somebody spoke with learner or
    parents · `due_on`: the first day of an open agreement; None: none is open · `reads_agreements`: else
    nothing of these is missed.
    """

    is_long: bool
    is_enrolled: bool
    is_exempt: bool
    since: date | None
    spoken_on: date | None
    is_directed: bool
    due_on: date | None
    reads_agreements: bool


def silent_for(sight: Sight, *, on: date) -> int | None:
    """For how many days nobody spoke with learner or parents; None: never, and nobody knows since when."""
    # The first day of an absence is a day without contact, as it is a day of absence.
    before = None if sight.since is None else sight.since - timedelta(days=1)
    last = [day for day in (before, sight.spoken_on) if day is not None]
    return (on - max(last)).days if last else None


def gaps(sight: Sight, *, on: date, today: date, silence: int) -> tuple[Gap, ...]:
    """What is missing around a child. `silence`: days without contact that are too many.

    `on`: the day until which the absence is known, from which silence is counted. Agreements go by `today`.
    """
    silent = silent_for(sight, on=on)
    found = {
        Gap.NO_DIRECTION: sight.is_long and not sight.is_directed,
        # Who is exempt has a gap of its own. Of whom nobody knows since when: never is too long.
        Gap.NO_CONTACT: not sight.is_exempt and (silent is None or silent >= silence),
        Gap.NO_AGREEMENT: sight.is_long and sight.reads_agreements and sight.due_on is None,
        # On its day it can still be done.
        Gap.PAST_ITS_DAY: sight.due_on is not None and sight.due_on < today,
        Gap.ON_NO_ROLL: not sight.is_enrolled and not sight.is_exempt,
        Gap.EXEMPT_AND_ALONE: sight.is_exempt
        and (sight.spoken_on is None or (on - sight.spoken_on).days >= EXEMPT_AND_ALONE_AFTER),
    }
    return tuple(gap for gap, is_there in found.items() if is_there)


def class_of_a_contact(may_write: Callable[[FieldClass], bool]) -> FieldClass | None:
    """The class in which somebody records a contact; None: they record none.

    Who keeps the attendance says with it what was done about it; who does not, helps, and writes it as they
    write an agreement.
    """
    return next((one for one in (FieldClass.ATT, FieldClass.AGR) if may_write(one)), None)
