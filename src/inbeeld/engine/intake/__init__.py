"""Supplier files in, canonical tables out. One folder per source; start reading at importing.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld.engine.intake.confinement import ask_child
from inbeeld.engine.intake.limits import refuse_unusable
from inbeeld.engine.intake.profile import Profile, all_profiles
from inbeeld.engine.intake.table import COLUMNS_OF
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.snapshot import building

__all__ = [
    "OWN_TABLE", "PROFILES", "Imported", "Profile",
    "column_names", "import_file", "lacks_columns", "listed_in", "names_in", "recognise",
]  # fmt: skip

MARKER = "import.json"
COUNTS = (
    "read",
    "marks",
    "present",
    "refused",
    "unjudged",
    "remarks",
    "open_ended",
    "learners",
    "enrolments",
    "unnamed",
)
#: The profile of a table that a school made itself, with columns it names.
OWN_TABLE = "generic"
PROFILES: Mapping[str, Profile] = all_profiles()


@dataclass(frozen=True)
class Imported:
    """What came of an import; numbers are rows. `unmapped`: (school, code, marks waiting for a meaning).

    `present`: marks whose code means nobody was away; `taken_up_to`: the last day of open-ended reports;
    `days`: the first and the last day any row is about, of who was there too. Of a roster: `unnamed`,
    rows of which not even the learner could be read; `speaks_on`, the day it is of; `school_in_file`, whose.
    """

    out: Path
    profile: str
    encoding: str
    sha256: str
    read: int
    marks: int
    present: int
    refused: int
    unjudged: int
    remarks: int
    open_ended: int
    learners: int
    enrolments: int
    unmapped: tuple[tuple[str, str, int], ...]
    taken_up_to: date | None
    days: tuple[date, date] | None
    unnamed: int = 0
    speaks_on: date | None = None
    school_in_file: str = ""


def import_file(
    file: Path,
    *,
    profile: str,
    school: str,
    out: Path,
    codes: Path | None = None,
    slots_per_day: int | None = None,
    made_on: date | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Imported:
    """Read a supplier's file into `out`; `school` "all" takes the school ids in the file.

    `codes` defaults to codes.csv beside the file; `slots_per_day` to schools.csv beside the file.
    `made_on`: the day the file was made, to which open-ended reports reach.
    Raises BadInput when nothing of the file can be used; `out` is then as it was.
    """
    if profile not in PROFILES:
        raise BadInput(profile, "a profile: one of " + ", ".join(PROFILES))
    if not school.strip():
        raise BadInput(str(file), "the school this file is from, or all")
    refuse_unusable(file, shown=str(file))
    asked = {
        "ask": "import",
        "file": str(file.absolute()),
        "shown": str(file),
        "profile": profile,
        "school": school.strip(),
        "codes": str(codes) if codes else None,
        "slots_per_day": slots_per_day,
        "made_on": made_on.isoformat() if made_on else None,
    }
    with building(out, made_by="inbeeld import", reads=(file, codes)) as folder:
        ask_child(asked | {"folder": str(folder)}, progress=progress)
        receipt = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    return _imported(receipt, out)


def names_in(file: Path, *, profile: str, school: str) -> dict[str, dict[str, str]]:
    """What the learners of a roster are called, by key: last_name, prefix, first_names, initials, call_name.

    Apart from the import, which keeps no names: nothing is written, and who asks keeps them sealed.
    Read in the same confined process. Raises BadInput.
    """
    refuse_unusable(file, shown=str(file))
    asked = {
        "ask": "names", "file": str(file.absolute()), "shown": str(file), "profile": profile,
        "school": school,
    }  # fmt: skip
    found: dict[str, dict[str, str]] = {}

    def keep(said: dict[str, Any]) -> None:
        found.setdefault(
            said["learner"], said["names"]
        )  # of a key that stands there twice the first row holds

    ask_child(asked, progress=lambda text: None, each=keep)
    return found


def listed_in(file: Path) -> tuple[list[dict[str, str]], list[int]]:
    """The rows of an organisation's list of children, by LIST_COLUMNS, and the lines with a day left open.

    Other columns are not read. In the same confined process; nothing is written. Raises BadInput.
    """
    refuse_unusable(file, shown=str(file))
    rows: list[dict[str, str]] = []
    unsure: list[int] = []

    def keep(row: dict[str, str]) -> None:
        if remark := row.pop("remark", ""):
            unsure.append(int(remark))
        rows.append(row)

    asked = {"ask": "list", "file": str(file.absolute()), "shown": str(file)}
    ask_child(asked, progress=lambda text: None, each=keep)
    return rows, unsure


def recognise(file: Path) -> list[str]:
    """Names of the profiles whose form the file has, the likeliest first; BadInput for an unusable file."""
    refuse_unusable(file, shown=str(file))
    asked = {"ask": "recognise", "file": str(file.absolute()), "shown": str(file)}
    return list(ask_child(asked, progress=lambda text: None)["profiles"])


def lacks_columns(bad: BadInput) -> bool:
    """Could a table not be read because columns are missing, which somebody may know under another name?"""
    return bad.line == 1 and bad.expected.startswith(COLUMNS_OF)


def column_names(file: Path) -> list[str]:
    """What stands in the first row of a table, in order; BadInput for what is no table."""
    refuse_unusable(file, shown=str(file))
    asked = {"ask": "columns", "file": str(file.absolute()), "shown": str(file)}
    return list(ask_child(asked, progress=lambda text: None)["columns"])


def _imported(receipt: dict[str, Any], out: Path) -> Imported:
    counts = receipt["counts"]
    return Imported(
        out=out,
        profile=receipt["profile"],
        encoding=receipt["encoding"],
        sha256=receipt["sha256"],
        unmapped=tuple((school, code, count) for school, code, count in receipt["unmapped"]),
        taken_up_to=date.fromisoformat(receipt["taken_up_to"]) if receipt["taken_up_to"] else None,
        days=_days(receipt["days"]),
        speaks_on=date.fromisoformat(receipt["speaks_on"]) if receipt["speaks_on"] else None,
        school_in_file=receipt["school_in_file"] or "",
        **{name: counts[name] for name in COUNTS},
    )


def _days(said: list[str] | None) -> tuple[date, date] | None:
    return None if said is None else (date.fromisoformat(said[0]), date.fromisoformat(said[1]))
