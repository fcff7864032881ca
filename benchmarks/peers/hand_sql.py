"""(b) DuckDB SQL written by hand for the same four tables: one script, no checks, no receipt, no verdicts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from benchmarks.peers.source import files_of

SCRIPT = Path(__file__).with_name("hand_sql.sql")
TABLES_IN = ("schools", "calendar", "learners", "enrolments", "exemptions", "marks")


def run(folder: Path, on: date, out: Path) -> None:
    """The four tables of one region on one day, as Parquet in `out`."""
    out.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        for table in TABLES_IN:
            files = ", ".join(f"'{path}'" for path in files_of(folder, table))
            order = ", filename = true, file_row_number = true" if table == "marks" else ""
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet([{files}]{order})")
        connection.execute(f"SET VARIABLE the_day = DATE '{on}'")
        connection.execute(f"SET VARIABLE outcome = '{out}'")
        connection.execute(SCRIPT.read_text())
