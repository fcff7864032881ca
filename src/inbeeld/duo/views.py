"""Preparing a report to DUO, taking it over in the register, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.alerts.models import Alert
from inbeeld.contacts.seen import own_since
from inbeeld.duo.forms import NO, YES, AnswerForm, EndForm, MadeForm, ReportForm, WithdrawForm
from inbeeld.duo.models import Report, State
from inbeeld.duo.operations import (
    answer,
    change,
    end,
    may_answer_to,
    may_prepare,
    may_work_on,
    prepare,
    record,
    withdraw,
)
from inbeeld.duo.operations_signal import duty_of
from inbeeld.duo.seen import SeenReport, beside_their_duties, listed, named, reports_of, seen_report
from inbeeld.duo.wording import hours_of, measures_in_words, reasons_in_words
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.duo import Filled, dues, filled
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.at_child import DONE, AtChild, at_child, page_at
from inbeeld.learners.child import ChildPage
from inbeeld.learners.file import number_of
from inbeeld.learners.snapshot import attendance_of, current_judgement

#: How an address says for which duty a report is prepared.
KIND, SINCE = "soort", "van"
#: What a form on the page of a report asks for.
DEED = "daad"
MADE, END, WITHDRAW = "gemeld", "einde", "intrekken"


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def report_new(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Prepare a report, filled in from the facts; what is not there for who may not report."""
    at = at_child(request, reference)
    if not may_prepare(at.permit):
        raise Http404
    if request.method != "POST":
        form = ReportForm(initial=_initial(at, request.GET), today=at.actor.today)
        return _to_fill_in(request, at, form)
    form, refusal = ReportForm(request.POST, today=at.actor.today), None
    if form.is_valid():
        try:
            made = prepare(at.permit, form.said(partial(_counted, at, form)), child=at.learner)
            return _to_the_report(at, made.pk)
        except Refused as why:
            refusal = why
    return _to_fill_in(request, at, form, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def report_change(request: HttpRequest, reference: UUID, report: UUID) -> HttpResponse:
    """Change a report that is being prepared. What somebody else changed meanwhile is shown beside it."""
    at = at_child(request, reference)
    one = _report_of(at, report)
    if not may_work_on(at.permit, one):
        raise Http404
    if one.state != State.PREPARED and request.method != "POST":
        return _to_the_report(at, one.pk)
    seen = _seen(at, one)
    if request.method != "POST":
        form = ReportForm(initial=_as_it_is(one, seen), today=at.actor.today)
        return _to_fill_in(request, at, form, seen=seen)
    form, refusal = ReportForm(request.POST, today=at.actor.today), None
    if form.is_valid():
        said = form.said(partial(_counted, at, form))
        try:
            change(at.permit, one, said, child=at.learner, version=form.cleaned_data["version"] or 0)
            return _to_the_report(at, one.pk, "melding-gewijzigd")
        except Refused as why:
            refusal = why
            _as_of(form, seen.version)
    return _to_fill_in(request, at, form, refusal=refusal, seen=seen)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def report(request: HttpRequest, reference: UUID, report: UUID) -> HttpResponse:
    """One report: the fields to take over in the register, what became of it, and the answers."""
    at = at_child(request, reference)
    one = _report_of(at, report)
    today, refusal = at.actor.today, None
    deed = request.POST.get(DEED, "") if request.method == "POST" else ""
    made = MadeForm(request.POST if deed == MADE else None, initial={"on": today, "version": one.version})
    ended = EndForm(request.POST if deed == END else None, initial={"on": today, "ends_on": one.ends_on})
    if request.method == "POST":
        try:
            if deed == MADE and made.is_valid():
                said = made.cleaned_data
                record(
                    at.permit, one, child=at.learner, on=said["on"], number=said["number"].strip(),
                    version=said["version"],
                )  # fmt: skip
                return _to_the_report(at, one.pk, "gemeld")
            if deed == END and ended.is_valid():
                said = ended.cleaned_data
                end(at.permit, one, child=at.learner, ends_on=said["ends_on"], on=said["on"])
                return _to_the_report(at, one.pk, "einde-gemeld")
            if deed == WITHDRAW:
                shown = WithdrawForm(request.POST)
                version = shown.cleaned_data["version"] if shown.is_valid() else 0
                was_reported = one.state == State.REPORTED
                withdraw(at.permit, one, child=at.learner, on=today, version=version)
                if was_reported:
                    return _to_the_report(at, one.pk, "melding-ingetrokken")
                return redirect(f"{reverse('child', args=[at.reference])}?{DONE}=melding-weg#meldingen")
        except Refused as why:
            refusal = why
            one = _report_of(at, report)
            if deed == MADE:
                _as_of(made, one.version)
    seen = _seen(at, one)
    context = {
        "report": seen,
        "number": number_of(at.permit, at.learner) if seen.may_work_on and seen.is_prepared else "",
        "made": made,
        "ended": ended,
        "deed": DEED,
        "deeds": {"made": MADE, "end": END, "withdraw": WITHDRAW},
        "done": request.GET.get(DONE, ""),
    }
    return page_at(request, at, "duo/report.html", context, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def report_answer(request: HttpRequest, reference: UUID, report: UUID) -> HttpResponse:
    """Record what the municipality answered."""
    at = at_child(request, reference)
    one = _report_of(at, report)
    if one.state != State.REPORTED or may_answer_to(at.permit, one) is None:
        raise Http404
    today = at.actor.today
    form, refusal = AnswerForm(request.POST or None, initial={"said_on": today}, today=today), None
    if request.method == "POST" and form.is_valid():
        try:
            answer(at.permit, one, form.heard(), child=at.learner)
            return _to_the_report(at, one.pk, "antwoord")
        except Refused as why:
            refusal = why
    return page_at(
        request, at, "duo/answer.html", {"form": form, "report": named(at.permit, one)}, refusal=refusal
    )


# --- on the pages of other rooms ------------------------------------------------------------------


def on_the_page_of_a_child(request: HttpRequest, page: ChildPage) -> SafeString:
    """The duties to report of a child, each with the report that was made, if one was: a part of its page."""
    permit, actor = page.seen.permit, page.seen.permit.actor
    may = may_prepare(permit)
    own = _own_schools(actor) if may else frozenset()
    rows = beside_their_duties(page.dues, listed(permit), own=own)
    context = {
        "rows": rows[:3],
        "earlier": rows[3:],
        "child": page.seen.reference,
        "may_report": may,
        "not_known": page.report_duty_is_not_known,
        "kind_of_address": KIND,
        "since_of_address": SINCE,
    }
    return render_to_string("duo/section.html", context, request=request)


def on_the_page_of_a_signal(request: HttpRequest, at: AtChild, alert: Alert) -> SafeString:
    """The way from a signal that asks for a report to that report; nothing for who does not report."""
    duty = duty_of(alert)
    asks = duty is not None and alert.closed_on is None and alert.outcome is Outcome.YES
    if not asks or not may_prepare(at.permit):
        return SafeString("")
    assert duty is not None
    rows = beside_their_duties(dues(_attendance_of(at)), listed(at.permit), own=_own_schools(at.actor))
    row = next((one for one in rows if one.due and one.due.kind is duty.kind
                and one.due.begins_on == duty.begins_on), None)  # fmt: skip
    if row is None:  # the marks moved since the signal was last confirmed, or another school has to report
        return SafeString("")
    made = row.report
    if made is not None:
        address = reverse("report", args=[at.reference, made.id])
    elif row.may_prepare:
        address = reverse("report_new", args=[at.reference])
        address += f"?{urlencode({KIND: duty.kind.value, SINCE: duty.begins_on.isoformat()})}"
    else:
        return SafeString("")
    context = {"address": address, "made": made}
    return render_to_string("duo/from_a_signal.html", context, request=request)


# --- what they share ------------------------------------------------------------------------------


def _report_of(at: AtChild, wanted: UUID) -> Report:
    """A report about this child that the actor may know of; any other is not there: Http404."""
    found = next((one for one in reports_of(at.permit) if one.pk == wanted), None)
    if found is None:
        raise Http404
    return found


def _seen(at: AtChild, one: Report) -> SeenReport:
    seen = seen_report(at.permit, one)
    if seen is None:
        raise Http404
    return seen


def _own_schools(actor: Actor) -> frozenset[str]:
    here = actor.organisation
    return frozenset() if here is None else frozenset(here.and_below().values_list("key", flat=True))


def _attendance_of(at: AtChild) -> Attendance:
    """What the last judgement was made of; what is shown of it is to be noted."""
    judgement = current_judgement()
    if judgement is None:
        raise Http404
    return attendance_of(at.learner.key, judgement=judgement)


def _noted(at: AtChild) -> None:
    at.actor.ledger.note(at.permit, at.permit.may(FieldClass.ATT), FieldClass.ATT)


def _as_of(form: ReportForm | MadeForm, version: int) -> None:
    """Who reads what stands there now may send the form again."""
    form.data = form.data.copy()
    form.data["version"] = str(version)


def _initial(at: AtChild, asked: Mapping[str, str]) -> dict[str, Any]:
    """A new report of the duty an address names, as far as the facts fill it in; else an empty one."""
    own, attendance = _own_schools(at.actor), _attendance_of(at)
    due = next(
        (
            one
            for one in dues(attendance)
            if one.school in own
            and one.kind.value == asked.get(KIND)
            and one.begins_on.isoformat() == asked.get(SINCE)
        ),
        None,
    )
    kind = asked.get(KIND)
    if due is None:
        return {"kind": kind if kind in Report.Kind.values else None, "wants_action": YES}
    _noted(at)
    known = filled(attendance, first=due.begins_on, last=due.ends_on or attendance.on, school=due.school)
    return {
        "kind": due.kind.value,
        "begins_on": due.begins_on,
        "ends_on": due.ends_on,
        "days": known.days,
        "hours": hours_of(known.minutes if due.minutes is None else due.minutes),
        "all_lessons": YES if known.all_lessons else NO,
        "reason": reasons_in_words(known.reasons) if _delivered_it(at, due.school) else "",
        "measures": measures_in_words(own_since(at.permit, due.begins_on)),
        "wants_action": YES,
    }


def _delivered_it(at: AtChild, school: str) -> bool:
    """A reason is read back by the organisation that delivered it (docs/decisions/0009)."""
    return at.actor.organisation is not None and at.actor.organisation.key == school


def _as_it_is(one: Report, seen: SeenReport) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "begins_on": one.begins_on,
        "ends_on": one.ends_on,
        "days": one.days,
        "hours": hours_of(one.minutes),
        "all_lessons": YES if one.all_lessons else NO,
        "reason": seen.reason,
        "measures": seen.measures,
        "wants_action": YES if one.wants_action else NO,
        "why_no_action": seen.why_no_action,
        "phone": one.phone,
        "version": one.version,
    }


def _counted(at: AtChild, form: ReportForm) -> Filled:
    """What the marks say of the days of a valid form, noted for the log."""
    _noted(at)
    attendance = _attendance_of(at)
    first: date = form.cleaned_data["begins_on"]
    last: date = form.cleaned_data["ends_on"] or attendance.on
    school = attendance.school_on(first)
    return filled(attendance, first=first, last=last, school="" if school is None else school.school)


def _to_fill_in(
    request: HttpRequest,
    at: AtChild,
    form: ReportForm,
    *,
    refusal: Refused | None = None,
    seen: SeenReport | None = None,
) -> HttpResponse:
    context = {"form": form, "report": seen, "as_it_is_now": seen if refusal is not None else None}
    return page_at(request, at, "duo/fill_in.html", context, refusal=refusal)


def _to_the_report(at: AtChild, report: UUID, done: str = "") -> HttpResponse:
    said = f"?{DONE}={done}" if done else ""
    return redirect(f"{reverse('report', args=[at.reference, report])}{said}")
