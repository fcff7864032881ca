"""Find a region's tables in a folder, refuse what cannot be judged, and name each as SQL.

CSV goes the quick way through DuckDB as text and is typed there; only when something is wrong is the
file read again in plain Python (locate.py), which says on which line and in which column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbeeld.engine import cells, locate
from inbeeld.engine.fingerprint import sha256_of
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import TABLES_IN, Column, Table

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Source:
    """One table as delivered: its files in order of delivery, and where its typed rows can be read."""

    table: Table
    files: tuple[Path, ...]
    relation: str
    parquet: tuple[Path, ...]
    types: tuple[dict[str, str], ...]
    rows: int

    def placed(self) -> str:
        """SQL for the rows with their place: file_no (order of the files) and row_no within the file."""
        each = [
            "SELECT * FROM "
            + _typed_parquet(
                self.table, (file,), types, extra=f", {number} AS file_no, file_row_number AS row_no"
            )
            for number, (file, types) in enumerate(zip(self.parquet, self.types, strict=True))
        ]
        return "(" + " UNION ALL ".join(each) + ")"


def open_tables(
    con: duckdb.DuckDBPyConnection, folder: Path, work: Path, progress: Callable[[str], None]
) -> dict[str, Source]:
    """Every table of `folder`, checked. CSV is typed once into `work`. Raises BadInput."""
    if not folder.is_dir():
        raise BadInput(
            str(folder), "a folder with the tables " + ", ".join(table.name for table in TABLES_IN)
        )
    sources = {}
    for table in TABLES_IN:
        progress(f"checking {table.name}")
        sources[table.name] = _open(con, table, folder, work)
    _check_keys(con, sources)
    _check_references(con, sources)
    return sources


def _open(con: duckdb.DuckDBPyConnection, table: Table, folder: Path, work: Path) -> Source:
    csv_file = folder / f"{table.name}.csv"
    parquet_files = _parquet_files(table, folder)
    if not parquet_files and not csv_file.is_file():
        raise BadInput(str(csv_file), f"the table {table.name} with the columns {', '.join(table.names)}")
    if not parquet_files:
        return _open_csv(con, table, csv_file, work / f"{table.name}.parquet")
    source = _open_parquet(con, table, parquet_files)
    if csv_file.is_file():
        _refuse_difference(con, source, _open_csv(con, table, csv_file, work / f"{table.name}.parquet"))
    return source


def _parquet_files(table: Table, folder: Path) -> tuple[Path, ...]:
    single = folder / f"{table.name}.parquet"
    if single.is_file():
        return (single,)
    for several in (folder / table.name, single):
        if several.is_dir():
            files = sorted(several.rglob("*.parquet"), key=lambda file: file.relative_to(several).as_posix())
            if not files:
                raise BadInput(str(several), "at least one .parquet file in this folder")
            return tuple(files)
    return ()


def _refuse_difference(con: duckdb.DuckDBPyConnection, one: Source, other: Source) -> None:
    """The same table twice is fine when it is the same; else nobody could say which one counts."""
    columns = ", ".join(one.table.names)
    sides = [f"(SELECT {columns} FROM {source.relation})" for source in (one, other)]
    for first, second in (sides, sides[::-1]):
        if con.execute(f"SELECT 1 FROM ({first} EXCEPT ALL {second}) LIMIT 1").fetchone():
            raise BadInput(
                str(other.files[0]),
                f"the same rows as {one.files[0]} beside it; remove the one that is out of date",
            )


def _open_csv(con: duckdb.DuckDBPyConnection, table: Table, file: Path, staged: Path) -> Source:
    """Type a CSV into `staged`. What DuckDB cannot read but Python can is written plainly first."""
    names = locate.header(file, table)
    rows = _stage_csv(con, table, file, names, staged) if names else None
    if rows is None:
        locate.first_mistake(file, table)
        plain = staged.with_suffix(".csv")
        locate.write_plainly(file, table, plain)
        rows = _stage_csv(con, table, plain, list(table.names), staged)
    if rows is None:
        raise BadInput(str(file), f"a CSV file with the table {table.name}")
    relation = f"(SELECT {', '.join(table.names)} FROM {reader((staged,))})"
    types = {column.name: cells.SQL_TYPES[column.kind] for column in table.columns}
    return Source(table, (file,), relation, (staged,), (types,), rows)


def _stage_csv(
    con: duckdb.DuckDBPyConnection, table: Table, file: Path, names: list[str], staged: Path
) -> int | None:
    """The number of rows typed into `staged`; None when something is wrong with the file."""
    import duckdb

    # A column that is not the table's may be called anything; it is read by its place and left out.
    places = [name if name in table.names else f"extra {place}" for place, name in enumerate(names)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in places)
    csv = (
        f"read_csv('{one_path(file)}', auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
        f"columns={{{columns}}}, encoding='utf-8', strict_mode=true, null_padding=false, nullstr='', "
        "hive_partitioning=false)"
    )
    typed = ", ".join(f"{cells.typed(column, cells.TEXT)} AS {column.name}" for column in table.columns)
    wrong = " OR ".join(
        f"({cells.wrong(column, cells.TEXT)}) OR COALESCE(CONTAINS({column.name}, CHR(0)), FALSE)"
        for column in table.columns
    )
    try:
        con.execute("SET preserve_insertion_order = true")
        con.execute(
            f"COPY (SELECT {typed}, ({wrong}) AS wrong FROM {csv}) TO '{quoted(staged)}' (FORMAT parquet)"
        )
        rows, mistakes = con.execute(
            f"SELECT COUNT(*), COUNT(CASE WHEN wrong THEN 1 END) FROM {reader((staged,))}"
        ).fetchall()[0]
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        return None
    finally:
        con.execute("SET preserve_insertion_order = false")
    return None if mistakes else int(rows)


def reader(files: tuple[Path, ...], *, place: bool = False) -> str:
    """SQL that reads Parquet files as they are: a folder called date=2026 is a name, not a value."""
    listed = ", ".join(f"'{one_path(file)}'" for file in files)
    option = ", file_row_number=true" if place else ""
    return f"read_parquet([{listed}], hive_partitioning=false{option})"


def _open_parquet(con: duckdb.DuckDBPyConnection, table: Table, files: tuple[Path, ...]) -> Source:
    delivered = [_delivered_types(con, table, file) for file in files]
    if all(types == delivered[0] for types in delivered):
        relation = _typed_parquet(table, files, delivered[0])
        rows = _check_values(con, table, files, delivered[0])
    else:
        each = zip(files, delivered, strict=True)
        relation = " UNION ALL ".join(
            f"SELECT * FROM {_typed_parquet(table, (file,), types)}" for file, types in each
        )
        relation = f"({relation})"
        rows = sum(
            _check_values(con, table, (file,), types) for file, types in zip(files, delivered, strict=True)
        )
    return Source(table, files, relation, files, tuple(delivered), rows)


def _typed_parquet(table: Table, files: tuple[Path, ...], types: dict[str, str], *, extra: str = "") -> str:
    """SQL for the rows of Parquet files of the same types, each column in the table's own type."""
    columns = ", ".join(
        f"{cells.typed(column, types[column.name])} AS {column.name}" for column in table.columns
    )
    return f"(SELECT {columns}{extra} FROM {reader(files, place=bool(extra))})"


def _delivered_types(con: duckdb.DuckDBPyConnection, table: Table, file: Path) -> dict[str, str]:
    """The SQL type of each of the table's columns in a Parquet file; BadInput when one cannot be used."""
    import duckdb

    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {reader((file,))}").fetchall()
    except duckdb.Error:
        raise BadInput(str(file), "a whole Parquet file") from None
    types = {name: kind for name, kind, *_ in described}
    for column in table.columns:
        if column.name not in types:
            raise BadInput(
                str(file), f"a column with {column.expects}", column=column.name, found="no such column"
            )
        if not cells.can_hold(column, types[column.name]):
            types[column.name] = _nothing_or_refuse(con, column, file, types[column.name])
    return {column.name: types[column.name] for column in table.columns}


def _nothing_or_refuse(con: duckdb.DuckDBPyConnection, column: Column, file: Path, delivered: str) -> str:
    """A column without any value may have any type: programs write an empty column as fractions."""
    held = f'"{column.name}"'
    if delivered in cells.FRACTION:
        held = f"CASE WHEN NOT ISNAN({held}) THEN {held} END"
    if con.execute(f"SELECT COUNT({held}) FROM {reader((file,))}").fetchall()[0][0] == 0:
        return cells.NOTHING
    found = cells.IN_WORDS.get(delivered, "another kind of value")
    raise BadInput(str(file), column.expects, column=column.name, found=found)


def _check_values(
    con: duckdb.DuckDBPyConnection, table: Table, files: tuple[Path, ...], types: dict[str, str]
) -> int:
    """Refuse values the table cannot hold; returns the number of rows. One scan when all is well."""
    import duckdb

    wrong = [f"({cells.wrong(column, types[column.name])})" for column in table.columns]
    source = reader(files)
    try:
        rows = con.execute(f"SELECT COUNT(*) FROM {source}").fetchall()[0][0]
        mistakes = con.execute(f"SELECT COUNT(*) FROM {source} WHERE {' OR '.join(wrong)}").fetchall()[0][0]
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        if len(files) == 1:
            raise BadInput(str(files[0]), "a whole Parquet file") from None
        for file in files:
            _check_values(con, table, (file,), types)
        raise
    if mistakes:
        for file in files:
            _locate_in_parquet(con, table, file, types)
    return int(rows)


def _locate_in_parquet(
    con: duckdb.DuckDBPyConnection, table: Table, file: Path, types: dict[str, str]
) -> None:
    for column in table.columns:
        found = con.execute(
            f'SELECT file_row_number + 1, "{column.name}" '
            f"FROM {reader((file,), place=True)} "
            f"WHERE {cells.wrong(column, types[column.name])} ORDER BY file_row_number LIMIT 1"
        ).fetchall()
        if found:
            value = "" if found[0][1] is None else str(found[0][1])
            raise BadInput(str(file), column.expects, line=found[0][0], column=column.name, found=value)


def _check_keys(con: duckdb.DuckDBPyConnection, sources: dict[str, Source]) -> None:
    for source in sources.values():
        if not source.table.key:
            continue
        key = ", ".join(source.table.key)
        repeated = con.execute(
            f"SELECT {key} FROM {source.relation} GROUP BY {key} HAVING COUNT(*) > 1 ORDER BY {key} LIMIT 1"
        ).fetchone()
        if repeated:
            same = " AND ".join(
                f"{column} = '{quoted(value)}'"
                for column, value in zip(source.table.key, repeated, strict=True)
            )
            _refuse_row(
                con, source, same, source.table.key[0], f"each {' and '.join(source.table.key)} once", skip=1
            )


def _check_references(con: duckdb.DuckDBPyConnection, sources: dict[str, Source]) -> None:
    """A school without a calendar or an enrolment at no school cannot be judged. Marks may be astray."""
    references = (
        ("schools", "calendar", "calendar", "calendar", "a calendar that stands in the table calendar"),
        ("enrolments", "school", "schools", "school", "a school that stands in the table schools"),
    )
    for name, column, other, other_column, expected in references:
        condition = f"{column} NOT IN (SELECT {other_column} FROM {sources[other].relation})"
        _refuse_row(con, sources[name], condition, column, expected)
    for name in ("enrolments", "exemptions"):
        _refuse_row(con, sources[name], "until_on < from_on", "until_on", "a last day on or after from_on")


def _refuse_row(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    condition: str,
    column: str,
    expected: str,
    *,
    skip: int = 0,
) -> None:
    """Raise BadInput for the first row (after `skip`) for which the condition holds, if any."""
    found: Any = con.execute(
        f"SELECT file_no, row_no, {column} FROM {source.placed()} WHERE {condition} "
        f"ORDER BY file_no, row_no LIMIT 1 OFFSET {skip}"
    ).fetchone()
    if not found:
        return
    file_no, row_no, value = found
    line = row_no + 1
    if source.parquet != source.files:  # a CSV: the header and quoted line ends count too
        line = locate.line_of_row(source.files[file_no], row_no)
    raise BadInput(str(source.files[file_no]), expected, line=line, column=column, found=str(value))


def refuse_broken_files(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """After an error underneath: raise BadInput for the first Parquet file that cannot be read to its end."""
    import duckdb

    for table in TABLES_IN:
        for file in _parquet_files(table, folder):
            try:
                con.execute(f"SELECT BIT_XOR(HASH(COLUMNS(*))) FROM {reader((file,))}").fetchall()
            except duckdb.Error:
                raise BadInput(str(file), "a whole Parquet file") from None


def hashes(source: Source, folder: Path) -> list[dict[str, Any]]:
    """For the receipt: each file's name within the folder of tables, and SHA-256."""
    found = []
    for file in source.files:
        found.append({"file": file.relative_to(folder).as_posix(), "sha256": sha256_of(file)})
    return found


def within(source: Source, condition: str) -> Source:
    """The same source, only the rows for which the condition holds."""
    return replace(source, relation=f"(SELECT * FROM {source.relation} WHERE {condition})")


def one_path(file: Path) -> str:
    """A path for between quotes in a read: DuckDB would take [, * and ? for a pattern of names."""
    return quoted(re.sub(r"([\[*?])", r"[\1]", str(file)))


def quoted(value: object) -> str:
    """A value or path for between single quotes in SQL."""
    return str(value).replace("'", "''")
