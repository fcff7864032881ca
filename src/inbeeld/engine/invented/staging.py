"""Put what every school group needs into the data base: schools, calendars, seasons, names, stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import astuple
from datetime import date
from math import exp
from typing import TYPE_CHECKING, Final

from inbeeld.engine.invented.calendars import Calendar
from inbeeld.engine.invented.filling import fill, fill_names, sql
from inbeeld.engine.invented.names import name_stocks
from inbeeld.engine.invented.region import Region, School
from inbeeld.engine.invented.stories import StoryChild

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BUCKETS: Final = 1024


def set_stage(
    con: DuckDBPyConnection,
    region: Region,
    *,
    stories: dict[int, StoryChild],
    learners: int,
    seed: int,
    judged_on: date,
) -> None:
    """Create and fill the tables and variables that the steps in `sql/` read."""
    year_starts = next(iter(region.calendars.values())).year_starts
    variables = {
        "seed": str(seed),
        "schools": str(len(region.schools)),
        "school_year": str(year_starts.year),
        "year_starts": f"DATE '{year_starts}'",
        "judged_on": f"DATE '{judged_on}'",
        "last_day": str((judged_on - year_starts).days),
        "since_october": str((judged_on - date(year_starts.year, 10, 1)).days),
        "key_width": str(max(6, len(str(learners)))),
    }
    for name, value in variables.items():
        con.execute(f"SET VARIABLE {name} = {value}")
    con.execute(sql("randomness"))
    con.execute(sql("looks"))
    con.execute(sql("slips"))
    _calendars(con, region, judged_on=judged_on)
    _schools(con, region, judged_on=judged_on)
    fill_names(con, name_stocks())
    _stories(con, stories)


def _calendars(con: DuckDBPyConnection, region: Region, *, judged_on: date) -> None:
    calendars = region.calendars
    fill(
        con,
        "calendar_out",
        {"calendar": "VARCHAR", "date": "DATE", "school_day": "BOOLEAN"},
        [
            (key, day, calendars[key].is_school_day(day))
            for key in sorted(calendars)
            for day in calendars[key].dates
        ],
    )
    fill(
        con,
        "school_day",
        {"cal": "INTEGER", "day_no": "INTEGER", "day": "INTEGER", "date": "DATE"},
        [
            (cal, number, (day - calendar.year_starts).days, day)
            for cal, calendar in enumerate(calendars.values())
            for number, day in enumerate(calendar.until(judged_on), start=1)
        ],
    )
    fill(
        con,
        "season_day",
        {"season": "VARCHAR", "cal": "INTEGER", "bucket": "INTEGER", "day_no": "INTEGER"},
        [
            (season, cal, bucket, day_no)
            for cal, calendar in enumerate(calendars.values())
            for season, weight in SEASONS.items()
            for bucket, day_no in enumerate(
                _spread([weight(day, calendar) for day in calendar.until(judged_on)])
            )
        ],
    )


def _spread(weights: Sequence[float]) -> list[int]:
    """For each of the buckets the number of the day it stands for; heavy days get many buckets."""
    whole = sum(weights)
    days, reached, number = [], weights[0], 1
    for bucket in range(BUCKETS):
        while reached * BUCKETS < (bucket + 0.5) * whole and number < len(weights):
            reached += weights[number]
            number += 1
        days.append(number)
    return days


def _winter(day: date, calendar: Calendar) -> float:
    """Sickness: most in the first weeks of February, some in November, and on Mondays."""
    year = calendar.year_starts.year
    february = (day - date(year + 1, 2, 3)).days / 26
    november = (day - date(year, 11, 20)).days / 22
    monday = 1.35 if day.weekday() == 0 else 1.0
    return (1 + 1.7 * exp(-(february**2)) + 0.6 * exp(-(november**2))) * monday


def _weekly(day: date, calendar: Calendar) -> float:
    """Truancy and lateness: Mondays and Fridays, and more as the year goes on."""
    weekday = (1.4, 0.8, 0.7, 0.9, 1.7)[day.weekday()]
    return weekday * (0.7 + (day - calendar.year_starts).days / 300)


def _holidays(day: date, calendar: Calendar) -> float:
    """Leave: the last four days before a holiday of a week or more."""
    later = [other for other in calendar.school_days if other > day][:5]
    gap = max(((b - a).days for a, b in zip([day, *later], later, strict=False)), default=0)
    return 1.0 if gap > 7 else 0.02


SEASONS: Final[dict[str, Callable[[date, Calendar], float]]] = {
    "even": lambda day, calendar: 1.0,
    "winter": _winter,
    "weekly": _weekly,
    "holidays": _holidays,
}


def _schools(con: DuckDBPyConnection, region: Region, *, judged_on: date) -> None:
    """The schools, and for each the set of peers a learner may have come from (sector, holidays)."""
    cal_of = {key: cal for cal, key in enumerate(region.calendars)}
    peers: dict[tuple[str, str], list[School]] = defaultdict(list)
    for school in region.schools:
        peers[school.sector, school.municipality.holiday_region].append(school)
    set_of = {key: number for number, key in enumerate(peers)}
    fill(
        con,
        "school",
        {
            "school_no": "INTEGER", "school": "VARCHAR", "sector": "VARCHAR", "slots": "INTEGER",
            "minutes_first": "INTEGER", "minutes_other": "INTEGER", "cal": "INTEGER",
            "first_learner": "BIGINT", "last_learner": "BIGINT", "municipality": "VARCHAR",
            "postcode_from": "INTEGER", "peer_set": "INTEGER", "peer_rank": "INTEGER", "peers": "INTEGER",
            "last_no": "INTEGER",
        },
        [
            (
                school.number, school.key, school.sector, school.slots_per_day, *school.minutes,
                cal_of[school.calendar], school.first, school.last, school.municipality.name,
                school.municipality.postcode_from, set_of[key], rank, len(peers[key]),
                len(region.calendars[school.calendar].until(judged_on)),
            )
            for key in peers
            for rank, school in enumerate(peers[key])
        ],
    )  # fmt: skip
    con.execute("""CREATE TEMP VIEW peer AS
        SELECT peer_set AS of_set, peer_rank AS rank, school_no AS peer_no, slots AS peer_slots
        FROM school""")
    fill(
        con,
        "schools_out",
        {"school": "VARCHAR", "sector": "VARCHAR", "slots_per_day": "INTEGER", "calendar": "VARCHAR"},
        [(school.key, school.sector, school.slots_per_day, school.calendar) for school in region.schools],
    )


def _stories(con: DuckDBPyConnection, stories: dict[int, StoryChild]) -> None:
    fill(
        con,
        "story_child",
        {
            "n": "BIGINT", "first_names": "VARCHAR", "call_name": "VARCHAR", "prefix": "VARCHAR",
            "last_name": "VARCHAR", "born_on": "DATE", "municipality": "VARCHAR", "postcode": "VARCHAR",
            "house_number": "VARCHAR",
        },
        [
            (
                n, child.first_names, child.call_name, child.prefix, child.last_name, child.born_on,
                child.school.municipality.name, f"{child.school.municipality.postcode_from + 5}SD",
                child.house_number,
            )
            for n, child in sorted(stories.items())
        ],
    )  # fmt: skip
    con.execute("ALTER TABLE story_child ADD COLUMN learner VARCHAR")
    con.execute("UPDATE story_child SET learner = 'L' || lpad(n::VARCHAR, getvariable('key_width'), '0')")
    con.execute("ALTER TABLE story_child ADD COLUMN basic_qualification BOOLEAN DEFAULT false")
    fill(
        con,
        "story_enrolment",
        {"n": "BIGINT", "school": "VARCHAR", "from_on": "DATE", "until_on": "DATE"},
        [(n, *astuple(row)) for n, child in stories.items() for row in child.enrolments],
    )
    fill(
        con,
        "story_exemption",
        {"n": "BIGINT", "article": "VARCHAR", "from_on": "DATE", "until_on": "DATE"},
        [(n, *astuple(row)) for n, child in stories.items() for row in child.exemptions],
    )
    fill(
        con,
        "story_mark",
        {
            "n": "BIGINT", "school": "VARCHAR", "date": "DATE", "slot": "INTEGER", "minutes": "INTEGER",
            "status": "VARCHAR", "reason": "VARCHAR", "permission": "BOOLEAN",
        },
        [(n, *astuple(row)) for n, child in stories.items() for row in child.marks],
    )  # fmt: skip
    fill(
        con,
        "story_listing",
        {"n": "BIGINT", "list": "VARCHAR", "since_on": "DATE", "category": "VARCHAR", "school": "VARCHAR"},
        [(n, *astuple(row), child.school.key) for n, child in stories.items() for row in child.listings],
    )
    con.execute(sql("entry"))
    con.execute("""INSERT INTO entry BY NAME
        SELECT list, n, n AS home, learner, last_name, prefix, first_names, call_name, born_on, postcode,
            house_number, school, since_on, category
        FROM story_listing JOIN story_child USING (n)""")
