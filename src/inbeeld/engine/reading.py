"""Read a snapshot back: rows of one table, or everything about one learner as the kernel sees it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import CALENDAR, ENROLMENTS, EXEMPTIONS, LEARNERS, MARKS, SCHOOLS, Table
from inbeeld.engine.tables import reader
from inbeeld.kernel.attendance import Attendance, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar
from inbeeld.kernel.region import Region

if TYPE_CHECKING:
    import duckdb


def rows(file: Path, *, at_once: int = 10_000) -> Iterator[dict[str, Any]]:
    """The rows of one Parquet file, in order, a bounded number in memory at once."""
    with _database().cursor() as con:
        found = con.execute(f"SELECT * FROM {reader((file,))}")
        names = [column[0] for column in found.description or ()]
        while some := found.fetchmany(at_once):
            for values in some:
                yield dict(zip(names, values, strict=True))


def attendance_of(folder: Path, learner: str, *, on: date, region: Region) -> Attendance:
    """One learner out of a snapshot (contract §2 tables as Parquet), for the plain twin.

    Of a learner who is not in it, for instance no longer, nothing is known: no enrolments and no marks.
    """
    with _database().cursor() as con:

        def about(table: Table) -> list[tuple[Any, ...]]:
            where = "WHERE learner = $learner" if "learner" in table.names else ""
            return con.execute(
                f"SELECT {', '.join(table.names)} FROM {_relation(folder, table)} {where}",
                {"learner": learner} if where else {},
            ).fetchall()

        return assemble(about, learner, on=on, region=region)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """The database with which a process reads: opening one takes longer than reading a small file.

    Empty, and remembering nothing of the files.
    """
    import duckdb

    return duckdb.connect(config={"threads": 1, "enable_external_file_cache": False})


# Its threads stay behind in the parent: a child that closed what it inherited would wait for them for ever.
os.register_at_fork(before=_database.cache_clear)


def assemble(
    about: Callable[[Table], list[tuple[Any, ...]]], learner: str, *, on: date, region: Region
) -> Attendance:
    """Put one learner's rows together."""
    enrolments = [Stay(school, begin, end) for _, school, begin, end in about(ENROLMENTS)]
    known = about(LEARNERS)
    exemptions = [Stay(article, begin, end) for _, article, begin, end in about(EXEMPTIONS)]
    attended = {stay.what for stay in enrolments}
    schools = {row[0]: School(*row) for row in about(SCHOOLS) if row[0] in attended}
    days: dict[str, list[date]] = {school.calendar: [] for school in schools.values()}
    for calendar, day, is_school_day in about(CALENDAR):
        if is_school_day and calendar in days:
            days[calendar].append(day)
    return Attendance(
        learner=learner,
        on=on,
        schools=schools,
        calendars={calendar: SchoolCalendar(school_days) for calendar, school_days in days.items()},
        enrolments=enrolments,
        exemptions=exemptions,
        marks=[Mark(*row[1:]) for row in about(MARKS)],
        born_on=known[0][1] if known else None,
        basic_qualification=known[0][2] if known else None,
        region=region,
    )


def _relation(folder: Path, table: Table) -> str:
    single = folder / f"{table.name}.parquet"
    files = (single,) if single.is_file() else tuple(sorted((folder / table.name).rglob("*.parquet")))
    if not files:
        raise BadInput(str(single), f"the table {table.name}")
    return reader(files)
