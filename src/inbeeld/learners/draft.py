"""What the actor was writing about a child and did not save: their own, and never anybody else's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.views.decorators.debug import sensitive_variables

from inbeeld.access.permit import Permit
from inbeeld.kernel.access import Action, Author, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.keys.sealing import SealBroken, unseal_from
from inbeeld.learners.models import Draft, Learner

logger = logging.getLogger(__name__)

#: Since when there is a draft, by its class and the entry it changes (None: a new one).
DraftsKept = Mapping[tuple[FieldClass, UUID | None], datetime]


@dataclass(frozen=True)
class SeenDraft:
    """A draft, opened. `version`: of the entry it was begun from, and 0 for a new one."""

    text: str
    saved_at: datetime
    version: int


def drafts_of(permit: Permit) -> DraftsKept:
    """Where in the file of a child the actor has a draft; their texts stay closed."""
    rows = Draft.objects.about(permit.reach)
    return {
        (FieldClass(field_class), entry): saved_at
        for field_class, entry, saved_at in rows.values_list("field_class", "entry_id", "saved_at")
    }


@sensitive_variables("text")
def draft_of(
    permit: Permit, learner: Learner, field_class: FieldClass, entry: UUID | None = None
) -> SeenDraft | None:
    """What the actor was writing here, noted for the log; None without, or when it does not open."""
    row = (
        Draft.objects.about(permit.reach)
        .filter(field_class=field_class.value, entry=entry)
        .select_related("organisation")
        .first()
    )
    decision = permit.may(field_class, Action.WRITE, author=Author.ME)
    if row is None or not decision:
        return None
    wanted = (learner.reference, GROUP_OF_CLASS[row.field_class], row.organisation.key)
    try:
        text = unseal_from(row, "text", key=open_keys([wanted])[wanted]) or ""
    except (SealBroken, KeyError):
        logger.error("A sealed draft cannot be opened.")
        return None
    permit.actor.ledger.note(permit, decision, field_class, about=f"draft:{row.pk}")
    return SeenDraft(text=text, saved_at=row.saved_at, version=row.version)
