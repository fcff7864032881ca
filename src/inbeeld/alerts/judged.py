"""Reading the tables of a judgement: the course of those of whom a rule may have something to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld.alerts.course import Course, within
from inbeeld.engine import reading
from inbeeld.kernel.attendance import ReportDuty
from inbeeld.kernel.calendar import school_year_begin
from inbeeld.kernel.definitions.report_duty import MINUTES_IN_AN_HOUR
from inbeeld.kernel.facts import FactRow

_FACTS = tuple(field.name for field in fields(FactRow))


def courses_in(
    judged: Path,
    *,
    on: date,
    wanted: Collection[str],
    sick: Collection[str],
    born_on: Mapping[str, date | None],
    off_roll_since: Mapping[str, date | None],
) -> dict[str, Course]:
    """The course of each of these learners, by key, as far as the judgement knows them.

    `sick`: of whom the verdict on sickness says more than no. Each table is read once, whatever is wanted.
    """
    duties = _duties(judged, wanted, since=school_year_begin(on))
    runs = _runs(judged, duties)
    alerts: dict[str, date] = {}
    for row in reading.rows(judged / "sick_alerts.parquet"):
        if row["learner"] in sick:
            alerts[row["learner"]] = max(row["on"], alerts.get(row["learner"], row["on"]))
    found = {}
    for fact in reading.rows(judged / "facts.parquet"):
        if (key := fact["learner"]) not in wanted:
            continue
        course = Course(
            row=FactRow(**{name: fact.get(name) for name in _FACTS}),
            on=on,
            duties=tuple(duties.get(key, ())),
            runs=tuple(runs.get(key, ())),
            off_roll_since=off_roll_since.get(key),
        )
        found[key] = within(course, sick_alert_on=alerts.get(key), born_on=born_on.get(key))
    return found


def _duties(judged: Path, wanted: Collection[str], *, since: date) -> dict[str, list[ReportDuty]]:
    found: dict[str, list[ReportDuty]] = {}
    for row in reading.rows(judged / "report_duties.parquet"):
        if row["learner"] in wanted and row["ends_on"] >= since:
            minutes = round(row["hours"] * MINUTES_IN_AN_HOUR)
            found.setdefault(row["learner"], []).append(ReportDuty(row["begins_on"], row["ends_on"], minutes))
    return found


def _runs(judged: Path, wanted: Collection[str]) -> dict[str, list[tuple[date, date]]]:
    found: dict[str, list[Any]] = {}
    for row in reading.rows(judged / "episodes.parquet"):
        if row["family"] == "without" and row["learner"] in wanted:
            found.setdefault(row["learner"], []).append((row["first_on"], row["last_on"]))
    return found
