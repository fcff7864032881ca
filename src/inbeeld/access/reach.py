"""Which children a role reaches, by its organisation and the stage a child is in. What is not here is denied.

The stages are those of the access table: 1 signal (before four weeks) · 2 at home (from four weeks) ·
5 out of sight (on no roll, or exempt). Stages 3, 4 and 6 come with cases. A child in no stage is
nobody's case and stands in no list. Why some rows hold in a trial only: docs/decisions/0007.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.conf import settings

from inbeeld.organisations.models import Kind, Role


class Where(Enum):
    """How a child and an organisation belong together."""

    NOWHERE = "nowhere"
    ENROLLED_HERE = "enrolled here"
    SCHOOLS_OF_THIS_SWV = "schools of this SWV"
    LIVING_HERE = "living here"
    SCHOOLS_SERVED = "schools served"


@dataclass(frozen=True)
class Reach:
    """The children of `where` in one of `stages`; `sickness`: may be told that absence was sickness."""

    where: Where = Where.NOWHERE
    stages: frozenset[int] = frozenset()
    sickness: bool = False

    @property
    def is_nobody(self) -> bool:
        return self.where is Where.NOWHERE or not self.stages


NOBODY = Reach()


def _stages(digits: str) -> frozenset[int]:
    return frozenset(int(digit) for digit in digits)


#: role, and the only kind of organisation in which it counts
TABLE: dict[tuple[Role, Kind], Reach] = {
    (Role.MENTOR, Kind.SCHOOL): Reach(Where.ENROLLED_HERE, _stages("1234"), sickness=True),
    (Role.ATTENDANCE_COORDINATOR, Kind.SCHOOL): Reach(Where.ENROLLED_HERE, _stages("12"), sickness=True),
    (Role.CARE_COORDINATOR, Kind.SCHOOL): Reach(Where.ENROLLED_HERE, _stages("1234"), sickness=True),
    (Role.SWV_COORDINATOR, Kind.SWV): Reach(Where.SCHOOLS_OF_THIS_SWV, _stages("2345")),
    (Role.SWV_ADVISER, Kind.SWV): Reach(Where.SCHOOLS_OF_THIS_SWV, _stages("2345")),
    (Role.LEERPLICHT_DESK, Kind.MUNICIPALITY): Reach(Where.LIVING_HERE, _stages("12345")),
    (Role.ATTENDANCE_OFFICER, Kind.MUNICIPALITY): Reach(Where.LIVING_HERE, _stages("12345")),
    (Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH): Reach(Where.SCHOOLS_SERVED, _stages("12345"), sickness=True),
}


#: Roles that see a child only when involved with it. Nobody can be involved yet, so outside a trial they
#: reach nobody; in a trial they see the list of their organisation.
INVOLVED_ONLY = frozenset({Role.MENTOR, Role.SWV_ADVISER, Role.ATTENDANCE_OFFICER, Role.SCHOOL_DOCTOR})


def reach_of(role: str, kind: str) -> Reach:
    """The reach of a role at an organisation of a kind; NOBODY for every pair the table does not name."""
    if role in INVOLVED_ONLY and not settings.INBEELD_TRIAL:
        return NOBODY
    return next((reach for (one, at), reach in TABLE.items() if (one, at) == (role, kind)), NOBODY)
