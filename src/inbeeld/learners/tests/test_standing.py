"""From facts to a standing: the edges of four weeks, three months and out of sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inbeeld.kernel.aftercare import Home
from inbeeld.learners.standing import counted

ON = date(2026, 4, 17)
NOTHING = {
    "ongoing_since": None,
    "ongoing_without_since": None,
    "ongoing_open_since": None,
    "alternating_days_15w": 0,
    "exempt": False,
    "phase": 0,
    "enrolled": True,
    "of_compulsory_age": True,
    "layer_ytd": 0,
    "layer_4w": 0,
    "layer_12w": None,
}


def standing(born_on=date(2012, 1, 1), off_roll_since=None, **facts):
    return counted({**NOTHING, **facts}, on=ON, born_on=born_on, off_roll_since=off_roll_since)


@pytest.mark.parametrize(("days", "stage"), [(1, 1), (27, 1), (28, 2), (29, 2)])
def test_the_stage_at_home_begins_at_four_weeks(days, stage):
    assert standing(ongoing_since=ON - timedelta(days=days - 1)).stage == stage


def test_a_child_without_any_signal_is_in_no_stage_and_no_list():
    quiet = standing()
    assert (quiet.stage, quiet.in_sight, quiet.calendar_days) == (0, False, None)


def test_ten_alternating_days_bring_a_child_in_sight_and_nine_do_not():
    assert standing(alternating_days_15w=10).in_sight
    assert not standing(alternating_days_15w=9).in_sight


def test_coming_and_going_is_a_signal_and_not_yet_four_weeks_at_home():
    assert standing(alternating_days_15w=40).stage == 1
    assert standing(alternating_days_15w=40, ongoing_since=ON - timedelta(days=26)).stage == 1
    assert standing(alternating_days_15w=40, ongoing_since=ON - timedelta(days=27)).stage == 2


@pytest.mark.parametrize(
    ("facts", "permission"),
    [
        ({"ongoing_without_since": ON, "ongoing_open_since": ON}, "without"),
        ({"ongoing_open_since": ON}, "unknown"),
        ({}, "with"),
    ],
)
def test_permission_not_said_is_not_taken_for_permission(facts, permission):
    assert standing(ongoing_since=ON, **facts).permission == permission


def test_a_child_on_no_roll_counts_from_the_day_after_the_last_enrolment():
    found = standing(enrolled=False, off_roll_since=date(2026, 4, 8))
    assert (found.stage, found.calendar_days, found.counts_from) == (5, 10, date(2026, 4, 8))


def test_unknown_compulsory_age_keeps_a_child_on_no_roll_in_sight():
    assert standing(enrolled=False, of_compulsory_age=None, born_on=None).in_sight


def test_a_grown_up_who_left_is_out_of_the_list_and_a_four_year_old_is_in():
    assert not standing(enrolled=False, of_compulsory_age=False, born_on=date(2006, 1, 1)).in_sight
    assert standing(enrolled=False, of_compulsory_age=False, born_on=date(2021, 11, 1)).in_sight
    assert not standing(enrolled=False, of_compulsory_age=False, born_on=date(2023, 11, 1)).in_sight


def test_a_grown_up_who_left_with_an_absence_still_going_on_is_in_no_list_and_has_no_counters():
    away = {"ongoing_since": date(2025, 1, 6), "phase": 3, "alternating_days_15w": 30, "layer_ytd": 3}
    gone = standing(born_on=date(2006, 1, 1), enrolled=False, of_compulsory_age=False, **away)
    assert (gone.stage, gone.phase, gone.in_sight, gone.calendar_days) == (0, 0, False, None)
    assert (gone.permission, gone.passes_four_weeks_on, gone.passes_three_months_on) == ("", None, None)
    assert standing(born_on=None, enrolled=False, of_compulsory_age=None, **away).stage == 5
    exempt = standing(born_on=date(2006, 1, 1), enrolled=False, of_compulsory_age=False, exempt=True, **away)
    assert exempt.in_sight
    pupil = standing(born_on=date(2006, 1, 1), enrolled=True, of_compulsory_age=False, **away)
    assert (pupil.stage, pupil.in_sight) == (2, True)


# --- after a return --------------------------------------------------------------------------------

BACK = Home(ON - timedelta(days=80), ON - timedelta(days=40))


def after(home=BACK, **facts):
    return counted({**NOTHING, **facts}, on=ON, born_on=date(2012, 1, 1), off_roll_since=None, home=home)


def test_who_came_back_and_is_in_no_other_stage_is_in_that_of_aftercare():
    stands = after()
    assert (stands.stage, stands.aftercare, stands.in_sight) == (4, "returned", False)
    assert (stands.home_from, stands.home_until) == (BACK.first_on, BACK.last_on)


@pytest.mark.parametrize(
    ("facts", "stage", "said"),
    [
        ({"ongoing_since": ON}, 1, "returned"),
        ({"ongoing_since": ON - timedelta(days=7)}, 1, "relapsed"),
        ({"ongoing_since": ON - timedelta(days=27)}, 2, "relapsed"),
        ({"alternating_days_15w": 10}, 1, "returned"),
        ({"layer_ytd": 2}, 1, "returned"),
        ({"exempt": True}, 5, ""),
        ({"enrolled": False}, 5, ""),
    ],
)
def test_nobody_is_taken_out_of_a_stage_by_having_come_back(facts, stage, said):
    """Who sees a child that is away, or misses much, sees it after a return as well."""
    stands = after(**facts)
    assert (stands.stage, stands.aftercare) == (stage, said)
    assert stands.stage == after(home=None, **facts).stage


def test_who_left_school_and_need_not_go_is_followed_no_more():
    assert after(enrolled=False, of_compulsory_age=False).aftercare == ""
