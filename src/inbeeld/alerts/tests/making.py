"""Signals about the children of the factories of the learners."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from inbeeld.alerts.models import Alert
from inbeeld.kernel.attention import ATTENTION
from inbeeld.learners.models import Learner
from inbeeld.learners.tests.factories import ON
from inbeeld.organisations.models import Organisation

KEYS = {one.subject: one.key for one in ATTENTION}


def alert(
    child: Learner, subject: str = "phase-two", *, due: int | None = 30, school: Organisation | None = None,
    **values: Any,
) -> Alert:  # fmt: skip
    """An open signal under a rule. `due`: days from the day of judging. `school`: who delivered sickness."""
    began = ON - timedelta(40)
    clauses = len(next(one for one in ATTENTION if one.subject == subject).words())
    return Alert.for_operations.create(**{
        "learner": child, "rule": KEYS[subject], "answer": "yes", "outcomes": "y" * clauses,
        "field_class": "MED" if subject == "sickness" else "ATT", "delivered_by": school, "began_on": began,
        "reached_on": began + timedelta(28), "due_on": None if due is None else ON + timedelta(due),
        "number": 12, "out_of": 100, "opened_on": ON, "confirmed_on": ON, **values,
    })  # fmt: skip


def day(number: int) -> date:
    """So many days after the day of judging."""
    return ON + timedelta(number)
