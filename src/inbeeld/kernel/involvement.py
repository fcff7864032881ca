"""For how long someone is involved with a child, and who may involve whom. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from inbeeld.kernel.access import ROWS, Involvement

DAYS = 90  # unless the one who grants says otherwise
LONGEST_DAYS = 365
EMERGENCY = timedelta(hours=4)
REVIEW_WORKING_DAYS = 2
#: So many times a person may look for a child in an emergency, in so long.
SEARCHES, SEARCHES_IN = 5, timedelta(hours=1)
AROUND_THE_MEETING = timedelta(days=14)

#: Who may be named as involved, sit at a table, or break the glass: the table says it.
MAY_BE_INVOLVED = frozenset(row.role for row in ROWS if row.involvement is Involvement.INVOLVED)
MAY_SIT_AT_A_TABLE = frozenset(row.role for row in ROWS if row.involvement is Involvement.TABLE)
MAY_CALL_AN_EMERGENCY = frozenset(row.role for row in ROWS if row.involvement is Involvement.EMERGENCY)
#: Who may begin: as long as nobody holds direction, those on whose organisation's list the child stands.
MAY_BEGIN = frozenset({"attendance_coordinator", "care_coordinator", "swv_coordinator", "leerplicht_desk"})
#: Who can hold direction over what happens with a child.
MAY_DIRECT = frozenset({
    "care_coordinator", "swv_adviser", "attendance_officer", "school_doctor", "youth_worker",
    "youth_protection",
})  # fmt: skip

#: What someone in a role can be involved for: the task that role has by law or covenant, and no other (GDPR
#: 5(1)(b)). Who can hold direction may also be asked for that alone.
PURPOSES_OF_ROLE = {
    "mentor": frozenset({"guidance"}),
    "care_coordinator": frozenset({"guidance"}),
    "swv_adviser": frozenset({"advice"}),
    "attendance_coach": frozenset({"coaching"}),
    "attendance_officer": frozenset({"supervision"}),
    "school_nurse": frozenset({"health"}),
    "school_doctor": frozenset({"health"}),
    "youth_worker": frozenset({"help"}),
    "youth_protection": frozenset({"protection", "help"}),
    "case_director": frozenset({"direction"}),
}


def fits(purpose: str, role: str) -> bool:
    """Is this a purpose for which someone in this role can be involved?"""
    return purpose in PURPOSES_OF_ROLE.get(role, ()) or (purpose == "direction" and role in MAY_DIRECT)


def around(meeting_on: date) -> tuple[date, date]:
    """First and last day on which a table sees the children on its agenda."""
    return meeting_on - AROUND_THE_MEETING, meeting_on + AROUND_THE_MEETING


def ends_by_default(begins: datetime) -> datetime:
    """When an involvement ends if nobody says otherwise."""
    return begins + timedelta(days=DAYS)


def review_due(called_at: datetime) -> date:
    """The last day on which an emergency is reviewed in time: two working days (Monday to Friday) later."""
    day, left = called_at.date(), REVIEW_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
