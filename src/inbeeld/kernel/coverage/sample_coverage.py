"""Three lists without a model: how much the lists overlap says how much they miss.

The one-step estimator for lists that overlap little; where lists help each other on it tends to be a lower
bound. Source: Chao and Tsay (1998), Journal of the American Statistical Association 93: 283-293; Chao, Tsay,
Lin, Shau and Chao (2001), Statistics in Medicine 20: 3123-3157, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from inbeeld.kernel.coverage.averaging import NORMAL, TAIL
from inbeeld.kernel.coverage.table import History, Table

LISTS = 3


@dataclass(frozen=True)
class BySampleCoverage:
    """`coverage`: share (0 to 1) that overlaps; `unseen` and its bounds: children on none of the lists."""

    coverage: float
    unseen: float
    low: float
    high: float


def by_sample_coverage(table: Table) -> BySampleCoverage | None:
    """The one-step estimate for three lists; None where they do not overlap, or it says less than was seen.

    None also where two of them can share no child: how little those overlap says nothing.

    The error is by the delta method (the paper draws a bootstrap), the interval log-normal for the unseen.
    """
    if len(table.lists) != LISTS:
        raise ValueError(f"sample coverage is for three lists, not {len(table.lists)}")
    if table.apart or min(table.on(name) - table.only(name) for name in table.lists) == 0:
        return None
    unseen = _total(table, table.counts) - table.seen
    if unseen <= 0:
        return None
    spread = sqrt(log(1 + _variance(table, table.seen + unseen) / unseen**2))
    factor = exp(NORMAL.inv_cdf(1 - TAIL) * spread)
    return BySampleCoverage(_coverage(table, table.counts), unseen, unseen / factor, unseen * factor)


Counts = Mapping[History, float]


def _on(counts: Counts, *names: str) -> float:
    return sum(count for history, count in counts.items() if history.issuperset(names))


def _coverage(table: Table, counts: Counts) -> float:
    return 1 - sum(counts[frozenset({name})] / _on(counts, name) for name in table.lists) / LISTS


def _total(table: Table, counts: Counts) -> float:
    coverage = _coverage(table, counts)
    seen = sum(counts.values())
    overlapping = sum(seen - counts[frozenset({name})] for name in table.lists) / LISTS
    plain = overlapping / coverage

    def with_dependence(total: float) -> float:
        more = 0.0
        for one, other in table.pairs:
            dependence = total * _on(counts, one, other) / (_on(counts, one) * _on(counts, other)) - 1
            weight = (
                counts[frozenset({one})] + counts[frozenset({other})] + 2 * counts[frozenset({one, other})]
            )
            more += weight * dependence
        return plain + more / (LISTS * coverage)

    return with_dependence(with_dependence(plain))


def _variance(table: Table, total: float) -> float:
    """Of the estimate of all children, the counts a multinomial sample of that many (delta method)."""
    counts = {history: float(count) for history, count in table.counts.items()}
    first = second = 0.0
    for history, count in counts.items():
        step = 1e-3
        up, down = ({**counts, history: count + side} for side in (step, -step))
        slope = (_total(table, up) - _total(table, down)) / (2 * step)
        first += count * slope**2
        second += count * slope
    return max(first - second**2 / total, 0.0)
