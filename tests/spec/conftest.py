"""Every row about attendance judged once by the engine, all rows of one day in one go."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from inbeeld.engine.judge import judge
from inbeeld.engine.reading import rows
from inbeeld.engine.schema import TABLES_IN
from tests.spec.expected import Found
from tests.spec.tables import all_rows
from tests.spec.weeks import Case, case_of
from tests.twins.random_regions import RandomRegion


@pytest.fixture(scope="session")
def found_by_engine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """What the engine found of each row about attendance, by the row's place."""
    by_day: dict[Any, list[Case]] = defaultdict(list)
    for row in all_rows():
        if row.is_about_attendance:
            case = case_of(row)
            by_day[case.on].append(case)
    found: dict[str, Found] = {}
    for on, cases in by_day.items():
        folder = tmp_path_factory.mktemp(on.isoformat())
        together = {one.name: [row for case in cases for row in case.tables[one.name]] for one in TABLES_IN}
        RandomRegion(on, together).write_csv(folder / "in")
        judge(folder / "in", on=on, out=folder / "out")
        tables: dict[str, dict[str, list[list[Any]]]] = {}
        for name in ("facts", "episodes", "report_duties", "sick_alerts", "verdicts"):
            tables[name] = defaultdict(list)
            for values in rows(folder / "out" / f"{name}.parquet"):
                tables[name][values["learner"]].append(list(values.values()))
        names = list(next(iter(rows(folder / "out" / "facts.parquet"))))
        for case in cases:
            facts, *several = [tables[name][case.learner] for name in tables]
            episodes, duties, alerts, verdicts = [[tuple(one[1:]) for one in some] for some in several]
            found[case.learner] = Found(
                dict(zip(names, facts[0], strict=True)),
                episodes,
                [(first, last, float(hours)) for first, last, hours in duties],
                alerts,
                dict(verdicts),
            )
    return found
