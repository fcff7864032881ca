"""What holds of two records after all that people said of them: the same for a page and for the worker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inbeeld.engine.linkage.decisions import UNSURE
from inbeeld.reconciliation.models import Comparison, Said

#: Of a pair of records: name of a list and mark of each. Lists may be put in another order.
Records = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class PairStands:
    """How a pair stands.

    `holds`: same or not_same, else empty. `waits`: what a second is to look at. `differ`: two looked, and
    said otherwise: it is open until somebody says it once more. `last`: the last thing said.
    """

    holds: str
    last: Said
    waits: Said | None = None
    differ: bool = False

    @property
    def is_open(self) -> bool:
        """Has somebody to look at it still?"""
        return not self.holds


def stands(said: Iterable[Said]) -> PairStands:
    """How a pair stands after what was said of it, in the order in which it was; at least one thing."""
    found: PairStands | None = None
    for one in said:
        found = _after(found, one)
    assert found is not None
    return found


def _after(before: PairStands | None, one: Said) -> PairStands:
    first = None if before is None else before.waits
    if first is not None and one.about_id == first.pk:
        agrees = one.decision == first.decision
        return PairStands(_holds(one) if agrees else "", one, differ=not agrees)
    if one.second:
        return PairStands("", one, waits=one)
    return PairStands(_holds(one), one)


def _holds(one: Said) -> str:
    return "" if one.decision == UNSURE else one.decision


def pairs_said(comparison: Comparison) -> dict[Records, PairStands]:
    """Every pair of which something was said, and how it stands."""
    by_pair: dict[Records, list[Said]] = defaultdict(list)
    for one in _said(comparison):
        by_pair[frozenset(((one.left.name, one.left_mark), (one.right.name, one.right_mark)))].append(one)
    return {pair: stands(some) for pair, some in by_pair.items()}


def _said(comparison: Comparison) -> Iterator[Said]:
    rows = Said.objects.filter(comparison=comparison).select_related("left", "right", "said_by__person")
    yield from rows.order_by("said_at", "pk")
