"""A school's own absence codes: a saved, dated mapping per school and source. Nothing is guessed."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from inbeeld.engine.intake.decoding import encoding_of
from inbeeld.engine.intake.limits import refuse_unusable
from inbeeld.engine.intake.profile import PRESENT, Meaning
from inbeeld.engine.intake.record import tidy
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import STATUSES

CODE_COLUMNS = ("school", "source", "code", "status", "reason", "permission", "from_on", "until_on")
TODO_COLUMNS = (*CODE_COLUMNS, "count", "first_on", "last_on", "description", "source_says_permitted")


@dataclass(frozen=True)
class Dated:
    """A meaning from one day to another, both included; None is without end."""

    meaning: Meaning
    from_on: date | None
    until_on: date | None

    def holds(self, on: date) -> bool:
        return (self.from_on is None or self.from_on <= on) and (self.until_on is None or on <= self.until_on)

    def overlaps(self, other: Dated) -> bool:
        first = max(self.from_on or date.min, other.from_on or date.min)
        last = min(self.until_on or date.max, other.until_on or date.max)
        return first <= last


@dataclass(frozen=True)
class Codes:
    """(school, code) → dated meanings for one source, with the hash of the file they came from."""

    meanings: Mapping[tuple[str, str], tuple[Dated, ...]] = field(default_factory=dict)
    file: str = ""
    sha256: str = ""

    def meaning(self, *, school: str, code: str, on: date) -> Meaning | None:
        """What a code means at a school on a day; None when nobody has said."""
        return next((d.meaning for d in self.meanings.get((school, code), ()) if d.holds(on)), None)


def read_codes(file: Path, *, source: str) -> Codes:
    """The mapping of one source. BadInput with line and column for what is unclear or mapped twice for a day.

    Rows without a status are not filled in yet and mean nothing: a half-finished to-do list may be used.
    """
    shown = str(file)
    refuse_unusable(file, shown=shown)
    encoding = encoding_of(file, shown=shown)
    raw = file.read_bytes()
    meanings: dict[tuple[str, str], tuple[Dated, ...]] = defaultdict(tuple)
    for line, row in _rows(raw.decode(encoding), shown=shown):
        if row["source"] != source or not row["status"]:
            continue
        dated = _dated(row, line=line, shown=shown)
        key = (row["school"], row["code"])
        if any(dated.overlaps(earlier) for earlier in meanings[key]):
            raise BadInput(
                shown,
                "one meaning for each code on a day; this one has two",
                line,
                "code",
                row["code"],
            )
        meanings[key] += (dated,)
    return Codes(dict(meanings), file=file.name, sha256=hashlib.sha256(raw).hexdigest())


def _rows(text: str, *, shown: str) -> Iterator[tuple[int, dict[str, str]]]:
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line, header = 1, None
    try:
        for cells in reader:
            if header is None:
                header = [tidy(cell) for cell in cells]
                missing = [name for name in CODE_COLUMNS if name not in header]
                if missing:
                    raise BadInput(
                        shown,
                        "the columns " + ", ".join(CODE_COLUMNS) + "; not there: " + ", ".join(missing),
                        line=1,
                    )
            elif any(cells):
                if len(cells) < len(header):
                    raise BadInput(shown, f"{len(header)} columns in every row", line=line)
                # A to-do list protects codes from spreadsheets with an apostrophe; it is no part of the code.
                yield line, {n: tidy(c).removeprefix("'") for n, c in zip(header, cells, strict=False)}
            line = reader.line_num + 1
    except csv.Error:
        raise BadInput(shown, "well-formed CSV to the end", line=line) from None


def _dated(row: Mapping[str, str], *, line: int, shown: str) -> Dated:
    allowed = (*STATUSES, PRESENT)
    if row["status"] not in allowed:
        raise BadInput(shown, "one of " + ", ".join(allowed), line, "status", row["status"])
    if row["permission"] not in ("true", "false", ""):
        raise BadInput(shown, "true, false or nothing", line, "permission", row["permission"])
    for name in ("school", "code"):
        if not row[name]:
            raise BadInput(shown, "a value in every row", line, name, "")
    begins, ends = (_day(row[name], line=line, column=name, shown=shown) for name in ("from_on", "until_on"))
    if begins and ends and ends < begins:
        raise BadInput(shown, "a last day not before the first", line, "until_on", row["until_on"])
    return Dated(Meaning(row["status"], row["reason"], row["permission"]), begins, ends)


def _day(text: str, *, line: int, column: str, shown: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(shown, "a date like 2026-09-01 or nothing", line, column, text) from None


@dataclass
class Unmapped:
    """One code nobody has given a meaning yet: how often, when, and what the source itself says of it."""

    count: int = 0
    first_on: date | None = None
    last_on: date | None = None
    descriptions: set[str] = field(default_factory=set)
    permitted: set[str] = field(default_factory=set)

    def seen(self, *, on: date, description: str, permitted: str) -> None:
        """Count one more mark of the code."""
        self.count += 1
        self.first_on = on if self.first_on is None else min(self.first_on, on)
        self.last_on = on if self.last_on is None else max(self.last_on, on)
        # A free-text column taken for a description must not grow without bound.
        if description and len(self.descriptions) < 3:
            self.descriptions.add(description)
        if permitted:
            self.permitted.add(permitted)

    def todo(self, *, school: str, source: str, code: str) -> tuple[str, ...]:
        """A row of the to-do list: the columns of a codes file, empty where a person must decide."""
        said = " / ".join(sorted(self.permitted))
        dates = (str(self.first_on), str(self.last_on))
        return (
            school,
            source,
            code,
            "",
            "",
            "",
            "",
            "",
            str(self.count),
            *dates,
            " / ".join(sorted(self.descriptions)),
            said,
        )
