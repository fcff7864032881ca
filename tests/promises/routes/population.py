"""A small region in plain values: who works where, which children there are, and what ties them together.

The oracle decides from this description alone; planting.py makes the same of it in the database. What
changes during a long walk (an involvement ends, a stage changes, a day passes) changes here as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from inbeeld.kernel.access import ROWS, Involvement, Stage
from inbeeld.kernel.consent import Relation

HERE, ELSEWHERE = "noorderveen", "elsewhere"
N, Z = "Noorderveen", "Zuiderbroek"
MAIN, OTHER = "main", "other"


@dataclass(frozen=True)
class Place:
    """An organisation."""

    key: str
    kind: str
    sector: str = ""
    municipality: str = ""
    region: str = HERE
    part_of: str = ""


PLACES = {
    one.key: one
    for one in (
        Place("bestuur", "board"),
        Place("school-a", "school", "vo", N, part_of="bestuur"),
        Place("site-a", "school", "vo", N, part_of="school-a"),
        Place("school-b", "school", "po", Z),
        Place("school-e", "school", "vo", N, ELSEWHERE),
        Place("swv-vo", "swv", "vo"),
        Place("swv-po", "swv", "po"),
        Place("gem-n", "municipality", "", N),
        Place("gem-z", "municipality", "", Z),
        Place("gem-e", "municipality", "", N, ELSEWHERE),
        Place("ggd", "youth_health"),
        Place("help", "youth_help"),
        Place("bescherming", "youth_help"),
        Place("coaches", "coach_service"),
        Place("taskforce", "taskforce"),
    )
}
SECTORS_SERVED = {"po": ("po", "so"), "vo": ("vo", "vso")}

#: Where somebody works in each role; the first of them is tied to the children of the main sets.
WORK = {
    "mentor": ("school-a", "school-b"),
    "attendance_coordinator": ("school-a", "school-b"),
    "care_coordinator": ("school-a", "school-b"),
    "swv_coordinator": ("swv-vo", "swv-po"),
    "swv_adviser": ("swv-vo", "swv-po"),
    "attendance_coach": ("coaches", "swv-vo"),
    "leerplicht_desk": ("gem-n", "gem-z"),
    "attendance_officer": ("gem-n", "gem-z"),
    "school_nurse": ("ggd", "ggd"),
    "school_doctor": ("ggd", "ggd"),
    "youth_worker": ("help", "help"),
    "youth_protection": ("bescherming", "help"),
    "case_director": ("taskforce", "taskforce"),
    "table_chair": ("taskforce", "taskforce"),
    "table_member": ("bestuur", "school-b"),
    "analyst": ("swv-vo", "gem-n"),
    "privacy_officer": ("swv-vo", "gem-z"),
    "application_administrator": ("school-a", "gem-n"),
}


@dataclass(frozen=True)
class Member:
    """A person in a role at a place; `person` names the person when somebody has two roles."""

    key: str
    role: str
    place: str
    person: str = ""
    ended: bool = False

    @property
    def username(self) -> str:
        return self.person or self.key


@dataclass(frozen=True)
class Kin:
    """Somebody who is kin of one child."""

    key: str
    child: str
    relation: Relation
    ended: bool = False
    person: str = ""

    @property
    def username(self) -> str:
        return self.person or self.key


Who = Member | Kin


@dataclass
class Child:
    """A child as the oracle knows it. `stage`: judged, None without any standing; `case`: of a case."""

    key: str
    school: str
    municipality: str
    born_on: date
    stage: int | None
    case: int | None = None
    region: str = HERE
    enrolled: bool = True
    reference: UUID | None = None

    @property
    def now_at(self) -> int:
        return self.case if self.case is not None else self.stage if self.stage is not None else 0


#: What somebody is involved for, unless it says otherwise; and what consent is given for.
PURPOSES = {Involvement.INVOLVED: "help", Involvement.TABLE: "meeting", Involvement.EMERGENCY: "danger"}
HELP, COACHING = "help", "coaching"


@dataclass
class Tie:
    """An involvement of one of the three kinds that are granted."""

    child: str
    member: str
    kind: Involvement
    from_at: datetime
    until_at: datetime
    accepted: bool = True
    ended: bool = False
    directs: bool = False
    purpose: str = ""
    id: UUID | None = None

    def __post_init__(self) -> None:
        self.purpose = self.purpose or PURPOSES[self.kind]

    def holds(self, at: datetime) -> bool:
        return self.accepted and not self.ended and self.from_at <= at < self.until_at


@dataclass
class Leave:
    """A consent: one class of one child for one place and one purpose there, or for one of kin."""

    child: str
    field_class: str
    place: str
    kin: str
    from_on: date
    until_on: date
    withdrawn: bool = False
    purpose: str = HELP
    id: UUID | None = None

    def holds(self, today: date) -> bool:
        return not self.withdrawn and self.from_on <= today < self.until_on


@dataclass
class World:
    """Everything there is. `now` is when it was described; a walk moves it on."""

    now: datetime
    today: date
    members: dict[str, Member] = field(default_factory=dict)
    kin: dict[str, Kin] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)

    @property
    def actors(self) -> dict[str, Who]:
        """Everybody who could do something; who left among them, to see that they cannot."""
        return {**self.members, **self.kin}


def described(now: datetime, today: date) -> World:
    """The region on a day."""
    world = World(now, today)
    world.members = {one.key: one for one in _members()}
    world.children = {one.key: one for one in _children(today)}
    world.kin = {one.key: one for one in _kin()}
    world.ties = [*_main_ties(now), *_other_ties(now), *_lapsed_ties(now)]
    world.leaves = list(_leaves(today))
    return world


def tied_roles(kind: Involvement) -> list[str]:
    """The roles the table knows for a kind of involvement."""
    return [row.role for row in ROWS if row.involvement is kind]


def _members() -> Iterator[Member]:
    for role, (main, other) in WORK.items():
        yield Member(role, role, main)
        yield Member(f"{role}-2", role, other)
    yield Member("care_coordinator-site", "care_coordinator", "site-a")
    yield Member("care_coordinator-e", "care_coordinator", "school-e")
    yield Member("leerplicht_desk-e", "leerplicht_desk", "gem-e")
    yield Member("privacy_officer-a", "privacy_officer", "school-a")
    yield Member("left", "care_coordinator", "school-a", ended=True)
    # One person with two roles, and one who is a parent as well.
    yield Member("double-mentor", "mentor", "school-a", person="double")
    yield Member("double-worker", "youth_worker", "help", person="double")
    yield Member("parent-mentor", "mentor", "school-a", person="parent")
    # Of each place that writes, a colleague nobody else meets.
    for place in ("school-a", "swv-vo", "ggd"):
        role = {"school-a": "mentor", "swv-vo": "swv_adviser", "ggd": "school_nurse"}[place]
        yield Member(f"colleague-{place}", role, place)


#: The sets of children: at the main school and tied to everybody, on its lists only, and elsewhere.
STAGES = tuple(int(one) for one in Stage)


def _children(today: date) -> Iterator[Child]:
    numbers = iter(range(1, 1000))

    def born(years: int) -> date:
        """So many years old since a while, for months to come, and born on a day nobody else was."""
        day = next(numbers)
        return _years_ago(today, years) - timedelta(days=3 * day)

    def staged(stage: int) -> tuple[int | None, int | None]:
        """(judged, by a case)"""
        return (2, stage) if stage in (3, 4, 6, 7) else (stage, None)

    for stage in STAGES:
        judged, case = staged(stage)
        yield Child(f"I{stage}", "school-a", N, born(13), judged, case)
        yield Child(f"L{stage}", "school-a", N, born(14), judged, case)
    yield Child("S2", "site-a", N, born(13), 2)
    yield Child("P2", "school-a", N, born(13), 2, enrolled=False)
    for stage in (1, 2, 3, 5):
        judged, case = staged(stage)
        yield Child(f"F{stage}", "school-b", Z, born(9), judged, case)
    yield Child("E2", "school-e", N, born(13), 2, region=ELSEWHERE)
    yield Child("O", "school-a", N, born(13), None)
    yield Child("N2", "school-b", Z, born(9), 2)
    yield Child("N3", "school-b", Z, born(9), 2)
    for key in ("X1", "X2", "X3", "X4"):
        yield Child(key, "school-b", Z, born(9), 2)
    for years in (8, 13, 16, 18):
        yield Child(f"K{years}", "school-a", N, born(years), 2)
    yield Child("K6", "school-a", N, born(8), 2, int(Stage.CLOSED))
    yield Child("K7", "school-a", N, born(8), 2, int(Stage.DESTROYED))


def _years_ago(today: date, years: int) -> date:
    first = today.replace(day=1) if today.day > 28 else today
    return first.replace(year=first.year - years)


def _kin() -> Iterator[Kin]:
    for key in ("K8", "K13", "K16", "K18", "K6", "K7"):
        yield Kin(f"guardian-{key}", key, Relation.GUARDIAN)
        yield Kin(f"learner-{key}", key, Relation.LEARNER)
    yield Kin("guardian-2-K13", "K13", Relation.GUARDIAN)
    yield Kin("ex-K13", "K13", Relation.GUARDIAN, ended=True)
    yield Kin("parent-K8", "K8", Relation.GUARDIAN, person="parent")


def _main_ties(now: datetime) -> Iterator[Tie]:
    """Everybody of the main set with every child of I and K: what follows is for the table to say."""
    since, until = now - timedelta(days=3), now + timedelta(days=87)
    directing = {"I2": "swv_adviser", "I3": "attendance_officer", "I4": "care_coordinator",
                 "K13": "school_doctor", "K8": "youth_worker"}  # fmt: skip
    for child in [*(f"I{stage}" for stage in STAGES), "K8", "K13", "K16", "K18", "K6", "K7"]:
        for role in tied_roles(Involvement.INVOLVED):
            yield Tie(child, role, Involvement.INVOLVED, since, until, directs=directing.get(child) == role)
        for role in tied_roles(Involvement.TABLE):
            yield Tie(child, role, Involvement.TABLE, since, since + timedelta(days=28))
    yield Tie("I2", "double-mentor", Involvement.INVOLVED, since, until)
    yield Tie("I3", "youth_worker", Involvement.INVOLVED, since, until, purpose=COACHING)
    for role in tied_roles(Involvement.EMERGENCY):
        called = now - timedelta(minutes=5)
        yield Tie("N2", role, Involvement.EMERGENCY, called, called + timedelta(hours=4))


def _other_ties(now: datetime) -> Iterator[Tie]:
    since, until = now - timedelta(days=3), now + timedelta(days=87)
    for child in ("F1", "F2", "F3", "F5"):
        for role in tied_roles(Involvement.INVOLVED):
            yield Tie(child, f"{role}-2", Involvement.INVOLVED, since, until)
        for role in tied_roles(Involvement.TABLE):
            yield Tie(child, f"{role}-2", Involvement.TABLE, since, until)


def _lapsed_ties(now: datetime) -> Iterator[Tie]:
    """Asked and not accepted; ended; over; not begun: none of them gives anything."""
    day = timedelta(days=1)
    for role in tied_roles(Involvement.INVOLVED):
        right = Tie("", role, Involvement.INVOLVED, now - 9 * day, now + 81 * day)
        yield replace(right, child="X1", accepted=False)
        yield replace(right, child="X2", ended=True)
        yield replace(right, child="X3", until_at=now - day)
        yield replace(right, child="X4", from_at=now + day)
    yield Tie("I2", "left", Involvement.INVOLVED, now - 9 * day, now + 81 * day)
    for role in tied_roles(Involvement.TABLE):
        yield Tie("X3", role, Involvement.TABLE, now - 30 * day, now - 2 * day)
    for role in tied_roles(Involvement.EMERGENCY):
        yield Tie("N3", role, Involvement.EMERGENCY, now - 5 * day, now - 5 * day + timedelta(hours=4))


def _leaves(today: date) -> Iterator[Leave]:
    since, until = today - timedelta(days=2), today + timedelta(days=200)
    for child in ("I2", "I4"):
        for place, field_class in (("swv-vo", "FAM"), ("coaches", "FAM"), ("help", "FAM"),
                                   ("bescherming", "FAM"), ("ggd", "MED")):  # fmt: skip
            yield Leave(child, field_class, place, "", since, until)
    # For what the youth worker is there for as well; for what the others are not there for.
    for place, field_class in (("help", "FAM"), ("swv-vo", "FAM"), ("bescherming", "FAM"), ("ggd", "MED")):
        yield Leave("I3", field_class, place, "", since, until, purpose=COACHING)
    yield Leave("I5", "FAM", "swv-vo", "", since, until, withdrawn=True)
    yield Leave("I5", "FAM", "help", "", since, today)
    yield Leave("I5", "MED", "ggd", "", today + timedelta(days=1), until)
    yield Leave("F2", "MED", "school-b", "", since, until)
    yield Leave("K13", "FAM", "", "learner-K13", since, until)
    yield Leave("K13", "MED", "", "guardian-K13", since, until)
    yield Leave("K16", "AGR", "", "guardian-K16", since, until)
