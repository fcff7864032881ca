"""What coverage answers: numbers with what they rest on, or counts with the reason why there is no number."""

from __future__ import annotations

import json
from random import Random

import pytest

from inbeeld.kernel.coverage.answer import Assumption, Caution, Coverage, Estimate, Method, Warned
from inbeeld.kernel.coverage.jointly import MOST_LISTS
from inbeeld.kernel.coverage.models import fit_models
from inbeeld.kernel.coverage.reckon import coverage_of
from inbeeld.kernel.coverage.review import LinkReview, Tally
from inbeeld.kernel.coverage.table import History, table_of
from inbeeld.kernel.coverage.tests.invented import children
from inbeeld.kernel.coverage.two_lists import Overlapping, chapman


def two(both: int, only_a: int, only_b: int) -> dict[History, int]:
    return {frozenset("ab"): both, frozenset("a"): only_a, frozenset("b"): only_b}


def cautions(one: Estimate) -> set[Caution]:
    return {warned.caution for warned in one.warnings}


def facts(one: Estimate, caution: Caution) -> dict[str, float | str]:
    return dict(next(warned.facts for warned in one.warnings if warned.caution is caution))


def test_two_lists_say_how_many_and_what_each_list_is_of_them():
    found = coverage_of(two(342, 111, 111))
    jointly = found.jointly
    assert jointly is found.pairs[0]
    assert jointly.total is not None and jointly.unseen is not None and jointly.share is not None
    assert jointly.total.estimate == pytest.approx((454 * 454) / 343 - 1)
    assert jointly.unseen.estimate == pytest.approx(jointly.total.estimate - 564)
    assert jointly.share.estimate == pytest.approx(0.94, abs=0.001)
    assert [one.seen for one in found.lists] == [453, 453]
    assert found.lists[0].share is not None
    assert found.lists[0].share.estimate == pytest.approx(453 / jointly.total.estimate)
    assert Assumption.INDEPENDENT in jointly.assumptions


def test_what_dependence_would_make_of_it_is_always_said():
    jointly = coverage_of(two(342, 111, 111)).jointly
    unseen = chapman(Overlapping(453, 453, 342))
    assert {ratio: round(span.estimate, 3) for ratio, span in jointly.odds.items()} == {
        ratio: round(564 + ratio * unseen, 3) for ratio in (1.0, 1.5, 2.0, 3.0, 4.0)
    }
    assert facts(jointly, Caution.DEPENDENCE_UNSEEN) == {
        "total_if_twice": jointly.odds[2.0].estimate,
        "total_if_four_times": jointly.odds[4.0].estimate,
    }


def test_below_forty_children_there_are_only_counts():
    few, enough = coverage_of(two(30, 5, 4)).jointly, coverage_of(two(30, 5, 5)).jointly
    assert few.method is Method.COUNTS_ONLY and few.total is None and few.seen == 39
    assert facts(few, Caution.TOO_FEW_CHILDREN) == {"seen": 39, "needed": 40}
    assert enough.total is not None


def test_lists_with_nobody_in_common_give_only_counts():
    found = coverage_of(two(0, 50, 50))
    assert cautions(found.jointly) == {Caution.NO_CHILD_ON_BOTH}
    assert found.lists[0].share is None
    three = {frozenset(name): 50 for name in "abc"}
    assert cautions(coverage_of(three).jointly) == {Caution.NO_CHILD_ON_BOTH}


def test_few_on_both_and_a_list_within_a_list_are_pointed_out():
    assert Caution.FEW_ON_BOTH in cautions(coverage_of(two(6, 40, 40)).jointly)
    assert Caution.FEW_ON_BOTH not in cautions(coverage_of(two(7, 40, 40)).jointly)
    within = coverage_of(two(40, 0, 40)).jointly
    assert facts(within, Caution.LIST_WITHIN_LIST) == {"inner": "a", "outer": "b"}
    assert within.total is not None and within.total.estimate == 80


def test_links_nobody_looked_at_are_pointed_out_with_what_a_miss_would_do():
    counts = two(342, 111, 111)
    plain = coverage_of(counts).jointly
    missed = facts(plain, Caution.LINKS_NOT_REVIEWED)["total_if_2_percent_missed"]
    assert plain.total is not None and isinstance(missed, float) and missed < plain.total.estimate - 5
    pair = frozenset("ab")
    only_links = coverage_of(counts, reviews={pair: LinkReview(Tally(50, 50))}).jointly
    assert Caution.MISSED_LINKS_NOT_REVIEWED in cautions(only_links)
    both = coverage_of(counts, reviews={pair: LinkReview(Tally(50, 50), Tally(0, 50), "a")}).jointly
    assert not {Caution.MISSED_LINKS_NOT_REVIEWED, Caution.LINKS_NOT_REVIEWED} & cautions(both)
    assert both.recall == both.precision == 1.0
    assert Assumption.LINKS_AS_REVIEWED in both.assumptions


def test_strata_are_added_and_remove_what_only_a_difference_between_them_made():
    """Half are reached well by both lists, half badly: together that looks like dependence."""
    rng = Random(4)
    well, badly = (children(rng, number=500, chances=(chance, chance)) for chance in (0.8, 0.3))
    plain = coverage_of(well + badly).jointly
    parted = coverage_of(well + badly, strata={"well": well, "badly": badly}).jointly
    assert plain.total is not None and plain.total.high is not None and parted.total is not None
    assert plain.total.high < 1000
    assert parted.total.high is not None
    assert parted.total.low < 1000 < parted.total.high
    assert parted.strata == ("badly", "well")
    assert Assumption.SAME_CHANCE_IN_STRATUM in parted.assumptions
    assert parted.alternatives[0].total == plain.total


def test_strata_are_added_for_three_lists_too():
    held = 0
    for seed in range(12):
        rng = Random(seed)
        well, badly = (children(rng, number=500, chances=(chance,) * 3) for chance in (0.8, 0.3))
        parted = coverage_of(well + badly, strata={"well": well, "badly": badly}).jointly
        assert parted.strata == ("badly", "well")
        assert parted.total is not None and parted.total.high is not None
        held += parted.total.low <= 1000 <= parted.total.high
    assert held >= 10


def test_strata_too_small_are_taken_together_or_not_used():
    large, small = two(60, 30, 30), two(4, 3, 3)
    whole = two(128, 66, 66)
    named = coverage_of(whole, strata={"one": large, "two": large, "tiny": small, "less": small}).jointly
    assert named.strata == ("one", "less + tiny + two") or named.strata == ("two", "less + one + tiny")
    assert Caution.STRATA_POOLED in cautions(named)
    unused = coverage_of(two(68, 36, 36), strata={"one": large, "tiny": small, "less": small}).jointly
    assert unused.strata == () and Caution.STRATA_NOT_USED in cautions(unused)


def test_strata_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        coverage_of(two(60, 30, 30), strata={"one": two(60, 30, 29)})


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({frozenset("a"): 3}, "two lists or more"),
        ({frozenset("ab"): -1, frozenset("a"): 2}, "not a whole number"),
        ({frozenset("ab"): 1, frozenset[str](): 2}, "on no list"),
    ],
)
def test_counts_that_are_no_counts_are_refused(counts: dict[History, int], says: str):
    with pytest.raises(ValueError, match=says):
        coverage_of(counts)


def test_a_review_of_other_lists_is_refused():
    with pytest.raises(ValueError, match="not two of the lists"):
        coverage_of(two(60, 30, 30), reviews={frozenset("ac"): LinkReview(Tally(1, 1))})


def test_a_list_with_nobody_on_it_has_nothing_to_say():
    found = coverage_of(two(60, 30, 30), lists="abc")
    assert found.jointly.lists == ("a", "b")
    assert found.lists[2].seen == 0
    assert found.lists[2].share is not None and found.lists[2].share.estimate == 0


def test_of_three_lists_missed_links_are_said_but_not_corrected():
    counts = children(Random(1), number=300, chances=(0.6, 0.6, 0.6))
    review = LinkReview(Tally(20, 20), Tally(4, 20), "a")
    found = coverage_of(counts, reviews={frozenset("ab"): review})
    assert facts(found.jointly, Caution.LINKS_NOT_CORRECTED)["recall"] == found.pairs[0].recall
    plain = coverage_of(counts)
    assert found.jointly.total == plain.jointly.total
    assert Caution.LINKS_NOT_REVIEWED in cautions(plain.jointly)


def test_six_lists_are_reckoned_and_more_are_only_counted():
    rng = Random(2)
    six = children(rng, number=400, chances=(0.5,) * MOST_LISTS, odds_ratio=3.0)
    found = coverage_of(six).jointly
    assert found.total is not None and found.total.high is not None
    assert found.total.low <= 400 <= found.total.high
    assert (("a", "b"),) in [one.dependent for one in found.alternatives]
    seven = {frozenset("abcdefg"): 30, frozenset("a"): 30, frozenset("g"): 3}
    assert facts(coverage_of(seven).jointly, Caution.TOO_MANY_LISTS) == {"lists": 7, "most": 6}


def test_a_dependence_of_lists_that_share_nobody_is_not_fitted():
    counts = {
        frozenset("ac"): 30, frozenset("bc"): 25, frozenset("a"): 20, frozenset("b"): 20, frozenset("c"): 15,
    }  # fmt: skip
    fitted = fit_models(table_of(counts))
    assert fitted.without_fit >= 4
    assert all(("a", "b") not in one.dependent for one in fitted.models)


def test_the_answer_can_be_written_as_json_and_is_the_same_each_time():
    counts = children(Random(3), number=300, chances=(0.6, 0.5, 0.4))
    one, other = coverage_of(counts), coverage_of(dict(reversed(counts.items())))
    assert isinstance(one, Coverage)
    written = json.dumps(one.as_json(), allow_nan=False)
    assert written == json.dumps(other.as_json(), allow_nan=False)
    said = json.loads(written)
    assert set(said) == {"lists", "pairs", "jointly"}
    asked = {"seen", "estimated_total", "interval", "method", "assumptions", "warnings"}
    for said_of in (said["jointly"], *said["lists"], *said["pairs"]):
        assert asked <= set(said_of)
        assert said_of["interval"]["low"] < said_of["estimated_total"] < said_of["interval"]["high"]


def test_a_share_among_the_facts_of_a_warning_keeps_its_digits():
    warned = Warned(Caution.LINKS_NOT_CORRECTED, {"recall": 0.96})
    assert warned.as_json() == {"warning": "links_not_corrected", "recall": 0.96}


def test_without_an_estimate_the_json_says_so_with_the_reason():
    said = coverage_of(two(10, 5, 5)).as_json()
    assert said["jointly"]["estimated_total"] is said["jointly"]["interval"] is None
    assert said["lists"][0]["warnings"] == [{"warning": "too_few_children", "seen": 20, "needed": 40}]
