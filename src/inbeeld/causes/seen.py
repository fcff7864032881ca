"""Causes as one actor may see them: frozen, opened for what is permitted, noted for the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from inbeeld.access.permit import Permit
from inbeeld.causes.models import Judged
from inbeeld.causes.operations import LONGEST_AGO, may_end
from inbeeld.causes.wording import cause_in_words
from inbeeld.kernel.access import Action, Author, FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.access_page import knows_who_is_involved
from inbeeld.learners.file import opened


@dataclass(frozen=True)
class SeenCause:
    """One cause that holds. `name`, `place`: who judged; empty for who may not know who is involved."""

    id: UUID
    child: UUID
    words: str
    on: date
    text: str
    name: str
    place: str
    may_end: bool


def rows_of(permit: Permit) -> QuerySet[Judged]:
    """The causes of one child that hold and that this actor may know of."""
    return _holding(Judged.objects.about(permit.reach), today=permit.actor.today)


def causes_of(permit: Permit) -> tuple[SeenCause, ...]:
    """The causes of one child that this actor may read, the latest first, each noted for the log."""
    return seen_causes({permit.child: permit}, rows_of(permit))


def causes_of_children(
    permits: Mapping[UUID, Permit], rows: QuerySet[Judged], *, today: date
) -> tuple[SeenCause, ...]:
    """The same of several children of a list, without who judged. `rows`: of what may be read."""
    return seen_causes(permits, _holding(rows, today=today), in_a_list=True)


def _holding(rows: QuerySet[Judged], *, today: date) -> QuerySet[Judged]:
    """Those that were not ended, and not judged so long ago that they say nothing of this absence."""
    held = rows.filter(ended_at__isnull=True, on__gte=today - LONGEST_AGO)
    return held.select_related("learner", "organisation", "written_by__person")


def seen_causes(
    permits: Mapping[UUID, Permit], rows: Iterable[Judged], *, by_whom: bool = True, in_a_list: bool = False
) -> tuple[SeenCause, ...]:
    """These causes opened, each class noted for the log; without those that are not for this actor.

    Not `by_whom`: without who judged. `in_a_list`: which causes, and no more of them.
    """
    told = [
        (one, permit, decision)
        for one in rows
        if (permit := permits.get(one.learner.reference)) is not None
        and (decision := permit.may(FieldClass(one.field_class), author=_author(permit, one)))
    ]
    keys = open_keys(_wanted(one) for one, _permit, _decision in told)
    action = "listed" if in_a_list else Action.READ.value
    found = []
    for one, permit, decision in told:
        permit.actor.ledger.note(permit, decision, FieldClass(one.field_class), action=action)
        found.append(
            _seen(permit, one, keys.get(_wanted(one)), by_whom=by_whom and not in_a_list, in_a_list=in_a_list)
        )
    return tuple(found)


def _seen(permit: Permit, one: Judged, key: Any, *, by_whom: bool, in_a_list: bool) -> SeenCause:
    who = knows_who_is_involved(permit) if by_whom else None
    if who is not None:
        permit.actor.ledger.note(permit, who, FieldClass.AGR)
    named = by_whom and (who is not None or _author(permit, one) is Author.ME)
    return SeenCause(
        id=one.pk,
        child=one.learner.reference,
        words=cause_in_words(opened(one, "cause", key)),
        on=one.on,
        text="" if in_a_list or one.text is None else opened(one, "text", key),
        name=one.written_by.person.get_full_name() if named else "",
        place=one.organisation.name if named else "",
        may_end=not in_a_list and may_end(permit, one) is not None,
    )


def _wanted(one: Judged) -> tuple[UUID, str, str]:
    return (one.learner.reference, GROUP_OF_CLASS[one.field_class], one.organisation.key)


def _author(permit: Permit, one: Judged) -> Author:
    return permit.author_of(organisation=one.organisation_id, membership=one.written_by_id)
