"""Under which mark a record of a list, and what stands in it, are known in the tables."""

from __future__ import annotations

from collections.abc import Mapping

from inbeeld.engine.schema import LIST_COLUMNS
from inbeeld.keys.keyring import record_mark
from inbeeld.reconciliation.models import Comparison

#: What tells whether two records are one child; how long it is on a list says nothing of that.
TELLS = tuple(name for name in LIST_COLUMNS if name not in ("id", "since_on", "category"))


def mark_of(comparison: Comparison, party: str, id_: str) -> str:
    """The mark of a record: the same in each round, as long as the organisation calls it the same."""
    return record_mark("record", str(comparison.pk), party, id_)


def mark_of_what_is_shown(left: Mapping[str, str], right: Mapping[str, str]) -> str:
    """The mark of what two rows say of who it is: another one when any of it changes."""
    return "".join(record_mark("row", *(row.get(name, "") for name in TELLS)) for row in (left, right))
