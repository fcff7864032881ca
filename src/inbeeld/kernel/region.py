"""A region's settings: names, units, cuts, and which definitions it counts by. Other settings, same code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from inbeeld.kernel.definition import Definition, in_force
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.definitions.early_absence import LAYER_CUTS, LAYER_MINIMUM_DAYS
from inbeeld.kernel.region_error import RegionError, each_of
from inbeeld.kernel.region_tables import TABLES, tables_from
from inbeeld.kernel.round_tables import RoundTable
from inbeeld.kernel.rounds import Compared, ListOf, SideBySide

LONGEST_NAME_OF_LIST = 40
UNITS = ("lesson", "clock")
DEFAULT_UNITS = {"po": "clock", "so": "clock", "vo": "lesson", "vso": "lesson", "mbo": "lesson"}


@dataclass(frozen=True)
class Region:
    """What a region may set. `counts_by` holds definition keys; empty means every definition in force.

    `lists`: which lists it lays side by side. `tables`: its round tables.
    """

    name: str = "no region file"
    hour_units: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_UNITS))
    layer_cuts: tuple[int, int, int] = LAYER_CUTS
    layer_minimum_days: int = LAYER_MINIMUM_DAYS
    counts_by: tuple[str, ...] = ()
    lists: tuple[SideBySide, ...] = ()
    tables: tuple[RoundTable, ...] = ()

    def definitions(self, on: date) -> tuple[Definition, ...]:
        """The definitions this region judges by on a day."""
        chosen = in_force(CATALOGUE, on)
        return tuple(one for one in chosen if not self.counts_by or one.key in self.counts_by)

    def as_dict(self) -> dict[str, Any]:
        """For the receipt of a judgement: what it depends on."""
        return {
            "name": self.name,
            "hour_units": dict(sorted(self.hour_units.items())),
            "layer_cuts": list(self.layer_cuts),
            "layer_minimum_days": self.layer_minimum_days,
            "counts_by": list(self.counts_by),
        }


def region_from_toml(text: str) -> Region:
    """Read a region profile; RegionError names the setting that is wrong."""
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegionError(f"a TOML file ({error})") from None
    _refuse_unknown(settings, {"name", "hour_units", "layers", "counts_by", "lists", TABLES})
    layers = _table(settings, "layers")
    _refuse_unknown(layers, {"cuts", "minimum_days"})
    name, lists = _name(settings), each_of(settings.get("lists", []), "lists", _side_by_side)
    return Region(
        name=name,
        hour_units=DEFAULT_UNITS | _hour_units(_table(settings, "hour_units")),
        layer_cuts=_cuts(layers.get("cuts", list(LAYER_CUTS))),
        layer_minimum_days=_minimum(layers.get("minimum_days", LAYER_MINIMUM_DAYS)),
        counts_by=_chosen(settings.get("counts_by", [])),
        lists=lists,
        tables=tables_from(settings.get(TABLES, []), lists=[one.key for one in lists]),
    )


def _refuse_unknown(settings: Mapping[str, Any], known: set[str]) -> None:
    for name in sorted(set(settings) - known):
        raise RegionError(f"no setting called {name}", name)


def _name(settings: Mapping[str, Any]) -> str:
    name = settings.get("name", "")
    if not isinstance(name, str) or not name.strip():
        raise RegionError("name = a text", "name")
    return name


def _table(settings: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = settings.get(key, {})
    if not isinstance(value, dict):
        raise RegionError(f"[{key}] to be a table", key)
    return value


def _hour_units(units: dict[str, Any]) -> dict[str, str]:
    for sector, unit in units.items():
        if sector not in DEFAULT_UNITS or unit not in UNITS:
            raise RegionError(
                f"hour_units.{sector} to be a sector (po so vo vso mbo) with lesson or clock", sector
            )
    return units


def _cuts(cuts: Any) -> tuple[int, int, int]:
    whole = isinstance(cuts, list) and all(type(cut) is int for cut in cuts)
    if not whole or len(cuts) != 3 or sorted(set(cuts)) != cuts or not 0 < cuts[0] <= cuts[-1] <= 100:
        raise RegionError("layers.cuts = three rising whole percentages", "cuts")
    return (cuts[0], cuts[1], cuts[2])


def _minimum(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise RegionError("layers.minimum_days = a whole number of 0 or more", "minimum_days")
    return value


def _chosen(keys: Any) -> tuple[str, ...]:
    known = {one.key for one in CATALOGUE}
    if not isinstance(keys, list):
        raise RegionError("counts_by = a list of definition keys", "counts_by")
    for key in keys:
        if key not in known:
            raise RegionError(f"counts_by to hold definition keys; there is no {key!r}", "counts_by")
    return tuple(keys)


def _side_by_side(row: dict[str, Any]) -> SideBySide:
    known = {"key", "name", "compared", "led_by", "every_days", "days_to_deliver", "lists", "apart"}
    _refuse_unknown(row, known)
    for name in ("key", "name", "compared", "led_by"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise RegionError(f"[[lists]] with {name} = a text", name)
    for name in ("every_days", "days_to_deliver"):
        if type(row.get(name)) is not int:
            raise RegionError(f"[[lists]] with {name} = a whole number of days", name)
    if row["compared"] not in list(Compared):
        raise RegionError(f"compared = one of {', '.join(Compared)}", "compared")
    try:
        return SideBySide(
            key=row["key"], name=row["name"], compared=Compared(row["compared"]), led_by=row["led_by"],
            every_days=row["every_days"], days_to_deliver=row["days_to_deliver"],
            lists=_names(row.get("lists")), apart=_apart(row.get("apart", [])),
        )  # fmt: skip
    except ValueError as wrong:
        raise RegionError(f"[[lists]] {row['key']} with {wrong}", "lists") from None


def _names(lists: Any) -> tuple[ListOf, ...]:
    """The lists in the order of the profile, by the name of their file."""
    if not isinstance(lists, dict) or not all(isinstance(one, dict) for one in lists.values()):
        raise RegionError("lists.name = { of = key of an organisation, title = a text }", "lists")
    for name, one in lists.items():
        if not name.replace("_", "").isalnum() or name != name.lower() or len(name) > LONGEST_NAME_OF_LIST:
            raise RegionError("names of lists in small letters, digits and _", name)
        if set(one) != {"of", "title"} or not all(isinstance(text, str) and text for text in one.values()):
            raise RegionError(f"lists.{name} = {{ of = key of an organisation, title = a text }}", name)
    return tuple(ListOf(name, one["title"], one["of"]) for name, one in lists.items())


def _apart(pairs: Any) -> tuple[tuple[str, str], ...]:
    is_pairs = isinstance(pairs, list) and all(isinstance(one, list) and len(one) == 2 for one in pairs)
    if not is_pairs or not all(isinstance(name, str) for pair in pairs for name in pair):
        raise RegionError("apart = pairs of names of lists", "apart")
    return tuple((left, right) for left, right in pairs)
