"""The chain: the digest of a line is made of the digest before it and of all that the line says.

Whoever holds one digest can tell whether any line up to there was changed, left out, put in or moved
(B. Schneier and J. Kelsey, Secure Audit Logs to Support Computer Forensics, 1999).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

Value = None | bool | int | str | UUID | datetime

#: What the first line is chained to.
NOTHING_BEFORE = bytes(32)
#: Another order or another form of the fields is another format, and gets another number.
FORMAT = b"inbeeld journal line 1\n"
#: The fields of a line in the order in which they are made into bytes.
FIELDS = (
    "sequence", "at", "behind", "trace", "actor", "on_behalf_of", "organisation", "role", "involvement",
    "purpose", "ground", "row", "action", "field_class", "child", "object", "outcome", "origin", "emergency",
    "consent",
)  # fmt: skip
NOTHING = b"\xff\xff\xff\xff"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def digest_of(previous: bytes, values: Sequence[Value]) -> bytes:
    """SHA-256 of the digest before (32 bytes), the format, and the values in the order of FIELDS."""
    return sha256(b"".join((previous, FORMAT, *map(_measured, values)))).digest()


def digests_of(previous: bytes, columns: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The digest of each line of several, each after the one before; `columns`: FIELDS, one value a line.

    The same as digest_of line by line, and a third of the work: most lines of a page differ in a child only.
    """
    for measured in zip(*map(_measured_column, columns), strict=True):
        previous = sha256(b"".join((previous, FORMAT, *measured))).digest()
        yield previous


def _measured_column(column: Sequence[Value]) -> list[bytes]:
    if is_the_same(column):
        return [_measured(column[0])] * len(column)
    return [_measured(value) for value in column]


def is_the_same(column: Sequence[object]) -> bool:
    """Do all lines say the same in this field? A field holds values of one kind, so equal is the same."""
    return column.count(column[0]) == len(column)


def _measured(value: Value) -> bytes:
    """The length in four bytes, most significant first, then the value; nothing is four times 255.

    Text in UTF-8, yes or no in one byte, numbers in eight, a moment as microseconds since 1970 (UTC).
    """
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return NOTHING
    if isinstance(value, UUID):
        raw = value.bytes
    elif isinstance(value, bool):
        raw = value.to_bytes(1)
    elif isinstance(value, int):
        raw = value.to_bytes(8, signed=True)
    else:
        raw = ((value - _EPOCH) // _MICROSECOND).to_bytes(8, signed=True)
    return len(raw).to_bytes(4) + raw


@lru_cache(4096)  # keys, and few different ones
def _text(value: str) -> bytes:
    raw = value.encode()
    return len(raw).to_bytes(4) + raw


@dataclass(frozen=True)
class Row:
    """A line as it stands in the database: its values in the order of FIELDS, and its digest."""

    values: tuple[Value, ...]
    digest: bytes

    @property
    def sequence(self) -> int:
        sequence = self.values[0]
        assert isinstance(sequence, int)
        return sequence

    def made_of(self, previous: bytes, *, at: int | None = None) -> bytes:
        """The digest this line has after another; `at`: as if it stood in that place."""
        return digest_of(previous, self.values if at is None else (at, *self.values[1:]))
