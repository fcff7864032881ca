"""The demo command: built once, whole or not at all, on a free port, never beside a real database."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inbeeld.engine.refusal import BadInput
from inbeeld.site import demo, trial_folder

SOURCE = Path(__file__).resolve().parents[3]
PREPARE = (
    "import sys; from pathlib import Path; from inbeeld.site.demo import prepare; "
    "print(prepare(learners=60, data=Path(sys.argv[1]), progress=lambda line: None))"
)


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
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
    (old / trial_folder.MARKER).write_text("{}", encoding="utf-8")
    somebodys = tmp_path / "demo-60-mine"
    somebodys.mkdir()
    served = tmp_path / f"demo-60-{demo.SEED}-1111111111"
    served.mkdir()
    (served / trial_folder.MARKER).write_text("{}", encoding="utf-8")
    with (served / trial_folder.MARKER).open() as in_use:
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
    key = trial_folder.secret_beside(tmp_path / "demo-1")
    assert len(key) >= 50
    assert trial_folder.secret_beside(tmp_path / "demo-2") == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


# --- somebody else's folder, and a database that is damaged ---------------------------------------


def test_the_demo_puts_nothing_among_somebody_elses_files(tmp_path):
    (tmp_path / "thesis.odt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match=r'an empty folder, or one that the demo made, found "thesis.odt"'):
        demo.prepare(learners=60, data=tmp_path, progress=print)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_folder_the_demo_made_is_taken_again_with_something_of_somebodys_in_it(tmp_path):
    for name in (trial_folder.KEYRING, trial_folder.SECRET_KEY, "notes.txt"):
        (tmp_path / name).touch()
    trial_folder.refuse_somebody_elses(tmp_path)
    trial_folder.refuse_somebody_elses(tmp_path / "not there yet")


def test_a_damaged_trial_makes_way_for_a_new_one_and_is_kept(tmp_path):
    home = Path(python(PREPARE, str(tmp_path)).stdout.split()[-1])
    (home / trial_folder.DATABASE).write_bytes(os.urandom(100_000))
    told = python(PREPARE.replace("lambda line: None", "print"), str(tmp_path))
    assert (told.returncode, told.stderr) == (0, "")
    aside = tmp_path / f"damaged-1-{home.name}"
    said = f"The database of this demo cannot be read. It is moved aside to {aside}, and built anew."
    assert said in told.stdout
    assert (aside / trial_folder.DATABASE).stat().st_size == 100_000
    assert trial_folder.is_sound(home)


def test_a_damaged_trial_that_is_being_served_is_left_alone(tmp_path):
    home = Path(python(PREPARE, str(tmp_path)).stdout.split()[-1])
    (home / trial_folder.DATABASE).write_bytes(os.urandom(100_000))
    with (home / trial_folder.MARKER).open() as in_use:
        fcntl.flock(in_use, fcntl.LOCK_SH)
        with pytest.raises(BadInput, match="first stop the demo"):
            demo.prepare(learners=60, data=tmp_path, progress=print)
    assert home.is_dir()


# --- commands on a demo ---------------------------------------------------------------------------

COMMAND = "import sys; from inbeeld.__main__ import main; sys.exit(main(sys.argv[1:]))"
ACCEPT = (
    "import sys; from pathlib import Path; from inbeeld.site.demo import _set_up_django\n"
    "_set_up_django(Path(sys.argv[1]))\n"
    "from django.test import Client\n"
    "print(Client().get(sys.argv[2], headers={'host': 'localhost'}).status_code)"
)


def test_commands_that_are_pointed_at_a_demo_use_its_keys_and_its_secret(tmp_path):
    home = Path(python(PREPARE, str(tmp_path)).stdout.split()[-1])

    def command(*words):
        done = python(COMMAND, *words, INBEELD_DATA=str(home))
        assert done.returncode == 0, done.stderr
        return done

    assert "The journal is as it was written." in command("journal", "verify").stdout
    assert str(tmp_path / "keyring.json") in command("keys", "status").stdout
    assert "Journal: " in command("daily").stdout
    who = ("--name", "Noor Prins", "--email", "noor@example.org", "--role", "swv_adviser")
    asked = command("invite", *who, "--organisation", "swv_vo", "--address", "http://127.0.0.1:8001/")
    assert "for the site at http://127.0.0.1:8001: if that is elsewhere, say where" in asked.stderr
    path = asked.stdout.strip().removeprefix("http://127.0.0.1:8001")
    assert python(ACCEPT, str(home), path).stdout.strip() == "200"
    assert {one.name for one in tmp_path.iterdir()} == {home.name, "keyring.json", "secret-key"}


@pytest.mark.parametrize("words", [("journal", "verify"), ("daily",), ("keys", "status"), ("keys", "rotate")])
@pytest.mark.parametrize("kept", [None, b"no database at all" * 1000])
def test_without_a_database_every_command_says_the_same_and_makes_none(tmp_path, words, kept):
    file = tmp_path / trial_folder.DATABASE
    if kept is not None:
        file.write_bytes(kept)
    done = python(COMMAND, *words, INBEELD_DATA=str(tmp_path))
    said = "the database of the site (see INBEELD_DATA)" if kept is None else "a database; this file is none"
    assert done.returncode == 2
    assert f"{file}: expected {said}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert file.exists() == (kept is not None)


def test_a_key_ring_is_made_on_a_new_system_without_making_a_database(tmp_path):
    ring = tmp_path / "keys" / "ring.json"
    done = python(COMMAND, "keys", "create", INBEELD_DATA=str(tmp_path / "data"), INBEELD_KEYRING=str(ring))
    assert (done.returncode, done.stderr) == (0, "")
    assert ring.is_file()
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]
