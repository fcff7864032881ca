"""The signed access table: the first table and every change since, each line sealed over all above it.

`access.signed.txt` is read by people. Replayed it must give the table of `access`, and the rules there must
give the answers it counts. So nobody widens the table, or the rules that read it, without a line that says
who answers for it and why (GDPR 5(2), 24 and 25); and nobody rewrites a line without breaking the seals
below it. Whoever keeps the last seal elsewhere also sees it when lines at the end are taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from inbeeld.kernel.access import ROLES, ROWS, FieldClass, Involvement, Row, may
from inbeeld.kernel.signed_answers import NO_ANSWERS, Answers, answers, answers_of

FILE = Path(__file__).with_name("access.signed.txt")
FIRST = "first table"
WIDENED, NARROWED, RULES, REWORDED = "widened", "narrowed", "rules changed", "reworded"
NO_ROW, NO_STAGES = "none", "-"
PARTS = 7
BEFORE_THE_LETTERS, AFTER_THE_LETTERS = ("role", "involved", "stages"), ("yes", "digest", "ground")

_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} \| ")
#: What a letter gives: reading and writing, of everything, of own entries, with consent.
_READ = frozenset({"read", "read own", "read with consent"})
_GIVES = {
    "r": _READ,
    "w": _READ | {"write", "write own"},
    "o": frozenset({"read own", "write own"}),
    "c": frozenset({"read with consent"}),
}


class Unsigned(ValueError):
    """The signed table cannot be read, or nothing can be added to it; the message is one sentence."""


@dataclass(frozen=True)
class SignedRow:
    """A row as signed: words only, so that it can be read when a class or role exists no longer."""

    stages: str
    cells: Mapping[str, str]
    ground: str
    answers: Answers = field(default=NO_ANSWERS)

    def __str__(self) -> str:
        cells = ", ".join(f"{one} {cell}" for one, cell in self.cells.items())
        return f"{self.stages or NO_STAGES}; {cells}; {self.ground}"

    @classmethod
    def of(cls, row: Row, counted: Answers = NO_ANSWERS) -> SignedRow:
        """The same row in words."""
        cells = {one.value: cell for one, cell in row.cells.items() if cell != "."}
        return cls("".join(map(str, sorted(row.stages))), cells, row.ground, counted)

    def as_row(self, key: str) -> Row | None:
        """The row as the rules read it; None when its kind of involvement exists no longer."""
        role, _, involvement = key.partition("/")
        if involvement not in {one.value for one in Involvement}:
            return None
        cells = {one: self.cells.get(one.value, ".") for one in FieldClass}
        return Row(role, Involvement(involvement), frozenset(map(int, self.stages)), cells, self.ground)

    @property
    def gives(self) -> frozenset[tuple[str, str, str]]:
        """Stage, class and what the letters give there, whatever the rules of the day."""
        return frozenset(
            (stage, one, what)
            for stage in self.stages
            for one, cell in self.cells.items()
            for letter in cell
            for what in _GIVES[letter]
        )


@dataclass(frozen=True)
class Entry:
    """One signed line: day, kind of change, what, answers before and after, who, why, and the seal."""

    on: date
    kind: str
    what: str
    answers: str
    by: str
    because: str
    seal: str


@dataclass(frozen=True)
class Signed:
    """The signed table as it stands after all its entries."""

    rows: Mapping[str, SignedRow]
    entries: tuple[Entry, ...]

    @property
    def last(self) -> Entry:
        """The last signature; its seal is that of the whole file."""
        return self.entries[-1]


@dataclass(frozen=True)
class Change:
    """A difference between the signed table and the one in the code, or between what the rules answer."""

    key: str
    what: str
    before: SignedRow | None
    after: SignedRow | None

    @property
    def kind(self) -> str:
        """Does it widen?"""
        return kind_of(self.before, self.after)

    @property
    def answers(self) -> str:
        """The answers before and after."""
        return " -> ".join(str(row.answers if row else NO_ANSWERS) for row in (self.before, self.after))

    @property
    def sentence(self) -> str:
        """For people."""
        return f"{self.key} {self.what} is not signed ({self.kind}; {self.answers})"


def kind_of(before: SignedRow | None, after: SignedRow | None) -> str:
    """Widened when anything is given that was not; the rules when only the answers differ and grow not."""
    had = before.gives if before else frozenset()
    has = after.gives if after else frozenset()
    if has != had:
        return WIDENED if has - had else NARROWED
    if before and after and before.answers != after.answers:
        # A digest cannot show what was lost and won: more is wider, anything else is for people to judge.
        return WIDENED if after.answers.count > before.answers.count else RULES
    return REWORDED


# --- reading -----------------------------------------------------------------------------------


def read(text: str | None = None) -> Signed:
    """Read the file, or a text like it, from top to bottom. Raises Unsigned: the line, and what is wrong."""
    text = FILE.read_text("utf-8") if text is None else text
    lines = text.split("\n")
    if lines.pop() or "\r" in text:
        raise Unsigned("the signed table does not end with a whole line")
    start = next((at for at, line in enumerate(lines) if _DATED.match(line)), None)
    if start is None:
        raise Unsigned("the signed table has no signature")
    rows: dict[str, SignedRow] = {}
    entries: list[Entry] = []
    try:
        rows = _first_rows(lines[:start])
        seal = sealed("", "\n".join(lines[:start]))
        for line in lines[start:]:
            entry = _entry(line, seal)
            _follow(entry, entries, rows)
            entries.append(entry)
            seal = entry.seal
    except ValueError as wrong:
        where = f"line {start + len(entries) + 1}" if rows else "the first table"
        raise Unsigned(f"{where} of the signed table: {wrong}") from None
    return Signed(rows, tuple(entries))


def sealed(previous: str, body: str) -> str:
    """The seal of a line that follows on a seal."""
    return sha256(f"{previous}\n{body}".encode()).hexdigest()


def _first_rows(lines: list[str]) -> dict[str, SignedRow]:
    rows: dict[str, SignedRow] = {}
    classes: list[str] = []
    for line in lines:
        if line.startswith("# role "):
            classes = line[1:].split()[len(BEFORE_THE_LETTERS) : -len(AFTER_THE_LETTERS)]
        elif line and not line.startswith("#"):
            width = len(BEFORE_THE_LETTERS) + len(classes) + len(AFTER_THE_LETTERS)
            parts = line.split(maxsplit=width - 1)
            if not classes or len(parts) != width:
                raise ValueError(f'"{line[:40]}" is no row')
            role, involvement, stages, *cells, count, digest, ground = parts
            given = {one: cell for one, cell in zip(classes, cells, strict=True) if cell != "."}
            rows[f"{role}/{involvement}"] = SignedRow(
                stages, given, ground, Answers.read(f"{count} {digest}")
            )
    return rows


def _entry(line: str, previous: str) -> Entry:
    body, _, seal = line.rpartition(" | ")
    if seal != sealed(previous, body):
        raise ValueError("the seal does not fit: this line, or one above it, was altered")
    parts = line.split(" | ")
    if len(parts) != PARTS:
        raise ValueError(f"a signed line has {PARTS} parts with | between them")
    return Entry(date.fromisoformat(parts[0]), *parts[1:])


def _follow(entry: Entry, before: list[Entry], rows: dict[str, SignedRow]) -> None:
    """Carry out one entry on the rows; ValueError when it does not follow from what stands above it."""
    if not before:
        if (entry.kind, entry.what) != (FIRST, f"{len(rows)} rows"):
            raise ValueError(f"the first signature is not under a first table of {len(rows)} rows")
        return
    if entry.on < before[-1].on:
        raise ValueError("it is dated before the line above it")
    key, _, what = entry.what.partition(" ")
    now = rows.get(key)
    was, _, becomes = entry.answers.partition(" -> ")
    then = _carried_out(now, what)
    then = replace(then, answers=Answers.read(becomes)) if then else None
    if Answers.read(was) != (now.answers if now else NO_ANSWERS) or (now is None and then is None):
        raise ValueError(f"above it, {key} has other answers")
    if entry.kind != kind_of(now, then):
        raise ValueError(f"it says {entry.kind}, but this is {kind_of(now, then)}")
    if then:
        rows[key] = then
    else:
        rows.pop(key)


def _carried_out(now: SignedRow | None, what: str) -> SignedRow | None:
    part, _, change = what.partition(" ")
    if part == "rules" and now is not None:
        return now
    old = _words(now, part)
    if not change.startswith(f"{old} -> "):
        raise ValueError(f"above it, {part} is {old}")
    new = change.removeprefix(f"{old} -> ")
    if part == "row":
        return None if new == NO_ROW else _row_of(new)
    if now is None:
        raise ValueError("there is no such row")
    if part == "stages":
        return replace(now, stages=_stages_of(new))
    if part == "ground":
        return replace(now, ground=new)
    cells = {**now.cells, part: _letters_of(new)}
    return replace(now, cells={one: cell for one, cell in cells.items() if cell != "."})


def _words(row: SignedRow | None, part: str) -> str:
    if row is None:
        return NO_ROW
    if part == "stages":
        return row.stages or NO_STAGES
    return {"row": str(row), "ground": row.ground}.get(part) or row.cells.get(part, ".")


def _row_of(words: str) -> SignedRow:
    stages, cells, ground = words.split("; ", maxsplit=2)
    pairs = (cell.split(" ") for cell in cells.split(", ") if cell)
    return SignedRow(_stages_of(stages), {one: _letters_of(cell) for one, cell in pairs}, ground)


def _stages_of(words: str) -> str:
    if not re.fullmatch(r"-|1?2?3?4?5?6?", words) or not words:
        raise ValueError(f"{words} are no stages")
    return words.replace(NO_STAGES, "")


def _letters_of(words: str) -> str:
    if not re.fullmatch(r"\.|[rwoc]{1,4}", words):
        raise ValueError(f"{words} is no letter of the table")
    return words


# --- holding the code to it --------------------------------------------------------------------


def changes(signed: Signed, rows: Iterable[Row] = ROWS) -> tuple[Change, ...]:
    """What the rows, and the rules as they are now, differ from what was signed, step by step."""
    current = {row.key: row for row in rows}
    found: list[Change] = []
    for key in dict.fromkeys((*signed.rows, *current)):
        before, row = signed.rows.get(key), current.get(key)
        after = SignedRow.of(row, answers_of(row)) if row else None
        if before is None or after is None:
            words = f"row {_words(before, 'row')} -> {_words(after, 'row')}"
            found.append(Change(key, words, before, after))
        elif before != after:
            found += _steps(key, before, after)
    return tuple(found)


def _steps(key: str, now: SignedRow, goal: SignedRow) -> Iterable[Change]:
    steps = [("rules", now)]
    if now.stages != goal.stages:
        steps.append(("stages", replace(now, stages=goal.stages)))
    for one in dict.fromkeys((*now.cells, *goal.cells)):
        if now.cells.get(one) != goal.cells.get(one):
            before = steps[-1][1]
            cells = {**before.cells, one: goal.cells.get(one, ".")}
            kept = {other: cell for other, cell in cells.items() if cell != "."}
            steps.append((one, replace(before, cells=kept)))
    if now.ground != goal.ground:
        steps.append(("ground", replace(steps[-1][1], ground=goal.ground)))
    for part, step in steps:
        row = step.as_row(key)
        then = replace(step, answers=answers_of(row) if row else NO_ANSWERS)
        if then != now:
            words = "rules" if part == "rules" else f"{part} {_words(now, part)} -> {_words(then, part)}"
            yield Change(key, words, now, then)
        now = then


def amiss(text: str | None = None, rows: Iterable[Row] | None = None) -> tuple[str, ...]:
    """Sentences on all that is not as signed; none when all is. Without rows also asks `may` everything."""
    try:
        signed = read(text)
    except Unsigned as wrong:
        return (str(wrong),)
    found = [change.sentence for change in changes(signed, ROWS if rows is None else rows)]
    return tuple(found) if found or rows is not None else tuple(_answered_otherwise(signed))


def _answered_otherwise(signed: Signed) -> Iterable[str]:
    for role in (*ROLES, "", "nobody"):
        for involvement in Involvement:
            key = f"{role}/{involvement.value}"
            wanted = signed.rows[key].answers if key in signed.rows else NO_ANSWERS
            given = answers(lambda *question, who=role, how=involvement: may(who, how, *question))
            if given != wanted:
                yield f"{key} is answered otherwise than its row ({wanted} -> {given})"
