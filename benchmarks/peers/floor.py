"""(a) The floor: read every column of `marks` that the facts need, decoded, and nothing more.

All eight columns are needed: learner, school, date, slot, minutes, status, reason, permission.
One aggregate per column makes DuckDB decode each value.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from benchmarks.peers.source import files_of

COLUMNS = ("learner", "school", "date", "slot", "minutes", "status", "reason", "permission")


def run(folder: Path, on: date, out: Path) -> None:
    """Read the marks; write one row with the least and greatest value of each column."""
    ends = ", ".join(
        f"min({column}) AS least_{column}, max({column}) AS greatest_{column}" for column in COLUMNS
    )
    out.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT count(*) AS marks, {ends} FROM read_parquet(?)) TO '{out / 'floor.parquet'}'",
            [files_of(folder, "marks")],
        )
