"""What a row about attendance expects, read from the plain twin and from the engine's tables alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.facts import FACT_COLUMNS, facts_of_child
from tests.spec.tables import OUTCOMES, SpecRow
from tests.spec.weeks import INPUTS

SAID_OF_THE_ROW = {"definition", "edge", "why"}
DEFINITIONS = {one.key: one for one in CATALOGUE}


@dataclass(frozen=True)
class Found:
    """The tables out (contract §4) about one learner, whoever made them."""

    facts: dict[str, Any]
    episodes: list[tuple[str, date, date, int, bool]]
    report_duties: list[tuple[date, date, float]]
    sick_alerts: list[tuple[date, str]]
    verdicts: dict[str, str]


def found_by_twin(twin: Attendance) -> Found:
    """As the kernel's plain twin judges."""
    child = facts_of_child(twin.facts, on=twin.on)
    return Found(
        facts={name: getattr(twin.facts, name) for name in FACT_COLUMNS},
        episodes=[
            (one.family, one.first_on, one.last_on, one.school_days, one.ongoing) for one in twin.episodes
        ],
        report_duties=[(one.begins_on, one.ends_on, one.minutes / 60) for one in twin.report_duties],
        sick_alerts=[(one.on, one.rule) for one in twin.sick_alerts],
        verdicts={key: one.verdict(child).outcome.word for key, one in DEFINITIONS.items()},
    )


def answers(row: SpecRow, found: Found) -> dict[str, str]:
    """For every column of the row that expects something: what was found, written as the row writes it."""
    return {column: _said(column, row, found) for column in expectations(row) if column not in OF_THE_DAYS}


def answers_about_days(row: SpecRow, twin: Attendance) -> dict[str, str]:
    """The same for columns about the days themselves, which only the plain twin shows."""
    return {column: OF_THE_DAYS[column](twin) for column in expectations(row) if column in OF_THE_DAYS}


def expectations(row: SpecRow) -> dict[str, str]:
    """The columns of a row that are neither input nor explanation."""
    return {name: cell for name, cell in row.cells.items() if name not in INPUTS | SAID_OF_THE_ROW}


def _said(column: str, row: SpecRow, found: Found) -> str:
    if column == "outcome":
        assert row.definition is not None, f"{row} names no definition"
        return _word(found.verdicts.get(row.definition, "no"))
    if column in DEFINITIONS:
        return _word(found.verdicts.get(column, "no"))
    if column.startswith("episodes "):
        family = column.removeprefix("episodes ")
        return _list(_episode(*one) for name, *one in sorted(found.episodes) if name == family)
    if column == "report duties":
        return _list(f"{first} to {last}: {hours:g} hours" for first, last, hours in found.report_duties)
    if column == "sick alerts":
        return _list(f"{on} {rule}" for on, rule in found.sick_alerts)
    name = column.replace(" ", "_")
    assert name in FACT_COLUMNS, f"{row}: nothing is called {column!r}"
    return _cell(found.facts[name])


def _episode(first: date, last: date, school_days: int, ongoing: bool) -> str:
    return f"{first} to {last}: {school_days} days" + (", ongoing" if ongoing else "")


def _list(items: Iterable[str]) -> str:
    return "; ".join(items) or "none"


def _cell(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    # A school's key is the learner's and its letter.
    return value.rsplit(" ", 1)[-1] if isinstance(value, str) else str(value)


def _word(stored: str) -> str:
    return next(word for word, other in OUTCOMES.items() if other == stored)


OF_THE_DAYS: dict[str, Callable[[Attendance], str]] = {
    "school days": lambda twin: str(len(twin.days)),
    "school weeks": lambda twin: str(twin.days[-1].week if twin.days else 0),
    "last day": lambda twin: str(twin.days[-1].date if twin.days else "none"),
    "permission that day": lambda twin: str((twin.days[-1].permission or "none") if twin.days else "none"),
    "fully absent": lambda twin: "yes" if twin.days and twin.days[-1].is_fully_absent else "no",
    "not counted": lambda twin: _list(
        why for mark in twin.standing_marks.values() if (why := twin.why_not_counted(mark))
    ),
}
