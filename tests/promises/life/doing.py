"""Each kind of event as the operation of inbeeld it stands for.

What a page looks up first is looked up here; the operation itself is handed back, for `Life` to call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model

from inbeeld.access import (
    operations_consent,
    operations_emergency,
    operations_involvement,
    operations_kin,
    operations_work,
)
from inbeeld.access.actor import Actor
from inbeeld.access.models import Kinship
from inbeeld.learners.operations_file import set_case_stage
from inbeeld.organisations.models import Membership
from tests.promises.life.replay import Event, purpose

if TYPE_CHECKING:
    from tests.promises.life.living import Life

#: Who asks (None: a command) and what is asked.
Asked = tuple[Actor | None, Callable[[], Any]]
DOES: dict[str, Callable[[Life, Event], Asked]] = {}


def _does(what: Callable[[Life, Event], Asked]) -> Callable[[Life, Event], Asked]:
    DOES[what.__name__] = what
    return what


@_does
def grant(life: Life, event: Event) -> Asked:
    permit = life.permit(event.by, event.child)
    return permit.actor, partial(
        operations_involvement.grant, permit, child=life.child(event.child), to=life.member(event.to),
        purpose=purpose(event), until_on=event.until_on, directs=bool(event.directs),
    )  # fmt: skip


@_does
def accept(life: Life, event: Event) -> Asked:
    actor = life.actor(event.by)
    return actor, partial(operations_involvement.accept, life.tie(event.tie), by=actor)


@_does
def refuse(life: Life, event: Event) -> Asked:
    actor = life.actor(event.by)
    return actor, partial(operations_involvement.refuse, life.tie(event.tie), by=actor)


@_does
def stop(life: Life, event: Event) -> Asked:
    actor = life.actor(event.by)
    return actor, partial(operations_involvement.stop, life.tie(event.tie), by=actor)


@_does
def withdraw(life: Life, event: Event) -> Asked:
    permit = life.permit(event.by, life.child_of(event.tie))
    return permit.actor, partial(operations_involvement.withdraw, life.tie(event.tie), by=permit)


@_does
def extend(life: Life, event: Event) -> Asked:
    permit = life.permit(event.by, life.child_of(event.tie))
    return permit.actor, partial(
        operations_involvement.extend, life.tie(event.tie), by=permit, until_on=event.until_on
    )


@_does
def hand_over_direction(life: Life, event: Event) -> Asked:
    child = life.child_of(event.tie)
    permit = life.permit(event.by, child)
    return permit.actor, partial(
        operations_involvement.hand_over_direction, permit, child=life.child(child), to=life.tie(event.tie)
    )


@_does
def seat(life: Life, event: Event) -> Asked:
    permit = life.permit(event.by, event.child)
    return permit.actor, partial(
        operations_involvement.seat, permit, child=life.child(event.child), members=[life.member(event.to)],
        meeting_on=event.meeting_on,
    )  # fmt: skip


@_does
def hand_over_work(life: Life, event: Event) -> Asked:
    actor, leaving = life.actor(event.by), life.member(event.leaving)
    return actor, partial(
        operations_work.hand_over_work, leaving, to=life.member(event.to), by=actor, on=event.on
    )


@_does
def end_work(life: Life, event: Event) -> Asked:
    actor = life.actor(event.by)
    return actor, partial(operations_work.end_work, life.member(event.leaving), by=actor, on=event.on)


@_does
def come_back(life: Life, event: Event) -> Asked:
    was = life.member(event.was)

    def appoint() -> None:
        life.jobs[event.job] = Membership.objects.create(
            person=was.person, organisation=was.organisation, role=was.role, from_on=event.today
        ).pk

    return None, appoint


@_does
def set_stage(life: Life, event: Event) -> Asked:
    child = life.child(event.child)
    if event.by == "command":
        return None, partial(set_case_stage, child, event.stage, "command:demo")
    permit = life.permit(event.by, event.child)
    return permit.actor, partial(set_case_stage, child, event.stage, permit)


@_does
def call(life: Life, event: Event) -> Asked:
    actor, child = life.actor(event.by), life.child(event.child)
    return actor, partial(operations_emergency.call_emergency, child, by=actor, because="danger")


@_does
def review(life: Life, event: Event) -> Asked:
    actor = life.actor(event.by)
    return actor, partial(
        operations_emergency.review_emergency, life.tie(event.tie), by=actor, found=event.found
    )


@_does
def give_back(life: Life, event: Event) -> Asked:
    actor = life.actor(event.by)
    return actor, partial(operations_emergency.give_back_emergency, life.tie(event.tie), by=actor)


@_does
def ask(life: Life, event: Event) -> Asked:
    permit = life.permit(event.by, event.child)
    kin = life.kin.get(event.receiver)
    return permit.actor, partial(
        operations_consent.ask, permit, child=life.child(event.child), field_class=event.field_class,
        purpose=purpose(event), receiver=life.places.get(event.receiver), until_on=event.until_on,
        receiving_kin=None if kin is None else Kinship.for_operations.get(pk=kin),
    )  # fmt: skip


@_does
def sign(life: Life, event: Event) -> Asked:
    leave = life.leave(event.leave)
    if not event.recorder:
        actor = life.actor(event.by)
        return actor, partial(operations_consent.sign, leave, by=actor)
    permit = life.permit(event.recorder, life.world().leaves[event.leave].child)
    kin = Kinship.for_operations.get(pk=life.kin[event.by])
    return permit.actor, partial(operations_consent.record_signature, leave, kin=kin, on=event.on, by=permit)


@_does
def withdraw_consent(life: Life, event: Event) -> Asked:
    actor = life.actor(event.by)
    return actor, partial(operations_consent.withdraw_consent, life.leave(event.leave), by=actor)


@_does
def get_custody(life: Life, event: Event) -> Asked:
    child, somebody = life.child(event.child), person(event.who)

    def register() -> None:
        life.kin[event.who] = operations_kin.register_kin(
            "command:demo", child=child, person=somebody, relation="guardian", from_on=event.from_on
        ).pk

    return None, register


@_does
def lose_custody(life: Life, event: Event) -> Asked:
    kin = Kinship.for_operations.get(pk=life.kin[event.who])
    return None, partial(operations_kin.end_kin, kin, on=event.on, by="command:demo")


def person(name: str) -> Any:
    """An invented person who can log in."""
    return get_user_model().objects.create(username=f"life {name}", first_name=name)
