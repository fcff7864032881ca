"""The database that a command works on: it is there, or one sentence says what to set."""

from __future__ import annotations

from pathlib import Path

from inbeeld.engine.refusal import BadInput


def need_the_database() -> None:
    """Raises BadInput when the site has no database that answers: SQLite would make an empty one."""
    from django.db import DatabaseError, OperationalError, connection

    name = str(connection.settings_dict["NAME"])
    if is_missing():
        raise BadInput(name, f"the database of the site (see INBEELD_DATA{_others(Path(name))})")
    try:
        connection.ensure_connection()
        is_damaged = connection.vendor == "sqlite" and not _is_sound()
    except OperationalError:
        raise BadInput(name, "a database that answers (see INBEELD_DATABASE_URL)") from None
    except DatabaseError:
        is_damaged = True  # only a file can be no database: a server that answers has one
    if is_damaged:
        raise BadInput(name, "a database; this file is none, or it is damaged (see INBEELD_DATA)")


def _is_sound() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        return bool(cursor.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def is_missing() -> bool:
    """Would asking anything make an empty SQLite file?"""
    from django.db import connection

    name = Path(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and connection.connection is None and not name.is_file()


def _others(missing: Path) -> str:
    """The folders beside a missing database that do hold one: each demo has a folder of its own."""
    found = sorted(other.parent for other in missing.parent.glob(f"demo-*/{missing.name}"))
    return f"; here is {', '.join(map(str, found))}" if found else ""
