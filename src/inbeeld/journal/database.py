"""The database that a command works on: it is there, or one sentence says what to set."""

from __future__ import annotations

from pathlib import Path

from inbeeld.engine.refusal import BadInput


def need_the_database() -> None:
    """Raises BadInput when the site has no database that answers: SQLite would make an empty one."""
    from django.db import OperationalError, connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and connection.connection is None and not Path(name).is_file():
        raise BadInput(name, f"the database of the site (see INBEELD_DATA{_others(Path(name))})")
    try:
        connection.ensure_connection()
    except OperationalError:
        raise BadInput(name, "a database that answers (see INBEELD_DATABASE_URL)") from None


def _others(missing: Path) -> str:
    """The folders beside a missing database that do hold one: each demo has a folder of its own."""
    found = sorted(other.parent for other in missing.parent.glob(f"demo-*/{missing.name}"))
    return f"; here is {', '.join(map(str, found))}" if found else ""
