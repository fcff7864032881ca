"""The demo command: built once, whole or not at all, on a free port, never beside a real database."""

from __future__ import annotations

import fcntl
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inbeeld.engine.refusal import BadInput
from inbeeld.site import demo

SOURCE = Path(__file__).resolve().parents[3]
PREPARE = (
    "import sys; from pathlib import Path; from inbeeld.site.demo import prepare; "
    "print(prepare(learners=60, data=Path(sys.argv[1]), progress=lambda line: None))"
)


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**clean, **environment, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_region_is_built_once_and_found_again(tmp_path):
    first = python(PREPARE, str(tmp_path))
    assert first.returncode == 0, first.stderr
    home = Path(first.stdout.split()[-1])
    made_at = (home / "inbeeld.sqlite3").stat().st_mtime_ns
    started = time.monotonic()
    assert python(PREPARE, str(tmp_path)).stdout == first.stdout
    assert time.monotonic() - started < 5
    assert (home / "inbeeld.sqlite3").stat().st_mtime_ns == made_at


def test_an_interrupted_first_run_leaves_nothing_and_the_next_begins_anew(tmp_path):
    broken = (
        "import sys; from pathlib import Path; import inbeeld.engine.judge as judge\n"
        "def stop(*a, **k): raise KeyboardInterrupt\n"
        "judge.judge = stop\n"
        "from inbeeld.site.demo import run\n"
        "sys.exit(run(learners=60, browser=False, data=Path(sys.argv[1])))"
    )
    stopped = python(broken, str(tmp_path))
    assert stopped.returncode == 0
    assert "Stopped." in stopped.stdout
    assert "Traceback" not in stopped.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"secret-key", "keyring.json"}
    assert python(PREPARE, str(tmp_path)).returncode == 0


def test_a_region_of_older_code_makes_way_unless_it_is_being_served(tmp_path):
    old = tmp_path / f"demo-60-{demo.SEED}-0000000000"
    old.mkdir()
    (old / demo.MARKER).write_text("{}", encoding="utf-8")
    somebodys = tmp_path / "demo-60-mine"
    somebodys.mkdir()
    served = tmp_path / f"demo-60-{demo.SEED}-1111111111"
    served.mkdir()
    (served / demo.MARKER).write_text("{}", encoding="utf-8")
    with (served / demo.MARKER).open() as in_use:
        fcntl.flock(in_use, fcntl.LOCK_SH)
        assert python(PREPARE, str(tmp_path)).returncode == 0
    assert not old.exists()
    assert served.exists()
    assert somebodys.exists()


@pytest.mark.parametrize("name", ["INBEELD_MODE", "INBEELD_DATABASE_URL"])
def test_the_demo_refuses_to_run_in_production_or_beside_a_database(tmp_path, monkeypatch, capsys, name):
    monkeypatch.setenv(name, "production")
    assert demo.run(learners=60, browser=False, data=tmp_path) == 2
    assert "unset" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_gives_the_next_free_one():
    with socket.socket() as taken:
        taken.bind((demo.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo._free_port(port) > port


def test_port_nought_is_any_free_port():
    assert demo._free_port(0) > 0


def test_no_free_port_is_said_in_a_sentence():
    with pytest.raises(BadInput, match="--port"):
        demo._free_port(70_000)


def test_the_secret_key_of_a_trial_is_for_its_owner_only(tmp_path):
    key = demo._secret(tmp_path)
    assert len(key) >= 50
    assert demo._secret(tmp_path) == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
