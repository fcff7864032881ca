"""Causes of the children of the factories of the learners, judged by who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.causes.models import Judged
from inbeeld.causes.operations import NewCause, judge_cause
from inbeeld.kernel.causes import Cause
from inbeeld.learners.models import Learner
from inbeeld.learners.tests.at_work import again, fresh

TODAY = timezone.localdate()
TEXT = "Sinds de herfst durft hij niet meer"


def days_ago(number: int) -> date:
    return TODAY - timedelta(number)


def judgement(cause: Cause = Cause.UNSAFE, **values: Any) -> NewCause:
    return NewCause(**{"cause": cause, "on": TODAY, "text": TEXT, **values})


def judged(actor: Actor, child: Learner, cause: Cause = Cause.UNSAFE, **values: Any) -> Judged:
    with acting(again(actor), origin="test") as now:
        return judge_cause(permit_of(now, fresh(child)), judgement(cause, **values), child=child)
