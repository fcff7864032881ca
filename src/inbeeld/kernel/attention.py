"""Which verdicts ask for attention, of whom, and for what: one table, dated, each line with its source.

Who need not be at school asks for none: a verdict counts here for who is a pupil or should be one, and holds
no exemption. Each role is asked for a step of its own task; where something is not known, that is to find it
out. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.attendance import ReportDuty
from inbeeld.kernel.calendar import Duration, weeks
from inbeeld.kernel.definition import PUPIL, Clauses, Definition, Source
from inbeeld.kernel.definitions import absolute_absence, early_absence, phases, report_duty, thuiszitter
from inbeeld.kernel.definitions.compulsory_age import LEERPLICHTWET
from inbeeld.kernel.facts import Facts, facts_as_columns
from inbeeld.kernel.truth import Outcome

READ = date(2026, 11, 21)
REVIEW = date(2027, 8, 1)
FROM = date(2026, 8, 1)
#: No source says when four weeks are near: halfway there is time left for a talk and a plan.
NEAR_FOUR_WEEKS = weeks(2)


class Step(StrEnum):
    """What a signal asks somebody to do next."""

    TALK = "talk"
    SUPPORT_TEAM = "support_team"
    CONSULT = "consult"
    OFFER_CONSULT = "offer_consult"
    REPORT = "report"
    REPORT_LONG = "report_long"
    EXPECT_REPORT = "expect_report"
    MDO = "mdo"
    JOIN_MDO = "join_mdo"
    PLAN = "plan"
    TABLE = "table"
    FIND_SCHOOL = "find_school"
    RECORD = "record"
    FIND_OUT = "find_out"


#: Who can say what is missing, because the school keeps it; others ask.
AT_SCHOOL = frozenset({"mentor", "attendance_coordinator", "care_coordinator"})
PRACTICE = Source("Praktijkkaart thuiszitters", "steps 1 to 3", READ)
AGREEMENTS = Source("Aanpak thuiszitters, agreements of an SWV", "agreements 1 and 3", READ)


@dataclass(frozen=True)
class Attention:
    """That a definition asks for attention when it says yes, of which roles, and for which step.

    `also_unknown`: also when it says not known. `at_school`: only of who is enrolled, as a school acts.
    `at_home_for`: only after so long at home without a break.
    """

    definition: Definition
    asks: Mapping[str, Step]
    source: Source
    also_unknown: bool = False
    at_school: bool = False
    at_home_for: Duration | None = None
    valid_from: date = FROM
    next_review: date = REVIEW

    @property
    def key(self) -> str:
        """The version key of its definition."""
        return self.definition.key

    @property
    def subject(self) -> str:
        return self.definition.subject

    @cached_property
    def asking(self) -> Definition:
        """The definition with what else it takes to ask for attention; its verdict says whether it does."""
        return replace(self.definition, clauses=self._clauses)

    def _clauses(self, child: Facts[Any]) -> Clauses:
        own = dict(self.definition.clauses(child))
        besides = {PUPIL: child.is_pupil, "holds no exemption": ~child.is_exempt}
        if self.at_school:
            besides["is enrolled at a school"] = child.is_enrolled
        if self.at_home_for is not None:
            besides["is away for more than two weeks"] = child.at_home.longer_than(self.at_home_for)
        yield from ((words, answer) for words, answer in besides.items() if words not in own)
        yield from own.items()

    @property
    def asks_for_a_report(self) -> bool:
        """Is a report to DUO among the steps?"""
        return bool({Step.REPORT, Step.REPORT_LONG} & set(self.asks.values()))

    def words(self) -> tuple[str, ...]:
        """The clauses of `asking` in order, as English words (translation keys)."""
        return tuple(words for words, _ in self.asking.clauses(facts_as_columns(on=self.valid_from)))

    def is_asked_by(self, outcome: Outcome) -> bool:
        """Does this outcome of `asking` ask for attention?"""
        return outcome is Outcome.YES or (self.also_unknown and outcome is Outcome.UNKNOWN)

    def step_for(self, role: str, outcome: Outcome) -> Step | None:
        """What this role is asked to do next; None: nothing."""
        if outcome is Outcome.UNKNOWN and role in self.asks:
            return Step.RECORD if role in AT_SCHOOL else Step.FIND_OUT
        return self.asks.get(role)


ATTENTION: tuple[Attention, ...] = (
    Attention(
        report_duty.sixteen_hours_in_four_weeks,
        asks={
            "attendance_coordinator": Step.REPORT, "care_coordinator": Step.REPORT,
            "leerplicht_desk": Step.EXPECT_REPORT, "attendance_officer": Step.EXPECT_REPORT,
        },
        # The statute gives no number of days: without delay.
        source=Source(LEERPLICHTWET, "art. 21, 21a: onverwijld", READ),
        also_unknown=True,
    ),
    Attention(
        early_absence.sickness_asks_for_attention,
        asks={
            "mentor": Step.TALK, "care_coordinator": Step.CONSULT,
            "school_nurse": Step.OFFER_CONSULT, "school_doctor": Step.OFFER_CONSULT,
        },
        source=Source("NCJ, M@ZL", "five steps: talk, then a consult of the jeugdarts", READ),
    ),
    Attention(
        early_absence.ten_days_in_fifteen_weeks,
        asks={"mentor": Step.TALK, "care_coordinator": Step.SUPPORT_TEAM},
        source=AGREEMENTS,
        at_school=True,
    ),
    Attention(early_absence.LAYER_TWO, asks={"mentor": Step.TALK}, source=AGREEMENTS, at_school=True),
    Attention(
        early_absence.LAYER_THREE,
        asks={"mentor": Step.TALK, "care_coordinator": Step.SUPPORT_TEAM},
        source=AGREEMENTS,
        at_school=True,
    ),
    Attention(
        phases.up_to_four_weeks,
        asks={"mentor": Step.TALK, "care_coordinator": Step.SUPPORT_TEAM},
        source=AGREEMENTS,
        at_school=True,
        at_home_for=NEAR_FOUR_WEEKS,
    ),
    Attention(
        thuiszitter.long_relative_absence,
        asks={
            "attendance_coordinator": Step.REPORT_LONG, "care_coordinator": Step.REPORT_LONG,
            "leerplicht_desk": Step.EXPECT_REPORT, "attendance_officer": Step.EXPECT_REPORT,
        },
        source=Source("DUO, soorten verzuim", "langdurig relatief verzuim", READ),
        also_unknown=True,
    ),
    Attention(
        phases.four_weeks_up_to_three_months,
        asks={
            "care_coordinator": Step.MDO, "swv_coordinator": Step.PLAN, "swv_adviser": Step.PLAN,
            **dict.fromkeys(
                ("mentor", "attendance_officer", "attendance_coach", "school_nurse", "school_doctor",
                 "youth_worker", "youth_protection"),
                Step.JOIN_MDO,
            ),
        },
        source=PRACTICE,
    ),
    Attention(
        phases.beyond_three_months,
        asks=dict.fromkeys(
            ("care_coordinator", "swv_coordinator", "swv_adviser", "leerplicht_desk", "attendance_officer",
             "attendance_coach", "school_doctor", "youth_worker", "youth_protection", "case_director",
             "table_chair"),
            Step.TABLE,
        ),
        source=Source("Amsterdams Thuiszitterspact", "three months, Doorbraakoverleg", READ),
    ),
    Attention(
        absolute_absence.on_no_roll,
        asks=dict.fromkeys(
            ("leerplicht_desk", "attendance_officer", "swv_coordinator", "swv_adviser"), Step.FIND_SCHOOL
        ),
        source=Source(LEERPLICHTWET, "art. 19", READ),
        also_unknown=True,
    ),
)  # fmt: skip
_BY_KEY = {one.key: one for one in ATTENTION}


def attention_of(key: str) -> Attention | None:
    """The line of a definition by its version key; None where no line is left."""
    return _BY_KEY.get(key)


def rules_for(role: str) -> tuple[Attention, ...]:
    """What asks something of a role, in the order of the table."""
    return tuple(one for one in ATTENTION if role in one.asks)


# --- a duty to report comes back ------------------------------------------------------------------


def reports_due(duties: Iterable[ReportDuty], runs: Iterable[tuple[date, date]]) -> list[ReportDuty]:
    """The duties that ask for a report of their own, in order.

    `runs`: first and last day of each absence without permission. While one goes on, a report per seven days
    is enough (DUO, soorten verzuim).
    """
    away = list(runs)
    found: list[ReportDuty] = []
    for one in sorted(duties, key=lambda duty: duty.ends_on):
        last = found[-1].ends_on if found else None
        if (
            last is not None
            and (one.ends_on - last).days < weeks(1).days
            and _in_one(away, last, one.ends_on)
        ):
            continue
        found.append(one)
    return found


def _in_one(runs: Iterable[tuple[date, date]], first: date, last: date) -> bool:
    return any(begin <= first and last <= end for begin, end in runs)


# --- off the list for a while ----------------------------------------------------------------------


class Parked(StrEnum):
    """Why a signal is off the list of what is to be done, until a day."""

    PLAN = "plan"
    SCHOOL_DOCTOR = "school_doctor"
    PARTIAL_TIMETABLE = "partial_timetable"
    REPORTED = "reported"
    OTHER_BODY = "other_body"


#: What the reason says, and so who may write and read it: that a report was made is a fact of the absence;
#: the others are agreements.
CLASS_OF_PARKING = {
    Parked.PLAN: FieldClass.AGR,
    Parked.SCHOOL_DOCTOR: FieldClass.AGR,
    Parked.PARTIAL_TIMETABLE: FieldClass.AGR,
    Parked.REPORTED: FieldClass.ATT,
    Parked.OTHER_BODY: FieldClass.AGR,
}
#: A quarter: by then the SWV looks at every child again (overview of each three months, source 003).
LONGEST_PARKED = 92


@dataclass(frozen=True)
class Taken:
    """A signal as it was when it was taken off the list: its outcome, and the last limit it had passed."""

    until_on: date
    outcome: Outcome
    reached_on: date

    def holds(self, *, today: date, outcome: Outcome, reached_on: date) -> bool:
        """Is it still off the list: before that day, and with nothing worse than was known then?"""
        return today < self.until_on and outcome <= self.outcome and reached_on <= self.reached_on
