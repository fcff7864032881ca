"""What is arranged for many children at once: who directs, what was agreed, what waits.

All of it as far as one may read it. There are no measures in the program yet. What comes nearest is that
somebody holds direction, an open agreement, and an entry of the file about support.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from inbeeld.access.actor import Actor
from inbeeld.access.in_words import last_day
from inbeeld.access.models import Consent, Involvement
from inbeeld.access.permit import Permit
from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.queries import open_by_child, reads_any
from inbeeld.agreements.seen import SeenAgreement, of_children
from inbeeld.kernel.access import Action, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.access_page import SeenDirection, knows_who_is_involved
from inbeeld.learners.directing import directing, named
from inbeeld.learners.file import SeenEntry, seen_entry
from inbeeld.learners.models import Entry, Learner

#: What says that something is being done: agreements and what was discussed, and support.
ABOUT_HELP = (FieldClass.AGR, FieldClass.SUP)


@dataclass(frozen=True)
class Waiting:
    """Something that was asked about a child and has no answer yet. `whom` is empty for a consent."""

    whom: str
    place: str
    asked_on: date


@dataclass(frozen=True)
class Arranged:
    """What is arranged for one child, as one actor may read it.

    `direction_until`, `asked` and `consents` are for who may know who is involved. `agreements`: those that
    are open. Not `reads_agreements`: then nothing is said of these, neither that there are none.
    """

    direction: SeenDirection | None
    direction_until: date | None
    agreements: tuple[SeenAgreement, ...]
    entries: tuple[SeenEntry, ...]
    asked: tuple[Waiting, ...]
    consents: tuple[Waiting, ...]
    reads_agreements: bool


def with_help(actor: Actor, where: Q) -> frozenset[int]:
    """The keys of the children of whom this actor reads an open agreement, or an entry about support."""
    rows = Entry.objects.visible_to(actor).filter(where, field_class=FieldClass.SUP.value)
    supported = rows.order_by().values_list("learner_id", flat=True)
    return frozenset(supported) | frozenset(open_by_child(actor, where))


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
    held = {one.child_id: one for one in directing(actor, Q(child__in=children))}
    agreed = _open(actor, children, permits, action)
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
            direction=named(held[pk]) if pk in held else None,
            direction_until=last_day(held[pk].until_at) if pk in held and pk in knowing else None,
            agreements=tuple(one for one in agreed if one.child == child.reference),
            entries=entries.get(pk, ()),
            asked=asked.get(pk, ()),
            consents=consents.get(pk, ()),
            reads_agreements=any(permits[child.reference].may(one, action) for one in ABOUT_HELP),
        )
        for pk, child in children.items()
    }


def _open(
    actor: Actor, children: Mapping[int, Learner], permits: Mapping[UUID, Permit], action: Action
) -> tuple[SeenAgreement, ...]:
    """The open agreements of these children, opened, the first day first."""
    if not reads_any(actor):
        return ()
    return of_children(
        permits,
        Agreement.objects.visible_to(actor).filter(learner__in=children),
        Step.objects.visible_to(actor).filter(learner__in=children),
        only_open=True,
        action=action.value,
    )


def _latest(
    actor: Actor, children: Mapping[int, Learner], permits: Mapping[UUID, Permit], action: Action
) -> dict[int, tuple[SeenEntry, ...]]:
    """The latest entry of each class, opened."""
    rows = (
        Entry.objects.visible_to(actor)
        .filter(learner__in=children, field_class__in=[one.value for one in ABOUT_HELP])
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


def entry_word(entry: SeenEntry) -> str:
    """What an entry says something of, as it stands before its day."""
    if entry.field_class is FieldClass.AGR:
        return pgettext("last entry", "Discussed")
    return pgettext("last entry", "Support")
