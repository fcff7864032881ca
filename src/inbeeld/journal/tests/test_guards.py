"""What is written stays: the database refuses to change or delete it, asked through Django or in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inbeeld.journal import guards, operations
from inbeeld.journal.heads import day_of
from inbeeld.journal.models import DayHead, Line
from inbeeld.journal.tests.written import NOON, append, clock
from inbeeld.journal.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BY_SQL = (
    "UPDATE journal_line SET actor = 'membership:13'",
    "UPDATE journal_line SET actor = actor WHERE sequence = 1",
    "DELETE FROM journal_line",
    "DELETE FROM journal_line WHERE sequence = 1",
    "UPDATE journal_dayhead SET sequence = 0",
    "DELETE FROM journal_dayhead",
)
BY_SQLITE = (
    "INSERT OR REPLACE INTO journal_line SELECT * FROM journal_line",
    "REPLACE INTO journal_dayhead SELECT * FROM journal_dayhead",
    "UPDATE OR REPLACE journal_line SET sequence = 9",
)
BY_POSTGRESQL = (
    "TRUNCATE journal_line",
    "TRUNCATE journal_dayhead, journal_head",
    "INSERT INTO journal_line SELECT * FROM journal_line"
    " ON CONFLICT (sequence) DO UPDATE SET actor = 'membership:13'",
)


def _changed() -> Any:
    line = Line.for_operations.get(sequence=1)
    line.actor = "membership:13"
    return line


BY_DJANGO: dict[str, Callable[[], Any]] = {
    "line.save": lambda: _changed().save(),
    "line.delete": lambda: _changed().delete(),
    "lines.update": lambda: Line.for_operations.update(actor="membership:13"),
    "lines.delete": lambda: Line.for_operations.all().delete(),
    "bulk_update": lambda: Line.for_operations.bulk_update([_changed()], ["actor"]),
    "upsert": lambda: Line.for_operations.bulk_create(
        [_changed()], update_conflicts=True, unique_fields=["sequence"], update_fields=["actor"]
    ),
    "day.save": lambda: DayHead(on=DayHead.objects.get().on, sequence=0, digest=b"").save(),
    "days.delete": lambda: DayHead.objects.all().delete(),
}


@pytest.fixture(autouse=True)
def a_line_and_a_day_head(db: None) -> Iterator[None]:
    append(at=NOON)
    with clock(timezone.now()):
        operations.close_day(day_of(NOON))
    before = list(Line.for_operations.values_list()), list(DayHead.objects.values_list())
    yield
    assert (list(Line.for_operations.values_list()), list(DayHead.objects.values_list())) == before


@pytest.mark.parametrize("statement", [*BY_SQL, *BY_SQLITE, *BY_POSTGRESQL])
def test_sql_cannot_change_what_is_written(statement: str) -> None:
    for vendor, only in (("sqlite", BY_SQLITE), ("postgresql", BY_POSTGRESQL)):
        if statement in only and connection.vendor != vendor:
            pytest.skip(f"a statement of {vendor} alone")
    refused = pytest.raises(IntegrityError, match=guards.SENTENCE)
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement)


def test_a_session_that_replays_another_database_cannot_either() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a way of postgresql alone")
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("only a superuser of the database can try this")
        cursor.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(IntegrityError, match=guards.SENTENCE), transaction.atomic():
            cursor.execute("DELETE FROM journal_line")


@pytest.mark.parametrize("way", BY_DJANGO)
def test_django_cannot_change_what_is_written(way: str) -> None:
    with pytest.raises(IntegrityError, match=guards.SENTENCE), transaction.atomic():
        BY_DJANGO[way]()


def test_every_guard_is_up_after_all_migrations() -> None:
    assert guards.missing(connection) == []


def test_a_guard_that_is_gone_is_found_and_told() -> None:
    guards.take_down(connection)
    gone = guards.missing(connection)
    assert {name.split("_")[1] for name in gone} == {"line", "dayhead"}
    report = verify()
    assert not report.sound
    assert [finding.kind for finding in report.findings] == ["unguarded"] * len(gone)
    guards.put_up(connection)
    assert guards.missing(connection) == []
    assert verify().sound


def test_a_guard_that_was_made_to_look_away_is_found() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_line DISABLE TRIGGER journal_line_only_grows")
            assert guards.missing(connection) == ["journal_line_only_grows"]
            cursor.execute(
                "CREATE OR REPLACE FUNCTION journal_is_only_added_to() RETURNS trigger LANGUAGE plpgsql"
                " AS $$BEGIN RETURN NULL; END$$"
            )
            assert guards.missing(connection) == ["journal_line_only_grows", "journal_dayhead_only_grows"]
        else:
            cursor.execute("DROP TRIGGER journal_line_no_update")
            cursor.execute(
                "CREATE TRIGGER journal_line_no_update BEFORE UPDATE ON journal_line BEGIN SELECT 1; END"
            )
            assert guards.missing(connection) == ["journal_line_no_update"]
    guards.put_up(connection)
