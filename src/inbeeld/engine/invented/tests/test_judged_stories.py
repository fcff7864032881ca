"""The engine, judging the invented region, says of the story children what their stories say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.invented.tests.conftest import Generated
from inbeeld.engine.judge import judge

FACTS = "phase, of_compulsory_age, enrolled, exempt, sick_reports_12w"


@pytest.fixture(scope="module")
def judged(region: Generated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("judged") / "out"
    judge(region.folder, on=date(2026, 4, 17), out=out)
    return out


@pytest.mark.parametrize(
    ("story", "facts"),
    [
        ("refusal_after_bullying", [(2, True, True, False, 1)]),
        ("sick_child", [(0, True, True, False, 4)]),
        ("on_no_roll", [(0, True, False, False, 0)]),
        ("exempted", [(0, True, False, True, 0)]),
        ("four_year_old", [(2, False, True, False, 0)]),
        ("twins", [(2, True, True, False, 0), (0, True, True, False, 0)]),
        ("moved", [(2, True, True, False, 0)]),
        ("relapsed", [(2, True, True, False, 0)]),
        ("board_must_take", [(3, True, True, False, 0)]),
    ],
)
def test_the_judged_facts_show_the_story(
    region: Generated, judged: Path, story: str, facts: list[tuple[Any, ...]]
) -> None:
    found = region.ask(f"""SELECT {FACTS} FROM story JOIN '{judged}/facts.parquet' USING (learner)
                           WHERE story = '{story}' ORDER BY learner""")
    assert found == facts


def test_the_fourth_sick_report_is_an_alert_in_the_last_week(region: Generated, judged: Path) -> None:
    alerts = region.ask(f"""SELECT rule, "on" FROM story JOIN '{judged}/sick_alerts.parquet' USING (learner)
                            WHERE story = 'sick_child'""")
    assert alerts == [("fourth_report", date(2026, 4, 13))]


def test_the_twin_who_skips_hours_must_be_reported(region: Generated, judged: Path) -> None:
    duties = region.ask(f"""SELECT DISTINCT learner FROM story
        JOIN '{judged}/report_duties.parquet' USING (learner) WHERE story = 'twins'""")
    assert len(duties) == 2
