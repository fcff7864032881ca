"""Invented children on invented lists, with links that go wrong and people who look again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from inbeeld.kernel.coverage.review import LinkReview, Tally
from inbeeld.kernel.coverage.table import History
from inbeeld.kernel.coverage.two_lists import Overlapping

NAMES = "abcdef"


def children(
    rng: Random, *, number: int, chances: Sequence[float], odds_ratio: float = 1.0
) -> Counter[History]:
    """Children by the lists they are on; the odds of being on b are so many times as high for who is on a."""
    found: Counter[History] = Counter()
    for _ in range(number):
        on: set[str] = set()
        for name, chance in zip(NAMES, chances, strict=False):
            if name == "b" and "a" in on:
                odds = odds_ratio * chance / (1 - chance)
                chance = odds / (1 + odds)
            if rng.random() < chance:
                on.add(name)
        if on:
            found[frozenset(on)] += 1
    return found


def linked_and_reviewed(
    rng: Random, *, number: int, chance: float, recall: float, wrong: float = 0.0, sample: int = 50
) -> tuple[Overlapping, LinkReview]:
    """Two lists linked with misses and `wrong` links for each right one, then reviewed.

    Of the links `sample` are looked at, and as many of the unlinked children of list a.
    """
    found = children(rng, number=number, chances=(chance, chance))
    both, only_a, only_b = (found[frozenset(names)] for names in ("ab", "a", "b"))
    right = sum(rng.random() < recall for _ in range(both))
    false = min(sum(rng.random() < wrong for _ in range(right)), only_a, only_b)
    links, pool = right + false, both + only_a - right - false
    looked_at, unlinked = min(sample, links), min(sample, pool)
    links_right = sum(which < right for which in rng.sample(range(links), looked_at))
    missed = sum(which < both - right for which in rng.sample(range(pool), unlinked))
    review = LinkReview(Tally(links_right, looked_at), Tally(missed, unlinked), unlinked_on="a")
    return Overlapping(both + only_a, both + only_b, links), review
