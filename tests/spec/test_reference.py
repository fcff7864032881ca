"""The reference is what the program says: made pages are up to date, and every column is explained."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from inbeeld.engine.judge import judge
from inbeeld.engine.schema import TABLES_IN
from inbeeld.kernel.definitions import CATALOGUE
from tests.spec import reference
from tests.spec.reference import PAGES, ROOT
from tests.spec.tables import FOLDER, all_rows
from tests.spec.weeks import case_of
from tests.twins.random_regions import RandomRegion

TEXTS = tomllib.loads(reference.TEXTS.read_text("utf-8"))
AGAIN = "run: PYTHONPATH=src .venv/bin/python -m tests.spec.reference"
REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_in_the_docs_is_the_one_the_program_makes(name: str) -> None:
    made = PAGES[name]()
    assert (REFERENCE / name).read_text("utf-8") == made, AGAIN


def test_every_column_in_is_explained_and_no_other() -> None:
    assert list(TEXTS["in"]) == [table.name for table in TABLES_IN]
    assert list(TEXTS["in_columns"]) == [
        f"{table.name}.{column}" for table in TABLES_IN for column in table.names
    ]


def test_every_column_out_is_explained_in_its_order(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    case = case_of(next(row for row in all_rows() if row.is_about_attendance))
    RandomRegion(case.on, case.tables).write_csv(tmp_path / "in")
    judge(tmp_path / "in", on=case.on, out=tmp_path / "out")
    assert {file.stem for file in (tmp_path / "out").glob("*.parquet")} == set(TEXTS["out"])
    found = [
        f"{name}.{column}"
        for name in TEXTS["out"]
        for column in pq.read_schema(tmp_path / "out" / f"{name}.parquet").names
    ]
    assert list(TEXTS["out_columns"]) == found


def test_every_definition_stands_in_the_reference_with_its_examples() -> None:
    page = (REFERENCE / "definitions.md").read_text("utf-8")
    for one in CATALOGUE:
        assert f"`{one.key}`" in page
        assert one.in_words in page
    for row in all_rows():
        assert row.cells["why"] in page


def test_the_meanings_cover_every_number_the_code_cites() -> None:
    meanings = (REFERENCE / "meanings.md").read_text("utf-8")
    stated = set(re.findall(r"^### (\d+)\.", meanings, re.MULTILINE))
    kernel = ROOT / "src" / "inbeeld" / "kernel"
    cited = {
        number
        for path in kernel.rglob("*.py")
        for number in re.findall(r"§3\.(\d+)", path.read_text("utf-8"))
    }
    assert cited
    assert cited <= stated


def test_the_notation_is_explained_letter_by_letter() -> None:
    from tests.spec.weeks import MARKS, NO_SCHOOL, ONLY_THE_OTHER

    readme = (FOLDER / "README.md").read_text("utf-8")
    assert [
        letter for letter in [*MARKS, NO_SCHOOL, ONLY_THE_OTHER, "."] if f"`{letter}`" not in readme
    ] == []


def test_a_line_of_weeks_is_dated_backwards_from_the_day_of_judging() -> None:
    from tests.spec.weeks import written_days

    days = written_days("2x..... [B]w", date(2026, 3, 25))
    assert [(day.date, day.school, day.letter) for day in days[9:]] == [
        (date(2026, 3, 20), "A", "."),
        (date(2026, 3, 23), "B", "w"),
    ]
    assert days[0].date == date(2026, 3, 9)
