"""`./inbeeld`: installs once, again after being cut off, once when asked twice, and says what is missing.

A stand-in for Python answers what the launcher asks, so nothing is fetched and every step is written down.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).resolve().parents[2] / "inbeeld"

STAND_IN = r"""#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
case "$*" in
    *'%d.%d'*) echo "${FAKE_VERSION:-3.12}" ;;
    *ensurepip*) exit "${FAKE_FITS:-0}" ;;
    *'import pip'*) exit 0 ;;
    '-m venv '*)
        echo venv >>"$FAKE_LOG"
        mkdir -p "$3/bin" "$3/lib/python${FAKE_VERSION:-3.12}/site-packages"
        cp "$0" "$3/bin/python" ;;
    '-m pip install '*inbeeld-uv.txt)
        [ -z "${FAKE_NO_UV-}" ] || exit 1
        printf '#!/bin/sh\necho "uv $*" >>"$FAKE_LOG"\nsleep "${FAKE_SLEEP:-0}"\n' >"$here/uv"
        chmod +x "$here/uv" ;;
    '-m pip install '*)
        [ -z "${FAKE_OFFLINE-}" ] || exit 1
        echo "pip $*" >>"$FAKE_LOG" ;;
    '-P -m inbeeld'*) shift 3; printf 'ran'; printf ' <%s>' "$@"; echo " in $PWD" ;;
    *) echo "not expected: $*" >&2; exit 9 ;;
esac
"""


class Clone:
    """A folder with the launcher, two small locks and a stand-in for Python."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "in beeld"
        self.root.mkdir()
        self.log = folder / "log"
        self.log.touch()
        self.fake = folder / "fake python"
        self.fake.write_text(STAND_IN)
        self.fake.chmod(0o755)
        self.launcher = self.root / "inbeeld"
        shutil.copy(LAUNCHER, self.launcher)
        lock = "uv==1 \\\n    --hash=sha256:aa\nother==2 \\\n    --hash=sha256:bb\n"
        (self.root / "requirements.txt").write_text(lock)
        for more in ("test", "exchange"):
            (self.root / f"requirements-{more}.txt").write_text(lock + "more==9 \\\n    --hash=sha256:cc\n")

    def surroundings(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "FAKE_LOG": str(self.log),
            "INBEELD_PYTHON": str(self.fake),
            **more,
        }

    def run(self, *words: str, launcher: Path | None = None, cwd: str = "/", **more: str):
        return subprocess.run(
            [launcher or self.launcher, *words],
            capture_output=True, text=True, cwd=cwd, env=self.surroundings(**more), timeout=60,
        )  # fmt: skip

    def steps(self) -> list[str]:
        """What was done so far: venv, or the installer and the lock it was given."""
        lines = self.log.read_text().splitlines()
        return [
            " ".join((line.split()[0], line.rsplit("/", 1)[-1] if "/" in line else "")).strip()
            for line in lines
        ]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_the_first_start_installs_and_the_second_does_nothing(clone: Clone) -> None:
    assert (
        clone.run("judge", "a b", "--on", "2026-01-01").stdout
        == "ran <judge> <a b> <--on> <2026-01-01> in /\n"
    )
    assert clone.steps() == ["venv", "uv requirements.txt"]
    second = clone.run("demo", FAKE_OFFLINE="1", FAKE_NO_UV="1")
    assert (second.stdout, second.stderr) == ("ran <demo> in /\n", "")
    assert clone.steps() == ["venv", "uv requirements.txt"]


def test_it_works_through_a_symlink_of_a_symlink(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "first").symlink_to("in beeld/inbeeld")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "second").symlink_to("../first")
    done = clone.run("demo", launcher=tmp_path / "elsewhere" / "second")
    assert done.stdout == "ran <demo> in /\n"
    assert (clone.root / ".venv" / "inbeeld-requirements").is_file()


@pytest.mark.parametrize("command", ["test", "bench"])
def test_tests_and_bench_install_what_they_need_on_top(clone: Clone, command: str) -> None:
    clone.run("demo")
    clone.run(command)
    clone.run("demo")
    clone.run(command)
    assert clone.steps() == ["venv", "uv requirements.txt", "uv requirements-test.txt"]


def test_what_one_command_needs_alone_is_installed_when_it_is_asked_for(clone: Clone) -> None:
    clone.run("demo")
    assert clone.run("exchange").stdout == "ran <exchange> in /\n"
    clone.run("exchange")
    assert clone.steps() == ["venv", "uv requirements.txt", "uv requirements-exchange.txt"]


def test_a_changed_lock_is_installed_again(clone: Clone) -> None:
    clone.run("demo")
    with (clone.root / "requirements.txt").open("a") as lock:
        lock.write("new==3\n")
    clone.run("demo")
    assert clone.steps() == ["venv", "uv requirements.txt", "uv requirements.txt"]


def test_another_python_in_the_old_folder_means_starting_anew(clone: Clone) -> None:
    clone.run("demo")
    done = clone.run("demo", FAKE_VERSION="3.13")
    assert done.stdout == "ran <demo> in /\n"
    assert clone.steps() == ["venv", "uv requirements.txt"] * 2


def test_a_python_that_is_gone_means_starting_anew(clone: Clone) -> None:
    clone.run("demo")
    python = clone.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert clone.run("demo").stdout == "ran <demo> in /\n"
    assert clone.steps() == ["venv", "uv requirements.txt"] * 2


def _hear_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would all it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(clone: Clone, **more: str) -> subprocess.Popen[str]:
    """A launcher in the midst of installing, in a process group of its own."""
    process = subprocess.Popen(
        [clone.launcher, "demo"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", start_new_session=True,
        env=clone.surroundings(**more), preexec_fn=_hear_ctrl_c,
    )  # fmt: skip
    end = time.monotonic() + 20
    while "uv" not in clone.log.read_text() and time.monotonic() < end:
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_install_that_was_cut_off_is_done_again(clone: Clone, how: signal.Signals) -> None:
    process = started(clone, FAKE_SLEEP="30")
    os.killpg(process.pid, how)
    told = process.communicate(timeout=20)[1]
    assert process.returncode == (-9 if how is signal.SIGKILL else 130)
    assert ("run the same command again" in told) == (how is not signal.SIGKILL)
    assert not (clone.root / ".venv" / "inbeeld-requirements").exists()
    assert clone.run("demo").stdout == "ran <demo> in /\n"
    assert clone.steps() == ["venv", "uv requirements.txt"] * 2
    assert list((clone.root / ".tmp").iterdir()) == []


def test_two_at_once_install_once(clone: Clone) -> None:
    first = started(clone, FAKE_SLEEP="1")
    second = clone.run("demo")
    assert first.communicate(timeout=20)[0] == second.stdout == "ran <demo> in /\n"
    assert "another inbeeld is installing" in second.stderr
    assert clone.steps() == ["venv", "uv requirements.txt"]


def test_pip_takes_over_where_uv_cannot_be_had(clone: Clone) -> None:
    assert clone.run("demo", FAKE_NO_UV="1").stdout == "ran <demo> in /\n"
    assert clone.steps() == ["venv", "pip requirements.txt"]


def test_without_a_network_it_says_so_and_can_be_repeated(clone: Clone) -> None:
    done = clone.run("demo", FAKE_NO_UV="1", FAKE_OFFLINE="1")
    assert done.returncode == 1
    assert "Is there a network? Nothing is lost: run the same command again." in done.stderr
    assert clone.run("demo").stdout == "ran <demo> in /\n"


def test_failing_to_add_what_the_tests_need_leaves_the_program_usable(clone: Clone) -> None:
    clone.run("demo")
    for _ in range(2):
        assert clone.run("test", FAKE_NO_UV="1", FAKE_OFFLINE="1").returncode == 1
    assert clone.run("demo", FAKE_NO_UV="1", FAKE_OFFLINE="1").stdout == "ran <demo> in /\n"
    assert clone.run("test").stdout == "ran <test> in /\n"


@pytest.mark.parametrize(
    "code, sentence",
    [
        ("4", "Python 3.11, 3.12, 3.13 or 3.14 is needed;"),
        ("3", "sudo apt install python3-venv"),
        ("1", "no Python was found; 3.11, 3.12, 3.13 or 3.14 is needed."),
    ],
)
def test_a_python_that_does_not_do_gets_a_sentence(clone: Clone, code: str, sentence: str) -> None:
    done = clone.run("demo", FAKE_FITS=code, FAKE_VERSION="3.9")
    assert done.returncode == 1
    assert sentence in done.stderr
    assert clone.steps() == []
