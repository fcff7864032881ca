"""The same tables judged again give the same bytes: in one part or in many, however often."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path

import pytest

from inbeeld.engine import steps
from inbeeld.engine.invented import generate
from inbeeld.engine.judge import judge
from inbeeld.engine.reading import rows
from tests.twins.random_regions import random_region

TABLES = ("facts", "verdicts", "episodes", "report_duties", "sick_alerts")


def bytes_of(folder: Path) -> dict[str, str]:
    """The hash of every table out."""
    return {name: hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES}


def test_judging_again_gives_the_same_bytes(tmp_path: Path) -> None:
    region = random_region(77, learners=300)
    region.write_parquet(tmp_path / "in", files=2)
    first, *others = [
        bytes_of_judgement(tmp_path / "in", tmp_path / f"out{number}", on=region.on) for number in range(4)
    ]
    assert all(other == first for other in others)


def bytes_of_judgement(folder: Path, out: Path, *, on: date) -> dict[str, str]:
    """Judge and hash."""
    judge(folder, on=on, out=out)
    return bytes_of(out)


def test_judging_in_parts_gives_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = random_region(78, learners=300)
    region.write_parquet(tmp_path / "in", files=2)
    whole = judge(tmp_path / "in", on=region.on, out=tmp_path / "whole")
    monkeypatch.setattr(steps, "MARKS_AT_ONCE", 1 + whole["marks"]["rows"] // 7)
    parts = judge(tmp_path / "in", on=region.on, out=tmp_path / "parts")
    assert parts["marks"] == whole["marks"]
    for name in TABLES:
        expected = list(rows(tmp_path / "whole" / f"{name}.parquet"))
        assert list(rows(tmp_path / "parts" / f"{name}.parquet")) == expected


@pytest.mark.long
def test_a_region_judged_many_times_never_differs(tmp_path: Path) -> None:
    """Large enough for two threads to meet: a race in the engine underneath would show here."""
    cases = int(os.environ.get("INBEELD_LONG_CASES", "12000"))
    times, learners = max(cases // 400, 2), 60_000 if cases >= 1_000 else 15_000
    generate(tmp_path / "in", learners=learners, seed=5)
    seen = {
        tuple(bytes_of_judgement(tmp_path / "in", tmp_path / "out", on=date(2026, 4, 17)).values())
        for _ in range(times)
    }
    assert len(seen) == 1


def test_one_learner_with_many_marks_is_judged_in_one_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = random_region(79, learners=1)
    region.write_parquet(tmp_path / "in", files=1)
    monkeypatch.setattr(steps, "MARKS_AT_ONCE", 1)
    judge(tmp_path / "in", on=region.on, out=tmp_path / "out")
    assert len(list(rows(tmp_path / "out" / "facts.parquet"))) <= 1
