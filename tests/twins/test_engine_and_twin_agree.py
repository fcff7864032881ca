"""The engine's SQL and the kernel's plain twin say the same of every learner, in every table."""

from __future__ import annotations

import os
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.judge import judge
from inbeeld.engine.reading import rows
from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.facts import FACT_COLUMNS, facts_of_child
from inbeeld.kernel.region import Region, region_from_toml
from inbeeld.kernel.truth import Outcome
from tests.twins.random_regions import RandomRegion, random_region

LEARNERS = 100


OTHER = """
name = "Elsewhere"
counts_by = ["thuiszitter-swv@2019-08-01", "layer-2-kearney@2014-08-01"]
[hour_units]
vo = "clock"
po = "lesson"
[layers]
cuts = [3, 15, 40]
minimum_days = 5
"""


def check(region_rows: RandomRegion, folder: Path, *, as_csv: bool, settings: str = "") -> int:
    """Judge with the engine and with the twin; the tables are the same. Returns the learners compared."""
    if as_csv:
        region_rows.write_csv(folder / "in")
    else:
        region_rows.write_parquet(folder / "in", files=3)
    file = folder / "region.toml"
    file.write_text(settings)
    receipt = judge(folder / "in", on=region_rows.on, out=folder / "out", region=file if settings else None)
    region = region_from_toml(settings) if settings else Region()
    twins = region_rows.twins(region)
    for name, expected in tables_of(twins, region).items():
        found = [tuple(row.values()) for row in rows(folder / "out" / f"{name}.parquet")]
        for ours, theirs in zip(found, expected, strict=False):
            assert ours == theirs, (name, region_rows.on)
        assert len(found) == len(expected), name
    marks = receipt["marks"]
    assert marks["rows"] == len(region_rows.tables["marks"])
    assert marks["rows"] == sum(
        number for why, number in marks.items() if why not in ("rows", "counted_absent")
    )
    assert marks["counted_absent"] == sum(day.absent for twin in twins for day in twin.days)
    assert marks["no_school_day"] == sum(
        twin.why_not_counted(mark) == "no_school_day"
        for twin in twins
        for mark in twin.standing_marks.values()
    )
    return len(twins)


def tables_of(twins: list[Attendance], region: Region) -> dict[str, list[tuple[Any, ...]]]:
    """The five tables out (contract §4) as the twins give them."""
    return {
        "facts": [astuple(twin.facts)[: len(FACT_COLUMNS)] for twin in twins],
        "episodes": [
            (twin.learner, one.family, one.first_on, one.last_on, one.school_days, one.ongoing)
            for twin in twins
            for one in sorted(twin.episodes, key=lambda one: (one.family, one.first_on))
        ],
        "report_duties": [
            (twin.learner, one.begins_on, one.ends_on, one.minutes / 60)
            for twin in twins
            for one in twin.report_duties
        ],
        "sick_alerts": [(twin.learner, one.on, one.rule) for twin in twins for one in twin.sick_alerts],
        "verdicts": [verdict for twin in twins for verdict in verdicts_of(twin, region)],
    }


def verdicts_of(twin: Attendance, region: Region) -> list[tuple[str, str, str]]:
    """The verdicts that are not *no*, from the definitions evaluated for one child in words."""
    child = facts_of_child(twin.facts, on=twin.on)
    outcomes = {one.key: one.verdict(child).outcome for one in region.definitions(twin.on)}
    return [
        (twin.learner, key, outcomes[key].word) for key in sorted(outcomes) if outcomes[key] is not Outcome.NO
    ]


@pytest.mark.parametrize("seed", range(12))
def test_the_engine_agrees_with_the_plain_twin(seed: int, tmp_path: Path) -> None:
    assert check(random_region(seed, learners=LEARNERS), tmp_path, as_csv=seed % 2 == 0) >= LEARNERS * 0.9


@pytest.mark.parametrize("seed", range(100, 104))
def test_they_agree_under_the_settings_of_another_region(seed: int, tmp_path: Path) -> None:
    assert check(random_region(seed, learners=LEARNERS), tmp_path, as_csv=False, settings=OTHER)


@pytest.mark.long
def test_the_engine_agrees_with_the_plain_twin_on_ten_thousand_learners(tmp_path: Path) -> None:
    cases, seed = int(os.environ.get("INBEELD_LONG_CASES", "12000")), 1000
    compared = 0
    while compared < cases:
        settings = OTHER if seed % 3 == 0 else ""
        rows_of = random_region(seed, learners=LEARNERS)
        compared += check(rows_of, tmp_path / str(seed), as_csv=seed % 4 == 0, settings=settings)
        seed += 1
    print(f"{compared} learners compared")
