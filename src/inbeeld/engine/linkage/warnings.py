"""What the receipt says of the lists: what was kept though little is known, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inbeeld.engine.linkage.clusters import Children
from inbeeld.engine.linkage.decisions import Decisions
from inbeeld.engine.linkage.lists import COLUMNS, ListRead

if TYPE_CHECKING:
    import duckdb

#: Lists of at least so many children, of which fewer than this share is on any other list, are told of.
FEW, HARDLY_ANY = 20, 0.02
#: So is a list with fewer than this share of its postcodes in an area where another list has any.
ELSEWHERE = 0.10


def counted(con: duckdb.DuckDBPyConnection, one: ListRead) -> dict[str, Any]:
    """A list as it came: file, hash, rows, and how many rows lack what makes them findable."""
    lacking = con.execute(
        "SELECT COUNT(*) FILTER (surname IS NULL AND initial IS NULL), COUNT(*) FILTER (born IS NULL), "
        f"COUNT(*) FILTER (postcode IS NULL) FROM people_{one.number}"
    ).fetchall()[0]
    return {
        "list": one.name,
        "file": one.file.name,
        "sha256": one.sha256,
        "encoding": one.encoding,
        "rows": one.rows,
        **dict(zip(("without_name", "without_birth_date", "without_postcode"), lacking, strict=True)),
        "carried_along": [name for name in one.columns if name not in COLUMNS],
    }


def verdicts(con: duckdb.DuckDBPyConnection, left: ListRead, right: ListRead) -> dict[str, Any]:
    """How many links of each verdict two lists have, and why those to look at are not sure."""
    where = f"left_list = {left.number} AND right_list = {right.number}"
    counts = f"COUNT(*) FROM links WHERE {where}"
    number = dict(con.execute(f"SELECT verdict, {counts} GROUP BY verdict").fetchall())
    reasons = con.execute(
        f"SELECT reason, {counts} AND verdict = 'possible' GROUP BY reason ORDER BY reason"
    ).fetchall()
    return {
        **{verdict: number.get(verdict, 0) for verdict in ("sure", "possible", "weak")},
        "reasons": dict(reasons),
    }


def of(
    con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead], decisions: Decisions, found: Children
) -> list[dict[str, Any]]:
    """Warnings as keys with facts, for whoever shows them to put into words."""
    told: list[dict[str, Any]] = []
    for one in lists:
        told += _about_list(con, one, lists)
    for name, number in (
        ("records_of_one_list_would_be_one_child", len(found.contested)),
        ("decisions_contradict_each_other", len(found.contradicted)),
        ("decisions_about_records_gone", decisions.counts["about_records_gone"]),
        ("decisions_about_other_lists", decisions.counts["about_other_lists"]),
    ):
        if number:
            told.append({"warning": name, "number": number})
    return told


def _about_list(
    con: duckdb.DuckDBPyConnection, one: ListRead, lists: Sequence[ListRead]
) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    linked = con.execute(
        "SELECT COUNT(DISTINCT CASE WHEN left_list = $1 THEN left_row ELSE right_row END) FROM links "
        "WHERE verdict <> 'weak' AND (left_list = $1 OR right_list = $1)",
        [one.number],
    ).fetchall()[0][0]
    if one.rows >= FEW and linked < HARDLY_ANY * one.rows:
        told.append(
            {"warning": "hardly_on_other_lists", "list": one.name, "rows": one.rows, "linked": linked}
        )
    others = " UNION ALL ".join(
        f"SELECT LEFT(postcode, 2) AS area FROM people_{other.number}" for other in lists if other is not one
    )
    known, here = con.execute(
        f"SELECT COUNT(postcode), COUNT(postcode) FILTER (LEFT(postcode, 2) IN (SELECT area FROM ({others}) "
        f"WHERE area IS NOT NULL)) FROM people_{one.number}"
    ).fetchall()[0]
    if known >= FEW and here < ELSEWHERE * known:
        told.append(
            {"warning": "postcodes_elsewhere", "list": one.name, "known": known, "shared_areas": here}
        )
    return told
