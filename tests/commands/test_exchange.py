"""`inbeeld exchange`: two organisations, each a process of its own, and files between them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inbeeld.engine.exchange.match_keys import keyed
from inbeeld.engine.exchange.passing import read_request
from inbeeld.engine.linkage.tests.conftest import others, write
from tests.commands.test_commands import ROOT, inbeeld

ASK = ("exchange", "request", "leerplicht.csv", "--out", "sent", "--keep", "kept")
RESPOND = ("exchange", "respond", "request.inbeeld", "swv_vo.csv", "--out", "back", "--log", "log.csv")
READ = ("exchange", "answer", "response.inbeeld", "--keep", "kept", "--out", "answer")


class Two:
    """Two organisations; what one sends is moved into the folder of the other."""

    def __init__(self, here: Path) -> None:
        self.asker, self.responder = here / "leerplicht", here / "swv"
        self.asker.mkdir()
        self.responder.mkdir()
        write(self.asker / "leerplicht.csv", others("L", 60))
        write(self.responder / "swv_vo.csv", others("V", 60, first=15))

    def ask(self, *more: str) -> subprocess.CompletedProcess[str]:
        done = inbeeld(*ASK, *more, cwd=self.asker)
        if done.returncode == 0:
            (self.responder / "request.inbeeld").write_bytes(
                (self.asker / "sent" / "request.inbeeld").read_bytes()
            )
        return done

    def respond(self, *more: str) -> subprocess.CompletedProcess[str]:
        done = inbeeld(*RESPOND, *more, cwd=self.responder)
        if done.returncode == 0:
            (self.asker / "response.inbeeld").write_bytes(
                (self.responder / "back" / "response.inbeeld").read_bytes()
            )
        return done

    def read(self, *words: str) -> subprocess.CompletedProcess[str]:
        return inbeeld(*(words or READ), cwd=self.asker)


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_one_learns_which_of_its_rows_the_other_has_and_the_other_learns_nothing(two: Two) -> None:
    for step in (two.ask, two.respond, two.read):
        done = step()
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    with (two.asker / "answer" / "answer.csv").open(newline="") as stream:
        said = {row["id"]: row["answer"] for row in csv.DictReader(stream)}
    assert said == {f"L{at}": "found" if at >= 15 else "not_found" for at in range(60)}
    assert "Found at swv_vo: 45 of 60 children asked about; 60 are on the list there." in done.stderr
    told = json.loads((two.responder / "back" / "receipt.json").read_text("utf-8"))
    assert (told["asker"], told["children"]) == ("leerplicht", 60)
    assert "found" not in told


def test_what_leaves_an_organisation_holds_no_name_birth_date_or_plain_hash(two: Two) -> None:
    two.ask()
    two.respond()
    sent = [*(two.asker / "sent").iterdir(), *(two.responder / "back").iterdir()]
    sent += [two.responder / "log.csv"]
    bytes_sent = b"\n".join(file.read_bytes() for file in sent)
    lower = bytes_sent.lower()
    rows = [*others("L", 60), *others("V", 60, first=15)]
    told = {row[column] for row in rows for column in ("first_names", "last_name", "born_on", "postcode")}
    told |= {day.replace("-", "") for day in told}
    told = {text for text in told if len(text) > 4}  # fewer letters stand in random bytes by chance
    assert len(told) > 200
    assert [text for text in told if text.lower().encode() in lower] == []
    keys = [
        key
        for file, asking in ((two.asker / "leerplicht.csv", True), (two.responder / "swv_vo.csv", False))
        for child in keyed(file, asking=asking, work=two.asker / "work").children
        for key in child.keys
    ]
    plain = [
        hashlib.new(kind, text.encode()) for kind in ("md5", "sha1", "sha256") for text in [*told, *keys]
    ]
    assert [one for one in plain if one.digest() in bytes_sent or one.hexdigest().encode() in lower] == []


def test_only_a_number_is_told_where_only_that_was_asked(two: Two) -> None:
    two.ask("--count")
    assert "will see how many of them are here" in two.respond().stderr
    assert "45 of 60" in two.read().stderr
    assert sorted(os.listdir(two.asker / "answer")) == [".inbeeld.json", "receipt.json"]


def test_a_request_that_was_cut_off_halfway_is_one_sentence_and_nothing_is_left(two: Two) -> None:
    two.ask()
    whole = (two.responder / "request.inbeeld").read_bytes()
    (two.responder / "request.inbeeld").write_bytes(whole[: len(whole) // 2])
    refused(two.respond(), "request.inbeeld: expected a whole request;")
    assert sorted(os.listdir(two.responder)) == ["request.inbeeld", "swv_vo.csv"]


def test_a_request_is_answered_once(two: Two) -> None:
    two.ask()
    two.respond()
    refused(two.respond("--count"), "expected a request that was not answered yet; this one was, on")
    assert (two.responder / "log.csv").read_text().count("\n") == 2


def test_what_another_kept_does_not_read_the_response(two: Two, tmp_path: Path) -> None:
    two.ask()
    two.respond()
    other = tmp_path / "other"
    other.mkdir()
    other_two = Two(other)
    other_two.ask()
    (two.asker / "kept").unlink()
    (other_two.asker / "kept").rename(two.asker / "kept")
    refused(two.read(), "expected the response to the request that kept was kept with; it is to another")
    assert not (two.asker / "answer").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("exchange",), "inbeeld exchange: the following arguments are required: request|respond|answer"),
        (("exchange", "look"), "invalid choice: 'look'"),
        (ASK[:5], "inbeeld exchange request: the following arguments are required: --keep"),
        (
            (*ASK[:-1], "sent/kept"),
            "sent/kept: expected a place to keep what reads the response, outside sent",
        ),
        ((*RESPOND, "--at-most", "0"), 'a whole number from 1 to 100000, found "0"'),
        (RESPOND, "request.inbeeld: expected the file of a request"),
        (READ, "kept: expected the file that was kept with the request"),
    ],
)
def test_wrong_words_are_one_sentence_and_leave_nothing(
    words: tuple[str, ...], sentence: str, two: Two
) -> None:
    refused(inbeeld(*words, cwd=two.asker), sentence)
    assert os.listdir(two.asker) == ["leerplicht.csv"]


def test_junk_is_not_taken_for_a_file_of_the_other_organisation(two: Two) -> None:
    two.ask()
    for junk in (b"", b"\0" * 5_000, b"\x0a\x21" * 5_000, b"id,last_name\n1,x\n"):
        (two.asker / "response.inbeeld").write_bytes(junk)
        refused(two.read(), "response.inbeeld: expected a response made by inbeeld exchange")


def test_being_stopped_leaves_neither_a_request_nor_what_was_kept(two: Two) -> None:
    write(two.asker / "leerplicht.csv", others("L", 4_000))
    running = subprocess.Popen(
        [sys.executable, "-m", "inbeeld", *ASK],
        cwd=two.asker,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    while "encoding" not in running.stderr.readline():
        pass
    time.sleep(0.2)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 130
    assert running.stderr.read().splitlines()[-1] == "Stopped; nothing half-done was left behind."
    running.stderr.close()
    assert os.listdir(two.asker) == ["leerplicht.csv"]


@pytest.mark.long
def test_a_list_of_20_000_is_asked_about_in_minutes_and_little_memory(two: Two) -> None:
    write(two.asker / "leerplicht.csv", others("L", 20_000))
    write(two.responder / "swv_vo.csv", others("V", 20_000, first=5_000))
    assert two.ask().returncode == 0
    refused(two.respond(), 'for at most 2,000 children (see --at-most), found "')
    assert two.respond("--at-most", "20000").returncode == 0
    done = two.read()
    asked = read_request(two.responder / "request.inbeeld").children
    assert done.returncode == 0
    assert f"of {asked:,} children asked about" in done.stderr
