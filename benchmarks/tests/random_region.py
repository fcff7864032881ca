"""Small random regions with everything that makes counting hard, and what the kernel says of them.

Moves, returning enrolments, overlapping ones with marks of both schools, repeated marks in one file and
across files, marks on free days and at other schools, permission not known, learners on no roll or in no
list, leap days, month ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from inbeeld.kernel.attendance import Attendance, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar
from inbeeld.kernel.facts import FACT_COLUMNS

FIRST, LAST = date(2023, 6, 1), date(2024, 7, 31)
SECTORS = ("po", "so", "vo", "vso", "mbo")
Rows = list[dict[str, Any]]


def random_region(
    folder: Path, *, seed: int, learners: int = 60, with_marks: bool = True
) -> tuple[date, list[Attendance]]:
    """Write the six tables as Parquet; the day to judge on, and each learner for the kernel to judge."""
    chance = Random(seed)
    on = FIRST + timedelta(days=chance.randint(100, (LAST - FIRST).days))
    calendars = {key: _calendar(chance) for key in ("A", "B", "C")}
    schools = {
        key: School(key, chance.choice(SECTORS), chance.choice((2, 2, 5, 7)), chance.choice(tuple(calendars)))
        for key in ("S1", "S2", "S3", "S10", "S4")
    }
    people = [_person(f"L{number:04d}", on, schools, calendars, chance) for number in range(learners)]
    marks = [(one.learner, mark) for one in people for mark in one.marks if with_marks]
    chance.shuffle(marks)
    cut = sorted(chance.randint(0, len(marks)) for _ in range(2))
    files = [marks[: cut[0]], marks[cut[0] : cut[1]], marks[cut[1] :]]
    _write(folder, schools, calendars, people, files)
    order: dict[str, list[Mark]] = {one.learner: [] for one in people}
    for learner, mark in marks:
        order[learner].append(mark)
    known = [one for one in people if one.enrolments or one.exemptions or _is_listed(one.learner)]
    return on, [replace(one, marks=order[one.learner]) for one in known]


def kernel_answers(people: list[Attendance]) -> dict[str, Rows]:
    """The rows of the four tables, as the reference twin gives them."""
    answers: dict[str, Rows] = {"facts": [], "episodes": [], "report_duties": [], "sick_alerts": []}
    for child in people:
        key = {"learner": child.learner}
        facts = asdict(child.facts)
        answers["facts"].append({name: facts[name] for name in FACT_COLUMNS})
        answers["episodes"] += [key | asdict(one) for one in child.episodes]
        answers["report_duties"] += [
            key | {"begins_on": one.begins_on, "ends_on": one.ends_on, "hours": one.minutes / 60}
            for one in child.report_duties
        ]
        answers["sick_alerts"] += [key | asdict(one) for one in child.sick_alerts]
    return answers


def _calendar(chance: Random) -> SchoolCalendar:
    free_weeks = {chance.randint(0, 60) for _ in range(9)}
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return SchoolCalendar(
        day
        for day in days
        if day.weekday() < 5 and (day - FIRST).days // 7 not in free_weeks and chance.random() > 0.03
    )


def _is_listed(learner: str) -> bool:
    """Some learners are known only from an enrolment or an exemption, or from a mark alone."""
    return not learner.endswith("7")


def _person(
    learner: str, on: date, schools: dict[str, School], calendars: dict[str, SchoolCalendar], chance: Random
) -> Attendance:
    stays = tuple(_stays(schools, chance))
    exemptions = tuple(
        Stay(chance.choice(("5a", "15")), day, chance.choice((None, day + timedelta(days=60))))
        for day in [_day(chance)] * (chance.random() < 0.1)
    )
    born = chance.choice(
        (None, date(2008, 2, 29), date(2018, 8, 1), _born(chance), _born(chance), _born(chance))
    )
    listed = _is_listed(learner)
    return Attendance(
        learner, on, schools, calendars, stays, exemptions,
        marks=list(_marks(stays, schools, calendars, chance)),
        born_on=born if listed else None,
        basic_qualification=chance.choice((None, True, False)) if listed else None,
    )  # fmt: skip


def _stays(schools: dict[str, School], chance: Random) -> Iterator[Stay]:
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2, 2, 3, 5))):
        from_on = chance.choice((date(2023, 1, 1), date(2023, 8, 1), date(2023, 8, 1), _day(chance)))
        until_on = chance.choice(
            (None, None, from_on + timedelta(days=chance.choice((0, 1, 6, chance.randint(2, 250)))))
        )
        yield Stay(chance.choice(tuple(schools)), from_on, until_on)


def _marks(
    stays: tuple[Stay, ...], schools: dict[str, School], calendars: dict[str, SchoolCalendar], chance: Random
) -> Iterator[Mark]:
    kind = chance.choice(("rare", "rare", "often", "at home", "sick"))
    for stay in stays or (Stay(chance.choice(tuple(schools)), FIRST, None),):
        school = schools[stay.what]
        days = calendars[school.calendar].days
        for _ in range({"rare": 2, "often": 25, "at home": 3, "sick": 9}[kind]):
            begin = chance.randrange(len(days))
            length = chance.choice((20, 60, 250)) if kind == "at home" else chance.choice((1, 1, 2, 3, 8))
            permission = chance.choice((True, False, False, None))
            reason = "sick" if kind == "sick" else chance.choice(("sick", "truant", "leave", "unknown", None))
            for day in days[begin : begin + length]:
                yield from _marks_of_day(day, school, permission, reason, tuple(schools), chance)
    yield from _marks_during_overlaps(stays, schools, calendars, chance)
    if chance.random() < 0.5:
        yield Mark(chance.choice(tuple(schools)), _day(chance), 1, 60, "absent", "sick", False)


def _marks_during_overlaps(
    stays: tuple[Stay, ...], schools: dict[str, School], calendars: dict[str, SchoolCalendar], chance: Random
) -> Iterator[Mark]:
    """Days on which two schools of enrolment report, in the same slots and in others."""
    for pair in combinations(stays, 2):
        begin = max(stay.from_on for stay in pair)
        end = min(stay.until_on or LAST for stay in pair)
        both = [schools[stay.what] for stay in pair]
        days = [day for school in both for day in calendars[school.calendar].between(begin, end)]
        for day in chance.sample(days, min(len(days), chance.choice((0, 10, 40)))):
            for school in both:
                yield from _marks_beside_another_school(day, school, chance)


def _marks_beside_another_school(day: date, school: School, chance: Random) -> Iterator[Mark]:
    for slot in range(1, school.slots_per_day + 1):
        if chance.random() < 0.6:
            yield Mark(
                school.school,
                day,
                slot=slot + chance.choice((0, 0, school.slots_per_day)),
                minutes=chance.choice((None, 50, 165)),
                status="absent" if chance.random() < 0.9 else "late",
                reason=chance.choice(("sick", "truant", None)),
                permission=chance.choice((True, False, False, None)),
            )


def _marks_of_day(
    day: date,
    school: School,
    permission: bool | None,
    reason: str | None,
    schools: tuple[str, ...],
    chance: Random,
) -> Iterator[Mark]:
    part = chance.random() < (0.01 if reason == "leave" else 0.15)
    for slot in range(1, school.slots_per_day + 1 + (chance.random() < 0.05)):
        if part and chance.random() < 0.7:
            continue
        for _ in range(2 if chance.random() < 0.04 else 1):
            yield Mark(
                school=chance.choice(schools) if chance.random() < 0.01 else school.school,
                date=day + timedelta(days=2 if chance.random() < 0.005 else 0),
                slot=slot + (63 if chance.random() < 0.01 else 0),
                minutes=chance.choice((None, 50, 50, 45, 165)),
                status="absent" if chance.random() < 0.97 else chance.choice(("late", "removed", "other")),
                reason=reason,
                permission=permission if chance.random() < 0.9 else chance.choice((True, False, None)),
            )


def _day(chance: Random) -> date:
    return FIRST + timedelta(days=chance.randint(0, (LAST - FIRST).days))


def _born(chance: Random) -> date:
    return date(2005, 6, 1) + timedelta(days=chance.randint(0, 5500))


def _write(
    folder: Path,
    schools: dict[str, School],
    calendars: dict[str, SchoolCalendar],
    people: list[Attendance],
    files: list[list[tuple[str, Mark]]],
) -> None:
    import pyarrow as pa

    text, day, truth = pa.string(), pa.date32(), pa.bool_()
    stay = [("from_on", day), ("until_on", day)]
    write_rows(
        folder / "schools.parquet",
        [asdict(one) for one in schools.values()],
        [("school", text), ("sector", text), ("slots_per_day", pa.int32()), ("calendar", text)],
    )
    dates = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    write_rows(
        folder / "calendar.parquet",
        [
            {"calendar": key, "date": one, "school_day": one in calendar}
            for key, calendar in calendars.items()
            for one in dates
        ],
        [("calendar", text), ("date", day), ("school_day", truth)],
    )
    write_rows(
        folder / "learners.parquet",
        [asdict(one) for one in people if _is_listed(one.learner)],
        [("learner", text), ("born_on", day), ("basic_qualification", truth)],
    )
    for table, column in (("enrolments", "school"), ("exemptions", "article")):
        rows = [
            {"learner": one.learner, column: each.what, "from_on": each.from_on, "until_on": each.until_on}
            for one in people
            for each in getattr(one, table)
        ]
        write_rows(folder / f"{table}.parquet", rows, [("learner", text), (column, text), *stay])
    (folder / "marks").mkdir()
    for number, rows_of_file in enumerate(files):
        write_rows(
            folder / "marks" / f"delivery-{number}.parquet",
            [{"learner": learner, **asdict(mark)} for learner, mark in rows_of_file],
            [
                ("learner", text), ("school", text), ("date", day), ("slot", pa.int32()),
                ("minutes", pa.int32()), ("status", text), ("reason", text), ("permission", truth),
            ],
        )  # fmt: skip


def write_rows(path: Path, rows: Rows, columns: list[tuple[str, Any]]) -> None:
    """One Parquet file with exactly these columns, in this order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in columns}), path
    )
