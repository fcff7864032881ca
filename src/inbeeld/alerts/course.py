"""What one judgement says of one child, rule by rule: does it ask for attention, and since when. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from inbeeld.kernel.attendance import ReportDuty
from inbeeld.kernel.attention import ATTENTION, Attention, reports_due
from inbeeld.kernel.calendar import Duration
from inbeeld.kernel.definition import Verdict
from inbeeld.kernel.definitions.phases import FIRST_PHASE, SECOND_PHASE
from inbeeld.kernel.definitions.report_duty import LONG_ENOUGH_TO_MATTER
from inbeeld.kernel.facts import FactRow, facts_of_child
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.missing import missing_of

#: A letter for each answer: short to keep, and read back by clause.
LETTERS = {Outcome.YES: "y", Outcome.NO: "n", Outcome.UNKNOWN: "u"}


@dataclass(frozen=True)
class Course:
    """What a judgement knows of one child.

    `duties`: of this school year; `runs`: first and last day of each absence without permission.
    """

    row: FactRow
    on: date
    duties: tuple[ReportDuty, ...] = ()
    runs: tuple[tuple[date, date], ...] = ()
    off_roll_since: date | None = None


@dataclass(frozen=True)
class Measured:
    """The days and the number of a signal. `began_on`, `reached_on` None: no fact says a day."""

    began_on: date | None = None
    reached_on: date | None = None
    due_on: date | None = None
    number: int | None = None
    out_of: int | None = None


@dataclass(frozen=True)
class Told:
    """What one rule says of one child on a day. `no`: the numbers of the clauses that say no."""

    asks: bool
    outcome: Outcome
    outcomes: str
    no: str
    missing: str
    measured: Measured


def told(
    course: Course, *, rules: Iterable[Attention] = ATTENTION, among: Container[str] = ()
) -> dict[str, Told]:
    """What each of these rules says, by its key. `among`: only these keys, when given."""
    facts = facts_of_child(course.row, on=course.on)
    return {
        rule.key: _told(rule, rule.asking.verdict(facts), course)
        for rule in rules
        if not among or rule.key in among
    }


def _told(rule: Attention, verdict: Verdict, course: Course) -> Told:
    outcome = verdict.outcome
    asks = rule.is_asked_by(outcome)
    answers = [clause.truth.outcome for clause in verdict.clauses]
    return Told(
        asks=asks,
        outcome=outcome,
        outcomes="".join(LETTERS[one] for one in answers),
        no=",".join(str(number) for number, one in enumerate(answers) if one is Outcome.NO),
        missing=_missing(rule, course) if asks and outcome is Outcome.UNKNOWN else "",
        measured=MEASURES[rule.subject](course) if asks else Measured(),
    )


def _missing(rule: Attention, course: Course) -> str:
    return missing_of(rule.asking, asdict(course.row), on=course.on, born_on=course.row.born_on)


# --- the numbers and days of each rule -----------------------------------------------------------


def _report(course: Course) -> Measured:
    if course.row.report_duty_on is not None:
        last = reports_due(course.duties, course.runs)[-1]
        return Measured(last.begins_on, last.ends_on, last.ends_on, last.minutes)
    since = course.row.ongoing_open_since
    assert since is not None, "a duty that is not known rests on an absence that goes on"
    reached = since + timedelta(days=LONG_ENOUGH_TO_MATTER.days - 1)
    return Measured(since, reached, reached)


def _sickness(course: Course) -> Measured:
    on = course.row.sick_alert_on
    return Measured(on, on, on)


def _at_home(passed: Duration | None, next_limit: Duration | None) -> Callable[[Course], Measured]:
    """Of an absence that goes on: the limit it passed (None: none yet), and the next one."""

    def measure(course: Course) -> Measured:
        since = course.row.ongoing_since
        assert since is not None
        reached = since if passed is None else passed.first_exceeded_on(since)
        return Measured(
            since, reached, reached if next_limit is None else next_limit.first_exceeded_on(since)
        )

    return measure


def _long_absence(course: Course) -> Measured:
    """Counted from the first day that is certainly without permission, when that is long enough by itself."""
    certain, perhaps = course.row.ongoing_without_since, course.row.ongoing_open_since
    if certain is None or not FIRST_PHASE.is_exceeded(certain, course.on):
        certain = perhaps
    assert certain is not None
    reached = FIRST_PHASE.first_exceeded_on(certain)
    return Measured(certain, reached, reached)


def _alternating(course: Course) -> Measured:
    return Measured(number=course.row.alternating_days_15w)


def _share(course: Course) -> Measured:
    return Measured(number=course.row.absent_ytd, out_of=course.row.scheduled_ytd)


def _on_no_roll(course: Course) -> Measured:
    since = course.off_roll_since
    return Measured(since, since, since)


MEASURES: Mapping[str, Callable[[Course], Measured]] = {
    "report-duty": _report,
    "sickness": _sickness,
    "alternating-absence": _alternating,
    "layer-2": _share,
    "layer-3": _share,
    "phase-one": _at_home(None, FIRST_PHASE),
    "thuiszitter": _long_absence,
    "phase-two": _at_home(FIRST_PHASE, SECOND_PHASE),
    "phase-three": _at_home(SECOND_PHASE, None),
    "absolute-absence": _on_no_roll,
}


def within(course: Course, *, sick_alert_on: date | None, born_on: date | None) -> Course:
    """The same with what the tables of a judgement do not hold in a row of facts."""
    last = max((one.ends_on for one in course.duties), default=None)
    return replace(
        course,
        row=replace(course.row, report_duty_on=last, sick_alert_on=sick_alert_on, born_on=born_on),
    )
