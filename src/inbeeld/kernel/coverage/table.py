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
    """Children by the set of lists they are on. `lists` in the order of the names; every history is there."""

    lists: tuple[str, ...]
    counts: Mapping[History, int]

    @property
    def seen(self) -> int:
        """Children on at least one of the lists."""
        return sum(self.counts.values())

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(combinations(self.lists, 2))

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
        return table_of(counts, lists=names)


def table_of(counts: Mapping[History, int], *, lists: Collection[str] = ()) -> Table:
    """The table of these counts. `lists` adds lists on which there is nobody.

    ValueError: a count below zero or not whole, a child on no list, fewer than two lists.
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
    return Table(names, {history: counts.get(history, 0) for history in every})


def sum_of(tables: Collection[Table]) -> Table:
    """All children of several tables in one."""
    counts: dict[History, int] = {}
    for table in tables:
        for history, count in table.counts.items():
            counts[history] = counts.get(history, 0) + count
    return table_of(counts, lists={name for table in tables for name in table.lists})
