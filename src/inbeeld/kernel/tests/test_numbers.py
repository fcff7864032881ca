"""The eleven-proof tells numbers that could be somebody's from numbers that cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.kernel.numbers import is_valid_bsn

#: Well-known examples from manuals; no issued number begins with so many equal digits or in this order.
EXAMPLE = "111222333"


@pytest.mark.parametrize("text", [EXAMPLE, "111 222 333", "111.222.333", "111-222-333", "123456782"])
def test_a_number_that_passes_could_be_somebodys(text: str) -> None:
    assert is_valid_bsn(text)


@pytest.mark.parametrize(
    "text",
    ["123456789", "000000000", "", "1", "1112223330", "11122233a", "-111222333x", "²11222333", "١١١٢٢٢٣٣٣"],
)
def test_what_fails_or_is_no_number_cannot_be(text: str) -> None:
    assert not is_valid_bsn(text)


def test_of_eight_digits_the_leading_zero_was_lost() -> None:
    with_zero = next(f"0{n:08d}" for n in range(10_000_000, 10_000_100) if is_valid_bsn(f"0{n:08d}"))
    assert is_valid_bsn(with_zero[1:])


@given(st.integers(10_000_000, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: int, place: int, more: int) -> None:
    digits = f"{number:09d}"
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert not (is_valid_bsn(digits) and is_valid_bsn(wrong))


@given(st.integers(10_000_000, 99_999_999))
def test_of_ten_last_digits_at_most_one_passes(first_eight: int) -> None:
    assert sum(is_valid_bsn(f"{first_eight:08d}{last}") for last in range(10)) <= 1


@given(st.text(max_size=12))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_valid_bsn(text) in (True, False)
