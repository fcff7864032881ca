"""What people who looked again say about the links: how many children are really on both lists.

A link is a statement of a computer. Two mistakes matter: a wrong link makes two children one, a missed link
makes one child two. What a review can tell of them, and what it cannot:

* Precision shows in *links*: a sample of the automatic links, judged without seeing the score.
* Recall does not show there: a missed link is not among the links. It shows in *unlinked*: a sample of the
  children of one list that got no link, each looked for by hand in the whole other list. Or in *known*: pairs
  known to be one child by other means (a shared number) and linked as if that were not known.
* Neither shows a child that the reviewer, too, cannot recognise; who looks must find what is there. Known
  pairs must be as hard to link as the rest: they seldom are, so the unlinked sample goes first.

Source of the correction: Ding and Fienberg (1994), Survey Methodology 20: 149-158. Here the two rates are not
put in as if they were known: each number of children on both lists has the weight that the sample leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, lgamma

from inbeeld.kernel.coverage.table import Pair

#: Weight too small to move a bound.
NEGLIGIBLE = 1e-9
#: Numbers of children on both that an interval is averaged over, at most.
FEW = 60
#: What a rate is taken to be before anybody looked: a third of a child on either side, so that it is as
#: likely above as below what the sample shows (Kerman 2011, Electronic Journal of Statistics 5: 1450-1470). A
#: half (Jeffreys) is wider without need; a tenth holds the truth too seldom once links are really wrong.
PRIOR = 1 / 3


@dataclass(frozen=True)
class Tally:
    """So many `right` among so many `looked_at`."""

    right: int
    looked_at: int

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.looked_at:
            raise ValueError(f"{self.right} of {self.looked_at} is no share")

    def share(self, *, when_none: float) -> float:
        return self.right / self.looked_at if self.looked_at else when_none


NONE = Tally(0, 0)


@dataclass(frozen=True)
class LinkReview:
    """A review of the links between two lists (see the head of this file).

    `links`: right ones among the links looked at. `unlinked_on`: the list whose unlinked children were
    sampled; `unlinked`: how many of them turned out to be on the other list after all. `known`: linked ones
    among pairs known to be one child. `decided`: links that people made one by one: right, and no part of
    what was sampled. `undone`: pairs that people held apart one by one.
    """

    links: Tally = NONE
    unlinked: Tally = NONE
    unlinked_on: str = ""
    known: Tally = NONE
    decided: int = 0
    undone: int = 0

    @property
    def tells_recall(self) -> bool:
        """Could it have shown a missed link?"""
        return bool(self.unlinked.looked_at or self.known.looked_at)


class ReviewRefused(ValueError):
    """A review that cannot be of these links; `about`: links, unlinked or unlinked_on, as in LinkReview."""

    def __init__(self, message: str, *, pair: Pair, about: str) -> None:
        super().__init__(message)
        self.pair = pair
        self.about = about


@dataclass(frozen=True)
class Overlap:
    """How many children are on both lists: best guess and weights, and the rates (0 to 1) of the links."""

    best: float
    weights: Mapping[float, float]
    recall: float
    precision: float


def check_review(pair: Pair, *, linked: int, sizes: Mapping[str, int], review: LinkReview) -> None:
    """ReviewRefused: the review looked at more than there is, or names another list.

    `linked`: children linked, by people too; `sizes`: children on each list.
    """
    if review.links.looked_at > linked + review.undone:
        raise ReviewRefused(
            f"{review.links.looked_at} links were looked at and there are {linked}", pair=pair, about="links"
        )
    if not review.unlinked.looked_at:
        return
    if review.unlinked_on not in pair:
        raise ReviewRefused(
            f"unlinked children were looked at on {review.unlinked_on!r}, not one of {pair}",
            pair=pair,
            about="unlinked_on",
        )
    pool = sizes[review.unlinked_on] - linked
    if review.unlinked.looked_at > pool + review.decided:
        raise ReviewRefused(
            f"{review.unlinked.looked_at} unlinked were looked at and there are {pool}",
            pair=pair,
            about="unlinked",
        )


def overlap(pair: Pair, *, linked: int, sizes: Mapping[str, int], review: LinkReview) -> Overlap:
    """The number of children on both lists of a pair, given its review.

    `linked`: children linked, by people too; `sizes`: children on each list. ReviewRefused: see check_review.
    """
    check_review(pair, linked=linked, sizes=sizes, review=review)
    most = min(sizes[name] for name in pair)
    automatic = linked - review.decided
    among = _among(review.links, automatic) if review.links.looked_at else {automatic: 1.0}
    right = {review.decided + number: weight for number, weight in among.items()}
    correct = review.decided + automatic * review.links.share(when_none=1.0)
    if review.unlinked.looked_at:
        pool = sizes[review.unlinked_on] - linked
        missed = _among(review.unlinked, pool)
        best = correct + pool * review.unlinked.share(when_none=0.0)
        weights = _sums(right, missed, most=most)
    elif review.known.looked_at:
        best = min(correct / max(review.known.share(when_none=1.0), 1 / review.known.looked_at), most)
        weights = _mixture(right, lambda number: _behind(review.known, number, most=most))
    else:
        best, weights = correct, right
    return Overlap(
        best=min(best, most),
        weights=_gathered(weights),
        recall=correct / best if best else 1.0,
        precision=correct / linked if linked else 1.0,
    )


def _among(sample: Tally, whole: int) -> dict[int, float]:
    """Weights of the number of right ones among `whole`, of which a sample was drawn without putting back.

    Where less is left than was looked at, people decided since about what was: then all that is left is of
    the rest, of which nobody looked at any.
    """
    wrong = sample.looked_at - sample.right
    still = sample.looked_at <= whole
    rest = whole - sample.looked_at if still else whole
    scores = {
        (sample.right if still else 0) + more: _ways(rest, more)
        + lgamma(sample.right + more + PRIOR)
        + lgamma(wrong + rest - more + PRIOR)
        for more in range(rest + 1)
    }
    return _weigh(scores)


def _behind(known: Tally, linked: int, *, most: int) -> dict[int, float]:
    """Weights of the number of pairs of which `linked` were found, at the rate at which known pairs are."""
    missed = known.looked_at - known.right
    scores = {
        number: _ways(number, linked)
        + lgamma(known.right + linked + PRIOR)
        + lgamma(missed + number - linked + PRIOR)
        - lgamma(known.looked_at + number + 2 * PRIOR)
        for number in range(linked, most + 1)
    }
    return _weigh(scores)


def _ways(whole: int, part: int) -> float:
    return lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)


def _weigh(scores: Mapping[int, float]) -> dict[int, float]:
    highest = max(scores.values())
    raw = {number: exp(score - highest) for number, score in scores.items()}
    whole = sum(raw.values())
    return {number: weight / whole for number, weight in raw.items() if weight > NEGLIGIBLE * whole}


def _mixture(of: Mapping[int, float], each: Callable[[int], Mapping[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for number, weight in of.items():
        for other, share in each(number).items():
            found[other] = found.get(other, 0.0) + weight * share
    return {number: weight for number, weight in found.items() if weight > NEGLIGIBLE}


def _gathered(weights: Mapping[int, float]) -> dict[float, float]:
    """The same weights on so few numbers that an interval is quick: neighbours at their centre."""
    numbers = sorted(weights)
    width = -(-len(numbers) // FEW)
    found: dict[float, float] = {}
    for start in range(0, len(numbers), width):
        near = numbers[start : start + width]
        weight = sum(weights[number] for number in near)
        found[sum(number * weights[number] for number in near) / weight] = weight
    return found


def _sums(one: Mapping[int, float], other: Mapping[int, float], *, most: int) -> dict[int, float]:
    """Weights of the sum of two numbers, not above what the smaller list can hold."""
    return _mixture(one, lambda number: {min(number + more, most): weight for more, weight in other.items()})
