"""Which requests were answered, one line each: so that they can be counted, and asking for everybody shows.

A CSV that stays with the end that answers, one per partner. It holds no name of a child and no encoding.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from inbeeld.engine.exchange.kept import OWNER_ONLY
from inbeeld.engine.exchange.limits import MOST, REQUESTS_OF_A_YEAR
from inbeeld.engine.exchange.passing import Request
from inbeeld.engine.refusal import BadInput

COLUMNS = (
    "answered_at", "request", "asker", "children", "children_here", "answer", "request_sha256",
    "response_sha256",
)  # fmt: skip
YEAR = timedelta(days=365)


class Log:
    """The log, open and held: nobody else answers by it meanwhile. `rows`: what was answered before."""

    def __init__(self, stream: IO[str], rows: Sequence[Mapping[str, str]]) -> None:
        self.rows = rows
        self._stream = stream

    def asked_in_a_year(self, now: datetime) -> int:
        """How many children were asked for in the 365 days before `now`."""
        return sum(int(row["children"]) for row in self.rows if _moment(row["answered_at"]) > now - YEAR)

    def refuse(self, request: Request, *, shown: str, at_most: int, now: datetime) -> None:
        """BadInput for a request answered before, for more than `at_most` children, or too many in a year."""
        for row in self.rows:
            if row["request"] == request.id:
                raise BadInput(
                    shown, f"a request that was not answered yet; this one was, on {row['answered_at'][:10]}"
                )
        if request.children > at_most:
            raise BadInput(
                shown,
                f"a request for at most {at_most:,} children (see --at-most)",
                found=f"{request.children:,}",
            )
        before, most = self.asked_in_a_year(now), at_most * REQUESTS_OF_A_YEAR
        if before + request.children > most:
            raise BadInput(
                shown,
                f"no more than {most:,} children asked for in a year; {before:,} were before, "
                f"and this one asks for {request.children:,}",
            )

    def add(self, row: Mapping[str, object]) -> None:
        """Write down one answered request, on the disk when this returns."""
        line = io.StringIO()
        csv.DictWriter(line, COLUMNS, lineterminator="\n").writerow(row)
        self._stream.write(line.getvalue())
        self._stream.flush()
        os.fsync(self._stream.fileno())


@contextmanager
def opened(file: Path) -> Iterator[Log]:
    """The log, made when absent; left as it was on any error. BadInput when it is not one, or is in use."""
    new = not os.path.lexists(file)
    try:
        number = os.open(file, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    except OSError as error:
        raise BadInput(str(file), f"a log that can be written in ({error.strerror})") from None
    with os.fdopen(number, "r+", encoding="utf-8", newline="") as stream:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInput(
                str(file), "a log that no other inbeeld is writing in; try again when it is done"
            ) from None
        before = os.fstat(number).st_size
        try:
            rows = _rows(stream, str(file)) if before else []
            if not before:
                stream.write(",".join(COLUMNS) + "\n")
            yield Log(stream, rows)
        except BaseException:
            stream.flush()
            os.ftruncate(number, before)
            if new:
                file.unlink(missing_ok=True)
            raise


def _rows(stream: IO[str], shown: str) -> list[dict[str, str]]:
    try:
        lines = list(csv.reader(stream))
    except (ValueError, csv.Error):
        lines = []
    if not lines or tuple(lines[0]) != COLUMNS:
        raise BadInput(shown, f"a log of inbeeld exchange, with the columns {', '.join(COLUMNS)}", line=1)
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        row = dict(zip(COLUMNS, cells, strict=False))
        if len(cells) != len(COLUMNS) or not _is_sound(row):
            raise BadInput(shown, "a line as inbeeld exchange writes it", line=number)
        rows.append(row)
    return rows


def _is_sound(row: Mapping[str, str]) -> bool:
    try:
        _moment(row["answered_at"])
        return 0 < int(row["children"]) <= MOST
    except ValueError:
        return False


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
