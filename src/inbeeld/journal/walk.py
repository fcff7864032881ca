"""From line to line along the chain, beside the heads somebody holds, until something does not follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from inbeeld.journal.chain import FIELDS, Row
from inbeeld.journal.heads import HeadOfDay, day_of
from inbeeld.journal.models import DayHead, Head
from inbeeld.journal.stored import BEFORE_ALL, Unreadable, rows_after
from inbeeld.journal.suspicion import Finding, of_a_gap, of_a_wrong_digest

TOLD_EVERY = 200_000
AT, BEHIND = FIELDS.index("at"), FIELDS.index("behind")
#: Servers whose clocks differ less than this write one journal without remark.
REMARKABLE_MICROSECONDS = 1_000_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Held:
    """A head that somebody holds: the chain had this digest at this line. `on`: at the end of this day."""

    holder: str
    sequence: int
    digest: bytes
    on: date | None
    partners: bool


@dataclass
class Walk:
    """How far we are, and what was seen on the way."""

    sequence: int
    digest: bytes
    held: list[Held]
    own_days: dict[date, int]
    end: Head | None
    at: datetime | None = None
    closed_on: date | None = None
    agreed: list[Held] = field(default_factory=list)
    differing: list[Held] = field(default_factory=list)
    misdated: list[Held] = field(default_factory=list)
    set_back: list[tuple[int, int]] = field(default_factory=list)  # microseconds, line: the first, the worst


def wrong_start(walk: Walk, since: HeadOfDay | None) -> Finding | None:
    """Does the line to go on from stand there as the head says?"""
    if since is not None and since.sequence > 0:
        row = next(rows_after(since.sequence - 1, upto=since.sequence), None)
        if row is None:
            return Finding("missing", since.sequence, f"Line {since.sequence}, to go on from, is missing.")
        if row.digest != walk.digest:
            return Finding(
                "rewritten",
                row.sequence,
                f"Line {row.sequence}, to go on from, has another digest than its head.",
            )
        walk.at = _moment(row)
    _compare(walk)
    return None


def walked(walk: Walk, *, last: int, say: Say) -> Finding | None:
    """Go from line to line until the last, or until one does not follow; that one is what is returned."""
    try:
        for row in rows_after(walk.sequence or BEFORE_ALL, upto=last):
            if (wrong := _misplaced(walk, row, last=last) or _mistimed(walk, row)) is not None:
                return wrong
            _go_on(walk, row)
            if row.sequence % TOLD_EVERY == 0:
                say(f"{row.sequence:,} of {last:,} lines read")
    except Unreadable as line:
        (sequence,) = line.args
        return Finding("altered", sequence, f"Line {sequence} was altered: it holds what cannot be read.")
    return None


def _go_on(walk: Walk, row: Row) -> None:
    behind = row.values[BEHIND]
    assert isinstance(behind, int)
    walk.sequence, walk.digest, walk.at = row.sequence, row.digest, _moment(row)
    if behind >= REMARKABLE_MICROSECONDS:  # keep the first time, and the worst
        seen = (behind, row.sequence)
        walk.set_back = [walk.set_back[0], max(walk.set_back[-1], seen)] if walk.set_back else [seen, seen]
    _compare(walk)


def _moment(row: Row) -> datetime:
    moment = row.values[AT]
    assert isinstance(moment, datetime)
    return moment


def _misplaced(walk: Walk, row: Row, *, last: int) -> Finding | None:
    place = walk.sequence + 1

    def after(sequence: int) -> Iterator[Row]:
        with suppress(Unreadable):
            yield from rows_after(sequence, upto=last)

    if row.sequence < place:
        return Finding("inserted", row.sequence, f"Line {row.sequence} was inserted: the first is line 1.")
    if row.sequence > place:
        return of_a_gap(place, found=row, previous=walk.digest, after=after)
    if row.made_of(walk.digest) != row.digest:
        return of_a_wrong_digest(row, previous=walk.digest, after=after)
    if walk.end is not None and place > walk.end.sequence:
        return Finding(
            "inserted",
            place,
            f"Line {place} stands after the head of the journal: it was inserted, or the head was replaced.",
        )
    return None


def _mistimed(walk: Walk, row: Row) -> Finding | None:
    """A line that follows, written by something that is not this journal."""
    place, at = row.sequence, _moment(row)
    if walk.at is not None and at < walk.at:
        return Finding(
            "out_of_order", place, f"Line {place} is of an earlier moment than the line before it."
        )
    if walk.closed_on is not None and day_of(at) <= walk.closed_on:
        return Finding(
            "inserted",
            place,
            f"Line {place} is of {day_of(at)}, which had its head before that line was there.",
        )
    day = None if walk.at is None else day_of(walk.at)
    if day is not None and day < day_of(at) and not _has_its_head(day, walk):
        return Finding("head_replaced", place, f"The journal's own head of {day} is missing or was replaced.")
    return None


def _has_its_head(day: date, walk: Walk) -> bool:
    """Is the line where we are the head of this day? Perhaps it was written while we were reading."""
    return (
        walk.own_days.get(day) == walk.sequence
        or DayHead.objects.filter(on=day, sequence=walk.sequence).exists()
    )


def _compare(walk: Walk) -> None:
    """Compare every head of the line where we are."""
    while walk.held and walk.held[0].sequence == walk.sequence:
        head = walk.held.pop(0)
        if head.digest != walk.digest:
            walk.differing.append(head)
        elif head.on is not None and walk.at is not None and day_of(walk.at) > head.on:
            walk.misdated.append(head)
        else:
            walk.agreed.append(head)
        if head.on is not None:
            walk.closed_on = max(head.on, walk.closed_on or head.on)
