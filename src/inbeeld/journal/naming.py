"""Who asks is said to the database, which shows rows about children only to who says so (row-level security).

What the names open is made from the access table, in the room `access`; here is only how one is said, so that
the rooms below it can say theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

#: The setting of PostgreSQL that holds the name.
SETTING = "inbeeld.actor"
COMMAND = "command"


@contextmanager
def named(command: str, *, using: str = "default") -> Iterator[None]:
    """A command says its name for as long as this lasts, over several transactions.

    Inside a transaction at most until its end. Without PostgreSQL there is nobody to tell.
    """
    from django.db import connections

    connection = connections[using]
    if connection.vendor != "postgresql":
        yield
        return
    around = said(SETTING, using=using)
    within = connection.in_atomic_block
    put(SETTING, f"{COMMAND}:{command}", until_the_end=within, using=using)
    try:
        yield
    finally:
        # In a transaction that failed nothing can be said, and its end takes the name back.
        if not (connection.in_atomic_block and _failed(using)):
            put(SETTING, around, until_the_end=within, using=using)


def put(setting: str, value: str, *, until_the_end: bool, using: str) -> None:
    """Set a setting of PostgreSQL: until the end of this transaction, or as long as the connection lasts."""
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, %s)", [setting, value, until_the_end])


def said(setting: str, *, using: str) -> str:
    """What a setting of PostgreSQL holds now; empty: nothing."""
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [setting])
        (value,) = cursor.fetchone()
    return value or ""


def _failed(using: str) -> bool:
    from django.db import connections
    from psycopg.pq import TransactionStatus

    raw = connections[using].connection
    return (
        connections[using].needs_rollback
        or raw is None
        or raw.closed
        or raw.info.transaction_status == TransactionStatus.INERROR
    )
