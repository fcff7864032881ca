"""What somebody should look at again, without knowing what was said of it: sample.csv.

Only so does anybody know how many links are wrong (a sample of links) and how many were missed (a sample of
children without one, each looked for by hand). A hash of the ids decides who is taken, so nothing that is
known of a child does, and the same lists give the same sample.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.engine.linkage.clusters import Children
from inbeeld.engine.linkage.lists import ListRead
from inbeeld.engine.tables import quoted

if TYPE_CHECKING:
    import duckdb

COLUMNS = ("left_list", "left_id", "right_list", "right_id")
#: Links, and children without one, of each two lists.
SAMPLE = 50


def table_by_people(con: duckdb.DuckDBPyConnection, found: Children) -> None:
    """Make the table by_people: pairs of records that are one child because people said so, and only then."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE by_people (left_list INTEGER, left_row BIGINT, right_list INTEGER, "
        "right_row BIGINT)"
    )
    rows = [(*left, *right) for left, right in found.by_people]
    if rows:
        con.executemany("INSERT INTO by_people VALUES (?, ?, ?, ?)", rows)


def write_sample(
    con: duckdb.DuckDBPyConnection,
    lists: Sequence[ListRead],
    file: Path,
    *,
    apart: Sequence[tuple[ListRead, ListRead]],
) -> int:
    """sample.csv: links between each two lists (but those apart), then children without one; how many rows.

    Links that people decided are no part of it. Children without a link are those of the list that has fewer
    of them; `right_id` is empty, and they are to be looked for on all of `right_list`.
    """
    number = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for left, right in combinations(lists, 2):
            if (left, right) in apart:
                continue
            rows = [(left.name, one, right.name, other) for one, other in _links(con, left, right)]
            on, other_list = _with_fewer_unlinked(con, left, right)
            rows += [(on.name, one, other_list.name, "") for (one,) in _unlinked(con, on, other_list)]
            writer.writerows(rows)
            number += len(rows)
    return number


def decided_between(
    con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead]
) -> Callable[[frozenset[str]], tuple[int, int]]:
    """Of two lists by name: how many are on both because people said so, how many pairs are apart."""

    def counts(names: frozenset[str]) -> tuple[int, int]:
        left, right = (one.number for one in lists if one.name in names)
        where = f"WHERE left_list = {left} AND right_list = {right}"
        found = con.execute(
            f"SELECT (SELECT COUNT(*) FROM by_people {where}), "
            f"(SELECT COUNT(*) FROM decided {where} AND NOT same)"
        ).fetchall()[0]
        return int(found[0]), int(found[1])

    return counts


def _links(con: duckdb.DuckDBPyConnection, left: ListRead, right: ListRead) -> list[tuple[str, str]]:
    one, other = f"id_{left.number}", f"id_{right.number}"
    names = f"'{quoted(left.name)}', {one}, '{quoted(right.name)}', {other}"
    return con.execute(
        f"SELECT {one}, {other} FROM children ANTI JOIN ("
        f"SELECT l.id AS {one}, r.id AS {other} FROM by_people "
        f"JOIN people_{left.number} AS l ON l.unique_id = left_row "
        f"JOIN people_{right.number} AS r ON r.unique_id = right_row "
        f"WHERE left_list = {left.number} AND right_list = {right.number}"
        f") AS by_people USING ({one}, {other}) "
        f"WHERE {one} IS NOT NULL AND {other} IS NOT NULL ORDER BY {_by_lot(names)} LIMIT {SAMPLE}"
    ).fetchall()


def _unlinked(con: duckdb.DuckDBPyConnection, on: ListRead, other: ListRead) -> list[tuple[str]]:
    names = f"'{quoted(on.name)}', id_{on.number}, '{quoted(other.name)}'"
    return con.execute(
        f"SELECT id_{on.number} FROM children WHERE id_{on.number} IS NOT NULL AND id_{other.number} IS NULL "
        f"ORDER BY {_by_lot(names)} LIMIT {SAMPLE}"
    ).fetchall()


def _by_lot(names: str) -> str:
    return f"MD5(CONCAT_WS(CHR(31), {names}))"


def _with_fewer_unlinked(
    con: duckdb.DuckDBPyConnection, left: ListRead, right: ListRead
) -> tuple[ListRead, ListRead]:
    only_left, only_right = con.execute(
        f"SELECT COUNT(*) FILTER (id_{right.number} IS NULL AND id_{left.number} IS NOT NULL), "
        f"COUNT(*) FILTER (id_{left.number} IS NULL AND id_{right.number} IS NOT NULL) FROM children"
    ).fetchall()[0]
    return (left, right) if only_left <= only_right else (right, left)
