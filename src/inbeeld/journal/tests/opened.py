"""For tests alone: a journal without its guards, to be tampered with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from inbeeld.journal import guards


@contextmanager
def unguarded() -> Iterator[None]:
    """The guards are down inside, and up again after."""
    guards.take_down(connection)
    try:
        yield
    finally:
        guards.put_up(connection)
