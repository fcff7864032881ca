"""Fill an empty trial: generate, judge, migrate, load people and organisations, publish."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld.engine import reading
from inbeeld.learners import operations as learner_operations
from inbeeld.learners.models import Learner
from inbeeld.organisations import operations as organisation_operations
from inbeeld.organisations.models import Kind, Organisation, Role

REGION = "noorderveen"
PROFILE = Path(__file__).resolve().parents[3] / "policy" / "regions" / f"{REGION}.toml"
APPOINTED_ON = date(2025, 8, 1)
#: call name, last name, role, kind of organisation, sector
STAFF = (
    (("Marit", "Hoogeveen"), Role.SWV_COORDINATOR, Kind.SWV, "vo"),
    (("Joost", "Wolthuis"), Role.SWV_COORDINATOR, Kind.SWV, "po"),
    (("Samira", "Benhaddou"), Role.SWV_ADVISER, Kind.SWV, "vo"),
    (("Ingrid", "Scholtens"), Role.CARE_COORDINATOR, Kind.SCHOOL, "vo"),
    (("Bas", "Terpstra"), Role.CARE_COORDINATOR, Kind.SCHOOL, "po"),
    (("Dewi", "Sastrowidjojo"), Role.MENTOR, Kind.SCHOOL, "vo"),
    (("Henk", "Oldenziel"), Role.ATTENDANCE_COORDINATOR, Kind.SCHOOL, "vo"),
    (("Anneke", "van der Molen"), Role.LEERPLICHT_DESK, Kind.MUNICIPALITY, ""),
    (("Rachid", "Ouazzani"), Role.ATTENDANCE_OFFICER, Kind.MUNICIPALITY, ""),
    (("Lieke", "Brandsma"), Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH, ""),
    (("Tobias", "Kramer"), Role.ANALYST, Kind.SWV, "vo"),
    (("Yvonne", "Rietdijk"), Role.PRIVACY_OFFICER, Kind.SWV, "vo"),
)


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
    """Load organisations, staff, learners, enrolments and the judgement into the database."""
    organisation_operations.enter_organisations(_organisations(tables))
    learner_operations.enter_learners(_learners(tables))
    learner_operations.replace_enrolments(reading.rows(tables / "enrolments.parquet"))
    learner_operations.publish_judgement(judged, tables=tables, within=home)
    for name, role, kind, sector in STAFF:
        at = (
            Organisation.objects.filter(kind=kind, **({"sector": sector} if sector else {}))
            .order_by("key")
            .first()
        )
        if at is not None:
            organisation_operations.appoint(name, role=role, at=at, from_on=APPOINTED_ON)


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


def _learners(tables: Path) -> Iterator[Learner]:
    born: dict[str, Any] = {
        row["learner"]: row["born_on"] for row in reading.rows(tables / "learners.parquet")
    }
    for row in reading.rows(tables / "people.parquet"):
        yield Learner(
            key=row["learner"],
            region=REGION,
            call_name=row["call_name"] or "",
            first_names=row["first_names"] or "",
            prefix=row["prefix"] or "",
            last_name=row["last_name"],
            born_on=born.get(row["learner"]),
            municipality=row["municipality"] or "",
        )
