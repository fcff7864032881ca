"""Build the region school group by school group, so that any number of learners fits in the same memory.

Each group goes through the SQL steps in `sql/` in reading order (children, spells, marks, people, tables,
listed) and is written at once; the small tables are joined from their parts at the end.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inbeeld.engine.invented.filling import counted, sql
from inbeeld.engine.invented.list_styles import LEERPLICHT, SWV_PO, SWV_VO
from inbeeld.engine.invented.lists import write_csv, write_lists
from inbeeld.engine.invented.region import School, build_region, organisations
from inbeeld.engine.invented.staging import set_stage
from inbeeld.engine.invented.stories import StoryChild, story_children
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.snapshot import building, refuse_somebody_elses
from inbeeld.engine.tables import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MADE_BY: Final = "inbeeld generate"
LISTS: Final = (SWV_VO, SWV_PO, LEERPLICHT)
MARKER: Final = "generated.json"
PARTED_TABLES: Final = ("learners", "enrolments", "exemptions", "people")
ROW_GROUP: Final = 100_000
MARK_COLUMNS: Final = "learner, school, date, slot::INTEGER AS slot, minutes, status, reason, permission"
PARQUET: Final = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"


def generate_region(
    out: Path,
    *,
    learners: int,
    seed: int,
    school_year: int,
    on: date | None,
    progress: Callable[[str], None],
) -> None:
    """See `inbeeld.engine.invented.generate`."""
    import duckdb

    if learners < 1:
        raise BadInput("--learners", "a whole number of 1 or more", found=str(learners))
    judged_on = on or date(school_year + 1, 4, 17)
    if not date(school_year + 1, 1, 10) <= judged_on <= date(school_year + 1, 7, 31):
        expected = f"a date from {school_year + 1}-01-10 to {school_year + 1}-07-31"
        raise BadInput("--on", expected, found=judged_on.isoformat())
    region = build_region(learners=learners, seed=seed, school_year=school_year)
    groups = [group for group in region.groups if group[-1].last >= group[0].first]
    stories = _numbered_stories(story_children(region, judged_on), groups[0])
    refuse_somebody_elses(out, made_by=MADE_BY)
    with building(out, made_by=MADE_BY) as folder, duckdb.connect(":memory:") as con:
        _settle(con, spill=folder / "spill")
        set_stage(con, region, stories=stories, learners=learners, seed=seed, judged_on=judged_on)
        counts = {
            "schools": _copy(con, "schools_out", folder / "schools.parquet"),
            "calendar": _copy(con, "calendar_out", folder / "calendar.parquet"),
        }
        marks = 0
        for number, group in enumerate(groups, start=1):
            progress(f"marks: school group {number} of {len(groups)}")
            marks += _generate_group(con, group, folder=folder, number=number)
            con.execute(sql("listed"))
            con.execute(sql("clear"))
        progress("tables, lists and people")
        counts |= {name: _join_parts(con, name, folder=folder) for name in PARTED_TABLES}
        counts["marks"] = marks
        counts |= write_lists(con, folder / "lists", LISTS)
        counts["list_truth"] = write_csv(
            con, "SELECT list, id, learner FROM truth ORDER BY list, id", folder / "list_truth.csv"
        )
        counts["organisations"] = _write_csv(
            folder / "organisations.csv",
            ("id", "kind", "name", "brin", "municipality", "sector"),
            organisations(region),
        )
        counts["story"] = _write_csv(
            folder / "story.csv", ("learner", "story", "title_nl"), _story_rows(con, stories)
        )
        _write_account(
            folder, learners=learners, seed=seed, school_year=school_year, on=judged_on, counts=counts
        )


def _settle(con: DuckDBPyConnection, *, spill: Path) -> None:
    """One thread and a fixed order: the same bytes every time, and room left for the rest of the machine."""
    for setting in ("threads = 1", "memory_limit = '200MB'", "preserve_insertion_order = true"):
        con.execute(f"SET {setting}")
    con.execute(f"SET temp_directory = '{quoted(spill)}'")


def _numbered_stories(stories: Iterable[StoryChild], group: tuple[School, ...]) -> dict[int, StoryChild]:
    """Learner numbers for the stories, spread over the first school group; twins stay neighbours."""
    told = list(stories)
    first, last = group[0].first, group[-1].last
    room = last - first + 1
    if room < 2 * len(told):
        return {first + place: child for place, child in enumerate(told[:room])}
    step = room // len(told)
    numbers = {first + place * step: child for place, child in enumerate(told)}
    return _twins_beside(numbers)


def _twins_beside(numbers: dict[int, StoryChild]) -> dict[int, StoryChild]:
    """The second of two children in one story gets the number after the first."""
    placed: dict[int, StoryChild] = {}
    for number, child in numbers.items():
        before = next((other for other, story in placed.items() if story.story == child.story), None)
        placed[number if before is None else before + 1] = child
    return placed


def _generate_group(con: DuckDBPyConnection, group: tuple[School, ...], *, folder: Path, number: int) -> int:
    """Generate and write one school group; how many marks it has."""
    bounds = {
        "from_school": group[0].number,
        "to_school": group[-1].number,
        "from_learner": group[0].first,
        "to_learner": group[-1].last,
    }
    for name, value in bounds.items():
        con.execute(f"SET VARIABLE {name} = {value}")
    for step in ("children", "spells", "marks", "households", "people", "tables"):
        con.execute(sql(step))
    for table in PARTED_TABLES:
        _copy(con, f"{table}_out", folder / "parts" / table / f"group-{number:05d}.parquet")
    return _copy(
        con, "mark_out", folder / "marks" / f"group-{number:05d}.parquet", columns=MARK_COLUMNS, order="mark"
    )


def _copy(
    con: DuckDBPyConnection, view: str, to: Path, *, columns: str = "*", order: str | None = None
) -> int:
    """Write a view as Parquet; the number of rows."""
    to.parent.mkdir(parents=True, exist_ok=True)
    ordered = f"SELECT {columns} FROM {view}" + (f" ORDER BY {order}" if order else "")
    return counted(con, f"COPY ({ordered}) TO '{quoted(to)}' ({PARQUET})")


def _join_parts(con: DuckDBPyConnection, table: str, *, folder: Path) -> int:
    """One Parquet file from the parts of all groups; the parts go."""
    parts = sorted((folder / "parts" / table).iterdir())
    read = ", ".join(f"'{quoted(part)}'" for part in parts)
    whole = quoted(folder / f"{table}.parquet")
    rows = counted(con, f"COPY (FROM read_parquet([{read}])) TO '{whole}' ({PARQUET})")
    for part in parts:
        part.unlink()
    (folder / "parts" / table).rmdir()
    if not any((folder / "parts").iterdir()):
        (folder / "parts").rmdir()
    return rows


def _story_rows(con: DuckDBPyConnection, stories: dict[int, StoryChild]) -> list[tuple[str, str, str]]:
    rows = con.execute("SELECT n, learner FROM story_child ORDER BY n").fetchall()
    return [(learner, stories[number].story, stories[number].title_nl) for number, learner in rows]


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> int:
    """Write CSV; the number of rows without the header."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_account(
    folder: Path, *, learners: int, seed: int, school_year: int, on: date, counts: dict[str, int]
) -> None:
    import duckdb

    account = {
        "region": "Noorderveen",
        "learners": learners,
        "seed": seed,
        "school_year": school_year,
        "on": on.isoformat(),
        "rows": counts,
        "made_with": {"duckdb": duckdb.__version__},
    }
    (folder / MARKER).write_text(json.dumps(account, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
