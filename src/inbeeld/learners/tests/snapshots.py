"""A small invented region, generated, judged and loaded: for tests that need a snapshot."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from inbeeld.engine import reading
from inbeeld.engine.invented import generate
from inbeeld.engine.judge import judge
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born
from inbeeld.organisations.models import Organisation

LEARNERS = 400
ON = date(2026, 4, 17)


def build(folder: Path) -> Path:
    """`folder` with `region` and `judged` in it."""
    generate(folder / "region", learners=LEARNERS, seed=3, on=ON)
    judge(folder / "region", on=ON, out=folder / "judged")
    return folder


def known_child(folder: Path, school: Organisation) -> Learner:
    """A child of fourteen of our own making, under a key the snapshot knows."""
    made = make.learner(school, born_on=born(14))
    key = next(iter(reading.rows(folder / "region" / "learners.parquet")))["learner"]
    Learner.for_operations.filter(pk=made.pk).update(key=key)
    return Learner.for_operations.get(pk=made.pk)
