"""The way in: children by the lists they are on, to what that says of how many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from inbeeld.kernel.coverage.answer import Caution, Coverage, Estimate, ListCoverage, Method, Warned
from inbeeld.kernel.coverage.averaging import Span
from inbeeld.kernel.coverage.jointly import estimate_of_many
from inbeeld.kernel.coverage.pairwise import estimate_of_two, too_few
from inbeeld.kernel.coverage.review import LinkReview
from inbeeld.kernel.coverage.strata import FEWEST_CHILDREN
from inbeeld.kernel.coverage.table import History, Pair, Table, sum_of, table_of


def coverage_of(
    counts: Mapping[History, int],
    *,
    lists: Collection[str] = (),
    strata: Mapping[str, Mapping[History, int]] | None = None,
    reviews: Mapping[frozenset[str], LinkReview] | None = None,
    apart: Collection[Pair] = (),
) -> Coverage:
    """How many children there are in all, by lists of one day laid side by side.

    `counts`: children by the set of names of the lists they are on, as linked; what is left out is 0.
    `lists`: names of lists on which there may be nobody. `strata`: the same children divided (by
    municipality, by age). `reviews`: what looking again at the links of two lists gave, by the two names.
    `apart`: pairs of lists that can share no child, such as those of primary and of secondary education: that
    nobody is on both says nothing.

    Out: per list, per pair and jointly. Below 40 children, without overlap, and jointly above six lists:
    counts with the reason. ValueError: counts that are no counts, strata that do not add up to them, lists
    apart that share a child, a review of more links than there are. Sources: with each method.
    """
    table = table_of(counts, lists=lists, apart=apart)
    divided = {name: table_of(part, lists=table.lists, apart=apart) for name, part in (strata or {}).items()}
    if divided and sum_of(tuple(divided.values())) != table:
        raise ValueError("the strata do not add up to the counts")
    reviewed = dict(reviews or {})
    if unknown := [names for names in reviewed if tuple(sorted(names)) not in table.pairs]:
        raise ValueError(f"a review of {', '.join(sorted(unknown[0]))}: not two of the lists")
    pairs = tuple(
        estimate_of_two(table.of(pair), strata=divided, review=reviewed.get(frozenset(pair)))
        for pair in table.pairs
    )
    jointly = pairs[0] if len(pairs) == 1 else _jointly(table, divided, pairs, bool(reviewed))
    return Coverage(
        lists=tuple(
            ListCoverage(name, table.on(name), _share(table.on(name), jointly.total)) for name in table.lists
        ),
        pairs=pairs,
        jointly=jointly,
    )


def _jointly(
    table: Table, strata: Mapping[str, Table], pairs: tuple[Estimate, ...], reviewed: bool
) -> Estimate:
    """Three lists or more; those with nobody on them have nothing to say."""
    filled = tuple(name for name in table.lists if table.on(name))
    if len(filled) < 2:
        reason = too_few(table.seen) if table.seen < FEWEST_CHILDREN else Warned(Caution.NO_CHILD_ON_BOTH)
        return Estimate(table.lists, table.seen, Method.COUNTS_ONLY, warnings=(reason,))
    if len(filled) == 2:
        return next(pair for pair in pairs if pair.lists == filled)
    found = estimate_of_many(table.of(filled), strata=strata)
    if found.total is None:
        return found
    recalls = [pair.recall for pair in pairs if pair.recall is not None]
    if not reviewed:
        links = Warned(Caution.LINKS_NOT_REVIEWED)
    elif recalls and min(recalls) < 1.0:
        links = Warned(Caution.LINKS_NOT_CORRECTED, {"recall": min(recalls)})
    else:
        return found
    return replace(found, warnings=(*found.warnings, links))


def _share(seen: int, total: Span | None) -> Span | None:
    if total is None:
        return None
    low = 0.0 if total.high is None else seen / total.high
    return Span(seen / total.estimate, low, min(seen / total.low, 1.0))
