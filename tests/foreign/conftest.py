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

from inbeeld.engine.invented.list_styles import ListStyle
from inbeeld.engine.invented.lists import Row, retyped
from inbeeld.engine.invented.trials import Kin, Trial

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


@pytest.fixture(scope="session")
def official_test_persons(shared: Path) -> Trial:
    """The test persons of RvIG as the list `brp`, and typed over with invented mistakes as the list `typed`.

    One row a person; a record with a national number seen before is left out. Nobody told who is family.
    """
    files = sorted((shared / "rvig_gbav_testset").glob("*_Testset_persoonslijsten_*.csv"))
    with files[0].open(encoding="utf-8-sig", newline="") as stream:
        rows = list(_persons(csv.reader(stream, delimiter=";")))
    by_person = retyped(rows, ListStyle("typed", quality="good", letters="TP"), seed=1)
    lists = {"brp": tuple(rows), "typed": tuple(sorted(by_person.values()))}
    people = {row[0]: Kin(row[0], number, "unknown", number) for number, row in enumerate(rows)}
    who = {("brp", person): kin for person, kin in people.items()}
    return Trial(lists, who | {("typed", row[0]): people[person] for person, row in by_person.items()})


def _persons(lines: Iterable[list[str]]) -> Iterable[Row]:
    """The first row of each person, which is the present one; elements as LO GBA numbers them."""
    header, *records = lines
    names = {
        name: place for place, name in reversed(list(enumerate(header)))
    }  # of two alike the first counts
    seen = set()
    for cells in records:
        record = {name: cells[place] for name, place in names.items()}
        person, number = record[""], record["01.01.20"]
        if not person or number in seen:
            continue
        seen.add(number)
        address = (record[f"08.11.{part}"] for part in ("20", "30", "40"))
        yield (
            person, _known(record["01.02.40"]), record["01.02.30"], _known(record["01.02.10"]), "",
            _whole_date(record["01.03.10"]),
            record["08.11.60"], "".join(address), "", "", "",
        )  # fmt: skip


def _whole_date(born: str) -> str:
    """YYYYMMDD as an ISO date; empty when a part is not known (00)."""
    parts = (born[:4], born[4:6], born[6:])
    return "-".join(parts) if all(part.strip("0") for part in parts) else ""


def _known(name: str) -> str:
    """A full stop stands for a name nobody knows."""
    return "" if name == "." else name


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
