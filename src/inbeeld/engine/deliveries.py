"""What a school delivered, and which marks stand after it: delivered twice is delivered once.

A delivery speaks for one school and a run of days. Of those days it says everything the school knows: what
was said of them before no longer stands, also where the new one is silent, because an absence that was taken
back leaves no row. Withdrawing a delivery is working out what stands without it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbeeld.engine.cells import SQL_TYPES
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.rosters import rename_learners
from inbeeld.engine.schema import CALENDAR, ENROLMENTS, MARKS, SCHOOLS
from inbeeld.engine.tables import one_path, quoted, reader

if TYPE_CHECKING:
    import duckdb

MARKED = ", ".join(MARKS.names)
#: What makes two marks the same place, and what can then differ between them.
PLACE = ("learner", "date", "slot")
SAID = ("status", "reason", "permission", "minutes")
_ORDER = "ORDER BY learner, date, slot"
_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"
#: Between the name of a calendar and the school that has one of its own, as days are missing.
_OWN = " @ "
ADDED, CHANGED, GONE = "added", "changed", "gone"


@dataclass(frozen=True)
class Delivered:
    """The marks of one delivery (a Parquet file with one row a place), and the days it speaks for."""

    marks: Path
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Kept:
    """What was kept of an import: marks, how many said again what stood in the file, and their days.

    `ahead`: marks of days to come, which are not kept.
    """

    marks: int
    repeated: int
    ahead: int
    learners: int
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True)
class Amount:
    """How many marks, of how many learners; `backwards`: those on days spoken for before."""

    marks: int = 0
    learners: int = 0
    backwards: int = 0


@dataclass(frozen=True)
class Difference:
    """A delivery beside what stood: marks that are new, say something else, or no longer stand."""

    added: Amount
    changed: Amount
    gone: Amount

    @property
    def is_nothing(self) -> bool:
        return not (self.added.marks or self.changed.marks or self.gone.marks)


def keep_marks(
    imported: Path, to: Path, *, latest: date, school: str = "", tables: Path | None = None
) -> Kept:
    """The marks of an import (its marks.csv) as a delivery's file; of a place the later row stands.

    `to`: the Parquet file to write; `latest`: the last day that has been; `tables`, of a `school`: where
    stands by which key the region knows each learner (rosters.known_as). Raises BadInput without marks.
    """
    file = imported / "marks.csv"
    if not file.is_file():
        raise BadInput(str(imported), "an import that filled marks")
    columns = ", ".join(f"'{column.name}': '{SQL_TYPES[column.kind]}'" for column in MARKS.columns)
    with _connected() as con:
        con.execute(
            f"CREATE TABLE delivered AS SELECT {MARKED}, ROW_NUMBER() OVER () AS row_no FROM read_csv("
            f"'{one_path(file)}', auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
            f"columns={{{columns}}}, nullstr='', parallel=false)"
        )
        if tables is not None:
            rename_learners(con, "delivered", school=school, tables=tables)
        last_said = f"ROW_NUMBER() OVER (PARTITION BY {', '.join(PLACE)} ORDER BY row_no DESC) = 1"
        been = f"date <= DATE '{latest}'"
        _write(con, f"SELECT {MARKED} FROM delivered WHERE {been} QUALIFY {last_said}", to)
        rows, ahead = con.execute(
            f"SELECT COUNT(CASE WHEN {been} THEN 1 END), COUNT(CASE WHEN NOT {been} THEN 1 END) "
            "FROM delivered"
        ).fetchall()[0]
        marks, learners, first_on, last_on = con.execute(
            f"SELECT COUNT(*), COUNT(DISTINCT learner), MIN(date), MAX(date) FROM {reader((to,))}"
        ).fetchall()[0]
    return Kept(marks, rows - marks, ahead, learners, first_on, last_on)


def days_of(marks: Path) -> tuple[date, date]:
    """The first and the last day on which a delivery's file has a mark; it has at least one."""
    with _connected() as con:
        first_on, last_on = con.execute(f"SELECT MIN(date), MAX(date) FROM {reader((marks,))}").fetchall()[0]
    return first_on, last_on


def write_standing(deliveries: Sequence[Delivered], to: Path) -> int:
    """Write the marks that stand after these deliveries, in the order of acceptance; returns how many."""
    with _connected() as con:
        return _write(con, f"SELECT {MARKED} FROM {_standing(deliveries)}", to)


def compare_delivery(
    before: Sequence[Delivered], new: Delivered, to: Path, *, known_until: date | None
) -> Difference:
    """Lay a delivery beside what stands of the days it speaks for; each difference is a row of the CSV `to`.

    `known_until`: the last day an earlier delivery spoke for. Raises BadInput when the delivery has marks on
    days it does not speak for.
    """
    with _connected() as con:
        _refuse_other_days(con, new)
        con.execute(f"CREATE VIEW old AS SELECT * FROM {_standing(before)} WHERE {_within(new)}")
        con.execute(f"CREATE VIEW new AS SELECT * FROM {reader((new.marks,))}")
        differ = " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in SAID)
        said = ", ".join(f"o.{name} AS {name}_before, n.{name} AS {name}" for name in SAID)
        con.execute(
            f"CREATE TABLE differences AS SELECT CASE WHEN o.learner IS NULL THEN '{ADDED}' "
            f"WHEN n.learner IS NULL THEN '{GONE}' ELSE '{CHANGED}' END AS kind, "
            f"{', '.join(f'COALESCE(o.{name}, n.{name}) AS {name}' for name in PLACE)}, {said} "
            f"FROM old AS o FULL OUTER JOIN new AS n USING ({', '.join(PLACE)}) "
            f"WHERE o.learner IS NULL OR n.learner IS NULL OR {differ}"
        )
        con.execute(f"COPY (SELECT * FROM differences {_ORDER}) TO '{quoted(to)}' (HEADER)")
        found = con.execute(
            "SELECT kind, COUNT(*), COUNT(DISTINCT learner), COUNT(CASE WHEN date <= ? THEN 1 END) "
            "FROM differences GROUP BY kind", [known_until]
        ).fetchall()  # fmt: skip
    amounts = {kind: Amount(*counts) for kind, *counts in found}
    return Difference(*(amounts.get(kind, Amount()) for kind in (ADDED, CHANGED, GONE)))


def strangers(marks: Path, *, tables: Path, school: str) -> list[tuple[str, int]]:
    """Learners with marks on days they are not enrolled at this school, and how many: kept, not counted."""
    with _connected() as con:
        enrolments = reader((tables / f"{ENROLMENTS.name}.parquet",))
        enrolled = (
            f"SELECT 1 FROM {enrolments} AS e WHERE e.learner = m.learner AND e.school = '{quoted(school)}' "
            "AND m.date >= e.from_on AND (e.until_on IS NULL OR m.date <= e.until_on)"
        )
        return con.execute(
            f"SELECT learner, COUNT(*) FROM {reader((marks,))} AS m WHERE NOT EXISTS ({enrolled}) "
            "GROUP BY learner ORDER BY learner"
        ).fetchall()


def marks_of_days(tables: Path, *, school: str, from_on: date, until_on: date) -> list[tuple[Any, ...]]:
    """learner, date, slot, minutes, status, reason and permission of a school's marks on these days."""
    files = _mark_files(tables)
    if not files:
        return []
    with _connected() as con:
        return con.execute(
            f"SELECT learner, date, slot, minutes, status, reason, permission FROM {reader(files)} "
            f"WHERE school = '{quoted(school)}' AND date BETWEEN ? AND ? {_ORDER}", [from_on, until_on]
        ).fetchall()  # fmt: skip


def take_out(tables: Path, *, school: str, to: Path) -> int:
    """The marks of one school out of a snapshot's tables, as a delivery's file; returns how many."""
    files = _mark_files(tables)
    ours = f"SELECT {MARKED} FROM {reader(files)} WHERE school = '{quoted(school)}'" if files else _nothing()
    with _connected() as con:
        return _write(con, ours, to)


def put_in(tables: Path, marks: Mapping[str, Path], *, out: Path) -> None:
    """New tables in the folder `out`: those of `tables`, with other marks of some schools.

    `marks`: school → the file instead of what it had. What does not change is the same file on disk: a file
    of a snapshot is never written in again.
    """
    names = ", ".join(f"'{quoted(school)}'" for school in marks)
    theirs = f"school IN ({names})"
    with_marks = _mark_files(tables) if marks else ()
    for file in sorted(tables.rglob("*")):
        if file.is_file() and file not in with_marks:
            _same(file, out / file.relative_to(tables))
    with _connected() as con:
        for file in with_marks:
            count = f"SELECT COUNT(*), COUNT(CASE WHEN {theirs} THEN 1 END) FROM {reader((file,))}"
            rows, replaced = con.execute(count).fetchall()[0]
            to = out / MARKS.name / file.name
            if not replaced:
                _same(file, to)
            elif replaced < rows:
                to.parent.mkdir(parents=True, exist_ok=True)
                _write(con, f"SELECT {MARKED} FROM {reader((file,))} WHERE NOT {theirs}", to)
    for school, file in marks.items():
        _same(file, out / MARKS.name / f"{file_name(school)}.parquet")


def only_known_days(
    tables: Path, spoken: Sequence[tuple[str, date, date]], *, known_until: date, on: date
) -> None:
    """Let no day exist for a school of which nobody said anything: nobody was seen there, so nobody was back.

    `spoken`: school, first and last day of each delivery that counts; up to `known_until` everything is
    known. A school with a day missing until `on` gets a calendar of its own without it; one that caught up
    has that of all again. Writes new files in `tables`, never in those of another snapshot.
    """
    schools, calendar = (tables / f"{one.name}.parquet" for one in (SCHOOLS, CALENDAR))
    is_known = (
        f"d.date <= DATE '{known_until}' OR d.date > DATE '{on}' OR EXISTS (SELECT 1 FROM spoken AS k "
        "WHERE k.school = p.school AND d.date BETWEEN k.from_on AND k.until_on)"
    )
    with _connected() as con:
        con.execute("CREATE TABLE spoken (school VARCHAR, from_on DATE, until_on DATE)")
        if spoken:
            con.executemany("INSERT INTO spoken VALUES (?, ?, ?)", [list(one) for one in spoken])
        con.execute(
            f"CREATE TABLE days AS SELECT calendar, date, school_day FROM {reader((calendar,))} "
            f"WHERE NOT contains(calendar, '{_OWN}')"
        )
        con.execute(
            f"CREATE TABLE placed AS SELECT *, split_part(calendar, '{_OWN}', 1) AS base "
            f"FROM {reader((schools,))}"
        )
        con.execute(
            "CREATE TABLE behind AS SELECT DISTINCT p.school FROM placed AS p "
            f"JOIN days AS d ON d.calendar = p.base WHERE d.school_day AND NOT ({is_known})"
        )
        con.execute(
            f"UPDATE placed SET calendar = base || CASE WHEN school IN (SELECT school FROM behind) "
            f"THEN '{_OWN}' || school ELSE '' END"
        )
        con.execute(
            f"INSERT INTO days SELECT p.calendar, d.date, d.school_day AND ({is_known}) FROM placed AS p "
            "JOIN days AS d ON d.calendar = p.base WHERE p.calendar <> p.base"
        )
        for file, rows in (
            (schools, "SELECT * EXCLUDE (base) FROM placed ORDER BY school"),
            (calendar, "SELECT * FROM days ORDER BY calendar, date"),
        ):
            beside = file.with_suffix(".new")
            con.execute(f"COPY ({rows}) TO '{quoted(beside)}' {_PARQUET}")
            os.replace(beside, file)


def _connected() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={"threads": 2, "memory_limit": "500MB"})


def _write(con: duckdb.DuckDBPyConnection, rows: str, to: Path) -> int:
    """Write what a query gives as a delivery's file; returns the number of rows."""
    con.execute(f"COPY ({rows} {_ORDER}) TO '{quoted(to)}' {_PARQUET}")
    return int(con.execute(f"SELECT COUNT(*) FROM {reader((to,))}").fetchall()[0][0])


def _standing(deliveries: Sequence[Delivered]) -> str:
    """SQL for the marks that stand: of each delivery those of days no later one speaks for."""
    parts = []
    for number, one in enumerate(deliveries):
        later = "".join(f" AND NOT {_within(other)}" for other in deliveries[number + 1 :])
        parts.append(f"SELECT {MARKED} FROM {reader((one.marks,))} WHERE {_within(one)}{later}")
    return f"({' UNION ALL '.join(parts)})" if parts else f"({_nothing()})"


def _within(one: Delivered) -> str:
    return f"(date BETWEEN DATE '{one.from_on}' AND DATE '{one.until_on}')"


def _nothing() -> str:
    columns = ", ".join(f"NULL::{SQL_TYPES[column.kind]} AS {column.name}" for column in MARKS.columns)
    return f"SELECT {columns} WHERE FALSE"


def _refuse_other_days(con: duckdb.DuckDBPyConnection, one: Delivered) -> None:
    found: Any = con.execute(
        f"SELECT MIN(date), MAX(date) FROM {reader((one.marks,))} WHERE NOT {_within(one)}"
    ).fetchall()[0]
    if found[0] is not None:
        days = f"days from {one.from_on} to {one.until_on}, for which it speaks"
        raise BadInput("the delivery", f"marks on {days}", column="date", found=str(found[0]))


def _mark_files(tables: Path) -> tuple[Path, ...]:
    single = tables / f"{MARKS.name}.parquet"
    return (single,) if single.is_file() else tuple(sorted((tables / MARKS.name).glob("*.parquet")))


def file_name(school: str) -> str:
    """A school's key as the name of a file: letters and digits as they are, the rest by number."""
    plain = (one if one.isascii() and one.isalnum() else f"-{ord(one):x}-" for one in school)
    return f"school-{''.join(plain)}"


def _same(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    os.link(file, to)
