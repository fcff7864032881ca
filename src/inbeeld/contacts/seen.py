"""Contacts as one actor may see them: frozen, opened for what is permitted, noted for the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, QuerySet

from inbeeld.access.actor import Actor
from inbeeld.access.permit import Permit
from inbeeld.contacts.models import Contact
from inbeeld.contacts.operations import may_strike
from inbeeld.kernel.access import Action, Author, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.access_page import knows_who_is_involved
from inbeeld.learners.file import opened


@dataclass(frozen=True)
class SeenContact:
    """One contact. `name` and `place`: who had it; empty for who may not know who is involved.

    `text`: what was said or agreed, for who may read agreements.
    """

    id: UUID
    on: date
    party: str
    means: str
    reached: bool
    text: str
    name: str
    place: str
    may_strike: bool


def contacts_of(permit: Permit) -> tuple[SeenContact, ...]:
    """The contacts with a child that this actor may read, the latest first, each class noted for the log."""
    return seen_contacts(permit, list(rows_of(permit)))


def rows_of(permit: Permit) -> QuerySet[Contact]:
    """The contacts with a child that this actor may know of, and that were not struck out."""
    rows = Contact.objects.about(permit.reach)
    return rows.filter(struck_at__isnull=True).select_related("organisation", "written_by__person")


def seen_contacts(
    permit: Permit, rows: Collection[Contact], *, by_whom: bool = True, what: bool = True
) -> tuple[SeenContact, ...]:
    """These contacts opened, each class noted for the log; without those that are not for this actor.

    Not `by_whom`: without who had them. Not `what`: without what was said.
    """
    actor = permit.actor
    told = {
        one.pk: permit.may(FieldClass.AGR, author=_author(permit, one))
        for one in rows
        if what and one.text is not None
    }
    keys = open_keys(
        (permit.child, GROUP_OF_CLASS[FieldClass.AGR.value], one.organisation.key)
        for one in rows
        if told.get(one.pk)
    )
    who = knows_who_is_involved(permit) if rows and by_whom else None
    if who is not None:
        actor.ledger.note(permit, who, FieldClass.AGR)
    found = []
    for one in rows:
        author, field_class = _author(permit, one), FieldClass(one.field_class)
        decision = permit.may(field_class, author=author)
        if not decision:
            continue
        actor.ledger.note(permit, decision, field_class)
        named = by_whom and (who is not None or author is Author.ME)
        key = keys.get((permit.child, GROUP_OF_CLASS[FieldClass.AGR.value], one.organisation.key))
        if words := told.get(one.pk):
            actor.ledger.note(permit, words, FieldClass.AGR)
        found.append(
            SeenContact(
                id=one.pk,
                on=one.on,
                party=str(one.get_party_display()),
                means=str(one.get_means_display()),
                reached=one.reached,
                text=opened(one, "text", key) if words else "",
                name=one.written_by.person.get_full_name() if named else "",
                place=one.organisation.name if named else "",
                may_strike=may_strike(permit, one) is not None,
            )
        )
    return tuple(found)


def _author(permit: Permit, one: Contact) -> Author:
    return permit.author_of(organisation=one.organisation_id, membership=one.written_by_id)


def own_since(permit: Permit, day: date) -> tuple[SeenContact, ...]:
    """The contacts the own organisation had from a day on, without what was said, noted for the log."""
    here = permit.actor.organisation
    if here is None:
        return ()
    rows = rows_of(permit).filter(organisation=here.pk, on__gte=day)
    return seen_contacts(permit, list(rows), by_whom=False, what=False)


def spoken_on(actor: Actor, *, children: Collection[UUID] | None = None) -> dict[UUID, dict[str, date]]:
    """By child and class: the last day somebody spoke with learner or parents, of what this actor may read.

    `children`: of these; None: of all. One query. Who shows it notes it for the log.
    """
    rows = Contact.objects.visible_to(actor).filter(reached=True, struck_at__isnull=True)
    if children is not None:
        rows = rows.filter(learner__reference__in=children)
    by_class = rows.order_by().values_list("learner__reference", "field_class")
    found: dict[UUID, dict[str, date]] = {}
    for child, field_class, on in by_class.annotate(last=Max("on")):
        found.setdefault(child, {})[field_class] = on
    return found


def last_of(permit: Permit, spoken: dict[str, date], *, action: str = Action.READ.value) -> date | None:
    """The last day of those this actor may read, noted for the log."""
    told = []
    for name, day in spoken.items():
        decision = permit.may(FieldClass(name))
        if decision:
            permit.actor.ledger.note(permit, decision, FieldClass(name), action=action)
            told.append(day)
    return max(told, default=None)
