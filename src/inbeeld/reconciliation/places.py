"""Where the lists of a round lie, sealed, and what came of laying them side by side."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings

from inbeeld.deliveries.places import write_whole
from inbeeld.keys.filing import seal_file, unseal_file
from inbeeld.keys.sealing import SealBroken

OUTCOME, RECEIVED = "outcome", "received"
#: Of a list: all its rows, as long as they may have to be laid side by side again; and those a page opens.
WHOLE, SHOWN = "rows", "shown"
Rows = list[dict[str, str]]
OPEN = ".open-"
DIGITS = 16


def lists() -> Path:
    """The folder of all rounds, in the data folder; nobody else on the machine may look into it."""
    return _private(Path(settings.INBEELD_DATA) / "lists")


def folder_of(round_: UUID) -> Path:
    """The folder of one round."""
    return _private(lists() / str(round_))


def keep(round_: UUID, name: str, content: bytes) -> None:
    """Keep a file of a round, sealed; on the disk before this returns."""
    write_whole(folder_of(round_) / name, seal_file(content, place=f"{round_}/{name}"))


def kept(round_: UUID, name: str) -> bytes:
    """What was kept. Raises FileNotFoundError when it is there no more, SealBroken when it was altered."""
    return unseal_file((folder_of(round_) / name).read_bytes(), place=f"{round_}/{name}")


def keep_rows(round_: UUID, party: str, rows: Rows, *, what: str = WHOLE) -> None:
    """The rows of a party's list, by the columns of contract §5: the whole list, or those that are shown."""
    keep(round_, f"{party}.{what}", json.dumps(rows, ensure_ascii=False).encode())


def kept_rows(round_: UUID, party: str, *, what: str = WHOLE) -> Rows:
    """These rows again. Raises FileNotFoundError when they are not kept any more, SealBroken."""
    return list(json.loads(kept(round_, f"{party}.{what}")))


def forget_rows(round_: UUID, party: str) -> None:
    """What was handed in, and all rows of it."""
    for name in (f"{party}.{WHOLE}", f"{party}.{SHOWN}"):
        forget(round_, name)
    for left in folder_of(round_).glob(f"{party}.*.{RECEIVED}"):
        left.unlink(missing_ok=True)


def forget_all_rows(round_: UUID) -> None:
    """All lists of a round, and who is on which; what the next round needs stays."""
    for kind in (WHOLE, SHOWN, RECEIVED):
        for left in folder_of(round_).glob(f"*.{kind}"):
            left.unlink(missing_ok=True)
    forget(round_, OUTCOME)


def keep_outcome(round_: UUID, outcome: dict[str, Any]) -> None:
    """Who is on which list, by ids of the lists and without a name."""
    keep(round_, OUTCOME, json.dumps(outcome, ensure_ascii=False).encode())


def kept_outcome(round_: UUID) -> dict[str, Any] | None:
    """What came of a round; None when it is not kept any more, or was altered."""
    try:
        return dict(json.loads(kept(round_, OUTCOME)))
    except (FileNotFoundError, SealBroken):
        return None


def received_as(party: str, sha256: str) -> str:
    """The name under which what a party handed in waits to be read: another file has another."""
    return f"{party}.{sha256[:DIGITS]}.{RECEIVED}"


def made_as(name: str) -> str:
    """The name under which a file of the engine is kept for the next round."""
    return f"{name.lstrip('.')}.made"


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder for what is readable for as long as it is worked with, on the disk of the data folder."""
    with TemporaryDirectory(prefix=OPEN, dir=lists()) as beside:
        yield Path(beside)


def forget(round_: UUID, name: str) -> None:
    """One file of a round goes."""
    (folder_of(round_) / name).unlink(missing_ok=True)


def forget_everything(round_: UUID) -> None:
    """All that was kept of a round goes."""
    shutil.rmtree(folder_of(round_), ignore_errors=True)


def sweep() -> None:
    """What was open when a worker was killed; only for who holds the lock of the worker."""
    for left in lists().glob(f"{OPEN}*"):
        shutil.rmtree(left, ignore_errors=True)


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
