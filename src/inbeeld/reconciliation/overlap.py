"""The picture of who is on which list: a bar for each set of lists, with a dot for each list that has them.

Bars, as circles cannot show six lists; and each bar is a row of a table, so that it is read aloud too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: The longest bar, in the units of the picture.
LONGEST = 100


@dataclass(frozen=True)
class Bar:
    """So many children stand on these lists and no other. `on`: for each list whether it has them."""

    titles: tuple[str, ...]
    on: tuple[bool, ...]
    number: int
    length: float


def bars_of(by_lists: Sequence[tuple[Sequence[str], int]], titles: Mapping[str, str]) -> list[Bar]:
    """The bars, children on most lists first, then the longest. `titles`: of the lists in order."""
    most = max((number for _, number in by_lists), default=0)
    bars = [
        Bar(
            titles=tuple(title for name, title in titles.items() if name in names),
            on=tuple(name in names for name in titles),
            number=number,
            length=round(LONGEST * number / most, 1) if most else 0.0,
        )
        for names, number in by_lists
    ]
    return sorted(bars, key=lambda one: (-sum(one.on), -one.number, one.titles))
