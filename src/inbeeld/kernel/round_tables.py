"""Round tables: where a region talks about a child that is stuck, by its own rules. One code, other settings.

Sources: 000 to 002 (Amsterdam, Noord-Limburg), 004 (Alkmaar, Twente, Rotterdam, two tables). What a table may
not have is a rule here, not a setting: none has power over care, or over a waiting list (004, Rotterdam).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from math import ceil
from operator import or_

from inbeeld.kernel.rounds import next_round_on
from inbeeld.kernel.truth import NOT_KNOWN, YES, Truth, all_of

DAYS_IN_A_YEAR = 365
FEWEST_MEMBERS, MOST_TIMES_A_YEAR = 2, 52


class Body(StrEnum):
    """A kind of organisation that sits at a table, asks for it, or decides with it."""

    SCHOOL = "school"
    SCHOOL_BOARD = "school_board"
    SWV = "swv"
    SWV_PO = "swv_po"
    SWV_VO = "swv_vo"
    LEERPLICHT = "leerplicht"
    RMC = "rmc"
    MUNICIPALITY = "municipality"
    YOUTH_HEALTH = "youth_health"
    YOUTH_HELP = "youth_help"
    YOUTH_PROTECTION = "youth_protection"
    SAFE_HOME = "safe_home"  # Veilig Thuis
    MENTAL_HEALTH = "mental_health"
    NEIGHBOURHOOD_TEAM = "neighbourhood_team"
    VOCATIONAL_EDUCATION = "vocational_education"
    WORK = "work"  # UWV, job coaches
    YOUTH_WORK = "youth_work"
    SPORT_AND_CULTURE = "sport_and_culture"
    CHAIR = "chair"  # of the table, where the chair decides or asks


class Aim(StrEnum):
    """What a table works towards."""

    EDUCATION = "education"
    WORK = "work"  # or day activity
    PRESENCE = "presence"
    OFFER = "offer"  # what schools ask beside what the region has


class About(StrEnum):
    """What is talked about one by one."""

    CHILD = "child"
    SCHOOL = "school"  # the register of long absence of one school, child by child
    REGION = "region"  # questions and places, no single child first


class Chair(StrEnum):
    """Whose chair leads it."""

    MEMBER = "member"
    INDEPENDENT = "independent"  # of no member organisation


class Director(StrEnum):
    """Whether the table has a case director of its own, and what that one reads beforehand."""

    NONE = "none"
    WITH_FILE = "with_file"
    WITHOUT_FILE = "without_file"


class Power(StrEnum):
    """Over whom a table may push a decision through (doorzettingskracht)."""

    GUARDIANS = "guardians"  # who refuse a place that is there
    SCHOOL_BOARDS = "school_boards"  # that refuse a child a place that is there


class Condition(StrEnum):
    """What may be asked before a child comes to a table. Who tables it says so, beside what marks show."""

    NO_EDUCATION = "no_education"
    FOUR_WEEKS_ABSENT = "four_weeks_absent"
    THREE_MONTHS_ABSENT = "three_months_absent"
    ON_NO_ROLL = "on_no_roll"
    OF_COMPULSORY_AGE = "of_compulsory_age"
    THREATENS_TO_DROP_OUT = "threatens_to_drop_out"
    LONG_OR_ALTERNATING_ABSENCE = "long_or_alternating_absence"
    USUAL_MEANS_INSUFFICIENT = "usual_means_insufficient"
    INTERVENTIONS_FAILED = "interventions_failed"
    HOME_SAFETY_UNCLEAR = "home_safety_unclear"
    TOO_MANY_OR_NO_ORGANISATIONS = "too_many_or_no_organisations"


@dataclass(frozen=True)
class Entry:
    """When a child may come to a table: all of `every`, and at least one of `one_of` where there are any."""

    every: tuple[Condition, ...] = ()
    one_of: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        asked = (*self.every, *self.one_of)
        if len(set(asked)) < len(asked):
            raise ValueError("each condition asked once")

    def holds(self, said: Mapping[Condition, Truth]) -> Truth:
        """May it come, by what was said? What nobody said is not known, and never counts as no."""
        answers = [said.get(one, NOT_KNOWN) for one in self.every]
        if self.one_of:
            answers.append(reduce(or_, (said.get(one, NOT_KNOWN) for one in self.one_of)))
        return all_of(answers) if answers else YES


@dataclass(frozen=True)
class RoundTable:
    """A round table as a region set it. Raises ValueError for what no table can be.

    `every_days` or `times_a_year`: its rhythm; neither when it meets as it is asked to. `asks`: who may ask
    that a child is talked about; `decides`: who say yes or no to that together. `lists`: the key of the lists
    that are laid side by side before it. `after`: the rung of the ladder below it, another table.
    """

    key: str
    name: str
    members: tuple[Body, ...]
    asks: tuple[Body, ...]
    decides: tuple[Body, ...]
    about: About = About.CHILD
    aims: tuple[Aim, ...] = (Aim.EDUCATION,)
    every_days: int | None = None
    times_a_year: int | None = None
    chair: Chair = Chair.MEMBER
    director: Director = Director.NONE
    power_over: tuple[Power, ...] = ()
    entry: Entry = Entry()
    lists: str = ""
    after: str = ""
    follow_up_days: int = 0
    messages_between: bool = False

    def __post_init__(self) -> None:
        if len(self.members) < FEWEST_MEMBERS or len(set(self.members)) < len(self.members):
            raise ValueError("two members or more, each once")
        if self.every_days is not None and self.times_a_year is not None:
            raise ValueError("every_days or times_a_year, not both")
        for asked, most in ((self.every_days, DAYS_IN_A_YEAR), (self.times_a_year, MOST_TIMES_A_YEAR)):
            if asked is not None and not 1 <= asked <= most:
                raise ValueError("every_days of 1 to 365, or times_a_year of 1 to 52")
        if not self.aims:
            raise ValueError("at least one aim")
        known = {*self.members, Body.CHAIR}
        if not self.asks or not self.decides or not {*self.asks, *self.decides} <= known:
            raise ValueError("asks and decides each with members of the table (or chair)")
        if self.power_over and self.chair is not Chair.INDEPENDENT:
            raise ValueError("power over others only with an independent chair")
        if self.follow_up_days < 0 or self.follow_up_days > 2 * DAYS_IN_A_YEAR:
            raise ValueError("follow_up_days of 0 to 730")
        if self.after == self.key:
            raise ValueError("another table to come after than itself")

    @property
    def rhythm(self) -> str:
        """How often it meets, in English."""
        if self.every_days is not None:
            return f"every {self.every_days} days"
        return "as asked" if self.times_a_year is None else f"{self.times_a_year} times a year"

    def meets_again_on(self, last_on: date) -> date | None:
        """The day of the next meeting after one on a day, in calendar days; None when it meets as asked.

        Times a year are spread evenly and never more often than that: four times a year is every 92 days.
        """
        every = self.every_days
        if self.times_a_year is not None:
            every = ceil(DAYS_IN_A_YEAR / self.times_a_year)
        return None if every is None else next_round_on(last_on=last_on, every_days=every)


def ladder(tables: tuple[RoundTable, ...]) -> tuple[tuple[RoundTable, ...], ...]:
    """Every way up, the lowest table first. Raises ValueError for a rung that is not there, or a circle."""
    by_key = {one.key: one for one in tables}
    for one in tables:
        if one.after and one.after not in by_key:
            raise ValueError(f"after = the key of another table; there is no {one.after}")
    ways = []
    below = {one.after for one in tables}
    for top in tables:
        way: list[RoundTable] = []
        rung: RoundTable | None = top
        while rung is not None:
            if rung in way:
                raise ValueError(f"a ladder that ends; {top.key} comes back to {rung.key}")
            way.append(rung)
            rung = by_key.get(rung.after)
        if top.key not in below:
            ways.append(tuple(reversed(way)))
    return tuple(ways)
