"""What is kept is read whole or not at all, and never taken for something it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inbeeld.engine.exchange import kept
from inbeeld.engine.refusal import BadInput

ONE = kept.Kept("ab" * 16, "cd" * 32, "ef" * 32, "leerplicht", 2, 1, "children", [("L1", 0), ("L2", None)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with kept.new_file(tmp_path / "kept") as write:
        write(ONE)
    return tmp_path / "kept"


def test_what_was_kept_is_read(file: Path) -> None:
    assert kept.read(file) == ONE


def test_nothing_is_kept_when_anything_goes_wrong(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), kept.new_file(tmp_path / "kept") as write:
        write(ONE)
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"rows": [["L1", 2]]}, {"rows": [["L1", True]]}, {"rows": [["L1"]]}, {"rows": {}}, {"more": 1},
        {"rows": [[1, 0]]}, {"answer": "count"}, {"key": "x"}, {"key": None}, {"children": -1},
        {"not_asked": "1"}, {"list": "\n"},
    ],
)  # fmt: skip
def test_what_was_changed_is_refused(change: dict[str, object], file: Path) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **change}))
    with pytest.raises(BadInput, match="whole and unchanged"):
        kept.read(file)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff", b"[]", b'{"id": "1"}'])
def test_another_file_is_refused(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(BadInput, match="the file that inbeeld exchange request kept"):
        kept.read(file)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    for where in (tmp_path / "none", tmp_path):
        with pytest.raises(BadInput, match="the file that"):
            kept.read(where)
    with pytest.raises(BadInput, match="a place to write in"), kept.new_file(tmp_path / "no" / "kept"):
        pass
