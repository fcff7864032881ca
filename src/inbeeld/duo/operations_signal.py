"""The signals a report answers: off the list of the school for a while, and back when it is withdrawn."""

from __future__ import annotations

from datetime import timedelta

from inbeeld.access.permit import Permit
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.operations_parking import park, unpark
from inbeeld.alerts.seen import may_end, reasons_for
from inbeeld.duo.models import Report
from inbeeld.kernel.attention import ATTENTION, Parked, attention_of
from inbeeld.kernel.calendar import weeks
from inbeeld.kernel.duo import KIND_OF_SUBJECT, Due, ReportKind
from inbeeld.learners.models import Learner

#: After so long a signal that was reported is asked again: has the municipality acted?
REPORTED_FOR = weeks(4)


def off_the_list(permit: Permit, report: Report, child: Learner) -> None:
    """The signal that asked for this report needs no step of the school for a while."""
    assert report.reported_on is not None
    until_on = report.reported_on + timedelta(days=REPORTED_FOR.days)
    rules = _rules_of(report)
    open_now = Alert.for_operations.filter(learner=child.pk, rule__in=rules, closed_on__isnull=True)
    longer = Parking.for_operations.filter(
        organisation=report.organisation_id, ended_at__isnull=True, until_on__gte=until_on
    )
    for one in open_now.exclude(pk__in=longer.values("alert")):
        asked = duty_of(one)
        is_answered = asked is not None and report.meets(asked)
        if is_answered and until_on > permit.actor.today and Parked.REPORTED in reasons_for(permit, one):
            park(permit, one, child=child, because=Parked.REPORTED, until_on=until_on)


def back_on_the_list(permit: Permit, report: Report, child: Learner) -> None:
    """What was parked because of a report that is withdrawn asks for it again."""
    parked = Parking.for_operations.filter(
        learner=child.pk, alert__rule__in=_rules_of(report), organisation=report.organisation_id,
        because=Parked.REPORTED.value, ended_at__isnull=True,
    )  # fmt: skip
    for one in parked:
        if may_end(permit, one):
            unpark(permit, one, child=child)


def _rules_of(report: Report) -> list[str]:
    return [one.key for one in ATTENTION if KIND_OF_SUBJECT.get(one.subject) == report.kind]


def duty_of(alert: Alert) -> Due | None:
    """The duty a signal asks a report for; None when it asks for none."""
    rule = attention_of(alert.rule)
    kind = None if rule is None else KIND_OF_SUBJECT.get(rule.subject)
    if kind is None:
        return None
    return Due(
        kind, alert.began_on, alert.reached_on if kind is ReportKind.SIXTEEN_HOURS else None, school=""
    )
