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
    assert made >= {
        "links.csv", "children.csv", "differences.csv", "coverage.json", "receipt.json", "sample.csv",
    }  # fmt: skip
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


def test_two_lists_can_be_said_to_share_no_child(lists: Path) -> None:
    two = ("compare", "leerplicht.csv", "swv_vo.csv", "--out", "o")
    done = inbeeld(*two, "--apart", "leerplicht,swv_vo", cwd=lists)
    assert done.returncode == 2
    assert "swv_vo.csv, column id: expected no child that is on leerplicht too" in done.stderr
    assert not (lists / "o").exists()
    done = inbeeld(*two, "--apart", "leerplicht", cwd=lists)
    assert done.returncode == 2
    assert "two names with a comma between them were expected" in done.stderr


def test_a_review_beside_the_lists_is_read_and_one_of_too_much_leaves_nothing(lists: Path) -> None:
    header = (
        "left_list,right_list,links_looked_at,links_right,unlinked_on,unlinked_looked_at,unlinked_found\n"
    )
    review = lists / "reviews.csv"
    review.write_text(header + "leerplicht,swv_vo,40,40,leerplicht,15,1\n", encoding="utf-8")
    done = inbeeld("compare", "leerplicht.csv", "swv_vo.csv", "--out", "o", cwd=lists)
    assert done.returncode == 0
    told = json.loads((lists / "o" / "coverage.json").read_text("utf-8"))["jointly"]
    assert told["link_recall"] == round(45 / 46, 3)
    review.rename(lists / "of-march.csv").write_text(
        header + "leerplicht,swv_vo,46,46,,,\n", encoding="utf-8"
    )
    done = inbeeld(
        "compare", "leerplicht.csv", "swv_vo.csv", "--out", "p", "--reviews", "of-march.csv", cwd=lists
    )
    assert done.returncode == 2
    assert (
        "of-march.csv, line 2, column links_looked_at: expected a review of these lists: "
        "46 links were looked at and there are 45." in done.stderr
    )
    assert not (lists / "p").exists()
