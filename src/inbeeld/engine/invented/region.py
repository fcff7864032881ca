"""The schools and other organisations of the invented region Noorderveen, for any number of learners.

Sixty schools for 30,000 learners. Beyond that the land goes on: every next sixty schools lie in a next
trio of municipalities. School keys look like S00001; the BRINs start with two digits no real one has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from random import Random
from typing import Final

from inbeeld.engine.invented.calendars import (
    TEACHES_ON_GOOD_FRIDAY,
    Calendar,
    own_calendar,
    regional_calendars,
)

LEARNERS_PER_SCHOOL: Final = 500
SCHOOLS_PER_REGION: Final = 60
SCHOOLS_PER_GROUP: Final = 20
BOARD_SIZE: Final = 6
#: Only among the first schools, so that the calendar table stays small in a large land.
OWN_CALENDARS_UP_TO: Final = 240

#: sector: schools of every sixty, and how many of a hundred learners it has.
SECTORS: Final = {"po": (34, 36.0), "vo": (15, 41.0), "mbo": (4, 16.5), "vso": (4, 4.0), "so": (3, 2.5)}
#: The first schools hold every sector, so that the smallest region is a whole one.
FIRST_SECTORS: Final = ("vo", "po", "mbo", "vo", "so", "vso", "po", "vo")

MUNICIPALITIES: Final = (("Noorderveen", "Noord"), ("Oude Hamrik", "Noord"), ("Zuiderbroek", "Midden"))
FURTHER: Final = ("Ooster", "Wester", "Lage", "Nieuwe ", "Groote ", "Kleine ", "Buiten", "Achter", "Over")
LANDSCAPE: Final = ("hamrik", "horn", "marke", "esch", "stede", "goorn", "mieden", "kwelder", "lanen")
HOLIDAY_REGION_OF_TRIO: Final = (
    ("Noord", "Noord", "Midden"),
    ("Zuid", "Zuid", "Midden"),
    ("Midden", "Midden", "Zuid"),
)
SCHOOL_NAMES: Final = (
    "De Wilgenhoek", "Het Kompas", "De Sterrenwacht", "De Vlonder", "Het Baken", "De Regenboog", "Het Palet",
    "De Kiekendief", "Het Schip", "De Hooiberg", "De Twaalf Eiken", "De Watertoren", "Het Anker", "De Kreek",
    "De Leeuwerik", "De Zwaluw", "Het Tij", "De Boomgaard", "De Vuurvogel", "De Oversteek",
)  # fmt: skip
KIND_OF_SCHOOL: Final = {"po": "Basisschool", "so": "SO", "vo": "College", "vso": "VSO", "mbo": "MBO"}


@dataclass(frozen=True)
class Municipality:
    """An invented municipality, with the holiday region of its schools and its first postcode."""

    name: str
    holiday_region: str
    postcode_from: int


@dataclass(frozen=True)
class School:
    """One school; `first` and `last` are the numbers of the learners it begins the year with."""

    number: int
    sector: str
    slots_per_day: int
    minutes: tuple[int, int]
    calendar: str
    municipality: Municipality
    first: int
    last: int

    @property
    def key(self) -> str:
        return f"S{self.number:05d}"

    @property
    def brin(self) -> str:
        return brin(self.number)

    @property
    def name(self) -> str:
        name = SCHOOL_NAMES[(self.number * 7) % len(SCHOOL_NAMES)]
        return f"{KIND_OF_SCHOOL[self.sector]} {name} ({self.municipality.name})"


@dataclass(frozen=True)
class Region:
    """All schools in order of their learners, with every calendar they use."""

    schools: tuple[School, ...]
    calendars: dict[str, Calendar]

    @property
    def groups(self) -> tuple[tuple[School, ...], ...]:
        """The schools in groups that are generated, sorted and written together."""
        starts = range(0, len(self.schools), SCHOOLS_PER_GROUP)
        return tuple(self.schools[start : start + SCHOOLS_PER_GROUP] for start in starts)


def build_region(*, learners: int, seed: int, school_year: int) -> Region:
    """Lay out the region; the same arguments give the same schools."""
    chance = Random(f"region {seed}")
    count = max(len(FIRST_SECTORS), round(learners / LEARNERS_PER_SCHOOL))
    sectors = _sectors(count)
    bounds = _bounds(sectors, learners=learners, chance=chance)
    calendars = regional_calendars(school_year)
    schools = []
    for number, (sector, (before, last)) in enumerate(zip(sectors, pairwise(bounds), strict=True), start=1):
        municipality = _municipality(number)
        key = municipality.holiday_region + (TEACHES_ON_GOOD_FRIDAY if chance.random() < 0.4 else "")
        if number % 25 == 7 and number <= OWN_CALENDARS_UP_TO:
            own = f"S{number:05d}"
            calendars[own] = own_calendar(
                own, calendars[key], study_days=chance.randint(2, 4), second_may_week=chance.random() < 0.5
            )
            key = own
        slots, minutes = _day(sector, chance)
        schools.append(School(number, sector, slots, minutes, key, municipality, before + 1, last))
    return Region(tuple(schools), calendars)


def organisations(region: Region) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Rows of organisations.csv: id, kind, name, brin, municipality, sector."""
    for school in region.schools:
        yield school.key, "school", school.name, school.brin, school.municipality.name, school.sector
    for number, board in enumerate(range(0, len(region.schools), BOARD_SIZE), start=1):
        home = region.schools[board].municipality.name
        yield f"B{number:04d}", "board", f"Stichting Onderwijs {home} {number}", "", home, ""
    yield "swv_vo", "swv", "SWV VO Noorderveen", "", "", "vo"
    yield "swv_po", "swv", "SWV PO Noorderveen", "", "", "po"
    seen = dict.fromkeys(school.municipality.name for school in region.schools)
    for number, name in enumerate(seen, start=1):
        yield f"G{number:04d}", "municipality", f"Gemeente {name}", "", name, ""
    yield "jgz", "youth_health", "GGD Noorderveen, jeugdgezondheidszorg", "", "", ""
    yield "jeugdhulp", "youth_help", "Jeugdteam Noorderveen", "", "", ""
    yield "coaches", "coach_service", "Verzuimcoaches Noorderveen", "", "", ""
    yield "taskforce", "taskforce", "Taskforce thuiszitters Noorderveen", "", "", ""


def brin(number: int) -> str:
    """An invented BRIN: digits from 99 downwards, far above any in use."""
    high, low = divmod((number - 1) % 676, 26)
    return f"{99 - (number - 1) // 676 % 60:02d}{chr(65 + high)}{chr(65 + low)}"


def _sectors(count: int) -> list[str]:
    """The sector of each school: first the fixed few, then whichever sector is furthest behind."""
    chosen = list(FIRST_SECTORS[:count])
    behind = {sector: -float(chosen.count(sector)) for sector in SECTORS}
    for sector, (of_sixty, _) in SECTORS.items():
        behind[sector] += len(chosen) * of_sixty / SCHOOLS_PER_REGION
    while len(chosen) < count:
        for sector, (of_sixty, _) in SECTORS.items():
            behind[sector] += of_sixty / SCHOOLS_PER_REGION
        furthest = max(behind, key=lambda sector: behind[sector])
        behind[furthest] -= 1
        chosen.append(furthest)
    return chosen


def _bounds(sectors: list[str], *, learners: int, chance: Random) -> list[int]:
    """The last learner number of each school, with a 0 in front; every sector has its share."""
    lots = [chance.uniform(0.6, 1.4) for _ in sectors]
    of_sector = dict.fromkeys(SECTORS, 0.0)
    for sector, lot in zip(sectors, lots, strict=True):
        of_sector[sector] += lot
    sizes = [SECTORS[sector][1] * lot / of_sector[sector] for sector, lot in zip(sectors, lots, strict=True)]
    whole = sum(sizes)
    ends = [round(learners * reached / whole) for reached in accumulate(sizes)]
    return [0, *ends[:-1], learners]


def _municipality(number: int) -> Municipality:
    """Where school `number` stands: each sixty schools share three municipalities, 2 : 2 : 1."""
    trio, within = divmod(number - 1, SCHOOLS_PER_REGION)
    place = (0, 1, 0, 1, 2)[within % 5]
    index = trio * 3 + place
    postcodes = 1000 + index * 30 % 9000
    if trio == 0:
        name, holiday_region = MUNICIPALITIES[place]
        return Municipality(name, holiday_region, postcodes)
    ordinal = index - 3
    pairs = len(FURTHER) * len(LANDSCAPE)
    name = FURTHER[ordinal % len(FURTHER)] + LANDSCAPE[ordinal // len(FURTHER) % len(LANDSCAPE)]
    name = name.title() if " " in name else name
    again = "" if ordinal < pairs else f" {ordinal // pairs + 1}"
    return Municipality(name + again, HOLIDAY_REGION_OF_TRIO[trio % 3][place], postcodes)


def _day(sector: str, chance: Random) -> tuple[int, tuple[int, int]]:
    """Slots a day and minutes of the first and of the other slots: half-days or lessons."""
    if sector in ("po", "so"):
        morning = chance.choice((180, 195))
        return 2, (morning, chance.choice((150, 165)))
    lesson = chance.choice((50, 50, 55, 60))
    return chance.choice((6, 7, 8, 8, 9) if sector == "vo" else (6, 7, 7, 8)), (lesson, lesson)
