"""Reports about the children of the factories of the learners, made by who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.duo import operations
from inbeeld.duo.models import Answer, Report
from inbeeld.duo.operations import Heard, Said
from inbeeld.kernel.duo import MunicipalStatus, ReportKind
from inbeeld.learners.models import Learner
from inbeeld.learners.tests.at_work import again, fresh

TODAY = timezone.localdate()
REASON, MEASURES, WHY = "Spijbelt sinds de ruzie", "Gesprek met de ouders", "Wij zien hem morgen zelf"
SAID = Said(
    kind=ReportKind.SIXTEEN_HOURS,
    begins_on=TODAY - timedelta(20),
    ends_on=TODAY - timedelta(3),
    days=4,
    minutes=990,
    all_lessons=False,
    reason=REASON,
    measures=MEASURES,
    wants_action=True,
    phone="010-1234567",
)


def said(**values: Any) -> Said:
    return replace(SAID, **values)


def days_ago(number: int) -> date:
    return TODAY - timedelta(number)


def prepared(actor: Actor, child: Learner, **values: Any) -> Report:
    with acting(again(actor), origin="test") as now:
        return operations.prepare(permit_of(now, fresh(child)), said(**values), child=child)


def reported(actor: Actor, child: Learner, *, on: date = TODAY, number: str = "", **values: Any) -> Report:
    made = prepared(actor, child, **values)
    with acting(again(actor), origin="test") as now:
        return operations.record(
            permit_of(now, fresh(child)), made, child=child, on=on, number=number, version=made.version
        )


def answered(actor: Actor, report: Report, **values: Any) -> Answer:
    heard = Heard(**{"status": MunicipalStatus.IN_TREATMENT, "said_on": TODAY, **values})
    with acting(again(actor), origin="test") as now:
        return operations.answer(permit_of(now, fresh(report.learner)), report, heard, child=report.learner)
