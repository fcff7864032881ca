"""What a school does with a report to DUO, and recording what the municipality answered.

inbeeld sends nothing to DUO: a school reports in the register itself, and says so here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.operations_ground import Did, begun, is_at_work, refused
from inbeeld.access.permit import Permit
from inbeeld.access.refusal import Refused
from inbeeld.duo.models import Answer, Report, State
from inbeeld.duo.operations_signal import back_on_the_list, off_the_list
from inbeeld.kernel.access import Action, Author, Decision, FieldClass, Involvement
from inbeeld.kernel.duo import (
    MUST_TELL_THE_END,
    REPORTERS,
    ClosedAs,
    ClosingNote,
    MunicipalStatus,
    NoAbsence,
    ReportKind,
)
from inbeeld.kernel.numbers import is_valid_bsn
from inbeeld.learners.models import Learner
from inbeeld.learners.operations_text import fit, refuse_a_destroyed_child, seal_text
from inbeeld.organisations.models import Kind, Organisation

ATT, MED = FieldClass.ATT, FieldClass.MED
#: Who may record what the municipality answered besides who reported: the municipality itself.
OF_THE_MUNICIPALITY = frozenset({"attendance_officer"})
#: How the register numbers reports is not written anywhere we found; a personal number is never it.
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,19}")
PHONE = re.compile(r"[0-9+() -]{6,20}")


@dataclass(frozen=True)
class Said:
    """The fields of a report as a school says them. `minutes`: as the region counts hours."""

    kind: ReportKind
    begins_on: date
    ends_on: date | None
    days: int
    minutes: int
    all_lessons: bool
    reason: str
    measures: str
    wants_action: bool
    why_no_action: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Heard:
    """What the municipality answered. `no_absence`: which kind, when it was closed as that."""

    status: MunicipalStatus
    said_on: date
    closed_as: ClosedAs | None = None
    no_absence: NoAbsence | None = None
    note: ClosingNote | None = None
    contact: str = ""


def may_report(permit: Permit) -> Decision | None:
    """The yes to bringing a report about this child further; None: no."""
    actor = permit.actor
    if actor.role not in REPORTERS or not is_at_work(actor) or _school_of(permit) is None:
        return None
    return permit.may(ATT, Action.WRITE, author=Author.ME) or None


def may_prepare(permit: Permit) -> bool:
    """May this actor report, and is the child enrolled at their school?"""
    return may_report(permit) is not None and Involvement.OWN_ORG in permit.involvements


def may_answer_to(permit: Permit, report: Report) -> Decision | None:
    """The yes to recording what the municipality answered: of leerplicht, or the school that reported."""
    if may_work_on(permit, report):
        return may_report(permit)
    if permit.actor.role not in OF_THE_MUNICIPALITY or not is_at_work(permit.actor):
        return None
    return permit.may(ATT, Action.WRITE, author=Author.ME) or None


def may_work_on(permit: Permit, report: Report) -> bool:
    """Is it a report of the own school, which this actor may still bring further?"""
    here = _school_of(permit)
    return may_report(permit) is not None and here is not None and report.organisation_id == here.pk


@transaction.atomic
@sensitive_variables("said")
def prepare(permit: Permit, said: Said, *, child: Learner) -> Report:
    """Prepare a report: the school takes it over in the register. Raises Refused."""
    begun(permit, child=child)
    decision, school = _may(permit, Did.PREPARE_REPORT)
    if Involvement.OWN_ORG not in permit.involvements:
        raise refused(permit, Did.PREPARE_REPORT, _("A school reports only for who is enrolled there."))
    refuse_a_destroyed_child(permit, child, Did.PREPARE_REPORT)
    assert permit.actor.membership is not None
    made = Report(
        learner=child,
        organisation=school,
        written_by=permit.actor.membership,
        written_at=permit.actor.at,
    )
    same = Report.for_operations.filter(
        learner=child.pk, organisation=school.pk, kind=said.kind.value, begins_on=said.begins_on
    )
    if same.exclude(state=State.WITHDRAWN).exists():
        sentence = _("There is a report of this kind from this day already: it stands with the child.")
        raise refused(permit, Did.PREPARE_REPORT, sentence)
    _fill(permit, Did.PREPARE_REPORT, made, said)
    made.save(force_insert=True)
    _noted(permit, decision, Did.PREPARE_REPORT, made)
    return made


@transaction.atomic
@sensitive_variables("said")
def change(permit: Permit, report: Report, said: Said, *, child: Learner, version: int) -> Report:
    """Change a report as long as it is prepared. `version`: the one on the screen. Raises Refused."""
    begun(permit, child=child)
    decision, now = _mine(permit, report, Did.CHANGE_REPORT, states=(State.PREPARED,))
    _same_version(permit, now, version, Did.CHANGE_REPORT)
    _fill(permit, Did.CHANGE_REPORT, now, said)
    now.version += 1
    now.save()
    _noted(permit, decision, Did.CHANGE_REPORT, now)
    return now


@transaction.atomic
def record(
    permit: Permit, report: Report, *, child: Learner, on: date, number: str = "", version: int
) -> Report:
    """Say that it was reported in the register of DUO; from then on it stays as it is. Raises Refused.

    `on`: the day it was reported · `number`: as the register gave it. The signal that asked for it is off the
    list of the school for four weeks, and back before that when the facts get worse.
    """
    begun(permit, child=child)
    decision, now = _mine(permit, report, Did.MAKE_REPORT, states=(State.PREPARED,))
    _same_version(permit, now, version, Did.MAKE_REPORT)
    if number and not NUMBER.fullmatch(number):
        sentence = _("The number of a report is letters and digits, at most twenty.")
        raise _refuse(permit, Did.MAKE_REPORT, sentence, now)
    if is_valid_bsn(number):
        raise _refuse(permit, Did.MAKE_REPORT, _("This looks like a personal number: leave it out."), now)
    _a_day(permit, Did.MAKE_REPORT, now, on, since=now.begins_on)
    assert permit.actor.membership is not None
    now.state, now.reported_on, now.number = State.REPORTED, on, number
    # A page that still shows it as being prepared is out of date from here on.
    now.reported_by, now.version = permit.actor.membership, now.version + 1
    now.save(update_fields=["state", "reported_on", "reported_by", "number", "version"])
    _noted(permit, decision, Did.MAKE_REPORT, now)
    off_the_list(permit, now, child)
    return now


@transaction.atomic
def end(permit: Permit, report: Report, *, child: Learner, ends_on: date, on: date) -> Report:
    """Say on which day a reported absence ended, and when that was reported (`on`). Raises Refused."""
    begun(permit, child=child)
    decision, now = _mine(permit, report, Did.END_REPORT, states=(State.REPORTED,))
    if not asks_for_an_end(now):
        raise _refuse(permit, Did.END_REPORT, _("This report asks for no end."), now)
    _a_day(permit, Did.END_REPORT, now, ends_on, since=now.begins_on)
    _a_day(permit, Did.END_REPORT, now, on, since=max(ends_on, now.reported_on or ends_on))
    now.ends_on, now.end_reported_on = ends_on, on
    now.save(update_fields=["ends_on", "end_reported_on"])
    _noted(permit, decision, Did.END_REPORT, now)
    return now


@transaction.atomic
def withdraw(permit: Permit, report: Report, *, child: Learner, on: date, version: int) -> Report:
    """Withdraw a report, or drop one that was only being prepared; then its texts are gone. Raises Refused.

    `version`: the one on the screen, so that what was reported meanwhile is not dropped. The signal it took
    off the list of the school is back.
    """
    begun(permit, child=child)
    decision, now = _mine(permit, report, Did.WITHDRAW_REPORT, states=(State.PREPARED, State.REPORTED))
    _same_version(permit, now, version, Did.WITHDRAW_REPORT)
    _a_day(permit, Did.WITHDRAW_REPORT, now, on, since=now.reported_on or date.min)
    if now.state == State.PREPARED:
        for name, field_class in (("reason", MED), ("measures", ATT)):
            _seal(permit, Did.WITHDRAW_REPORT, now, name, "", field_class=field_class)
        now.why_no_action = None
    now.state, now.withdrawn_on = State.WITHDRAWN, on
    now.save(update_fields=["state", "withdrawn_on", "reason", "measures", "why_no_action"])
    _noted(permit, decision, Did.WITHDRAW_REPORT, now)
    back_on_the_list(permit, now, child)
    return now


@transaction.atomic
@sensitive_variables("heard")
def answer(permit: Permit, report: Report, heard: Heard, *, child: Learner) -> Answer:
    """Record what the municipality answered to a report that was made. Raises Refused."""
    begun(permit, child=child)
    action = Did.ANSWER_REPORT
    now = Report.for_operations.get(pk=report.pk, learner__reference=permit.child)
    if (decision := may_answer_to(permit, now)) is None:
        raise _refuse(permit, action, _("You cannot record the answer to this report."), now)
    if now.state != State.REPORTED:
        raise _refuse(permit, action, _("Only a report that was made is answered."), now)
    if (heard.closed_as is not None) != (heard.status is MunicipalStatus.CLOSED):
        sentence = _("Say why it was closed when it was closed, and only then.")
        raise _refuse(permit, action, sentence, now)
    if (heard.no_absence is not None) != (heard.closed_as is ClosedAs.NO_ABSENCE):
        raise _refuse(permit, action, _("Of no absence, say which it is: ill, or legitimate."), now)
    _a_day(permit, action, now, heard.said_on, since=now.reported_on or now.begins_on)
    refuse_a_destroyed_child(permit, child, action)
    assert permit.actor.membership is not None
    said = {
        "status": heard.status.value,
        "closed_as": "" if heard.closed_as is None else heard.closed_as.value,
        "note": "" if heard.note is None else heard.note.value,
        "said_on": heard.said_on,
        "organisation": permit.actor.membership.organisation,
    }
    if Answer.for_operations.filter(report=now, **said).exists():
        raise _refuse(permit, action, _("This answer stands with the report already."), now)
    made = Answer(
        report=now,
        learner=child,
        **said,
        written_by=permit.actor.membership,
        written_at=permit.actor.at,
    )
    if heard.no_absence is not None:
        _seal(permit, action, made, "no_absence", heard.no_absence.value, field_class=MED)
    if heard.contact.strip():
        _seal(permit, action, made, "contact", fit(permit, action, heard.contact), field_class=ATT)
    made.save(force_insert=True)
    _noted(permit, decision, action, now)
    return made


def asks_for_an_end(report: Report) -> bool:
    """Must its end still be reported, when it comes?"""
    return ReportKind(report.kind) in MUST_TELL_THE_END and report.ends_on is None


# --- what they share ------------------------------------------------------------------------------


def _school_of(permit: Permit) -> Organisation | None:
    membership = permit.actor.membership
    if membership is None or membership.organisation.kind != Kind.SCHOOL:
        return None
    return membership.organisation


def _may(permit: Permit, action: Did) -> tuple[Decision, Organisation]:
    decision, school = may_report(permit), _school_of(permit)
    if decision is None or school is None:
        if written := permit.may(ATT, Action.WRITE, author=Author.ME):
            raise refused(permit, action, _("Only who keeps the attendance of the school reports."))
        raise refused(permit, action, _(written.sentence))
    return decision, school


def _mine(
    permit: Permit, report: Report, action: Did, *, states: tuple[State, ...]
) -> tuple[Decision, Report]:
    """The report of the own school as it is now, in one of these states; refused otherwise."""
    decision, school = _may(permit, action)
    about_this_child = Report.for_operations.filter(learner__reference=permit.child)
    now = about_this_child.filter(pk=report.pk, organisation=school.pk).first()
    if now is None:
        raise refused(permit, action, _("Only the school that prepared a report brings it further."))
    if now.state not in states:
        sentence = _("Meanwhile somebody went on with this report. Its state now: {state}.").format(
            state=now.get_state_display()
        )
        raise _refuse(permit, action, sentence, now)
    return decision, now


def _same_version(permit: Permit, now: Report, version: int, action: Did) -> None:
    if now.version != version:
        sentence = _("Meanwhile somebody changed this report. Look again at what it says now.")
        raise _refuse(permit, action, sentence, now)


def _a_day(permit: Permit, action: Did, report: Report, day: date, *, since: date) -> None:
    if not since <= day <= permit.actor.today:
        raise _refuse(
            permit, action, _("Choose a day that has been, and not before what it is about."), report
        )


@sensitive_variables("said")
def _fill(permit: Permit, action: Did, report: Report, said: Said) -> None:
    _a_day(permit, action, report, said.begins_on, since=date.min)
    if said.ends_on is not None:
        _a_day(permit, action, report, said.ends_on, since=said.begins_on)
    if said.kind is ReportKind.SIXTEEN_HOURS and said.ends_on is None:
        sentence = _("Of sixteen hours the last day is the one on which they were reached: fill it in.")
        raise _refuse(permit, action, sentence, report)
    if said.phone and not PHONE.fullmatch(said.phone):
        raise _refuse(permit, action, _("A telephone number is digits, at most twenty."), report)
    if not said.wants_action and not said.why_no_action.strip():
        sentence = _("Say why nothing is asked of the municipality: the register wants to know.")
        raise _refuse(permit, action, sentence, report)
    report.kind = said.kind.value
    report.begins_on, report.ends_on = said.begins_on, said.ends_on
    report.days, report.minutes, report.all_lessons = said.days, said.minutes, said.all_lessons
    report.wants_action, report.phone = said.wants_action, said.phone
    _seal(permit, action, report, "reason", fit(permit, action, said.reason), field_class=MED)
    _seal(permit, action, report, "measures", fit(permit, action, said.measures), field_class=ATT)
    report.why_no_action = None
    if not said.wants_action:
        why = fit(permit, action, said.why_no_action)
        _seal(permit, action, report, "why_no_action", why, field_class=MED)


@sensitive_variables("text")
def _seal(
    permit: Permit, action: Did, row: Report | Answer, name: str, text: str, *, field_class: FieldClass
) -> None:
    seal_text(permit, action, row, text, field_class=field_class, organisation=row.organisation, name=name)


def _noted(permit: Permit, decision: Decision, action: Did, report: Report) -> None:
    permit.actor.ledger.note(permit, decision, ATT, action=action, about=f"report:{report.pk}")


def _refuse(permit: Permit, action: Did, sentence: str, report: Report) -> Refused:
    return refused(permit, action, sentence, about=f"report:{report.pk}")
