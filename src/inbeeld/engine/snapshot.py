"""Build beside and swap: whoever reads a folder sees the old whole or the new whole, never a half."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inbeeld.engine.refusal import BadInput


@contextmanager
def building(out: Path, *, marker: str) -> Iterator[Path]:
    """A fresh folder beside `out` to write in; becomes `out` on success, vanishes on any error.

    `marker` is the file every finished folder of this kind holds (judge: receipt.json).
    An existing folder with the marker is replaced as a whole; a folder that holds
    anything else is somebody's, and is refused with BadInput before any work is done.
    """
    out = Path(os.path.abspath(out))
    refuse_somebody_elses(out, marker=marker)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}.building-", dir=out.parent))
    os.chmod(beside, 0o755)
    try:
        yield beside
        _swap(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def refuse_somebody_elses(out: Path, *, marker: str) -> None:
    """Raise BadInput unless `out` is new, empty, or a finished folder of the same kind."""
    if not out.exists():
        return
    if not out.is_dir():
        raise BadInput(str(out), "a folder to write in, not a file")
    if any(out.iterdir()) and not (out / marker).is_file():
        raise BadInput(str(out), f"a new or empty folder, or an earlier one of this command (with {marker})")


def _swap(built: Path, out: Path) -> None:
    """Put the folder `built` in the place of `out`; the old one is kept aside until the new stands."""
    if not out.exists():
        os.replace(built, out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.old-", dir=out.parent))
    os.replace(out, aside / "old")
    try:
        os.replace(built, out)
    except OSError:
        os.replace(aside / "old", out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
