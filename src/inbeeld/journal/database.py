"""The database that a command works on: it is there, or one sentence says what to set."""

from __future__ import annotations

from inbeeld.command_line import amiss_with_the_database
from inbeeld.engine.refusal import BadInput


def need_the_database() -> None:
    """Raises BadInput when the site has no database that answers: SQLite would make an empty one."""
    if amiss := amiss_with_the_database():
        raise BadInput(*amiss)
