"""Small random regions that go for the edges: moves, overlaps, repeated marks, holidays, leap days."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from inbeeld.engine.schema import TABLES_IN
from inbeeld.kernel.attendance import Attendance, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar
from inbeeld.kernel.region import Region

SECTORS = ("po", "so", "vo", "vso", "mbo")


@dataclass
class RandomRegion:
    """Rows of the six tables, and the day to judge on."""

    on: date
    tables: dict[str, list[list[Any]]] = field(default_factory=dict)

    def write_csv(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES_IN:
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as opened:
                writer = csv.writer(opened)
                writer.writerow(table.names)
                writer.writerows([_text(cell) for cell in row] for row in self.tables[table.name])

    def write_parquet(self, folder: Path, *, files: int) -> None:
        """The same as Parquet, the marks cut into several files in order."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        types = {"text": pa.string(), "date": pa.date32(), "whole": pa.int32(), "truth": pa.bool_()}
        folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES_IN:
            schema = pa.schema([(column.name, types[column.kind]) for column in table.columns])
            rows = self.tables[table.name]
            columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in table.columns]
            whole = pa.Table.from_arrays(
                [pa.array(values, kind.type) for values, kind in zip(columns, schema, strict=True)],
                schema=schema,
            )
            if table.name != "marks":
                pq.write_table(whole, folder / f"{table.name}.parquet")
                continue
            (folder / "marks").mkdir()
            size = len(rows) // files + 1
            for number in range(files):
                pq.write_table(whole.slice(number * size, size), folder / "marks" / f"{number:02d}.parquet")

    def twins(self, region: Region) -> list[Attendance]:
        """Every learner as the plain twin sees it, ordered by key."""
        schools = {row[0]: School(*row) for row in self.tables["schools"]}
        days: dict[str, list[date]] = {}
        for calendar, day, is_school_day in self.tables["calendar"]:
            days.setdefault(calendar, []).extend([day] if is_school_day else [])
        calendars = {name: SchoolCalendar(some) for name, some in days.items()}
        about: dict[str, dict[str, list[list[Any]]]] = {}
        for name in ("learners", "enrolments", "exemptions", "marks"):
            for row in self.tables[name]:
                about.setdefault(row[0], {}).setdefault(name, []).append(row)
        found = []
        for learner, rows in sorted(about.items()):
            if not rows.keys() & {"learners", "enrolments", "exemptions"}:
                continue
            known = rows.get("learners", [[learner, None, None]])[0]
            found.append(
                Attendance(
                    learner=learner,
                    on=self.on,
                    schools=schools,
                    calendars=calendars,
                    enrolments=[Stay(*row[1:]) for row in rows.get("enrolments", [])],
                    exemptions=[Stay(*row[1:]) for row in rows.get("exemptions", [])],
                    marks=[Mark(*row[1:]) for row in rows.get("marks", [])],
                    born_on=known[1],
                    basic_qualification=known[2],
                    region=region,
                )
            )
        return found


def random_region(seed: int, *, learners: int) -> RandomRegion:
    """A region made to hit the edges; the same seed gives the same region."""
    dice = random.Random(seed)
    begin = date(dice.choice((2019, 2023, 2024, 2025)), 8, 1)
    length = dice.choice((60, 200, 365, 500, 800))
    on = begin + timedelta(days=dice.randrange(max(length - 60, 1), length + 20))
    schools = [
        [f"S{number}", dice.choice(SECTORS), dice.choice((1, 2, 5, 7, 9)), f"C{dice.randrange(3)}"]
        for number in range(5)
    ]
    tables: dict[str, list[list[Any]]] = {table.name: [] for table in TABLES_IN}
    tables["schools"] = schools
    for number in range(3):
        _calendar(dice, tables, f"C{number}", begin, length)
    for number in range(learners):
        _learner(dice, tables, f"L{number:05d}", begin, on, schools)
    if dice.random() < 0.5:
        dice.shuffle(tables["marks"])
    return RandomRegion(on, tables)


def _calendar(
    dice: random.Random, tables: dict[str, list[list[Any]]], name: str, begin: date, length: int
) -> None:
    first = begin + timedelta(days=dice.randrange(-20, 30))
    day, holiday_until = first, first
    for day in (first + timedelta(days=number) for number in range(length)):
        if day >= holiday_until and dice.random() < 0.01:
            holiday_until = day + timedelta(days=dice.choice((1, 2, 7, 9, 16)))
        weekday = day.weekday() < 5 or dice.random() < 0.01
        if dice.random() < 0.97 or weekday:
            tables["calendar"].append([name, day, weekday and day >= holiday_until and dice.random() < 0.97])


def _learner(
    dice: random.Random,
    tables: dict[str, list[list[Any]]],
    learner: str,
    begin: date,
    on: date,
    schools: list[list[Any]],
) -> None:
    if dice.random() < 0.97:
        tables["learners"].append([learner, _birth(dice, on), dice.choice((True, False, None))])
    enrolments = _enrolments(dice, learner, begin, on, schools)
    tables["enrolments"] += enrolments
    if dice.random() < 0.08:
        first = on + timedelta(days=dice.randrange(-60, 5))
        until = None if dice.random() < 0.5 else first + timedelta(days=dice.randrange(0, 60))
        tables["exemptions"].append([learner, dice.choice(("5a", "5b", "15", "3a")), first, until])
    _marks(dice, tables, learner, begin, on, enrolments, schools)


def _birth(dice: random.Random, on: date) -> date | None:
    kind = dice.random()
    if kind < 0.05:
        return None
    if kind < 0.1:
        return date(dice.choice((2004, 2008, 2012, 2016, 2020)), 2, 29)
    years = dice.choice((4, 5, 6, 10, 15, 16, 17, 18, 19))
    near = date(on.year - years, dice.choice((1, 2, 7, 8, on.month)), dice.choice((1, 28)))
    return near + timedelta(days=dice.randrange(-3, 33))


def _enrolments(
    dice: random.Random, learner: str, begin: date, on: date, schools: list[list[Any]]
) -> list[list[Any]]:
    found = []
    for _ in range(dice.choice((0, 1, 1, 1, 1, 1, 2, 2, 3))):
        first = dice.choice(
            (begin, begin - timedelta(days=300), begin + timedelta(days=dice.randrange(0, 200)))
        )
        until = None if dice.random() < 0.5 else first + timedelta(days=dice.choice((0, 2, 10, 90, 400)))
        found.append([learner, dice.choice(schools)[0], first, until])
    if found and dice.random() < 0.1:
        found.append(list(found[-1]))
    return found


def _marks(
    dice: random.Random,
    tables: dict[str, list[list[Any]]],
    learner: str,
    begin: date,
    on: date,
    enrolments: list[list[Any]],
    schools: list[list[Any]],
) -> None:
    slots = {school[0]: school[2] for school in schools}
    rate = dice.choice((0.0, 0.02, 0.1, 0.3, 0.8))
    day, last = begin, on + timedelta(days=dice.choice((0, 0, 5)))
    permission, reason = None, "unknown"
    while day <= last and enrolments:
        if dice.random() < rate:
            run = dice.choice((1, 1, 2, 5, 12, 45))
            permission, reason = (
                dice.choice((True, False, None)),
                dice.choice(("sick", "truant", "leave", None)),
            )
            for _ in range(run):
                if dice.random() < 0.08:
                    permission = dice.choice((True, False, None))
                _day_of_marks(dice, tables, learner, day, enrolments, schools, slots, permission, reason)
                day += timedelta(days=1)
                if day > last:
                    break
        day += timedelta(days=dice.choice((1, 1, 1, 4, 9)))


def _day_of_marks(
    dice: random.Random,
    tables: dict[str, list[list[Any]]],
    learner: str,
    day: date,
    enrolments: list[list[Any]],
    schools: list[list[Any]],
    slots: dict[str, int],
    permission: bool | None,
    reason: str | None,
) -> None:
    here = [row for row in enrolments if row[2] <= day and (row[3] is None or day <= row[3])] or enrolments
    school = max(here, key=lambda row: (row[2], row[1]))[1]
    if dice.random() < 0.15:
        school = dice.choice(here)[1] if dice.random() < 0.7 else dice.choice(schools)[0]
    whole = dice.random() < 0.8
    for slot in range(1, slots[school] + 1 + (dice.random() < 0.03)):
        if not whole and dice.random() < 0.6:
            continue
        status = "absent" if dice.random() < 0.97 else dice.choice(("late", "removed", "other"))
        said = permission if dice.random() < 0.95 else dice.choice((True, False, None))
        mark = [learner, school, day, slot, dice.choice((50, 60, 165, None)), status, reason, said]
        tables["marks"].append(mark)
        if dice.random() < 0.01:
            again = list(mark)
            again[1] = school if dice.random() < 0.7 else dice.choice(schools)[0]
            again[3] = slot if dice.random() < 0.9 else 99
            again[5] = dice.choice(("absent", "late"))
            again[7] = dice.choice((True, False, None))
            tables["marks"].append(again)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
