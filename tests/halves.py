"""Long walks are divided between the run on SQLite and the one beside it on PostgreSQL: each takes half."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

#: Set by `./inbeeld test` for two runs beside one another: "0" or "1".
HALF = "INBEELD_TEST_HALF"
Each = TypeVar("Each")


def is_divided() -> bool:
    """Is there a run beside this one that takes the other half?"""
    return HALF in os.environ


def half(found: Sequence[Each]) -> list[Each]:
    """Every second of these for this run; all of them when it is alone."""
    return list(found)[int(os.environ[HALF]) :: 2] if is_divided() else list(found)
