"""From marks to days, episodes, duties, alerts and facts for one learner: plain and slow.

This is the reference twin of the engine's SQL, and what the child page shows. It follows the
contract (docs/reference/meanings.md) sentence by sentence; the numbers in docstrings are its.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Literal

from inbeeld.kernel.calendar import SchoolCalendar, monday_of, school_year_begin
from inbeeld.kernel.definitions import early_absence, report_duty
from inbeeld.kernel.definitions.compulsory_age import of_compulsory_age
from inbeeld.kernel.definitions.phases import phase_of
from inbeeld.kernel.facts import FactRow, facts_of_child
from inbeeld.kernel.region import Region
from inbeeld.kernel.truth import Outcome

#: The reason of a mark that is no absence: free by a partial timetable that school and parents agreed.
TIMETABLE = "timetable"
Permission = Literal["with", "without", "unknown"]
Family = Literal["any", "without", "open", "with"]
FAMILIES: dict[Family, tuple[Permission, ...]] = {
    "any": ("with", "without", "unknown"),
    "open": ("without", "unknown"),
    "with": ("with",),
    "without": ("without",),
}


@dataclass(frozen=True)
class School:
    """A school as the table `schools` has it."""

    school: str
    sector: str
    slots_per_day: int
    calendar: str


@dataclass(frozen=True)
class Stay:
    """A period: enrolled at the school `what`, or exempt on the article `what`. The last day is in it."""

    what: str
    from_on: date
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True)
class Mark:
    """One mark as delivered; `minutes` and `permission` may be not known (None)."""

    school: str
    date: date
    slot: int
    minutes: int | None
    status: str
    reason: str | None
    permission: bool | None


@dataclass(frozen=True)
class SchoolDay:
    """One school day of one learner, with what was missed of it. Minutes are without permission."""

    date: date
    number: int
    week: int
    school: str
    slots: int
    absent: int = 0
    permission: Permission | None = None
    sick: bool = False
    minutes_without: int = 0

    @property
    def is_fully_absent(self) -> bool:
        return self.absent >= self.slots

    @property
    def absent_slots(self) -> int:
        """Absent slots, at most a whole day."""
        return min(self.absent, self.slots)


@dataclass(frozen=True)
class Episode:
    """A maximal run of consecutive, fully absent school days of one family."""

    family: Family
    first_on: date
    last_on: date
    school_days: int
    ongoing: bool


@dataclass(frozen=True)
class ReportDuty:
    """A duty to report; `minutes` without permission reached in the window."""

    begins_on: date
    ends_on: date
    minutes: int


@dataclass(frozen=True)
class SickAlert:
    """A M@ZL alert: the fourth report in twelve school weeks, or the seventh day in a row."""

    on: date
    rule: Literal["fourth_report", "seventh_day"]


@dataclass(frozen=True)
class Attendance:
    """Everything one learner's marks say on one day. Marks stand in the order of delivery."""

    learner: str
    on: date
    schools: Mapping[str, School]
    calendars: Mapping[str, SchoolCalendar]
    enrolments: Sequence[Stay]
    exemptions: Sequence[Stay] = ()
    marks: Sequence[Mark] = ()
    born_on: date | None = None
    basic_qualification: bool | None = None
    region: Region = Region()

    def school_on(self, day: date) -> School | None:
        """The school of enrolment that day: the later-begun, on a tie the greater key (§3.1)."""
        there = [stay for stay in self.enrolments if stay.covers(day)]
        if not there:
            return None
        return self.schools[max(there, key=lambda stay: (stay.from_on, stay.what)).what]

    @cached_property
    def standing_marks(self) -> dict[tuple[date, int], Mark]:
        """One mark per date and slot: the later row of the later file (§2)."""
        return {(mark.date, mark.slot): mark for mark in self.marks}

    def why_not_counted(self, mark: Mark) -> str | None:
        """Why a mark is kept but not counted; None when it counts (§2)."""
        if mark.date > self.on:
            return "after_the_day"
        school = self.school_on(mark.date)
        there = any(stay.what == mark.school and stay.covers(mark.date) for stay in self.enrolments)
        if school is None or not there:
            return "not_enrolled_there"
        if mark.date not in self.calendars[school.calendar]:
            return "no_school_day"
        return None

    @cached_property
    def missed(self) -> dict[date, list[Mark]]:
        """The absences that count, by day (§2)."""
        return self._counted(lambda mark: mark.status == "absent")

    @cached_property
    def agreed(self) -> dict[date, list[Mark]]:
        """The parts of days a learner need not come by a partial timetable: kept, and no absence (§2)."""
        return self._counted(lambda mark: mark.status != "absent" and mark.reason == TIMETABLE)

    def _counted(self, is_meant: Callable[[Mark], bool]) -> dict[date, list[Mark]]:
        """The marks of a kind that stand and count, by day."""
        found: dict[date, list[Mark]] = {}
        for mark in self.standing_marks.values():
            if is_meant(mark) and self.why_not_counted(mark) is None:
                found.setdefault(mark.date, []).append(mark)
        return found

    @cached_property
    def days(self) -> list[SchoolDay]:
        """The learner's school days up to `on`, numbered, with what was missed (§3.1, §3.2, §3.5)."""
        plain, missed = self._plain_days(), self.missed
        return [self._with_marks(day, missed[day.date]) if day.date in missed else day for day in plain]

    def _plain_days(self) -> list[SchoolDay]:
        candidates = {
            day
            for stay in self.enrolments
            for day in self.calendars[self.schools[stay.what].calendar].between(
                stay.from_on, min(stay.until_on or self.on, self.on)
            )
        }
        found: list[SchoolDay] = []
        mondays: list[date] = []
        for day in sorted(candidates):
            school = self.school_on(day)
            if school is None or day not in self.calendars[school.calendar]:
                continue
            if not mondays or mondays[-1] != monday_of(day):
                mondays.append(monday_of(day))
            found.append(SchoolDay(day, len(found) + 1, len(mondays), school.school, school.slots_per_day))
        return found

    def _with_marks(self, day: SchoolDay, absent: list[Mark]) -> SchoolDay:
        said = {mark.permission for mark in absent}
        unit = self.region.hour_units[self.schools[day.school].sector]
        return replace(
            day,
            absent=len(absent),
            permission="without" if False in said else "unknown" if None in said else "with",
            sick=any(mark.reason == "sick" for mark in absent),
            minutes_without=sum(
                report_duty.MINUTES_IN_AN_HOUR if unit == "lesson" else mark.minutes or 0
                for mark in absent
                if mark.permission is False
            ),
        )

    @cached_property
    def episodes(self) -> list[Episode]:
        """All episodes by family and first day (§3.3)."""
        return [
            Episode(family, run[0].date, run[-1].date, len(run), run[-1].number == len(self.days))
            for family, permissions in sorted(FAMILIES.items())
            for run in _runs(self.days, partial(_is_away, permissions=permissions))
        ]

    def ongoing_since(self, family: Family) -> date | None:
        """First day of the ongoing episode of a family."""
        for episode in self.episodes:
            if episode.family == family and episode.ongoing:
                return episode.first_on
        return None

    @cached_property
    def report_duties(self) -> list[ReportDuty]:
        """Sixteen hours in a school week and the three before it, counted anew after each (§3.5)."""
        duties: list[ReportDuty] = []
        counting: list[SchoolDay] = []
        for day in self.days:
            if not day.minutes_without:
                continue
            counting.append(day)
            window = [one for one in counting if one.week > day.week - report_duty.SCHOOL_WEEKS]
            minutes = sum(one.minutes_without for one in window)
            if minutes >= report_duty.HOURS * report_duty.MINUTES_IN_AN_HOUR:
                duties.append(ReportDuty(window[0].date, day.date, minutes))
                counting = []
        return duties

    @cached_property
    def sick_runs(self) -> list[list[SchoolDay]]:
        """Maximal runs of consecutive school days with at least one slot missed as sick (§3.6)."""
        return _runs(self.days, lambda day: day.sick)

    @cached_property
    def sick_alerts(self) -> list[SickAlert]:
        """M@ZL alerts in order of day (§3.6)."""
        alerts = []
        for index, run in enumerate(self.sick_runs):
            week = run[0].week
            earlier = self.sick_runs[: index + 1]
            reports = sum(week - one[0].week < early_absence.MAZL_SCHOOL_WEEKS for one in earlier)
            if reports == early_absence.MAZL_REPORTS:
                alerts.append(SickAlert(run[0].date, "fourth_report"))
            if len(run) >= early_absence.MAZL_DAYS_IN_A_ROW:
                alerts.append(SickAlert(run[early_absence.MAZL_DAYS_IN_A_ROW - 1].date, "seventh_day"))
        return sorted(alerts, key=lambda alert: (alert.on, alert.rule))

    def last_school_weeks(self, number: int) -> list[SchoolDay]:
        """The days of the learner's last `number` school weeks."""
        return [day for day in self.days if day.week > self.days[-1].week - number]

    def this_school_year(self) -> list[SchoolDay]:
        """The days from 1 August."""
        return [day for day in self.days if day.date >= school_year_begin(self.on)]

    def layer(self, window: Sequence[SchoolDay]) -> int | None:
        """The layer of the pyramid by the share missed in a window of days (§3.7)."""
        return early_absence.layer_of(
            _absent(window),
            _scheduled(window),
            len(window),
            cuts=self.region.layer_cuts,
            minimum_days=self.region.layer_minimum_days,
        )

    @cached_property
    def facts(self) -> FactRow:
        """The row of the table `facts` (§4)."""
        school = self.school_on(self.on)
        since = self.ongoing_since("any")
        year, four, twelve = self.this_school_year(), self.last_school_weeks(4), self.last_school_weeks(12)
        return self._with_compulsory_age(
            FactRow(
                learner=self.learner,
                school=school.school if school else None,
                phase=phase_of(since, on=self.on),
                ongoing_since=since,
                ongoing_without_since=self.ongoing_since("without"),
                ongoing_open_since=self.ongoing_since("open"),
                absent_ytd=_absent(year),
                scheduled_ytd=_scheduled(year),
                absent_4w=_absent(four),
                scheduled_4w=_scheduled(four),
                absent_12w=_absent(twelve),
                scheduled_12w=_scheduled(twelve),
                layer_ytd=self.layer(year),
                layer_4w=self.layer(four),
                layer_12w=self.layer(twelve),
                sick_reports_12w=len({run[0].date for run in self.sick_runs} & {day.date for day in twelve}),
                alternating_days_15w=self._alternating_days(),
                of_compulsory_age=None,
                enrolled=school is not None,
                exempt=any(exemption.covers(self.on) for exemption in self.exemptions),
                born_on=self.born_on,
                basic_qualification=self.basic_qualification,
                report_duty_on=_last(
                    duty.ends_on for duty in self.report_duties if duty.ends_on >= school_year_begin(self.on)
                ),
                sick_alert_on=_last(alert.on for alert in self.sick_alerts if alert.on >= twelve[0].date),
            )
        )

    def _alternating_days(self) -> int:
        window = self.last_school_weeks(early_absence.ALTERNATING_SCHOOL_WEEKS)
        return sum(
            day.absent > 0 and day.absent * early_absence.ALTERNATING_PARTS >= day.slots for day in window
        )

    def _with_compulsory_age(self, row: FactRow) -> FactRow:
        outcome = of_compulsory_age.verdict(facts_of_child(row, on=self.on)).outcome
        answer = {Outcome.YES: True, Outcome.NO: False, Outcome.UNKNOWN: None}[outcome]
        return replace(row, of_compulsory_age=answer)


def _is_away(day: SchoolDay, *, permissions: tuple[Permission, ...]) -> bool:
    return day.is_fully_absent and day.permission in permissions


def _runs(days: Sequence[SchoolDay], belongs: Callable[[SchoolDay], bool]) -> list[list[SchoolDay]]:
    """Maximal runs of consecutive days that belong."""
    runs: list[list[SchoolDay]] = []
    for day in days:
        if not belongs(day):
            continue
        if runs and runs[-1][-1].number == day.number - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _absent(window: Iterable[SchoolDay]) -> int:
    return sum(day.absent_slots for day in window)


def _scheduled(window: Iterable[SchoolDay]) -> int:
    return sum(day.slots for day in window)


def _last(days: Iterable[date]) -> date | None:
    return max(days, default=None)
