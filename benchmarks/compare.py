"""Equal answers or no figures: the four tables of two outcomes, row for row."""

from __future__ import annotations

import sys
from pathlib import Path

#: The columns that name a row of each table; rows are laid side by side by them.
KEYS = {
    "facts": ("learner",),
    "episodes": ("learner", "family", "first_on"),
    "report_duties": ("learner", "ends_on"),
    "sick_alerts": ("learner", "on", "rule"),
}


class Unequal(Exception):
    """Two outcomes differ; the message names the table and shows the first row that does."""


def check_equal(ours: Path, theirs: Path, *, tables: tuple[str, ...] = tuple(KEYS)) -> dict[str, int]:
    """Rows per table when both folders hold the same answers; raises Unequal otherwise."""
    return {table: _check_table(table, _files(ours, table), _files(theirs, table)) for table in tables}


def _files(folder: Path, table: str) -> str:
    one = folder / f"{table}.parquet"
    return str(one if one.is_file() else folder / table / "*.parquet")


def _check_table(table: str, ours: str, theirs: str) -> int:
    import duckdb

    with duckdb.connect() as connection:
        columns = {side: _columns(connection, file) for side, file in (("ours", ours), ("theirs", theirs))}
        if columns["ours"] != columns["theirs"]:
            raise Unequal(f"{table}: columns {columns['ours']} against {columns['theirs']}")
        keys = ", ".join(f'"{key}"' for key in KEYS[table])
        names = [name for name in columns["ours"] if name not in KEYS[table]]
        differs = " OR ".join(
            [
                "a.here IS NULL",
                "b.here IS NULL",
                *(f'a."{name}" IS DISTINCT FROM b."{name}"' for name in names),
            ]
        )
        order = ", ".join(f'coalesce(a."{key}", b."{key}")' for key in KEYS[table])
        sides = [
            "(SELECT *, true AS here, row_number() OVER (PARTITION BY "
            f"{keys}) AS again FROM read_parquet('{file}'))"
            for file in (ours, theirs)
        ]
        first = connection.execute(
            "SELECT CASE WHEN a.here THEN to_json(a) END, CASE WHEN b.here THEN to_json(b) END "
            f"FROM {sides[0]} a FULL JOIN {sides[1]} b USING ({keys}, again) "
            f"WHERE {differs} ORDER BY {order} LIMIT 1"
        ).fetchone()
        if first is not None:
            shown = [str(row or "no such row").removesuffix(',"here":true,"again":1}') for row in first]
            raise Unequal(f"{table}: first difference\n  {ours}: {shown[0]}\n  {theirs}: {shown[1]}")
        return _count(connection, ours)


def _columns(connection: object, file: str) -> list[str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{file}')")  # type: ignore[attr-defined]
    return [row[0] for row in described.fetchall()]


def _count(connection: object, file: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM read_parquet('{file}')").fetchone()  # type: ignore[attr-defined]
    return int(row[0])


def main(ours: str, theirs: str, *tables: str) -> int:
    """Command: compare two folders; 0 when equal, 1 with the first difference on standard error."""
    try:
        counts = check_equal(Path(ours), Path(theirs), tables=tables or tuple(KEYS))
    except Unequal as difference:
        print(difference, file=sys.stderr)
        return 1
    print(" ".join(f"{table}={count}" for table, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
