"""The days on which a consent holds: worked out in stretches, equal to asking each day apart."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbeeld.access.consent_days import Custody, holding, stretches
from inbeeld.kernel.consent import Signature, Signer, is_signed

START = date(2026, 1, 1)
DAYS = 60
days = st.integers(0, DAYS).map(lambda number: START + timedelta(days=number))
people = st.sampled_from(["a", "b", "c"])
signatures = st.lists(st.builds(Signature, by=people, signer=st.sampled_from(Signer), on=days), max_size=6)
custodies = st.lists(
    st.builds(Custody, by=people, from_on=days, until_on=st.none() | days).filter(
        lambda one: one.until_on is None or one.from_on <= one.until_on
    ),
    max_size=4,
)
#: So that the birthdays 12, 16 or 18 fall within the days looked at, or the child is born within them.
births = st.builds(
    lambda day, years: day.replace(year=day.year - years), days, st.sampled_from([0, 9, 12, 16, 18, 25])
)


@given(found=signatures, born_on=st.none() | births, custody=custodies, until_on=days, today=days)
def test_stretches_say_the_same_as_asking_each_day(found, born_on, custody, until_on, today):
    cut = stretches(found, born_on=born_on, custody=custody, until_on=until_on)
    for number in range(DAYS + 5):
        day = START + timedelta(days=number)
        signed = day <= until_on and is_signed(
            found, born_on=born_on, on=day, guardians=frozenset(one.by for one in custody if one.holds(day))
        )
        assert signed == any(first <= day < after for first, after in cut)
    first, after = holding(cut, today=today)
    assert (first is not None and first <= today < after) == any(a <= today < b for a, b in cut)


def test_of_several_stretches_the_present_one_counts_else_the_next_else_the_last():
    week = timedelta(days=7)
    found = [(START, START + week), (START + 2 * week, START + 3 * week)]
    assert holding(found, today=START - week) == found[0]
    assert holding(found, today=START) == found[0]
    assert holding(found, today=START + week) == found[1]
    assert holding(found, today=START + 9 * week) == found[1]
    assert holding([], today=START) == (None, None)
