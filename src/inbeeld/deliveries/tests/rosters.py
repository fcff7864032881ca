"""Rosters as a school's system exports them, and what stands after them, for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from inbeeld.engine import reading
from inbeeld.keys.opening import open_keys
from inbeeld.learners.models import Learner
from inbeeld.learners.seen import IDENTITY, full_name, keyholder_of, opened_names
from inbeeld.learners.snapshot import current_judgement, tables_of
from inbeeld.organisations.models import Kind, Organisation

SINCE = date(2025, 8, 1)


def listed(number: str, **said: object) -> str:
    """A learner on a roster; `said`: elements by name, since August when nothing else is said."""
    parts = {"achternaam": "Okkema", "geboortedatum": "2012-05-01", "instroomdatum": SINCE, **said}
    elements = "".join(f"<{name}>{escape(str(what))}</{name}>" for name, what in parts.items() if what)
    return f"<leerling key={quoteattr(number)}>{elements}</leerling>"


def roster_file(
    learners: Mapping[str, Mapping[str, object]], *, on: date, brin: str = "", more: str = ""
) -> bytes:
    """An EDEXML file with these learners, by number."""
    rows = "\n".join(listed(number, **said) for number, said in learners.items())
    head = f"<schooljaar>2025-2026</schooljaar><peildatum>{on}</peildatum>" + (
        f"<brincode>{brin}</brincode>" if brin else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<EDEX>\n<school>{head}</school>\n'
        f"<leerlingen>\n{rows}\n{more}\n</leerlingen>\n</EDEX>\n"
    ).encode()


def known_rows(keys: list[str]) -> dict[str, dict[str, Any]]:
    """Rows that say of known learners what the tables say, and of their names nothing."""
    tables = _tables()
    born = {one["learner"]: one["born_on"] for one in reading.rows(tables / "learners.parquet")}
    stays = {
        one["learner"]: one["from_on"]
        for one in reading.rows(tables / "enrolments.parquet")
        if one["until_on"] is None
    }
    return {key: {"achternaam": "", "geboortedatum": born[key], "instroomdatum": stays[key]} for key in keys}


def enrolled_at(school: Any) -> dict[str, list[tuple[date, date | None]]]:
    """The stays at a school in the tables everybody is judged by."""
    found: dict[str, list[tuple[date, date | None]]] = {}
    for one in reading.rows(_tables() / "enrolments.parquet"):
        if one["school"] == school.organisation.key:
            found.setdefault(one["learner"], []).append((one["from_on"], one["until_on"]))
    return found


def whole_tables() -> dict[str, list[tuple[str, ...]]]:
    """Learners and enrolments in the tables everybody is judged by."""
    return {
        name: sorted(tuple(map(str, one.values())) for one in reading.rows(_tables() / f"{name}.parquet"))
        for name in ("learners", "enrolments")
    }


def name_of(key: str) -> str:
    """What a learner is called now."""
    learner = Learner.for_operations.get(key=key)
    wanted = (learner.reference, IDENTITY, keyholder_of(learner.region))
    return full_name(opened_names(learner, open_keys([wanted])[wanted]))


def another_school(school: Any) -> Organisation:
    """A second school of the same region, without people yet."""
    keys = sorted(one["school"] for one in reading.rows(_tables() / "schools.parquet"))
    key = next(one for one in keys if one != school.organisation.key)
    return Organisation.objects.create(
        key=key,
        kind=Kind.SCHOOL,
        name="De Ster",
        sector="vo",
        municipality="Noorderveen",
        region="noorderveen",
    )


def _tables() -> Any:
    judgement = current_judgement()
    assert judgement is not None
    return tables_of(judgement)
