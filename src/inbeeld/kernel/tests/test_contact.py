"""What is missing around a child: each gap against a plain reading of its sentence, on random days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.contact import Gap, Sight, class_of_a_contact, gaps, silent_for

TODAY = date(2026, 11, 28)
DAYS = st.none() | st.integers(0, 500).map(lambda number: TODAY - timedelta(number))
SIGHTS = st.builds(
    Sight, is_long=st.booleans(), is_enrolled=st.booleans(), is_exempt=st.booleans(), since=DAYS,
    spoken_on=DAYS, is_directed=st.booleans(),
    due_on=st.none() | st.integers(-30, 30).map(lambda number: TODAY + timedelta(number)),
    reads_agreements=st.booleans(),
)  # fmt: skip
HELD = Sight(
    is_long=True, is_enrolled=True, is_exempt=False, since=TODAY - timedelta(40),
    spoken_on=TODAY - timedelta(3), is_directed=True, due_on=TODAY,
    reads_agreements=True,
)  # fmt: skip


def missing(sight: Sight, *, silence: int = 28) -> set[Gap]:
    return set(gaps(sight, on=TODAY, today=TODAY, silence=silence))


@given(sight=SIGHTS, silence=st.sampled_from((14, 28, 56)))
def test_each_gap_is_what_its_sentence_says(sight: Sight, silence: int) -> None:
    found = missing(sight, silence=silence)
    assert (Gap.NO_DIRECTION in found) == (sight.is_long and not sight.is_directed)
    assert (Gap.NO_AGREEMENT in found) == (sight.is_long and sight.reads_agreements and sight.due_on is None)
    assert (Gap.PAST_ITS_DAY in found) == (
        sight.due_on in {TODAY - timedelta(number) for number in range(1, 40)}
    )
    assert (Gap.ON_NO_ROLL in found) == (not sight.is_enrolled and not sight.is_exempt)
    # Did somebody speak on one of the last days, or was that the first day away? Then it is soon.
    lately = {TODAY - timedelta(number) for number in range(silence)}
    is_soon = sight.spoken_on in lately or sight.since in lately - {TODAY - timedelta(silence - 1)}
    assert (Gap.NO_CONTACT in found) == (not sight.is_exempt and not is_soon)
    year = {TODAY - timedelta(number) for number in range(365)}
    assert (Gap.EXEMPT_AND_ALONE in found) == (sight.is_exempt and sight.spoken_on not in year)


@pytest.mark.parametrize(("days", "is_missed"), [(27, False), (28, True), (29, True)])
def test_the_edge_of_too_long(days: int, is_missed: bool) -> None:
    sight = replace(HELD, spoken_on=TODAY - timedelta(days))
    assert (Gap.NO_CONTACT in missing(sight)) is is_missed


def test_around_a_child_that_is_held_nothing_is_missing() -> None:
    assert missing(HELD) == set()


def test_a_talk_before_the_absence_is_none_about_it_and_counts_as_its_first_day() -> None:
    sight = replace(HELD, since=TODAY - timedelta(10), spoken_on=TODAY - timedelta(200))
    assert silent_for(sight, on=TODAY) == 11, "as many as there are calendar days of absence"


def test_who_comes_and_goes_and_was_never_spoken_with_is_missed_and_a_talk_helps() -> None:
    sight = replace(HELD, since=None, spoken_on=None)
    assert silent_for(sight, on=TODAY) is None
    assert missing(sight) == {Gap.NO_CONTACT}
    assert missing(replace(sight, spoken_on=TODAY)) == set()


def test_who_is_exempt_is_missed_after_a_year_and_not_by_the_week() -> None:
    sight = replace(HELD, is_exempt=True, since=None, spoken_on=TODAY - timedelta(100))
    assert missing(sight) == set()
    assert missing(replace(sight, spoken_on=None)) == {Gap.EXEMPT_AND_ALONE}


def test_what_is_not_for_who_looks_is_not_missing() -> None:
    assert missing(replace(HELD, due_on=None, reads_agreements=False)) == set()


def test_on_its_day_an_agreement_can_still_be_done_and_the_day_after_it_is_missed() -> None:
    assert missing(HELD) == set()
    assert missing(replace(HELD, due_on=TODAY - timedelta(1))) == {Gap.PAST_ITS_DAY}
    assert missing(replace(HELD, due_on=None)) == {Gap.NO_AGREEMENT}


@pytest.mark.parametrize(
    ("writes", "expected"),
    [({"ATT", "AGR"}, "ATT"), ({"ATT"}, "ATT"), ({"AGR"}, "AGR"), ({"FAM", "MED"}, None), (set(), None)],
)
def test_who_keeps_the_attendance_records_with_it_and_others_with_the_agreements(
    writes: set[str], expected: str | None
) -> None:
    found = class_of_a_contact(lambda one: one.value in writes)
    assert found == (None if expected is None else FieldClass(expected))
