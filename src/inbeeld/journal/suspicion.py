"""What happened to a line that does not follow from the line before it, told from the lines around it.

A guess for people who will look further; that something is wrong is certain before this is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from inbeeld.journal.chain import Row

#: So many lines taken out and the rest numbered anew are still recognised as that.
MOST_TAKEN_OUT = 1000


#: The lines with a greater sequence, in order: asked for again each time somebody needs to look ahead.
After = Callable[[int], Iterator[Row]]


@dataclass(frozen=True)
class Finding:
    """Something is wrong: of what kind, from which line on (0: none), in a sentence without content."""

    kind: str
    line: int
    sentence: str


def of_a_gap(place: int, *, found: Row, previous: bytes, after: After) -> Finding:
    """No line stands at `place`; the next is `found`."""
    if (elsewhere := _where_it_went(place, previous=previous, digest=None, after=after)) is not None:
        return _reordered(place, elsewhere.sequence)
    last = found.sequence - 1
    lines = f"Line {place} is" if last == place else f"Lines {place} to {last} are"
    return Finding("missing", place, f"{lines} missing.")


def of_a_wrong_digest(row: Row, *, previous: bytes, after: After) -> Finding:
    """The line at its place does not make the digest it has."""
    place = row.sequence
    following = list(islice(after(place), 1))
    elsewhere = _where_it_went(place, previous=previous, digest=row.digest, after=after)
    if elsewhere is not None:
        return _of_one_that_went(row, elsewhere, previous=previous, after=after)
    if following and (gone := _taken_out(row, following[0])):
        lines = f"Line {place} was" if gone == 1 else f"{gone} lines from {place} on were"
        return Finding("missing", place, f"{lines} taken out, and the lines after that were numbered anew.")
    return Finding("altered", place, f"Line {place} was altered: what it says does not make its digest.")


def _where_it_went(place: int, *, previous: bytes, digest: bytes | None, after: After) -> Row | None:
    """The later line that belongs at `place`: with its own digest, or with the one that stayed behind.

    A line that says the same, and follows from the line before it where it stands, belongs there.
    """
    before = previous if digest is None else digest
    for row in after(place):
        if row.made_of(previous, at=place) in (row.digest, digest) and row.made_of(before) != row.digest:
            return row
        before = row.digest
    return None


def _of_one_that_went(row: Row, elsewhere: Row, *, previous: bytes, after: After) -> Finding:
    """Lines put in push all later ones down; lines that changed places do not."""
    place, now = row.sequence, elsewhere.sequence
    if elsewhere.digest != row.digest == elsewhere.made_of(previous, at=place):
        return _reordered(place, now)  # the digests stayed, what they speak of went
    if following := list(islice(after(now), 1)):
        pushed_down = following[0].made_of(elsewhere.digest, at=place + 1) == following[0].digest
    else:
        before = elsewhere if now == place + 1 else next(after(now - 2))
        pushed_down = row.made_of(before.digest, at=now) != row.digest
    if not pushed_down:
        return _reordered(place, now)
    lines = f"Line {place} was" if now == place + 1 else f"Lines {place} to {now - 1} were"
    return Finding("inserted", place, f"{lines} inserted, and the lines after that were numbered anew.")


def _taken_out(row: Row, following: Row) -> int:
    """How many lines were taken out before `row`, if the next one shows that both were moved up; else 0."""
    for gone in range(1, MOST_TAKEN_OUT + 1):
        if following.made_of(row.digest, at=following.sequence + gone) == following.digest:
            return gone
    return 0


def _reordered(place: int, now: int) -> Finding:
    return Finding(
        "reordered",
        place,
        f"Line {place} is not in its place: the line that belongs there is now line {now}.",
    )
