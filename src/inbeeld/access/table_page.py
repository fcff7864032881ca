"""The access table as people read it: one page with the whole table, and one for each role in sentences.

Plain frozen data in the reader's language, for the page, the command and the reference alike. What a role
may do is asked of the rules themselves, question by question: the sentences cannot say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from inbeeld.access import table_words as words
from inbeeld.access.in_words import class_word, ground_word
from inbeeld.access.table_words import Letter, Named
from inbeeld.kernel import promises, signed_access
from inbeeld.kernel.access import (
    ROLES,
    ROWS,
    WITHOUT_A_ROW,
    Action,
    Author,
    Circumstances,
    FieldClass,
    Involvement,
    Row,
    Stage,
    decide,
    rows_of,
)

SHOWN_STAGES = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Column:
    """A class of fields: its key, one word above the column, in full, and what belongs to it."""

    key: str
    name: str
    in_full: str
    meaning: str


@dataclass(frozen=True)
class Cell:
    """What a row gives of a class: the letter, the same in words, and a key for how it looks."""

    column: Column
    letter: str
    in_words: str
    look: str


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    key: str
    role: str
    role_key: str
    way: str
    stages: str
    cells: tuple[Cell, ...]
    ground: str


@dataclass(frozen=True)
class Sentence:
    """A promise in the reader's language; `question`: what privacy officers still have to say about it."""

    key: str
    text: str
    question: str = ""


@dataclass(frozen=True)
class Promises:
    """Promises that belong together."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class History:
    """A signed change of the table."""

    on: date
    kind: str
    what: str
    by: str
    because: str


@dataclass(frozen=True)
class Signature:
    """Who signed the table first and when, every change since, the last seal, and what is not as signed.

    Without a day when the signed file cannot be read; `amiss` then says why.
    """

    on: date | None
    by: str
    because: str
    last_on: date | None
    seal: str
    since: tuple[History, ...]
    amiss: tuple[str, ...]


@dataclass(frozen=True)
class TablePage:
    """The whole page."""

    letters: tuple[Letter, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    without_a_row: tuple[Named, ...]
    stages: tuple[Named, ...]
    ways: tuple[Named, ...]
    promises: tuple[Promises, ...]
    possible: tuple[Sentence, ...]
    rules: tuple[Named, ...]
    signature: Signature

    @property
    def questions(self) -> tuple[Sentence, ...]:
        """The promises about which the privacy officers are asked something."""
        return tuple(one for group in self.promises for one in group.sentences if one.question)

    @property
    def number_of_promises(self) -> int:
        return sum(len(group.sentences) for group in self.promises)


@dataclass(frozen=True)
class Ability:
    """One thing a role may do in one way: the start of a sentence, and of which kinds of information."""

    key: str
    sentence: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """One way in which a role comes to a child: at which stages, on which ground, and what it gives."""

    key: str
    title: str
    meaning: str
    stages: tuple[str, ...]
    not_at: tuple[str, ...]
    ground: str
    abilities: tuple[Ability, ...]


@dataclass(frozen=True)
class RolePage:
    """What one role may see, in sentences; `never`: the kinds of information it sees in no way at all."""

    key: str
    role: str
    ways: tuple[Way, ...]
    never: tuple[str, ...]


# --- the table ---------------------------------------------------------------------------------


def table_page() -> TablePage:
    """The page in the language that is active now."""
    columns = tuple(_column(one) for one in FieldClass)
    return TablePage(
        letters=words.letters(),
        columns=columns,
        lines=tuple(_line(row, columns) for row in ROWS),
        without_a_row=tuple(Named(role, words.role_name(role), "") for role in WITHOUT_A_ROW),
        stages=tuple(
            Named(str(one), words.stage_name(one), words.stage_meaning(one)) for one in SHOWN_STAGES
        ),
        ways=tuple(Named(how.value, words.way_name(how), words.way_meaning(how)) for how in _ways_in_use()),
        promises=tuple(
            Promises(_said(group.title), tuple(_sentence(one) for one in group.promises))
            for group in promises.CHAPTERS
        ),
        possible=tuple(Sentence(one.key, _said(one.said)) for one in promises.POSSIBLE),
        rules=words.rules(),
        signature=signature(),
    )


def _column(one: FieldClass) -> Column:
    return Column(one.value, words.column_name(one), class_word(one), words.class_meaning(one))


def _line(row: Row, columns: tuple[Column, ...]) -> Line:
    return Line(
        key=row.key,
        role=words.role_name(row.role),
        role_key=row.role,
        way=words.way_name(row.involvement),
        stages=_stages_in_digits(row.stages),
        cells=tuple(
            _cell(row.cells[one], one, column) for one, column in zip(FieldClass, columns, strict=True)
        ),
        ground=ground_word(row.ground),
    )


def _cell(cell: str, one: FieldClass, column: Column) -> Cell:
    look = next(letter.look for letter in words.letters() if letter.sign == cell[0])
    return Cell(column, words.letter_of(cell), words.cell_in_words(cell, one), look)


def _stages_in_digits(stages: Iterable[int]) -> str:
    """1 to 4 in a row as 1–4, others one by one: 1 2 4 5."""
    given = sorted(stages)
    if len(given) > 2 and given == list(range(given[0], given[-1] + 1)):
        return f"{given[0]}–{given[-1]}"
    return " ".join(map(str, given))


def _ways_in_use() -> Iterator[Involvement]:
    return (how for how in Involvement if any(row.involvement is how for row in ROWS))


def _said(said: promises.Said) -> str:
    """A sentence of the kernel, which brings both its languages."""
    return said.english if (get_language() or "").startswith("en") else said.dutch


def _sentence(one: promises.Promise) -> Sentence:
    return Sentence(one.key, _said(one.said), _said(one.question) if one.question else "")


# --- the signature -----------------------------------------------------------------------------


def signature() -> Signature:
    """Who signed, and whether the program is still as signed."""
    read, amiss = _as_signed()
    if read is None:
        return Signature(None, "", "", None, "", (), amiss)
    first, last = read.entries[0], read.last
    return Signature(
        on=first.on,
        by=_by(first.by),
        because=_(first.because),
        last_on=last.on,
        seal=last.seal,
        since=tuple(
            History(one.on, _kind(one.kind), one.what, _by(one.by), _(one.because))
            for one in read.entries[1:]
        ),
        amiss=amiss,
    )


@cache
def _as_signed() -> tuple[signed_access.Signed | None, tuple[str, ...]]:
    """File and table do not change while the program runs."""
    try:
        read = signed_access.read()
    except (signed_access.Unsigned, OSError) as wrong:
        return None, (str(wrong),)
    return read, tuple(change.sentence for change in signed_access.changes(read))


def _by(by: str) -> str:
    name, _separator, organisation = by.partition(", for ")
    return _("{name}, for {organisation}").format(name=_(name), organisation=organisation)


def _kind(kind: str) -> str:
    return {
        signed_access.WIDENED: pgettext("change of the access table", "widened"),
        signed_access.NARROWED: pgettext("change of the access table", "narrowed"),
        signed_access.RULES: pgettext("change of the access table", "rules changed"),
        signed_access.REWORDED: pgettext("change of the access table", "reworded"),
    }.get(kind, kind)


# --- one role ----------------------------------------------------------------------------------


def role_page(role: str) -> RolePage | None:
    """What a role may see, in the language that is active now; None when there is no such role."""
    if role not in ROLES:
        return None
    rows = rows_of(role)
    seen = {one for row in rows for one in row.classes()}
    return RolePage(
        key=role,
        role=words.role_name(role),
        ways=tuple(_way(row) for row in rows),
        never=tuple(class_word(one) for one in FieldClass if one not in seen),
    )


def _way(row: Row) -> Way:
    return Way(
        key=row.involvement.value,
        title=words.way_title(row.involvement),
        meaning=words.way_meaning(row.involvement),
        stages=tuple(words.stage_name(one) for one in sorted(row.stages)),
        not_at=tuple(words.stage_name(one) for one in SHOWN_STAGES if one not in row.stages),
        ground=ground_word(row.ground),
        abilities=tuple(_abilities(row)),
    )


def _abilities(row: Row) -> Iterator[Ability]:
    """What a row gives, asked of the rules: each kind of information in its group, and what may leave."""
    groups: dict[str, list[FieldClass]] = {}
    for one in FieldClass:
        for key in _groups(row, one):
            groups.setdefault(key, []).append(one)
    for key, sentence in _beginnings().items():
        if found := groups.get(key):
            kinds = () if key in ("notes", "shielded") else tuple(class_word(one) for one in found)
            yield Ability(key, sentence, kinds)


def _groups(row: Row, one: FieldClass) -> Iterator[str]:
    def may(
        action: Action, *, consent: bool = False, author: Author = Author.OTHERS, shielded: bool = False
    ) -> bool:
        return bool(decide(row, stage, one, action, Circumstances(consent, author, shielded)))

    stage = min(row.stages, default=int(Stage.NONE))
    colleague = Author.MY_ORGANISATION
    if may(Action.WRITE):
        yield "write"
    elif may(Action.READ):
        yield "read"
    else:
        if may(Action.WRITE, author=colleague):
            yield "own"
        elif may(Action.WRITE, author=Author.ME):
            yield "notes"
        if may(Action.READ, consent=True):
            yield "consent"
        elif not may(Action.READ, author=Author.ME):
            yield "nothing"
    if may(Action.READ) and not may(Action.READ, shielded=True):
        yield "shielded"
    if may(Action.EXPORT) or may(Action.EXPORT, consent=True):
        yield "export"


def _beginnings() -> dict[str, str]:
    return {
        "write": _("You may read and write:"),
        "read": _("You may read, not write:"),
        "own": _("Only what your own organisation wrote you may read and write:"),
        "notes": _("You may keep working notes. Nobody but you reads them."),
        "consent": _("What others wrote you may read only with consent in force:"),
        "shielded": _("A shielded address you see only when your own organisation entered it."),
        "export": _("You may take out as a file, as far as you may read it:"),
        "nothing": _("In this way you see nothing of:"),
    }
