"""Days of the journal, and the head of a day as partners keep it: one line of text.

noorderveen 2026-09-01 18231 5f2c…  (region, day, sequence of the last line, its digest in hex)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from inbeeld.engine.refusal import BadInput

#: A day is a day in the Netherlands, whatever a server's clock is set to: heads are compared across machines.
HERE = ZoneInfo("Europe/Amsterdam")
COLUMNS = ("region", "day", "sequence", "digest")
_REGION = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_SEQUENCE = re.compile(r"0|[1-9][0-9]{0,17}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class HeadOfDay(Protocol):
    """Where the chain ended at the end of a day, whoever kept it."""

    @property
    def on(self) -> date: ...
    @property
    def sequence(self) -> int: ...
    @property
    def digest(self) -> bytes: ...


@dataclass(frozen=True)
class KeptHead:
    """A head as somebody keeps it; `file` and `line` say where it was read."""

    region: str
    on: date
    sequence: int
    digest: bytes
    file: str = ""
    line: int = 0


def day_of(moment: datetime) -> date:
    """The day on which a moment falls."""
    return moment.astimezone(HERE).date()


def begin_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, tzinfo=HERE)


def day_after(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)


def is_a_region(text: str) -> bool:
    """Can this be the key of a region?"""
    return _REGION.fullmatch(text) is not None


def write(head: HeadOfDay, *, region: str) -> str:
    """One line of text, without a line end."""
    if not is_a_region(region):
        raise ValueError("the key of a region is small letters, digits, - and _")
    return f"{region} {head.on.isoformat()} {head.sequence} {bytes(head.digest).hex()}"


def parse(text: str, *, file: str, line: int) -> KeptHead:
    """The head that one line of text says; `file` and `line` are for the sentence of BadInput."""
    words = text.split()
    if len(words) != len(COLUMNS):
        raise BadInput(file, f"four words ({', '.join(COLUMNS)}), not {len(words)}", line=line)
    region, day, sequence, digest = words
    for column, word, pattern, expected in (
        ("region", region, _REGION, "the key of a region"),
        ("day", day, re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), "a date like 2026-09-01"),
        ("sequence", sequence, _SEQUENCE, "the number of a line"),
        ("digest", digest.lower(), _DIGEST, "64 hexadecimal digits"),
    ):
        if pattern.fullmatch(word) is None:
            raise BadInput(file, expected, line=line, column=column, found=word)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise BadInput(file, "a date like 2026-09-01", line=line, column="day", found=day) from None
    return KeptHead(region, on, int(sequence), bytes.fromhex(digest), file=file, line=line)


def read(file: Path, *, region: str = "") -> list[KeptHead]:
    """Every head in a file, in its order; blank lines are passed over. Raises BadInput.

    All are of one region: the one given, else that of the first head.
    """
    found: list[KeptHead] = []
    for number, text in enumerate(_lines(file), start=1):
        if not text.strip():
            continue
        head = parse(text, file=str(file), line=number)
        expected = region or (found[0].region if found else head.region)
        if head.region != expected:
            raise BadInput(
                str(file), f"a head of region {expected}", line=number, column="region", found=head.region
            )
        found.append(head)
    if not found:
        raise BadInput(str(file), "at least one head", found="")
    return found


def add(head: HeadOfDay, *, region: str, to: Path) -> KeptHead | None:
    """Write the head at the end of a file, made when absent; one that is there already is not written again.

    Returns the head the file holds of the same day if it says something else: then nothing is written.
    """
    kept: Sequence[KeptHead] = read(to, region=region) if to.exists() and to.stat().st_size else ()
    for one in kept:
        if one.on == head.on:
            same = (one.sequence, one.digest) == (head.sequence, bytes(head.digest))
            return None if same else one
    with to.open("a+b") as opened:
        opened.write(b"" if _ends_a_line(to) else b"\n")
        opened.write(write(head, region=region).encode("ascii") + b"\n")
    return None


def _lines(file: Path) -> list[str]:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(str(file), "text in UTF-8", line=line) from None


def _ends_a_line(file: Path) -> bool:
    raw = file.read_bytes()
    return not raw or raw.endswith(b"\n")
