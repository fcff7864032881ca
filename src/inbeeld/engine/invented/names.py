"""The word lists of names.toml as numbered rows, ready to draw from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from random import Random
from typing import Any, Final

SURNAMES_PER_STOCK: Final = 1200


@dataclass(frozen=True)
class NameStock:
    """One list of given names (official, call name) and surnames (prefix or None, last name)."""

    weight: int
    given: tuple[tuple[str, str], ...]
    surnames: tuple[tuple[str | None, str], ...]


def name_stocks() -> tuple[NameStock, ...]:
    """All lists, in the order of the file; weights add up to 100."""
    listed = tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8"))["stock"]
    return tuple(_stock(entry) for entry in listed)


def _stock(entry: dict[str, Any]) -> NameStock:
    given = tuple(
        (official, call or official) for official, _, call in (name.partition("|") for name in entry["given"])
    )
    return NameStock(entry["weight"], given, _surnames(entry))


def _surnames(entry: dict[str, Any]) -> tuple[tuple[str | None, str], ...]:
    """Surnames in an order that is fixed for good; the first are drawn most."""
    plain = [(None, name) for name in entry["family"]]
    made = [(None, stem + ending) for stem, ending in product(entry.get("stem", ()), entry.get("ending", ()))]
    whole = entry.get("prefixed") or [
        f"{prefix} {name}" for prefix, name in product(entry.get("prefix", ()), entry["family"])
    ]
    prefixed = [(name.rpartition(" ")[0], name.rpartition(" ")[2]) for name in whole]
    order = Random("surnames")
    order.shuffle(made)
    order.shuffle(prefixed)
    wanted = round(SURNAMES_PER_STOCK * entry["prefix_share"] / 100)
    with_prefix = [prefixed[n % len(prefixed)] for n in range(wanted if prefixed else 0)]
    common = plain * (1 + 300 // len(plain)) if made else plain
    without = [(common + made)[n % len(common + made)] for n in range(SURNAMES_PER_STOCK - len(with_prefix))]
    surnames = with_prefix + without
    order.shuffle(surnames)
    return tuple(surnames)
