"""The story children: ten invented children whose year each shows one way a child drops out of sight.

Each story is a function from the stage (schools, calendars, judging date) to children with their
enrolments, exemptions, marks and places on lists. Dates are counted back from the judging date, so that
the judged facts show the story on that day. Order matters: it decides the learner numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from inbeeld.engine.invented.calendars import Calendar
from inbeeld.engine.invented.region import Region, School
from inbeeld.kernel.attendance import TIMETABLE, Mark, Stay


@dataclass(frozen=True)
class Listing:
    """A place on the list of an organisation: swv_vo, swv_po or leerplicht."""

    on_list: str
    since_on: date
    category: str


@dataclass(frozen=True)
class StoryChild:
    """A child whose course shows one of the systems inbeeld must serve; every name is invented."""

    story: str
    title_nl: str
    first_names: str
    call_name: str
    prefix: str | None
    last_name: str
    born_on: date
    school: School
    house_number: str
    enrolments: tuple[Stay, ...] = ()
    exemptions: tuple[Stay, ...] = ()
    marks: tuple[Mark, ...] = ()
    listings: tuple[Listing, ...] = field(default=())


@dataclass(frozen=True)
class Stage:
    """Where the stories play: the schools to choose from and the day they are looked at."""

    region: Region
    judged_on: date

    def school(self, sector: str, nth: int = 0) -> School:
        return [school for school in self.region.schools if school.sector == sector][nth]

    def calendar(self, school: School) -> Calendar:
        return self.region.calendars[school.calendar]

    def days(self, school: School, *, since: date, until: date | None = None) -> list[date]:
        """School days of `school` from `since` up to the judging date or `until`, both included."""
        last = min(until or self.judged_on, self.judged_on)
        return [day for day in self.calendar(school).until(last) if day >= since]

    def weeks(self, school: School) -> list[list[date]]:
        """School days so far by school week, the last week last."""
        weeks: dict[tuple[int, int], list[date]] = {}
        for day in self.calendar(school).until(self.judged_on):
            weeks.setdefault(day.isocalendar()[:2], []).append(day)
        return list(weeks.values())

    def back(self, days: int) -> date:
        """The date `days` calendar days before the judging date."""
        return self.judged_on - timedelta(days=days)

    def first_day_at(self, school: School, days_back: int) -> date:
        """The first school day on or after that many calendar days back."""
        return self.calendar(school).first_school_day_from(self.back(days_back))

    def birthday(self, years: int, days: int) -> date:
        """Born so that the child is `years` and `days` old on the judging date."""
        turned = self.back(days)
        day = min(turned.day, 28)
        return turned.replace(year=turned.year - years, day=day)

    def years_ago(self, years: int) -> date:
        """The start of the school year that many years before this one."""
        start = next(iter(self.region.calendars.values())).year_starts
        return start.replace(year=start.year - years)


def away(
    school: School,
    days: Iterable[date],
    *,
    reason: str | None,
    permission: bool | None,
    slots: Iterable[int] | None = None,
    status: str = "absent",
) -> tuple[Mark, ...]:
    """Marks for each of the days; all slots of the day unless `slots` are named."""
    chosen = tuple(slots) if slots is not None else tuple(range(1, school.slots_per_day + 1))
    return tuple(
        Mark(school.key, day, slot, school.minutes[0 if slot == 1 else 1], status, reason, permission)
        for day in days
        for slot in chosen
    )


def story_children(region: Region, judged_on: date) -> tuple[StoryChild, ...]:
    """All story children, always in the same order."""
    stage = Stage(region, judged_on)
    return tuple(child for tell in STORIES for child in tell(stage))


def _refusal_after_bullying(stage: Stage) -> tuple[StoryChild, ...]:
    school = stage.school("vo")
    since = stage.first_day_at(school, 60)
    earlier = stage.days(school, since=stage.back(110), until=since - timedelta(days=1))
    mondays = [day for day in earlier if day.weekday() == 0]
    marks = (
        *away(school, mondays, reason="unknown", permission=None, slots=(1, 2)),
        *away(school, earlier[-9:-7], reason="sick", permission=True),
        *away(school, stage.days(school, since=since), reason="unknown", permission=False),
    )
    return (
        StoryChild(
            "refusal_after_bullying", "Durft na het pesten niet meer naar school",
            "Fenna Elisabeth", "Fenna", "van den", "Brinkhof", stage.birthday(13, 100), school, "12",
            (Stay(school.key, stage.years_ago(1)),), (), marks,
            (Listing("swv_vo", since, "lrv"), Listing("leerplicht", since + timedelta(days=9), "lrv")),
        ),
    )  # fmt: skip


def _sick_child(stage: Stage) -> tuple[StoryChild, ...]:
    """Four sick reports; the fourth falls in week eleven counted from the week of the first."""
    school = stage.school("vo", 1)
    weeks = stage.weeks(school)
    reported = ((weeks[-11], 2), (weeks[-8], 2), (weeks[-4], 2), (weeks[-1], 1))
    marks = tuple(
        mark for week, days in reported for mark in away(school, week[:days], reason="sick", permission=True)
    )
    return (
        StoryChild(
            "sick_child", "Vaak ziek: vierde ziekmelding in week elf van de twaalf",
            "Youssef", "Youssef", "el", "Barkani", stage.birthday(14, 40), school, "88",
            (Stay(school.key, stage.years_ago(2)),), (), marks,
        ),
    )  # fmt: skip


def _on_no_roll(stage: Stage) -> tuple[StoryChild, ...]:
    school = stage.school("vo", 2)
    last = stage.years_ago(0) - timedelta(days=1)
    return (
        StoryChild(
            "on_no_roll", "Sinds de zomer op geen enkele school ingeschreven",
            "Wiebe Jacobus", "Wiebe", "ter", "Drifthuis", stage.birthday(15, 20), school, "3",
            (Stay(school.key, stage.years_ago(3), last),), (), (),
            (Listing("leerplicht", last + timedelta(days=1), "absoluut"),),
        ),
    )  # fmt: skip


def _exempted(stage: Stage) -> tuple[StoryChild, ...]:
    school = stage.school("so")
    since = stage.years_ago(1).replace(month=11, day=1)
    until = stage.years_ago(-1) - timedelta(days=1)
    return (
        StoryChild(
            "exempted", "Vrijgesteld (5 onder a), maar zou twee uur per dag kunnen leren",
            "Sıla", "Sıla", None, "Yalçınkaya", stage.birthday(10, 200), school, "41",
            (Stay(school.key, stage.years_ago(4), since - timedelta(days=1)),),
            (Stay("5a", since, until),), (),
            (Listing("leerplicht", since, "5a"), Listing("swv_po", since, "5a")),
        ),
    )  # fmt: skip


def _four_year_old(stage: Stage) -> tuple[StoryChild, ...]:
    school = stage.school("po")
    born_on = stage.birthday(4, 150)
    fourth_birthday = born_on.replace(year=born_on.year + 4)
    since = stage.first_day_at(school, 45)
    return (
        StoryChild(
            "four_year_old", "Vier jaar en al weken thuis",
            "Noëlle Sophia", "Noëlle", "de", "Zwanberg", born_on, school, "7",
            (Stay(school.key, fourth_birthday),), (),
            away(school, stage.days(school, since=since), reason="unknown", permission=None),
            (Listing("swv_po", since, "overig"),),
        ),
    )  # fmt: skip


def _twins(stage: Stage) -> tuple[StoryChild, ...]:
    """One twin stands on the list of the SWV, the other on that of leerplicht: two children, not one."""
    school = stage.school("vo", 1)
    born_on = stage.birthday(12, 160)
    since = stage.first_day_at(school, 47)
    recent = stage.days(school, since=stage.back(40))[-11:-2]
    enrolments = (Stay(school.key, stage.years_ago(0)),)
    title = "Tweeling: de een thuis, de ander spijbelt steeds vaker"
    return (
        StoryChild(
            "twins", title, "Thijmen Lambertus", "Thijmen", "van de", "Hazelvoort", born_on, school, "156",
            enrolments, (),
            away(school, stage.days(school, since=since), reason="unknown", permission=False),
            (Listing("swv_vo", since, "lrv"),),
        ),
        StoryChild(
            "twins", title, "Tijn Theodorus", "Tijn", "van de", "Hazelvoort", born_on, school, "156",
            enrolments, (),
            away(school, recent, reason="truant", permission=False, slots=(school.slots_per_day - 1,
                 school.slots_per_day)),
            (Listing("leerplicht", stage.back(12), "16uur"),),
        ),
    )  # fmt: skip


def _moved(stage: Stage) -> tuple[StoryChild, ...]:
    """Away before the move and after it: the absence follows the child to the next school."""
    old, new = stage.school("vo"), stage.school("vo", 2)
    since = stage.first_day_at(old, 72)
    moved_on = stage.first_day_at(new, 39)
    left_on = moved_on - timedelta(days=1)
    marks = (
        *away(old, stage.days(old, since=since, until=left_on), reason="unknown", permission=False),
        *away(new, stage.days(new, since=moved_on), reason="unknown", permission=False),
    )
    return (
        StoryChild(
            "moved", "Verhuisd terwijl hij thuiszat: het verzuim gaat mee naar de nieuwe school",
            "Shaniel Marlon", "Shaniel", None, "Pengelou", stage.birthday(14, 250), new, "22",
            (Stay(old.key, stage.years_ago(2), left_on), Stay(new.key, moved_on)), (), marks,
            (Listing("swv_vo", since, "lrv"), Listing("leerplicht", moved_on, "lrv")),
        ),
    )  # fmt: skip


def _relapsed(stage: Stage) -> tuple[StoryChild, ...]:
    """At home in the first weeks of the school year, back with a partial timetable, and in month nine at home
    again, by now for longer than four weeks."""
    school = stage.school("vo")
    relapse = stage.first_day_at(school, 32)
    before = stage.days(school, since=stage.years_ago(0), until=relapse - timedelta(days=1))
    at_home, first_days = before[:30], before[30:60]
    last_weeks = stage.days(school, since=relapse - timedelta(days=24), until=relapse - timedelta(days=1))
    half = school.slots_per_day // 2 + 1
    marks = (
        *away(school, at_home, reason="unknown", permission=False),
        *away(
            school,
            first_days,
            reason=TIMETABLE,
            permission=None,
            slots=range(half, school.slots_per_day + 1),
            status="other",
        ),
        *away(school, last_weeks[1::3], reason="unknown", permission=None, slots=(1, 2)),
        *away(school, stage.days(school, since=relapse), reason="unknown", permission=False),
    )
    return (
        StoryChild(
            "relapsed", "Terug op school, en in maand negen weer thuis",
            "Jasmijn Aleida", "Jasmijn", None, "Meijhuis-de Graaf", stage.birthday(15, 300), school, "64A",
            (Stay(school.key, stage.years_ago(3)),), (), marks,
            (Listing("leerplicht", relapse, "lrv"),),
        ),
    )  # fmt: skip


def _board_must_take(stage: Stage) -> tuple[StoryChild, ...]:
    """Suspended, to be removed, refused elsewhere: only a board can end this."""
    school = stage.school("vo", 2)
    since = stage.first_day_at(school, 118)
    days = stage.days(school, since=since)
    marks = (
        *away(school, days[:5], reason="suspended", permission=True),
        *away(school, days[5:], reason="unknown", permission=False),
    )
    return (
        StoryChild(
            "board_must_take", "Geen school wil hem hebben: een bestuur moet plaatsen",
            "Ruben Cornelis", "Ruben", "in 't", "Veldwerf", stage.birthday(15, 60), school, "9",
            (Stay(school.key, stage.years_ago(3)),), (), marks,
            (Listing("swv_vo", since, "lrv"), Listing("leerplicht", since + timedelta(days=14), "lrv")),
        ),
    )  # fmt: skip


STORIES: Final[tuple[Callable[[Stage], tuple[StoryChild, ...]], ...]] = (
    _refusal_after_bullying, _sick_child, _on_no_roll, _exempted, _four_year_old, _twins, _moved, _relapsed,
    _board_must_take,
)  # fmt: skip
