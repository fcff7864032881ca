"""How a learner stood a month before: as the plain kernel says of that day, from the marks of now."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inbeeld.engine import reading
from inbeeld.kernel.region import Region
from inbeeld.learners.earlier import before_of, compared_with
from inbeeld.learners.standing import counted
from inbeeld.learners.tests import snapshots


@pytest.fixture(scope="module")
def born(snapshot):
    return {row["learner"]: row["born_on"] for row in reading.rows(snapshot / "region" / "learners.parquet")}


def test_every_learner_is_as_the_plain_kernel_says_of_that_day(snapshot, born):
    region, then = Region(), compared_with(snapshots.ON)
    assert then == date(2026, 3, 17)
    found = before_of(snapshot / "region", on=snapshots.ON, region=region, born=born)
    assert set(found) == set(born)
    some_moved = 0
    for key in sorted(born)[::4]:
        facts = reading.attendance_of(snapshot / "region", key, on=then, region=region).facts
        assert found[key].layer == facts.layer_ytd
        at_home = facts.ongoing_since is not None and (then - facts.ongoing_since).days >= 7
        if facts.enrolled and not facts.exempt:
            assert found[key].on_register == at_home
        some_moved += found[key].layer not in (0, None)
    assert some_moved > 10


def test_other_cuts_are_those_of_the_region(snapshot, born):
    lower = Region(layer_cuts=(1, 2, 3))
    found = before_of(snapshot / "region", on=snapshots.ON, region=lower, born=born)
    plain = before_of(snapshot / "region", on=snapshots.ON, region=Region(), born=born)
    assert sum(one.layer == 3 for one in found.values()) > sum(one.layer == 3 for one in plain.values())


def test_shares_of_two_school_years_are_not_laid_side_by_side(snapshot, born):
    found = before_of(snapshot / "region", on=date(2025, 8, 31), region=Region(), born=born)
    assert {one.layer for one in found.values()} == {None}
    assert all(one.on_register is not None for one in found.values())


def test_nothing_of_the_children_is_left_when_a_process_was_killed(snapshot, born):
    left = snapshot / ".earlier-5000000-abc"  # no process has a number so high
    left.mkdir()
    (left / "facts.parquet").write_text("children")
    before_of(snapshot / "region", on=snapshots.ON, region=Region(), born=born)
    assert list(snapshot.glob(".earlier-*")) == []


@given(some.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_month_before_is_the_same_day_or_the_last_of_a_shorter_month(on: date) -> None:
    then = compared_with(on)
    assert then < on
    assert (on.year * 12 + on.month) - (then.year * 12 + then.month) == 1
    assert then.day == on.day or (then.day < on.day and (then + timedelta(days=1)).day == 1)


@given(some.integers(0, 40))
def test_the_register_begins_after_seven_calendar_days(days: int) -> None:
    on = date(2026, 4, 17)
    since = None if days == 0 else on - timedelta(days=days - 1)
    fact = {"enrolled": True, "exempt": False, "of_compulsory_age": True, "ongoing_since": since, "phase": 0,
            "alternating_days_15w": 12, "layer_ytd": 0, "layer_4w": 0, "layer_12w": 0,
            "ongoing_without_since": None, "ongoing_open_since": None}  # fmt: skip
    assert counted(fact, on=on, born_on=None, off_roll_since=None).on_register is (days > 7)
