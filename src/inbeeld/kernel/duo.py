"""Reports of absence to the register of DUO: kinds, answers, when one is due, what the marks fill in. Pure.

The fields are those of the annex of the Besluit melding verzuim (in force since 1-8-2009); kinds and states
are those DUO uses today (DUO, soorten verzuim; DUO, wijzigingen in het verzuimregister, 3-8-2020).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.attention import ATTENTION, Step, reports_due
from inbeeld.kernel.definitions.phases import FIRST_PHASE


class ReportKind(StrEnum):
    """What a school reports. `OTHER` is voluntary: below the threshold, often late, doubt about illness."""

    SIXTEEN_HOURS = "sixteen_hours"
    LONG = "long"
    LUXURY = "luxury"
    EIGHTEEN = "eighteen"
    OTHER = "other"


class MunicipalStatus(StrEnum):
    """What the municipality says it does with a report."""

    IN_TREATMENT = "in_treatment"
    CLOSED = "closed"
    TAKEN_NOTE_OF = "taken_note_of"


class ClosedAs(StrEnum):
    """Why the municipality closed it. Of no absence the decree has two kinds; which one tells a reason."""

    BACK_AT_SCHOOL = "back_at_school"
    OTHER_EDUCATION = "other_education"
    WORK = "work"
    LEFT_OTHERWISE = "left_otherwise"
    DIED = "died"
    NO_ABSENCE = "no_absence"


class NoAbsence(StrEnum):
    """Which of the two it is."""

    ILL = "ill"
    LEGITIMATE = "legitimate"


class ClosingNote(StrEnum):
    """What the municipality adds when it closes."""

    SEEN = "seen"
    ACTION_RUNS = "action_runs"
    NO_ACTION = "no_action"


#: The end of a long absence must be reported too, on return or on leaving (DUO, soorten verzuim).
MUST_TELL_THE_END = frozenset({ReportKind.LONG})
_FOR_A_REPORT = frozenset({Step.REPORT, Step.REPORT_LONG})
#: The roles a signal asks to report.
REPORTERS = frozenset(role for one in ATTENTION for role, step in one.asks.items() if step in _FOR_A_REPORT)
#: The kind of report a signal asks for, by the subject of its definition.
KIND_OF_SUBJECT: Mapping[str, ReportKind] = {
    "report-duty": ReportKind.SIXTEEN_HOURS,
    "thuiszitter": ReportKind.LONG,
}


@dataclass(frozen=True)
class Due:
    """A report the facts ask for. `school`: its key. `minutes` None: not counted in hours.

    `ends_on` None: the absence goes on.
    """

    kind: ReportKind
    begins_on: date
    ends_on: date | None
    school: str
    minutes: int | None = None


def dues(attendance: Attendance) -> tuple[Due, ...]:
    """The reports the facts of a learner ask for, the latest first.

    Of sixteen hours one for each duty, and while an absence goes on one in seven days; of each absence
    without permission of more than four weeks one (DUO, soorten verzuim). The school is that of the day on
    which the hours were reached, or the absence began: it has to report.
    """
    is_enrolled = attendance.school_on(attendance.on) is not None
    runs = [
        # Who left the school is away from it no longer: then the last day there is the last of the absence.
        one if is_enrolled else replace(one, ongoing=False)
        for one in attendance.episodes
        if one.family == "without"
    ]
    away = [(one.first_on, one.last_on) for one in runs]
    found = [
        Due(
            ReportKind.SIXTEEN_HOURS,
            one.begins_on,
            one.ends_on,
            _school(attendance, one.ends_on),
            one.minutes,
        )
        for one in reports_due(attendance.report_duties, away)
    ]
    found += [
        Due(
            ReportKind.LONG,
            one.first_on,
            None if one.ongoing else one.last_on,
            _school(attendance, one.first_on),
        )
        for one in runs
        if FIRST_PHASE.is_exceeded(one.first_on, attendance.on if one.ongoing else one.last_on)
    ]
    return tuple(sorted(found, key=lambda one: (one.ends_on or date.max, one.begins_on), reverse=True))


def _school(attendance: Attendance, day: date) -> str:
    school = attendance.school_on(day)
    assert school is not None, "an absence stands on a day of enrolment"
    return school.school


def meets(due: Due, *, kind: ReportKind, begins_on: date, ends_on: date | None) -> bool:
    """Is a report of this kind over these days the one a duty asks for? `ends_on` None: no end so far.

    Of sixteen hours: the day they were reached lies within it. Of a long absence: they have a day in common.
    """
    if kind is not due.kind:
        return False
    until = ends_on or date.max
    if due.kind is ReportKind.SIXTEEN_HOURS:
        assert due.ends_on is not None
        return begins_on <= due.ends_on <= until
    return begins_on <= (due.ends_on or date.max) and due.begins_on <= until


@dataclass(frozen=True)
class Filled:
    """What the marks without permission say of some days: how many days and minutes, and which reasons.

    `all_lessons`: nothing else was attended on those days. `reasons`: marks by reason, of one school.
    """

    days: int
    minutes: int
    all_lessons: bool
    reasons: tuple[tuple[str, int], ...] = ()


def filled(attendance: Attendance, *, first: date, last: date, school: str) -> Filled:
    """The fields of a report over these days, both included, from the marks at one school.

    `school`: its key. A mark counts as in the contract (reference, 3 and 5); reasons by their number.
    """
    days = [
        one
        for one in attendance.days
        if first <= one.date <= last and one.school == school and one.permission == "without"
    ]
    missed = {one.date for one in days}
    reasons = Counter(
        mark.reason or "unknown"
        for mark in attendance.standing_marks.values()
        if mark.date in missed
        and mark.school == school
        and mark.status == "absent"
        and mark.permission is False
        and attendance.why_not_counted(mark) is None
    )
    return Filled(
        days=len(days),
        minutes=sum(one.minutes_without for one in days),
        all_lessons=bool(days) and all(one.is_fully_absent for one in days),
        reasons=tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
    )
