"""Triggers that keep lines and day heads as they were written, in PostgreSQL and in SQLite.

A migration puts them up. A later migration that makes a table anew, as Django does in SQLite for nearly every
change, loses them and must put them up again; verify.py says so when one is missing. The owner of the tables
can take them down: against the owner there is the chain, and the heads that partners keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TABLES = {"journal_line": "sequence", "journal_dayhead": '"on"'}
SENTENCE = "the journal is only added to"
_FUNCTION = "journal_is_only_added_to"
#: ERRCODE 23000: Django makes an IntegrityError of it, as of SQLite's.
_BODY = f"BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = '23000'; END"


def put_up(connection: Any) -> None:
    """Make every guard; those that are there are made anew."""
    take_down(connection)
    if connection.vendor == "postgresql":
        _run(connection, f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$")
    for table, name, made in _guards(connection.vendor):
        _run(connection, made)
        if connection.vendor == "postgresql":
            # Also for a session that replays another database.
            _run(connection, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def take_down(connection: Any) -> None:
    """Drop every guard: for a migration backwards, and for tests that tamper or empty the tables."""
    for table, name, _ in _guards(connection.vendor):
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        _run(connection, f"DROP TRIGGER IF EXISTS {name}{on}")
    if connection.vendor == "postgresql":
        _run(connection, f"DROP FUNCTION IF EXISTS {_FUNCTION}()")


def missing(connection: Any) -> list[str]:
    """The guards that are not there, are switched off, or say something else."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
                " WHERE t.tgenabled = 'A' AND p.prosrc = %s",
                [_BODY],
            )
            there = {name for (name,) in cursor.fetchall()}
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            said = dict(cursor.fetchall())
            there = {name for _, name, made in _guards(connection.vendor) if said.get(name) == made}
    return [name for _, name, _ in _guards(connection.vendor) if name not in there]


def _guards(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Table, name and making of each guard."""
    for table, key in TABLES.items():
        if vendor == "postgresql":
            name = f"{table}_only_grows"
            yield (
                table,
                name,
                f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()",
            )
        elif vendor == "sqlite":
            # INSERT OR REPLACE deletes without asking the guard against DELETE.
            there = f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
            for deed, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", there)):
                name = f"{table}_no_{'replace' if when else deed.lower()}"
                yield (
                    table,
                    name,
                    f"CREATE TRIGGER {name} BEFORE {deed} ON {table}{when}"
                    f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
                )
        else:
            raise NotImplementedError(f"The journal has no guards for {vendor}: use PostgreSQL, or SQLite.")


def _run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
