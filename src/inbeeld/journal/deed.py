"""What a room gives to the journal, and what the journal takes: keys, never words about somebody."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, NamedTuple
from uuid import UUID

from inbeeld.kernel.access import ROLES, ROWS, FieldClass, Involvement

_WORD = r"[a-z][a-z0-9_]*"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PAGE = r"[a-z][a-z0-9_-]*"
_NUMBER = r"[0-9]{1,7}"
#: A birth date has eight digits, a pgn or bsn nine, a telephone number ten; no key has so many but a UUID.
MOST_DIGITS = 7

OUTCOMES = ("allowed", "refused", "failed")
_CLASSES = tuple(one.value for one in FieldClass)


class NotAKey(ValueError):
    """A deed holds something that is no key. Says which field, never what it held."""


class Deed(NamedTuple):
    """One thing done, or refused, to be written in the journal. Made with the names of its fields.

    `trace`: of the request or command · `actor`, `on_behalf_of`: kind and key, "membership:12" ·
    `organisation`: its key · `role`, `involvement`, `row`, `ground`: as in the access table ("mentor",
    "involved", "mentor/involved") · `purpose`, `action`: a word · `field_class`: the classes touched, with
    spaces, in any order · `child`: its public reference · `object`: kind and key, "entry:<uuid>" ·
    `origin`: name of the page, "api", or "command:judge" · `consent`: its UUID, or kind and key.
    """

    trace: UUID
    actor: str
    action: str
    origin: str
    on_behalf_of: str = ""
    organisation: str = ""
    role: str = ""
    involvement: str = Involvement.NONE.value
    purpose: str = ""
    ground: str = ""
    row: str = ""
    field_class: str = ""
    child: UUID | None = None
    object: str = ""
    outcome: str = OUTCOMES[0]
    emergency: bool = False
    consent: str = ""


@dataclass(frozen=True)
class _Form:
    """What a text looks like, in words and as a pattern, and how long it may be."""

    words: str
    pattern: re.Pattern[str]
    longest: int


_SOMEBODY = rf"{_WORD}:({_NUMBER}|{_UUID}|{_WORD})"
_FORMS = {
    "actor": _Form("a kind and a key, like membership:12", re.compile(_SOMEBODY), 60),
    "on_behalf_of": _Form("a kind and a key, or nothing", re.compile(rf"({_SOMEBODY})?"), 60),
    "organisation": _Form(
        "the key of an organisation, or nothing",
        re.compile(r"([a-z0-9][a-z0-9_.-]*|[A-Z0-9][A-Z0-9_.-]*)?"),
        60,
    ),
    "purpose": _Form("a word in small letters, or nothing", re.compile(rf"({_WORD})?"), 40),
    "action": _Form("a word in small letters", re.compile(_WORD), 40),
    "object": _Form(
        "a kind and a number or UUID, or nothing", re.compile(rf"({_WORD}:({_NUMBER}|{_UUID}))?"), 80
    ),
    "origin": _Form("the name of a page or command", re.compile(rf"{_PAGE}(:{_PAGE})*"), 60),
    "consent": _Form(
        "a UUID, a kind and a key, or nothing", re.compile(rf"({_UUID}|{_WORD}:({_NUMBER}|{_UUID}))?"), 80
    ),
}
_ONE_OF = {
    "role": frozenset({"", *ROLES}),
    "involvement": frozenset(one.value for one in Involvement),
    "ground": frozenset({"", *(row.ground for row in ROWS)}),
    "row": frozenset({"", *(row.key for row in ROWS)}),
    "outcome": frozenset(OUTCOMES),
}
_KINDS: dict[str, type | UnionType] = {"trace": UUID, "child": UUID | None, "emergency": bool}
_ANY_UUID = re.compile(_UUID)
_DIGIT = re.compile("[0-9]")


def columns_of(deeds: Sequence[Deed]) -> dict[str, tuple[Any, ...]]:
    """What deeds say, field by field: the lines of a page say nearly the same, so little is to be done."""
    return dict(zip(Deed._fields, zip(*deeds, strict=True), strict=True))


def refuse_what_is_no_key(deeds: Sequence[Deed]) -> None:
    """Raise NotAKey for the first field that could hold a name, a number or a sentence."""
    columns = columns_of(deeds)
    for name, form in _FORMS.items():
        if not all(_is_of(form, value) for value in _distinct(columns, name)):
            raise NotAKey(f"The field {name} of a journal line takes {form.words}.")
    for name, known in _ONE_OF.items():
        if not _distinct(columns, name) <= known:
            raise NotAKey(f"The field {name} of a journal line takes what the access table knows.")
    for name, kind in _KINDS.items():
        if not all(isinstance(value, kind) for value in columns[name]):
            raise NotAKey(f"The field {name} of a journal line takes a value of another kind.")
    for text in _distinct(columns, "field_class"):
        classes_in_order(text)


@lru_cache(1024)
def classes_in_order(text: str) -> str:
    """The classes of fields of a text in the order of the access table, each once. Raises NotAKey."""
    found = set(text.split(" ")) - {""}
    if not found <= set(_CLASSES):
        raise NotAKey("The field field_class of a journal line takes classes of fields, with spaces.")
    return " ".join(one for one in _CLASSES if one in found)


def is_key_of_organisation(key: str) -> bool:
    """Can a line name an organisation by this key? Not when it could be the name or number of a person."""
    return key != "" and _is_of(_FORMS["organisation"], key)


def _distinct(columns: Mapping[str, Sequence[Any]], name: str) -> set[str]:
    """The different texts in one field: fifty lines of one page hold few."""
    if not all(issubclass(kind, str) for kind in set(map(type, columns[name]))):
        raise NotAKey(f"The field {name} of a journal line takes a text.")
    return set(columns[name])


def _is_of(form: _Form, text: str) -> bool:
    return (
        len(text) <= form.longest
        and form.pattern.fullmatch(text) is not None
        and len(_DIGIT.findall(_ANY_UUID.sub("", text))) <= MOST_DIGITS
    )
