"""Every request is counted once, and asking for everybody bit by bit runs into a limit."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inbeeld.engine.exchange import log
from inbeeld.engine.exchange.passing import Request
from inbeeld.engine.exchange.tests.conftest import Exchange
from inbeeld.engine.refusal import BadInput

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def line(id_: str, children: int, at: datetime) -> dict[str, object]:
    return dict(
        zip(
            log.COLUMNS,
            (f"{at:%Y-%m-%dT%H:%M:%SZ}", id_, "swv", children, 9, "children", "a", "b"),
            strict=True,
        )
    )


def asks(id_: str, children: int) -> Request:
    return Request(id_, "swv", "2026-11-30", children, "children", "0" * 12, [])


def test_each_request_answered_is_a_line(exchange: Exchange) -> None:
    exchange.ask()
    told = exchange.respond()
    with exchange.log.open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert tuple(row) == log.COLUMNS
    assert {name: str(told[name]) for name in log.COLUMNS} == row
    assert (row["asker"], row["children"], told["asked_in_a_year"]) == ("leerplicht", "40", 40)


def test_the_same_request_is_answered_once(exchange: Exchange) -> None:
    exchange.ask()
    exchange.respond()
    before = exchange.log.read_bytes()
    with pytest.raises(BadInput, match="a request that was not answered yet; this one was, on 20"):
        exchange.respond(out=exchange.responder / "again")
    assert exchange.log.read_bytes() == before
    assert not (exchange.responder / "again").exists()


def test_a_request_for_more_than_was_agreed_is_refused(exchange: Exchange) -> None:
    exchange.ask()
    with pytest.raises(BadInput, match='at most 39 children .see --at-most., found "40"'):
        exchange.respond(at_most=39)
    assert not exchange.log.exists()
    exchange.respond(at_most=40)


def test_many_small_requests_are_counted_together_over_a_year(tmp_path: Path) -> None:
    with log.opened(tmp_path / "log.csv") as kept:
        kept.add(line("old", 100, NOW - timedelta(days=366)))
        for month in range(11):
            kept.add(line(f"m{month}", 10, NOW - timedelta(days=30 * month + 1)))
    with log.opened(tmp_path / "log.csv") as kept:
        assert kept.asked_in_a_year(NOW) == 110
        kept.refuse(asks("new", 10), shown="r", at_most=10, now=NOW)
        with pytest.raises(BadInput, match="no more than 108 children asked for in a year; 110 were before"):
            kept.refuse(asks("new", 9), shown="r", at_most=9, now=NOW)


def test_a_log_is_as_it_was_when_anything_goes_wrong(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    for was in (None, b""):
        with pytest.raises(RuntimeError), log.opened(file) as kept:
            kept.add(line("a", 1, NOW))
            raise RuntimeError
        assert (file.read_bytes() if file.exists() else None) == was
        file.write_bytes(b"")
    with log.opened(file) as kept:
        kept.add(line("a", 1, NOW))
    whole = file.read_bytes()
    with pytest.raises(RuntimeError), log.opened(file) as kept:
        kept.add(line("b", 1, NOW))
        raise RuntimeError
    assert file.read_bytes() == whole


def test_two_do_not_answer_by_one_log_at_once(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    in_use = pytest.raises(BadInput, match="no other inbeeld is writing in")
    with log.opened(file), in_use, log.opened(file):
        pass


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,name\n1,Jan\n", "line 1: expected a log of inbeeld exchange"),
        (b"\xff\xfe", "line 1: expected a log of inbeeld exchange"),
        (b",".join(name.encode() for name in log.COLUMNS) + b"\nx\n", "line 2: expected a line as"),
        (
            b",".join(name.encode() for name in log.COLUMNS) + b"\n2026-11-30T12:00:00Z,a,b,many,1,c,d,e\n",
            "line 2: expected a line as",
        ),
    ],
)
def test_another_file_is_not_written_in(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(content)
    with pytest.raises(BadInput, match=sentence), log.opened(tmp_path / "log.csv"):
        pass
    assert (tmp_path / "log.csv").read_bytes() == content
