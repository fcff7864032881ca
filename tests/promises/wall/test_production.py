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
SETTINGS = """
from inbeeld.site.settings import *
INBEELD_DATABASE_APP_ROLE, INBEELD_DATABASE_BATCH_ROLE = {app!r}, {batch!r}
"""
ASK = """
import django; django.setup()
from django.db import connection
from inbeeld.access.row_security_walls import reasons_not_to_answer
print(*reasons_not_to_answer(connection), sep="\\n")
"""
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
        (folder / "of_this_installation.py").write_text(SETTINGS.format(app=self.app, batch=self.batch))

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
        settings = connection.settings_dict
        where = f"{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}"
        surroundings = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "of_this_installation",
            "INBEELD_DATABASE_URL": f"postgresql://{role}:{self.password}@{where}/{self.database}",
            "PYTHONPATH": os.pathsep.join([str(self.folder), *sys.path]),
        }
        done = subprocess.run(
            [sys.executable, *words],
            env=surroundings,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _as_ourselves() -> psycopg.Connection[Any]:
    settings = connection.settings_dict
    found = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"],
             "password": settings["PASSWORD"], "dbname": "postgres"}  # fmt: skip
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
