"""Adding to the journal: the only way in, and the last thing a transaction does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from inbeeld.journal.chain import FIELDS, NOTHING_BEFORE, Value, digests_of, is_the_same
from inbeeld.journal.deed import Deed, classes_in_order, columns_of, refuse_what_is_no_key
from inbeeld.journal.heads import begin_of, day_after, day_of
from inbeeld.journal.models import ONLY, DayHead, Head, Line

_MICROSECOND = timedelta(microseconds=1)
_MOVE_HEAD = "UPDATE journal_head SET sequence = %s, at = %s, digest = %s"
_LOCK = "SELECT sequence, at, digest, closed_on FROM journal_head WHERE id = 1"
#: Lines and head in one statement with five placeholders, not a thousand: the head is locked no longer than
#: needed. What all lines of a page have in common is sent once.
_ADD = f"""
WITH lines AS (
    INSERT INTO journal_line SELECT * FROM json_populate_recordset(
        json_populate_record(NULL::journal_line, %s), %s
    )
)
{_MOVE_HEAD}
"""
#: The lines to add, field by field.
Columns = Mapping[str, Sequence[Any]]


class NotInATransaction(RuntimeError):
    """A line must be kept or lost together with what it tells of."""


class HeadIsGone(RuntimeError):
    """There are lines, and nothing says where they end: nobody may go on as if nothing happened."""


class DayIsNotOver(ValueError):
    """A day has its head when no line can be added to it any more."""


def append(deeds: Sequence[Deed]) -> int:
    """Add a line for each deed, in order, in the transaction of the caller; returns the last sequence.

    Without deeds nothing is added, and 0 returned. Until the transaction ends nobody else can add a line, so
    call it last. Whatever is raised here dooms the transaction, also when the caller catches it.
    """
    if not connection.in_atomic_block:
        raise NotInATransaction("The journal is written inside the transaction of what it tells of.")
    if not deeds:
        return 0
    try:
        refuse_what_is_no_key(deeds)
        return _chain(_locked_head(), columns_of(deeds))
    except BaseException:
        transaction.set_rollback(True)
        raise


@transaction.atomic
def close_day(on: date) -> DayHead:
    """The head at the end of a day that is over, kept from now on. Raises DayIsNotOver.

    A day without lines that ended before a later line was written has the head of the day before it.
    """
    head = _locked_head()
    if on >= day_of(timezone.now()):
        raise DayIsNotOver("A day has its head when it is over.")
    known = DayHead.objects.filter(on__lte=on).order_by("on").last()
    if known is not None and known.on == on:
        return known
    if head.at is None or day_of(head.at) <= on:
        return _close(head, on)
    sequence, digest = (0, NOTHING_BEFORE) if known is None else (known.sequence, bytes(known.digest))
    return DayHead(on=on, sequence=sequence, digest=digest)


def _locked_head() -> Head:
    """The head, locked until the transaction ends; made at the first line."""
    if (head := _read_locked()) is not None:
        return head
    # Another may be the first just now: make it whoever comes first, then look with the lock in hand.
    Head.objects.bulk_create([Head(sequence=0, digest=NOTHING_BEFORE)], ignore_conflicts=True)
    head = _read_locked()
    assert head is not None
    if head.sequence == 0 and (
        Line.for_operations.exists() or DayHead.objects.filter(sequence__gt=0).exists()
    ):
        raise HeadIsGone("The journal has lines and no head. See: inbeeld journal verify.")
    return head


def _read_locked() -> Head | None:
    # In SQLite the transaction has locked the whole database from its beginning (settings: IMMEDIATE).
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + lock)
        row = cursor.fetchone()
    if row is None:
        return None
    sequence, at, digest, closed_on = row
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)  # SQLite keeps moments in UTC without saying so
    return Head(sequence=sequence, at=at, digest=digest, closed_on=closed_on)


def _chain(head: Head, said: Columns) -> int:
    at, behind = _moment(head)
    before = None if head.at is None else day_of(head.at)
    if before is not None and before < day_of(at) and (head.closed_on is None or head.closed_on < before):
        _close(head, before)
    count = len(said["trace"])
    last = head.sequence + count
    known = {
        **said,
        "sequence": range(head.sequence + 1, last + 1),
        "at": [at] * count,
        "behind": [behind] * count,
        "field_class": [classes_in_order(text) for text in said["field_class"]],
    }
    lines = {name: known[name] for name in FIELDS}
    digests = list(digests_of(bytes(head.digest), lines.values()))
    _add({**lines, "digest": digests}, end=(last, at, digests[-1]))
    return last


def _moment(head: Head) -> tuple[datetime, int]:
    """When the lines are of, and how many microseconds the clock is behind that, if it was set back.

    Never before the line before, nor on a day whose head partners keep already.
    """
    now = timezone.now()
    floor = [] if head.at is None else [head.at]
    if head.closed_on is not None:
        floor.append(begin_of(day_after(head.closed_on)))
    at = max([now, *floor])
    return at, (at - now) // _MICROSECOND


def _close(head: Head, on: date) -> DayHead:
    made = DayHead.objects.create(on=on, sequence=head.sequence, digest=bytes(head.digest))
    Head.objects.filter(pk=ONLY).update(closed_on=on)
    return made


def _add(lines: Columns, *, end: tuple[int, datetime, bytes]) -> None:
    """Insert the lines; the head is where the last one ends: its sequence, moment and digest."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            shared = {name: column[0] for name, column in lines.items() if is_the_same(column)}
            varied = {name: column for name, column in lines.items() if name not in shared}
            own = [dict(zip(varied, values, strict=True)) for values in zip(*varied.values(), strict=True)]
            # A single line has everything in common with itself.
            texts = [json.dumps(part, default=_as_text) for part in (shared, own or [{}])]
            cursor.execute(_ADD, [*texts, *end])
        else:
            # Where one statement cannot take many rows as JSON; still five times as fast as the ORM.
            columns = ", ".join(map(connection.ops.quote_name, lines))
            gaps = ", ".join(["%s"] * len(lines))
            rows = zip(*map(_as_kept, lines.values()), strict=True)
            cursor.executemany(f"INSERT INTO journal_line ({columns}) VALUES ({gaps})", list(rows))
            cursor.execute(_MOVE_HEAD, [_kept(value) for value in end])


def _as_kept(column: Sequence[Value | bytes]) -> Sequence[Any]:
    """How SQLite keeps the kinds of value it does not have itself; each value that is the same once."""
    if is_the_same(column):
        return [_kept(column[0])] * len(column)
    return [_kept(value) for value in column]


def _kept(value: Value | bytes) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _as_text(value: UUID | bytes | datetime) -> str:
    """How PostgreSQL reads the kinds of value that JSON does not have."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value.isoformat()
