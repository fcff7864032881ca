"""A command says its name to the database, which shows rows about children only to who says who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def named(command: str) -> Iterator[None]:
    """For as long as this lasts, on this connection; for the rooms below `access`, which has the rules.

    `command`: as row-level security knows it. Without PostgreSQL there is nobody to tell.
    """
    from django.db import connection

    def say(name: str) -> None:
        broken = connection.in_atomic_block and connection.needs_rollback
        if connection.vendor == "postgresql" and not broken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('inbeeld.actor', %s, false)", [name])

    say(f"command:{command}")
    try:
        yield
    finally:
        if connection.connection is not None:
            say("")
