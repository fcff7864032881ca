"""Fill an empty trial: generate, judge, migrate, load people and organisations, publish."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld.alerts import operations as alert_operations
from inbeeld.engine import reading
from inbeeld.engine.invented.region import BOARD_SIZE
from inbeeld.learners import operations as learner_operations
from inbeeld.learners.operations_roll import replace_enrolments
from inbeeld.organisations import operations as organisation_operations
from inbeeld.organisations.models import Kind, Organisation
from inbeeld.site.cast import appoint_everybody, play
from inbeeld.site.lists import lay_lists

REGION = "noorderveen"
PROFILE = Path(__file__).resolve().parents[3] / "policy" / "regions" / f"{REGION}.toml"


def build(home: Path, *, learners: int, seed: int, progress: Callable[[str], None]) -> None:
    """Fill the folder `home`: region, judged, inbeeld.sqlite3, trial.json. Django is set up on it."""
    from django.core.management import call_command

    from inbeeld.engine.invented import generate
    from inbeeld.engine.judge import judge

    tables, judged = home / "region", home / "judged"
    progress("inventing schools, children and a year of marks")
    generate(tables, learners=learners, seed=seed)
    account = json.loads((tables / "generated.json").read_text(encoding="utf-8"))
    progress("judging every child under every definition")
    judge(tables, on=date.fromisoformat(account["on"]), out=judged, region=PROFILE)
    progress("filling the database")
    call_command("migrate", verbosity=0, interactive=False)
    load(home, tables=tables, judged=judged)
    (home / "trial.json").write_text(
        json.dumps({"learners": learners, "seed": seed}) + "\n", encoding="utf-8"
    )


def load(home: Path, *, tables: Path, judged: Path) -> None:
    """Load organisations, learners, enrolments and the judgement into the database, and play the cast."""
    organisations = list(_organisations(tables))
    organisation_operations.enter_organisations(organisations, part_of=_boards(organisations))
    learner_operations.enter_learners(_learners(tables))
    replace_enrolments(reading.rows(tables / "enrolments.parquet"))
    alert_operations.publish(judged, tables=tables, within=home, by="command:publish")
    cast = appoint_everybody()
    play(cast)
    lay_lists(cast)


def _organisations(tables: Path) -> Iterator[Organisation]:
    with (tables / "organisations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Organisation(
                key=row["id"],
                region=REGION,
                kind=row["kind"],
                name=row["name"],
                brin=row["brin"],
                municipality=row["municipality"],
                sector=row["sector"],
            )


def _boards(organisations: list[Organisation]) -> dict[str, str]:
    """The board of each school, as the region was laid out: so many in a row have the same."""
    boards = [one.key for one in organisations if one.kind == Kind.BOARD]
    schools = [one.key for one in organisations if one.kind == Kind.SCHOOL]
    return {school: boards[number // BOARD_SIZE] for number, school in enumerate(schools)}


def _learners(tables: Path) -> Iterator[learner_operations.Delivered]:
    born: dict[str, Any] = {
        row["learner"]: row["born_on"] for row in reading.rows(tables / "learners.parquet")
    }
    for row in reading.rows(tables / "people.parquet"):
        yield learner_operations.Delivered(
            key=row["learner"],
            region=REGION,
            call_name=row["call_name"] or "",
            first_names=row["first_names"] or "",
            prefix=row["prefix"] or "",
            last_name=row["last_name"],
            born_on=born.get(row["learner"]),
            municipality=row["municipality"] or "",
        )
