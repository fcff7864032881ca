"""Nobody reads the journal without saying what for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from inbeeld.journal.models import Line


class UnscopedQuery(RuntimeError):
    """Someone asked for lines without saying whose."""


class ScopedManager(models.Manager["Line"]):
    """The default manager of a line: it answers to no query but the verifier's."""

    def get_queryset(self) -> Any:
        raise UnscopedQuery(
            f"{self.model.__name__} is read by a room that knows who asks, or by an operation."
        )

    def to_verify(self) -> models.QuerySet[Line]:
        """Every line as it was chained; for verify.py, which shows none of what it reads."""
        return models.QuerySet(self.model, using=self._db).order_by("sequence")
