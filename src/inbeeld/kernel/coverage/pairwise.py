"""Two lists side by side: the estimate, what the review of their links changes, and what dependence would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from inbeeld.kernel.coverage.answer import Alternative, Assumption, Caution, Estimate, Method, Warned
from inbeeld.kernel.coverage.averaging import Span
from inbeeld.kernel.coverage.review import LinkReview, check_review, overlap
from inbeeld.kernel.coverage.strata import FEWEST_CHILDREN, FEWEST_ON_BOTH, strata_for
from inbeeld.kernel.coverage.table import Table
from inbeeld.kernel.coverage.two_lists import Overlapping, reckon_two

#: Lists fed from one source depend; two lists cannot show how much, so these odds ratios are tried.
ODDS = (1.0, 1.5, 2.0, 3.0, 4.0)
#: A recall as good automatic linking reaches, to show what it does to the estimate where nobody looked.
RECALL_TO_TRY = 0.98


def estimate_of_two(
    table: Table, *, strata: Mapping[str, Table], review: LinkReview | None = None
) -> Estimate:
    """The estimate by two lists. ReviewRefused: the review looked at more than there is.

    Lincoln-Petersen is not among the alternatives: it is Chapman with more bias.
    """
    first, second = table.lists
    both, sizes = table.on(first, second), {name: table.on(name) for name in table.lists}
    if review is not None:
        check_review((first, second), linked=both, sizes=sizes, review=review)
    counts = Estimate(table.lists, table.seen, Method.COUNTS_ONLY)
    if table.apart:
        return replace(counts, warnings=(Warned(Caution.APART),))
    if table.seen < FEWEST_CHILDREN:
        return replace(counts, warnings=(too_few(table.seen),))
    if not both:
        return replace(counts, warnings=(Warned(Caution.NO_CHILD_ON_BOTH),))
    split = strata_for(strata, lists=table.lists)
    whole = (_overlapping(table),)
    parts = tuple(_overlapping(one) for one in split.tables.values()) or whole
    found = None
    if review is not None:
        found = overlap((first, second), linked=both, sizes=sizes, review=review)
    by = reckon_two(parts, overlap=found)
    odds = {ratio: reckon_two(parts, overlap=found, odds_ratio=ratio).total for ratio in ODDS}
    alternatives = []
    if found is not None or parts is not whole:
        alternatives.append(Alternative(Method.CHAPMAN, reckon_two(whole).total))
    return Estimate(
        lists=table.lists,
        seen=table.seen,
        method=Method.CHAPMAN,
        total=by.total,
        unseen=by.unseen,
        share=share_seen(by.total, by.unseen),
        alternatives=tuple(alternatives),
        odds=odds,
        recall=None if found is None else found.recall,
        precision=None if found is None else found.precision,
        strata=tuple(split.tables),
        assumptions=(
            Assumption.ONE_DAY,
            Assumption.ALL_BELONG,
            Assumption.LINKS_RIGHT if found is None else Assumption.LINKS_AS_REVIEWED,
            Assumption.SAME_CHANCE_IN_STRATUM if split.tables else Assumption.SAME_CHANCE,
            Assumption.INDEPENDENT,
        ),
        warnings=(*_warnings(whole[0], table.lists, review, odds), *split.warnings),
    )


def too_few(seen: int) -> Warned:
    """That so few children are counted only."""
    return Warned(Caution.TOO_FEW_CHILDREN, {"seen": seen, "needed": FEWEST_CHILDREN})


def share_seen(total: Span, unseen: Span) -> Span:
    """The share (0 to 1) of all children that is on a list at all."""
    on_a_list = total.estimate - unseen.estimate
    return Span(
        on_a_list / total.estimate,
        0.0 if unseen.high is None else on_a_list / (on_a_list + unseen.high),
        on_a_list / (on_a_list + unseen.low),
    )


def _overlapping(table: Table) -> Overlapping:
    first, second = table.lists
    return Overlapping(table.on(first), table.on(second), table.on(first, second))


def _warnings(
    two: Overlapping, names: tuple[str, ...], review: LinkReview | None, odds: Mapping[float, Span]
) -> list[Warned]:
    found = []
    if two.both < FEWEST_ON_BOTH:
        found.append(Warned(Caution.FEW_ON_BOTH, {"both": two.both, "needed": FEWEST_ON_BOTH}))
    if two.both == min(two.first, two.second):
        inner, outer = names if two.first <= two.second else reversed(names)
        found.append(Warned(Caution.LIST_WITHIN_LIST, {"inner": inner, "outer": outer}))
    facts = {"total_if_twice": odds[2.0].estimate, "total_if_four_times": odds[4.0].estimate}
    found.append(Warned(Caution.DEPENDENCE_UNSEEN, facts))
    if review is None or not review.tells_recall:
        both = min(two.both / RECALL_TO_TRY, two.first, two.second)
        missed = reckon_two([replace(two, both=both)]).total
        kind = Caution.LINKS_NOT_REVIEWED if review is None else Caution.MISSED_LINKS_NOT_REVIEWED
        found.append(Warned(kind, {"total_if_2_percent_missed": missed.estimate}))
    if any(span.high is None for span in odds.values()):
        found.append(Warned(Caution.NO_UPPER_BOUND))
    return found
