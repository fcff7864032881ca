"""What one row answers with yes, for slips that touch one row only."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from inbeeld.kernel.access import FieldClass, Row, decide
from inbeeld.kernel.promises import Point
from inbeeld.kernel.promises.asking import OF_ONE_ROW


def allowed_by(row: Row, classes: Collection[FieldClass] = tuple(FieldClass)) -> Iterator[Point]:
    """The questions one row answers yes, for some classes."""
    for stage, one, action, so in OF_ONE_ROW:
        if one in classes and decide(row, stage, one, action, so):
            yield Point(row.role, row.involvement, stage, one, action, so.consent, so.author, so.shielded)
