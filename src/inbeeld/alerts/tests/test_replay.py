"""Signals kept day by day are those of a plain replay over the daily verdicts, whatever the history is."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbeeld.alerts.models import Alert
from inbeeld.alerts.operations import keep_alerts
from inbeeld.alerts.tests.histories import DATES, course_of, histories
from inbeeld.journal.models import Line
from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.attention import ATTENTION
from inbeeld.kernel.facts import FactRow, facts_of_child
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.tests import factories as make

pytestmark = pytest.mark.django_db

#: Of these also what is not known asks for attention.
NOT_KNOWN_TOO = {"report-duty", "thuiszitter", "absolute-absence"}
FIRST = "phase-one"
#: What only a school can act on.
AT_SCHOOL = {"alternating-absence", "layer-2", "layer-3", "phase-one"}
#: Histories in the long run.
MANY = max(int(os.environ.get("INBEELD_LONG_CASES") or 1200) // 10, 1)
Spells = dict[str, list[list[date | None]]]


def asks(row: FactRow, on: date) -> dict[str, bool]:
    """By rule: does it ask for attention? From the verdicts, and what else it takes in plain words."""
    found = {}
    for rule in ATTENTION:
        said = rule.definition.verdict(facts_of_child(row, on=on)).outcome
        if row.exempt or (not row.enrolled and row.of_compulsory_age is False):
            said = Outcome.NO
        elif not row.enrolled and row.of_compulsory_age is None:
            said = min(said, Outcome.UNKNOWN)
        if rule.subject == FIRST and (row.ongoing_since is None or (on - row.ongoing_since).days + 1 <= 14):
            said = Outcome.NO
        if rule.subject in AT_SCHOOL and not row.enrolled:
            said = Outcome.NO
        found[rule.key] = said is Outcome.YES or (said is Outcome.UNKNOWN and rule.subject in NOT_KNOWN_TOO)
    return found


def replay(one: Attendance, lost: set[date]) -> tuple[Spells, Counter[str]]:
    """First day of each spell of asking, and the first on which it did not; no data say nothing."""
    spells: Spells = {rule.key: [] for rule in ATTENTION}
    deeds: Counter[str] = Counter()
    for day in DATES:
        if day in lost:
            continue
        for rule, asking in asks(course_of(one, day).row, day).items():
            is_open = bool(spells[rule]) and spells[rule][-1][1] is None
            if asking and not is_open:
                deeds["reopen_alert" if spells[rule] else "open_alert"] += 1
                spells[rule].append([day, None])
            elif is_open and not asking:
                deeds["close_alert"] += 1
                spells[rule][-1][1] = day
    return {rule: found for rule, found in spells.items() if found}, deeds


def kept(one: Attendance, lost: set[date]) -> tuple[Spells, Counter[str]]:
    """The same by the operation, and by the journal."""
    child = make.learner(make.organisation())
    before = Line.for_operations.count()
    for day in DATES:
        known = {} if day in lost else {child.pk: course_of(one, day)}
        keep_alerts(known, on=day, by="command:publish")
    spells: Spells = {}
    for alert in Alert.for_operations.filter(learner=child).order_by("rule", "spell"):
        spells.setdefault(alert.rule, []).append([alert.opened_on, alert.closed_on])
        assert alert.spell == len(spells[alert.rule])
    deeds = Counter(Line.for_operations.order_by("sequence")[before:].values_list("action", flat=True))
    return spells, deeds


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.sets(st.sampled_from(DATES), max_size=12))
def test_signals_kept_day_by_day_are_those_of_a_plain_replay(one: Attendance, lost: set[date]) -> None:
    with transaction.atomic():
        found = kept(one, lost)
        transaction.set_rollback(True)
    assert found == replay(one, lost)


@pytest.mark.long
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.sets(st.sampled_from(DATES), max_size=12))
def test_and_so_they_are_for_many_more_histories(one: Attendance, lost: set[date]) -> None:
    with transaction.atomic():
        found = kept(one, lost)
        transaction.set_rollback(True)
    assert found == replay(one, lost)
