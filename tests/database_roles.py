"""The roles of a production database, for tests of the fourth wall: owner, requests, commands.

The tests themselves connect as a user whom no rule binds. Here the tables of the test database get an owner
of their own and the wall is put up, for as long as one module needs it; then everything is as it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.row_security_walls import Roles, put_up

NOT_HERE = "row-level security is PostgreSQL's: ./inbeeld test runs it there"
NOT_ALLOWED = "the database user of the tests may not make roles, so the fourth wall is not tested"


@dataclass(frozen=True)
class Walled:
    """The names of three roles of the database, and how to be them."""

    owner: str
    app: str
    batch: str
    password: str

    @property
    def roles(self) -> Roles:
        return Roles(app=self.app, batch=self.batch)

    def parameters(self, role: str) -> dict[str, Any]:
        """How psycopg connects to the test database as one of the roles."""
        settings = connection.settings_dict
        found = {
            "host": settings["HOST"],
            "port": settings["PORT"],
            "dbname": settings["NAME"],
            "user": role,
            "password": self.password,
        }
        return {name: value for name, value in found.items() if value}

    def connect(self, role: str, **more: Any) -> psycopg.Connection:
        """A connection of its own as one of the roles."""
        return psycopg.connect(**self.parameters(role), **more)


@contextmanager
def as_role(role: str, *, actor: str = "", operation: str = "", child: str = "") -> Iterator[None]:
    """Be a role of the database inside the test's own transaction: what was not committed is seen as well."""
    with transaction.atomic():
        _run(f"SET LOCAL SESSION AUTHORIZATION {catalog.quoted_name(role)}")
        catalog.rows(connection, "SELECT set_config('inbeeld.actor', %s, true)", [actor])
        catalog.rows(connection, "SELECT set_config('inbeeld.operation', %s, true)", [operation])
        catalog.rows(connection, "SELECT set_config('inbeeld.children', %s, true)", [child])
        yield
        _run("SET LOCAL SESSION AUTHORIZATION DEFAULT")
        catalog.rows(connection, "SELECT set_config('inbeeld.actor', '', true)")
        catalog.rows(connection, "SELECT set_config('inbeeld.operation', '', true)")
        catalog.rows(connection, "SELECT set_config('inbeeld.children', '', true)")


#: The wall that stands already, for who asks for one inside it.
_standing: list[Walled] = []


@contextmanager
def walled_database() -> Iterator[Walled]:
    """The test database as in production. Skips where there is no PostgreSQL, or no right to make roles.

    Inside another one it is that one, put up anew at the end.
    """
    if _standing:
        try:
            yield _standing[-1]
        finally:
            put_up(connection, _standing[-1].roles)
        return
    if connection.vendor != "postgresql":
        pytest.skip(NOT_HERE)
    ((is_super,),) = catalog.rows(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not is_super:
        pytest.skip(NOT_ALLOWED)
    tag, password = secrets.token_hex(4), secrets.token_hex(16)
    found = Walled(*(f"inbeeld_test_{name}_{tag}" for name in ("owner", "app", "batch")), password)
    try:
        for role in (found.owner, found.app, found.batch):
            _run(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
        _run(f"GRANT CREATE, USAGE ON SCHEMA public TO {found.owner}")
        _give_the_tables_to(found.owner)
        put_up(connection, found.roles)
        _standing.append(found)
        yield found
    finally:
        _standing.clear()
        put_up(connection, Roles())
        _run(f"REASSIGN OWNED BY {found.owner} TO CURRENT_USER")
        for role in (found.owner, found.app, found.batch):
            _run(f"DROP OWNED BY {role}")
            _run(f"DROP ROLE {role}")


def _give_the_tables_to(owner: str) -> None:
    tables = catalog.rows(
        connection,
        "SELECT oid::regclass::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    )
    for (table,) in tables:
        _run(f"ALTER TABLE {table} OWNER TO {owner}")


def _run(statement: str) -> None:
    catalog.run(connection, statement)
