"""The [[tables]] of a region profile, read into round tables; what is wrong is said with its setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from inbeeld.kernel.region_error import RegionError, each_of
from inbeeld.kernel.round_tables import (
    About,
    Aim,
    Body,
    Chair,
    Condition,
    Director,
    Entry,
    Power,
    RoundTable,
    ladder,
)

TABLES = "tables"
ONE_OF: Mapping[str, type[StrEnum]] = {"about": About, "chair": Chair, "director": Director}
SOME_OF: Mapping[str, type[StrEnum]] = {
    "members": Body, "asks": Body, "decides": Body, "aims": Aim, "power_over": Power,
}  # fmt: skip
WHOLE = ("every_days", "times_a_year", "follow_up_days")
NEEDED = ("key", "name", "members", "asks", "decides")
KNOWN = {*NEEDED, *ONE_OF, *SOME_OF, *WHOLE, "entry", "lists", "after", "messages_between"}
Word = TypeVar("Word", bound=StrEnum)


def tables_from(rows: Any, *, lists: Sequence[str]) -> tuple[RoundTable, ...]:
    """The tables, in the order of the profile. `lists`: keys of the lists the region lays side by side.

    Raises RegionError, with the table it is about.
    """

    def read(row: dict[str, Any]) -> RoundTable:
        one = _table(row)
        if one.lists and one.lists not in lists:
            raise RegionError(f"lists = the key of one of [[lists]]; there is no {one.lists}", "lists")
        return one

    found = each_of(rows, TABLES, read)
    try:
        ladder(found)
    except ValueError as wrong:
        raise RegionError(f"[[tables]] with {wrong}", "after") from None
    return found


def _table(row: dict[str, Any]) -> RoundTable:
    for name in sorted(set(row) - KNOWN):
        raise RegionError(f"no setting of a table called {name}", name)
    for name in NEEDED:
        if name not in row:
            raise RegionError(f"[[tables]] with {name}", name)
    for name in ("key", "name", "lists", "after"):
        text = row.get(name, "")
        if not isinstance(text, str) or (name in NEEDED and not text.strip()):
            raise RegionError(f"{name} = a text", name)
    for name in WHOLE:
        if name in row and type(row[name]) is not int:
            raise RegionError(f"{name} = a whole number", name)
    if type(row.get("messages_between", False)) is not bool:
        raise RegionError("messages_between = true or false", "messages_between")
    settings = dict(row)
    for name, words in ONE_OF.items():
        if name in row:
            settings[name] = _word(row[name], words, name)
    for name, words in SOME_OF.items():
        if name in row:
            settings[name] = _words(row[name], words, name)
    settings["entry"] = _entry(row.get("entry", {}))
    try:
        return RoundTable(**settings)
    except ValueError as wrong:
        raise RegionError(f"table {row['key']} with {wrong}", "key") from None


def _word(value: Any, words: type[Word], name: str) -> Word:
    if value not in list(words):
        raise RegionError(f"{name} = one of {', '.join(words)}", name)
    return words(value)


def _words(values: Any, words: type[Word], name: str) -> tuple[Word, ...]:
    if not isinstance(values, list):
        raise RegionError(f"{name} = a list of {', '.join(words)}", name)
    for value in values:
        if value not in list(words):
            raise RegionError(f"{name} to hold {', '.join(words)}; there is no {value!r}", name)
    return tuple(words(value) for value in values)


def _entry(row: Any) -> Entry:
    if not isinstance(row, dict) or not set(row) <= {"every", "one_of"}:
        raise RegionError("entry = { every = conditions, one_of = conditions }", "entry")
    every, one_of = (_words(row.get(name, []), Condition, "entry") for name in ("every", "one_of"))
    try:
        return Entry(every, one_of)
    except ValueError as wrong:
        raise RegionError(f"entry with {wrong}", "entry") from None
