"""The foreign year, delivered through the site by the schools it is of: read, accepted, judged, withdrawn."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from inbeeld.deliveries import operations
from inbeeld.deliveries.models import State
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.tests.handing_in import School, accept, decide, hand_in, now, quiet, standing_marks
from inbeeld.engine.cells import SQL_TYPES
from inbeeld.engine.judge import judge
from inbeeld.engine.schema import CALENDAR, ENROLMENTS, EXEMPTIONS, LEARNERS, MARKS, SCHOOLS
from inbeeld.learners.operations import publish_judgement
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Organisation, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
#: Events of each school in the year. A number of nine digits could be a person's, so it is no key here.
EVENTS = {"EDFI-001": 620, "EDFI-044": 466, "EDFI-107": 831}
NUMBER = "255901"


def renamed(text: str) -> str:
    """The same with a key for each school instead of its number."""
    return text.replace(NUMBER, "EDFI-")


@pytest.fixture
def district(ed_fi_year, tmp_path: Path, settings):
    """A site with the tables of the district, judged once without any absence."""
    region, year = ed_fi_year
    home = tmp_path / "data"
    (home / "region").mkdir(parents=True)
    for table in (SCHOOLS, CALENDAR, LEARNERS, ENROLMENTS, EXEMPTIONS):
        file = region / f"{table.name}.csv"
        file.write_text(renamed(file.read_text(encoding="utf-8")), encoding="utf-8")
        columns = ", ".join(f"'{one.name}': '{SQL_TYPES[one.kind]}'" for one in table.columns)
        read = f"read_csv('{file}', header=true, columns={{{columns}}}, nullstr='')"
        duckdb.execute(f"COPY (FROM {read}) TO '{home / 'region' / table.name}.parquet'")
    columns = ", ".join(f"NULL::{SQL_TYPES[one.kind]} AS {one.name}" for one in MARKS.columns)
    duckdb.execute(f"COPY (SELECT {columns} WHERE FALSE) TO '{home / 'region' / 'marks.parquet'}'")
    judge(home / "region", on=year.last_day, out=home / "judged")
    settings.INBEELD_DATA, settings.INBEELD_TRIAL, settings.INBEELD_REGION_PROFILE = home, True, None
    publish_judgement(home / "judged", tables=home / "region", within=home)
    return year


def events_of(district) -> bytes:
    return renamed(district.events.read_text(encoding="utf-8")).encode()


def test_each_school_delivers_its_events_of_the_year(district) -> None:
    for key, events in EVENTS.items():
        school = School(
            Organisation.objects.create(
                key=key, kind=Kind.SCHOOL, name=key, sector="vo", region="noorderveen"
            ),
            [],
        )
        keeper = make.actor(Role.ATTENDANCE_COORDINATOR, school.organisation)
        one = hand_in(keeper, events_of(district))
        assert (one.state, one.source) == (State.TO_REVIEW, "edfi")
        assert one.counts["marks"] == events and one.counts["refused"] == sum(EVENTS.values()) - events
        assert one.counts["strangers"] == one.counts["gone"] == 0
        one = accept(keeper, one)
        assert one.state == State.STANDS
        assert len(standing_marks(school)) == one.counts["stand"] == events - one.counts["repeated"]
        decide(operations.withdraw, keeper, one)
        publish_decided(quiet)
        assert now(one).state == State.WITHDRAWN and standing_marks(school) == []


def test_half_a_year_is_refused_and_nothing_changes(district) -> None:
    school = Organisation.objects.create(
        key="EDFI-107", kind=Kind.SCHOOL, name="x", sector="vo", region="noorderveen"
    )
    keeper = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    raw = events_of(district)
    one = hand_in(keeper, raw[: len(raw) // 2])
    assert one.state == State.UNUSABLE and "cut off" in one.wrong["expected"]
