"""What is missing is said by the definitions: under every one of them that can answer *not known*."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.facts import FactRow
from inbeeld.learners.missing import missing_of

ON = date(2026, 4, 17)
FACT = {
    **{field.name: None for field in fields(FactRow)},
    "learner": "L1", "phase": 2, "enrolled": True, "exempt": False, "of_compulsory_age": True,
    "alternating_days_15w": 0, "sick_reports_12w": 0, "layer_ytd": 0, "layer_4w": 0, "layer_12w": 0,
}  # fmt: skip
LONG_AWAY = {"ongoing_since": date(2025, 12, 1), "ongoing_open_since": date(2025, 12, 1)}
CERTAIN = {**LONG_AWAY, "ongoing_without_since": date(2025, 12, 1)}


def missing(subject, *, born_on=date(2012, 1, 1), **facts):
    found = (one for one in CATALOGUE if one.key.startswith(subject))
    return {missing_of(one, {**FACT, **facts}, on=ON, born_on=born_on) for one in found}


def test_permission_that_was_not_said_is_what_is_missing():
    assert missing("thuiszitter-swv", **LONG_AWAY) == {"permission"}
    assert missing("thuiszitter-swv", **CERTAIN) == {""}


def test_of_a_layer_school_days_are_missing_and_nothing_else():
    assert missing("layer-1", layer_ytd=None, of_compulsory_age=None, **LONG_AWAY) == {"school_days"}


def test_of_a_layer_of_who_is_on_no_roll_the_birth_date_may_be_missing():
    found = missing("layer-1", layer_ytd=1, enrolled=False, of_compulsory_age=None, born_on=None)
    assert found == {"birth_date"}


def test_an_offer_is_missing_under_the_pact():
    found = {
        missing_of(one, {**FACT, **CERTAIN}, on=ON, born_on=date(2012, 1, 1))
        for one in CATALOGUE
        if one.agreed_by == "pact"
    }
    assert "offer" in found


@pytest.mark.parametrize(
    ("born_on", "key"), [(None, "birth_date"), (date(2009, 1, 1), "basic_qualification")]
)
def test_of_compulsory_age_the_birth_date_or_the_qualification_is_missing(born_on, key):
    assert missing("absolute-absence", enrolled=False, of_compulsory_age=None, born_on=born_on) == {key}
