"""Deeds to write, a clock to set, and what somebody with all rights could do to the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import transaction

from inbeeld.journal import operations
from inbeeld.journal.chain import FIELDS, NOTHING_BEFORE, digest_of
from inbeeld.journal.deed import Deed
from inbeeld.journal.heads import day_of
from inbeeld.journal.models import ONLY, DayHead, Head, Line

TRACE = UUID("3f0c1c5e-4a52-4f0e-8f55-0f2a7d1f9b11")
CHILD = UUID("a0000000-0000-4000-8000-000000000001")
NOON = datetime(2026, 9, 1, 10, tzinfo=UTC)


def a_deed(**values: Any) -> Deed:
    """A mentor reads a child's page, unless said otherwise."""
    usual: dict[str, Any] = {
        "trace": TRACE,
        "actor": "membership:12",
        "organisation": "S00012",
        "role": "mentor",
        "involvement": "involved",
        "purpose": "guidance",
        "ground": "education act: duty of care",
        "row": "mentor/involved",
        "action": "read",
        "field_class": "ATT IDE",
        "child": CHILD,
        "origin": "child",
    }
    return Deed(**{**usual, **values})


def append(*deeds: Deed, at: datetime | None = None) -> int:
    """Write deeds (one usual one when none is given) in a transaction of their own."""
    with clock(at), transaction.atomic():
        return operations.append(deeds or (a_deed(),))


@contextmanager
def clock(at: datetime | None) -> Iterator[None]:
    """The clock says this inside; None: the clock is left alone."""
    if at is None:
        yield
        return
    with patch("django.utils.timezone.now", return_value=at):
        yield


def lines() -> list[dict[str, Any]]:
    """Every line as it stands, in order."""
    rows = list(Line.for_operations.order_by("sequence").values())
    for row in rows:
        row["digest"] = bytes(row["digest"])
    return rows


def replace_lines(rows: list[dict[str, Any]]) -> None:
    """Put these in the place of all lines; the guards are down."""
    Line.for_operations.all().delete()
    Line.for_operations.bulk_create(Line(**row) for row in rows)


def chain_anew(rows: list[dict[str, Any]]) -> None:
    """What somebody does who knows how: number, chain, and replace lines, day heads and head."""
    digest, days = NOTHING_BEFORE, {}
    for sequence, row in enumerate(rows, start=1):
        row["sequence"] = sequence
        digest = row["digest"] = digest_of(digest, [row[name] for name in FIELDS])
        days[day_of(row["at"])] = (sequence, digest)
    replace_lines(rows)
    head = Head.objects.get(pk=ONLY)
    closed = [day for day in days if head.closed_on is not None and day <= head.closed_on]
    DayHead.objects.all().delete()
    DayHead.objects.bulk_create(DayHead(on=day, sequence=days[day][0], digest=days[day][1]) for day in closed)
    Head.objects.update(
        sequence=len(rows),
        digest=digest,
        at=rows[-1]["at"] if rows else None,
        closed_on=max(closed, default=None),
    )
