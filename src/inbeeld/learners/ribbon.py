"""The attendance ribbon: the school year as one cell per day, in week columns, with lines for the episodes.

Pure geometry and states; the template draws it. Every state differs in shape as well as in colour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from inbeeld.kernel.attendance import Attendance, Episode, SchoolDay, SickAlert
from inbeeld.kernel.calendar import monday_of, school_year_begin, school_year_end

STEP = 20  # from one cell to the next, in units of the picture
CELL = 17
LEFT = 30
TOP = 22
WEEKDAYS = 5
LANE = 16
SIGNS_BELOW = 8
LINES_BELOW = 24
WORDS = 6 * STEP  # how wide "16 schooldagen" is, with room around it
SHORTEST_LINE = 3  # school days: shorter absences are cells, not lines
DAY = timedelta(days=1)
WEEK = 7 * DAY


@dataclass(frozen=True)
class Cell:
    """One day: `state` is present, agreed (there for the parts that were agreed), future, outside (enrolled
    nowhere), or [part-]with/without/unknown.
    """

    day: date
    state: str
    x: int
    y: int
    missed: int = 0
    slots: int = 0

    @property
    def is_absence(self) -> bool:
        return self.missed > 0


@dataclass(frozen=True)
class Line:
    """An episode, or the part of it in this half of the year; `x2` lies right of its last week.

    `speaks`: does this part, the longer one, say how many days the whole episode has? `middle` of its words,
    which stay inside the picture.
    """

    episode: Episode
    x: int
    x2: int
    y: int
    speaks: bool
    middle: int
    has_words: bool = False

    @property
    def width(self) -> int:
        return self.x2 - self.x


@dataclass(frozen=True)
class Sign:
    """A day on which a rule came true; `kind` is duty or sickness."""

    day: date
    kind: str
    x: int
    y: int


@dataclass(frozen=True)
class Half:
    """Half of the school year, drawn as one picture; on a phone the halves stand under each other."""

    first: date
    last: date
    width: int
    height: int
    cells: tuple[Cell, ...]
    months: tuple[tuple[int, date], ...]
    lines: tuple[Line, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Ribbon:
    """The year up to the day of judging, and the days without school left blank."""

    halves: tuple[Half, ...]
    missed: tuple[Cell, ...] = field(default=())

    @property
    def shapes(self) -> frozenset[str]:
        """What is drawn, for the legend: the states of cells, the kinds of signs, and "line"."""
        found = {cell.state for half in self.halves for cell in half.cells}
        found |= {sign.kind for half in self.halves for sign in half.signs}
        return frozenset(found | {"line" for half in self.halves for _ in half.lines})

    @property
    def weekdays(self) -> Iterator[tuple[date, int]]:
        """A Monday to Friday for their names, with the height of their row."""
        monday = date(2026, 8, 3)
        for number in range(WEEKDAYS):
            yield monday + timedelta(days=number), TOP + number * STEP + CELL - 4


def ribbon_of(
    attendance: Attendance,
    *,
    alerts: Iterable[SickAlert],
    agreed: Collection[date] = (),
    year: date | None = None,
) -> Ribbon:
    """Draw a school year, by its first day; None: that of the day of judging.

    `alerts`: those on sickness that may be shown · `agreed`: the days with a partial timetable, likewise.
    """
    year = year or school_year_begin(attendance.on)
    mondays = _weeks(attendance, year)
    middle = (len(mondays) + 1) // 2
    signs = [(duty.ends_on, "duty") for duty in attendance.report_duties]
    signs += [(alert.on, "sickness") for alert in alerts]
    states = {day.date: day for day in attendance.days}
    halves = tuple(
        _half(attendance, part, states, signs, agreed=agreed, weeks=middle, year=year)
        for part in (mondays[:middle], mondays[middle:])
        if part
    )
    missed = tuple(
        cell for half in halves for cell in sorted(half.cells, key=lambda cell: cell.day) if cell.missed
    )
    return Ribbon(halves, missed)


def _weeks(attendance: Attendance, begin: date) -> list[date]:
    """The Mondays of a year, from the first to the last week with a school day in any of the calendars."""
    end = school_year_end(begin)
    used = {attendance.schools[stay.what].calendar for stay in attendance.enrolments}
    days = [day for name in used for day in attendance.calendars[name].between(begin, end)]
    first, last = (min(days), max(days)) if days else (begin, end)
    monday, found = monday_of(first), []
    while monday <= last:
        found.append(monday)
        monday += WEEK
    return found


def _half(
    attendance: Attendance,
    mondays: Sequence[date],
    states: dict[date, SchoolDay],
    signs: list[tuple[date, str]],
    *,
    agreed: Collection[date],
    weeks: int,
    year: date,
) -> Half:
    columns = {monday: LEFT + number * STEP for number, monday in enumerate(mondays)}
    cells = tuple(
        cell
        for monday, x in columns.items()
        for number in range(WEEKDAYS)
        if (cell := _cell(attendance, monday + number * DAY, states, agreed, x, TOP + number * STEP))
    )
    below = TOP + WEEKDAYS * STEP
    return Half(
        first=mondays[0],
        last=mondays[-1] + timedelta(days=4),
        width=LEFT + weeks * STEP,
        height=below + SIGNS_BELOW + LINES_BELOW + LANE,
        cells=cells,
        months=tuple(_months(columns)),
        lines=_with_words(list(_lines(attendance, columns, y=below + LINES_BELOW, weeks=weeks, year=year))),
        signs=tuple(_signs(columns, signs, y=below + SIGNS_BELOW)),
    )


def _cell(
    attendance: Attendance,
    day: date,
    states: dict[date, SchoolDay],
    agreed: Collection[date],
    x: int,
    y: int,
) -> Cell | None:
    known = states.get(day)
    if known is not None:
        state = _state(known)
        if state == "present" and day in agreed:
            state = "agreed"
        return Cell(day, state, x, y, missed=known.absent_slots, slots=known.slots)
    school = attendance.school_on(day)
    if school is None:
        return Cell(day, "outside", x, y) if day <= attendance.on else None
    if day > attendance.on and day in attendance.calendars[school.calendar]:
        return Cell(day, "future", x, y)
    return None


def _state(day: SchoolDay) -> str:
    if day.permission is None or not day.absent:
        return "present"
    return day.permission if day.is_fully_absent else f"part-{day.permission}"


def _months(columns: dict[date, int]) -> Iterator[tuple[int, date]]:
    """Where a month's name stands: over its first week; a month with one week only gets no name."""
    mondays = list(columns)
    for number, monday in enumerate(mondays):
        begins = number == 0 or mondays[number - 1].month != monday.month
        goes_on = number + 1 < len(mondays) and mondays[number + 1].month == monday.month
        if begins and goes_on:
            yield columns[monday], monday


def _signs(columns: dict[date, int], signs: list[tuple[date, str]], *, y: int) -> Iterator[Sign]:
    """One sign a week of each kind, the first; the list beside the picture names them all."""
    drawn = set()
    for day, kind in sorted(signs):
        monday = monday_of(day)
        if monday in columns and (monday, kind) not in drawn:
            drawn.add((monday, kind))
            yield Sign(day, kind, columns[monday] + CELL // 2, y)


def _with_words(lines: list[Line]) -> tuple[Line, ...]:
    """Words once an episode: always under the one that goes on, under others where they touch no words."""
    taken: list[int] = []
    by_weight = sorted(lines, key=lambda line: (not line.episode.ongoing, -line.width))
    for line in by_weight:
        fits = all(abs(line.middle - other) >= WORDS for other in taken)
        if line.speaks and fits and (line.episode.ongoing or line.width >= 4 * STEP):
            taken.append(line.middle)
    return tuple(replace(line, has_words=line.speaks and line.middle in taken) for line in lines)


def _lines(
    attendance: Attendance, columns: dict[date, int], *, y: int, weeks: int, year: date
) -> Iterator[Line]:
    first, last = min(columns), max(columns)
    for episode in attendance.episodes:
        begin, end = monday_of(episode.first_on), monday_of(episode.last_on)
        if episode.family != "any" or episode.school_days < SHORTEST_LINE or end < first or begin > last:
            continue
        this_year = max(begin, monday_of(year))
        here, all_of_it = min(end, last) - max(begin, first), end - this_year
        x, x2 = columns[max(begin, first)], columns[min(end, last)] + CELL
        yield Line(
            episode,
            x,
            x2,
            y,
            middle=min(max((x + x2) // 2, WORDS // 2), LEFT + weeks * STEP - WORDS // 2),
            speaks=end <= last
            if 2 * (here + WEEK) == all_of_it + WEEK
            else 2 * (here + WEEK) > all_of_it + WEEK,
        )
