"""Parts of the children reckoned apart, because the lists may reach one part better than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inbeeld.kernel.coverage.answer import Caution, Warned
from inbeeld.kernel.coverage.table import Table, sum_of

#: Below this there are only counts: an interval would be wider than anybody can use.
FEWEST_CHILDREN = 40
#: With fewer on both lists the estimate is biased and hangs on single children (Robson and Regier 1964,
#: Transactions of the American Fisheries Society 93: 215-226).
FEWEST_ON_BOTH = 7


@dataclass(frozen=True)
class Strata:
    """The strata to reckon with, by what they are called; none: the whole at once. And what to say of it."""

    tables: Mapping[str, Table]
    warnings: tuple[Warned, ...] = ()


def strata_for(tables: Mapping[str, Table], *, lists: tuple[str, ...]) -> Strata:
    """Strata of these lists large enough to stand by themselves; the small ones are taken together.

    What is still too small then joins the smallest that is large enough. With one or none left: no strata.
    """
    parts = {name: part for name in sorted(tables) if (part := tables[name].of(lists)).seen}
    if not parts:
        return Strata({})
    large = {name: part for name, part in parts.items() if _large_enough(part)}
    small = [name for name in parts if name not in large]
    if small and large and not _large_enough(sum_of([parts[name] for name in small])):
        least = min(large, key=lambda name: (large[name].seen, name))
        small.append(least)
        del large[least]
    if len(large) + bool(small) < 2 or (small and not large):
        return Strata({}, (Warned(Caution.STRATA_NOT_USED),) if len(parts) > 1 else ())
    if not small:
        return Strata(large)
    pooled = " + ".join(sorted(small))
    whole = {**large, pooled: sum_of([parts[name] for name in small])}
    return Strata(whole, (Warned(Caution.STRATA_POOLED, {"strata": pooled}),))


def _large_enough(table: Table) -> bool:
    return table.seen >= FEWEST_CHILDREN and all(table.on(*pair) >= FEWEST_ON_BOTH for pair in table.meeting)
