"""The command line: what goes wrong gives one sentence and exit code 2, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inbeeld.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("demo", "test", "judge", "import", "compare", "exchange", "generate", "bench")


def inbeeld(*words: str, **how: object) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "inbeeld", *words]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings, **how)  # type: ignore[call-overload, no-any-return]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    told = capsys.readouterr().out
    assert [command for command in COMMANDS if f"\n    {command} " not in told] == []


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "bench"])
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    done = inbeeld(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: inbeeld {command}")


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["fly"], "inbeeld: argument COMMAND: invalid choice: 'fly'"),
        (
            ["judge", "in", "--on", "2026-02-30", "--out", "o"],
            'expected a date like 2026-09-01, found "2026-02-30"',
        ),
        (
            ["judge", "in", "--on", "20260201", "--out", "o"],
            'expected a date like 2026-09-01, found "20260201"',
        ),
        (["judge", "in"], "the following arguments are required: --on, --out"),
        (["judge", "in", "--on", "2026-02-01", "--out", "o", "--engine", "x"], "invalid choice: 'x'"),
        (
            ["generate", "--learners", "0", "--seed", "1", "--out", "o"],
            'a whole number of 1 or more, found "0"',
        ),
        (
            ["generate", "--learners", "1e3", "--seed", "1", "--out", "o"],
            'a whole number of 1 or more, found "1e3"',
        ),
        (["demo", "--port", "70000"], 'a whole number from 0 to 65535, found "70000"'),
        (["compare", "a.csv"], "the following arguments are required: --out"),
    ],
)
def test_wrong_arguments_get_one_sentence_and_leave_nothing(
    words: list[str], sentence: str, tmp_path: Path
) -> None:
    done = inbeeld(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_gets_one_sentence(tmp_path: Path) -> None:
    done = inbeeld("judge", "nowhere", "--on", "2026-02-01", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("nowhere")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_of_a_command_becomes_its_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from inbeeld.engine.refusal import BadInput

    def refuse(*_: object, **__: object) -> None:
        raise BadInput("marks.csv", "a date like 2026-09-01", line=3, column="date", found="1/9")

    monkeypatch.setattr("inbeeld.engine.invented.generate", refuse)
    assert main(["generate", "--learners", "1", "--seed", "1", "--out", "o"]) == 2
    told = capsys.readouterr().err
    assert told == 'marks.csv, line 3, column date: expected a date like 2026-09-01, found "1/9".\n'


def test_interrupting_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("inbeeld.engine.invented.generate", interrupted)
    assert main(["generate", "--learners", "1", "--seed", "1", "--out", "o"]) == 130
    assert capsys.readouterr().err == "\nStopped; nothing half-done was left behind.\n"


def test_a_reader_that_goes_away_makes_no_noise() -> None:
    line = f'"{sys.executable}" -m inbeeld --help | true'
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=surroundings)
    assert done.stderr == ""
