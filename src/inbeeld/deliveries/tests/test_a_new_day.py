"""A day on which nobody delivers is judged on all the same: who was away passes a limit by the calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inbeeld.alerts.models import Alert
from inbeeld.deliveries.operations_publish import judge_today
from inbeeld.deliveries.tests.handing_in import accept, hand_in, quiet, row, standing_marks, table
from inbeeld.deliveries.tests.test_working_in import MONDAY, WEEK, a_week_away
from inbeeld.learners.models import Judgement, Standing
from inbeeld.learners.snapshot import current_judgement
from inbeeld.learners.tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def on_the_day(settings, monkeypatch):
    """Live on a day, in a region that is no trial."""

    def live(day):
        settings.INBEELD_TRIAL = False
        monkeypatch.setattr(timezone, "localdate", lambda value=None, zone=None: day)
        return judge_today(quiet)

    return live


def four_weeks_away(learner):
    """Until the day of the region: on its last day it is 26 calendar days."""
    days = [MONDAY - timedelta(weeks=3) + timedelta(days=number) for number in range(26)]
    return table(row(learner, day, slot, permission="false") for day in days for slot in range(1, 9))


def test_four_weeks_pass_without_a_delivery(school, henk, on_the_day):
    child = school.learners[0]
    accept(henk, hand_in(henk, four_weeks_away(child)))
    stood, before = standing_marks(school), Standing.for_operations.get(learner__key=child)
    assert before.phase == 1
    passes = before.passes_four_weeks_on
    assert on_the_day(passes - timedelta(days=1))
    assert Standing.for_operations.get(learner__key=child).phase == 1
    assert on_the_day(passes)
    now = Standing.for_operations.get(learner__key=child)
    assert (now.phase, now.counts_from) == (2, before.counts_from)
    assert current_judgement().on == passes
    assert standing_marks(school) == stood
    opened = Alert.for_operations.filter(learner__key=child, opened_on=passes)
    assert any(one.rule.startswith("phase-two") for one in opened)


def test_nobody_is_said_to_be_back_because_nobody_delivered(school, henk, on_the_day):
    child = school.learners[0]
    accept(henk, hand_in(henk, a_week_away(child)))
    away = set(Standing.for_operations.filter(phase__gte=1).values_list("learner__key", flat=True))
    assert on_the_day(WEEK[-1] + timedelta(days=7))
    after = set(Standing.for_operations.filter(phase__gte=1).values_list("learner__key", flat=True))
    assert away <= after and child in after


def test_a_day_is_judged_on_once(school, on_the_day):
    later = make.ON + timedelta(days=3)
    assert on_the_day(later)
    number = Judgement.objects.count()
    assert not on_the_day(later)
    assert not on_the_day(later - timedelta(days=1))
    assert Judgement.objects.count() == number


@pytest.mark.parametrize("days", [8, 40, 3000])
def test_days_do_not_go_on_by_themselves_over_a_summer_or_with_a_clock_that_jumped(school, on_the_day, days):
    assert not on_the_day(make.ON + timedelta(days=days))
    assert Judgement.objects.count() == 1


def test_an_invented_region_stands_still_on_its_day(school, settings):
    settings.INBEELD_TRIAL = True
    assert not judge_today(quiet)
    assert Judgement.objects.count() == 1
