"""Where the tables of a region lie: one Parquet file per table, or a folder of them."""

from __future__ import annotations

from pathlib import Path


def files_of(folder: Path, table: str) -> list[str]:
    """The Parquet files of one table by file name, the order of delivery. Raises FileNotFoundError."""
    one = folder / f"{table}.parquet"
    found = [one] if one.is_file() else sorted((folder / table).glob("*.parquet"))
    if not found:
        raise FileNotFoundError(f"{folder}: no {table}.parquet and no folder {table} with Parquet files")
    return [str(path) for path in found]
