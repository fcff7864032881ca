"""What anyone may expect of the invented tables."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from inbeeld.engine.invented import generate
from inbeeld.engine.invented.tests.conftest import LEARNERS, SEED, Generated
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import REASONS, TABLES_IN, Table

TYPES = {"text": "VARCHAR", "date": "DATE", "whole": "INTEGER", "truth": "BOOLEAN"}
FURTHER_REASONS = ("suspended",)


@pytest.mark.parametrize("table", TABLES_IN, ids=lambda table: table.name)
def test_every_table_has_the_columns_and_types_of_the_schema(region: Generated, table: Table) -> None:
    found = [(name, kind) for name, kind, *_ in region.ask(f"DESCRIBE {table.name}")]
    assert found == [(column.name, TYPES[column.kind]) for column in table.columns]


@pytest.mark.parametrize("table", TABLES_IN, ids=lambda table: table.name)
def test_every_value_is_one_the_schema_allows(region: Generated, table: Table) -> None:
    for column in table.columns:
        if column.required:
            assert region.number(f"SELECT count(*) FROM {table.name} WHERE {column.name} IS NULL") == 0
        if column.one_of:
            allowed = ", ".join(f"'{value}'" for value in column.one_of)
            wrong = f"SELECT count(*) FROM {table.name} WHERE {column.name} NOT IN ({allowed})"
            assert region.number(wrong) == 0
        if column.kind == "whole":
            bounds = f"{column.name} NOT BETWEEN {column.at_least} AND {column.at_most}"
            assert region.number(f"SELECT count(*) FROM {table.name} WHERE {bounds}") == 0


@pytest.mark.parametrize("table", [table for table in TABLES_IN if table.key], ids=lambda table: table.name)
def test_no_key_stands_twice(region: Generated, table: Table) -> None:
    key = ", ".join(table.key)
    assert region.ask(f"SELECT {key} FROM {table.name} GROUP BY {key} HAVING count(*) > 1") == []


def test_reasons_are_the_known_ones_and_the_two_of_the_stories(region: Generated) -> None:
    found = {reason for (reason,) in region.ask("SELECT DISTINCT reason FROM marks WHERE reason IS NOT NULL")}
    assert found <= {*REASONS, *FURTHER_REASONS}


def test_every_row_points_at_a_learner_a_school_and_a_calendar_that_exist(region: Generated) -> None:
    for table in ("enrolments", "exemptions", "marks", "people", "story", "list_truth"):
        assert (
            region.number(f"SELECT count(*) FROM {table} WHERE learner NOT IN (SELECT learner FROM learners)")
            == 0
        )
    for table in ("enrolments", "marks", "leerplicht", "swv_vo", "swv_po"):
        assert (
            region.number(f"SELECT count(*) FROM {table} WHERE school NOT IN (SELECT school FROM schools)")
            == 0
        )
    assert (
        region.number("SELECT count(*) FROM schools WHERE calendar NOT IN (SELECT calendar FROM calendar)")
        == 0
    )
    schools = "SELECT id FROM organisations WHERE kind = 'school' EXCEPT SELECT school FROM schools"
    assert region.ask(schools) == []


def test_every_learner_is_a_person_and_the_account_counts_every_row(region: Generated) -> None:
    assert (
        region.number("SELECT count(*) FROM people")
        == region.number("SELECT count(*) FROM learners")
        == LEARNERS
    )
    account = json.loads((region.folder / "generated.json").read_text("utf-8"))
    assert (account["learners"], account["seed"], account["school_year"]) == (LEARNERS, SEED, 2025)
    assert date.fromisoformat(account["on"]) == date(2026, 4, 17)
    for table, rows in account["rows"].items():
        assert region.number(f"SELECT count(*) FROM {table}") == rows


def test_the_calendars_hold_every_date_of_the_school_year(region: Generated) -> None:
    spans = region.ask("SELECT DISTINCT min(date), max(date), count(*) FROM calendar GROUP BY calendar")
    assert spans == [(date(2025, 8, 1), date(2026, 7, 31), 365)]


@pytest.mark.parametrize(
    ("calendar", "day", "open_"),
    [
        ("Noord", date(2025, 8, 22), False),
        ("Noord", date(2025, 8, 25), True),
        ("Zuid", date(2025, 8, 18), True),
        ("Midden", date(2026, 2, 16), False),
        ("Noord", date(2026, 2, 16), True),
        ("Noord", date(2026, 4, 3), False),
        ("Noord-goede-vrijdag", date(2026, 4, 3), True),
        ("Noord", date(2026, 4, 6), False),
        ("Noord", date(2026, 5, 15), False),
        ("Noord", date(2026, 4, 18), False),
    ],
)
def test_holidays_weekends_and_good_friday_are_as_in_the_holiday_region(
    region: Generated, calendar: str, day: date, open_: bool
) -> None:
    question = f"SELECT school_day FROM calendar WHERE calendar = '{calendar}' AND date = '{day}'"
    assert region.number(question) is open_


def test_marks_are_sorted_and_each_file_has_its_own_range_of_learners(tmp_path: Path) -> None:
    import duckdb

    generate(tmp_path / "out", learners=11_000, seed=2)
    ranges = []
    for file in sorted((tmp_path / "out" / "marks").iterdir()):
        with duckdb.connect(":memory:") as con:
            found = con.execute(f"SELECT learner, date, slot FROM '{file}'").fetchall()
        assert found == sorted(found)
        ranges.append((found[0][0], found[-1][0]))
    assert len(ranges) == 2
    assert ranges[0][1] < ranges[1][0]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(tmp_path: Path) -> None:
    for name, seed in (("first", 4), ("again", 4), ("other", 5)):
        generate(tmp_path / name, learners=300, seed=seed)
    first, again, other = (_contents(tmp_path / name) for name in ("first", "again", "other"))
    assert first == again
    assert first["marks/group-00001.parquet"] != other["marks/group-00001.parquet"]


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_nothing_but_the_promised_files_is_left(region: Generated) -> None:
    assert sorted(_contents(region.folder)) == [
        ".inbeeld.json", "calendar.parquet", "enrolments.parquet", "exemptions.parquet", "generated.json",
        "learners.parquet",
        "list_truth.csv", "lists/leerplicht.csv", "lists/swv_po.csv", "lists/swv_vo.csv",
        "marks/group-00001.parquet", "organisations.csv", "people.parquet", "schools.parquet", "story.csv",
    ]  # fmt: skip


@pytest.mark.parametrize("learners", [1, 4, 11, 30])
def test_a_handful_of_learners_is_a_region_too(tmp_path: Path, learners: int) -> None:
    generate(tmp_path / "out", learners=learners, seed=1)
    found = Generated(tmp_path / "out")
    assert found.number("SELECT count(*) FROM learners") == learners
    assert found.number("SELECT count(*) FROM story") == min(learners, 10)


def test_another_judging_date_and_school_year_move_everything_along(tmp_path: Path) -> None:
    generate(tmp_path / "out", learners=60, seed=1, school_year=2026, on=date(2027, 2, 3))
    found = Generated(tmp_path / "out")
    first, last = found.ask("SELECT min(date), max(date) FROM marks")[0]
    assert date(2026, 8, 1) <= first < last <= date(2027, 2, 3)


def test_progress_tells_how_far_it_is(tmp_path: Path) -> None:
    lines: list[str] = []
    generate(tmp_path / "out", learners=20, seed=1, progress=lines.append)
    assert lines[0] == "marks: school group 1 of 1"


@pytest.mark.parametrize(
    "asked",
    [{"learners": 0}, {"on": date(2025, 10, 1)}, {"on": date(2026, 8, 1)}, {"school_year": 1990}],
    ids=str,
)
def test_what_cannot_be_made_is_refused_in_one_sentence_and_nothing_is_written(
    tmp_path: Path, asked: dict[str, int]
) -> None:
    with pytest.raises(BadInput) as refusal:
        generate(tmp_path / "out", **{"learners": 10, "seed": 1, **asked})  # type: ignore[arg-type]
    assert "expected" in str(refusal.value)
    assert list(tmp_path.iterdir()) == []
