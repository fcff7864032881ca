"""Every malformed table gets one sentence with file, line and column, and leaves --out as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from inbeeld.engine.judge import judge
from inbeeld.engine.reading import rows
from inbeeld.engine.refusal import BadInput

ON = date(2026, 4, 17)
GOOD = {
    "schools": "school,sector,slots_per_day,calendar\nS1,vo,7,C1\n",
    "calendar": "calendar,date,school_day\nC1,2026-04-16,true\nC1,2026-04-17,true\nC1,2026-04-18,false\n",
    "learners": "learner,born_on,basic_qualification\nL1,2012-05-01,\nL2,,true\n",
    "enrolments": "learner,school,from_on,until_on\nL1,S1,2025-08-01,\nL2,S1,2025-08-01,2026-07-31\n",
    "exemptions": "learner,article,from_on,until_on\n",
    "marks": (
        "learner,school,date,slot,minutes,status,reason,permission\n"
        "L1,S1,2026-04-16,1,50,absent,truant,false\n"
        "L1,S1,2026-04-17,1,,absent,,\n"
    ),
}

# table, what is put in the place of what, and what the sentence must hold
MISTAKES = [
    ("marks", "2026-04-16", "16-04-2026", "line 2, column date: expected a date like 2026-09-01"),
    (
        "marks",
        "2026-04-16",
        "2026-02-30",
        'line 2, column date: expected a date like 2026-09-01, from 1900 on, found "2026-02-30"',
    ),
    ("marks", "2026-04-17,1", "2026-4-17,1", "line 3, column date"),
    ("marks", "2026-04-17,1,", "2026-04-17,0,", "line 3, column slot: expected a whole number from 1 to 999"),
    ("marks", "2026-04-17,1,", "2026-04-17,first,", "line 3, column slot"),
    ("marks", "2026-04-17,1,", "2026-04-17,1.5,", "line 3, column slot"),
    ("marks", ",50,", ",-50,", "line 2, column minutes: expected a whole number from 0 to 1440 or nothing"),
    (
        "marks",
        "absent,truant",
        "afwezig,truant",
        "line 2, column status: expected one of absent, late, removed, other",
    ),
    ("marks", "absent,truant", ",truant", "line 2, column status"),
    ("marks", "truant,false", "truant,nee", "line 2, column permission: expected true, false or nothing"),
    ("marks", "L1,S1,2026-04-17", ",S1,2026-04-17", "line 3, column learner: expected text, found nothing"),
    ("marks", "truant,false", "truant,false,more", "line 2: expected 8 values, not 9"),
    ("marks", "truant,false", "truant", "line 2: expected 8 values, not 7"),
    ("marks", "L1,S1,2026-04-17", '"L1,S1,2026-04-17', "line 3: expected a CSV row (unexpected end of data)"),
    ("marks", ",permission\n", "\n", "line 1, column permission: expected one column permission"),
    ("marks", "slot,minutes", "slot,slot", "line 1, column slot: expected one column slot"),
    ("marks", "truant", "tru\0ant", "line 2: expected text without NUL characters"),
    ("schools", "vo", "havo", "line 2, column sector: expected one of po, so, vo, vso, mbo"),
    ("schools", ",7,", ",0,", "line 2, column slots_per_day"),
    ("schools", "C1", "C9", "line 2, column calendar: expected a calendar that stands in the table calendar"),
    (
        "schools",
        "S1,vo,7,C1\n",
        "S1,vo,7,C1\nS1,vo,7,C1\n",
        "line 3, column school: expected each school once",
    ),
    (
        "calendar",
        "C1,2026-04-18",
        "C1,2026-04-17",
        "line 4, column calendar: expected each calendar and date once",
    ),
    ("calendar", "17,true", "17,", "line 3, column school_day: expected true, false"),
    ("learners", "L2,", "L1,", "line 3, column learner: expected each learner once"),
    ("learners", "2012-05-01", "01/05/2012", "line 2, column born_on"),
    (
        "enrolments",
        "L2,S1",
        "L2,S8",
        "line 3, column school: expected a school that stands in the table schools",
    ),
    (
        "enrolments",
        "2026-07-31",
        "2025-07-31",
        "line 3, column until_on: expected a last day on or after from_on",
    ),
    (
        "exemptions",
        "until_on\n",
        "until_on\nL1,5 onder a,2025-08-01,\n",
        "line 2, column article: expected one of 5a",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tables = tmp_path / "in"
    tables.mkdir()
    for name, text in GOOD.items():
        (tables / f"{name}.csv").write_text(text, encoding="utf-8")
    return tables


def refused(folder: Path) -> str:
    """The sentence; the earlier judgement in --out still stands to the byte, with nothing left beside it."""
    out = folder.parent / "out"
    before = {file: file.read_bytes() for file in out.rglob("*")} if out.exists() else {}
    around = sorted(folder.parent.iterdir())
    with pytest.raises(BadInput) as refusal:
        judge(folder, on=ON, out=out)
    assert ({file: file.read_bytes() for file in out.rglob("*")} if out.exists() else {}) == before
    assert sorted(folder.parent.iterdir()) == around
    sentence = str(refusal.value)
    assert sentence.count("\n") == 0 and sentence.endswith(".")
    return sentence


def test_good_tables_are_judged(folder: Path) -> None:
    receipt = judge(folder, on=ON, out=folder.parent / "out")
    assert receipt["marks"]["counted"] == 2
    assert [row["learner"] for row in rows(folder.parent / "out" / "facts.parquet")] == ["L1", "L2"]


@pytest.mark.parametrize(("table", "good", "bad", "expected"), MISTAKES)
def test_a_mistake_is_named_with_file_line_and_column(
    folder: Path, table: str, good: str, bad: str, expected: str
) -> None:
    judge(folder, on=ON, out=folder.parent / "out")
    file = folder / f"{table}.csv"
    assert good in GOOD[table]
    file.write_bytes(GOOD[table].replace(good, bad, 1).encode())
    assert f"{file}, {expected}" in refused(folder)


@pytest.mark.parametrize("table", GOOD)
def test_a_missing_table_is_named(folder: Path, table: str) -> None:
    (folder / f"{table}.csv").unlink()
    assert f"{table}.csv: expected the table {table}" in refused(folder)


@pytest.mark.parametrize("table", GOOD)
def test_an_empty_file_is_refused(folder: Path, table: str) -> None:
    (folder / f"{table}.csv").write_bytes(b"")
    assert f"{table}.csv, line 1: expected a header line" in refused(folder)


@pytest.mark.parametrize("table", GOOD)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode() + b"\xff\xfe\x00\x01",
        lambda text: b"PK\x03\x04" + text.encode(),
        lambda text: b"<html><body>log in</body></html>",
        lambda text: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        lambda text: text.replace(",", ";").encode(),
    ],
    ids=["utf-16", "bytes at the end", "zip", "a web page", "a picture", "semicolons"],
)
def test_another_kind_of_file_is_refused(folder: Path, table: str, spoil: Callable[[str], bytes]) -> None:
    (folder / f"{table}.csv").write_bytes(spoil(GOOD[table]))
    assert f"{table}.csv" in refused(folder)


def test_utf_8_is_read_right_and_cp1252_is_refused_with_its_line(folder: Path) -> None:
    text = GOOD["marks"].replace("truant", "José")
    (folder / "marks.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert judge(folder, on=ON, out=folder.parent / "out")["marks"]["counted"] == 2
    (folder / "marks.csv").write_bytes(text.encode("cp1252"))
    assert "marks.csv, line 2: expected text in UTF-8" in refused(folder)


def test_a_line_in_quotes_counts_as_the_lines_it_takes(folder: Path) -> None:
    text = GOOD["marks"].replace("truant", '"two\nlines"').replace("2026-04-17,1", "2026-04-17,x")
    (folder / "marks.csv").write_text(text)
    assert "marks.csv, line 4, column slot" in refused(folder)


def _as_parquet(folder: Path, table: str) -> Path:
    import duckdb

    file = folder / f"{table}.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{folder / table}.csv')) TO '{file}'")
    (folder / f"{table}.csv").unlink()
    return file


@pytest.mark.parametrize("table", ["learners", "marks", "calendar"])
def test_half_a_parquet_file_is_refused(folder: Path, table: str) -> None:
    file = _as_parquet(folder, table)
    whole = file.read_bytes()
    for length in (0, 3, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert f"{file}: expected a whole Parquet file" in refused(folder)


@pytest.mark.parametrize(
    ("learner", "school", "date", "slot", "expected"),
    [
        ("'L1'", "'S1'", "DATE '2026-04-16'", "0", "line 1, column slot"),
        ("NULL::VARCHAR", "'S1'", "DATE '2026-04-16'", "1", "line 1, column learner"),
        ("''", "'S1'", "DATE '2026-04-16'", "1", "line 1, column learner: expected text, found nothing"),
        ("'L1'", "'S1'", "'16-04-2026'", "1", "line 1, column date: expected a date like 2026-09-01"),
        ("'L1'", "'S1'", "TIMESTAMP '2026-04-16 09:00'", "1", "line 1, column date"),
        (
            "'L1'",
            "'S1'",
            "20260416",
            "1",
            'column date: expected a date like 2026-09-01, from 1900 on, found "whole',
        ),
        ("'L1'", "'S1'", "DATE '2026-04-16'", "1.5::DOUBLE", "line 1, column slot"),
        ("'L1'", "'S1'", "DATE '2026-04-16'", "'one'", "line 1, column slot"),
        ("'L1'", "[1, 2]", "DATE '2026-04-16'", "1", "column school: expected text, found"),
    ],
)
def test_a_parquet_table_with_wrong_columns_or_values_is_refused(
    folder: Path, learner: str, school: str, date: str, slot: str, expected: str
) -> None:
    import duckdb

    (folder / "marks.csv").unlink()
    rest = "NULL::INTEGER AS minutes, 'absent' AS status, NULL::VARCHAR AS reason, TRUE AS permission"
    columns = f"{learner} AS learner, {school} AS school, {date} AS date, {slot} AS slot"
    duckdb.sql(f"COPY (SELECT {columns}, {rest}) TO '{folder}/marks.parquet'")
    assert expected in refused(folder)


def test_parquet_as_other_programs_write_it_is_taken(folder: Path) -> None:
    """Days as moments at midnight, whole numbers as fractions, truth as text, keys as numbers."""
    import duckdb

    judge(folder, on=ON, out=folder.parent / "out")
    expected = list(rows(folder.parent / "out" / "facts.parquet"))
    (folder / "marks").mkdir()
    for number, columns in enumerate(
        (
            "learner, school, date::TIMESTAMP AS date, slot::DOUBLE AS slot, minutes::DOUBLE AS minutes, "
            "status, reason::ENUM('truant', 'x') AS reason, permission::VARCHAR AS permission",
            "learner, school, date::VARCHAR AS date, slot::VARCHAR AS slot, NULL AS minutes, status, "
            "'' AS reason, permission",
        )
    ):
        duckdb.sql(
            f"COPY (SELECT {columns} FROM read_csv('{folder}/marks.csv') WHERE slot + {number} "
            f"AND date = DATE '2026-04-1{6 + number}') TO '{folder}/marks/{number}.parquet'"
        )
    (folder / "marks.csv").unlink()
    assert judge(folder, on=ON, out=folder.parent / "out")["marks"]["counted"] == 2
    assert list(rows(folder.parent / "out" / "facts.parquet")) == expected


def test_the_same_table_twice_is_fine_only_when_it_is_the_same(folder: Path) -> None:
    text = (folder / "learners.csv").read_text()
    _as_parquet(folder, "learners")
    (folder / "learners.csv").write_text(text)
    judge(folder, on=ON, out=folder.parent / "out")
    (folder / "learners.csv").write_text(text.replace("2012-05-01", "2012-05-02"))
    assert "learners.csv: expected the same rows as" in refused(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "nowhere: expected a folder with the tables schools" in refused(tmp_path / "nowhere")


def test_somebody_elses_folder_is_never_replaced(folder: Path) -> None:
    out = folder.parent / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    assert "out: expected a new or empty folder" in refused(folder)


def test_the_folder_with_the_tables_is_never_replaced(folder: Path) -> None:
    with pytest.raises(BadInput, match="a folder apart from"):
        judge(folder, on=ON, out=folder)
    assert (folder / "marks.csv").is_file()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name =", "expected a TOML file"),
        ("name = 'x'\ncolour = 'red'", "expected no setting called colour"),
        ("name = 'x'\n[hour_units]\nvo = 'minutes'", "expected hour_units.vo to be a sector"),
        ("name = 'x'\n[layers]\ncuts = [10, 5, 20]", "expected layers.cuts = three rising whole percentages"),
        ("name = 'x'\ncounts_by = ['thuiszitter-ours']", "there is no 'thuiszitter-ours'"),
        ("[layers]", "expected name = a text"),
    ],
)
def test_a_region_file_that_cannot_be_used_is_refused(folder: Path, text: str, expected: str) -> None:
    region = folder.parent / "region.toml"
    region.write_text(text)
    with pytest.raises(BadInput) as refusal:
        judge(folder, on=ON, out=folder.parent / "out", region=region)
    assert expected in str(refusal.value) and "region.toml" in str(refusal.value)
