"""One slip in the table or its rules: the promises alone notice nearly all that widen, the signed file all.

The figures are printed (pytest -s) and kept with the result of each test.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inbeeld.kernel import signed_access
from inbeeld.kernel.access import ROWS, Row, parse
from inbeeld.kernel.promises import Point
from inbeeld.kernel.signed_access import Signed, changes, read
from inbeeld.kernel.signed_answers import Answers, answers_of
from tests.promises import mutants
from tests.promises.mutants import RULES, Mutant, Outcome, slipped, tried, tried_with
from tests.promises.points import allowed_by

Keep = Callable[[str, object], None]
#: Of all widenings, this share must be noticed by the promises alone.
ENOUGH = 0.95
KINDS = {
    "cells": (mutants.cells, 1485),
    "stages": (mutants.stages, 216),
    "involvements": (mutants.involvements, 121),
    "rows": (mutants.rows, 135),
}


def shown(what: str, outcomes: list[Outcome], keep: Keep) -> tuple[list[Outcome], list[Outcome]]:
    """Those that widen, and those that notice nothing; prints and keeps the figures."""
    wider = [one for one in outcomes if one.widens]
    other = [one for one in outcomes if one.widens or one.narrows]
    figures = {
        "slips": len(outcomes),
        "wider": len(wider),
        "wider, seen by a promise": sum(bool(one.broken) for one in wider),
        "other answers": len(other),
        "other answers, seen by a promise or by what must be possible": sum(one.noticed for one in other),
    }
    for name, figure in figures.items():
        keep(f"{what}: {name}", figure)
    print(f"\n{what}: " + "; ".join(f"{name} {figure}" for name, figure in figures.items()))
    return wider, [one for one in other if not one.noticed]


@pytest.mark.parametrize("what", KINDS)
def test_the_promises_alone_notice_nearly_every_widening_of_the_table(
    what: str, record_property: Keep
) -> None:
    make, number = KINDS[what]
    outcomes = [tried(one) for one in make()]
    assert len(outcomes) == number
    wider, unnoticed = shown(what, outcomes, record_property)
    missed = [one.mutant.name for one in wider if not one.broken]
    assert len(missed) <= (1 - ENOUGH) * len(wider), missed
    assert len(unnoticed) <= (1 - ENOUGH) * len(outcomes), [one.mutant.name for one in unnoticed]


@pytest.fixture(scope="module")
def answered_yes() -> frozenset[Point]:
    return frozenset(point for row in ROWS for point in allowed_by(row))


def test_the_promises_notice_slips_in_the_rules_and_the_signed_file_all_that_change_an_answer(
    answered_yes: frozenset[Point], record_property: Keep
) -> None:
    signed = read()
    outcomes = [tried_with(name, answered_yes) for name in RULES]
    wider, _ = shown("rules", outcomes, record_property)
    assert [one.mutant.name for one in wider if not one.broken] == []
    for one in outcomes:
        with slipped(one.mutant.name):
            noticed = any(_held_to(signed, Mutant("rules", row.key, row, row)) for row in ROWS)
        assert noticed == (one.widens or one.narrows), one.mutant.name
    assert changes(signed) == ()


def _held_to(signed: Signed, mutant: Mutant) -> bool:
    """Does the signed file notice? Asked of the rows of the slip alone: the rest is as signed."""
    mine = {row.key for row in (mutant.before, mutant.after) if row}
    part = Signed({one: row for one, row in signed.rows.items() if one in mine}, signed.entries)
    return bool(changes(part, [row for row in mutant.rows if row.key in mine]))


def test_the_signed_file_notices_every_slip_in_the_table(
    record_property: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, Answers] = {}

    def remembered(row: Row) -> Answers:
        """The rules do not change here, so each row need be asked only once."""
        name = f"{row.key} {sorted(row.stages)} {[*row.cells.values()]}"
        if name not in known:
            known[name] = answers_of(row)
        return known[name]

    monkeypatch.setattr(signed_access, "answers_of", remembered)
    signed = read()
    slips = [one for make, _ in KINDS.values() for one in make()]
    missed = [one.name for one in slips if not _held_to(signed, one)]
    record_property("slips", len(slips))
    record_property("seen by the signed file", len(slips) - len(missed))
    print(f"\nthe signed file: slips {len(slips)}; seen {len(slips) - len(missed)}")
    assert missed == []


def test_the_table_as_it_is_passes_for_no_slip() -> None:
    signed = read()
    assert {key: row.answers for key, row in signed.rows.items()} == {
        row.key: answers_of(row) for row in ROWS
    }
    assert all(not tried(Mutant("none", row.key, row, row)).noticed for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row.key for row in ROWS])
def test_a_row_that_stands_twice_is_refused(row: Row) -> None:
    line = f"{row.role} {row.involvement.value} 1 {' '.join(row.cells.values())} {row.ground}"
    assert parse(line)
    with pytest.raises(ValueError, match=f"{row.key} stands twice"):
        parse(f"{line}\n{line}")
