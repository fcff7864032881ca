"""Tables with one slip in them, and rules with one slip in them: what promises and signatures must notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from inbeeld.kernel import access
from inbeeld.kernel.access import (
    ROWS,
    WITHOUT_A_ROW,
    Action,
    Author,
    Circumstances,
    FieldClass,
    Involvement,
    Row,
    Stage,
)
from inbeeld.kernel.promises import POSSIBLE, Point, broken
from tests.promises.points import allowed_by

CELLS = (".", "r", "w", "o", "c", "oc")
NEW_ROLES = (*WITHOUT_A_ROW, "volunteer")


@dataclass(frozen=True)
class Mutant:
    """One slip: the row as it was (None: a new one) and as it is (None: gone); `classes` it touches."""

    kind: str
    name: str
    before: Row | None
    after: Row | None
    classes: tuple[FieldClass, ...] = tuple(FieldClass)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The table with the slip in it."""
        kept = tuple(row for row in ROWS if row is not self.before)
        return (*kept, self.after) if self.after else kept


@dataclass(frozen=True)
class Outcome:
    """What a slip does: does it give anything, take anything, and which promises notice."""

    mutant: Mutant
    widens: bool
    narrows: bool
    broken: frozenset[str]
    impossible: frozenset[str]

    @property
    def noticed(self) -> bool:
        return bool(self.broken or self.impossible)


def cells() -> Iterator[Mutant]:
    """Every cell with every other combination of letters."""
    for row in ROWS:
        for one, cell in row.cells.items():
            for other in CELLS:
                if other != cell:
                    after = replace(row, cells={**row.cells, one: other})
                    yield Mutant("cell", f"{row.key} {one.value} {cell} -> {other}", row, after, (one,))


def stages() -> Iterator[Mutant]:
    """Every row with one stage more or less; also the two stages in which nobody may see anything."""
    for row in ROWS:
        for stage in map(int, Stage):
            after = replace(row, stages=row.stages ^ {stage})
            yield Mutant("stage", f"{row.key} stage {stage} on or off", row, after)


def involvements() -> Iterator[Mutant]:
    """Every row under every other kind of involvement for which the role has no row yet."""
    taken = {(row.role, row.involvement) for row in ROWS}
    for row in ROWS:
        for other in Involvement:
            if (row.role, other) not in taken:
                after = replace(row, involvement=other)
                yield Mutant("involvement", f"{row.key} as {other.value}", row, after)


def rows() -> Iterator[Mutant]:
    """Every row gone, and every row given to a role that has none."""
    for row in ROWS:
        yield Mutant("row gone", f"{row.key} gone", row, None)
        for role in NEW_ROLES:
            yield Mutant("row given", f"{row.key} also for {role}", None, replace(row, role=role))


def tried(mutant: Mutant) -> Outcome:
    """Ask everything the slip touches: the rest of the table answers as before."""
    had = frozenset(allowed_by(mutant.before, mutant.classes)) if mutant.before else frozenset()
    has = frozenset(allowed_by(mutant.after, mutant.classes)) if mutant.after else frozenset()
    return _outcome(mutant, had, has)


def _outcome(mutant: Mutant, had: frozenset[Point], has: frozenset[Point]) -> Outcome:
    """What was kept before is only looked at again when answers went away: some promises compare two."""
    lost, won = had - has, has - had
    again = has if lost else won
    return Outcome(
        mutant,
        widens=bool(won),
        narrows=bool(lost),
        broken=frozenset(key for point in again for key in broken(point, has.__contains__)),
        impossible=frozenset(one.key for one in POSSIBLE if not lost.isdisjoint(one.points)),
    )


# --- slips in the rules ------------------------------------------------------------------------


def _shield_forgotten(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return _REFUSAL(row, stage, one, action, replace(so, shielded=False))


def _shield_upside_down(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return _REFUSAL(row, stage, one, action, replace(so, shielded=not so.shielded))


def _stage_forgotten(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return _REFUSAL(row, min(row.stages), one, action, so)


def _consent_forgotten(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return _REFUSAL(row, stage, one, action, replace(so, consent=True))


def _consent_upside_down(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return _REFUSAL(row, stage, one, action, replace(so, consent=not so.consent))


def _export_forgotten(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return _REFUSAL(row, stage, one, Action.READ if action is Action.EXPORT else action, so)


def _export_without_reading(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    if action is Action.EXPORT and stage in row.stages and access.may_leave(row, one):
        return ""
    return _REFUSAL(row, stage, one, action, so)


def _read_is_write(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return _REFUSAL(row, stage, one, Action.READ, so)


def _refuses_all(row: Row, stage: int, one: FieldClass, action: Action, so: Circumstances) -> str:
    return "class"


def _reading_needs_nothing(cell: str, one: FieldClass, so: Circumstances) -> str:
    return ""


def _own_is_enough_to_write(cell: str, one: FieldClass, so: Circumstances) -> str:
    return "" if access.is_own(one, so.author) else "own entries"


def _consent_is_enough_to_write(cell: str, one: FieldClass, so: Circumstances) -> str:
    return "" if "c" in cell and so.consent else _TO_WRITE(cell, one, so)


def _writing_others_entries(cell: str, one: FieldClass, so: Circumstances) -> str:
    return "" if set(cell) & set("wo") else "read only"


_REFUSAL = access._refusal
_TO_WRITE = access._refusal_to_write
#: name of the slip: what of the rules it replaces, by what
RULES: dict[str, tuple[str, Any]] = {
    "the shield is forgotten": ("_refusal", _shield_forgotten),
    "the shield is upside down": ("_refusal", _shield_upside_down),
    "the stage is forgotten": ("_refusal", _stage_forgotten),
    "consent is forgotten": ("_refusal", _consent_forgotten),
    "consent is upside down": ("_refusal", _consent_upside_down),
    "export is as reading": ("_refusal", _export_forgotten),
    "export without reading": ("_refusal", _export_without_reading),
    "who reads may write": ("_refusal", _read_is_write),
    "all is refused": ("_refusal", _refuses_all),
    "reading needs nothing": ("_refusal_to_read", _reading_needs_nothing),
    "own is enough to write": ("_refusal_to_write", _own_is_enough_to_write),
    "consent is enough to write": ("_refusal_to_write", _consent_is_enough_to_write),
    "own lets write what others wrote": ("_refusal_to_write", _writing_others_entries),
    "a note is of the organisation": ("is_own", lambda one, author: author is not Author.OTHERS),
    "all is own": ("is_own", lambda one, author: True),
    "nothing is own": ("is_own", lambda one, author: False),
    "only one's own hand is own": ("is_own", lambda one, author: author is Author.ME),
    "all may leave": ("may_leave", lambda row, one: True),
    "nothing may leave": ("may_leave", lambda row, one: False),
    "any class may leave": ("EXPORTED_CLASSES", frozenset(FieldClass)),
    "any role may take out": ("EXPORTING_ROLES", frozenset(row.role for row in ROWS)),
    "the family takes nothing out": (
        "may_leave",
        lambda row, one: row.role in access.EXPORTING_ROLES and one in access.EXPORTED_CLASSES,
    ),
    **{
        f"{one.value} may leave too": ("EXPORTED_CLASSES", access.EXPORTED_CLASSES | {one})
        for one in FieldClass
        if one not in access.EXPORTED_CLASSES
    },
    **{
        f"{role} takes out too": ("EXPORTING_ROLES", access.EXPORTING_ROLES | {role})
        for role in dict.fromkeys(row.role for row in ROWS if row.involvement is not Involvement.SELF)
        if role not in access.EXPORTING_ROLES | {"privacy_officer"}
    },
}


@contextmanager
def slipped(name: str) -> Iterator[None]:
    """The rules with one slip in them, for a while."""
    attribute, slip = RULES[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, attribute, slip)
        yield


def tried_with(name: str, had: frozenset[Point]) -> Outcome:
    """Put one slip into the rules and ask all rows everything; `had`: what they answered yes before."""
    with slipped(name):
        has = frozenset(point for row in ROWS for point in allowed_by(row))
    return _outcome(Mutant("rules", name, None, None), had, has)
