"""The command `inbeeld access` prints the table and what a role may see, signs changes, and checks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from inbeeld.access import command
from inbeeld.access.command import run
from inbeeld.kernel import access, signed_access, signing
from inbeeld.kernel.access import ROLES, ROWS
from inbeeld.kernel.signed_access import amiss, read

SIGNED_BY = ["sign", "--by", "A. Tester", "--for", "an invented school", "--because", "to try it"]


@pytest.fixture
def told(capsys):
    """Run a command; returns the exit code, what it printed and what it complained of."""

    def run_it(*words: str) -> tuple[int, str, str]:
        code = run(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_it


def test_it_prints_the_whole_table_in_dutch(told):
    code, out, err = told()
    assert (code, err) == (0, "")
    lines = [line for line in out.splitlines() if " · " in line or line.count("  ") > 10]
    assert len([line for line in lines if "betrokken" in line or "lijst" in line]) >= 15
    assert out.startswith("Wie mag wat zien\n") and "verzuimcoördinator" in out
    assert "Leerplichtwet 21a" in out
    assert out.count("\n") > len(ROWS) + 20
    assert not [line for line in out.splitlines() if line != line.rstrip()]


def test_on_a_narrow_terminal_the_grounds_are_left_out(told, monkeypatch):
    monkeypatch.setattr(command, "_width", lambda: 100)
    _, out, _ = told()
    assert "Leerplichtwet 21a" not in out
    assert max(len(line) for line in out.splitlines()) <= 100


def test_english_when_asked(told):
    assert told("--language", "en")[1].startswith("Who may see what\n")


@pytest.mark.parametrize("role", ROLES)
def test_it_says_what_a_role_may_see(told, role):
    code, out, err = told("--as", role)
    assert (code, err) == (0, "")
    assert ": wat u mag zien\n" in out
    assert max(map(len, out.splitlines())) <= 100


def test_what_the_school_doctor_may_see_in_sentences(told):
    _, out, _ = told("--as", "school_doctor")
    for sentence in (
        "Als u dit kind helpt",
        "Wat anderen schreven, mag u alleen lezen met geldende toestemming:",
        "U mag werknotities bewaren. Niemand anders leest die.",
        "In nood",
        "Nooit, op geen enkele manier:",
    ):
        assert sentence in out


@pytest.mark.parametrize(
    "asked", ["jeugdarts", "Jeugdarts", " jeugdarts ", "school doctor (jeugdarts)", "school_doctor"]
)
def test_a_role_is_known_by_its_key_and_by_what_the_table_calls_it(told, asked):
    assert told("--as", asked) == told("--as", "school_doctor")


def test_a_role_that_does_not_exist_is_refused_with_those_that_do(told):
    code, out, err = told("--as", "janitor")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and '"janitor"' in err and all(role in err for role in ROLES)


@pytest.mark.parametrize(
    "words",
    [["--language", "de"], ["fly"], ["sign"], ["sign", "--by", "A"], ["check", "twice"], ["--as"]],
)
def test_a_wrong_argument_gets_one_sentence(told, words):
    code, out, err = told(*words)
    assert (code, out) == (2, "") and err.count("\n") == 1


@pytest.mark.parametrize("words", [["--help"], ["sign", "--help"], ["check", "--help"]])
def test_it_explains_itself(told, words):
    code, out, err = told(*words)
    assert code == 0 and out.startswith("usage: inbeeld access") and err == ""


def test_check_says_that_all_is_as_signed(told):
    code, out, err = told("check")
    assert (code, err) == (0, "")
    assert f"{len(ROWS)} rows" in out and read().last.seal in out and "475,200 questions" in out


def test_check_names_what_is_not_signed_and_which_promises_are_broken(told, monkeypatch):
    monkeypatch.setattr(access, "EXPORTING_ROLES", access.EXPORTING_ROLES | {"mentor"})
    code, out, err = told("check")
    assert (code, out) == (1, "")
    assert "mentor/involved rules is not signed (widened" in err
    assert 'broken: "Besides yourselves' in err


def test_check_names_what_is_no_longer_possible(told, monkeypatch):
    monkeypatch.setattr(access, "may_leave", lambda row, one: False)
    code, _, err = told("check")
    assert code == 1 and 'not possible: "Parents of a child under twelve' in err


def test_signing_without_a_change_is_refused(told):
    code, out, err = told(*SIGNED_BY)
    assert (code, out) == (2, "") and "nothing changed" in err


def test_signing_a_change_prints_lines_that_make_the_file_whole_again(told, monkeypatch, tmp_path):
    file = tmp_path / "access.signed.txt"
    file.write_text(signed_access.FILE.read_text("utf-8"), "utf-8")
    for module in (signed_access, signing):
        monkeypatch.setattr(module, "FILE", file)
    monkeypatch.setattr(access, "EXPORTING_ROLES", access.EXPORTING_ROLES | {"mentor"})
    code, out, err = told(*SIGNED_BY)
    assert code == 0 and "Add this line" in err
    assert "| widened | mentor/involved rules |" in out and "| A. Tester, for an invented school |" in out
    assert amiss()
    with file.open("a", encoding="utf-8") as signed:
        signed.write(out)
    assert amiss() == ()


def test_words_that_would_break_the_line_are_refused(told, monkeypatch):
    monkeypatch.setattr(access, "EXPORTING_ROLES", access.EXPORTING_ROLES | {"mentor"})
    code, out, err = told("sign", "--by", "A | B", "--for", "C", "--because", "D")
    assert (code, out) == (2, "") and "--by is one line of words" in err


def test_a_damaged_file_is_named_not_thrown(told, monkeypatch, tmp_path):
    file = tmp_path / "access.signed.txt"
    file.write_text(signed_access.FILE.read_text("utf-8").replace("mentor  ", "mentor_x", 1), "utf-8")
    for module in (signed_access, signing):
        monkeypatch.setattr(module, "FILE", file)
    assert told("check")[0] == 1
    code, out, err = told(*SIGNED_BY)
    assert (code, out) == (2, "") and "the seal does not fit" in err and err.count("\n") == 1


def test_settings_that_cannot_be_are_one_sentence() -> None:
    program = "import sys; from inbeeld.access.command import run; sys.exit(run([]))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True,
        env={**os.environ, "INBEELD_MODE": "holiday", "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "inbeeld access: INBEELD_MODE is trial or production, not 'holiday'.\n"
