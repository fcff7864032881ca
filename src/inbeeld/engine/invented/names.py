"""The word lists of names.toml as ranked rows, ready to draw from.

A linker must not be tried on the names it was trained on: the reference population is drawn from a part of
the names only, and in another order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from random import Random
from typing import Any, Final
from zlib import crc32

#: One in so many names is held out of the reference population.
HELD_OUT: Final = 3


@dataclass(frozen=True)
class Given:
    """A given name as in the register, and what such a child may be called."""

    official: str
    calls: tuple[str, ...]


@dataclass(frozen=True)
class NameStock:
    """Names that go together; the first of each list is drawn most. Shares are of a hundred."""

    weight: int
    prefix_share: int
    new_year: int
    boys: tuple[Given, ...]
    girls: tuple[Given, ...]
    alike: tuple[tuple[str, str], ...]
    plain: tuple[tuple[str | None, str], ...]
    prefixed: tuple[tuple[str | None, str], ...]


def name_stocks(*, reference: bool = False) -> tuple[NameStock, ...]:
    """All stocks in the order of the file; weights add up to 100.

    For the reference population a third of the names is left out and other names are frequent.
    """
    listed = tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8"))["stock"]
    return tuple(_stock(entry, reference=reference) for entry in listed)


def _stock(entry: dict[str, Any], *, reference: bool) -> NameStock:
    whole = [*entry.get("prefixed", ()), *_joined(entry.get("prefix", ()), entry["family"])]
    made = _shuffled(first + last for first, last in product(entry.get("stem", ()), entry.get("ending", ())))
    places = [name for name in made if name.endswith(tuple(entry.get("toponym", ("no place",))))]
    chosen = _reference if reference else tuple
    return NameStock(
        weight=entry["weight"],
        prefix_share=entry["prefix_share"],
        new_year=entry["new_year"],
        boys=tuple(_given(name) for name in chosen(entry["boys"])),
        girls=tuple(_given(name) for name in chosen(entry["girls"])),
        alike=tuple(_pair(pair) for pair in chosen(entry["alike"])),
        plain=tuple((None, name) for name in chosen([*entry["family"], *made])),
        prefixed=tuple(
            (name.rpartition(" ")[0], name.rpartition(" ")[2])
            for name in chosen([*whole, *_shuffled(_joined(entry.get("toponym_prefix", ()), places))])
        ),
    )


def _reference(names: Iterable[str]) -> list[str]:
    """The names that are not held out; what is frequent among them is frequent by another lot."""
    kept = [name for name in names if crc32(name.encode()) % HELD_OUT]
    near = Random("reference")
    return [
        name for _, name in sorted((place * near.uniform(0.3, 3), name) for place, name in enumerate(kept))
    ]


def _joined(prefixes: Iterable[str], names: Iterable[str]) -> list[str]:
    return _shuffled(f"{prefix} {name}" for prefix, name in product(prefixes, names))


def _shuffled(names: Iterable[str]) -> list[str]:
    """In an order that is fixed for good."""
    listed = list(names)
    Random("names").shuffle(listed)
    return listed


def _given(name: str) -> Given:
    official, *calls = name.split("|")
    return Given(official, tuple(calls) or (official,))


def _pair(names: str) -> tuple[str, str]:
    first, second = names.split("|")
    return first, second
