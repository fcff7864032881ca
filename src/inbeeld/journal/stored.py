"""The journal as it stands in the database, for the verifier: in order, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import DataError, connection
from django.db.models import Max, Subquery

from inbeeld.journal.chain import FIELDS, Row, Value
from inbeeld.journal.models import ONLY, Head, Line

CHUNK = 2000
_KINDS = tuple({"sequence": int, "at": datetime, "behind": int}.get(name, Value) for name in FIELDS)
BEFORE_ALL, LAST_OF_ALL = -(2**63), 2**63 - 1


def end_and_last() -> tuple[Head | None, int]:
    """The head and the last line, both as of one moment."""
    lines = Line.objects.to_verify().filter(sequence__lte=LAST_OF_ALL)
    last = Subquery(lines.order_by("-sequence").values("sequence")[:1])
    end = Head.objects.filter(pk=ONLY).annotate(last=last).first()
    if end is not None:
        return end, end.last or 0
    return None, lines.aggregate(last=Max("sequence"))["last"] or 0


def are_hidden() -> bool:
    """Could there be lines that row-level security hides from this role of the database?"""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s)", [Line._meta.db_table])
        (active,) = cursor.fetchone()
    return bool(active)


class Unreadable(Exception):
    """A line holds what no line can hold (an endless date, text for a number): `args` is its sequence."""


def rows_after(after: int, *, upto: int) -> Iterator[Row]:
    """The lines after a sequence, in order, a chunk at a time. Raises Unreadable at one that is nonsense."""
    size = CHUNK
    while True:
        lines = Line.objects.to_verify().filter(sequence__gt=after, sequence__lte=upto)
        try:
            chunk = [_checked(values) for values in lines.values_list(*FIELDS, "digest")[:size]]
        except (ValueError, TypeError, OverflowError, DataError):
            if size == 1:
                raise Unreadable(lines.values_list("sequence", flat=True)[0]) from None
            size = 1
            continue
        yield from chunk
        if len(chunk) < size:
            return
        after = chunk[-1].sequence


def _checked(values: tuple[Any, ...]) -> Row:
    *said, digest = values
    if not all(map(isinstance, said, _KINDS)):
        raise TypeError("a field of a line is of another kind")
    return Row(tuple(said), bytes(digest))
