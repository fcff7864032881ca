"""A small invented region, generated, judged and loaded: for tests that need a snapshot."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from inbeeld.engine.invented import generate
from inbeeld.engine.judge import judge

LEARNERS = 400
ON = date(2026, 4, 17)


def build(folder: Path) -> Path:
    """`folder` with `region` and `judged` in it."""
    generate(folder / "region", learners=LEARNERS, seed=3, on=ON)
    judge(folder / "region", on=ON, out=folder / "judged")
    return folder
