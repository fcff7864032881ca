"""The table of reach keeps the promises that can be told already."""

from __future__ import annotations

import pytest

from inbeeld.access.reach import INVOLVED_ONLY, NOBODY, TABLE, Reach, Where, reach_of
from inbeeld.organisations.models import Kind, Role


def test_what_the_table_does_not_name_is_denied():
    assert reach_of("application_administrator", "swv") is NOBODY
    assert reach_of("", "") is NOBODY
    assert NOBODY.is_nobody
    assert Reach(Where.ENROLLED_HERE).is_nobody


@pytest.mark.parametrize("role", [Role.ANALYST, Role.PRIVACY_OFFICER])
def test_analyst_and_privacy_officer_have_no_row(role):
    assert all(named is not role for named, _ in TABLE)


@pytest.mark.parametrize("reach", TABLE.values())
def test_nobody_reaches_a_child_in_no_stage_or_a_destroyed_file(reach):
    assert not reach.stages & {0, 6, 7}


def test_the_stage_before_four_weeks_belongs_to_school_youth_health_and_leerplicht():
    early = {kind for (_, kind), reach in TABLE.items() if 1 in reach.stages}
    assert early == {Kind.SCHOOL, Kind.YOUTH_HEALTH, Kind.MUNICIPALITY}


def test_sickness_is_for_school_and_youth_health():
    assert {kind for (_, kind), reach in TABLE.items() if reach.sickness} == {Kind.SCHOOL, Kind.YOUTH_HEALTH}


@pytest.mark.parametrize(("role", "kind"), TABLE)
def test_outside_a_trial_a_role_that_must_be_involved_reaches_nobody(settings, role, kind):
    assert not reach_of(role, kind).is_nobody
    settings.INBEELD_TRIAL = False
    assert reach_of(role, kind).is_nobody == (role in INVOLVED_ONLY)
