"""Where the files of a delivery lie, and how they are written: whole, or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.conf import settings

from inbeeld.keys.filing import seal_file, unseal_file
from inbeeld.keys.sealing import SealBroken

FILE, COLUMNS, PEOPLE = "file", "columns", "people"
LONGEST_COLUMN = 200  # a longer one is no name


def deliveries() -> Path:
    """The folder of all deliveries, in the data folder; nobody else on the machine may look into it."""
    return _private(Path(settings.INBEELD_DATA) / "deliveries")


def folder_of(delivery: UUID) -> Path:
    """The folder of one delivery."""
    return _private(deliveries() / str(delivery))


def read_of(delivery: UUID) -> Path:
    """The tables made of its file: marks, what was refused, what is not judged."""
    return folder_of(delivery) / "read"


def marks_of(delivery: UUID) -> Path:
    """Its marks, a row a place."""
    return folder_of(delivery) / "marks.parquet"


def roster_of(delivery: UUID) -> Path:
    """Its rows of a roster, a row a learner, without names."""
    return folder_of(delivery) / "roster.parquet"


def names_of(delivery: UUID) -> Path:
    """The names a roster that counts said, each sealed with the key of its child."""
    return folder_of(delivery) / "names.csv"


def differences_of(delivery: UUID) -> Path:
    """What differs from what stood, a row a mark."""
    return folder_of(delivery) / "differences.csv"


def snapshots() -> Path:
    """The folder of the tables and judgements made after each acceptance."""
    return _private(Path(settings.INBEELD_DATA) / "snapshots")


def keep(delivery: UUID, name: str, content: bytes) -> None:
    """Keep what was delivered, sealed; on the disk before this returns."""
    write_whole(folder_of(delivery) / name, seal_file(content, place=f"{delivery}/{name}"))


def kept(delivery: UUID, name: str) -> bytes:
    """What was kept. Raises FileNotFoundError when it is there no more, SealBroken when it was altered."""
    return unseal_file((folder_of(delivery) / name).read_bytes(), place=f"{delivery}/{name}")


def keep_columns(delivery: UUID, names: list[str]) -> None:
    """The first row of a table nobody recognised: names of columns, if it is what it should be."""
    fit = [one for one in names if len(one) <= LONGEST_COLUMN]
    keep(delivery, COLUMNS, json.dumps(fit).encode())


def kept_columns(delivery: UUID) -> list[str]:
    """These names again; none when they are not there, or not as they were kept."""
    try:
        return [str(one) for one in json.loads(kept(delivery, COLUMNS))]
    except (FileNotFoundError, SealBroken):
        return []


def keep_private(delivery: UUID) -> None:
    """Of what was read: no sentences of the file, and nobody else on the machine may look."""
    read = read_of(delivery)
    for name in ("unjudged.csv", "remarks.csv"):
        (read / name).unlink(missing_ok=True)
    for file in (marks_of(delivery), roster_of(delivery), *read.iterdir()):
        if file.is_file():
            file.chmod(0o600)


def keep_people(delivery: UUID, called: Mapping[str, Mapping[str, str]]) -> None:
    """What the learners of a roster are called, by key: sealed, until somebody decides."""
    keep(delivery, PEOPLE, json.dumps(called, ensure_ascii=False).encode())


def kept_people(delivery: UUID) -> dict[str, dict[str, str]]:
    """These names again. Raises FileNotFoundError, and SealBroken when they were altered."""
    return dict(json.loads(kept(delivery, PEOPLE)))


def keep_names(delivery: UUID, tokens: Mapping[str, bytes]) -> None:
    """What the learners of a roster that counts are called: sealed names by key."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [key, b64encode(token).decode("ascii")] for key, token in sorted(tokens.items())
    )
    write_whole(names_of(delivery), text.getvalue().encode())


def kept_names(delivery: UUID) -> dict[str, bytes]:
    """These sealed names again; none when there are none."""
    if not (file := names_of(delivery)).is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as stream:
        return {key: b64decode(token) for key, token in csv.reader(stream)}


@contextmanager
def unsealed(delivery: UUID) -> Iterator[Path]:
    """The file as it was delivered, readable for as long as this lasts, in a folder of its own."""
    with TemporaryDirectory(prefix=".open-", dir=deliveries()) as beside:
        file = Path(beside) / FILE
        file.write_bytes(kept(delivery, FILE))
        yield file


def forget_what_was_delivered(delivery: UUID) -> None:
    """Only the marks or the roster stay: everything else that could hold a name or a text goes."""
    folder = folder_of(delivery)
    for one in folder.iterdir():
        if one not in (marks_of(delivery), roster_of(delivery), names_of(delivery)):
            shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)


def forget_everything(delivery: UUID) -> None:
    """The marks too."""
    shutil.rmtree(folder_of(delivery), ignore_errors=True)


def sweep() -> None:
    """Files that were open when a worker was killed; only for who holds the lock of the worker."""
    for left in deliveries().glob(".open-*"):
        shutil.rmtree(left, ignore_errors=True)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole, and see it on the disk; who reads it meanwhile reads the old one."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
