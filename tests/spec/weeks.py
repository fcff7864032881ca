"""A learner's attendance written in one line, and the contract's tables made of it.

Weeks are divided by spaces; the last one is the ISO week that holds the day of judging. A week is a letter
for each day from Monday on (README.md has the letters); `4x.....` is four such weeks; `{ww..}` is one day
slot by slot; `[B]` means: from this day at school B, `[]`: at no school.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from inbeeld.engine.schema import TABLES_IN
from inbeeld.kernel.calendar import monday_of
from tests.spec.tables import SpecRow

STEP = re.compile(r"\[(?P<school>\w?)\]|\{(?P<slots>[^}]+)\}|(?P<day>[^\s{}\[\]])")
MARKS: dict[str, tuple[str, str | None, bool | None]] = {
    "w": ("absent", "truant", False),
    "u": ("absent", "unknown", None),
    "a": ("absent", "leave", True),
    "s": ("absent", "sick", True),
    "q": ("absent", "sick", None),
    "l": ("late", None, False),
    "r": ("removed", None, False),
    "o": ("other", None, None),
}
PERMISSIONS = {"with": True, "without": False, "unknown": None}
NO_SCHOOL, ONLY_THE_OTHER = "-", "_"
INPUTS = {
    "weeks", "on", "slots", "slots at B", "minutes", "enrolments", "exemptions", "later marks", "born on",
    "basic qualification",
}  # fmt: skip


@dataclass(frozen=True)
class Day:
    """One written day: where the learner is enrolled (None: nowhere), and its letter or slots."""

    date: date
    school: str | None
    letter: str
    slots: str | None = None


@dataclass
class Case:
    """One learner with its own two schools, as rows of the contract's tables."""

    learner: str
    on: date
    tables: dict[str, list[list[Any]]] = field(default_factory=lambda: {one.name: [] for one in TABLES_IN})


def case_of(row: SpecRow) -> Case:
    """The tables a row about attendance stands for."""
    cells = row.cells
    case = Case(str(row), date.fromisoformat(cells["on"]))
    kinds = {"A": cells.get("slots", "vo 4"), "B": cells.get("slots at B", "vo 4")}
    for school, kind in kinds.items():
        sector, slots = kind.split()
        key = _key(case, school)
        case.tables["schools"].append([key, sector, int(slots), key])
    days = written_days(cells["weeks"], case.on)
    _calendar(case, days)
    _learner(case, cells)
    if "enrolments" in cells:
        case.tables["enrolments"] += [
            [case.learner, _key(case, key), *span] for key, *span in _spans(cells["enrolments"])
        ]
    else:
        case.tables["enrolments"] += _stays(case, days)
    case.tables["exemptions"] += [[case.learner, *span] for span in _spans(cells.get("exemptions", ""))]
    minutes = None if cells.get("minutes") == "?" else int(cells.get("minutes", "60"))
    slots_of = {school: int(kind.split()[1]) for school, kind in kinds.items()}
    for day in days:
        if day.letter not in (".", NO_SCHOOL, ONLY_THE_OTHER):
            at = day.school or "A"
            _marks(case, at, day.date, day.slots or day.letter * slots_of[at], minutes)
    for later in filter(None, cells.get("later marks", "").split("; ")):
        _later_mark(case, later, minutes)
    return case


def written_days(weeks: str, on: date) -> list[Day]:
    """The days of a line, dated backwards from the week of `on`."""
    each = [
        week
        for token in weeks.split()
        for repeat, week in [re.fullmatch(r"(?:(\d+)x)?(.+)", token).groups()]  # type: ignore[union-attr]
        for week in [week] * int(repeat or 1)
    ]
    first = monday_of(on) - timedelta(weeks=len(each) - 1)
    found, school = [], "A"
    for number, week in enumerate(each):
        day = first + timedelta(weeks=number)
        for step in STEP.finditer(week):
            if step["school"] is not None:
                school = step["school"]
                continue
            found.append(Day(day, school or None, step["day"] or "{", step["slots"]))
            day += timedelta(days=1)
        assert day <= first + timedelta(weeks=number + 1), f"{week} has more than seven days"
    return found


def _key(case: Case, school: str) -> str:
    return f"{case.learner} {school}"


def _calendar(case: Case, days: list[Day]) -> None:
    for day in days:
        for school in ("A", "B"):
            here = school == (day.school or "A")
            is_school_day = (
                day.letter == ONLY_THE_OTHER and not here or day.letter not in (NO_SCHOOL, ONLY_THE_OTHER)
            )
            case.tables["calendar"].append([_key(case, school), day.date, is_school_day])


def _learner(case: Case, cells: dict[str, str]) -> None:
    born_on = cells.get("born on", "2012-05-05")
    qualified = cells.get("basic qualification", "?")
    case.tables["learners"].append(
        [
            case.learner,
            None if born_on == "?" else date.fromisoformat(born_on),
            {"yes": True, "no": False, "?": None}[qualified],
        ]
    )


def _stays(case: Case, days: list[Day]) -> list[list[Any]]:
    """Enrolments as the letters show them: the last one goes on."""
    stays: list[list[Any]] = []
    before: str | None = None
    for day in days:
        if day.school != before and before is not None:
            stays[-1][3] = day.date - timedelta(days=1)
        if day.school != before and day.school is not None:
            stays.append([case.learner, _key(case, day.school), day.date, None])
        before = day.school
    return stays


def _spans(text: str) -> list[list[Any]]:
    """`A 2026-01-05 to 2026-02-06; B 2026-02-09` as key, first day, last day or None."""
    found = []
    for span in filter(None, text.split("; ")):
        key, first, *until = span.replace(" to ", " ").split()
        found.append([key, date.fromisoformat(first), date.fromisoformat(until[0]) if until else None])
    return found


def _marks(case: Case, school: str, day: date, slots: str, minutes: int | None) -> None:
    for number, letter in enumerate(slots, 1):
        if letter != ".":
            assert letter in MARKS, f"{case.learner}: {letter!r} is no letter of README.md"
            status, reason, permission = MARKS[letter]
            case.tables["marks"].append(
                [case.learner, _key(case, school), day, number, minutes, status, reason, permission]
            )


def _later_mark(case: Case, words: str, minutes: int | None) -> None:
    """`2026-03-25 slot 1 at A: absent without` as a mark that was delivered last."""
    match = re.fullmatch(r"(\S+) slot (\d+) at (\w): (\w+)(?: (with|without|unknown))?", words)
    assert match, f"{case.learner}: {words!r} is no mark"
    day, slot, school, status, permission = match.groups()
    case.tables["marks"].append(
        [
            case.learner,
            _key(case, school),
            date.fromisoformat(day),
            int(slot),
            minutes,
            status,
            None,
            PERMISSIONS[permission or "unknown"],
        ]
    )
