"""The sample of a round that people look at again without knowing what was made of it, one thing at a time.

Links stand among pairs that are none, in an order that tells nothing; children without a link are looked for
on the whole other list. Only so is known how many links are wrong, and how many were missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from inbeeld.keys.keyring import record_mark
from inbeeld.reconciliation.lying import KEY_DIGITS, Lying
from inbeeld.reconciliation.models import Looked, Party
from inbeeld.reconciliation.seen import PairSeen, RowSeen


@dataclass(frozen=True)
class ToLook:
    """Two records (`pair`), or a record (`row`) to look for on the list of a party.

    `is_link`: of the sample; else a pair somebody is to decide about anyway.
    """

    key: str
    pair: PairSeen | None = None
    is_link: bool = False
    row: RowSeen | None = None
    party: Party | None = None


class Sampled:
    """What is to be looked at in a round, for one actor who sees both lists of it."""

    def __init__(self, lying: Lying) -> None:
        self.lying = lying

    @cached_property
    def _looked(self) -> set[tuple[str, str, str]]:
        """(mark, mark or empty, name of the right list) of what somebody looked at."""
        rows = Looked.objects.filter(round=self.lying.round).select_related("right")
        return {(one.left_mark, one.right_mark, one.right.name) for one in rows}

    @cached_property
    def all(self) -> tuple[int, int]:
        """How many were looked at, of how many; the pairs among which links stand do not count."""
        whole = list(self._sample())
        return sum(one.key in self._done for one in whole), len(whole)

    @cached_property
    def _done(self) -> set[str]:
        found = set()
        for left, right, party in self._looked:
            found.add(_key_of(left, right) if right else _key_of(left, party))
        return found

    @cached_property
    def to_do(self) -> list[ToLook]:
        """What nobody looked at yet, links among other pairs, by lot."""
        links = [one for one in self._sample() if one.key not in self._done]
        others = [
            ToLook(one.key, pair=one)
            for one in (self.lying.open_pairs if links else ())
            if one.stands is None or one.stands.waits is None
        ]
        return sorted([*links, *others], key=lambda one: record_mark("sample", one.key))

    def one(self, key: str) -> ToLook | None:
        """What an address names, as long as it is to be looked at."""
        return next((one for one in self.to_do if one.key == key), None)

    def _sample(self) -> Iterator[ToLook]:
        for left_list, left_id, right_list, right_id in self.lying.outcome.get("sample", ()):
            if not {left_list, right_list} <= self.lying.seen_lists:
                continue
            if right_id:
                pair = self.lying.pair_of((left_list, left_id), (right_list, right_id))
                if pair is not None:
                    yield ToLook(pair.key, pair=pair, is_link=True)
            elif (row := self.lying.row_of((left_list, left_id))) is not None:
                yield ToLook(_key_of(row.mark, right_list), row=row, party=self.lying.parties[right_list])


def _key_of(mark: str, other: str) -> str:
    """As an address names it: of a record or two the marks, and of a list its name."""
    return f"{mark[:KEY_DIGITS]}-{other[:KEY_DIGITS]}"
