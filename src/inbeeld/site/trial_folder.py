"""The folder of a trial, and beside it a secret key and a key ring for all trials of this machine.

A command that is pointed at such a folder (INBEELD_DATA) uses the same keys as the demo that serves it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from inbeeld.engine.refusal import BadInput

MARKER = "trial.json"
DATABASE = "inbeeld.sqlite3"
KEYRING = "keyring.json"
SECRET_KEY = "secret-key"
OURS = ("demo-", ".demo-", "damaged-")


def is_a_trial(home: Path) -> bool:
    """Was this folder filled by the demo?"""
    return (home / MARKER).is_file()


def secret_beside(home: Path) -> str:
    """The secret key of the trials here, made when absent, so that a session outlives a restart."""
    file = home.parent / SECRET_KEY
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="ascii")


def keyring_beside(home: Path) -> Path:
    """Where the key ring of the trials of this machine is: apart from the folders it opens."""
    return home.parent / KEYRING


def refuse_somebody_elses(base: Path) -> None:
    """Raises BadInput when trials and their keys would come among files that are not of a demo."""
    if not base.is_dir() or {KEYRING, SECRET_KEY} <= {one.name for one in base.iterdir()}:
        return
    strange = sorted(
        one.name for one in base.iterdir() if one.name not in (KEYRING, SECRET_KEY) and not _is_ours(one.name)
    )
    if strange:
        raise BadInput(str(base), "an empty folder, or one that the demo made", found=strange[0])


def _is_ours(name: str) -> bool:
    return name.startswith(OURS)


def is_sound(home: Path) -> bool:
    """Can the database of this trial be read to the end? Looking changes nothing of it."""
    address = f"{(home / DATABASE).resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as opened:
            return bool(opened.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def move_aside(home: Path, *, tell: Callable[[str], None]) -> None:
    """A trial whose database is damaged makes way for a new one, and is not thrown away."""
    names = (home.with_name(f"damaged-{number}-{home.name}") for number in count(1))
    aside = next(one for one in names if not one.exists())
    home.rename(aside)
    tell(f"The database of this demo cannot be read. It is moved aside to {aside}, and built anew.")
