"""What may be told of a group: nothing of few, and of others no third figure by taking two apart."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from inbeeld.kernel.disclosure import per_mille, told


def test_few_are_not_told_and_the_rest_is_rounded_to_five():
    assert [told(number) for number in range(8)] == [0, None, None, None, None, None, None, None]
    assert [told(number) for number in range(8, 18)] == [10, 10, 10, 10, 10, 15, 15, 15, 15, 15]


@given(some.integers(8, 10_000))
def test_a_number_told_is_a_multiple_of_five_at_most_two_away(number: int) -> None:
    found = told(number)
    assert found is not None
    assert found % 5 == 0
    assert abs(found - number) <= 2


@given(some.integers(0, 10**7), some.integers(1, 10**7))
def test_a_share_is_the_nearest_part_of_a_thousand_halves_up(part: int, more: int) -> None:
    whole = part + more
    found = per_mille(part, whole, of=8)
    assert found is not None
    assert -Fraction(1, 2) < Fraction(1000 * part, whole) - found <= Fraction(1, 2) or (
        Fraction(1000 * part, whole) + Fraction(1, 2) == found
    )
    assert Fraction(found) <= Fraction(1000 * part, whole) + Fraction(1, 2)


def test_no_share_is_told_of_few_or_of_nothing():
    assert per_mille(1, 2, of=7) is None
    assert per_mille(0, 0, of=100) is None
    assert per_mille(1, 2, of=8) == 500
