"""The watched folder: what a school's system drops in the folder of its school is a delivery like any other.

`INBEELD_INBOX` names a folder with one folder for each school, called after the key of the school; whoever
can write there delivers for it. What was taken in is removed, and what cannot be is put aside with the reason
beside it. Nothing counts before somebody of the school says yes, as with every delivery.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction

from inbeeld.access.row_security import commanding
from inbeeld.deliveries.models import Way
from inbeeld.deliveries.operations import LARGEST_FILE, take_in_by_itself, why_not_taken_in
from inbeeld.deliveries.operations_publish import WORKER
from inbeeld.organisations.models import Kind, Organisation

#: A file that still grows is left alone: it is taken when nobody wrote in it for so long.
SECONDS_OF_REST = 5.0
ASIDE = "not-taken"
TAKING = ".taking-"


def take_from_inbox() -> bool:
    """Take in one file from the watched folder; False when there is none, or no such folder is set."""
    for school, found in _waiting():
        file = _taken(found)
        content = None if file is None else _content(file)
        if file is None or content is None:
            continue
        if sentence := why_not_taken_in(content):
            _put_aside(file, found.name.removeprefix(TAKING), sentence)
            return True
        with commanding("publish"), transaction.atomic():
            take_in_by_itself(school, content, way=Way.FOLDER, by=WORKER, origin=WORKER)
        # Only now: killed before this, the same file is found again, and is the same delivery.
        with suppress(OSError):
            file.unlink()
        return True
    return False


def _waiting() -> Iterator[tuple[Organisation, Path]]:
    """The files that rest, of schools that are known, by name."""
    inbox = settings.INBEELD_INBOX
    if inbox is None or not inbox.is_dir():
        return
    folders = {one.name: one for one in inbox.iterdir() if one.is_dir() and not one.is_symlink()}
    for school in Organisation.objects.filter(kind=Kind.SCHOOL, key__in=folders):
        for file in sorted(folders[school.key].iterdir()):
            if (not file.name.startswith(".") or file.name.startswith(TAKING)) and _rests(file):
                yield school, file


def _rests(file: Path) -> bool:
    """Is it a file itself, and did nobody write in it just now?"""
    try:
        about = file.lstat()
    except OSError:
        return False
    return stat.S_ISREG(about.st_mode) and time.time() - about.st_mtime >= SECONDS_OF_REST


def _taken(file: Path) -> Path | None:
    """Out of the way of a next file of the same name; None when it may not be moved."""
    taken = file if file.name.startswith(TAKING) else file.with_name(f"{TAKING}{file.name}")
    try:
        os.rename(file, taken)
    except OSError:
        return None
    return taken


def _content(file: Path) -> bytes | None:
    """What is in it, as far as it may be taken; None when it cannot be read, or is no file any more."""
    try:
        with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError:
        return None


def _put_aside(file: Path, name: str, sentence: str) -> None:
    """Out of the way, with the reason in a file of the same name beside it."""
    aside = file.parent / ASIDE
    aside.mkdir(exist_ok=True)
    os.replace(file, aside / name)
    (aside / f"{name}.txt").write_text(f"{sentence}\n", encoding="utf-8")
