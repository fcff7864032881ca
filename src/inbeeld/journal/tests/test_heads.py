"""The head of a day as text: written, read, and what is wrong with it said with file, line and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.engine.refusal import BadInput
from inbeeld.journal import heads
from inbeeld.journal.heads import KeptHead

HEAD = KeptHead("noorderveen", date(2026, 9, 1), 18231, bytes(range(32)))
TEXT = "noorderveen 2026-09-01 18231 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

some_heads = st.builds(
    KeptHead,
    st.from_regex(r"[a-z0-9][a-z0-9_-]{0,59}", fullmatch=True),
    st.dates(),
    st.integers(0, 10**17),
    st.binary(min_size=32, max_size=32),
)


@given(some_heads)
def test_what_is_written_is_read_back(head: KeptHead) -> None:
    read = heads.parse(heads.write(head, region=head.region), file="", line=0)
    assert read == head


def test_a_head_is_one_line_of_four_words() -> None:
    assert heads.write(HEAD, region="noorderveen") == TEXT


@pytest.mark.parametrize("region", ["", "Noorderveen", "noorder veen", "x\ny", "é", "a" * 61])
def test_a_region_that_is_no_key_is_not_written(region: str) -> None:
    with pytest.raises(ValueError, match="key of a region"):
        heads.write(HEAD, region=region)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("noorderveen 2026-09-01 18231", "line 2: expected four words (region, day, sequence, digest), not"),
        (TEXT + " more", "four words (region, day, sequence, digest), not 5"),
        (TEXT.replace("noorder", "Noorder"), "line 2, column region: expected the key of a region, found"),
        (TEXT.replace("-09-", "-13-"), 'column day: expected a date like 2026-09-01, found "2026-13-01"'),
        (TEXT.replace("2026-09-01", "1-9-2026"), 'column day: expected a date like 2026-09-01, found "1-9-'),
        (TEXT.replace("18231", "-1"), 'column sequence: expected the number of a line, found "-1"'),
        (TEXT.replace("18231", "007"), "column sequence: expected the number of a line"),
        (TEXT.replace("18231", "9" * 30), "column sequence: expected the number of a line"),
        (TEXT.replace("18231", "١٢"), "column sequence: expected the number of a line"),
        (TEXT[:-1], "column digest: expected 64 hexadecimal digits"),
        (TEXT[:-1] + "g", "column digest: expected 64 hexadecimal digits"),
        (TEXT.replace("noorderveen", "elders"), "column region: expected a head of region noorderveen"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_line_and_column(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "heads.txt"
    file.write_text(f"{TEXT}\n{text}\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        heads.read(file)
    assert str(refused.value).startswith(str(file))
    assert sentence in str(refused.value)


@given(st.binary(max_size=200))
def test_whatever_stands_in_a_file_there_is_a_sentence_for_it(tmp_path_factory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "some-heads.txt"
    file.write_bytes(raw)
    try:
        heads.read(file)
    except BadInput as refused:
        assert str(file) in str(refused)


@pytest.mark.parametrize("raw", [b"", b"\n\n"])
def test_a_file_without_a_head_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "heads.txt").write_bytes(raw)
    with pytest.raises(BadInput, match="at least one head"):
        heads.read(tmp_path / "heads.txt")


def test_a_file_kept_with_notepad_is_read(tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    file.write_bytes(
        b"\xef\xbb\xbf" + TEXT.upper().replace("NOORDERVEEN", "noorderveen").encode() + b"\r\n\r\n"
    )
    (read,) = heads.read(file)
    assert (read.region, read.on, read.sequence, read.digest, read.line) == (
        HEAD.region, HEAD.on, HEAD.sequence, HEAD.digest, 1,
    )  # fmt: skip


def test_another_region_than_asked_for_is_refused(tmp_path: Path) -> None:
    (tmp_path / "heads.txt").write_text(TEXT)
    with pytest.raises(BadInput, match="expected a head of region elders"):
        heads.read(tmp_path / "heads.txt", region="elders")


def test_a_head_is_added_once_at_the_end_also_of_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    file.write_text(TEXT)
    later = KeptHead("noorderveen", date(2026, 9, 2), 18300, bytes(32))
    for _ in range(2):
        assert heads.add(HEAD, region="noorderveen", to=file) is None
        assert heads.add(later, region="noorderveen", to=file) is None
    assert [(one.on.day, one.line) for one in heads.read(file)] == [(1, 1), (2, 2)]
    assert file.read_bytes().endswith(b"\n")


def test_a_new_file_is_made(tmp_path: Path) -> None:
    assert heads.add(HEAD, region="noorderveen", to=tmp_path / "new.txt") is None
    assert (tmp_path / "new.txt").read_text() == TEXT + "\n"


def test_another_head_of_the_same_day_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    file.write_text(TEXT + "\n")
    other = KeptHead("noorderveen", HEAD.on, HEAD.sequence, bytes(32))
    kept = heads.add(other, region="noorderveen", to=file)
    assert kept is not None and kept.digest == HEAD.digest
    assert file.read_text() == TEXT + "\n"
