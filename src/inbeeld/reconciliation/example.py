"""In a trial: lists of invented children to hand in, as each organisation would keep it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from inbeeld.reconciliation.models import Comparison


def example_list(comparison: Comparison, party: str) -> bytes | None:
    """The file of a party's list; None when the trial has none."""
    file = Path(settings.INBEELD_DATA) / "region" / "lists" / f"{party}.csv"
    return file.read_bytes() if file.is_file() else None
