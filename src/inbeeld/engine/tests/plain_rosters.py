"""The plain twin of rosters: learner by learner in the order of the days, and regions to try it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

FIRST = date(2026, 3, 2)
S, OTHER = "S1", "S2"
Stay = tuple[date, date | None]
Seen = tuple[date, date | None, date | None]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


BEGUN_ON, ON = day(2), day(12)


@dataclass(frozen=True)
class Row:
    """What a roster says of one learner."""

    from_on: date | None = None
    until_on: date | None = None
    said: bool = True
    clear: bool = True
    born_on: date | None = None


@dataclass(frozen=True)
class Plain:
    """A roster as a plain mapping, for the twin."""

    on: date
    rows: dict[str, Row] = field(default_factory=dict)


@dataclass
class Region:
    """What stands: the stays at the school, birth dates, and since when who was ever known to be there."""

    stays: dict[str, list[Seen]]
    born: dict[str, date | None]
    met: dict[str, date] = field(default_factory=dict)


def plain_region(base: dict[str, list[Stay]], rosters: list[Plain]) -> Region:
    """Learner by learner in the order of the days."""
    found = Region({}, dict.fromkeys(base))
    for learner, stays in base.items():
        found.stays[learner] = [
            (begin, end, None if begin > BEGUN_ON else min(end or BEGUN_ON, BEGUN_ON)) for begin, end in stays
        ]
    for roster in sorted(rosters, key=lambda one: one.on):
        for learner in found.stays.keys() | roster.rows.keys():
            _say(found, learner, roster.rows.get(learner), roster.on)
    return found


def _say(region: Region, learner: str, row: Row | None, on: date) -> None:
    stays = region.stays.get(learner, [])
    if row is None:
        region.stays[learner] = [
            (begin, on - timedelta(days=1) if end is None or end >= on else end, seen)
            for begin, end, seen in stays
            if begin < on
        ]
        return
    if not row.clear:
        return
    region.born[learner] = row.born_on or region.born.get(learner)
    since = _since(row, stays, on)
    if since is None:
        return
    if row.until_on is not None and row.until_on < since:
        since = row.until_on
    if since <= on:
        region.met[learner] = min(since, region.met.get(learner, since))
    kept: list[Seen] = []
    for begin, end, seen in stays:
        if end is not None and end < since:
            kept.append((begin, end, seen))
        elif begin < since and seen is not None and seen < since:
            kept.append((begin, since - timedelta(days=1), seen))
    seen_now = None if since > on else on if row.until_on is None else min(row.until_on, on)
    region.stays[learner] = [*kept, (since, row.until_on, seen_now)]


def _since(row: Row, stays: list[Seen], on: date) -> date | None:
    if row.said:
        return row.from_on
    past = [(begin, end) for begin, end, _ in stays if begin <= on]
    there = [begin for begin, end in past if end is None or end >= on]
    if there:
        return min(there)
    if row.until_on is not None and row.until_on < on:
        return max((begin for begin, _ in past), default=row.from_on)
    assert row.from_on is not None
    left = [end for _, end in past if end is not None]
    return max(left) + timedelta(days=1) if left and max(left) >= row.from_on else row.from_on


KEYS = ("A", "B", f"{S}:1", f"{S}:2")
DAYS = st.integers(0, 14).map(day)


@st.composite
def rows(draw: Callable[..., Any], on: date) -> Row:
    if draw(st.integers(0, 7)) == 0:
        return Row(said=False, clear=False)
    born = draw(st.sampled_from([None, date(2012, 1, 1), date(2013, 2, 2)]))
    until = draw(st.none() | DAYS)
    if draw(st.booleans()):
        since = draw(DAYS.filter(lambda one: until is None or one <= until))
        return Row(since, until, born_on=born)
    since = min(on, draw(st.sampled_from([on, FIRST])))
    return Row(None if until is not None and until < since else since, until, said=False, born_on=born)


@st.composite
def regions(draw: Callable[..., Any]) -> tuple[dict[str, list[Stay]], list[Plain]]:
    base: dict[str, list[Stay]] = {}
    for learner in ("A", "B"):
        for _ in range(draw(st.integers(1, 2))):
            begin = draw(st.integers(0, 8).map(day))
            end = draw(st.none() | DAYS.filter(lambda one: one >= begin))  # noqa: B023 (drawn at once)
            base.setdefault(learner, []).append((begin, end))
    rosters = []
    for on in draw(st.lists(st.integers(0, 14).map(day), min_size=1, max_size=4)):
        on_it = draw(st.sets(st.sampled_from(KEYS)))
        rosters.append(Plain(on, {learner: draw(rows(on)) for learner in sorted(on_it)}))
    return base, rosters
