"""Agreements in words."""

from __future__ import annotations

from inbeeld.agreements.models import Agreement
from inbeeld.agreements.queries import Row
from inbeeld.kernel.agreements import Doer
from inbeeld.organisations.models import Role


def doer_in_words(row: Row) -> str:
    """Who does it, without a name: of those at work their role."""
    if row.doer == Doer.MEMBER:
        return str(Role(row.role).label)
    return str(Agreement.Doer(row.doer).label)
