"""What a source's file looks like: its columns, separators, dates and the codes its standard defines."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Literal

PRESENT = "present"
"""Stands where a status stands when a code means that nobody was away: no mark is written."""


@dataclass(frozen=True)
class Meaning:
    """What a code means: a status of the marks table or PRESENT, a reason, permission true/false/empty."""

    status: str
    reason: str = ""
    permission: str = ""


@dataclass(frozen=True)
class Field:
    """One column we read. `names`: its spellings in files, compared without case, spaces and signs.

    `personal`: a name or number of a person; its value never stands in a sentence or a refused row.
    """

    name: str
    names: tuple[str, ...]
    required: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Profile:
    """One supplier's file. `dates`: the shapes it uses (iso, dutch, compact); no other shape is tried.

    `header`: "yes", or "optional" where the supplier writes rows only and the order is fixed.
    `codes`: meanings the standard itself defines; a school's own codes live in its codes file.
    `whole_day_slots`: slots in a whole day where the source only knows whole days.
    `open_ends`: a row may lack an end. `names_schools`: the file says which school it is about.
    `own_keys`: learner keys are unique beyond the school and are not put behind the school's id.
    `names`: what a learner is called. No import reads it; only `names_in` does, for who keeps names.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    fills: Literal["marks", "roster"] = "marks"
    form: Literal["table", "xml"] = "table"
    separators: tuple[str, ...] = (";", ",", "\t")
    header: Literal["yes", "optional"] = "yes"
    dates: tuple[str, ...] = ("iso", "dutch")
    codes: Mapping[str, Meaning] = field(default_factory=lambda: MappingProxyType({}))
    whole_day_slots: int | None = None
    own_keys: bool = False
    open_ends: bool = False
    names_schools: bool = False
    root: str = ""
    record: str = ""
    head: str = ""
    names: tuple[Field, ...] = ()

    def renamed(self, columns: Mapping[str, str]) -> Profile:
        """The same profile reading field → column as a saved column mapping says."""
        return replace(
            self,
            fields=tuple(
                replace(f, names=(columns[f.name],)) if f.name in columns else f for f in self.fields
            ),
        )

    def needs(self) -> str:
        """The required columns, in words."""
        return ", ".join(f.names[0] for f in self.fields if f.required)


def plain(name: str) -> str:
    """A column name without case, spaces and signs: 'Begin datum/tijd' and 'beginDatumTijd' are one."""
    return re.sub(r"[\W_]+", "", name.casefold())


def source_folders() -> list[str]:
    """Every folder here with a profile.py is a source: copying one is enough to add the next."""
    here = Path(__file__).parent
    return sorted(
        m.name for m in pkgutil.iter_modules([str(here)]) if (here / m.name / "profile.py").is_file()
    )


@cache
def all_profiles() -> Mapping[str, Profile]:
    """Name → profile of every source folder."""
    modules = (importlib.import_module(f"{__package__}.{name}.profile") for name in source_folders())
    return MappingProxyType({module.PROFILE.name: module.PROFILE for module in modules})


def reader_of(profile: Profile) -> ModuleType:
    """The source's read.py; imported only where files are read."""
    return importlib.import_module(f"{__package__}.{profile.name}.read")
