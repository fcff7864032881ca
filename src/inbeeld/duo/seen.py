"""A report to DUO as one actor may see it: frozen, opened for what is permitted, noted for the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from inbeeld.access.permit import Permit
from inbeeld.duo.models import Answer, Report, State
from inbeeld.duo.operations import asks_for_an_end, may_answer_to, may_work_on
from inbeeld.kernel.access import Author, Decision, FieldClass, class_of_a_reason
from inbeeld.kernel.duo import Due, NoAbsence
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.access_page import knows_who_is_involved
from inbeeld.learners.file import opened

ATT, MED = FieldClass.ATT, FieldClass.MED
Keys = Mapping[Any, Any]


@dataclass(frozen=True)
class SeenAnswer:
    """What the municipality said, as one organisation heard it. `is_ill` None: not told, or not said.

    `name`, `place`, `contact`: who recorded it, whom to ask; empty for who may not know who is involved.
    """

    status: str
    closed_as: str
    is_ill: bool | None
    note: str
    contact: str
    said_on: date
    name: str
    place: str


@dataclass(frozen=True)
class SeenReport:
    """One report. `reason` None: not for who looks.

    `name`, `email`, `role` and `phone` are of who reported or prepared it, for who brings it further.
    """

    id: UUID
    kind: str
    begins_on: date
    ends_on: date | None
    days: int
    minutes: int
    all_lessons: bool
    reason: str | None
    measures: str
    wants_action: bool
    why_no_action: str | None
    phone: str
    place: str
    name: str
    email: str
    role: str
    version: int
    state: str
    reported_on: date | None
    number: str
    end_reported_on: date | None
    withdrawn_on: date | None
    asks_for_an_end: bool
    answers: tuple[SeenAnswer, ...]
    may_work_on: bool
    may_answer: bool

    @property
    def is_prepared(self) -> bool:
        return self.state == State.PREPARED

    @property
    def is_reported(self) -> bool:
        return self.state == State.REPORTED


@dataclass(frozen=True)
class DueAndReport:
    """A duty with the report that meets it, a duty without one, or a report no duty asked for."""

    due: Due | None
    report: Listed | None
    may_prepare: bool = False


@dataclass(frozen=True)
class Listed:
    """A report in a row of a list."""

    id: UUID
    kind: str
    begins_on: date
    ends_on: date | None
    state: str
    reported_on: date | None
    asks_for_an_end: bool
    answer: str
    #: May who looks bring it further?
    is_ours: bool


def reports_of(permit: Permit) -> list[Report]:
    """The reports about a child this actor may know of: of others, what was reported at some time."""
    rows = Report.objects.about(permit.reach)
    rows = rows.select_related("organisation", "written_by__person", "reported_by__person")
    here = permit.actor.organisation
    return [
        one
        for one in rows
        if one.reported_on is not None
        or (one.state == State.PREPARED and here is not None and one.organisation_id == here.pk)
    ]


def listed(permit: Permit) -> list[tuple[Report, Listed]]:
    """The reports about a child with the latest answer to each, noted for the log. Two queries."""
    decision = permit.may(ATT)
    rows = reports_of(permit) if decision else []
    if not rows:
        return []
    permit.actor.ledger.note(permit, decision, ATT)
    said: dict[UUID, str] = {}
    answers = Answer.objects.about(permit.reach).filter(report__in=[one.pk for one in rows])
    for one in answers:
        said.setdefault(one.report_id, str(one.get_status_display()))
    return [(one, _listed(permit, one, answer=said.get(one.pk, ""))) for one in rows]


def named(permit: Permit, report: Report) -> Listed | None:
    """Which report it is, noted for the log, without what it says; None for what this actor may not know."""
    decision = permit.may(ATT)
    if not decision:
        return None
    permit.actor.ledger.note(permit, decision, ATT, about=f"report:{report.pk}")
    return _listed(permit, report)


def _listed(permit: Permit, report: Report, *, answer: str = "") -> Listed:
    return Listed(
        id=report.pk,
        kind=str(report.get_kind_display()),
        begins_on=report.begins_on,
        ends_on=report.ends_on,
        state=report.state,
        reported_on=report.reported_on,
        asks_for_an_end=report.state == State.REPORTED and asks_for_an_end(report),
        answer=answer,
        is_ours=may_work_on(permit, report),
    )


def beside_their_duties(
    dues: Iterable[Due], reports: list[tuple[Report, Listed]], *, own: frozenset[str]
) -> list[DueAndReport]:
    """Each duty with its report, the latest first; then the reports no duty asked for.

    `own`: the schools of who looks, when they may prepare one.
    """
    left = list(reports)
    found = []
    # The earliest first: a report of which nobody told the end is not that of a later absence.
    for due in reversed(list(dues)):
        met = next((one for one in left if one[0].meets(due)), None)
        if met is not None:
            left.remove(met)
        found.append(DueAndReport(due, met and met[1], may_prepare=met is None and due.school in own))
    return found[::-1] + [DueAndReport(None, one) for _, one in left]


def seen_report(permit: Permit, report: Report) -> SeenReport | None:
    """One report opened; None for what this actor may not know."""
    decision = permit.may(ATT)
    if not decision:
        return None
    actor, about = permit.actor, f"report:{report.pk}"
    actor.ledger.note(permit, decision, ATT, about=about)
    answers = list(
        Answer.objects.visible_to(actor)
        .filter(report=report)
        .select_related("organisation", "written_by__person")
    )
    wanted = {report.organisation.key, *(one.organisation.key for one in answers)}
    keys = open_keys(
        (permit.child, GROUP_OF_CLASS[one.value], place) for one in (ATT, MED) for place in wanted
    )
    who = knows_who_is_involved(permit) if answers else None
    if who is not None:
        actor.ledger.note(permit, who, FieldClass.AGR)
    by = report.reported_by or report.written_by
    ours = may_work_on(permit, report)
    return SeenReport(
        id=report.pk,
        kind=str(report.get_kind_display()),
        begins_on=report.begins_on,
        ends_on=report.ends_on,
        days=report.days,
        minutes=report.minutes,
        all_lessons=report.all_lessons,
        reason=_reason(permit, report, "reason", keys, about=about),
        measures=_text(permit, report, "measures", keys),
        wants_action=report.wants_action,
        why_no_action=(
            "" if report.wants_action else _reason(permit, report, "why_no_action", keys, about=about)
        ),
        phone=report.phone if ours else "",
        place=report.organisation.name,
        name=by.person.get_full_name() if ours else "",
        email=by.person.email if ours else "",
        role=str(by.get_role_display()) if ours else "",
        version=report.version,
        state=report.state,
        reported_on=report.reported_on,
        number=report.number,
        end_reported_on=report.end_reported_on,
        withdrawn_on=report.withdrawn_on,
        asks_for_an_end=report.state == State.REPORTED and asks_for_an_end(report),
        answers=tuple(_seen_answer(permit, one, keys, who=who, about=about) for one in answers),
        may_work_on=ours,
        may_answer=report.state == State.REPORTED and may_answer_to(permit, report) is not None,
    )


def _seen_answer(
    permit: Permit, answer: Answer, keys: Keys, *, who: Decision | None, about: str
) -> SeenAnswer:
    kind = _reason(permit, answer, "no_absence", keys, about=about) if answer.no_absence is not None else None
    author = permit.author_of(organisation=answer.organisation_id, membership=answer.written_by_id)
    told = who is not None or author is Author.ME
    return SeenAnswer(
        status=str(answer.get_status_display()),
        closed_as=str(answer.get_closed_as_display()),
        is_ill={NoAbsence.ILL.value: True, NoAbsence.LEGITIMATE.value: False}.get(kind or ""),
        note=str(answer.get_note_display()),
        contact=_text(permit, answer, "contact", keys) if told else "",
        said_on=answer.said_on,
        name=answer.written_by.person.get_full_name() if told else "",
        place=answer.organisation.name if told else "",
    )


def _text(permit: Permit, row: Report | Answer, name: str, keys: Keys) -> str:
    if getattr(row, name) is None:
        return ""
    return opened(row, name, keys.get((permit.child, GROUP_OF_CLASS[ATT.value], row.organisation.key)))


def _reason(permit: Permit, row: Report | Answer, name: str, keys: Keys, *, about: str) -> str | None:
    """What tells a reason: who said it reads it back, others as a medical fact (docs/decisions/0009)."""
    author = permit.author_of(organisation=row.organisation_id)
    decision = permit.may_know_the_reason(author)
    if not decision:
        return None
    permit.actor.ledger.note(permit, decision, class_of_a_reason(author), about=about)
    return opened(row, name, keys.get((permit.child, GROUP_OF_CLASS[MED.value], row.organisation.key)))
