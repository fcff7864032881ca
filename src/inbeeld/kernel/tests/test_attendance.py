"""What must stay the same when marks, schools or holidays change, whatever the marks are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.kernel.attendance import Attendance, Episode, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar

BEGIN = date(2025, 9, 1)  # a Monday
WEEKS = 14
SLOTS = 3
ON = BEGIN + timedelta(weeks=WEEKS)
SCHOOLS = {key: School(key, "vo", SLOTS, "C") for key in "AB"}
SOME = settings(max_examples=60, deadline=None)

all_dates = [BEGIN + timedelta(number) for number in range(7 * WEEKS)]
said = st.sampled_from([("truant", False), ("sick", True), ("leave", True), (None, None), ("sick", None)])


@st.composite
def attendances(draw: st.DrawFn) -> Attendance:
    """Fourteen weeks at school A, some of them holiday, with runs of whole and half days missed."""
    free = draw(st.sets(st.integers(0, WEEKS - 1), max_size=4))
    odd = draw(st.sets(st.sampled_from(all_dates), max_size=5))
    school_days = [
        day
        for day in all_dates
        if day.weekday() < 5 and (day - BEGIN).days // 7 not in free and day not in odd
    ]
    marks = []
    for start, length in draw(
        st.lists(st.tuples(st.integers(0, 7 * WEEKS - 1), st.integers(1, 24)), max_size=6)
    ):
        reason, permission = draw(said)
        slots = draw(st.sampled_from([(1, 2, 3), (1, 2, 3), (1,), (2, 3)]))
        for day in all_dates[start : start + length]:
            marks += [Mark("A", day, slot, 60, "absent", reason, permission) for slot in slots]
    # One mark per slot: the later run stands.
    marks = list({(mark.date, mark.slot): mark for mark in marks}.values())
    return Attendance(
        "L",
        ON,
        SCHOOLS,
        {"C": SchoolCalendar(school_days)},
        [Stay("A", BEGIN)],
        marks=marks,
        born_on=date(2012, 5, 5),
    )


def conclusions(one: Attendance) -> tuple[Any, ...]:
    """All that counts."""
    return one.facts, one.episodes, one.report_duties, one.sick_alerts


def school_days_of(episodes: Sequence[Episode], one: Attendance, family: str) -> set[date]:
    return {
        day.date
        for episode in episodes
        if episode.family == family
        for day in one.days
        if episode.first_on <= day.date <= episode.last_on
    }


@given(attendances(), st.sampled_from(all_dates), st.integers(1, SLOTS), said)
@SOME
def test_a_mark_on_a_holiday_changes_nothing(
    one: Attendance, day: date, slot: int, what: tuple[str | None, bool | None]
) -> None:
    free = next(
        (other for other in all_dates if other >= day and other not in one.calendars["C"]), all_dates[5]
    )
    mark = Mark("A", free, slot, 60, "absent", *what)
    more = replace(one, marks=[*one.marks, mark])
    assert conclusions(more) == conclusions(one)
    assert more.why_not_counted(mark) == "no_school_day"


@given(attendances(), st.sampled_from(all_dates))
@SOME
def test_a_move_to_a_like_school_changes_the_school_and_nothing_else(one: Attendance, day: date) -> None:
    moved = replace(
        one,
        enrolments=[Stay("A", BEGIN, day), Stay("B", day + timedelta(1))],
        marks=[replace(mark, school="B" if mark.date > day else "A") for mark in one.marks],
    )
    facts, *rest = conclusions(moved)
    before, *rest_before = conclusions(one)
    assert facts == replace(before, school="B")
    assert rest == rest_before


@given(attendances(), st.sampled_from(["late", "removed", "other"]), st.data())
@SOME
def test_a_later_mark_that_is_no_absence_takes_the_absence_away(
    one: Attendance, status: str, data: st.DataObject
) -> None:
    if not one.marks:
        return
    gone = data.draw(st.sampled_from(one.marks))
    later = replace(one, marks=[*one.marks, replace(gone, status=status)])
    without = replace(one, marks=[mark for mark in one.marks if mark != gone])
    assert conclusions(later) == conclusions(without)


@given(attendances(), st.data())
@SOME
def test_the_last_mark_of_a_slot_stands_even_at_a_school_where_it_does_not_count(
    one: Attendance, data: st.DataObject
) -> None:
    if not one.marks:
        return
    gone = data.draw(st.sampled_from(one.marks))
    elsewhere = replace(gone, school="B")
    assert conclusions(replace(one, marks=[*one.marks, elsewhere])) == conclusions(
        replace(one, marks=[mark for mark in one.marks if mark != gone])
    )


@given(attendances(), st.randoms(use_true_random=False))
@SOME
def test_the_order_of_marks_for_different_slots_does_not_matter(one: Attendance, dice: Any) -> None:
    shuffled = list(one.marks)
    dice.shuffle(shuffled)
    assert conclusions(replace(one, marks=shuffled)) == conclusions(one)


@given(attendances(), st.sampled_from(all_dates))
@SOME
def test_what_comes_after_the_day_does_not_matter(one: Attendance, on: date) -> None:
    then = replace(one, on=on)
    known_then = replace(
        then,
        marks=[mark for mark in one.marks if mark.date <= on],
        calendars={"C": SchoolCalendar(day for day in one.calendars["C"].days if day <= on)},
        enrolments=[Stay("A", BEGIN, ON), Stay("B", on + timedelta(1))],
    )
    assert conclusions(then) == conclusions(known_then)


@given(attendances(), st.integers(0, WEEKS), st.integers(1, 3))
@SOME
def test_a_holiday_put_in_between_changes_no_number_of_school_days_or_weeks(
    one: Attendance, week: int, length: int
) -> None:
    edge = BEGIN + timedelta(weeks=week)

    def shifted(day: date) -> date:
        return day + timedelta(weeks=length) if day >= edge else day

    later = replace(
        one,
        on=shifted(ON),
        calendars={"C": SchoolCalendar(map(shifted, one.calendars["C"].days))},
        marks=[replace(mark, date=shifted(mark.date)) for mark in one.marks],
    )
    assert [shifted(day.date) for day in one.days] == [day.date for day in later.days]
    assert [(day.number, day.week) for day in one.days] == [(day.number, day.week) for day in later.days]
    assert [(e.family, e.school_days, e.ongoing) for e in one.episodes] == [
        (e.family, e.school_days, e.ongoing) for e in later.episodes
    ]
    assert [duty.minutes for duty in one.report_duties] == [duty.minutes for duty in later.report_duties]
    assert [alert.rule for alert in one.sick_alerts] == [alert.rule for alert in later.sick_alerts]
    dated = dict.fromkeys(
        (
            "phase",
            "ongoing_since",
            "ongoing_without_since",
            "ongoing_open_since",
            "report_duty_on",
            "sick_alert_on",
        )
    )
    assert replace(one.facts, **dated) == replace(later.facts, **dated)


@given(attendances())
@SOME
def test_any_absence_is_open_or_with_permission_and_without_is_open(one: Attendance) -> None:
    of = {family: school_days_of(one.episodes, one, family) for family in ("any", "open", "with", "without")}
    assert of["any"] == of["open"] | of["with"]
    assert not of["open"] & of["with"]
    assert of["without"] <= of["open"]
    assert of["any"] == {day.date for day in one.days if day.is_fully_absent}


@given(attendances())
@SOME
def test_episodes_of_a_family_are_apart_and_at_most_the_last_goes_on(one: Attendance) -> None:
    numbers = {day.date: day.number for day in one.days}
    for family in ("any", "open", "with", "without"):
        mine = [episode for episode in one.episodes if episode.family == family]
        for before, after in zip(mine, mine[1:], strict=False):
            assert numbers[before.last_on] + 1 < numbers[after.first_on]
            assert not before.ongoing
        for episode in mine:
            assert numbers[episode.last_on] - numbers[episode.first_on] + 1 == episode.school_days


@given(attendances())
@SOME
def test_days_and_weeks_are_numbered_without_gaps(one: Attendance) -> None:
    assert [day.number for day in one.days] == list(range(1, len(one.days) + 1))
    mondays = sorted({day.date - timedelta(day.date.weekday()) for day in one.days})
    assert [mondays[day.week - 1] for day in one.days] == [
        day.date - timedelta(day.date.weekday()) for day in one.days
    ]


@given(attendances())
@SOME
def test_a_duty_holds_sixteen_hours_of_four_school_weeks_that_no_other_counted(one: Attendance) -> None:
    by_date = {day.date: day for day in one.days}
    before = date.min
    for duty in one.report_duties:
        window = [day for day in one.days if duty.begins_on <= day.date <= duty.ends_on]
        assert duty.begins_on > before
        assert sum(day.minutes_without for day in window) == duty.minutes >= 16 * 60
        assert by_date[duty.ends_on].week - by_date[duty.begins_on].week < 4
        assert duty.minutes - by_date[duty.ends_on].minutes_without < 16 * 60
        before = duty.ends_on


@given(attendances())
@SOME
def test_shares_are_never_above_one_and_windows_nest(one: Attendance) -> None:
    facts = one.facts
    for absent, scheduled in (
        (facts.absent_ytd, facts.scheduled_ytd),
        (facts.absent_4w, facts.scheduled_4w),
        (facts.absent_12w, facts.scheduled_12w),
    ):
        assert 0 <= absent <= scheduled
    assert facts.scheduled_4w <= facts.scheduled_12w <= facts.scheduled_ytd
    assert facts.absent_4w <= facts.absent_12w <= facts.absent_ytd
