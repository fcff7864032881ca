"""How often the interval holds the truth, when the truth is invented and so known.

Two lists that cover 94 % jointly, each child with the same chance on both, are the measure of the project:
the interval should hold it in 93 to 97 of a hundred, give or take two standard errors of the count. Where all
links are right and only fifty were looked at it holds more often, up to 99: fifty looks do not tell a recall
of 1 from one of 0.98, and the interval leaves room for both.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from inbeeld.kernel.coverage.jointly import estimate_of_many
from inbeeld.kernel.coverage.review import overlap
from inbeeld.kernel.coverage.table import table_of
from inbeeld.kernel.coverage.tests.invented import children, linked_and_reviewed
from inbeeld.kernel.coverage.two_lists import reckon_two

#: On each list with this chance: on one of the two at least, 94 %.
CHANCE = 1 - 0.06**0.5
#: A list of hundreds of children, linked and reviewed, is as much as two cases of other tests.
LONG = int(os.environ.get("INBEELD_LONG_CASES") or 2000) // 2


def shares_held(
    *, number: int, recall: float, wrong: float, cases: int, seed: int, review: bool = True
) -> tuple[float, float, float]:
    """Share of the intervals with all children in them; the mean estimate and width, in children."""
    rng = Random(seed)
    held, estimates, widths = 0, 0.0, 0.0
    for _ in range(cases):
        two, looked = linked_and_reviewed(rng, number=number, chance=CHANCE, recall=recall, wrong=wrong)
        sizes = {"a": two.first, "b": two.second}
        found = overlap(("a", "b"), linked=int(two.both), sizes=sizes, review=looked) if review else None
        total = reckon_two([two], overlap=found).total
        assert total.high is not None
        held += total.low <= number <= total.high
        estimates += total.estimate
        widths += total.high - total.low
    return held / cases, estimates / cases, widths / cases


def margin(cases: int) -> float:
    """Chance around 93 and 97 %: two standard errors of a share of so many cases, three below a thousand."""
    return (2 if cases >= 1000 else 3) * (0.05 * 0.95 / cases) ** 0.5


@pytest.mark.parametrize("recall", [1.0, 0.98, 0.95])
def test_of_a_hundred_intervals_some_ninety_five_hold_the_truth(recall: float):
    held, mean, _ = shares_held(number=300, recall=recall, wrong=0.0, cases=100, seed=3)
    assert 0.93 - margin(100) <= held <= 0.97 + margin(100)
    assert mean == pytest.approx(300, rel=0.02)


def test_without_looking_again_missed_links_make_intervals_that_miss():
    held, mean, _ = shares_held(number=600, recall=0.95, wrong=0.0, cases=100, seed=5, review=False)
    assert held < 0.3
    assert mean > 620


@pytest.mark.long
@pytest.mark.parametrize("wrong", [0.0, 0.01])
@pytest.mark.parametrize("recall", [1.0, 0.98, 0.95])
@pytest.mark.parametrize("number", [100, 300, 600, 2000])
def test_two_lists_with_a_review_hold_the_truth_at_every_size(
    number: int, recall: float, wrong: float, record_property
):
    held, mean, width = shares_held(number=number, recall=recall, wrong=wrong, cases=LONG, seed=number)
    record_property("of the intervals hold the truth", f"{held:.3f}")
    print(
        f"{number} children, recall {recall}, wrong {wrong}: {held:.3f}, mean {mean:.1f}, width {width:.1f}"
    )
    all_right = recall == 1.0
    assert 0.93 - margin(LONG) <= held <= (1.0 if all_right else 0.97 + margin(LONG))
    # A 95 % interval is four standard errors wide; of so many cases the mean has three of its own.
    chance = 3 * width / 4 / LONG**0.5
    assert mean == pytest.approx(number, abs=0.01 * number + chance)


@pytest.mark.long
@pytest.mark.parametrize("number", [100, 300, 600, 2000])
def test_two_lists_with_right_links_hold_the_truth_at_every_size(number: int, record_property):
    held, mean, width = shares_held(
        number=number, recall=1.0, wrong=0.0, cases=LONG, seed=number + 1, review=False
    )
    record_property("of the intervals hold the truth", f"{held:.3f}")
    print(f"{number} children, right links: {held:.3f}, mean {mean:.1f}, width {width:.1f}")
    assert 0.93 - margin(LONG) <= held <= 0.97 + margin(LONG)


@pytest.mark.long
@pytest.mark.parametrize("odds_ratio", [1.0, 3.0])
@pytest.mark.parametrize("number", [150, 600])
def test_three_lists_hold_the_truth_where_two_of_them_depend(number: int, odds_ratio: float, record_property):
    rng, cases, held = Random(number), max(LONG // 4, 10), 0
    for _ in range(cases):
        counts = children(rng, number=number, chances=(0.6, 0.5, 0.6), odds_ratio=odds_ratio)
        total = estimate_of_many(table_of(counts, lists="abc"), strata={}).total
        assert total is not None
        held += total.low <= number and (total.high is None or number <= total.high)
    record_property("of the intervals hold the truth", f"{held / cases:.3f}")
    print(f"three lists, {number} children, odds ratio {odds_ratio}: {held / cases:.3f} of {cases}")
    assert held / cases >= 0.9 - margin(cases)
