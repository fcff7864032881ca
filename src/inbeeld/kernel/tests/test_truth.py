"""Yes, no and not known, for one child."""

from __future__ import annotations

from datetime import date

import pytest

from inbeeld.kernel.truth import NO, NOT_KNOWN, YES, Because, Outcome, SqlTruth, Truth, all_of, known

EVERY = (NO, NOT_KNOWN, YES)


@pytest.mark.parametrize("answer", [*EVERY, SqlTruth("enrolled")], ids=str)
def test_an_answer_is_no_condition(answer: Truth | SqlTruth) -> None:
    with pytest.raises(TypeError):
        bool(answer)
    with pytest.raises(TypeError):
        _ = answer and YES
    with pytest.raises(TypeError):
        _ = not answer


def test_not_known_is_never_taken_for_no() -> None:
    assert (YES & NOT_KNOWN) == NOT_KNOWN
    assert (NO | NOT_KNOWN) == NOT_KNOWN
    assert ~NOT_KNOWN == NOT_KNOWN
    assert NOT_KNOWN != NO


def test_one_no_is_enough_for_no_and_one_yes_for_or() -> None:
    for answer in EVERY:
        assert (NO & answer) == (answer & NO) == NO
        assert (YES | answer) == (answer | YES) == YES


def test_the_laws_of_de_morgan_hold() -> None:
    for one in EVERY:
        for other in EVERY:
            assert ~(one & other) == (~one | ~other)
            assert ~(one | other) == (~one & ~other)


def test_certainly_and_unless_certain_part_yes_from_the_rest() -> None:
    assert [answer.certainly() for answer in EVERY] == [NO, NO, YES]
    assert [answer.unless_certain() for answer in EVERY] == [NOT_KNOWN, NOT_KNOWN, YES]


def test_all_of_is_the_least_and_needs_an_answer() -> None:
    assert all_of(iter([YES, YES])) == YES
    assert all_of([YES, NOT_KNOWN, YES]) == NOT_KNOWN
    assert all_of([NOT_KNOWN, NO]) == NO
    with pytest.raises(TypeError):
        all_of([])


def test_nothing_known_is_not_known() -> None:
    assert [known(True), known(False), known(None)] == [YES, NO, NOT_KNOWN]


def test_the_stored_words_are_yes_no_and_unknown() -> None:
    assert [outcome.word for outcome in Outcome] == ["no", "unknown", "yes"]


def test_a_reason_fills_its_gaps() -> None:
    reason = Because.of("away since {since}: {days} calendar days", since=date(2026, 2, 27), days=29)
    assert str(reason) == "away since 2026-02-27: 29 calendar days"
    assert str(Because.of("not away on this day")) == "not away on this day"
    assert reason.sentence == "away since {since}: {days} calendar days"


def test_only_the_reasons_that_decided_are_kept() -> None:
    here, there = Because.of("here"), Because.of("there")
    assert (YES.saying(here) & NO.saying(there)).because == (there,)
    assert (YES.saying(here) | NO.saying(there)).because == (here,)
    assert (NOT_KNOWN.saying(here) & YES.saying(there)).because == (here,)
    assert (NOT_KNOWN.saying(here) | NO.saying(there)).because == (here,)


def test_reasons_add_up_and_are_no_part_of_the_answer() -> None:
    here, there = Because.of("here"), Because.of("there")
    assert (YES.saying(here) & YES.saying(there)).because == (here, there)
    assert (YES.saying(here) & YES.saying(here)).because == (here,)
    assert (~(NO.saying(here) | NO.saying(there))).because == (here, there)
    assert YES.saying(here) == YES.saying(there)
    assert YES.saying(here).saying(there).because == (there,)
