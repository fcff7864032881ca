"""Events about emergencies, consent and custody: may they happen, and what do they change.

Of each kind of event: `may_<kind>` answers yes or no, and `<kind>` changes the world.
"""

from __future__ import annotations

from datetime import timedelta

from tests.promises.life.replay import (
    DAY,
    OF_USE,
    ROW_OF,
    Event,
    Kin,
    Leave,
    Tie,
    World,
    band,
    button_lost,
    involved,
    is_open,
    person,
    place,
    purpose,
    role,
    signers,
    stage,
    works,
)  # fmt: skip

YEAR = timedelta(days=365)


# --- emergency -----------------------------------------------------------------------------------


def may_call(world: World, event: Event) -> bool:
    row = ROW_OF.get((role(world, event.by, event.today), "emergency"))
    return (
        row is not None
        and works(world, event.by, event.today)
        and not button_lost(world, event.by, event.today)
        and stage(world, event.child) in row.stages
    )


def call(world: World, event: Event) -> None:
    for tie in world.ties:
        if (tie.child, tie.job, tie.kind) == (event.child, event.by, "emergency") and is_open(tie, event.at):
            return
    due, left = event.today, 2
    while left:
        due += DAY
        left -= due.isoweekday() <= 5
    ends = event.at + timedelta(hours=4)
    made = Tie(event.child, event.by, "emergency", event.by, event.at, ends, "danger", accepted=event.at)
    made.due = due
    world.ties.append(made)


def _an_officer(world: World, event: Event) -> bool:
    tie = world.ties[event.tie]
    return (
        role(world, event.by, event.today) == "privacy_officer"
        and works(world, event.by, event.today)
        and tie.kind == "emergency"
        and place(world, event.by) in ("school", place(world, tie.job))
        and person(world, event.by) != person(world, tie.job)
    )


def may_review(world: World, event: Event) -> bool:
    return _an_officer(world, event) and not world.ties[event.tie].found


def review(world: World, event: Event) -> None:
    tie = world.ties[event.tie]
    tie.found = event.found
    if event.found == "not_justified" and is_open(tie, event.at):
        tie.over = True


def may_give_back(world: World, event: Event) -> bool:
    tie = world.ties[event.tie]
    return _an_officer(world, event) and tie.found == "not_justified" and tie.due is not None


def give_back(world: World, event: Event) -> None:
    world.ties[event.tie].due = None


# --- consent and custody -------------------------------------------------------------------------


def may_ask(world: World, event: Event) -> bool:
    child, receiver, today = event.child, event.receiver, event.today
    if not involved(world, event.by, child, event.at) or not today <= event.until_on <= today + YEAR:
        return False
    if receiver in world.kin:
        row = ROW_OF.get((role(world, receiver, today), "self"))
        kin = world.kin[receiver]
        of_use = row is not None and "c" in row.cells[event.field_class]
        if kin.child != child or not works(world, receiver, today) or not of_use:
            return False
    elif (receiver, event.field_class.value) not in OF_USE:
        return False
    return not any(
        (leave.child, leave.receiver, leave.field_class, leave.purpose)
        == (child, receiver, event.field_class.value, purpose(event))
        and not leave.withdrawn
        and leave.until_on >= today
        and leave.asked_on >= band(child, today)
        for leave in world.leaves
    )


def ask(world: World, event: Event) -> None:
    world.leaves.append(
        Leave(
            event.child,
            event.field_class.value,
            event.receiver,
            event.today,
            event.until_on,
            asked_by=event.by,
            purpose=purpose(event),
        )  # fmt: skip
    )


def may_sign(world: World, event: Event) -> bool:
    """`by` signs today; or `recorder` saw that `by` signed on paper, on the day `on`."""
    leave, kin, today = world.leaves[event.leave], world.kin[event.by], event.today
    on = event.on or today
    if event.recorder and not _may_record(world, event, leave):
        return False
    return (
        kin.child == leave.child
        and works(world, event.by, on)
        and (not event.recorder or leave.asked_on <= on <= today)
        and not leave.withdrawn
        and leave.until_on >= today
        and leave.asked_on >= band(leave.child, today)
        and kin.relation in signers(leave.child, on)
        and event.by not in leave.signed
    )


def _may_record(world: World, event: Event, leave: Leave) -> bool:
    """Involved, not who asked it, and in no job somebody of the organisation that would read it."""
    somebody = person(world, event.recorder)
    jobs = [one for one in world.jobs if person(world, one) == somebody and works(world, one, event.today)]
    return (
        involved(world, event.recorder, leave.child, event.at)
        and somebody != person(world, leave.asked_by)
        and not any(place(world, one) == leave.receiver for one in jobs)
    )


def sign(world: World, event: Event) -> None:
    world.leaves[event.leave].signed[event.by] = event.on or event.today


def may_withdraw_consent(world: World, event: Event) -> bool:
    child, today = world.leaves[event.leave].child, event.today
    if event.by in world.jobs:
        return involved(world, event.by, child, event.at)
    kin = world.kin[event.by]
    return kin.child == child and works(world, event.by, today) and kin.relation in signers(child, today)


def withdraw_consent(world: World, event: Event) -> None:
    world.leaves[event.leave].withdrawn = True


def may_get_custody(world: World, event: Event) -> bool:
    return True


def get_custody(world: World, event: Event) -> None:
    world.kin[event.who] = Kin(event.child, "guardian", event.from_on)


def may_lose_custody(world: World, event: Event) -> bool:
    kin = world.kin[event.who]
    return kin.from_on <= event.on and (kin.until_on is None or event.on < kin.until_on)


def lose_custody(world: World, event: Event) -> None:
    world.kin[event.who].until_on = event.on
