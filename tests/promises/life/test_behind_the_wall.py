"""The same lives in a database that checks for itself: operations reach what they need, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.actor import Actor
from tests.database_roles import Walled, as_role, walled_database
from tests.promises.life import test_life_cycle as lives
from tests.promises.life.living import Life
from tests.promises.life.test_slips import story

pytestmark = [pytest.mark.django_db, pytest.mark.database]
#: The wall asks inbeeld_now(), which here is the clock of the life.
_CLOCK = (
    "CREATE OR REPLACE FUNCTION inbeeld_now() RETURNS timestamptz LANGUAGE sql STABLE AS"
    " $body$SELECT pg_catalog.current_setting('inbeeld.test_now')::timestamptz$body$"
)


@pytest.fixture(scope="module")
def walled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walled]:
    """The test database with the wall up, and a clock that can be set."""
    with django_db_blocker.unblock(), walled_database() as found:
        catalog.run(connection, _CLOCK)
        yield found


@pytest.fixture
def behind(walled: Walled) -> Any:
    """A life of which every operation and every question is asked as the role that answers requests."""

    @contextmanager
    def wall(actor: Actor) -> Iterator[None]:
        catalog.rows(connection, "SELECT set_config('inbeeld.test_now', %s, true)", [actor.at.isoformat()])
        with as_role(walled.app, actor=actor.key):
            yield

    return lambda: Life(wall)


def test_the_story_is_told_the_same_behind_the_wall(behind: Any) -> None:
    story(behind())


def test_whatever_happens_behind_the_wall_everybody_reads_what_the_rules_say(
    behind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "Life", behind)
    lives.live(6, 25)


@pytest.mark.long
def test_whatever_happens_for_a_long_time_behind_the_wall(
    behind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "Life", behind)
    lives.live(lives.LONG, 80)
