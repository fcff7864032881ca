"""Lists that can share no child: that nobody is on both is no count of nobody."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from inbeeld.kernel.coverage.answer import Assumption, Caution, Estimate, Method
from inbeeld.kernel.coverage.models import fit_model
from inbeeld.kernel.coverage.reckon import coverage_of
from inbeeld.kernel.coverage.table import History, table_of

APART = [("po", "vo")]


def of_two_ages(rng: Random, *, number: int, extra: str = "") -> Counter[History]:
    """Children of primary or secondary education, each on the list of its own SWV or not, and on others."""
    found: Counter[History] = Counter()
    for _ in range(number):
        swv = "po" if rng.random() < 0.45 else "vo"
        on = {name for name in (swv, "leerplicht", *extra) if rng.random() < 0.6}
        if on:
            found[frozenset(on)] += 1
    return found


def cautions(one: Estimate) -> set[Caution]:
    return {warned.caution for warned in one.warnings}


def test_the_fit_is_that_of_the_cells_there_can_be():
    """With one list for all: unseen = only there x (on one list of the two ages alone / on both)."""
    counts = {
        frozenset({"po"}): 40, frozenset({"vo"}): 60, frozenset({"all"}): 80,
        frozenset({"po", "all"}): 55, frozenset({"vo", "all"}): 45,
    }  # fmt: skip
    table = table_of(counts, apart=APART)
    model = fit_model(table, [])
    assert model is not None
    assert model.unseen == pytest.approx(80 * (40 + 60) / (55 + 45))
    assert (len(table.counts), model.freedom) == (5, 1)
    assert table.meeting == (("all", "po"), ("all", "vo"))
    assert fit_model(table, [("po", "vo")]) is None


def test_an_overlap_there_cannot_be_is_not_read_as_dependence():
    held, misread = 0, 0
    for seed in range(20):
        counts = of_two_ages(Random(seed), number=600)
        jointly = coverage_of(counts, apart=APART).jointly
        assert jointly.total is not None and jointly.total.high is not None
        held += jointly.total.low <= 600 <= jointly.total.high
        assert all(("po", "vo") not in one.dependent for one in jointly.alternatives)
        assert Assumption.APART in jointly.assumptions
        read = coverage_of(counts).jointly.total
        misread += read is None or read.high is None or not read.low <= 600 <= read.high
    assert held >= 17
    assert misread >= 10


def test_with_more_lists_the_models_of_those_that_meet_are_all_tried():
    counts = of_two_ages(Random(3), number=800, extra="x")
    jointly = coverage_of(counts, apart=[("vo", "po")]).jointly
    assert jointly.method is Method.LOG_LINEAR_AVERAGE
    assert jointly.total is not None and jointly.total.high is not None
    assert jointly.total.low <= 800 <= jointly.total.high
    six = coverage_of(of_two_ages(Random(4), number=900, extra="xyz"), apart=APART).jointly
    assert six.total is not None and six.total.high is not None
    assert six.total.low <= 900 <= six.total.high


def test_strata_of_lists_apart_are_added():
    one, other = (of_two_ages(Random(seed), number=500) for seed in (5, 6))
    parted = coverage_of(one + other, strata={"one": one, "other": other}, apart=APART).jointly
    assert parted.strata == ("one", "other")
    assert parted.total is not None and parted.total.high is not None
    assert parted.total.low <= 1000 <= parted.total.high


def test_two_lists_apart_say_nothing_together_and_without_any_that_meet_there_is_no_estimate():
    found = coverage_of(of_two_ages(Random(7), number=300), apart=APART)
    pair = next(one for one in found.pairs if one.lists == ("po", "vo"))
    assert pair.method is Method.COUNTS_ONLY and cautions(pair) == {Caution.APART}
    only = {frozenset({name}): 50 for name in ("po", "vo", "mbo")}
    every = [("po", "vo"), ("po", "mbo"), ("mbo", "vo")]
    assert cautions(coverage_of(only, apart=every).jointly) == {Caution.APART}
    two = coverage_of({frozenset({"po"}): 60, frozenset({"vo"}): 60}, apart=APART)
    assert cautions(two.jointly) == {Caution.APART} and two.jointly.seen == 120


def test_lists_apart_that_share_a_child_or_are_not_there_are_refused():
    counts = of_two_ages(Random(8), number=300) + Counter({frozenset({"po", "vo", "leerplicht"}): 2})
    with pytest.raises(ValueError, match="2 on both po and vo, which can share no child"):
        coverage_of(counts, apart=APART)
    with pytest.raises(ValueError, match="not two of the lists"):
        coverage_of(counts, apart=[("po", "mbo")])
    with pytest.raises(ValueError, match="not two of the lists"):
        coverage_of(counts, apart=[("po", "po")])
