"""The invented regions that are measured: made once per size and kept, and one school's part of a region.

`python -m benchmarks.regions make OUT LEARNERS SEED` and `… school REGION OUT` run in processes of their own,
so that the measuring process stays small.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import ROOT, run_module
from inbeeld.engine.fingerprint import fingerprint

A_LARGE_SCHOOL = 1_000


class RegionOnDisk(NamedTuple):
    """Where a region lies, the day it is judged on, and how large it is."""

    folder: Path
    on: date
    learners: int
    marks: int


def region_of(learners: int, *, seed: int, work: Path) -> RegionOnDisk:
    """The invented region of that size; made when this version of the generator has not yet."""
    made_by = fingerprint([ROOT / "src/inbeeld/engine/invented"])[:12]
    folder = work / f"region-{learners}-seed-{seed}-{made_by}"
    marker = folder / "generated.json"
    if not marker.is_file():
        run_module("benchmarks.regions", "make", str(folder), str(learners), str(seed))
    said = json.loads(marker.read_text(encoding="utf-8"))
    return RegionOnDisk(folder, date.fromisoformat(said["on"]), learners, said["rows"]["marks"])


def one_school_of(region: RegionOnDisk, *, work: Path) -> RegionOnDisk:
    """The delivery of the school nearest to a thousand learners: its learners, and all about them."""
    folder = work / f"{region.folder.name}-one-school"
    marker = folder / "size.json"
    if not marker.is_file():
        run_module("benchmarks.regions", "school", str(region.folder), str(folder))
    return RegionOnDisk(folder, region.on, **json.loads(marker.read_text(encoding="utf-8")))


def _make(out: str, learners: str, seed: str) -> None:
    from inbeeld.engine.invented import generate

    generate(Path(out), learners=int(learners), seed=int(seed))


def _school(region: str, out: str) -> None:
    import duckdb

    from benchmarks.peers.source import files_of

    def all_of(table: str) -> str:
        return f"read_parquet({files_of(Path(region), table)!r})"

    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE chosen AS SELECT DISTINCT learner FROM {all_of('enrolments')} WHERE school = ("
            f"SELECT school FROM {all_of('enrolments')} GROUP BY school "
            f"ORDER BY abs(count(DISTINCT learner) - {A_LARGE_SCHOOL}), school LIMIT 1)"
        )
        for table in ("schools", "calendar", "learners", "enrolments", "exemptions", "marks"):
            only = "" if table in ("schools", "calendar") else " SEMI JOIN chosen USING (learner)"
            connection.execute(
                f"COPY (FROM {all_of(table)}{only}) TO '{folder / table}.parquet' (COMPRESSION zstd)"
            )
        count = "SELECT (SELECT count(*) FROM chosen), count(*) FROM "
        learners, marks = connection.execute(f"{count} '{folder}/marks.parquet'").fetchall()[0]
    (folder / "size.json").write_text(json.dumps({"learners": learners, "marks": marks}), encoding="utf-8")


if __name__ == "__main__":
    {"make": _make, "school": _school}[sys.argv[1]](*sys.argv[2:])
