"""What people decided in earlier rounds: the same child, or not. Keyed on records, never on children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.engine.fingerprint import sha256_of
from inbeeld.engine.linkage.beside import rows_of
from inbeeld.engine.linkage.lists import ListRead
from inbeeld.engine.refusal import BadInput

if TYPE_CHECKING:
    import duckdb

FILE = "decisions.csv"
NEEDED = ("left_list", "left_id", "right_list", "right_id", "decision")
SAME, NOT_SAME, UNSURE = "same", "not_same", "unsure"
COUNTED = ("rows", "about_other_lists", "about_records_gone", "decided_again")
#: (list, row) of one record, (list, row) of the other; the lower list first.
Pair = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Decisions:
    """Pairs decided, and what was passed over: `counts` says how many and why."""

    same: set[Pair] = field(default_factory=set)
    not_same: set[Pair] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    file: str | None = None
    sha256: str | None = None


def read_decisions(con: duckdb.DuckDBPyConnection, file: Path | None, lists: Sequence[ListRead]) -> Decisions:
    """The decisions about the records of these lists; the last on a pair stands. Also as the table `decided`.

    Raises BadInput for a row that cannot be understood: a decision must not get lost.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE decided (left_list INTEGER, left_row BIGINT, right_list INTEGER, "
        "right_row BIGINT, same BOOLEAN)"
    )
    found = Decisions()
    if file is None:
        return found
    if not file.is_file():
        raise BadInput(str(file), "an existing file of decisions")
    found.file, found.sha256 = file.name, sha256_of(file)
    rows = {one.name: (one.number, _rows_by_id(con, one)) for one in lists}
    for line, row in rows_of(file, NEEDED):
        found.counts["rows"] += 1
        _take(found, rows, row, line=line, shown=str(file))
    decided = [(*left, *right, True) for left, right in sorted(found.same)]
    decided += [(*left, *right, False) for left, right in sorted(found.not_same)]
    if decided:
        con.executemany("INSERT INTO decided VALUES (?, ?, ?, ?, ?)", decided)
    return found


def _take(
    found: Decisions,
    rows: dict[str, tuple[int, dict[str, int]]],
    row: dict[str, str],
    *,
    line: int,
    shown: str,
) -> None:
    decision = row["decision"]
    if decision not in (SAME, NOT_SAME, UNSURE):
        raise BadInput(shown, "same, not_same or unsure", line=line, column="decision", found=decision)
    if row["left_list"] == row["right_list"]:
        raise BadInput(
            shown, "two records of different lists", line=line, column="right_list", found=row["right_list"]
        )
    if row["left_list"] not in rows or row["right_list"] not in rows:
        found.counts["about_other_lists"] += 1
        return
    records = []
    for side in ("left", "right"):
        number, by_id = rows[row[f"{side}_list"]]
        if row[f"{side}_id"] not in by_id:
            found.counts["about_records_gone"] += 1
            return
        records.append((number, by_id[row[f"{side}_id"]]))
    left, right = sorted(records)
    pair = (left, right)
    if pair in found.same or pair in found.not_same:
        found.counts["decided_again"] += 1
    found.same.discard(pair)
    found.not_same.discard(pair)
    if decision != UNSURE:
        (found.same if decision == SAME else found.not_same).add(pair)


def _rows_by_id(con: duckdb.DuckDBPyConnection, one: ListRead) -> dict[str, int]:
    return dict(con.execute(f"SELECT {one.place('id')}, row FROM list_{one.number}").fetchall())
