"""inbeeld itself: the whole of `judge`, with checks, hashes, receipt and verdicts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb  # noqa: F401 - judge imports it when called; here it counts as starting up, as with the peers

from inbeeld.engine.judge import judge


def run(folder: Path, on: date, out: Path) -> None:
    """Judge one region on one day into `out`."""
    judge(folder, on=on, out=out)
