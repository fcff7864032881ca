"""Under which mark a record of a list, and what stands in it, are known in the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from inbeeld.engine.schema import LIST_COLUMNS
from inbeeld.keys.keyring import current_ring
from inbeeld.reconciliation.models import Comparison

#: What tells whether two records are one child; how long it is on a list says nothing of that.
TELLS = tuple(name for name in LIST_COLUMNS if name not in ("id", "since_on", "category"))


def marker_of(comparison: Comparison) -> Callable[[str, str], str]:
    """Gives the mark of a record by list and id: the same in each round, as long as it is called the same.

    For many at once: the key ring is looked at once.
    """
    ring, key = current_ring(), str(comparison.pk)
    return lambda party, id_: ring.record_mark("record", key, party, id_)


def records_marked(
    wanted: Iterable[Iterable[tuple[str, str]]],
    rows: Mapping[str, Iterable[str]],
    mark_of: Callable[[str, str], str],
) -> dict[tuple[str, str], str]:
    """By list and mark the ids of the records of these pairs that are on these lists.

    `wanted`: pairs of list and mark; `rows`: of each list the ids.
    """
    marked = {each for pair in wanted for each in pair}
    if not marked:
        return {}
    return {
        (name, mark): id_
        for name, some in rows.items()
        for id_ in some
        if (name, mark := mark_of(name, id_)) in marked
    }


def mark_of_what_is_shown(left: Mapping[str, str], right: Mapping[str, str]) -> str:
    """The mark of what two rows say of who it is: another one when any of it changes."""
    ring = current_ring()
    return "".join(ring.record_mark("row", *(row.get(name, "") for name in TELLS)) for row in (left, right))
