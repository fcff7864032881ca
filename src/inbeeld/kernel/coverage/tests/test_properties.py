"""What must be so for any counts: the order of the lists, empty strata, and bounds around the estimate."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.kernel.coverage.answer import Coverage, Estimate
from inbeeld.kernel.coverage.averaging import Span
from inbeeld.kernel.coverage.reckon import coverage_of
from inbeeld.kernel.coverage.review import NONE, LinkReview, Tally
from inbeeld.kernel.coverage.table import History
from inbeeld.kernel.coverage.two_lists import Overlapping, chapman, reckon_two

Counts = dict[History, int]


def histories(names: str) -> list[History]:
    return [frozenset(some) for size in range(1, len(names) + 1) for some in combinations(names, size)]


@st.composite
def counts_of(draw: st.DrawFn, *, most: int = 3) -> Counts:
    names = "abcdef"[: draw(st.integers(2, most))]
    return {history: draw(st.integers(0, 120)) for history in histories(names)}


@st.composite
def reviewed(draw: st.DrawFn) -> tuple[Counts, LinkReview]:
    counts = {history: draw(st.integers(0, 300)) for history in histories("ab")}
    links, pool = counts[frozenset("ab")], counts[frozenset("a")]
    looked, unlinked, known = (
        draw(st.integers(0, links)),
        draw(st.integers(0, pool)),
        draw(st.integers(0, 60)),
    )
    tallies = [Tally(draw(st.integers(0, number)), number) for number in (looked, unlinked, known)]
    other = draw(st.booleans())
    return counts, LinkReview(
        tallies[0], tallies[1] if other else NONE, "a" if other else "", NONE if other else tallies[2]
    )


def spans(found: Estimate) -> list[Span]:
    every = [found.total, found.unseen, found.share, *found.odds.values()]
    return [span for span in every if span is not None] + [one.total for one in found.alternatives]


def check(found: Coverage) -> None:
    for one in (*found.pairs, found.jointly):
        for span in spans(one):
            assert span.low <= span.estimate + 1e-6
            assert span.high is None or span.estimate <= span.high + 1e-6
        if one.total is not None and one.unseen is not None and one.share is not None:
            assert one.unseen.low >= 0
            assert one.recall is not None or one.total.low >= one.seen - 1e-6
            assert 0 <= one.share.low <= one.share.high <= 1 + 1e-9
        else:
            assert one.warnings
    for listed in found.lists:
        if listed.share is not None:
            assert 0 <= listed.share.low <= listed.share.estimate <= listed.share.high <= 1


@settings(max_examples=15)
@given(counts_of(most=5))
def test_bounds_lie_around_the_estimate_and_never_below_what_was_seen(counts: Counts):
    check(coverage_of(counts, lists="ab"))


@settings(max_examples=50)
@given(reviewed())
def test_bounds_lie_around_the_estimate_whatever_a_review_found(case: tuple[Counts, LinkReview]):
    counts, review = case
    check(coverage_of(counts, lists="ab", reviews={frozenset("ab"): review}))


@settings(max_examples=20)
@given(counts_of(), st.randoms(use_true_random=False))
def test_the_names_and_the_order_of_the_lists_change_nothing(counts: Counts, shuffle):
    names = sorted({name for history in counts for name in history})
    others = [f"list {number}" for number in range(len(names))]
    shuffle.shuffle(others)
    called = dict(zip(names, others, strict=True))
    renamed = {frozenset(called[name] for name in history): count for history, count in counts.items()}
    one, other = coverage_of(counts), coverage_of(renamed)
    assert one.jointly.method is other.jointly.method
    for left, right in zip(spans(one.jointly)[:3], spans(other.jointly)[:3], strict=True):
        assert right.estimate == pytest.approx(left.estimate, rel=1e-5, abs=1e-4)
        assert right.low == pytest.approx(left.low, rel=1e-4, abs=1e-3)
        assert (right.high is None) == (left.high is None)
        assert left.high is None or right.high == pytest.approx(left.high, rel=1e-4, abs=1e-3)


@settings(max_examples=20)
@given(counts_of(), counts_of())
def test_an_empty_stratum_changes_nothing(counts: Counts, more: Counts):
    both = {history: counts.get(history, 0) + more.get(history, 0) for history in {*counts, *more}}
    strata = {"one": counts, "two": more}
    empty = dict.fromkeys(both, 0)
    assert coverage_of(both, strata={**strata, "empty": empty}) == coverage_of(both, strata=strata)


@given(st.integers(5, 50), st.integers(1, 50), st.integers(1, 50), st.integers(2, 20))
def test_so_many_times_the_children_are_some_as_many_times_unseen(
    both: int, first: int, second: int, times: int
):
    small = chapman(Overlapping(both + first, both + second, both))
    large = chapman(Overlapping(times * (both + first), times * (both + second), times * both))
    # Chapman adds one child to those on both: less and less the more there are.
    assert times * small <= large <= times * small * (both + 1) / both + 1e-9


@given(st.integers(1, 200), st.integers(0, 100), st.integers(0, 100), st.sampled_from([1.5, 2.0, 4.0]))
def test_more_dependence_is_never_fewer_children(both: int, first: int, second: int, ratio: float):
    two = [Overlapping(both + first, both + second, both)]
    one, more = reckon_two(two).total, reckon_two(two, odds_ratio=ratio).total
    assert more.estimate == pytest.approx(both + first + second + ratio * chapman(two[0]))
    assert more.estimate >= one.estimate
    assert more.low >= one.low - 1e-6
    assert more.high is None or (one.high is not None and more.high >= one.high - 1e-6)
