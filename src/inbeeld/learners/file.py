"""What is written in the file of a child: entries, addresses and the number, as far as one actor may read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.in_words import class_word
from inbeeld.access.permit import Permit
from inbeeld.kernel.access import Action, Author, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS, KeyGroup
from inbeeld.keys.opening import open_keys
from inbeeld.keys.sealing import OpenKey, SealBroken, unseal_from
from inbeeld.learners.draft import drafts_of
from inbeeld.learners.models import Address, Entry, Learner
from inbeeld.learners.seen import keyholder_of

logger = logging.getLogger(__name__)
CANNOT_BE_OPENED = _("(cannot be opened)")
#: The classes people write as entries, in the order of the page.
WRITTEN = tuple(FieldClass(value) for value in Entry.Kind.values)


@dataclass(frozen=True)
class SeenEntry:
    """One entry, opened."""

    id: UUID
    field_class: FieldClass
    text: str
    organisation: str
    role: str
    written_at: datetime
    changed_at: datetime | None
    version: int
    may_change: bool
    #: Since when the actor has a draft of another text for it.
    draft_at: datetime | None = None


@dataclass(frozen=True)
class SeenClass:
    """One class of the file: what is in it, why more is not, and whether the actor may add to it."""

    field_class: FieldClass
    entries: tuple[SeenEntry, ...]
    may_write: bool
    refusal: str
    #: Since when the actor has a draft of a new entry.
    draft_at: datetime | None = None


@dataclass(frozen=True)
class SeenAddress:
    """One address, opened."""

    id: UUID
    text: str
    entered_by: str
    entered_on: date
    shielded: bool


EntriesSeen = tuple[SeenClass, ...]


def entry_word(field_class: FieldClass) -> str:
    """What an entry of a class is about. An agreement itself, with its day, stands elsewhere."""
    return str(Entry.Kind.AGR.label) if field_class is FieldClass.AGR else class_word(field_class)


def entries_of(permit: Permit, learner: Learner) -> EntriesSeen:
    """The classes of the file this actor has anything to do with, each with its entries, the latest first."""
    rows = list(
        Entry.objects.about(permit.reach).select_related(
            "organisation", "written_by", "written_by__organisation"
        )
    )
    keys = open_keys(
        (learner.reference, GROUP_OF_CLASS[row.field_class], row.organisation.key) for row in rows
    )
    seen = [one for row in rows if (one := seen_entry(permit, learner, row, keys)) is not None]
    drafts = drafts_of(permit)
    return tuple(
        SeenClass(
            field_class=field_class,
            entries=tuple(
                replace(one, draft_at=drafts.get((field_class, one.id)))
                for one in seen
                if one.field_class is field_class
            ),
            may_write=bool(permit.may(field_class, Action.WRITE, author=Author.ME)),
            refusal=permit.may(field_class).refusal,
            draft_at=drafts.get((field_class, None)),
        )
        for field_class in WRITTEN
        if permit.may(field_class, author=Author.ME) or permit.may(field_class).refusal == "consent"
    )


def seen_entry(
    permit: Permit,
    learner: Learner,
    row: Entry,
    keys: Mapping[Any, Any],
    *,
    action: Action = Action.READ,
) -> SeenEntry | None:
    """One entry (organisation and writer loaded) opened and noted for the log; None: not for this actor."""
    field_class = FieldClass(row.field_class)
    author = permit.author_of(organisation=row.organisation_id, membership=row.written_by_id)
    decision = permit.may(field_class, action, author=author)
    if not decision:
        return None
    permit.actor.ledger.note(permit, decision, field_class, action=action.value, about=f"entry:{row.pk}")
    key = keys.get((learner.reference, GROUP_OF_CLASS[row.field_class], row.organisation.key))
    return SeenEntry(
        id=row.pk,
        field_class=field_class,
        text=opened(row, "text", key),
        organisation=row.organisation.name,
        role=str(row.written_by.get_role_display()),
        written_at=row.written_at,
        changed_at=row.changed_at,
        version=row.version,
        may_change=author is not Author.OTHERS and bool(permit.may(field_class, Action.WRITE, author=author)),
    )


def addresses_of(permit: Permit, learner: Learner) -> tuple[SeenAddress, ...]:
    """Where the child lives, as far as this actor may know."""
    rows = list(
        Address.objects.about(permit.reach).select_related("entered_by").order_by("-entered_on", "id")
    )
    keys = open_keys((learner.reference, KeyGroup.IDENTITY, row.entered_by.key) for row in rows)
    found = []
    for row in rows:
        author = permit.author_of(organisation=row.entered_by_id)
        decision = permit.may(FieldClass.ADR, author=author, shielded=row.shielded)
        if not decision:
            continue
        permit.actor.ledger.note(permit, decision, FieldClass.ADR)
        key = keys.get((learner.reference, KeyGroup.IDENTITY, row.entered_by.key))
        found.append(
            SeenAddress(
                id=row.pk,
                text=opened(row, "text", key),
                entered_by=row.entered_by.name,
                entered_on=row.entered_on,
                shielded=row.shielded,
            )
        )
    return tuple(found)


def number_of(permit: Permit, learner: Learner) -> str:
    """The personal number, for who may read it; empty when there is none."""
    decision = permit.may(FieldClass.NUM)
    if not decision or learner.number is None:
        return ""
    wanted = (learner.reference, KeyGroup.IDENTITY, keyholder_of(learner.region))
    permit.actor.ledger.note(permit, decision, FieldClass.NUM)
    return opened(learner, "number", open_keys([wanted]).get(wanted))


@sensitive_variables()
def opened(row: Model, name: str, key: OpenKey | None) -> str:
    """The text of a sealed field; when its key is gone or damaged, a sentence that says so."""
    try:
        return (unseal_from(row, name, key=key) or "") if key is not None else str(CANNOT_BE_OPENED)
    except SealBroken:
        logger.error("A sealed text cannot be opened.")
        return str(CANNOT_BE_OPENED)
