"""A region in a PostgreSQL database of its own, dropped afterwards; and being the role for requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.journal import scratch
from benchmarks.measure import DidNotFinish


@contextmanager
def region_on_postgresql(url: str, home: Path) -> Iterator[None]:
    """The region of `home` in a new database beside the one of the URL, asked as its superuser."""
    from django.core.management import call_command
    from django.db import connection

    from inbeeld.site import settings, trial

    with scratch(url) as new:
        _connect({**settings._postgresql(new), "OPTIONS": {}})
        call_command("migrate", verbosity=0, interactive=False)
        trial.load(home, tables=home / "region", judged=home / "judged")
        try:
            yield
        finally:
            connection.close()


@contextmanager
def behind_the_wall(url: str, home: Path) -> Iterator[Callable[[], None]]:
    """The same with the fourth wall up; what it gives makes the connection that of the role for requests.

    Raises DidNotFinish when that user may not make roles.
    """
    import pytest
    from django.db import connection

    from tests.database_roles import walled_database

    with region_on_postgresql(url, home):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        owner = dict(connection.settings_dict)
        try:
            with walled_database() as walled:
                try:
                    yield partial(_connect, {**owner, "USER": walled.app, "PASSWORD": walled.password})
                finally:
                    _connect(owner)
        except pytest.skip.Exception as why:
            raise DidNotFinish(str(why)) from None


def _connect(to: dict[str, Any]) -> None:
    """Go on with another database, or as another role."""
    from django.db import connections

    connections["default"].close()
    connections.databases["default"].update(to)
    del connections["default"]
