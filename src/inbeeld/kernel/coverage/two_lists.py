"""Two lists: children on neither, if being on one says nothing about being on the other.

Estimate: Chapman (1951), University of California Publications in Statistics 1: 131-160. Interval: profile
likelihood. In simulations of 60 to 2,000 children it holds the truth about as often as the transformed logit
interval of Sadinle (2009) and is shorter, most where the lists are nearly complete; the normal one holds it
less often.
With strata the unseen are estimated in each and added; with a review of the links the children on both lists
are as many as the review leaves possible, each number with its weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import lgamma, log

from inbeeld.kernel.coverage.averaging import Part, Span, added, bounds, part_by_likelihood, part_by_span
from inbeeld.kernel.coverage.review import Overlap


@dataclass(frozen=True)
class Overlapping:
    """Two lists in one stratum: their sizes, and the children on both (not whole where that is a guess)."""

    first: int
    second: int
    both: float

    @property
    def seen(self) -> float:
        """Children on at least one of the two."""
        return self.first + self.second - self.both


@dataclass(frozen=True)
class Reckoned:
    """All children, those on neither list, and those on one at least (as the review has it)."""

    total: Span
    unseen: Span
    seen: float


def reckon_two(
    strata: Sequence[Overlapping], *, overlap: Overlap | None = None, odds_ratio: float = 1.0
) -> Reckoned:
    """All children by two lists, the strata added up.

    `overlap`: how many are really on both in all, where that was looked at. `odds_ratio`: of being on the one
    list for who is on the other; 1 is independence, more means the estimate of independence is too low.
    """
    linked = sum(one.both for one in strata)
    best, weights = (linked, {linked: 1.0}) if overlap is None else (overlap.best, overlap.weights)
    cases = [(_with(strata, both), weight) for both, weight in weights.items()]
    parts = [_times(odds_ratio, _part(case, weight)) for case, weight in cases]
    sizes = [sum(one.seen for one in case) for case, _ in cases]
    base = min(sizes)
    guess = _with(strata, best)
    seen = sum(one.seen for one in guess)
    unseen = odds_ratio * sum(chapman(one) for one in guess)
    room = round(base)
    low, high = bounds([_from(size - base, part) for size, part in zip(sizes, parts, strict=True)], seen=room)
    total = _around(seen + unseen, base + low, None if high is None else base + high)
    return Reckoned(total, _around(unseen, *bounds(parts, seen=room)), seen)


def _around(estimate: float, low: float, high: float | None) -> Span:
    """After a look at hardly any links the best guess may be unlikely: the bounds take it in."""
    return Span(estimate, min(low, estimate), None if high is None else max(high, estimate))


def chapman(two: Overlapping) -> float:
    """Children on neither list: the estimate of Chapman, less the children on one of the two."""
    return (two.first - two.both) * (two.second - two.both) / (two.both + 1)


def _part(strata: Sequence[Overlapping], weight: float) -> Part:
    if len(strata) == 1:
        return _by_profile(strata[0], weight=weight)
    spans = [Span(chapman(one), *bounds([_by_profile(one)], seen=round(one.seen))) for one in strata]
    return part_by_span(added(spans), weight=weight)


def _by_profile(two: Overlapping, *, weight: float = 1.0) -> Part:
    """Multinomial, the chances of both lists at their best for each number of unseen."""

    def likelihood(unseen: float) -> float:
        whole = two.seen + unseen
        return (
            lgamma(whole + 1) - lgamma(unseen + 1)
            + _times_log(whole - two.first) + _times_log(whole - two.second) - 2 * _times_log(whole)
        )  # fmt: skip

    near = (two.first - two.both) * (two.second - two.both) / max(two.both, 0.5)
    return part_by_likelihood(likelihood, near=near, weight=weight)


def _times_log(number: float) -> float:
    return number * log(number) if number > 0 else 0.0


def _times(ratio: float, part: Part) -> Part:
    """The same part where all numbers are so many times as large."""
    return Part(part.weight, lambda unseen: part.steps(unseen / ratio), ratio * part.middle)


def _from(more: float, part: Part) -> Part:
    """The same part, counted from so many children lower."""

    def steps(number: float) -> float:
        return part.steps(max(number - more, 0.0)) if number > more - 0.5 else float("-inf")

    return Part(part.weight, steps, part.middle + more)


def _with(strata: Sequence[Overlapping], both: float) -> list[Overlapping]:
    """The strata with so many on both in all, each stratum its part of them."""
    linked = sum(one.both for one in strata)
    scale = both / linked if linked else 1.0
    return [replace(one, both=min(one.both * scale, one.first, one.second)) for one in strata]
