"""What contract §5 asks: links, children, differences, coverage. Same input, same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from inbeeld.engine.intake.written import harmless
from inbeeld.engine.linkage.clusters import Children
from inbeeld.engine.linkage.decisions import Pair
from inbeeld.engine.linkage.judging import POSSIBLE
from inbeeld.engine.linkage.lists import CHILD, COLUMNS, ListRead
from inbeeld.engine.linkage.normalising import step
from inbeeld.engine.linkage.reviews import Reviews
from inbeeld.engine.tables import quoted
from inbeeld.kernel.coverage.reckon import coverage_of
from inbeeld.kernel.coverage.review import ReviewRefused

if TYPE_CHECKING:
    import duckdb

DIFFERENCES = (CHILD, "kind", "on_lists", "missing_on", "possible_id", "probability", "reason", "list", "id")
CONFLICTS = ("conflict", "decisions_contradict")
AT_ONCE = 10_000
#: Never carried: it finds a person, and nobody who reads the differences needs it.
NOT_CARRIED = {"id", "national_key"}


def table_children(con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead], found: Children) -> None:
    """Make the tables members and children, and take back the links that could not join anybody.

    `found`: the children of links that touch each other; those of the table `lone` come besides.
    """
    import pyarrow as pa

    pairs = sorted(found.child_of.items())
    joined = {
        "list": [number for (number, _), _ in pairs],
        "row": [row for (_, row), _ in pairs],
        "first_list": [number for _, (number, _) in pairs],
        "first_row": [row for _, (_, row) in pairs],
    }
    con.register("found", pa.table({name: pa.array(each, pa.int64()) for name, each in joined.items()}))
    records = " UNION ALL ".join(
        f"SELECT {one.number} AS list, unique_id AS row, id FROM people_{one.number}" for one in lists
    )
    ids = ", ".join(f"MAX(id) FILTER (list = {one.number}) AS id_{one.number}" for one in lists)
    con.execute(Template(step("13_children")).substitute(records=records, ids=ids))
    con.unregister("found")
    for links, reason in zip((found.contested, found.contradicted), CONFLICTS, strict=True):
        _take_back(con, links, reason)


def _take_back(con: duckdb.DuckDBPyConnection, links: Sequence[Pair], reason: str) -> None:
    """What would make two records of one list one child is for a person to settle."""
    for left, right in links:
        con.execute(
            "UPDATE links SET verdict = 'possible', reason = ? WHERE left_list = ? AND left_row = ? "
            "AND right_list = ? AND right_row = ? AND verdict = 'sure'",
            [reason, *left, *right],
        )


def write_links(con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead], file: Path) -> None:
    """links.csv: pairs worth a word, in the order of the lists and their rows."""
    records = " UNION ALL ".join(
        f"SELECT {one.number} AS list, '{quoted(one.name)}' AS name, unique_id AS row, id "
        f"FROM people_{one.number}"
        for one in lists
    )
    _copy(
        con,
        f"WITH records AS ({records}) SELECT l.name AS left_list, l.id AS left_id, r.name AS right_list, "
        "r.id AS right_id, PRINTF('%.6f', links.millionths / 1e6) AS probability, verdict, reason FROM links "
        "JOIN records AS l ON l.list = links.left_list AND l.row = links.left_row "
        "JOIN records AS r ON r.list = links.right_list AND r.row = links.right_row "
        "ORDER BY links.left_list, links.left_row, links.right_list, links.right_row",
        file,
    )


def write_children(con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead], file: Path) -> None:
    """children.csv: one row per child, its number and its id on each list."""
    ids = ", ".join(f"id_{one.number} AS {_named(one.name)}" for one in lists)
    _copy(con, f"SELECT {CHILD}, {ids} FROM children ORDER BY {CHILD}", file)


def write_coverage(
    con: duckdb.DuckDBPyConnection,
    lists: Sequence[ListRead],
    file: Path,
    *,
    reviews: Reviews,
    apart: Sequence[tuple[ListRead, ListRead]],
) -> None:
    """coverage.json: how many children there are by these lists, and how many are on none.

    `apart`: lists that share no child. BadInput, with its line, for a review that cannot be of these links.
    """
    on = ", ".join(f"id_{one.number} IS NOT NULL" for one in lists)
    counts = {
        frozenset(one.name for one, here in zip(lists, history, strict=True) if here): number
        for *history, number in con.execute(f"SELECT {on}, COUNT(*) FROM children GROUP BY ALL").fetchall()
    }
    try:
        found = coverage_of(
            counts,
            lists=[one.name for one in lists],
            reviews=reviews.by_lists,
            apart=[(left.name, right.name) for left, right in apart],
        )
    except ReviewRefused as reason:
        raise reviews.refusal(reason) from None
    text = json.dumps(found.as_json(), indent=2, ensure_ascii=False) + "\n"
    file.write_text(text, encoding="utf-8")


def write_differences(con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead], file: Path) -> int:
    """differences.csv: per child each list it is not on, with the record there that may be it; how many rows.

    What the first list it is on says of the child is carried along, so that a person can look.
    """
    con.execute(Template(step("14_differences")).substitute(lists=len(lists)))
    carried = list(
        dict.fromkeys(name for one in lists for name in (*COLUMNS, *one.columns) if name not in NOT_CARRIED)
    )
    ids = ", ".join(f"children.id_{one.number}" for one in lists)
    number = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*DIFFERENCES, *carried])
        for one in lists:
            cells = ", ".join(one.place(name) for name in carried)
            rows = con.execute(
                f"SELECT child, missing_on, possible_id, millionths, reason, [{ids}], "
                f"{one.place('id')}, {cells} FROM differences JOIN children USING (child) "
                f"JOIN list_{one.number} ON row = differences.first_row "
                f"WHERE differences.first_list = {one.number} ORDER BY child, missing_on"
            )
            while some := rows.fetchmany(AT_ONCE):
                writer.writerows(_difference(row, lists) for row in some)
                number += len(some)
    return number


def _difference(row: Sequence[Any], lists: Sequence[ListRead]) -> list[str]:
    child, missing_on, possible_id, millionths, reason, ids, *cells = row
    on = [one for one, here in zip(lists, ids, strict=True) if here is not None]
    told = [
        child,
        _kind(millionths, reason),
        ";".join(one.name for one in on),
        lists[missing_on].name,
        possible_id,
        None if millionths is None else f"{millionths / 1e6:.6f}",
        reason,
        on[0].name,
        *cells,
    ]
    return ["" if cell is None else harmless(str(cell)) for cell in told]


def _kind(millionths: int | None, reason: str | None) -> str:
    """absent: nobody there is likely; perhaps: somebody may be; conflict: two records would become one."""
    if reason in CONFLICTS:
        return "conflict"
    return "absent" if millionths is None or millionths < POSSIBLE else "perhaps"


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _copy(con: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    con.execute(f"COPY ({query}) TO '{quoted(file)}' (FORMAT csv, HEADER)")
