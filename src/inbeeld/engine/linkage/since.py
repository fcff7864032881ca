"""What changed since an earlier comparison: changes.csv.

Children have no name of their own from one comparison to the next; records do: the list and the id on it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbeeld.engine.fingerprint import sha256_of
from inbeeld.engine.linkage.lists import CHILD, ListRead
from inbeeld.engine.linkage.normalising import step
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.snapshot import holds_untouched
from inbeeld.engine.tables import quoted

if TYPE_CHECKING:
    import duckdb

CHILDREN = "children.csv"
#: On no list then; on none any more; on this list too now; no longer on it; called otherwise there; one child
#: then and several now; several then and one now.
KINDS = ("new", "gone", "came", "left", "renumbered", "split", "joined")
COLUMNS = ("child", "child_then", "kind", "list", "id", "id_then")


@dataclass(frozen=True)
class Earlier:
    """An earlier comparison: its folder, its lists in the order of its file, and those that are here too."""

    folder: Path
    columns: tuple[str, ...]
    common: tuple[ListRead, ...]


def read_earlier(
    con: duckdb.DuckDBPyConnection, folder: Path | None, lists: Sequence[ListRead], *, made_by: str
) -> Earlier | None:
    """The children of an earlier comparison as the table `earlier` (child, list, id); None without one.

    Raises BadInput when the folder is not of `inbeeld compare`, was changed since, or has none of the lists.
    """
    if folder is None:
        return None
    file = folder / CHILDREN
    if not holds_untouched(folder, CHILDREN, made_by=made_by):
        raise BadInput(str(folder), f"a folder that {made_by} made, with its {CHILDREN} as it was")
    with file.open(encoding="utf-8", newline="") as opened:
        columns = next(csv.reader(opened))
    common = tuple(one for one in lists if one.name in columns)
    if not common:
        names = ", ".join(one.name for one in lists)
        raise BadInput(str(file), f"a column for at least one of {names}", line=1, found=",".join(columns))
    places = {name: f"c{place}" for place, name in enumerate(columns)}
    typed = ", ".join(f"'{place}': 'VARCHAR'" for place in places.values())
    each = " UNION ALL ".join(
        f"SELECT CAST({places[CHILD]} AS BIGINT) AS child, {one.number} AS list, {places[one.name]} AS id "
        f"FROM every_child WHERE {places[one.name]} IS NOT NULL"
        for one in common
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE earlier AS WITH every_child AS MATERIALIZED (SELECT * FROM read_csv("
        f"'{quoted(file)}', header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
        f"columns = {{{typed}}})) {each}"
    )
    return Earlier(folder, tuple(columns), common)


def write_changes(
    con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead], earlier: Earlier, file: Path
) -> dict[str, Any]:
    """changes.csv: a row for each child and list on which something changed; for the receipt how many."""
    each = " UNION ALL ".join(
        f"SELECT child, {one.number} AS list, id_{one.number} AS id FROM children "
        f"WHERE id_{one.number} IS NOT NULL"
        for one in earlier.common
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE now AS {each}")
    con.execute(step("15_changes"))
    names = ", ".join(f"'{quoted(one.name)}'" for one in lists)
    con.execute(
        f"COPY (SELECT child, child_then, kind, [{names}][list + 1] AS list, id, id_then FROM changes "
        f"ORDER BY child NULLS LAST, child_then, changes.list, kind, id, id_then) "
        f"TO '{quoted(file)}' (FORMAT csv, HEADER)"
    )
    counts = dict(con.execute("SELECT kind, COUNT(*) FROM changes GROUP BY kind").fetchall())
    return {
        "folder": earlier.folder.name,
        "sha256": sha256_of(earlier.folder / CHILDREN),
        "lists": [one.name for one in earlier.common],
        **{kind: counts.get(kind, 0) for kind in KINDS},
    }
