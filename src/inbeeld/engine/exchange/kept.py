"""What stays with the end that asked, for its eyes only: the key, and which ids were asked with."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inbeeld.engine.exchange.passing import COUNT, REQUEST_HEAD, is_a_name, is_hex
from inbeeld.engine.refusal import BadInput

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Kept:
    """What reads the response to one request, and only that one.

    `rows`: (id, place of its child in the request, or None when it was not asked for), in the order of the
    list; empty when only a number was asked. `not_asked`: how many rows had no key to ask with.
    """

    request: str
    request_sha256: str
    key: str
    list: str
    children: int
    not_asked: int
    answer: str
    rows: Sequence[tuple[str, int | None]]


def refuse_in(out: Path, file: Path, *, what: str) -> None:
    """BadInput when a file that stays would lie in the folder that is sent."""
    if Path(os.path.realpath(file)).is_relative_to(os.path.realpath(out)):
        raise BadInput(str(file), f"{what} outside {out}, which is sent")


@contextmanager
def new_file(file: Path) -> Iterator[Callable[[Kept], None]]:
    """A new file that only its owner can read, to write down what is kept; gone again on any error.

    Raises BadInput when something stands there: it may belong to a request that waits for its response.
    """
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        raise BadInput(
            str(file), "a new file; what is there may belong to a request that waits for its response"
        ) from None
    except OSError as error:
        raise BadInput(str(file), f"a place to write in ({error.strerror})") from None
    try:
        with os.fdopen(number, "w", encoding="utf-8") as stream:
            os.fchmod(number, OWNER_ONLY)

            def write(one: Kept) -> None:
                json.dump(asdict(one), stream, ensure_ascii=False)
                stream.write("\n")
                stream.flush()
                os.fsync(number)

            yield write
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def read(file: Path) -> Kept:
    """What was kept. Raises BadInput for another file, or one that others can read."""
    shown = str(file)
    try:
        mode = file.stat().st_mode
        told: Any = json.loads(file.read_text("utf-8")) if file.is_file() else None
    except OSError as error:
        raise BadInput(shown, f"the file that was kept with the request ({error.strerror})") from None
    except (ValueError, RecursionError):
        told = None
    if not _is_kept(told):
        raise BadInput(shown, "the file that inbeeld exchange request kept, whole and unchanged")
    if mode & 0o077:
        raise BadInput(shown, "a file that only its owner can read (chmod 600)")
    return Kept(**{**told, "rows": [(key, place) for key, place in told["rows"]]})


def _is_kept(told: Any) -> bool:
    if not isinstance(told, dict) or told.keys() != set(Kept.__dataclass_fields__):
        return False
    checks = {
        "request": is_hex(32),
        "request_sha256": is_hex(64),
        "key": is_hex(64),
        "list": is_a_name,
        "children": REQUEST_HEAD["children"],
        "not_asked": lambda value: type(value) is int and value >= 0,
        "answer": REQUEST_HEAD["answer"],
    }
    if not all(passes(told[name]) for name, passes in checks.items()):
        return False
    rows, children = told["rows"], told["children"]
    if not isinstance(rows, list) or (told["answer"] == COUNT and rows):
        return False
    return all(_is_row(row, children) for row in rows)


def _is_row(row: Any, children: int) -> bool:
    if not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], str):
        return False
    return row[1] is None or (type(row[1]) is int and 0 <= row[1] < children)
