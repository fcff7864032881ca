"""What comes from another organisation is refused in one sentence unless it is whole and as it was made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.exchange import passing
from inbeeld.engine.exchange.encoding import WIDTH
from inbeeld.engine.exchange.match_keys import EACH
from inbeeld.engine.refusal import BadInput

POINTS = [bytes([2, at]) + bytes(WIDTH - 2) for at in range(3 * EACH)]
REQUEST = passing.Request("ab" * 16, "leerplicht", "2026-11-30", 3, "children", "0" * 12, POINTS)
RESPONSE = passing.Response("ab" * 16, "cd" * 32, "swv_vo", 1, 2, "count", POINTS[:EACH], POINTS[EACH:])


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    passing.write_request(tmp_path / "r", REQUEST)
    return tmp_path / "r"


def test_what_was_written_is_read(tmp_path: Path, request_file: Path) -> None:
    assert passing.read_request(request_file) == REQUEST
    passing.write_response(tmp_path / "back", RESPONSE)
    assert passing.read_response(tmp_path / "back") == RESPONSE


def refused(file: Path, whole: bytes) -> str:
    file.write_bytes(whole)
    with pytest.raises(BadInput) as said:
        passing.read_request(file)
    assert str(said.value).count("\n") == 0
    return str(said.value)


def test_wherever_it_was_cut_off_it_is_refused(request_file: Path) -> None:
    whole = request_file.read_bytes()
    for length in [*range(400), *range(400, len(whole), 37), len(whole) - 1]:
        refused(request_file, whole[:length])
    assert "a whole request; 100 bytes at its end are missing" in refused(request_file, whole[:-100])


def test_a_byte_more_or_another_byte_is_refused(request_file: Path) -> None:
    whole = request_file.read_bytes()
    assert "changed or damaged" in refused(request_file, whole + b"\0")
    assert "changed or damaged" in refused(request_file, whole[:-1] + b"\1")


def test_the_one_kind_is_not_taken_for_the_other(tmp_path: Path, request_file: Path) -> None:
    with pytest.raises(BadInput, match="expected a response; this is a request"):
        passing.read_response(request_file)
    with pytest.raises(BadInput, match="expected the file of a request"):
        passing.read_request(tmp_path)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "AB" * 16), ("id", 3), ("id", "ab"), ("asker", ""), ("asker", "=1+1"), ("asker", "a\nb"),
        ("asker", "\x1b[2Jleerplicht"), ("asker", "x" * 81), ("asker", " x"), ("asker", None),
        ("children", 0), ("children", -1), ("children", True), ("children", 2.0), ("children", 100_001),
        ("children", "3"), ("answer", "names"), ("answer", ["children"]), ("made_on", "30-11-2026"),
        ("reading", "x"), ("sha256", 1),
    ],
)  # fmt: skip
def test_a_head_that_says_something_else_is_refused_by_its_column(
    column: str, value: object, request_file: Path
) -> None:
    first, head, body = request_file.read_bytes().split(b"\n", 2)
    told = {**json.loads(head), column: value}
    said = refused(request_file, b"\n".join([first, json.dumps(told).encode(), body]))
    assert f"line 2, column {column}: expected a head as inbeeld exchange writes it" in said


@pytest.mark.parametrize(
    "head", [b"", b"[]", b"null", b"[" * 1_900, b'{"id": 1}', b"\xff\xfe", b"9" * 1_900, b"{" + b" " * 10_000]
)
def test_a_head_that_is_none_is_refused(head: bytes, request_file: Path) -> None:
    first, _, body = request_file.read_bytes().split(b"\n", 2)
    assert "line 2" in refused(request_file, b"\n".join([first, head, body]))


def test_a_request_with_an_encoding_twice_is_refused(tmp_path: Path) -> None:
    twice = passing.Request("ab" * 16, "a", "2026-11-30", 3, "children", "0" * 12, [*POINTS[:-1], POINTS[0]])
    passing.write_request(tmp_path / "twice", twice)
    with pytest.raises(BadInput, match="each encoding once"):
        passing.read_request(tmp_path / "twice")


@settings(max_examples=200, deadline=None)
@given(junk=st.binary(max_size=400), kind=st.sampled_from([b"request\n", b"response\n", b""]))
def test_no_junk_is_taken_for_a_file_of_ours(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, kind: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "junk"
    file.write_bytes((passing.FIRST_LINE + kind if kind else b"") + junk)
    for read in (passing.read_request, passing.read_response):
        with pytest.raises(BadInput):
            read(file)
