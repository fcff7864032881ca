"""Lists that can share no child, as whoever asks says: that nobody is on both says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inbeeld.engine.linkage.lists import ListRead
from inbeeld.engine.refusal import BadInput

if TYPE_CHECKING:
    import duckdb


class SharedByListsApart(BadInput):
    """A child is on two lists that were said to share none."""


def lists_apart(
    apart: Sequence[tuple[str, str]], lists: Sequence[ListRead]
) -> tuple[tuple[ListRead, ListRead], ...]:
    """The lists meant by each two names, in the order of the lists. BadInput for a name without a list."""
    by_name = {one.name: one for one in lists}
    found: dict[tuple[int, int], tuple[ListRead, ListRead]] = {}
    for names in apart:
        if len(set(names)) != 2 or not by_name.keys() >= set(names):
            raise BadInput("--apart", f"two of the lists {', '.join(by_name)}", found=",".join(names))
        left, right = sorted((by_name[name] for name in names), key=lambda one: one.number)
        found[left.number, right.number] = (left, right)
    return tuple(found[numbers] for numbers in sorted(found))


def refuse_shared(con: duckdb.DuckDBPyConnection, apart: Sequence[tuple[ListRead, ListRead]]) -> None:
    """SharedByListsApart when lists apart share a child: what was said is not so, or a link is wrong."""
    for left, right in apart:
        shared = con.execute(
            f"SELECT id_{left.number}, id_{right.number} FROM children "
            f"WHERE id_{left.number} IS NOT NULL AND id_{right.number} IS NOT NULL ORDER BY child"
        ).fetchall()
        if shared:
            one, other = shared[0]
            raise SharedByListsApart(
                str(right.file),
                f"no child that is on {left.name} too, as --apart says; {len(shared)} are, first {one}",
                column="id",
                found=other,
            )
