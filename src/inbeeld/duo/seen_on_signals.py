"""What was reported of the duty a signal speaks of: said where the signal says what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest

from inbeeld.access.actor import Actor
from inbeeld.access.permit import Permit
from inbeeld.alerts.models import Alert
from inbeeld.duo.models import Answer, Report, State
from inbeeld.duo.operations_signal import duty_of
from inbeeld.duo.wording import reported_in_words
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.truth import Outcome
from inbeeld.organisations.models import Kind

ATT = FieldClass.ATT


def on_signals(request: HttpRequest, signals: Iterable[tuple[Permit, Alert]], action: str) -> dict[UUID, str]:
    """Of each signal whose duty was reported, as far as this actor may know: when, by whom, what follows.

    Noted for the log. `action`: "read" or "listed". At most two queries, however many signals.
    """
    asked = [
        (permit, one)
        for permit, one in signals
        if one.outcome is Outcome.YES and duty_of(one) is not None and permit.may(ATT)
    ]
    if not asked:
        return {}
    actor = request.actor  # type: ignore[attr-defined]
    reports: dict[int, list[Report]] = {}
    found = Report.objects.visible_to(actor).filter(
        learner__in={one.learner_id for _, one in asked}, state=State.REPORTED
    )
    for report in found.select_related("organisation"):
        reports.setdefault(report.learner_id, []).append(report)
    met = {
        one.pk: (permit, report)
        for permit, one in asked
        if (report := _met_by(one, reports.get(one.learner_id, ()))) is not None
    }
    answers = _answers_to({report.pk for _, report in met.values()}, actor=actor)
    for permit, _ in met.values():
        actor.ledger.note(permit, permit.may(ATT), ATT, action=action)
    answering = actor.organisation is not None and actor.organisation.kind == Kind.MUNICIPALITY
    return {
        pk: reported_in_words(report, answers.get(report.pk, ""), answering=answering)
        for pk, (_, report) in met.items()
    }


def _met_by(alert: Alert, reports: Iterable[Report]) -> Report | None:
    """The report of this duty, the latest. One made before the duty arose is of an earlier one: that of a
    long absence of which nobody told the end would else hide each later absence."""
    duty = duty_of(alert)
    assert duty is not None
    made = [
        one
        for one in reports
        if one.reported_on is not None and one.reported_on >= alert.reached_on and one.meets(duty)
    ]
    return max(made, key=lambda one: (one.reported_on, one.written_at), default=None)


def _answers_to(reports: Iterable[UUID], *, actor: Actor) -> dict[UUID, str]:
    """The state the municipality gave last, by report."""
    said: dict[UUID, str] = {}
    wanted = list(reports)
    for one in Answer.objects.visible_to(actor).filter(report__in=wanted) if wanted else ():
        said.setdefault(one.report_id, str(one.get_status_display()))
    return said
