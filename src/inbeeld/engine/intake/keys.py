"""Keys join tables, so they are taken as they stand or not at all; and a BSN is no key."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from inbeeld.engine.intake.entry import Entry, RosterRow
from inbeeld.engine.intake.record import Record, RowRefused
from inbeeld.engine.intake.written import harmless

BSNS_IN_A_FILE = 3
LOOKS_LIKE_A_BSN = "expected a school's own learner number; this one looks like a BSN, which is never needed"
COULD_RUN = "a formula to a spreadsheet: it begins with =, +, - or @"


class KeysAreBsns(Exception):
    """The learner keys of a file are BSNs: the whole file is refused."""


def refuse_unusable_keys(read: Entry | RosterRow, record: Record, *, bsns: AbstractSet[str]) -> None:
    """Raise RowRefused for a key that cannot be written safely as it stands, or that is one of `bsns`.

    A key with an apostrophe in front matches nobody: the absence behind it would drop out unseen.
    """
    learner = _learner_column(record)
    if harmless(read.learner) != read.learner:
        raise RowRefused(learner, f"expected a learner's number or key that is not {COULD_RUN}")
    if harmless(read.school) != read.school:
        raise RowRefused(record.columns.get("school", ""), f"expected a school's key that is not {COULD_RUN}")
    if read.learner in bsns:
        raise RowRefused(learner, LOOKS_LIKE_A_BSN)


def bsns_among(keys: AbstractSet[str]) -> set[str]:
    """The few keys that look like BSNs among numbers of another kind; KeysAreBsns when most do.

    One in eleven numbers passes the eleven-test by chance, so it tells only where more than half do.
    Eight digits may be nine that lost a zero in a spreadsheet: they count for the file, not for one row.
    """
    numbers = {key: key.rpartition(":")[2] for key in keys}
    long = {key: number for key, number in numbers.items() if _digits(number) in (8, 9)}
    if _mostly(long) and sum(map(passes_eleven_test, long.values())) >= BSNS_IN_A_FILE:
        raise KeysAreBsns
    nine = {key: number for key, number in long.items() if _digits(number) == 9}
    if not _mostly(nine):
        return set()
    passing = {key for key, number in nine.items() if passes_eleven_test(number)}
    if len(passing) >= BSNS_IN_A_FILE:
        raise KeysAreBsns
    return passing if len(nine) < len(numbers) else set()


def passes_eleven_test(number: str) -> bool:
    """Whether 8 or 9 digits add up as those of a BSN do."""
    if _digits(number) not in (8, 9):
        return False
    digits = [int(d) for d in number.zfill(9)]
    return (sum(d * w for d, w in zip(digits, range(9, 1, -1), strict=False)) - digits[8]) % 11 == 0


def _mostly(numbers: dict[str, str]) -> bool:
    """Whether more than half pass the eleven-test."""
    return sum(map(passes_eleven_test, numbers.values())) * 2 > len(numbers)


def _digits(number: str) -> int:
    return len(number) if number.isascii() and number.isdigit() else 0


def _learner_column(record: Record) -> str:
    name = next(field.name for field in record.profile.fields if field.personal)
    return record.columns.get(name, name)
