"""What people of the described region are writing and did not save, with a secret word in each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from inbeeld.kernel.access import FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.sealing import OpenKey, seal_into
from inbeeld.learners.models import Draft, Entry
from tests.promises.routes.words import DRAFT, Canary

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

Key = Callable[["Planted", str, str, str], OpenKey]


def planted_drafts(
    planted: Planted,
    children: Collection[str],
    *,
    members: Collection[str],
    changing: Collection[str],
    key: Key,
) -> None:
    """These people, and a colleague of each place, write something of every class about these children.

    Also who may not, or no longer may. And who of `changing` wrote an entry is changing it.
    """
    writing = [one for one in planted.world.members if one in members or "colleague" in one]
    made = [
        _draft(planted, child, member, FieldClass(one), key)
        for child in children
        for member in writing
        for one in Entry.Kind.values
    ]
    made += [
        _draft(planted, child, member, field_class, key, entry)
        for entry, (child, member, field_class) in planted.entries.items()
        if child in children and member in changing
    ]
    Draft.for_operations.bulk_create(made)


def _draft(
    planted: Planted,
    child: str,
    member: str,
    field_class: FieldClass,
    key: Key,
    entry: uuid.UUID | None = None,
) -> Draft:
    membership, place = planted.memberships[member], planted.world.members[member].place
    # Of the changes each walk sees only some.
    canary = Canary(
        child, field_class, DRAFT, organisation=place, member=member, never_shown=entry is not None
    )
    draft = Draft(
        learner=planted.learners[child], field_class=field_class.value, entry_id=entry,
        version=0 if entry is None else 1, organisation=membership.organisation, written_by=membership,
        saved_at=planted.world.now - timedelta(hours=3),
    )  # fmt: skip
    group = GROUP_OF_CLASS[field_class.value]
    seal_into(
        draft,
        "text",
        f"Misschien {planted.words.word(canary)}, nog vragen.",
        key=key(planted, child, group, place),
    )
    return draft
