"""Who asks is named for one transaction: with a pooler of transactions nobody gets a name that was left behind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction

from inbeeld.access.row_security import NotInATransaction, name_the_actor, naming_the_person, operating
from inbeeld.learners.models import Learner
from tests.pooling import NO_BOUNCER, Pool, SharedConnections, ThroughBouncer, bouncer
from tests.promises.wall.region import Region

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CLIENTS, TRANSACTIONS, SHARED = 8, 60, 3
SEEN = "SELECT id::text FROM learners_learner"


class OnPurpose(Exception):
    """What ends a transaction here."""


@pytest.fixture(scope="module")
def pgbouncer(region: Region) -> Iterator[dict[str, Any]]:
    walled = region.walled
    try:
        with bouncer(walled.parameters(walled.app), connections=SHARED) as found:
            yield found
    except LookupError:
        pytest.skip(NO_BOUNCER)


@pytest.fixture(params=["one written here", "PgBouncer"])
def pool(region: Region, request: pytest.FixtureRequest) -> Iterator[Pool]:
    walled = region.walled
    if request.param == "PgBouncer":
        with closing(ThroughBouncer(**request.getfixturevalue("pgbouncer"))) as found:
            yield found
        return
    shared = [walled.connect(walled.app, autocommit=True) for _number in range(SHARED)]
    yield SharedConnections(shared)
    for one in shared:
        one.close()


def name(cursor: psycopg.Cursor[Any], actor: str) -> None:
    cursor.execute("SELECT set_config('inbeeld.actor', %s, true)", [actor])


def seen(cursor: psycopg.Cursor[Any]) -> set[str]:
    return {key for (key,) in cursor.execute(SEEN).fetchall()}


def expected(region: Region) -> dict[str, set[str]]:
    """What each actor sees of the children; nobody sees none."""
    found = {one.actor.key: region.reads(one, "learners_learner") for one in region.asking()}
    assert sum(map(bool, found.values())) > 3
    return {**found, "": set()}


def end(how: str, cursor: psycopg.Cursor[Any]) -> None:
    """Commit, give up, or run into an error of the database."""
    if how == "rollback":
        raise OnPurpose
    if how == "error":
        cursor.execute("SELECT 1 / 0")


ENDS = ("commit", "rollback", "error")
ON_PURPOSE = (OnPurpose, psycopg.errors.DivisionByZero)


@pytest.mark.parametrize("how", ENDS)
def test_no_name_is_left_behind(how: str, region: Region, pool: Pool) -> None:
    somebody = region.member()
    for _time in range(3 * SHARED):
        with suppress(*ON_PURPOSE), pool.transaction() as cursor:
            name(cursor, somebody.actor.key)
            cursor.execute("SELECT set_config('inbeeld.operation', 'grant', true)")
            assert seen(cursor) == region.reads(somebody, "learners_learner") != set()
            end(how, cursor)
    for _time in range(3 * SHARED):
        with pool.transaction() as cursor:
            left = "SELECT coalesce(current_setting('inbeeld.actor', true), ''),"
            cursor.execute(f"{left} coalesce(current_setting('inbeeld.operation', true), '')")
            assert cursor.fetchone() == ("", "")
            assert seen(cursor) == set()


def test_many_at_once_each_see_their_own(region: Region, pool: Pool) -> None:
    wanted = expected(region)

    def client(number: int) -> list[str]:
        """What went wrong in the transactions of one client, each of somebody else."""
        chance, wrong = random.Random(number), []
        for _time in range(TRANSACTIONS):
            actor, how = chance.choice(sorted(wanted)), chance.choice(ENDS)
            with suppress(*ON_PURPOSE), pool.transaction() as cursor:
                if actor:
                    name(cursor, actor)
                for _again in range(2):
                    if seen(cursor) != wanted[actor]:
                        wrong.append(actor)
                end(how, cursor)
        return wrong

    with ThreadPoolExecutor(CLIENTS) as clients:
        assert [wrong for found in clients.map(client, range(CLIENTS)) for wrong in found] == []


def test_these_tests_notice_a_name_that_stays(region: Region, pool: Pool) -> None:
    """As it would with a setting for the connection instead of the transaction."""
    with pool.transaction() as cursor:
        cursor.execute("SELECT set_config('inbeeld.actor', %s, false)", [region.member().actor.key])
    left = []
    for _time in range(3 * SHARED):
        with pool.transaction() as cursor:
            left.append(seen(cursor))
            cursor.execute("SELECT set_config('inbeeld.actor', '', false)")
    assert any(left)


# --- Django behind PgBouncer ---------------------------------------------------------------------------

POOLED = "pooled"


@pytest.fixture
def pooled(db: None, region: Region, pgbouncer: dict[str, Any]) -> Iterator[str]:
    """Another connection of Django, set as behind a pooler of transactions."""
    connections.settings[POOLED] = {
        **connections.settings["default"],
        "HOST": pgbouncer["host"], "PORT": str(pgbouncer["port"]), "NAME": pgbouncer["dbname"],
        "USER": pgbouncer["user"], "DISABLE_SERVER_SIDE_CURSORS": True,
    }  # fmt: skip
    # Tests may not open connections by themselves that they did not name when they began.
    connections[POOLED].connect()
    yield POOLED
    connections[POOLED].close()
    del connections[POOLED]
    del connections.settings[POOLED]


def test_django_names_its_actors_through_the_pooler(region: Region, pooled: str) -> None:
    somebody = region.member()
    for _time in range(3 * SHARED):
        with transaction.atomic(using=pooled):
            name_the_actor(somebody.actor, using=pooled)
            rows = Learner.objects.db_manager(pooled).visible_to(somebody.actor).iterator(chunk_size=2)
            assert {str(one.pk) for one in rows} == region.reads(somebody, "learners_learner")
        assert list(Learner.for_operations.using(pooled)) == []
        with suppress(OnPurpose), transaction.atomic(using=pooled):
            name_the_actor(somebody.actor, using=pooled)
            with operating("grant", using=pooled):
                raise OnPurpose
        assert list(Learner.for_operations.using(pooled)) == []


def test_somebody_who_chooses_a_role_sees_of_whom_they_are_kin_and_then_no_more(
    region: Region, pooled: str
) -> None:
    kin = next(one for one in region.asking() if one.kinship is not None and one.holds)
    for outer in (False, True):
        with transaction.atomic(using=pooled):
            if outer:
                name_the_actor(region.member().actor, using=pooled)
            before = set(Learner.for_operations.using(pooled))
            with naming_the_person(kin.kinship.person_id, using=pooled):
                assert [one.pk for one in Learner.for_operations.using(pooled)] == [kin.kinship.child_id]
            assert set(Learner.for_operations.using(pooled)) == before


def test_outside_a_transaction_nobody_can_be_named(region: Region, pooled: str) -> None:
    with pytest.raises(NotInATransaction):
        name_the_actor(region.member().actor, using=pooled)
