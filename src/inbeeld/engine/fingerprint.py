"""What made a figure: the hash of a file that was read, the version and a hash of the program's files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from inbeeld import __version__

PACKAGE = Path(__file__).resolve().parents[1]
PROGRAM = (".py", ".sql", ".toml")


@cache
def code_version() -> str:
    """The version with the fingerprint of what judges: the kernel and the engine. Once for a process."""
    return f"{__version__}+{fingerprint([PACKAGE / 'kernel', PACKAGE / 'engine'])[:12]}"


def sha256_of(file: Path) -> str:
    """The hash of what a file holds, for receipts."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def fingerprint(places: Iterable[Path]) -> str:
    """One hash over the program files at some places (files or folders): names and contents, no tests."""
    whole = hashlib.sha256()
    for place in places:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.suffix in PROGRAM and "tests" not in file.parts:
                whole.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()
