"""The database of tests without what only costs time: waiting for the disk, and emptying what is empty.

Tests with real transactions leave rows behind. Django empties every table after each of them and tells that
it migrated, which makes tables, rights and walls anew: on a slow disk seconds for each. Here rows go and all
else stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

#: What migrations put in them stands for good.
OF_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission")
Made = TypeVar("Made")


@pytest.fixture(scope="session", autouse=True)
def quick_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """For all tests of this run."""
    from django.core.management.commands import flush
    from django.db import connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", _empty)
        if connection.vendor == "postgresql" and touch_the_database(request.session.items):
            request.getfixturevalue("django_db_setup")
            with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
                name = connection.ops.quote_name(connection.settings_dict["NAME"])
                cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
                cursor.execute("SET synchronous_commit = off")
        yield


def for_a_module(blocker: Any, fill: Callable[[], Made]) -> Iterator[Made]:
    """What `fill` makes in the database, for a fixture of a module: each test of it goes back to this.

    None of these tests may have transactions of its own.
    """
    from django.db import transaction

    with blocker.unblock():
        around = transaction.atomic()
        # As around a test: what must be the outermost transaction may be one inside it.
        around._from_testcase = True
        around.__enter__()
    try:
        with blocker.unblock():
            made = fill()
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


def touch_the_database(items: list[pytest.Item]) -> bool:
    """Is there one among these tests that needs the database at all?"""
    return any(item.get_closest_marker("database") for item in items)


def _empty(command: object, *, database: str, **options: object) -> None:
    """Instead of Django's flush: rows go, and nothing else; keys between tables are looked at in the end."""
    from django.db import connections, transaction

    connection = connections[database]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(using=database), connection.cursor() as cursor, _guards_down(connection):
        for table in sorted({*tables} - {*OF_MIGRATIONS}):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


@contextmanager
def _guards_down(connection: Any) -> Iterator[None]:
    """The guards of the journal refuse that lines go, also to tests."""
    from inbeeld.journal import guards

    guards.take_down(connection)
    yield
    guards.put_up(connection)
