"""What the commands share: arguments refused in one sentence, and the site's settings when they need them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import NoReturn

BAD_INPUT = 2


class Parser(argparse.ArgumentParser):
    """argparse, but a wrong argument gives one sentence instead of a usage block."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}. See {self.prog} --help.\n")


def set_up_django() -> None:
    """Read the settings of the site, unless that was done. Raises ImproperlyConfigured."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inbeeld.site.settings")
    if not apps.ready:
        django.setup()


def amiss_with_the_database() -> tuple[str, str] | None:
    """What the database of the site is called and what is expected of it, if it is not there or damaged.

    Asking makes no file: SQLite would make an empty one.
    """
    from django.db import DatabaseError, OperationalError, connection

    name = str(connection.settings_dict["NAME"])
    if has_no_database_yet():
        return name, f"the database of the site (see INBEELD_DATA{_others(Path(name))})"
    try:
        connection.ensure_connection()
        is_sound = connection.vendor != "sqlite" or _is_sound()
    except OperationalError:
        return name, "a database that answers (see INBEELD_DATABASE_URL)"
    except DatabaseError:
        is_sound = False  # only a file can be no database: a server that answers has one
    return None if is_sound else (name, "a database; this file is none, or it is damaged (see INBEELD_DATA)")


def has_no_database_yet() -> bool:
    """Is there no SQLite file, so that asking anything would make an empty one?"""
    from django.db import connection

    name = Path(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and connection.connection is None and not name.is_file()


def _is_sound() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        return bool(cursor.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _others(missing: Path) -> str:
    """The folders beside a missing database that do hold one: each demo has a folder of its own."""
    found = sorted(other.parent for other in missing.parent.glob(f"demo-*/{missing.name}"))
    return f"; here is {', '.join(map(str, found))}" if found else ""
