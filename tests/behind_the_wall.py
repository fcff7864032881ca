"""On PostgreSQL every request of the test client is answered as in production: behind the fourth wall.

The tests make and look at rows as a user whom no rule binds; only the request itself runs as the role of
the database that answers requests. So a page that reaches for more than its actor may see fails where it is
tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.quick_database import touch_the_database

if TYPE_CHECKING:
    from tests.database_roles import Walled

#: psycopg.pq.TransactionStatus.INERROR
IN_ERROR = 3


@pytest.fixture(scope="session", autouse=True)
def behind_the_wall(request: pytest.FixtureRequest) -> Iterator[Walled | None]:
    """The wall, up for all tests of this run; None without PostgreSQL, or without the right to make roles."""
    # Django is not set up yet when this file is read.
    from django.db import connection
    from django.test.client import ClientHandler

    from tests.database_roles import walled_database

    if connection.vendor != "postgresql" or not touch_the_database(request.session.items):
        yield None
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    standing = walled_database()
    try:
        with blocker.unblock():
            walled = standing.__enter__()
    except pytest.skip.Exception:
        yield None
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "get_response", _answering_as(walled.app, ClientHandler.get_response))
        yield walled
    with blocker.unblock():
        standing.__exit__(None, None, None)


#: Not empty while a test lets requests by the wall.
_aside: list[str] = []


@contextmanager
def with_the_wall_aside() -> Iterator[None]:
    """For a test that takes a wall of the site away and sees it noticed: the database would hold it up."""
    _aside.append("")
    try:
        yield
    finally:
        _aside.pop()


def _answering_as(role: str, answer: Any) -> Any:
    from django.db import connection

    def get_response(handler: Any, request: Any) -> Any:
        if _aside:
            return answer(handler, request)
        connection.ensure_connection()
        # Past Django's own cursor, so that tests that count queries count those of the page.
        raw = connection.connection
        raw.execute(f"SET SESSION AUTHORIZATION {role}")
        # A request begins a transaction of its own, in which nobody is named yet; here it is inside a test's.
        for setting in ("actor", "operation", "children"):
            raw.execute("SELECT set_config(%s, '', true)", [f"inbeeld.{setting}"])
        try:
            return answer(handler, request)
        finally:
            # After an error of the database nothing can be said, and going back takes this back too.
            if not raw.closed and raw.info.transaction_status != IN_ERROR:
                raw.execute("RESET SESSION AUTHORIZATION")

    return get_response
