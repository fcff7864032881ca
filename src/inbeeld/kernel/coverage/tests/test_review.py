"""What a review of the links changes, and what it cannot."""

from __future__ import annotations

from math import comb

import pytest

from inbeeld.kernel.coverage.review import LinkReview, Overlap, ReviewRefused, Tally, overlap
from inbeeld.kernel.coverage.two_lists import Overlapping, reckon_two

PAIR = ("a", "b")


def found(review: LinkReview, *, linked: int = 325, first: int = 453, second: int = 453) -> Overlap:
    return overlap(PAIR, linked=linked, sizes={"a": first, "b": second}, review=review)


def mean(weights: dict[float, float]) -> float:
    return sum(number * weight for number, weight in weights.items()) / sum(weights.values())


def test_a_review_of_everything_leaves_nothing_open():
    one = found(LinkReview(Tally(320, 325), Tally(17, 128), unlinked_on="a"))
    assert one.weights == {337.0: 1.0}
    assert one.best == 337
    assert one.precision == pytest.approx(320 / 325)
    assert one.recall == pytest.approx(320 / 337)


def test_a_missed_link_is_not_seen_among_the_links():
    one = found(LinkReview(Tally(50, 50)))
    assert one.recall == 1.0
    assert 324 < max(one.weights) <= 325 + 1e-9


def test_the_correction_is_that_of_ding_and_fienberg():
    """True pairs from links: (links - false x unpaired) / (recall - false), at the rates the review gives."""
    one = found(LinkReview(Tally(40, 50), Tally(5, 50), unlinked_on="b"))
    right, wrong = 325 * 0.8, 325 * 0.2
    false = wrong / (453 - one.best)
    assert one.best == pytest.approx((325 - false * 453) / (one.recall - false))
    assert one.best == pytest.approx(right + 128 * 0.1)


def test_known_pairs_tell_recall_too():
    one = found(LinkReview(known=Tally(95, 100)))
    assert one.best == pytest.approx(325 / 0.95)
    assert mean(dict(one.weights)) == pytest.approx(325 / 0.95, rel=0.02)


def test_the_weights_are_those_of_drawing_without_putting_back():
    one = found(LinkReview(unlinked=Tally(1, 4), unlinked_on="a"), linked=5, first=15, second=20)
    expected = {}
    for missed in range(1, 8):
        draw = comb(missed, 1) * comb(10 - missed, 3)
        # Before looking: Beta(1/3, 1/3), so the number among ten is beta-binomial.
        before = comb(10, missed) * _rising(1 / 3, missed) * _rising(1 / 3, 10 - missed)
        expected[5.0 + missed] = draw * before
    whole = sum(expected.values())
    for number, weight in expected.items():
        assert one.weights[number] == pytest.approx(weight / whole)


def _rising(start: float, steps: int) -> float:
    product = 1.0
    for step in range(steps):
        product *= start + step
    return product


def test_a_larger_sample_leaves_less_open():
    small = found(LinkReview(Tally(50, 50), Tally(6, 50), unlinked_on="a"))
    large = found(LinkReview(Tally(300, 300), Tally(15, 125), unlinked_on="a"))
    two = [Overlapping(453, 453, 325)]
    spread = [reckon_two(two, overlap=one).total for one in (small, large)]
    widths = [one.high - one.low for one in spread if one.high is not None]
    assert widths[0] > widths[1]


def test_missed_links_make_the_uncorrected_estimate_too_high():
    two = [Overlapping(453, 453, 325)]
    corrected = reckon_two(two, overlap=found(LinkReview(Tally(50, 50), Tally(7, 50), unlinked_on="a"))).total
    assert corrected.estimate < reckon_two(two).total.estimate - 20
    assert corrected.estimate == pytest.approx(600, abs=5)


@pytest.mark.parametrize(
    "review",
    [
        LinkReview(Tally(300, 326)),
        LinkReview(unlinked=Tally(3, 129), unlinked_on="a"),
        LinkReview(unlinked=Tally(3, 50), unlinked_on="c"),
    ],
)
def test_a_review_of_more_than_there_is_is_refused(review: LinkReview):
    with pytest.raises(ValueError, match="looked at"):
        found(review)


def test_links_that_people_made_are_right_and_no_part_of_the_sample():
    one = found(LinkReview(Tally(30, 60), decided=125))
    assert one.best == 125 + 100
    assert mean(dict(one.weights)) == pytest.approx(225, abs=1)
    assert min(one.weights) >= 125 + 30
    assert one.precision == pytest.approx(225 / 325)


def test_of_what_was_looked_at_and_decided_since_the_rates_hold_for_the_rest():
    """Fifty links looked at, 48 confirmed and two undone: the twenty left are as good as those were."""
    one = found(LinkReview(Tally(48, 50), decided=48, undone=2), linked=68, first=100, second=100)
    assert one.best == pytest.approx(48 + 20 * 0.96)
    assert min(one.weights) >= 48 and max(one.weights) <= 68 + 1e-9
    assert mean(dict(one.weights)) == pytest.approx(48 + 20 * (48 + 1 / 3) / (50 + 2 / 3), abs=0.01)


def test_what_is_refused_says_what_it_is_about():
    with pytest.raises(ReviewRefused) as refused:
        found(LinkReview(unlinked=Tally(3, 50), unlinked_on="c"))
    assert (refused.value.pair, refused.value.about) == (PAIR, "unlinked_on")


def test_more_right_than_looked_at_is_no_tally():
    with pytest.raises(ValueError, match="3 of 2"):
        Tally(3, 2)
