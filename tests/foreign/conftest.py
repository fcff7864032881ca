"""Public data made by others, read where they lie beside the clone; never copied into the project."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import parse

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
NS = "{http://ed-fi.org/5.2.0}"
SECTORS = {"Elementary School": "po", "Middle School": "vo", "High School": "vo"}


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with other people's data; without it these tests are skipped."""
    if not SHARED.is_dir():
        pytest.skip(
            "The folder ../shared/data with public example data is not there, so nothing foreign is read."
        )
    return SHARED


@dataclass(frozen=True)
class EdFiYear:
    """The Ed-Fi sample district of one school year as tables, without its marks."""

    events: Path
    learners: int
    enrolments: int
    last_day: date


@pytest.fixture
def ed_fi_year(shared: Path, tmp_path: Path) -> tuple[Path, EdFiYear]:
    """A region folder with schools, calendar, learners and enrolments; marks are still to be imported.

    School days are the weekdays inside the sessions: the sample lists no holidays. A learner is enrolled
    at every school it has an event at, from the first session's begin: the sample's enrolments are not there.
    """
    folder = shared / "edfi_data_standard_5_2"
    region = tmp_path / "region"
    region.mkdir()
    sessions = _sessions(folder / "EducationOrgCalendar.xml")
    _write(
        region / "schools.csv", ("school", "sector", "slots_per_day", "calendar"), _schools(folder, sessions)
    )
    days = sorted({day for begin, end in sessions for day in _days(begin, end) if day.weekday() < 5})
    _write(
        region / "calendar.csv",
        ("calendar", "date", "school_day"),
        (("district", day, "true") for day in days),
    )
    born = _births(folder / "Student.xml")
    _write(
        region / "learners.csv",
        ("learner", "born_on", "basic_qualification"),
        ((key, on, "") for key, on in sorted(born.items())),
    )
    events = folder / "StudentSchoolAttendance.xml"
    at = sorted(
        {
            (_text(e, "StudentUniqueId"), _text(e.find(f"{NS}SchoolReference"), "SchoolId"))
            for e in parse(events).getroot()
        }
    )
    _write(
        region / "enrolments.csv",
        ("learner", "school", "from_on", "until_on"),
        ((*pair, days[0], "") for pair in at),
    )
    _write(region / "exemptions.csv", ("learner", "article", "from_on", "until_on"), ())
    return region, EdFiYear(events, learners=len(born), enrolments=len(at), last_day=days[-1])


def _sessions(file: Path) -> list[tuple[date, date]]:
    """First and last day of each session."""
    return [
        (date.fromisoformat(_text(s, "BeginDate")), date.fromisoformat(_text(s, "EndDate")))
        for s in parse(file).getroot().iter(f"{NS}Session")
    ]


def _schools(folder: Path, sessions: list[tuple[date, date]]) -> Iterable[tuple[object, ...]]:
    """One slot a day: the sample records whole days."""
    for school in parse(folder / "EducationOrganization.xml").getroot().iter(f"{NS}School"):
        category = _text(school, "SchoolCategory").partition("#")[2]
        yield school.findtext(f"{NS}SchoolId"), SECTORS[category], 1, "district"


def _births(file: Path) -> dict[str, str]:
    return {
        _text(s, "StudentUniqueId"): _text(s, "BirthDate") for s in parse(file).getroot().iter(f"{NS}Student")
    }


def _text(element: Element | None, name: str) -> str:
    found = None if element is None else next(element.iter(f"{NS}{name}"), None)
    return "" if found is None else found.text or ""


def _days(begin: date, end: date) -> Iterable[date]:
    return (begin + timedelta(days=n) for n in range((end - begin).days + 1))


def _write(file: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
