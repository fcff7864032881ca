"""`inbeeld compare`: what it says, what it leaves behind, and what it refuses in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inbeeld.engine.linkage.tests.conftest import others, write
from tests.commands.test_commands import inbeeld


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    write(tmp_path / "leerplicht.csv", others("L", 60))
    write(tmp_path / "swv_vo.csv", others("V", 60, first=15))
    return tmp_path


def test_two_lists_become_the_tables_of_the_contract(lists: Path) -> None:
    done = inbeeld("compare", "leerplicht.csv", "swv_vo.csv", "--out", "o", cwd=lists)
    assert (done.returncode, done.stdout) == (0, "")
    assert "leerplicht and swv_vo: 45 children surely on both" in done.stderr
    made = {path.name for path in (lists / "o").iterdir()}
    assert made >= {"links.csv", "children.csv", "differences.csv", "coverage.json", "receipt.json"}
    assert json.loads((lists / "o" / "coverage.json").read_text("utf-8"))["jointly"]["seen"] == 75


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "swv_vo.csv: expected a file with rows in it"),
        (b"name\nx\n", "swv_vo.csv, line 1: expected a header line with the column id"),
        (b"id,born_on\n1,2012-13-40\n", "swv_vo.csv, line 2, column born_on: expected a date"),
        (b"id\n1\n1\n", "swv_vo.csv, line 3, column id: expected each id once; it is on line 2 too"),
    ],
)
def test_a_list_that_cannot_be_used_is_one_sentence_and_nothing_is_left(
    content: bytes, sentence: str, lists: Path
) -> None:
    (lists / "swv_vo.csv").write_bytes(content)
    done = inbeeld("compare", "leerplicht.csv", "swv_vo.csv", "--out", "o", cwd=lists)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in lists.iterdir()) == ["leerplicht.csv", "swv_vo.csv"]
