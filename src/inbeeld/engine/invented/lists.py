"""The lists of the organisations, with what goes wrong when people type names by hand.

The same child stands on two lists with other spellings: typing errors, day and month swapped, the prefix
in another place, ij for y, diacritics lost, call name for official name, an old address.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

LISTS: Final = ("swv_vo", "swv_po", "leerplicht")
COLUMNS: Final = (
    "id", "last_name", "prefix", "first_names", "call_name", "born_on", "postcode", "house_number", "school",
    "since_on", "category",
)  # fmt: skip
TRUTH_COLUMNS: Final = ("list", "id", "learner")
NEIGHBOUR_KEYS: Final = {"a": "s", "e": "r", "i": "u", "o": "p", "n": "m", "d": "f", "k": "l", "t": "r"}


@dataclass(frozen=True)
class Entry:
    """One child as one organisation wrote it down; `learner` is the truth and never on the list itself."""

    learner: str
    last_name: str
    prefix: str | None
    first_names: str | None
    call_name: str | None
    born_on: date | None
    postcode: str | None
    house_number: str | None
    school: str | None
    since_on: date
    category: str


def as_written(entry: Entry, *, on_list: str, seed: int) -> Entry:
    """The entry as `on_list` has it: house style of the organisation, then what went wrong."""
    chance = Random(f"{seed} {on_list} {entry.learner}")
    written = _house_style(entry, on_list=on_list)
    for share, damage in DAMAGE:
        if chance.random() < share:
            written = damage(written, chance)
    return written


def numbered(entries: list[Entry], *, on_list: str) -> list[tuple[str, Entry]]:
    """Entries in the order they came on the list, with the organisation's own numbers."""
    letters = {"swv_vo": "VO", "swv_po": "PO", "leerplicht": "LP"}[on_list]
    ordered = sorted(entries, key=lambda entry: (entry.since_on, entry.last_name, entry.learner))
    return [(f"{letters}-{number:05d}", entry) for number, entry in enumerate(ordered, start=1)]


def cells(number: str, entry: Entry) -> list[str]:
    """One row of the CSV in the order of COLUMNS; empty is not known."""
    values = [getattr(entry, column) for column in COLUMNS[1:]]
    return [number, *("" if value is None else str(value) for value in values)]


def _house_style(entry: Entry, *, on_list: str) -> Entry:
    """Leerplicht copies the official names of the register; an SWV writes what the school calls the child."""
    if on_list == "leerplicht":
        return replace(entry, call_name=None)
    return replace(entry, first_names=entry.call_name)


def _typing_error(entry: Entry, chance: Random) -> Entry:
    name = entry.last_name
    if len(name) < 4:
        return entry
    at = chance.randrange(1, len(name) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    elif kind == 1:
        name = name[:at] + name[at + 1 :]
    elif kind == 2:
        name = name[:at] + name[at] + name[at:]
    else:
        name = name[:at] + NEIGHBOUR_KEYS.get(name[at], "e") + name[at + 1 :]
    return replace(entry, last_name=name)


def _typing_error_in_first_name(entry: Entry, chance: Random) -> Entry:
    names = entry.first_names or ""
    if len(names) < 4:
        return entry
    at = chance.randrange(1, len(names) - 1)
    return replace(entry, first_names=names[:at] + names[at + 1 :])


def _prefix_elsewhere(entry: Entry, chance: Random) -> Entry:
    if entry.prefix is None:
        return entry
    prefix, name = entry.prefix, entry.last_name
    kind = chance.randrange(4)
    if kind == 0:
        return replace(entry, prefix=None, last_name=f"{prefix} {name}")
    if kind == 1:
        return replace(entry, prefix=None, last_name=f"{name}, {prefix}")
    if kind == 2:
        return replace(
            entry, prefix={"van der": "v.d.", "van de": "v.d.", "van den": "v.d."}.get(prefix, prefix.title())
        )
    return replace(entry, prefix=None)


def _ij_or_y(entry: Entry, chance: Random) -> Entry:
    name = entry.last_name
    swapped = name.replace("ij", "y") if "ij" in name else name.replace("y", "ij")
    return replace(entry, last_name=swapped.replace("IJ", "Y"))


def _no_diacritics(entry: Entry, chance: Random) -> Entry:
    return replace(
        entry,
        last_name=_plain(entry.last_name),
        first_names=entry.first_names and _plain(entry.first_names),
        call_name=entry.call_name and _plain(entry.call_name),
    )


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("ı", "i").replace("ł", "l").replace("Ł", "L"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _half_of_double_name(entry: Entry, chance: Random) -> Entry:
    return replace(entry, last_name=entry.last_name.split("-")[0])


def _one_first_name(entry: Entry, chance: Random) -> Entry:
    return replace(entry, first_names=entry.first_names and entry.first_names.split(" ")[0])


def _initials(entry: Entry, chance: Random) -> Entry:
    names = (entry.first_names or "").split()
    return replace(entry, first_names="".join(f"{name[0]}." for name in names) or None)


def _day_and_month_swapped(entry: Entry, chance: Random) -> Entry:
    born = entry.born_on
    if born is None or born.day > 12:
        return entry
    return replace(entry, born_on=date(born.year, born.day, born.month))


def _birth_date_off(entry: Entry, chance: Random) -> Entry:
    return replace(
        entry, born_on=entry.born_on and entry.born_on + timedelta(days=chance.choice((-10, -1, 1, 10)))
    )


def _no_birth_date(entry: Entry, chance: Random) -> Entry:
    return replace(entry, born_on=None)


def _moved_house(entry: Entry, chance: Random) -> Entry:
    digits = int((entry.postcode or "1000")[:4])
    old = f"{max(1000, digits - chance.randint(1, 9))}{chance.choice(('SA', 'SD', 'SS'))}"
    return replace(entry, postcode=old, house_number=str(chance.randint(1, 190)))


def _no_address(entry: Entry, chance: Random) -> Entry:
    return replace(entry, postcode=None, house_number=None)


def _postcode_with_space(entry: Entry, chance: Random) -> Entry:
    return replace(entry, postcode=entry.postcode and f"{entry.postcode[:4]} {entry.postcode[4:]}")


def _no_school(entry: Entry, chance: Random) -> Entry:
    return replace(entry, school=None)


def _since_an_earlier_day(entry: Entry, chance: Random) -> Entry:
    return replace(entry, since_on=entry.since_on - timedelta(days=chance.randint(1, 12)))


#: How often each thing goes wrong on any list. The shares are assumptions.
DAMAGE: Final[tuple[tuple[float, Callable[[Entry, Random], Entry]], ...]] = (
    (0.50, _no_diacritics), (0.35, _prefix_elsewhere), (0.30, _ij_or_y), (0.45, _half_of_double_name),
    (0.35, _one_first_name), (0.05, _initials), (0.08, _typing_error), (0.03, _typing_error_in_first_name),
    (0.02, _day_and_month_swapped), (0.02, _birth_date_off), (0.01, _no_birth_date), (0.06, _moved_house),
    (0.08, _no_address), (0.30, _postcode_with_space), (0.10, _no_school), (0.40, _since_an_earlier_day),
)  # fmt: skip
