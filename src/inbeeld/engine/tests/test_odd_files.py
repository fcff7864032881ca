"""Files as people and programs really make them: read right, or refused in a sentence; never read wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.judge import judge
from inbeeld.engine.reading import rows
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.tests.test_bad_input import GOOD, ON

MARKED = "L1,S1,2026-04-16,1,50,absent,truant,false\n"


def write(folder: Path, **instead: str | bytes) -> Path:
    """The good tables in a folder, some of them replaced."""
    folder.mkdir(parents=True)
    for name, text in (GOOD | instead).items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def judged(folder: Path, *, on: date = ON) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """The receipt's marks and the facts."""
    out = folder.parent / f"out of {folder.name}"
    receipt = judge(folder, on=on, out=out)
    return receipt["marks"], list(rows(out / "facts.parquet"))


def refusal(folder: Path, *, on: date = ON) -> str:
    with pytest.raises(BadInput) as refused:
        judge(folder, on=on, out=folder.parent / "out")
    assert not (folder.parent / "out").exists()
    return str(refused.value)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "\r\n", 1),
        lambda text: text.replace("\n", ",\n"),
        lambda text: "\n\n" + text,
        lambda text: text.replace("\n", "\n\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", ",x\r\n").replace(",x\r\n", ',"a\nb"\r\n', 1),
        lambda text: text.replace("\n", ",y\n").replace(",y\n", ",LEARNER\n", 1),
        lambda text: "\n".join(",".join(reversed(line.split(","))) for line in text.split("\n")),
        lambda text: text.rstrip("\n"),
    ],
    ids=[
        "windows line ends",
        "old mac line ends",
        "mixed line ends",
        "a comma at the end of every line",
        "blank lines on top",
        "blank lines between",
        "byte order mark",
        "a line break in a column name",
        "a column that differs in capitals only",
        "columns the other way round",
        "no line end at the end",
    ],
)
def test_a_csv_written_otherwise_says_the_same(tmp_path: Path, spoil: Any) -> None:
    expected = judged(write(tmp_path / "plain"))
    odd = write(tmp_path / "odd", **{name: spoil(text) for name, text in GOOD.items()})
    assert judged(odd) == expected


@pytest.mark.parametrize("where", ["status=late/x", "slot=5", "learner=zz/date=2024-01-09"])
def test_a_folder_named_like_a_value_is_only_a_name(tmp_path: Path, where: str) -> None:
    expected = judged(write(tmp_path / "plain"))
    named = write(tmp_path / where)
    assert judged(named) == expected
    as_parquet(named, "marks", f"{named}/marks/permission=true/p.parquet")
    assert judged(named) == expected


def as_parquet(folder: Path, table: str, file: str, columns: str = "*") -> None:
    """Write a table as Parquet and take the CSV away."""
    import duckdb

    Path(file).parent.mkdir(parents=True, exist_ok=True)
    source = f"read_csv('{folder}/{table}.csv', hive_partitioning=false)"
    duckdb.sql(f"COPY (SELECT {columns} FROM {source}) TO '{file}'")
    (folder / f"{table}.csv").unlink()


@pytest.mark.parametrize(
    "day", ["infinity", "-infinity", "10000-01-01", "2024-01-02 (BC)", "2026-W16-4", "today"]
)
def test_what_only_a_database_calls_a_date_is_refused(tmp_path: Path, day: str) -> None:
    folder = write(tmp_path / "in", learners=GOOD["learners"].replace("2012-05-01", day))
    assert (
        "learners.csv, line 2, column born_on: expected a date like 2026-09-01, from 1900 on or nothing"
        in refusal(folder)
    )


@pytest.mark.parametrize("day", ["DATE 'infinity'", "DATE '10000-01-01'", "DATE '0044-03-15 (BC)'"])
def test_a_parquet_date_outside_the_years_of_people_is_refused(tmp_path: Path, day: str) -> None:
    folder = write(tmp_path / "in")
    columns = f"learner, {day} AS born_on, basic_qualification"
    as_parquet(folder, "learners", f"{folder}/learners.parquet", columns)
    assert "learners.parquet, line 1, column born_on" in refusal(folder)


def test_days_at_the_edges_of_the_calendar_are_taken(tmp_path: Path) -> None:
    enrolments = GOOD["enrolments"].replace("2026-07-31", "9999-12-31").replace("2025-08-01", "1900-01-01", 1)
    assert judged(write(tmp_path / "in", enrolments=enrolments))[0]["counted"] == 2


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        (",1,50,", ",1000000000000,50,", "column slot: expected a whole number from 1 to 999"),
        (",1,50,", ",1,1441,", "column minutes: expected a whole number from 0 to 1440 or nothing"),
    ],
)
def test_a_number_no_school_has_is_refused(tmp_path: Path, good: str, bad: str, expected: str) -> None:
    assert expected in refusal(write(tmp_path / "in", marks=GOOD["marks"].replace(good, bad, 1)))


@pytest.mark.parametrize("slot", ["'NaN'::DOUBLE", "1099511627776", "18446744073709551615::UBIGINT"])
def test_a_parquet_slot_that_is_no_slot_is_refused(tmp_path: Path, slot: str) -> None:
    folder = write(tmp_path / "in")
    columns = f"learner, school, date, {slot} AS slot, minutes, status, reason, permission"
    as_parquet(folder, "marks", f"{folder}/marks.parquet", columns)
    assert "marks.parquet, line 1, column slot: expected a whole number from 1 to 999" in refusal(folder)


@pytest.mark.parametrize("empty", ["NULL::DOUBLE", "'NaN'::DOUBLE", "NULL::INTEGER", "NULL"])
def test_an_empty_column_may_have_any_type(tmp_path: Path, empty: str) -> None:
    """A spreadsheet program writes a column without values as fractions."""
    enrolments = GOOD["enrolments"].replace("2026-07-31", "")
    expected = judged(write(tmp_path / "plain", enrolments=enrolments))
    folder = write(tmp_path / "in", enrolments=enrolments)
    columns = f"learner, school, from_on, {empty} AS until_on"
    as_parquet(folder, "enrolments", f"{folder}/enrolments.parquet", columns)
    assert judged(folder) == expected


def test_a_moment_with_a_time_zone_is_refused(tmp_path: Path) -> None:
    """On which day it falls would depend on where the machine thinks it stands."""
    folder = write(tmp_path / "in")
    moment = "TIMESTAMPTZ '2026-04-16 00:00:00+02'"
    columns = f"learner, school, {moment} AS date, slot, minutes, status, reason, permission"
    as_parquet(folder, "marks", f"{folder}/marks.parquet", columns)
    assert (
        'column date: expected a date like 2026-09-01, from 1900 on, found "moments with a time zone"'
        in refusal(folder)
    )


@pytest.mark.parametrize("table", GOOD)
def test_a_parquet_file_with_broken_pages_is_refused(tmp_path: Path, table: str) -> None:
    rows_of = {"exemptions": "L1,5a,2025-08-01,\n"}
    folder = write(tmp_path / "in", **{table: GOOD[table] + rows_of.get(table, "")})
    as_parquet(folder, table, f"{folder}/{table}.parquet")
    file = folder / f"{table}.parquet"
    whole = bytearray(file.read_bytes())
    for place in range(4, 60):
        whole[place] ^= 0x5A
    file.write_bytes(whole)
    assert f"{table}.parquet: expected a whole Parquet file" in refusal(folder)


@pytest.mark.parametrize("odd", ["b[1]", "b*", "b?", "b{1}", "b'1"])
def test_a_folder_with_a_name_like_a_pattern_is_read_and_not_its_neighbour(tmp_path: Path, odd: str) -> None:
    write(tmp_path / "b1", marks=GOOD["marks"] + MARKED * 3)
    plain = write(tmp_path / "plain")
    as_parquet(plain, "marks", f"{plain}/marks/1.parquet")
    as_parquet(plain, "learners", f"{plain}/learners.parquet")
    plain.rename(tmp_path / odd)
    assert judged(tmp_path / odd)[0]["rows"] == 2


@pytest.mark.parametrize("on", [date(1970, 1, 1), date(2000, 2, 29), date(2009, 7, 31), date(2199, 12, 31)])
def test_a_day_before_any_definition_has_facts_and_no_verdicts(tmp_path: Path, on: date) -> None:
    folder = write(tmp_path / "in")
    assert len(judged(folder, on=on)[1]) == 2


@pytest.mark.parametrize("on", [date(1, 1, 1), date(1969, 12, 31), date(9999, 12, 31)])
def test_a_day_far_from_ours_is_refused(tmp_path: Path, on: date) -> None:
    expected = "--on: expected a day from 1970-01-01 to 2199-12-31"
    assert expected in refusal(write(tmp_path / "in"), on=on)


def test_marks_without_minutes_are_counted_in_the_receipt(tmp_path: Path) -> None:
    marks = GOOD["marks"].replace("1,50,absent,truant,false", "1,,absent,truant,false")
    folder = write(tmp_path / "in", schools=GOOD["schools"].replace("vo", "po"), marks=marks)
    receipt = judge(folder, on=ON, out=tmp_path / "out")
    assert receipt["without_permission_and_without_minutes"] == 1
