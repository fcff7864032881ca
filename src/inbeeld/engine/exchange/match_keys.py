"""From a list to children, and per child a few match keys: texts that are equal where a child is likely one.

Encodings can only be equal or not, so names are read first as `inbeeld compare` reads them. Each key insists
on the birth date, or on its year where name and postcode agree; none holds a house number or school.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.engine.linkage.lists import read_list
from inbeeld.engine.linkage.normalising import PREFIXES, SQL, normalise
from inbeeld.engine.linkage.reference import FOLDER

if TYPE_CHECKING:
    import duckdb

#: So many encodings stand for every child: how many keys a row yields would tell how it is written.
EACH = 8
#: What keys are made of. First name: the first official one, the call name, what that may stand for.
KINDS = {
    "name": "surname (or one part of it), first name, birth date",
    "stands_for": "the same, with the official name that a call name may stand for",
    "initial": "surname, initial, birth date and postcode, where one of the two has no more than the initial",
    "home": "first name, birth date and postcode",
    "year": "surname, first name, year of birth and postcode",
}
#: Goes up when `match_keys` makes other keys than before.
WAY = 1
CALL_NAMES = FOLDER / "call_names.csv"
MEMORY = "2GB"


@dataclass(frozen=True)
class Person:
    """One row of a list as names are read there; None or empty where the list does not say."""

    id: str
    firsts: tuple[str, ...]
    stands_for: tuple[str, ...]
    initial: str | None
    surname: str | None
    surname_words: tuple[str, ...]
    born: str | None
    postcode: str | None


@dataclass(frozen=True)
class Child:
    """The ids of the rows of one child, and at most EACH match keys; without any it cannot be found."""

    ids: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class KeyedList:
    """A list as children. `name`: the organisation, by the file name. `ids`: of all rows, in their order."""

    name: str
    ids: tuple[str, ...]
    children: tuple[Child, ...]


def reading() -> str:
    """A short hash of how names are read and keys are made: both ends must do it alike, or find few."""
    whole = hashlib.sha256(repr((WAY, EACH, PREFIXES)).encode())
    for file in (*(SQL / f"{name}.sql" for name in ("01_spelling", "02_names", "03_people")), CALL_NAMES):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:12]


def keyed(file: Path, *, asking: bool, work: Path) -> KeyedList:
    """Read a list (contract §5) into children with their match keys, as the end that asks or the other.

    `work`: a folder to spill in, made and removed. Raises BadInput for a list that cannot be used.
    """
    import duckdb

    work.mkdir()
    con = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(work)})
    try:
        con.execute("SET enable_progress_bar = false")
        one = read_list(con, file)
        normalise(con, [one])
        people = list(_people(con))
    finally:
        con.close()
        shutil.rmtree(work, ignore_errors=True)
    return KeyedList(one.name, tuple(person.id for person in people), children(people, asking=asking))


def _people(con: duckdb.DuckDBPyConnection) -> Iterable[Person]:
    rows = con.execute(
        "SELECT id, given, called, roots, initial, surname, surname_words, born_text, postcode "
        "FROM people_0 ORDER BY unique_id"
    ).fetchall()
    for id_, given, called, roots, initial, surname, words, born, postcode in rows:
        firsts = _once(name for name in (given, called) if name)
        stands_for = tuple(name for name in roots.split() if name not in firsts)
        yield Person(id_, firsts, stands_for, initial, surname, tuple(words.split()), born, postcode)


def children(people: Sequence[Person], *, asking: bool) -> tuple[Child, ...]:
    """The children of one list, in the order of their first rows, each with the keys that only it has.

    A key that two children share (twins with one initial) would say of the one what is true of the other, and
    is left out.
    """
    groups = _of_one_child(people)
    of_each = [_in_turn([match_keys(one, asking=asking) for one in same]) for same in groups]
    held = Counter(key for keys in of_each for key in keys)
    return tuple(
        Child(tuple(one.id for one in same), tuple(key for key in keys if held[key] == 1)[:EACH])
        for same, keys in zip(groups, of_each, strict=True)
    )


def _of_one_child(people: Sequence[Person]) -> list[list[Person]]:
    """The rows by child: those that share surname, birth date and a first or call name are one."""
    first_row = list(range(len(people)))
    known: dict[tuple[str, str, str], int] = {}

    def first_of(at: int) -> int:
        while first_row[at] != at:
            at = first_row[at]
        return at

    for at, one in enumerate(people):
        if one.surname and one.born:
            for first in one.firsts:
                other = first_of(known.setdefault((one.surname, first, one.born), at))
                mine = first_of(at)
                first_row[max(mine, other)] = min(mine, other)
    groups: dict[int, list[Person]] = {}
    for at, one in enumerate(people):
        groups.setdefault(first_of(at), []).append(one)
    return list(groups.values())


def match_keys(one: Person, *, asking: bool) -> tuple[str, ...]:
    """The match keys of a row, those that find most first; none without a birth date.

    Twins often share an initial, or are called Daan and Dan. So a bare initial is held against another or
    against a full name, and a call name against what it may stand for, but never what two names have in
    common. Hence the two ends write some keys differently; `asking` says which this is.
    """
    if not one.born:
        return ()
    found: list[tuple[str, ...]] = []
    if one.surname:
        found += [("name", one.surname, first, one.born) for first in one.firsts]
        if one.initial and one.postcode:
            asked_for = ["full" if bool(one.firsts) == asking else "bare", *([] if one.firsts else ["both"])]
            rest = one.surname, one.initial, one.born, one.postcode
            found += [("initial", row, *rest) for row in asked_for]
    if one.postcode:
        found += [("home", first, one.born, one.postcode) for first in one.firsts]
        if one.surname and one.firsts:
            found.append(("year", one.surname, one.firsts[0], one.born[:4], one.postcode))
    if one.surname:
        named = "name" if asking else "stands_for"
        found += [(named, one.surname, official, one.born) for official in one.stands_for]
        if asking:
            found += [("stands_for", one.surname, first, one.born) for first in one.firsts]
    if len(one.surname_words) > 1:
        found += [("name", word, first, one.born) for word in one.surname_words for first in one.firsts]
    return _once("|".join(key) for key in found)


def _in_turn(of_rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The keys of several rows of one child, the best of each first."""
    return _once(key for rank in zip_longest(*of_rows) for key in rank if key is not None)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
