"""Who of one list is who on another: weighed so that families are told apart, one partner each, in rounds.

First everybody; who is sure leaves with their partner. What is left is weighed anew with what is then
expected (the residual pass), until nobody becomes sure. How many pairs are expected is the sum of the
probabilities of the turn before, held between bounds: no estimator that fails can make a link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from string import Template
from typing import TYPE_CHECKING, Any

from inbeeld.engine.linkage.candidates import blocks
from inbeeld.engine.linkage.comparing import compare_pairs
from inbeeld.engine.linkage.levels import (
    ADDRESS,
    BORN,
    GIVEN,
    QUESTIONS,
    SCHOOL,
    SURNAME,
    Question,
    each_side,
)
from inbeeld.engine.linkage.normalising import step
from inbeeld.engine.linkage.reference import FLOORS, Chance, reference

if TYPE_CHECKING:
    import duckdb

#: Question → the chances of its answers, the best first.
Answers = Mapping[str, tuple[Chance, ...]]
MILLION = 1_000_000
#: From which probability a link is sure, is laid before a person, or is told at all; in millionths.
SURE, POSSIBLE, WORTH_A_WORD = 900_000, 50_000, 5_000
#: How much the reference counts beside the lists' own values, links and pairs.
NAMES_WEIGH, LINKS_WEIGH, PAIRS_WEIGH = 2_000, 100, 20_000
ROUNDS, TURNS = 12, 4
#: The share of the smaller list that may be without a partner where the other list is taken to be complete.
NEARLY_NOBODY = 0.05
#: log2 of how much below the odds that matter a pair may lie before the names of the round are known.
SPARE = 12
#: The same of lists of so many: of a million the last two bits find nobody and cost a third more time.
MANY, SPARE_OF_MANY = 500_000, 10


@dataclass(frozen=True)
class Judged:
    """What two lists came to: how many pairs were looked at, how many of them were worth weighing, and how
    many are expected to belong together."""

    looked_at: int
    compared: int
    expected: float


def judge_pair(con: duckdb.DuckDBPyConnection, left: int, right: int) -> Judged:
    """Add what is to be said of two lists to the table `links`.

    Reads people_<left>, people_<right> and decided (left_list, left_row, right_list, right_row, same).
    """
    sizes = _sizes(con, left, right)
    _run(con, "08_settled_before", left=left, right=right, **_born_conditions())
    chances = _chances(con, left, right)
    looked_at = _compare(con, left, right, chances, sizes)
    compared = _number(con, "SELECT COUNT(*) FROM compared")
    _run(con, "09_open_pairs", left=left, right=right)
    expected = _rounds(con, sizes, chances)
    _run(con, "11_links", left=left, right=right, possible=POSSIBLE, worth_a_word=WORTH_A_WORD)
    return Judged(looked_at, compared, expected)


def _sizes(con: duckdb.DuckDBPyConnection, left: int, right: int) -> tuple[int, int]:
    return tuple(_number(con, f"SELECT COUNT(*) FROM people_{number}") for number in (left, right))  # type: ignore[return-value]


def _compare(
    con: duckdb.DuckDBPyConnection,
    left: int,
    right: int,
    chances: Answers,
    sizes: tuple[int, int],
) -> int:
    for column, floor in FLOORS.items():
        _run(con, "04_frequencies", column=column, left=left, right=right, weight=NAMES_WEIGH, floor=floor)
    return compare_pairs(
        con,
        left,
        right,
        weights={key: [(one.child, one.stranger) for one in each] for key, each in chances.items()},
        frequencies=FLOORS,
        blocks=blocks(*sizes),
        at_least=log2(max(sizes)) - (SPARE if max(sizes) < MANY else SPARE_OF_MANY),
    )


def _rounds(con: duckdb.DuckDBPyConnection, sizes: tuple[int, int], chances: Answers) -> float:
    """Settle who is sure; `scored` is left behind for the others. How many are expected on both."""
    before = after = chances
    together = 0.0
    for number in range(ROUNDS):
        left_over = [size - _number(con, "SELECT COUNT(*) FROM settled") for size in sizes]
        fewest = max(min(left_over), 1)
        expected = 0.5 * fewest
        for turn in range(TURNS):
            _score(con, left_over, expected=expected, before=before, after=after)
            expected = _held(
                _number(con, "SELECT COALESCE(SUM(millionths), 0) FROM scored") / MILLION, fewest
            )
            if number == 0 and turn:
                after = _nearer(before, _counted(con))
        together = _number(con, "SELECT COUNT(*) FROM settled") + expected
        complete = fewest - expected < NEARLY_NOBODY * fewest
        _run(con, "10_settle", sure=SURE, complete=complete)
        if not _number(con, "SELECT COUNT(*) FROM newly"):
            break
    return together


def _held(expected: float, fewest: int) -> float:
    return min(max(expected, 0.5), 0.999 * fewest)


def _score(
    con: duckdb.DuckDBPyConnection,
    left_over: Sequence[int],
    *,
    expected: float,
    before: Answers,
    after: Answers,
) -> None:
    pairs = max(left_over[0], 1) * max(left_over[1], 1)
    fewest = max(min(left_over), 1)
    # A twin or sibling stands across from a child only where one of them lacks a partner of its own.
    without = max(fewest - expected, 0.02 * fewest)
    _run(
        con,
        "07_score",
        lam=repr(expected / pairs),
        pi_twin=repr(reference().twins * without / pairs),
        pi_sibling=repr(reference().siblings * without / pairs),
        moved=_sum_over(before, after, lambda was, now: now.child / was.child),
        twin=_sum_over(before, after, lambda was, now: now.twin / was.child),
        sibling=_sum_over(before, after, lambda was, now: now.sibling / was.child),
    )


def _sum_over(before: Answers, after: Answers, ratio: Callable[[Chance, Chance], float]) -> str:
    """SQL: log2 of a ratio of chances by the answer of a pair, summed over the questions; 0 if not known."""
    parts = []
    for question in QUESTIONS:
        both = zip(before[question.key], after[question.key], strict=True)
        each = [log2(ratio(was, now)) for was, now in both]
        listed = ", ".join(repr(round(one, 6)) for one in (0.0, *reversed(each)))
        parts.append(f"[{listed}][{question.key} + 2]")
    return "(" + " + ".join(parts) + ")"


def _counted(con: duckdb.DuckDBPyConnection) -> dict[str, list[float]]:
    """How often each answer is given by pairs that are likely one child, best level first, by probability."""
    rows = con.execute(
        f"SELECT {', '.join(question.key for question in QUESTIONS)}, SUM(millionths) FROM scored "
        "JOIN open_pairs USING (left_row, right_row) WHERE millionths >= 500000 GROUP BY ALL"
    ).fetchall()
    found = {question.key: [0] * len(question.levels) for question in QUESTIONS}
    for *answers, millionths in rows:
        for question, number in zip(QUESTIONS, answers, strict=True):
            if number >= 0:
                found[question.key][-1 - number] += int(millionths)
    return {key: [each / MILLION for each in counts] for key, counts in found.items()}


def _nearer(chances: Answers, counted: Mapping[str, list[float]]) -> dict[str, tuple[Chance, ...]]:
    """The chances of one child beside itself, moved towards what these lists show.

    An answer that makes a link unlikely is rare among links for that very reason: it never halves.
    """
    found = {}
    for key, each in chances.items():
        total = sum(counted[key]) + LINKS_WEIGH
        found[key] = tuple(
            Chance(
                max((times + LINKS_WEIGH * one.child) / total, one.child / 2),
                one.stranger,
                one.twin,
                one.sibling,
            )
            for one, times in zip(each, counted[key], strict=True)
        )
    return found


def _chances(con: duckdb.DuckDBPyConnection, left: int, right: int) -> Answers:
    """The reference, and what these lists tell of strangers: how many share a birth date, a postcode."""
    known: dict[str, tuple[int, int]] = {}
    for number in (left, right):
        rows: Any = con.execute(Template(step("05_by_chance")).substitute(number=number)).fetchall()
        for what, people, shared in rows:
            people, shared = int(people), int(shared)
            was = known.get(what, (0, 0))
            known[what] = (was[0] + people * (people - 1), was[1] + shared)
    found = dict(reference().answers)
    for question, level, what, with_it in (
        (BORN, "same_year", "born_year", ("same", "slip", "near")),
        (ADDRESS, "near", "area", ()),
        (ADDRESS, "same_postcode", "postcode", ("same_house",)),
        (SCHOOL, "same", "school", ()),
    ):
        found[question.key] = _by_chance(
            question, found[question.key], level, known.get(what, (0, 0)), with_it
        )
    return found


def _by_chance(
    question: Question,
    chances: tuple[Chance, ...],
    level: str,
    seen: tuple[int, int],
    with_it: Sequence[str],
) -> tuple[Chance, ...]:
    """The chances with another probability that strangers give one answer, and others in proportion."""
    keys = [one.key for one in question.levels]
    at = keys.index(level)
    shared = [at, *map(keys.index, with_it)]
    was = sum(chances[place].stranger for place in shared)
    pairs, alike = seen
    now = min((alike + PAIRS_WEIGH * was) / (pairs + PAIRS_WEIGH), 0.9)
    strangers = [
        one.stranger * now / was if place in shared else one.stranger for place, one in enumerate(chances)
    ]
    strangers[-1] = max(1 - sum(strangers[:-1]), 0.01)
    return tuple(
        Chance(one.child, stranger, one.twin, one.sibling)
        for one, stranger in zip(chances, strangers, strict=True)
    )


def _born_conditions() -> dict[str, str]:
    return {f"born_{level.key}": each_side(level.condition) for level in BORN.levels}


def _run(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> None:
    numbers = {
        f"{question.key}_{level.key}": question.number(level.key)
        for question in (GIVEN, SURNAME, BORN, ADDRESS)
        for level in question.levels
    }
    con.execute(Template(step(name)).substitute(numbers | values))


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])
