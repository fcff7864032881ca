"""A folder is whole or not there; nobody else's folder is ever touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from inbeeld.engine.refusal import BadInput
from inbeeld.engine.snapshot import building, working_beside

DEAD = 5_000_000  # above 4,194,304, the highest process number Linux can give out


def build(out: Path, text: str = "new", *, made_by: str = "a test", reads: tuple[Path, ...] = ()) -> None:
    with building(out, made_by=made_by, reads=reads) as beside:
        (beside / "table.csv").write_text(text)


def test_an_earlier_folder_of_the_same_command_is_replaced_as_a_whole(tmp_path: Path) -> None:
    build(tmp_path / "out", "old")
    build(tmp_path / "out", "new")
    assert (tmp_path / "out" / "table.csv").read_text() == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_a_folder_something_was_put_into_is_somebodys(tmp_path: Path) -> None:
    build(tmp_path / "out", "old")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match="an untouched earlier one of a test"):
        build(tmp_path / "out")
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_folder_in_which_something_was_filled_in_is_somebodys(tmp_path: Path) -> None:
    build(tmp_path / "out", "to fill in")
    (tmp_path / "out" / "table.csv").write_text("filled in")
    with pytest.raises(BadInput, match="an untouched earlier one of a test"):
        build(tmp_path / "out")
    assert (tmp_path / "out" / "table.csv").read_text() == "filled in"


@pytest.mark.parametrize("name", ["receipt.json", ".inbeeld.json", "table.csv"])
def test_a_folder_that_only_looks_like_ours_is_somebodys(tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"made_by": "a baker", "files": []}')
    with pytest.raises(BadInput):
        build(tmp_path / "out")
    assert (tmp_path / "out" / name).exists()


def test_a_folder_of_another_command_is_kept(tmp_path: Path) -> None:
    build(tmp_path / "out", made_by="another command")
    with pytest.raises(BadInput):
        build(tmp_path / "out")


def test_what_is_read_is_never_replaced(tmp_path: Path) -> None:
    build(tmp_path / "out")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    for read in (tmp_path / "out", tmp_path / "out" / "table.csv", tmp_path / "link" / "table.csv"):
        with pytest.raises(BadInput, match="a folder apart from"):
            build(tmp_path / "out", reads=(read,))


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), building(tmp_path / "a" / "b" / "out", made_by="a test") as beside:
        (beside / "half.csv").write_text("half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_while_it_is_built_nobody_else_may_look(tmp_path: Path) -> None:
    with building(tmp_path / "out", made_by="a test") as beside:
        assert stat.S_IMODE(os.stat(beside).st_mode) == 0o700


def test_what_killed_builders_left_is_cleared_up(tmp_path: Path) -> None:
    left = tmp_path / f".out.building-{DEAD}-abc"
    left.mkdir()
    (left / "half.parquet").write_text("children")
    alive = tmp_path / f".out.building-{os.getppid()}-abc"
    alive.mkdir()
    build(tmp_path / "out")
    assert not left.exists() and alive.exists()


def test_what_a_killed_process_worked_in_is_cleared_up_by_the_next(tmp_path: Path) -> None:
    left, alive = (tmp_path / f".earlier-{pid}-abc" for pid in (DEAD, os.getppid()))
    other = tmp_path / f".another-{DEAD}-abc"
    for one in (left, alive, other):
        one.mkdir()
        (one / "facts.parquet").write_text("children")
    with working_beside(tmp_path / "region", name="earlier") as beside:
        assert beside.parent == tmp_path
        assert stat.S_IMODE(os.stat(beside).st_mode) == 0o700
        assert beside.name.startswith(f".earlier-{os.getpid()}-")
    assert not beside.exists() and not left.exists()
    assert alive.exists() and other.exists()


def test_an_old_folder_whose_builder_was_killed_in_the_swap_comes_back(tmp_path: Path) -> None:
    build(tmp_path / "out", "old")
    aside = tmp_path / f".out.old-{DEAD}-abc"
    aside.mkdir()
    os.replace(tmp_path / "out", aside / "old")
    with pytest.raises(ZeroDivisionError), building(tmp_path / "out", made_by="a test"):
        raise ZeroDivisionError
    assert (tmp_path / "out" / "table.csv").read_text() == "old"
    assert not aside.exists()
