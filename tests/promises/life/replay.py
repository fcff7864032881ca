"""What everybody may read, told from what happened: a plain fold over a list of events.

Written from the rules of who may see what, apart from models, queries and operations; only the letters of the
access table are shared. rules.py says which events may happen, and what each of them changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inbeeld.kernel.access import ROWS, FieldClass, Row

HERE = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
CLASSES = tuple(FieldClass)
#: name: person, role, place. The coordinator is also the other adviser: one person in two roles.
CAST = {
    "coordinator": ("Ingrid", "care_coordinator", "school"),
    "colleague": ("Bas", "care_coordinator", "school"),
    "mentor": ("Dewi", "mentor", "school"),
    "swv": ("Marit", "swv_coordinator", "swv"),
    "adviser": ("Samira", "swv_adviser", "swv"),
    "adviser too": ("Ingrid", "swv_adviser", "swv"),
    "doctor": ("Lieke", "school_doctor", "health"),
    "doctor too": ("Anneke", "school_doctor", "health"),
    "worker": ("Rachid", "youth_worker", "help"),
    "worker too": ("Sanne", "youth_worker", "help"),
    "case director": ("Tobias", "case_director", "taskforce"),
    "seat": ("Henk", "table_member", "swv"),
    "officer": ("Yvonne", "privacy_officer", "school"),
    "officer of health": ("Lieke", "privacy_officer", "health"),
    "administrator": ("Joost", "application_administrator", "swv"),
}
KINDS = {
    "school": "school", "swv": "swv", "health": "youth_health", "help": "youth_help",
    "taskforce": "taskforce",
}  # fmt: skip
#: On whose list the children stand: their school, and the SWV of that school.
LISTS = {"school", "swv"}
CHILDREN = {"Fenna": date(2014, 5, 4), "Sem": date(2010, 4, 29)}
FAMILY = {
    f"{who} of {child}": (child, "learner" if who == "self" else "guardian")
    for child in CHILDREN
    for who in ("self", "mother", "father")
}
BEGIN = date(2020, 8, 1)
JUDGED_STAGE = 2
BEGINNERS = {"attendance_coordinator", "care_coordinator", "swv_coordinator", "leerplicht_desk"}
DIRECTORS = {
    "care_coordinator", "swv_adviser", "attendance_officer", "school_doctor", "youth_worker",
    "youth_protection",
}  # fmt: skip
#: Where consent opens something: the letter c in a row of somebody at such a place.
OF_USE = {("swv", "FAM"), ("help", "FAM"), ("health", "MED")}
ROW_OF = {(row.role, row.involvement.value): row for row in ROWS}


@dataclass(frozen=True)
class Event:
    """Something somebody did (`by`: a job, a member of the family, or "command") at a moment."""

    kind: str
    at: datetime
    by: str = "command"
    of: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.of.get(name)

    @property
    def today(self) -> date:
        return day_of(self.at)


@dataclass
class Job:
    name: str
    from_on: date
    until_on: date | None = None


@dataclass
class Kin:
    child: str
    relation: str
    from_on: date
    until_on: date | None = None


@dataclass
class Tie:
    """Somebody's belonging with a child; `over` is for ever, whatever the clock does."""

    child: str
    job: str
    kind: str
    by: str
    begins: datetime
    ends: datetime
    purpose: str = ""
    accepted: datetime | None = None
    over: bool = False
    directs: bool = False
    due: date | None = None
    found: str = ""


@dataclass
class Leave:
    """A consent, and on which day who signed it."""

    child: str
    field_class: str
    receiver: str
    asked_on: date
    until_on: date
    asked_by: str
    purpose: str
    signed: dict[str, date] = field(default_factory=dict)
    withdrawn: bool = False


@dataclass
class World:
    """What is so."""

    jobs: dict[str, Job]
    kin: dict[str, Kin]
    stages: dict[str, int | None]
    ties: list[Tie] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)


def purpose(event: Event) -> str:
    """What somebody is asked to do, or a consent is asked for."""
    return event.purpose or "help"


def day_of(at: datetime) -> date:
    return at.astimezone(HERE).date()


def begin_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HERE)


def beginning() -> World:
    return World(
        jobs={name: Job(name, BEGIN) for name in CAST},
        kin={name: Kin(child, relation, CHILDREN[child]) for name, (child, relation) in FAMILY.items()},
        stages=dict.fromkeys(CHILDREN),
    )


# --- who is who ----------------------------------------------------------------------------------


def person(world: World, who: str) -> str:
    return CAST[world.jobs[who].name][0] if who in world.jobs else who


def place(world: World, who: str) -> str:
    return CAST[world.jobs[who].name][2] if who in world.jobs else ""


def works(world: World, who: str, today: date) -> bool:
    """A job, or custody, that holds on this day."""
    held = world.jobs.get(who) or world.kin.get(who)
    return held is not None and held.from_on <= today and (held.until_on is None or today <= held.until_on)


def age(child: str, today: date) -> int:
    born = CHILDREN[child]
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def role(world: World, who: str, today: date) -> str:
    if who in world.jobs:
        return CAST[world.jobs[who].name][1]
    years = age(world.kin[who].child, today)
    if world.kin[who].relation == "learner":
        return "learner_16" if years >= 16 else "learner_12_15" if years >= 12 else ""
    if years >= 18:
        return ""
    return "guardian_16" if years >= 16 else "guardian_12_15" if years >= 12 else "guardian_under_12"


def stage(world: World, child: str) -> int:
    said = world.stages[child]
    return JUDGED_STAGE if said is None else said


# --- what everybody may read ---------------------------------------------------------------------


def counts(tie: Tie, at: datetime) -> bool:
    return not tie.over and tie.accepted is not None and tie.accepted <= at and tie.begins <= at < tie.ends


def is_open(tie: Tie, at: datetime) -> bool:
    """In force, not begun yet, or waiting for an answer."""
    return not tie.over and at < tie.ends


def rows(world: World, who: str, child: str, at: datetime) -> Iterator[Row]:
    """The rows of the table that open something of this child for somebody, now."""
    today = day_of(at)
    if not works(world, who, today):
        return
    ties = {tie.kind for tie in world.ties if (tie.child, tie.job) == (child, who) and counts(tie, at)}
    for row in ROWS:
        how = row.involvement.value
        belongs = (
            how in ties
            or (how == "own_org" and place(world, who) in LISTS)
            or (how == "self" and who in world.kin and world.kin[who].child == child)
        )
        if row.role == role(world, who, today) and stage(world, child) in row.stages and belongs:
            yield row


def reads(world: World, who: str, child: str, one: FieldClass, author: str, at: datetime) -> bool:
    """`author`: "others" or "my_organisation"."""
    for row in rows(world, who, child, at):
        letters = row.cells[one]
        if "r" in letters or "w" in letters:
            return True
        if "o" in letters and author == "my_organisation" and one is not FieldClass.NOT:
            return True
        if "c" in letters and any(
            leave.child == child
            and leave.field_class == one.value
            and _is_for(world, leave, who, row.involvement.value, at)
            and holds(world, leave, day_of(at))
            for leave in world.leaves
        ):
            return True
    return False


def _is_for(world: World, leave: Leave, who: str, how: str, at: datetime) -> bool:
    """For kin by name; at an organisation for who is there, in this way, for what was consented to."""
    if leave.receiver == who:
        return True
    return leave.receiver == place(world, who) and any(
        (tie.child, tie.job, tie.kind, tie.purpose) == (leave.child, who, how, leave.purpose)
        and counts(tie, at)
        for tie in world.ties
    )


def sees(world: World, who: str, child: str, at: datetime) -> bool:
    return reads(world, who, child, FieldClass.IDE, "others", at)


# --- consent -------------------------------------------------------------------------------------


def band(child: str, today: date) -> date:
    """The day since which the same people sign."""
    born = CHILDREN[child]
    passed = [years for years in (12, 16, 18) if age(child, today) >= years]
    return born.replace(year=born.year + max(passed)) if passed else born


def signers(child: str, today: date) -> set[str]:
    years = age(child, today)
    return {"learner"} if years >= 16 else {"learner", "guardian"} if years >= 12 else {"guardian"}


def holds(world: World, leave: Leave, today: date) -> bool:
    if leave.withdrawn or today > leave.until_on:
        return False
    counting = {who for who, day in leave.signed.items() if band(leave.child, today) <= day <= today}
    guardians = {
        who
        for who, kin in world.kin.items()
        if (kin.child, kin.relation) == (leave.child, "guardian") and works(world, who, today)
    }
    wanted = signers(leave.child, today)
    if "guardian" in wanted and not (guardians and guardians <= counting):
        return False
    return "learner" not in wanted or any(world.kin[who].relation == "learner" for who in counting)


# --- who decides ---------------------------------------------------------------------------------


def task(world: World, who: str, child: str, at: datetime) -> bool:
    """Would being involved show this person the child, at its present stage?"""
    row = ROW_OF.get((role(world, who, day_of(at)), "involved"))
    return row is not None and stage(world, child) in row.stages and works(world, who, day_of(at))


def director(world: World, child: str, at: datetime) -> str | None:
    for tie in world.ties:
        if tie.child == child and tie.directs and counts(tie, at) and task(world, tie.job, child, at):
            return tie.job
    return None


def decides(world: World, who: str, child: str, at: datetime) -> bool:
    if who not in world.jobs or not sees(world, who, child, at):
        return False
    held = director(world, child, at)
    if held is not None:
        return held == who
    return role(world, who, day_of(at)) in BEGINNERS and place(world, who) in LISTS


def involved(world: World, who: str, child: str, at: datetime) -> bool:
    return (
        who in world.jobs
        and sees(world, who, child, at)
        and any(
            (tie.child, tie.job, tie.kind) == (child, who, "involved") and counts(tie, at)
            for tie in world.ties
        )
    )


def button_lost(world: World, who: str, today: date) -> bool:
    return any(
        tie.kind == "emergency"
        and person(world, tie.job) == person(world, who)
        and tie.due is not None
        and (tie.found == "not_justified" or (not tie.found and tie.due < today))
        for tie in world.ties
    )
