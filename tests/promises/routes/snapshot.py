"""The judged snapshot behind the pages: for each child a day of absence nobody else has; two were ill."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.promises.routes.population import PLACES, World
from tests.twins.random_regions import RandomRegion

ON = date(2026, 4, 17)
FIRST_DAY = date(2025, 8, 25)
#: Days of absence of one child alone come before this; who is ill is so after it.
ILL_FROM = {"I2": date(2026, 3, 2), "L2": date(2026, 3, 16)}
ILL_FOR = 9  # school days: a signal on the seventh
SEVENTH = 6
#: Exempt in an earlier school year, on an article that tells why; until the year was over.
EXEMPT_FROM = {"I2": date(2024, 9, 2), "L2": date(2024, 9, 3), "P2": date(2024, 9, 4), "K8": date(2024, 9, 5),
               "K13": date(2024, 9, 6), "K16": date(2024, 9, 9)}  # fmt: skip
EXEMPT_UNTIL = date(2025, 7, 31)


@dataclass
class Snapshot:
    """Where it stands; the engine's key of each child, and what is planted in it."""

    folder: Path
    name: str = "region"
    keys: dict[str, str] = field(default_factory=dict)
    missed: dict[str, date] = field(default_factory=dict)
    alerts: dict[str, date] = field(default_factory=dict)


def written(folder: Path, world: World) -> Snapshot:
    """Write the tables of the described children as Parquet."""
    snapshot = Snapshot(folder)
    region = RandomRegion(ON)
    school_days = [one for one in _days(FIRST_DAY, ON) if one.weekday() < 5]
    schools = [one for one in PLACES.values() if one.kind == "school"]
    region.tables = {
        "schools": [[one.key, one.sector, 5, "calendar"] for one in schools],
        "calendar": [["calendar", one, one in school_days] for one in _days(FIRST_DAY, ON)],
        "learners": [], "enrolments": [], "exemptions": [], "marks": [],
    }  # fmt: skip
    alone = iter(school_days)
    for number, child in enumerate(world.children.values()):
        # A made-up word like those of words.py, but the same in each run: the snapshot outlives a test.
        key = "qx" + "".join("bcdfghjklm"[int(digit)] for digit in f"{number:08d}")
        snapshot.keys[child.key] = key
        region.tables["learners"].append([key, child.born_on, None])
        region.tables["enrolments"].append([key, child.school, FIRST_DAY, None])
        if exempt_from := EXEMPT_FROM.get(child.key):
            region.tables["exemptions"].append([key, "5a", exempt_from, EXEMPT_UNTIL])
        missed = snapshot.missed[child.key] = next(alone)
        region.tables["marks"] += [[key, child.school, missed, slot, 50, "absent", "truant", False]
                                   for slot in range(1, 6)]  # fmt: skip
        if ill_from := ILL_FROM.get(child.key):
            assert missed < min(ILL_FROM.values())
            ill = [one for one in school_days if one >= ill_from][:ILL_FOR]
            region.tables["marks"] += [[key, child.school, day, slot, 50, "absent", "sick", True]
                                       for day in ill for slot in range(1, 6)]  # fmt: skip
            snapshot.alerts[child.key] = ill[SEVENTH]
    region.write_parquet(folder / snapshot.name, files=1)
    return snapshot


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
