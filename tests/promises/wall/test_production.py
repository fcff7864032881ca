"""A production database from nothing: made by its owner, who is no superuser, and then asked as the role for requests."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.database_roles import NOT_HERE

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ASK = """
import django; django.setup()
from inbeeld.site.checks import reasons_not_to_start
print(*reasons_not_to_start(), sep="\\n")
"""
ENTER = """
import django; django.setup()
from inbeeld.access.row_security import commanding
from inbeeld.learners.operations import Delivered, enter_learners
with commanding("deliver"):
    enter_learners([Delivered(key="L-1", region="noorderveen", last_name="Brinkhof")])
"""
COME_UP = "import inbeeld.site.wsgi; print('up')"
DROP_THE_TRIES = """
import django; django.setup()
from django.db import connection
connection.cursor().execute("DROP TABLE inbeeld_tries")
"""


class Installation:
    """A database of its own on the server of the tests, with its three roles."""

    def __init__(self, folder: Path) -> None:
        tag, self.password = secrets.token_hex(4), secrets.token_hex(16)
        self.owner, self.app, self.batch = (f"inbeeld_test_{one}_{tag}" for one in ("owner", "app", "batch"))
        self.database, self.folder = f"inbeeld_test_{tag}", folder

    def make(self) -> None:
        with _as_ourselves() as server:
            for role in (self.owner, self.app, self.batch):
                server.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{self.password}'")
            server.execute(f"CREATE DATABASE {self.database} OWNER {self.owner}")

    def drop(self) -> None:
        with _as_ourselves() as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            for role in (self.owner, self.app, self.batch):
                server.execute(f"DROP ROLE IF EXISTS {role}")

    def run(self, role: str, *words: str) -> str:
        """What Python says with these arguments, when the site connects as a role; fails with what went wrong."""
        done = self._python(role, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, role: str, *words: str) -> str:
        """Why it did not go."""
        done = self._python(role, *words)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def _python(self, role: str, *words: str) -> subprocess.CompletedProcess[str]:
        settings = connection.settings_dict
        where = f"{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("INBEELD_")}
        surroundings = {
            **clean,
            "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings",
            "INBEELD_MODE": "production",
            "INBEELD_DATABASE_URL": f"postgresql://{role}:{self.password}@{where}/{self.database}",
            "INBEELD_DATABASE_APP_ROLE": self.app,
            "INBEELD_DATABASE_BATCH_ROLE": self.batch,
            "INBEELD_DATA": str(self.folder / "data"),
            "INBEELD_KEYRING": str(self.folder / "keys" / "keyring.json"),
            "INBEELD_SECRET_KEY": self.password * 2,
            "INBEELD_HOSTS": "inbeeld.example",
            "INBEELD_MAIL": "127.0.0.1:25",
            "INBEELD_SECURITY_CONTACT": "mailto:security@inbeeld.example",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        return subprocess.run(
            [sys.executable, *words],
            env=surroundings,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )


def _as_ourselves(database: str = "postgres") -> psycopg.Connection[Any]:
    settings = connection.settings_dict
    found = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"],
             "password": settings["PASSWORD"], "dbname": database}  # fmt: skip
    return psycopg.connect(**{name: value for name, value in found.items() if value}, autocommit=True)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    if connection.vendor != "postgresql":
        pytest.skip(NOT_HERE)
    found = Installation(tmp_path)
    try:
        found.make()
    except psycopg.errors.InsufficientPrivilege:
        pytest.skip("the database user of the tests may not make roles, so no production is made")
    try:
        yield found
    finally:
        found.drop()


def test_who_owns_the_tables_makes_everything_and_the_role_for_requests_may_answer(installation):
    first = installation.run(installation.owner, "-m", "django", "migrate")
    assert "OK" in first
    assert installation.run(installation.app, "-c", ASK).strip() == ""
    said = installation.run(installation.owner, "-c", ASK)
    assert "does not connect to the database as the role" in said and "owns tables" in said
    again = installation.run(installation.owner, "-m", "django", "migrate")
    assert "No migrations to apply" in again
    # The table of tries can be made anew by a command of its own: after it the migrations open it.
    installation.run(installation.owner, "-c", DROP_THE_TRIES)
    installation.run(installation.owner, "-m", "django", "createcachetable")
    assert "has no right to" in installation.run(installation.app, "-c", ASK)
    installation.run(installation.owner, "-m", "django", "migrate")
    assert installation.run(installation.app, "-c", ASK).strip() == ""


def test_production_does_not_come_up_without_row_level_security_or_as_another_role(installation):
    installation.run(installation.owner, "-m", "django", "migrate")
    assert installation.run(installation.app, "-c", COME_UP).strip() == "up"
    assert "does not connect to the database as the role" in installation.refused(
        installation.owner, "-c", COME_UP
    )
    with _as_ourselves(installation.database) as server:
        server.execute("DROP POLICY inbeeld_read ON learners_learner")
    assert "was changed by hand" in installation.refused(installation.app, "-c", COME_UP)


def test_the_daily_round_and_the_journal_run_as_the_role_for_commands(installation):
    installation.run(installation.owner, "-m", "django", "migrate")
    assert "nothing was written before today" in installation.run(
        installation.batch, "-m", "inbeeld", "daily"
    )
    assert "as it was written" in installation.run(installation.batch, "-m", "inbeeld", "journal", "verify")
    assert "new key ring" in installation.run(installation.batch, "-m", "inbeeld", "keys", "create")


def test_a_master_key_that_is_in_use_is_not_retired_by_who_sees_no_rows(installation):
    installation.run(installation.owner, "-m", "django", "migrate")
    installation.run(installation.batch, "-m", "inbeeld", "keys", "create")
    installation.run(installation.batch, "-c", ENTER)
    for role in (installation.batch, installation.owner):
        said = installation.run(role, "-m", "inbeeld", "keys", "status")
        assert "1 data key" in said, role
