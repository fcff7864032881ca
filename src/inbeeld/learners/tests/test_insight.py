"""The sentence on top of the page of a child: in the singular where it is one, and plain for the family."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from inbeeld.kernel.truth import Because, Outcome
from inbeeld.learners.insight import of_the_child
from inbeeld.learners.seen import SeenStanding
from inbeeld.learners.templatetags.judged import is_old_for
from inbeeld.learners.wording import in_words

ONE_DAY = SeenStanding(
    stage=1, phase=1, judged_on=date(2026, 4, 17), enrolled=True, exempt=False, in_sight=True,
    since=date(2026, 4, 17), without_since=None, open_since=None, off_roll_since=None,
    counts_from=date(2026, 4, 17), calendar_days=1, school_days=1, permission="without",
    passes_four_weeks_on=None, passes_three_months_on=None, alternating_days=0, absent=1, scheduled=100,
    absent_4w=1, scheduled_4w=20, layer=0, layer_before=0, on_register=False, on_register_before=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "told"), [(1, "1 kalenderdag, 1 schooldag."), (2, "2 kalenderdagen, 2 schooldagen.")]
)
def test_one_day_is_one_day(days, told):
    with translation.override("nl"):
        assert told in of_the_child("Sem", replace(ONE_DAY, calendar_days=days, school_days=days), [])
        reason = Because.of("away since {since}: {days} calendar days", since=date(2026, 4, 17), days=days)
        assert in_words(reason).endswith("1 kalenderdag" if days == 1 else "2 kalenderdagen")


def test_a_child_reads_of_itself_what_counts_and_not_what_it_is():
    with translation.override("nl"):
        told = of_the_child("Sem", ONE_DAY, [Outcome.YES], for_kin=True)
        assert "Volgens 1 definitie telt dit als thuiszitten." in told
        assert "Volgens 1 definitie is dit een thuiszitter." in of_the_child("Sem", ONE_DAY, [Outcome.YES])


class _Judged:
    on = date(2026, 4, 17)


@pytest.mark.parametrize(("today", "old"), [(date(2026, 4, 20), False), (date(2026, 4, 21), True)])
def test_a_judgement_of_more_than_three_days_ago_says_of_which_day_it_is(today, old):
    assert is_old_for(_Judged(), today) is old
