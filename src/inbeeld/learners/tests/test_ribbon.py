"""The ribbon draws what the kernel knows: each day once, in its week, with its state."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string

from inbeeld.kernel.attendance import Attendance, Mark, School, Stay
from inbeeld.kernel.calendar import SchoolCalendar
from inbeeld.learners.ribbon import STEP, WORDS, ribbon_of

ON = date(2026, 4, 17)
HOLIDAY = range(date(2025, 12, 20).toordinal(), date(2026, 1, 5).toordinal())
YEAR = [date(2025, 9, 1) + timedelta(days=number) for number in range(300)]
SCHOOL_DAYS = [day for day in YEAR if day.weekday() < 5 and day.toordinal() not in HOLIDAY]


def attendance(*marks: Mark, from_on: date = date(2025, 8, 1), until_on: date | None = None) -> Attendance:
    return Attendance(
        learner="L1",
        on=ON,
        schools={"S1": School("S1", "vo", 4, "Noord")},
        calendars={"Noord": SchoolCalendar(SCHOOL_DAYS)},
        enrolments=[Stay("S1", from_on, until_on)],
        marks=marks,
        born_on=date(2012, 1, 1),
    )


def away(
    day: date, *, slots: int = 4, permission: bool | None = False, reason: str = "unknown"
) -> list[Mark]:
    return [Mark("S1", day, slot, 50, "absent", reason, permission) for slot in range(1, slots + 1)]


def cells(ribbon):
    return {cell.day: cell for half in ribbon.halves for cell in half.cells}


def test_every_day_of_the_year_is_drawn_once_and_holidays_are_blank():
    drawn = cells(ribbon_of(attendance(), alerts=()))
    assert set(drawn) >= set(SCHOOL_DAYS)
    assert date(2025, 12, 24) not in drawn
    assert {cell.state for day, cell in drawn.items() if day in SCHOOL_DAYS and day <= ON} == {"present"}
    assert {cell.state for day, cell in drawn.items() if day > ON} == {"future"}


def test_states_tell_permission_and_part_of_the_day_apart():
    marks = [
        *away(date(2025, 9, 1)),
        *away(date(2025, 9, 2), permission=None),
        *away(date(2025, 9, 3), permission=True),
        *away(date(2025, 9, 4), slots=1),
        *away(date(2025, 9, 5), slots=2, permission=None),
        *away(date(2025, 9, 8), slots=3, permission=True),
    ]
    ribbon = ribbon_of(attendance(*marks), alerts=())
    states = ["without", "unknown", "with", "part-without", "part-unknown", "part-with"]
    assert [cell.state for cell in ribbon.missed] == states
    assert [(cell.missed, cell.slots) for cell in ribbon.missed][3:] == [(1, 4), (2, 4), (3, 4)]


def test_days_of_one_week_stand_in_one_column_in_order():
    drawn = cells(ribbon_of(attendance(), alerts=()))
    week = [drawn[date(2025, 9, 8) + timedelta(days=number)] for number in range(5)]
    assert len({cell.x for cell in week}) == 1
    assert [cell.y - week[0].y for cell in week] == [number * STEP for number in range(5)]
    assert drawn[date(2025, 9, 15)].x == week[0].x + STEP


def test_days_without_enrolment_are_marked_as_such_up_to_the_day_of_judging():
    drawn = cells(ribbon_of(attendance(until_on=date(2026, 2, 27)), alerts=()))
    assert drawn[date(2026, 3, 2)].state == "outside"
    assert date(2026, 5, 4) not in drawn


def test_an_absence_of_weeks_is_a_line_in_each_half_and_one_of_two_days_is_none():
    marks = [
        mark
        for day in SCHOOL_DAYS
        if date(2026, 1, 12) <= day <= date(2026, 2, 20) or day in (date(2025, 9, 1), date(2025, 9, 2))
        for mark in away(day)
    ]
    ribbon = ribbon_of(attendance(*marks), alerts=())
    lines = [line for half in ribbon.halves for line in half.lines]
    assert {line.episode.first_on for line in lines} == {date(2026, 1, 12)}
    assert len(lines) == 2
    assert all(line.width > 0 for line in lines)


def test_the_absence_that_goes_on_says_how_many_days_also_where_an_earlier_one_stands_near():
    earlier = [day for day in SCHOOL_DAYS if date(2026, 2, 2) <= day <= date(2026, 3, 20)]
    now = [day for day in SCHOOL_DAYS if date(2026, 3, 30) <= day <= ON]
    ribbon = ribbon_of(attendance(*(mark for day in [*earlier, *now] for mark in away(day))), alerts=())
    lines = [line for half in ribbon.halves for line in half.lines]
    spoken = [line.episode.school_days for line in lines if line.has_words and line.episode.ongoing]
    assert spoken == [len(now)]
    said = sorted(line.middle for line in ribbon.halves[1].lines if line.has_words)
    assert all(later - before >= WORDS for before, later in itertools.pairwise(said))


def test_signs_of_sickness_are_drawn_only_for_those_who_may_know():
    week = [day for day in SCHOOL_DAYS if date(2026, 1, 12) <= day <= date(2026, 1, 23)]
    ill = attendance(*(mark for day in week for mark in away(day, permission=True, reason="sick")))
    drawn = [sign.kind for half in ribbon_of(ill, alerts=ill.sick_alerts).halves for sign in half.signs]
    assert drawn == ["sickness"]
    assert not [sign for half in ribbon_of(ill, alerts=()).halves for sign in half.signs]


def test_duties_of_one_week_are_one_sign():
    week = [day for day in SCHOOL_DAYS if date(2026, 3, 2) <= day <= date(2026, 3, 13)]
    truant = attendance(*(mark for day in week for mark in away(day)))
    assert len(truant.report_duties) == 2
    signs = [sign for half in ribbon_of(truant, alerts=()).halves for sign in half.signs]
    assert [sign.day for sign in signs] == [duty.ends_on for duty in truant.report_duties]


def test_both_halves_are_equally_wide_so_that_their_cells_are_equally_large():
    ribbon = ribbon_of(attendance(), alerts=())
    assert len({half.width for half in ribbon.halves}) == 1


def test_a_child_never_enrolled_has_a_whole_year_of_nowhere():
    nowhere = Attendance(learner="L1", on=ON, schools={}, calendars={}, enrolments=[])
    drawn = cells(ribbon_of(nowhere, alerts=()))
    assert {cell.state for cell in drawn.values()} == {"outside"}


def test_a_partial_timetable_is_no_absence_and_is_drawn_for_who_may_know_it():
    free, missed = date(2025, 9, 1), date(2025, 9, 2)
    agreed = [
        Mark("S1", day, slot, 50, "other", "timetable", None) for day in (free, missed) for slot in (3, 4)
    ]
    child = attendance(*agreed, Mark("S1", missed, 1, 50, "absent", "unknown", False))
    assert {day: len(marks) for day, marks in child.agreed.items()} == {free: 2, missed: 2}
    assert [day.absent for day in child.days][:2] == [0, 1]
    drawn = cells(ribbon_of(child, alerts=(), agreed=set(child.agreed)))
    assert (drawn[free].state, drawn[missed].state) == ("agreed", "part-without")
    assert cells(ribbon_of(child, alerts=()))[free].state == "present"


def test_hours_that_were_agreed_and_missed_all_the_same_are_absence():
    """Of a slot the last mark stands, so a mark of absence after it counts."""
    day = date(2025, 9, 1)
    first = Mark("S1", day, 1, 50, "other", "timetable", None)
    child = attendance(first, Mark("S1", day, 1, 50, "absent", "unknown", False))
    assert child.agreed == {} and child.days[0].absent == 1


def test_what_was_agreed_for_days_without_school_or_to_come_does_not_count():
    days = (date(2025, 9, 6), date(2025, 12, 24), ON + timedelta(days=3))
    child = attendance(*(Mark("S1", day, 1, 50, "other", "timetable", None) for day in days))
    assert child.agreed == {}


EVERYTHING = attendance(
    *away(date(2025, 9, 1)),
    *away(date(2025, 9, 2), permission=None),
    *away(date(2025, 9, 3), permission=True),
    *away(date(2025, 9, 4), slots=1),
    *away(date(2025, 9, 5), slots=2, permission=None),
    *away(date(2025, 9, 8), slots=3, permission=True),
    *(mark for day in SCHOOL_DAYS[10:22] for mark in away(day)),
    *(mark for day in SCHOOL_DAYS[30:38] for mark in away(day, permission=True, reason="sick")),
    Mark("S1", SCHOOL_DAYS[50], 1, 50, "other", "timetable", None),
    from_on=date(2025, 8, 15),
)


def in_the_legend(ribbon):
    """The shapes the legend of the page names, by what they draw."""
    page = render_to_string("learners/ribbon.html", {"ribbon": ribbon})
    legend = page[page.index("<figcaption>") : page.index("</figcaption>")]
    named = re.findall(r'<li data-shape="([\w-]+)">', legend)
    for shape in re.findall(r'href="#dag-([\w-]+)"', legend):
        assert shape in named  # an entry draws what it names
    assert len(named) == len(set(named)) == legend.count("<svg")
    return set(named)


def test_the_legend_holds_each_shape_that_is_drawn_and_no_other():
    some = [date(2025, 8, 18) + timedelta(days=number) for number in range(5)]
    with_nowhere = Attendance(
        learner="L1", on=ON, schools={"S1": School("S1", "vo", 4, "Noord")},
        calendars={"Noord": SchoolCalendar([*some, *SCHOOL_DAYS])},
        enrolments=[Stay("S1", date(2025, 9, 1), None)],
    )  # fmt: skip
    everything = ribbon_of(EVERYTHING, alerts=EVERYTHING.sick_alerts, agreed=set(EVERYTHING.agreed))
    nowhere = ribbon_of(with_nowhere, alerts=())
    drawn = in_the_legend(everything)
    assert drawn == everything.shapes
    assert in_the_legend(nowhere) == nowhere.shapes == {"present", "outside", "future"}
    defined = re.findall(r'id="dag-([\w-]+)"', render_to_string("learners/ribbon.html", {"ribbon": nowhere}))
    assert drawn | nowhere.shapes == {*defined, "line", "duty", "sickness"}


def test_no_shape_pokes_out_of_its_cell():
    """The points of each path and half its stroke stay within the square of a cell, border and all."""
    source = Path(get_template("learners/ribbon.html").origin.name).read_text()
    style = Path(finders.find("inbeeld.css")).read_text()
    shapes = re.findall(r'<g id="dag-([\w-]+)".*?<path d="([^"]*)" class="(\w+)"', source)
    assert {name for name, *_ in shapes} >= {"agreed", "part-with", "part-without", "part-unknown"}
    for name, path, kind in shapes:
        rule = re.search(rf"\.cell--{name} \.{kind} {{([^}}]*)}}", style) or re.search(
            rf"\.{kind} {{([^}}]*)}}", style
        )
        width = re.search(r"stroke-width: ([\d.]+)", rule[1])
        half = float(width[1]) / 2 if width else 0.5 if "stroke:" in rule[1] else 0
        for x, y in points(path):
            assert half - 0.01 <= min(x, y) and max(x, y) + half <= 17, name


def points(path):
    """The corners of a path of M, H, h, v, l and a."""
    x = y = 0.0
    for letter, numbers in re.findall(r"([MHhvlaz])([^MHhvlaz]*)", path):
        given = [float(one) for one in re.findall(r"-?[\d.]+", numbers)]
        if letter == "M":
            x, y = given
        elif letter == "H":
            x = given[0]
        elif letter == "h":
            x += given[0]
        elif letter == "v":
            y += given[0]
        elif letter in "la":
            x, y = x + given[-2], y + given[-1]
        yield x, y
