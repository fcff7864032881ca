"""One interval from several that each weigh something: the bounds where the tails weigh 2.5 % together.

Each part says how many standard normal steps a number of unseen children lies from its own best estimate.
With one part this is the ordinary interval of that part: profile likelihood, or normal on the scale of the
logarithm. With more it is the average of their tails, not of their bounds, so a part counts for its weight.
Source: Turek and Fletcher (2012), Computational Statistics and Data Analysis 56: 2809-2815.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist

NORMAL = NormalDist()
#: 95 %: of a hundred such intervals some ninety-five hold the truth, as far as the assumptions do.
TAIL = 0.025
#: Children are whole: a number is taken to lie within a half on both sides (Sadinle 2009).
HALF = 0.5
#: Above this many for each child that was seen there is no upper bound to speak of.
BEYOND = 1e5

#: Number of unseen children, to standard normal steps from the best estimate; rising.
Steps = Callable[[float], float]


@dataclass(frozen=True)
class Part:
    """One way to see it: its weight, its steps, and a number of unseen children near its middle."""

    weight: float
    steps: Steps
    middle: float


@dataclass(frozen=True)
class Span:
    """An estimate with its 95 % interval; `high` None: nothing bounds it."""

    estimate: float
    low: float
    high: float | None


def part_by_likelihood(likelihood: Steps, *, near: float, weight: float = 1.0) -> Part:
    """The part that a (profile) log likelihood of the number unseen makes; `near`: about where it is highest.

    Steps are the root of twice what the likelihood falls short of its summit (Cormack 1992, Biometrics 48:
    567-576).
    """
    middle, top = _summit(likelihood, near=near)

    def steps(unseen: float) -> float:
        fallen = sqrt(2 * max(top - likelihood(unseen), 0.0))
        return fallen if unseen > middle else -fallen

    return Part(weight, steps, middle)


def part_by_span(span: Span, *, weight: float = 1.0) -> Part:
    """The part whose interval is this one: normal on the logarithm, with a spread to each side of its own."""
    at, edge = log(span.estimate + HALF), NORMAL.inv_cdf(1 - TAIL)
    below = max(at - log(span.low + HALF), 1e-9) / edge
    above = float("inf") if span.high is None else max(log(span.high + HALF) - at, 1e-9) / edge

    def steps(unseen: float) -> float:
        away = log(unseen + HALF) - at
        return away / (below if away < 0 else above)

    return Part(weight, steps, span.estimate)


def added(spans: Sequence[Span]) -> Span:
    """The sum of independent numbers; its distance to each bound is the root of the sum of their squares.

    Source: Donner and Zou (2012), Statistical Methods in Medical Research 21: 347-359.
    """
    middle = sum(span.estimate for span in spans)
    low = middle - sqrt(sum((span.estimate - span.low) ** 2 for span in spans))
    highs = [span.high - span.estimate for span in spans if span.high is not None]
    high = middle + sqrt(sum(high**2 for high in highs)) if len(highs) == len(spans) else None
    return Span(middle, max(low, 0.0), high)


def bounds(parts: Sequence[Part], *, seen: int) -> tuple[float, float | None]:
    """The lowest and the highest number of unseen children; the highest None where nothing bounds it.

    Weights add up to whatever they add up to. In and out: children, zero or more.
    """
    whole = sum(part.weight for part in parts)

    def score(at: float) -> float:
        unseen = exp(at) - HALF
        below = sum(part.weight * NORMAL.cdf(part.steps(unseen)) for part in parts) / whole
        return NORMAL.inv_cdf(min(max(below, 1e-15), 1 - 1e-15))

    edge = NORMAL.inv_cdf(1 - TAIL)
    floor = log(HALF)
    middle = log(sum(part.weight * max(part.middle, 0.0) for part in parts) / whole + HALF)
    low = floor if score(floor) >= -edge else _crossing(score, -edge, floor, _beyond(score, -edge, middle))
    high: float | None = None
    if score(top := log(BEYOND * (seen + 1))) > edge:
        high = _crossing(score, edge, low, min(_beyond(score, edge, max(middle, low + HALF)), top))
    return max(exp(low) - HALF, 0.0), None if high is None else max(exp(high) - HALF, 0.0)


def _beyond(score: Steps, want: float, start: float) -> float:
    at, step = start, HALF
    while score(at) < want and step < 64:
        at, step = at + step, 2 * step
    return at


def _crossing(score: Steps, want: float, low: float, high: float) -> float:
    """Where a rising score is what is wanted: the secant, kept between its brackets (Illinois)."""
    below, above = score(low) - want, score(high) - want
    if below >= 0:
        return low
    side = 0
    for _ in range(100):
        at = (low * above - high * below) / (above - below)
        found = score(at) - want
        if abs(found) < 1e-7 or high - low < 1e-10:
            break
        if found < 0:
            low, below, above = at, found, above / 2 if side < 0 else above
            side = -1
        else:
            high, above, below = at, found, below / 2 if side > 0 else below
            side = 1
    return at


def _summit(likelihood: Steps, *, near: float) -> tuple[float, float]:
    """Where the likelihood is highest, and how high: parabolas through three points of the logarithm."""
    at, best = log(near + HALF), (near, likelihood(near))
    for width in (0.1, 0.02, 0.02):
        left, right = (max(exp(at + side) - HALF, 0.0) for side in (-width, width))
        low, high = likelihood(left), likelihood(right)
        bend = low - 2 * best[1] + high
        if not bend < 0:
            break
        reached = max(exp(at + width * (low - high) / (2 * bend)) - HALF, 0.0)
        if (found := likelihood(reached)) > best[1]:
            best, at = (reached, found), log(reached + HALF)
    return best
