"""The invented region Noorderveen: any number of learners with a believable school year, and nobody real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path


def _silent(line: str) -> None:
    """Tell nobody."""


def generate(
    out: Path,
    *,
    learners: int,
    seed: int,
    school_year: int = 2025,
    on: date | None = None,
    progress: Callable[[str], None] = _silent,
) -> None:
    """Write the invented region to the folder `out`: tables, lists, people, organisations and stories.

    `on` is the day the region is to be judged; marks stop there (17 April of the school year by default).
    `progress` gets a line for a person now and then. Raises BadInput for a number of learners below 1, a
    school year without known holidays, a day outside January to July, or an `out` that is somebody else's.
    """
    from inbeeld.engine.invented.generator import generate_region

    generate_region(out, learners=learners, seed=seed, school_year=school_year, on=on, progress=progress)


__all__ = ["generate"]
