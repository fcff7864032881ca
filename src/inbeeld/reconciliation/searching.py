"""Looking for somebody on a list oneself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inbeeld.reconciliation.lying import Lying
from inbeeld.reconciliation.seen import SOUGHT, RowSeen

MOST_FOUND = 25
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def found_on(lying: Lying, list_: str, words: str) -> tuple[list[RowSeen], bool]:
    """The rows of a list in which every word begins a name, a birth date or a postcode; are there more?

    Of what the reader may not read, as an address, nothing is looked through.
    """
    wanted = _DAY.sub(lambda day: f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}", words).casefold().split()
    if not wanted:
        return [], False
    readable = [name for name in SOUGHT if name in lying.readable]
    found: list[RowSeen] = []
    for row in lying.whole(list_).values():
        if _has(row, wanted, readable):
            if len(found) == MOST_FOUND:
                return found, True
            found.append(lying.seen(list_, row))
    return found, False


def _has(row: Mapping[str, str], wanted: list[str], readable: list[str]) -> bool:
    parts = " ".join(row.get(name, "") for name in readable).casefold().split()
    return all(any(part.startswith(word) for part in parts) for word in wanted)
