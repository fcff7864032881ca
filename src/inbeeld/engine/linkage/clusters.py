"""From links to children: records that hang together are one child, unless that cannot be.

Two records of one list, or two that a person held apart, are never taken together: a link too many shows
one child's trouble in another's place, a link too few shows a child twice. So where a chain of links would do
it, no automatic link of the chain joins; and where people's own decisions would, none of those does. All stay
in sight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from inbeeld.engine.linkage.decisions import Pair

Record = tuple[int, int]


@dataclass(frozen=True)
class Children:
    """`child_of`: each linked record → the first record of its child. And the links that could not join.

    `by_people`: pairs that are one child by what people decided alone.
    """

    child_of: dict[Record, Record]
    contested: tuple[Pair, ...]
    contradicted: tuple[Pair, ...]
    by_people: tuple[Pair, ...] = ()


def children(sure: Iterable[Pair], *, same: Iterable[Pair], not_same: Iterable[Pair]) -> Children:
    """Join records by what people decided (`same`), then by sure links where nothing speaks against it."""
    decided = sorted(same)
    apart: dict[Record, set[Record]] = {}
    for left, right in not_same:
        apart.setdefault(left, set()).add(right)
        apart.setdefault(right, set()).add(left)
    agreed, contradicted = _without_conflicts(decided, [], apart)
    automatic = sorted(set(sure) - set(decided))
    joined, contested = _without_conflicts(automatic, agreed, apart)
    child_of = {record: group[0] for group in _groups([*agreed, *joined]) for record in group}
    by_people = tuple(pair for group in _groups(agreed) for pair in combinations(group, 2))
    return Children(child_of, contested, contradicted, by_people)


def _without_conflicts(
    links: list[Pair], before: list[Pair], apart: dict[Record, set[Record]]
) -> tuple[list[Pair], tuple[Pair, ...]]:
    """The links of groups that can be one child, and those of groups that cannot."""
    impossible: set[Record] = set()
    for group in _groups([*before, *links]):
        if _cannot_be_one(group, apart):
            impossible.update(group)
    kept = [pair for pair in links if pair[0] not in impossible]
    return kept, tuple(pair for pair in links if pair[0] in impossible)


def _cannot_be_one(group: list[Record], apart: dict[Record, set[Record]]) -> bool:
    if len({number for number, _ in group}) < len(group):
        return True
    return any(not apart[record].isdisjoint(group) for record in group if record in apart)


def _groups(links: Iterable[Pair]) -> list[list[Record]]:
    """Records that hang together, each group in order."""
    above: dict[Record, Record] = {}

    def top(record: Record) -> Record:
        above.setdefault(record, record)
        while above[record] != record:
            above[record] = above[above[record]]
            record = above[record]
        return record

    for left, right in links:
        one, other = sorted((top(left), top(right)))
        above[other] = one
    groups: dict[Record, list[Record]] = {}
    for record in sorted(above):
        groups.setdefault(top(record), []).append(record)
    return list(groups.values())
