"""Events about being involved, about work and about the case: may they happen, and what do they change.

Of each kind of event: `may_<kind>` answers yes or no, and `<kind>` changes the world.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.promises.life.replay import (
    CAST,
    DAY,
    DIRECTORS,
    ROW_OF,
    Event,
    Job,
    Tie,
    World,
    begin_of,
    counts,
    decides,
    director,
    involved,
    is_open,
    person,
    place,
    purpose,
    role,
    sees,
    task,
    works,
)  # fmt: skip

YEAR = timedelta(days=365)
FORTNIGHT = timedelta(days=14)


# --- involvement ---------------------------------------------------------------------------------


def may_grant(world: World, event: Event) -> bool:
    child, to, at = event.child, event.to, event.at
    if not decides(world, event.by, child, at) or person(world, event.by) == person(world, to):
        return False
    if (role(world, to, event.today), "involved") not in ROW_OF or not task(world, to, child, at):
        return False
    known = [tie for tie in world.ties if (tie.child, tie.kind) == (child, "involved") and is_open(tie, at)]
    if any(tie.job == to for tie in known) or not _fits(world, to, event.until_on, event.today):
        return False
    if not event.directs:
        return True
    asked = any(tie.directs and tie.accepted is None for tie in known)
    return role(world, to, event.today) in DIRECTORS and not asked and director(world, child, at) is None


def grant(world: World, event: Event) -> None:
    last = world.jobs[event.to].until_on
    if event.until_on is not None:
        ends = begin_of(event.until_on + DAY)
    else:
        ends = _earliest(event.at + timedelta(days=90), last)
    if event.directs:
        _nobody_directs(world, event.child)
    world.ties.append(
        Tie(
            event.child, event.to, "involved", event.by, event.at, ends, purpose(event),
            directs=bool(event.directs),
        )
    )  # fmt: skip


def _fits(world: World, to: str, until_on: date | None, today: date) -> bool:
    last = world.jobs[to].until_on
    return until_on is None or (today <= until_on <= today + YEAR and (last is None or until_on <= last))


def _earliest(ends: datetime, last: date | None) -> datetime:
    return ends if last is None else min(ends, begin_of(last + DAY))


def _nobody_directs(world: World, child: str) -> None:
    for tie in world.ties:
        if tie.child == child and not tie.over:
            tie.directs = False


def _own(world: World, event: Event) -> bool:
    return world.ties[event.tie].job == event.by and works(world, event.by, event.today)


def may_accept(world: World, event: Event) -> bool:
    tie = world.ties[event.tie]
    return _own(world, event) and tie.accepted is None and is_open(tie, event.at)


def accept(world: World, event: Event) -> None:
    world.ties[event.tie].accepted = event.at


may_refuse = may_accept


def refuse(world: World, event: Event) -> None:
    world.ties[event.tie].over = True


def may_stop(world: World, event: Event) -> bool:
    tie = world.ties[event.tie]
    return _own(world, event) and tie.accepted is not None and is_open(tie, event.at)


stop = refuse


def may_withdraw(world: World, event: Event) -> bool:
    tie = world.ties[event.tie]
    granted = tie.by == event.by and works(world, event.by, event.today)
    may = granted or decides(world, event.by, tie.child, event.at)
    return may and tie.kind != "emergency" and is_open(tie, event.at)


withdraw = refuse


def may_extend(world: World, event: Event) -> bool:
    tie, until_on = world.ties[event.tie], event.until_on
    granted = tie.directs and tie.by == event.by and sees(world, event.by, tie.child, event.at)
    return (
        (granted or decides(world, event.by, tie.child, event.at))
        and person(world, event.by) != person(world, tie.job)
        and tie.kind == "involved"
        and is_open(tie, event.at)
        and _fits(world, tie.job, until_on, event.today)
        and begin_of(until_on + DAY) > tie.ends
    )


def extend(world: World, event: Event) -> None:
    world.ties[event.tie].ends = begin_of(event.until_on + DAY)


def may_hand_over_direction(world: World, event: Event) -> bool:
    tie = world.ties[event.tie]
    return (
        decides(world, event.by, tie.child, event.at)
        and tie.kind == "involved"
        and counts(tie, event.at)
        and person(world, event.by) != person(world, tie.job)
        and role(world, tie.job, event.today) in DIRECTORS
        and task(world, tie.job, tie.child, event.at)
    )


def hand_over_direction(world: World, event: Event) -> None:
    _nobody_directs(world, world.ties[event.tie].child)
    world.ties[event.tie].directs = True


def may_seat(world: World, event: Event) -> bool:
    case_director = role(world, event.by, event.today) == "case_director"
    return (
        (
            decides(world, event.by, event.child, event.at)
            or (case_director and involved(world, event.by, event.child, event.at))
        )
        and event.today - FORTNIGHT <= event.meeting_on <= event.today + YEAR
        and person(world, event.by) != person(world, event.to)
        and (role(world, event.to, event.today), "table") in ROW_OF
        and works(world, event.to, event.today)
    )


def seat(world: World, event: Event) -> None:
    begins, ends = begin_of(event.meeting_on - FORTNIGHT), begin_of(event.meeting_on + FORTNIGHT + DAY)
    made = Tie(event.child, event.to, "table", event.by, begins, ends, "meeting", accepted=event.at)
    for tie in world.ties:
        if (tie.child, tie.job, tie.kind, tie.begins, tie.ends, tie.over) == (
            made.child, made.job, "table", begins, ends, False,
        ):  # fmt: skip
            return
    world.ties.append(made)


# --- work, and the case --------------------------------------------------------------------------


def may_hand_over_work(world: World, event: Event) -> bool:
    leaving, to = event.leaving, event.to
    return (
        may_end_work(world, event)
        and person(world, to) not in (person(world, event.by), person(world, leaving))
        and CAST[world.jobs[leaving].name][1:] == CAST[world.jobs[to].name][1:]
        and works(world, to, event.today)
    )


def hand_over_work(world: World, event: Event) -> None:
    leaving, to = event.leaving, event.to
    open_ones = [tie for tie in world.ties if tie.job == leaving and is_open(tie, event.at)]
    for tie in sorted(open_ones, key=lambda tie: tie.child):
        tie.over = True
        if tie.kind != "involved":
            continue
        known = [
            one
            for one in world.ties
            if (one.child, one.job, one.kind) == (tie.child, to, "involved") and is_open(one, event.at)
        ]
        if known:
            known[0].directs = known[0].directs or tie.directs
            continue
        ends = _earliest(tie.ends, world.jobs[to].until_on)
        world.ties.append(
            Tie(tie.child, to, "involved", leaving, event.at, ends, tie.purpose, directs=tie.directs)
        )
    _leave(world.jobs[leaving], event.on)


def may_end_work(world: World, event: Event) -> bool:
    administers = role(world, event.by, event.today) == "application_administrator" and place(
        world, event.by
    ) == place(world, event.leaving)
    return (
        works(world, event.by, event.today)
        and (administers or event.by == event.leaving)
        and event.on >= max(world.jobs[event.leaving].from_on, event.today)
    )


def end_work(world: World, event: Event) -> None:
    ends = begin_of(event.on + DAY)
    for tie in world.ties:
        if tie.job == event.leaving and is_open(tie, event.at):
            if ends > max(tie.begins, event.at):
                tie.ends = min(tie.ends, ends)
            else:
                tie.over = True
    _leave(world.jobs[event.leaving], event.on)


def _leave(job: Job, on: date) -> None:
    job.until_on = on if job.until_on is None else min(job.until_on, on)


def may_come_back(world: World, event: Event) -> bool:
    return True


def come_back(world: World, event: Event) -> None:
    """The same person in the same role, in a new membership: what was, stays with the old one."""
    world.jobs[event.job] = Job(event.name, event.today)


def may_set_stage(world: World, event: Event) -> bool:
    if event.by == "command":
        return True
    case_director = role(world, event.by, event.today) == "case_director"
    return decides(world, event.by, event.child, event.at) or (
        case_director and event.stage in (3, 4) and involved(world, event.by, event.child, event.at)
    )


def set_stage(world: World, event: Event) -> None:
    world.stages[event.child] = event.stage
    for tie in world.ties:
        if event.stage == 6 and tie.child == event.child and is_open(tie, event.at):
            tie.over = True
