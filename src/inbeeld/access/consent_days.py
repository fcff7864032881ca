"""From when until when a consent holds, from who signed, the birth date and who has custody. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from inbeeld.kernel.calendar import birthday
from inbeeld.kernel.consent import BIRTHDAYS, Signature, is_signed

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Custody:
    """A guardian and the days on which they have custody; `until_on` is the last, None: it goes on."""

    by: str
    from_on: date
    until_on: date | None

    def holds(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


def stretches(
    signatures: Sequence[Signature], *, born_on: date | None, custody: Sequence[Custody], until_on: date
) -> list[tuple[date, date]]:
    """The days on which a consent is signed by all who must: of each stretch the first, and the day after."""
    if born_on is None or not signatures:
        return []
    days = {one.on for one in signatures} | {birthday(born_on, age) for age in BIRTHDAYS}
    days |= {one.from_on for one in custody} | {one.until_on + DAY for one in custody if one.until_on}
    over = until_on + DAY
    found: list[tuple[date, date]] = []
    for first, after in pairwise(sorted({one for one in days if one < over} | {over})):
        guardians = frozenset(one.by for one in custody if one.holds(first))
        if not is_signed(signatures, born_on=born_on, on=first, guardians=guardians):
            continue
        if found and found[-1][1] == first:
            first = found.pop()[0]
        found.append((first, after))
    return found


def holding(found: Iterable[tuple[date, date]], *, today: date) -> tuple[date | None, date | None]:
    """Of these stretches: the one today is in, else the next, else the last that was; else nothing."""
    last: tuple[date | None, date | None] = (None, None)
    for first, after in found:
        last = (first, after)
        if today < after:
            break
    return last
