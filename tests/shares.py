"""Long walks, and slips to be noticed, are divided between the run on SQLite and that on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

#: Set by `./inbeeld test` for two runs beside one another.
SHARE = "INBEELD_TEST_SHARE"
A_THIRD, THE_OTHERS = "a-third", "the-others"
Each = TypeVar("Each")


def is_divided() -> bool:
    """Is there a run beside this one that takes the rest?"""
    return SHARE in os.environ


def share(found: Sequence[Each]) -> list[Each]:
    """Which of these this run takes: every third, or the others; all of them when it is alone."""
    if not is_divided():
        return list(found)
    every_third = os.environ[SHARE] == A_THIRD
    return [one for number, one in enumerate(found) if (number % 3 == 0) is every_third]
