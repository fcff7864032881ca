"""How many children are on which lists: the table all of coverage starts from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

#: The lists a child is on, by name.
History = frozenset[str]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Table:
    """Children by the set of lists they are on. `lists` in the order of the names.

    `apart`: pairs of lists that can share no child. Every history is there but those that hold such a pair.
    """

    lists: tuple[str, ...]
    counts: Mapping[History, int]
    apart: tuple[Pair, ...] = ()

    @property
    def seen(self) -> int:
        """Children on at least one of the lists."""
        return sum(self.counts.values())

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(combinations(self.lists, 2))

    @property
    def meeting(self) -> tuple[Pair, ...]:
        """The pairs of lists that can share a child."""
        return tuple(pair for pair in self.pairs if pair not in self.apart)

    def on(self, *names: str) -> int:
        """Children on all of these lists, whatever else they are on."""
        return sum(count for history, count in self.counts.items() if history.issuperset(names))

    def only(self, *names: str) -> int:
        """Children on these lists and on no other."""
        return self.counts[frozenset(names)]

    def of(self, names: Collection[str]) -> Table:
        """The table of some of the lists: who is on none of them is gone."""
        counts: dict[History, int] = {}
        for history, count in self.counts.items():
            if kept := history.intersection(names):
                counts[kept] = counts.get(kept, 0) + count
        return table_of(counts, lists=names, apart=[pair for pair in self.apart if set(pair) <= set(names)])


def table_of(
    counts: Mapping[History, int], *, lists: Collection[str] = (), apart: Collection[Pair] = ()
) -> Table:
    """The table of these counts. `lists` adds lists on which there is nobody.

    `apart`: pairs of lists that can share no child (structural zeros, not zeros that were counted).
    ValueError: a count below zero or not whole, a child on no list, fewer than two lists; lists apart that
    are not two of the lists, or that share a child.
    """
    names = tuple(sorted({name for history in counts for name in history}.union(lists)))
    if len(names) < 2:
        raise ValueError(f"coverage compares two lists or more, not {len(names)}")
    for history, count in counts.items():
        if not history:
            raise ValueError("who is on no list cannot be counted")
        if not isinstance(count, int) or count < 0:
            raise ValueError(
                f"the count of {', '.join(sorted(history))} is {count}, not a whole number from 0"
            )
    every = (
        frozenset(names[k] for k in range(len(names)) if number >> k & 1)
        for number in range(1, 2 ** len(names))
    )
    found = Table(names, {history: counts.get(history, 0) for history in every})
    return _parted(found, apart) if apart else found


def _parted(table: Table, apart: Collection[Pair]) -> Table:
    """The table without the histories that cannot be. ValueError: see table_of."""
    pairs = tuple(sorted({(min(pair), max(pair)) for pair in apart}))
    for pair in pairs:
        if pair not in table.pairs:
            raise ValueError(f"{' and '.join(pair)} are not two of the lists, so they cannot be apart")
        if both := table.on(*pair):
            raise ValueError(f"{both} on both {pair[0]} and {pair[1]}, which can share no child")
    counts = {
        history: count
        for history, count in table.counts.items()
        if not any(history.issuperset(pair) for pair in pairs)
    }
    return Table(table.lists, counts, pairs)


def sum_of(tables: Collection[Table]) -> Table:
    """All children of several tables in one."""
    counts: dict[History, int] = {}
    for table in tables:
        for history, count in table.counts.items():
            counts[history] = counts.get(history, 0) + count
    return table_of(
        counts,
        lists={name for table in tables for name in table.lists},
        apart={pair for table in tables for pair in table.apart},
    )
