"""`inbeeld journal`: what it says, leaves behind, and exits with."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError

from inbeeld.journal import heads
from inbeeld.journal.command import run
from inbeeld.journal.models import Head, Line
from inbeeld.journal.tests.opened import unguarded
from inbeeld.journal.tests.written import NOON, a_deed, append, chain_anew, lines

SOURCE = Path(__file__).resolve().parents[3]
database = pytest.mark.usefixtures("written")
HERE = ("--region", "noorderveen")


@pytest.fixture
def written(db: None) -> None:
    for number in range(6):
        append(a_deed(), at=NOON + (number // 2) * timedelta(days=1))


def told(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    code = run([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


@database
def test_a_sound_journal_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "verify")
    assert code == 0
    assert out.splitlines()[:2] == [
        "The journal is as it was written.",
        "Lines 1 to 6 follow one another without gap or change.",
    ]
    assert err == ""


@database
def test_the_head_of_a_day_is_one_line_that_verify_takes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = told(capsys, "head", "--on", "2026-09-02", *HERE)
    assert (code, out) == (0, f"noorderveen 2026-09-02 4 {lines()[3]['digest'].hex()}\n")
    (tmp_path / "kept.txt").write_text(out)
    code, out, _ = told(capsys, "verify", "--heads", tmp_path / "kept.txt")
    assert code == 0
    assert "One head of a partner agrees: nothing up to line 4 was rewritten since 2026-09-02." in out


@database
def test_the_head_of_a_day_before_the_first_line_is_said_to_be_of_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = told(capsys, "head", "--on", "2026-08-01", *HERE)
    assert (code, out) == (0, f"noorderveen 2026-08-01 0 {'0' * 64}\n")
    assert err == "At the end of 2026-08-01 nothing was written yet: its head is a row of zeros.\n"


@database
def test_heads_are_gathered_in_a_file_day_by_day(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    for day in ("2026-09-01", "2026-09-02", "2026-09-02", "2026-09-03"):
        code, out, err = told(capsys, "head", "--on", day, "--out", file, *HERE)
        assert (code, out, err) == (0, "", f"The head of {day} is in {file}.\n")
    assert [head.sequence for head in heads.read(file)] == [2, 4, 6]


@database
def test_without_a_day_the_head_is_of_yesterday(capsys: pytest.CaptureFixture[str]) -> None:
    from django.utils import timezone

    _, out, _ = told(capsys, "head", *HERE)
    yesterday = heads.day_of(timezone.now()) - timedelta(days=1)
    assert out.split()[:3] == ["noorderveen", yesterday.isoformat(), "6"]


@database
def test_tampering_exits_with_1_and_names_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    with unguarded():
        Line.for_operations.filter(sequence=3).update(role="analyst")
    code, out, _ = told(capsys, "verify")
    assert code == 1
    assert out.splitlines() == [
        "The journal is NOT as it was written.",
        "Line 3 was altered: what it says does not make its digest.",
        "Lines 1 to 2 follow one another without gap or change.",
        "No partner's head was compared: who may write in the database could have made the chain anew.",
        "Leave the database as it is, keep a copy, and tell the privacy officers of all partners.",
    ]


@database
def test_a_head_that_became_another_is_told_and_not_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "kept.txt"
    told(capsys, "head", "--on", "2026-09-02", "--out", file, *HERE)
    before = file.read_bytes()
    with unguarded():
        rows = lines()
        rows[0]["role"] = "analyst"
        chain_anew(rows)
    code, out, _ = told(capsys, "head", "--on", "2026-09-02", "--out", file, *HERE)
    assert code == 1
    assert out == f"{file}, line 1: the head of 2026-09-02 was another one. See: inbeeld journal verify.\n"
    assert file.read_bytes() == before
    code, out, _ = told(capsys, "verify", "--heads", file)
    assert code == 1
    assert f"({file}, line 1): lines 1 to 4 were changed and chained anew." in out


@database
def test_reading_can_go_on_from_a_day(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    told(capsys, "head", "--on", "2026-09-03", "--out", file, *HERE)
    code, out, _ = told(capsys, "verify", "--since", "2026-09-02")
    assert (code, out.splitlines()[1]) == (0, "Lines 5 to 6 follow one another without gap or change.")
    code, _, _ = told(capsys, "verify", "--since", "2026-09-03", "--heads", file)
    assert code == 0


@database
def test_the_region_of_the_settings_is_used_and_others_are_refused(
    capsys: pytest.CaptureFixture[str], settings, tmp_path: Path
) -> None:
    settings.INBEELD_REGION = "noorderveen"
    code, out, _ = told(capsys, "head", "--on", "2026-09-01")
    assert (code, out.split()[0]) == (0, "noorderveen")
    (tmp_path / "kept.txt").write_text(out.replace("noorderveen", "elders"))
    code, out, err = told(capsys, "verify", "--heads", tmp_path / "kept.txt")
    assert (code, out) == (2, "")
    assert 'column region: expected a head of region noorderveen, found "elders".' in err


@database
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "the following arguments are required: verify|head"),
        (["fly"], "invalid choice: 'fly'"),
        (["verify", "--heads"], "expected at least one argument"),
        (["verify", "--heads", "nowhere.txt"], "nowhere.txt: no such file or directory."),
        (["verify", "--since", "2026-02-30"], 'expected a date like 2026-09-01, found "2026-02-30"'),
        (["verify", "--since", "2020-01-01"], "--since: expected a day of which there is a head"),
        (["head", "--on", "yesterday", *HERE], 'expected a date like 2026-09-01, found "yesterday"'),
        (["head", "--on", "2999-01-01", *HERE], '--on: expected a day that is over, found "2999-01-01".'),
        (["head", "--on", "2026-09-01"], "expected --region KEY, or INBEELD_REGION in the settings."),
        (["head", "--on", "2026-09-01", "--region", "Noord Oost"], "expected the key of a region"),
        (["head", "--on", "2026-09-01", "--out", "no/such/folder/x", *HERE], "no such file or directory."),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_and_2(
    capsys: pytest.CaptureFixture[str], monkeypatch, tmp_path: Path, settings, words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("INBEELD_REGION", raising=False)
    settings.INBEELD_REGION = ""
    code, out, err = told(capsys, *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_help_explains(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--help")
    assert code == 0
    assert out.startswith("usage: inbeeld journal")


def verified_elsewhere(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What another process says of the journal in a folder."""
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))
    }
    program = "import sys; from inbeeld.journal.command import run; sys.exit(run(['verify']))"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=folder,
        env={**surroundings, "PYTHONPATH": str(SOURCE), "INBEELD_DATA": str(folder), **variables},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "inbeeld.sqlite3: expected the database of the site (see INBEELD_DATA)."),
        ({"INBEELD_MODE": "holiday"}, "INBEELD_MODE is trial or production"),
        (
            {"INBEELD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
            "nothing: expected a database that answers (see INBEELD_DATABASE_URL).",
        ),
    ],
)
def test_without_a_database_there_is_one_sentence_and_nothing_is_made(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    done = verified_elsewhere(tmp_path, **variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@database
def test_a_journal_without_its_head_gives_no_head_of_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    Head.objects.all().delete()
    code, out, _ = told(capsys, "head", "--on", "2026-09-02", *HERE)
    assert (code, out) == (1, "The journal has lines and no head. See: inbeeld journal verify.\n")


@database
def test_a_database_that_refuses_gets_one_sentence_without_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**asked: object) -> None:
        raise DatabaseError("membership:12")

    monkeypatch.setattr("inbeeld.journal.verify.verify", refuse)
    code, out, err = told(capsys, "verify")
    assert (code, out, err) == (2, "", "The database refused, or stopped answering (DatabaseError).\n")


def test_the_folder_of_a_demo_beside_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "demo-30").mkdir()
    (tmp_path / "demo-30" / "inbeeld.sqlite3").touch()
    done = verified_elsewhere(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"(see INBEELD_DATA; here is {tmp_path / 'demo-30'})." in done.stderr
