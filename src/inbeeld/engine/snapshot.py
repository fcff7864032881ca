"""Build beside and swap: whoever reads a folder sees the old whole or the new whole, never a half."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from inbeeld.engine.fingerprint import sha256_of
from inbeeld.engine.refusal import BadInput

MANIFEST = ".inbeeld.json"


@contextmanager
def building(out: Path, *, made_by: str, reads: Iterable[Path | None] = ()) -> Iterator[Path]:
    """A fresh folder beside `out` to write in; becomes `out` on success, vanishes on any error.

    An earlier folder made by the same command is replaced as a whole, if nothing in it was changed since.
    Anything else in the place of `out` is somebody's, and so is what lies in `reads`: BadInput. What is wrong
    with the input is said first; who works long asks `refuse_somebody_elses` before. While it is being built
    nobody else can look into the folder.
    """
    out = Path(os.path.abspath(out))
    _sweep(out)
    for read in reads:
        if read is not None and Path(os.path.realpath(read)).is_relative_to(os.path.realpath(out)):
            raise BadInput(str(out), f"a folder apart from {read}, which is read")
    new_parents = [parent for parent in out.parents if not parent.exists()]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}.building-{os.getpid()}-", dir=out.parent))
    except OSError as error:
        raise BadInput(str(out), f"a place to write in ({error.strerror})") from None
    try:
        yield beside
        refuse_somebody_elses(out, made_by=made_by)
        _sign(beside, made_by=made_by)
        _swap(beside, out)
        new_parents = []
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        for parent in new_parents:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()


@contextmanager
def working_beside(folder: Path, *, name: str) -> Iterator[Path]:
    """A folder `.name-…` beside `folder` to work in, for nobody else's eyes; gone afterwards.

    What a killed process left of that name goes first.
    """
    where = Path(os.path.abspath(folder)).parent
    for _kind, left in _left_by_the_dead(where, ".", kinds=(name,)):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-{os.getpid()}-", dir=where) as beside:
        yield Path(beside)


def _files_in(folder: Path) -> dict[str, str]:
    """The files of a folder, each with the hash of what it holds; the manifest itself is left out."""
    found = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if not file.is_dir() and name != MANIFEST:
            found[name] = sha256_of(file)
    return found


def _sign(folder: Path, *, made_by: str) -> None:
    """Write down what made the folder and what belongs in it; then everybody may look."""
    text = json.dumps({"made_by": made_by, "files": _files_in(folder)}, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    umask = os.umask(0)
    os.umask(umask)
    folder.chmod(0o777 & ~umask)


def refuse_somebody_elses(out: Path, *, made_by: str) -> None:
    """BadInput unless `out` is new, empty, or an untouched earlier folder of the same command."""
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise BadInput(str(out), "a folder to write in")
    try:
        empty = not any(out.iterdir())
    except OSError as error:
        raise BadInput(str(out), f"a folder that can be read ({error.strerror})") from None
    if not empty and not _is_ours(out, made_by=made_by):
        raise BadInput(str(out), f"a new or empty folder, or an untouched earlier one of {made_by}")


def holds_untouched(folder: Path, name: str, *, made_by: str) -> bool:
    """Did this command make the folder, with a file of this name in it that nobody changed since?"""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return manifest["made_by"] == made_by and manifest["files"][name] == sha256_of(folder / name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _is_ours(out: Path, *, made_by: str) -> bool:
    """Was the folder made by this command, and was nothing in it changed since?"""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return manifest["made_by"] == made_by and _files_in(out).items() <= manifest["files"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _sweep(out: Path) -> None:
    """Clear up after killed builders: half-built folders go, an old `out` that lost its place returns."""
    for kind, left in _left_by_the_dead(out.parent, f".{out.name}.", kinds=("building", "old")):
        if kind == "old" and (left / "old").exists() and not os.path.lexists(out):
            os.replace(left / "old", out)
        shutil.rmtree(left, ignore_errors=True)


def _left_by_the_dead(where: Path, begin: str, *, kinds: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The kind and path of each folder `<begin><kind>-<process>-…` of a process that is gone, in order."""
    for left in sorted(where.glob(f"{_plain(begin)}*-*-*")):
        kind, pid = left.name.removeprefix(begin).split("-")[:2]
        if kind in kinds and pid.isdigit() and not _is_running(int(pid)):
            yield kind, left


def _plain(name: str) -> str:
    """A name in which glob sees no pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _swap(built: Path, out: Path) -> None:
    """Put the folder `built` in the place of `out`; the old one is kept aside until the new stands."""
    if not out.exists():
        os.replace(built, out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.old-{os.getpid()}-", dir=out.parent))
    os.replace(out, aside / "old")
    try:
        os.replace(built, out)
    except OSError:
        os.replace(aside / "old", out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
