"""Each story child's year really shows its story on the judging date; counted here the plain way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pytest

from inbeeld.engine.invented.tests.conftest import Generated

ON = date(2026, 4, 17)
NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Year:
    """The school year of one learner."""

    region: Generated
    learner: str

    @cached_property
    def enrolments(self) -> list[tuple[str, date, date]]:
        rows = self.region.ask(
            f"""SELECT school, from_on, until_on FROM enrolments
                WHERE learner = '{self.learner}' ORDER BY from_on"""
        )
        return [(school, from_on, until_on or NEVER) for school, from_on, until_on in rows]

    @cached_property
    def school_days(self) -> list[tuple[date, int]]:
        """School days so far with the slots of the day."""
        return self.region.ask(f"""
            SELECT DISTINCT date, slots_per_day
            FROM enrolments JOIN schools USING (school) JOIN calendar USING (calendar)
            WHERE learner = '{self.learner}' AND school_day AND date <= '{ON}'
              AND date BETWEEN from_on AND coalesce(until_on, DATE '{NEVER}')
            ORDER BY date""")

    @cached_property
    def absent(self) -> dict[date, list[tuple[str, bool | None]]]:
        rows = self.region.ask(f"""SELECT date, reason, permission FROM marks
            WHERE learner = '{self.learner}' AND status = 'absent' ORDER BY date, slot""")
        days: dict[date, list[tuple[str, bool | None]]] = {}
        for day, reason, permission in rows:
            days.setdefault(day, []).append((reason, permission))
        return days

    def away_since(self, *, permissions: set[bool | None]) -> date | None:
        """The first day of the run of fully absent days up to now, all slots of these permissions."""
        since = None
        for day, slots in reversed(self.school_days):
            permitted = [permission for _, permission in self.absent.get(day, ())]
            if len(permitted) < slots or not set(permitted) <= permissions:
                return since
            since = day
        return since

    @property
    def sick_reports(self) -> list[date]:
        sick = [
            any(reason == "sick" for reason, _ in self.absent.get(day, ())) for day, _ in self.school_days
        ]
        return [
            day
            for (day, _), now, before in zip(self.school_days, sick, [False, *sick], strict=False)
            if now and not before
        ]

    def school_week(self, day: date) -> int:
        weeks = sorted({other.isocalendar()[:2] for other, _ in self.school_days})
        return weeks.index(day.isocalendar()[:2])


@pytest.fixture
def told(region: Generated) -> dict[str, list[Year]]:
    stories: dict[str, list[Year]] = {}
    for learner, story in region.ask("SELECT learner, story FROM story ORDER BY learner"):
        stories.setdefault(story, []).append(Year(region, learner))
    return stories


def test_all_nine_stories_are_told(told: dict[str, list[Year]]) -> None:
    assert sorted(told) == [
        "board_must_take", "exempted", "four_year_old", "moved", "on_no_roll", "refusal_after_bullying",
        "relapsed", "sick_child", "twins",
    ]  # fmt: skip


def test_the_refusal_after_bullying_is_longer_than_four_weeks_and_without_permission(
    told: dict[str, list[Year]],
) -> None:
    (child,) = told["refusal_after_bullying"]
    since = child.away_since(permissions={False})
    assert since is not None
    assert 28 < (ON - since).days + 1 <= 62


def test_the_sick_childs_fourth_report_falls_in_week_eleven_of_the_twelve(
    told: dict[str, list[Year]],
) -> None:
    (child,) = told["sick_child"]
    reports = child.sick_reports
    assert len(reports) == 4
    assert child.school_week(reports[3]) - child.school_week(reports[0]) == 10
    assert child.away_since(permissions={True, False, None}) is None


def test_the_boy_on_no_roll_left_before_the_year_began_and_is_not_exempted(
    told: dict[str, list[Year]],
) -> None:
    (child,) = told["on_no_roll"]
    assert [until_on for _, _, until_on in child.enrolments] == [date(2025, 7, 31)]
    assert child.absent == {}
    assert child.region.number(f"SELECT count(*) FROM exemptions WHERE learner = '{child.learner}'") == 0


def test_the_exempted_girl_holds_5a_and_goes_to_no_school(told: dict[str, list[Year]]) -> None:
    (child,) = told["exempted"]
    held = child.region.ask(
        f"SELECT article, from_on, until_on FROM exemptions WHERE learner = '{child.learner}'"
    )
    assert held == [("5a", date(2024, 11, 1), date(2026, 7, 31))]
    assert all(until_on < ON for _, _, until_on in child.enrolments)


def test_the_four_year_old_is_at_home_before_compulsory_age(told: dict[str, list[Year]]) -> None:
    (child,) = told["four_year_old"]
    born_on = child.region.number(f"SELECT born_on FROM learners WHERE learner = '{child.learner}'")
    assert date(ON.year - 5, ON.month, ON.day) < born_on <= date(ON.year - 4, ON.month, ON.day)
    since = child.away_since(permissions={None})
    assert since is not None
    assert (ON - since).days + 1 > 28


def test_of_the_twins_one_is_at_home_and_the_other_skips_sixteen_hours_and_each_is_on_another_list(
    told: dict[str, list[Year]],
) -> None:
    home, skips = told["twins"]
    since = home.away_since(permissions={False})
    assert since is not None
    assert (ON - since).days + 1 > 28
    assert skips.away_since(permissions={True, False, None}) is None
    recent = [
        slots for day, slots in skips.absent.items() if skips.school_week(ON) - skips.school_week(day) <= 3
    ]
    assert sum(len(slots) for slots in recent) >= 16
    lists = [
        child.region.ask(f"SELECT list FROM list_truth WHERE learner = '{child.learner}'")
        for child in (home, skips)
    ]
    assert lists == [[("swv_vo",)], [("leerplicht",)]]
    household = {
        child.region.ask(f"""
            SELECT last_name, postcode, house_number, born_on FROM people JOIN learners USING (learner)
            WHERE learner = '{child.learner}'""")[0]
        for child in (home, skips)
    }
    assert len(household) == 1


def test_the_absence_of_the_moved_child_begins_at_the_old_school_and_goes_on_at_the_new(
    told: dict[str, list[Year]],
) -> None:
    (child,) = told["moved"]
    (old, _, left_on), (new, moved_on, _) = child.enrolments
    since = child.away_since(permissions={False})
    assert old != new
    assert left_on == moved_on - timedelta(days=1)
    assert since is not None
    assert since < moved_on <= ON - timedelta(days=28)


def test_the_returned_child_was_at_home_for_weeks_came_back_and_is_at_home_again(
    told: dict[str, list[Year]],
) -> None:
    (child,) = told["relapsed"]
    since = child.away_since(permissions={False})
    assert since is not None
    assert 28 < (ON - since).days + 1 <= 35
    whole_days = [day for day, slots in child.school_days if len(child.absent.get(day, ())) >= slots]
    at_home = [day for day in whole_days if day < since]
    assert (at_home[-1] - at_home[0]).days + 1 > 28
    days = [day for day, _ in child.school_days]
    assert at_home == days[: len(at_home)]  # without a day at school in between
    assert {permission for day in at_home for _, permission in child.absent[day]} == {False}
    assert days.index(since) - len(at_home) > 60  # school days back at school
    agreed = child.region.ask(f"""SELECT DISTINCT date, status FROM marks
        WHERE learner = '{child.learner}' AND reason = 'timetable'""")
    assert len(agreed) == 30 and {status for _, status in agreed} == {"other"}
    assert not {day for day, _ in agreed} & set(child.absent)
    assert min(agreed)[0] > at_home[-1] and max(agreed)[0] < since


def test_the_child_no_school_takes_is_at_home_for_more_than_three_months(told: dict[str, list[Year]]) -> None:
    (child,) = told["board_must_take"]
    since = child.away_since(permissions={True, False, None})
    without_since = child.away_since(permissions={False})
    assert since is not None
    assert without_since is not None
    assert since <= date(2026, 1, 17)
    assert since < without_since
