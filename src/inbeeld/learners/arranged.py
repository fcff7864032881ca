"""What is arranged for many children at once: who directs, what was agreed, what waits.

All of it as far as one may read it. There are no measures in the program yet. What comes nearest is that
somebody holds direction, and an entry of the file about agreements or support.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from inbeeld.access.actor import Actor
from inbeeld.access.in_words import last_day
from inbeeld.access.models import Consent, Involvement
from inbeeld.access.operations_ground import holds_direction
from inbeeld.access.permit import Permit, stage_of
from inbeeld.access.scope import children_opened
from inbeeld.kernel.access import Action, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.access_page import SeenDirection, knows_who_is_involved
from inbeeld.learners.file import SeenEntry, seen_entry
from inbeeld.learners.models import Entry, Learner

#: What an entry is about that says something is being done.
AGREEMENTS = (FieldClass.AGR, FieldClass.SUP)


@dataclass(frozen=True)
class Waiting:
    """Something that was asked about a child and has no answer yet. `whom` is empty for a consent."""

    whom: str
    place: str
    asked_on: date


@dataclass(frozen=True)
class Arranged:
    """What is arranged for one child, as one actor may read it.

    `direction_until`, `asked` and `consents` are for who may know who is involved. Not `reads_agreements`:
    then nothing is said of these, neither that there are none.
    """

    direction: SeenDirection | None
    direction_until: date | None
    entries: tuple[SeenEntry, ...]
    asked: tuple[Waiting, ...]
    consents: tuple[Waiting, ...]
    reads_agreements: bool


def with_direction(actor: Actor, where: Q) -> frozenset[int]:
    """The keys of the children of whom somebody holds direction now."""
    return frozenset(directions_of(actor, where))


def _directing(actor: Actor, where: Q) -> list[Involvement]:
    """As `who_directs`, of many children and as far as the actor may know."""
    rows = Involvement.objects.visible_to(actor).filter(where, directs=True, ended_at__isnull=True)
    whole = rows.select_related("child__standing", "membership__person", "membership__organisation").defer(
        "child__names", "child__number"
    )
    return [one for one in whole if holds_direction(one, stage=stage_of(one.child), at=actor.at)]


def directions_of(actor: Actor, where: Q) -> dict[int, SeenDirection]:
    """Who holds direction of the children whose involvements these are, by their keys. One query."""
    return {one.child_id: _named(one) for one in _directing(actor, where)}


def with_agreement(actor: Actor, where: Q) -> frozenset[int]:
    """The keys of the children of whom this actor reads an entry about agreements or support."""
    rows = Entry.objects.visible_to(actor).filter(where, field_class__in=[one.value for one in AGREEMENTS])
    return frozenset(rows.order_by().values_list("learner_id", flat=True))


def agreements_are_read(actor: Actor, *, to_child: str) -> Q:
    """The children of whom this actor reads such entries: only of these can it be said that there is none."""
    return reduce(or_, (children_opened(actor, one, to_child=to_child) for one in AGREEMENTS))


def arranged_for(
    actor: Actor,
    found: Iterable[Learner],
    permits: Mapping[UUID, Permit],
    *,
    action: Action = Action.READ,
) -> dict[UUID, Arranged]:
    """What is arranged for these learners; what is shown of it is noted for the log under `action`.

    For EXPORT only what may leave: of everything else it is as if the actor could not read it.
    """
    children = {one.pk: one for one in found}
    directing = {one.child_id: one for one in _directing(actor, Q(child__in=children))}
    entries = _latest(actor, children, permits, action)
    knowing = {
        pk: one
        for pk, child in children.items()
        if (one := knows_who_is_involved(permits[child.reference], action)) is not None
    }
    asked, consents = _asked(actor, knowing), _consents(actor, knowing)
    for pk, decision in knowing.items():
        if pk in asked or pk in consents:
            permit = permits[children[pk].reference]
            actor.ledger.note(permit, decision, FieldClass.AGR, action=action.value)
    return {
        child.reference: Arranged(
            direction=_named(directing[pk]) if pk in directing else None,
            direction_until=last_day(directing[pk].until_at) if pk in directing and pk in knowing else None,
            entries=entries.get(pk, ()),
            asked=asked.get(pk, ()),
            consents=consents.get(pk, ()),
            reads_agreements=any(permits[child.reference].may(one, action) for one in AGREEMENTS),
        )
        for pk, child in children.items()
    }


def _named(one: Involvement) -> SeenDirection:
    return SeenDirection(one.membership.person.get_full_name(), "", one.membership.organisation.name)


def _latest(
    actor: Actor, children: Mapping[int, Learner], permits: Mapping[UUID, Permit], action: Action
) -> dict[int, tuple[SeenEntry, ...]]:
    """The latest entry of each class, opened."""
    rows = (
        Entry.objects.visible_to(actor)
        .filter(learner__in=children, field_class__in=[one.value for one in AGREEMENTS])
        .select_related("organisation", "written_by", "written_by__organisation")
        .order_by("field_class", "-written_at", "id")
    )
    latest: dict[tuple[int, str], Entry] = {}
    for row in rows:
        child = children[row.learner_id]
        if _may(permits[child.reference], row, action):
            latest.setdefault((row.learner_id, row.field_class), row)
    keys = open_keys(
        (children[pk].reference, GROUP_OF_CLASS[name], row.organisation.key)
        for (pk, name), row in latest.items()
    )
    found: dict[int, tuple[SeenEntry, ...]] = {}
    for (pk, _), row in latest.items():
        child = children[pk]
        seen = seen_entry(permits[child.reference], child, row, keys, action=action)
        if seen is not None:
            found[pk] = (*found.get(pk, ()), seen)
    return found


def _may(permit: Permit, row: Entry, action: Action) -> bool:
    author = permit.author_of(organisation=row.organisation_id, membership=row.written_by_id)
    return bool(permit.may(FieldClass(row.field_class), action, author=author))


def _asked(actor: Actor, knowing: Iterable[int]) -> dict[int, tuple[Waiting, ...]]:
    """Who was asked to be involved and has not answered."""
    rows = (
        Involvement.objects.visible_to(actor)
        .filter(child__in=list(knowing), kind=Involvement.Kind.INVOLVED, accepted_at__isnull=True)
        .filter(ended_at__isnull=True, until_at__gt=actor.at)
        .select_related("membership__person", "membership__organisation")
        .order_by("granted_at", "pk")
    )
    found: dict[int, tuple[Waiting, ...]] = {}
    for one in rows:
        member = one.membership
        waits = Waiting(member.person.get_full_name(), member.organisation.name, localdate(one.granted_at))
        found[one.child_id] = (*found.get(one.child_id, ()), waits)
    return found


def _consents(actor: Actor, knowing: Iterable[int]) -> dict[int, tuple[Waiting, ...]]:
    """Which consents were asked and are not signed by everybody who must."""
    rows = (
        Consent.objects.visible_to(actor)
        .filter(child__in=list(knowing), holds_from__isnull=True, withdrawn_at__isnull=True)
        .filter(until_on__gte=actor.today, receiver__isnull=False)
        .select_related("receiver")
        .order_by("asked_at", "pk")
    )
    found: dict[int, tuple[Waiting, ...]] = {}
    for one in rows:
        assert one.receiver is not None
        waits = Waiting("", one.receiver.name, localdate(one.asked_at))
        found[one.child_id] = (*found.get(one.child_id, ()), waits)
    return found
