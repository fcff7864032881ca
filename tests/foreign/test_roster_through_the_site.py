"""The example roster of EDEXML 2.1, delivered through the site by its school: accepted, judged, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from inbeeld.deliveries import operations, places
from inbeeld.deliveries.models import Fills, State
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import forget_decided
from inbeeld.deliveries.tests.handing_in import School, accept, decide, hand_in, now, quiet, row, table
from inbeeld.deliveries.tests.rosters import enrolled_at, name_of, whole_tables
from inbeeld.engine.cells import SQL_TYPES
from inbeeld.engine.judge import judge
from inbeeld.engine.schema import CALENDAR, ENROLMENTS, EXEMPTIONS, LEARNERS, MARKS, SCHOOLS
from inbeeld.learners.models import Learner, Standing
from inbeeld.learners.operations import publish_judgement
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import visitor, words
from inbeeld.organisations.models import Kind, Organisation, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
SCHOOL, ANOTHER = "99ZZ", "99YY"
BEGUN_ON, PEILDATUM = date(2014, 9, 1), date(2014, 10, 1)
LAST_MARK = PEILDATUM + timedelta(days=14)
WIMPIE, ISMAEL, GRADJE = (f"{SCHOOL}:{number}" for number in ("00001", "00002", "12345"))


@pytest.fixture
def example(shared: Path) -> bytes:
    return (shared / "edexml" / "EDEXML-2.1" / "EDEXML.Voorbeeld.2.1.xml").read_bytes()


@pytest.fixture
def region(tmp_path: Path, settings) -> Path:
    """A region that knows this school by its lesson hours and days, and nobody who goes there yet."""
    home = tmp_path / "data"
    (home / "region").mkdir(parents=True)
    first = date(2014, 8, 1)
    days = [first + timedelta(days=number) for number in range(120)]
    school_days = ", ".join(f"('c', DATE '{day}', TRUE)" for day in days if day.weekday() < 5)
    rows = {
        SCHOOLS: f"('{SCHOOL}', 'po', 2, 'c'), ('{ANOTHER}', 'po', 2, 'c')",
        CALENDAR: school_days,
        LEARNERS: "('somebody', DATE '2005-01-01', NULL)",
        ENROLMENTS: f"('somebody', '{ANOTHER}', DATE '2012-08-01', NULL)",
    }
    for one in (SCHOOLS, CALENDAR, LEARNERS, ENROLMENTS, EXEMPTIONS, MARKS):
        kinds = [(column.name, SQL_TYPES[column.kind]) for column in one.columns]
        typed = ", ".join(f"{name}::{kind} AS {name}" for name, kind in kinds)
        nobody = f"(SELECT {', '.join(f'NULL AS {name}' for name in one.names)}) WHERE FALSE"
        told = f"(VALUES {rows[one]}) AS t({', '.join(one.names)})" if one in rows else nobody
        duckdb.execute(f"COPY (SELECT {typed} FROM {told}) TO '{home / 'region' / one.name}.parquet'")
    judge(home / "region", on=BEGUN_ON, out=home / "judged")
    settings.INBEELD_DATA, settings.INBEELD_TRIAL, settings.INBEELD_REGION_PROFILE = home, True, None
    publish_judgement(home / "judged", tables=home / "region", within=home)
    return home


@pytest.fixture
def school(region: Path) -> School:
    made = Organisation.objects.create(
        key=SCHOOL, kind=Kind.SCHOOL, name="De Voorbeeldschool", sector="po", brin=SCHOOL,
        municipality="Noorderveen", region="noorderveen",
    )  # fmt: skip
    return School(made, [])


@pytest.fixture
def keeper(school: School):
    return make.actor(Role.ATTENDANCE_COORDINATOR, school.organisation)


def test_the_example_is_read_looked_through_accepted_judged_and_withdrawn(
    school: School, keeper, example: bytes
) -> None:
    began = whole_tables()
    one = hand_in(keeper, example)
    assert (one.state, one.fills, one.from_on) == (State.TO_REVIEW, Fills.ROSTER, PEILDATUM)
    counts = {name: one.counts[name] for name in ("read", "refused", "new", "left", "enrolled", "stood")}
    assert counts == {"read": 3, "refused": 0, "new": 3, "left": 0, "enrolled": 2, "stood": 0}
    page = visitor(keeper, "nl").get(f"/aanleveringen/{one.pk}/").content.decode()
    assert not [
        word for word in ("Wimpie", "Assati", "Ismaël", "Gradje", "133456785", "6971VB") if word in page
    ]
    # The mark comes before the learner is known: first a stranger's, and then this learner's.
    absent = [row("00001", PEILDATUM + timedelta(days=day), slot, permission="false")
              for day in range(15) for slot in (1, 2)]  # fmt: skip
    marks = hand_in(keeper, table(absent))
    assert marks.counts["strangers"] == 1
    accept(keeper, marks)
    assert not Standing.for_operations.filter(learner__key=WIMPIE).exists()

    one = accept(keeper, one)
    assert one.state == State.STANDS
    assert enrolled_at(school) == {
        WIMPIE: [(PEILDATUM, None)], ISMAEL: [(date(2013, 8, 25), None)],
        GRADJE: [(date(2010, 8, 19), date(2014, 7, 18))],
    }  # fmt: skip
    assert [name_of(key) for key in (WIMPIE, ISMAEL, GRADJE)] == [
        "Wimpie imp ie", "Ismaël Hassan Assati", "Gradje van 't Hof",
    ]  # fmt: skip
    assert Learner.for_operations.get(key=WIMPIE).born_on == date(2006, 6, 21)
    assert not Learner.for_operations.filter(number__isnull=False).exists()
    standing = Standing.for_operations.get(learner__key=WIMPIE)
    assert standing.enrolled and standing.without_since == PEILDATUM and standing.judged_on == LAST_MARK
    # Who left in July is on no roll at ten, and in sight as such.
    left = Standing.for_operations.get(learner__key=GRADJE)
    assert (left.enrolled, left.in_sight, left.off_roll_since) == (False, True, date(2014, 7, 19))

    decide(operations.withdraw, keeper, one)
    publish_decided(quiet)
    forget_decided()
    assert now(one).state == State.WITHDRAWN and whole_tables() == began
    assert [name_of(key) for key in (WIMPIE, ISMAEL, GRADJE)] == ["", "", ""]
    assert not (places.deliveries() / str(one.pk)).exists()
    assert hand_in(keeper, example.replace(b"\n", b"\r\n")).counts["new"] == 3


def test_the_example_is_no_roster_of_another_school(school: School, keeper, example: bytes) -> None:
    school.organisation.brin = ANOTHER
    school.organisation.save()
    one = hand_in(keeper, example)
    assert one.state == State.UNUSABLE
    assert "is van een andere" in words(visitor(keeper, "nl").get(f"/aanleveringen/{one.pk}/"))


@pytest.mark.parametrize("share", [10, 50, 90])
def test_half_the_example_gets_a_sentence_and_changes_nothing(
    school: School, keeper, example: bytes, share: int
) -> None:
    began = whole_tables()
    one = hand_in(keeper, example[: len(example) * share // 100])
    assert one.state == State.UNUSABLE and one.wrong["expected"]
    assert whole_tables() == began
