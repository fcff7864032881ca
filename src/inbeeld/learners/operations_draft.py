"""Keeping what somebody is writing, so that a session that ends or a laptop that closes loses nothing."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.ledger import ALLOWED
from inbeeld.access.operations_ground import Did, begun, is_at_work, refused
from inbeeld.access.permit import Permit
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.kernel.access import Action, Author, Decision, FieldClass
from inbeeld.keys.opening import batched
from inbeeld.learners.models import Draft, Entry, Learner
from inbeeld.learners.operations_text import fit, forget_draft, refuse_a_destroyed_child, seal_text

#: A text about a child that nobody saved is no part of the file, and is kept no longer than it takes to come
#: back to it (GDPR 5(1)(e)): a week of holiday and the days around it.
KEPT_FOR = timedelta(days=14)


@transaction.atomic
@sensitive_variables("text", "written")
def keep_draft(
    permit: Permit,
    *,
    child: Learner,
    field_class: FieldClass,
    text: str,
    entry: Entry | None = None,
    version: int = 0,
) -> Draft:
    """Keep what the actor is writing: one draft of a new entry of a class, or of a change to an entry.

    `version`: of the entry it was begun from; a draft that is there keeps its own. Raises Refused.
    """
    begun(permit, child=child)
    actor = permit.actor
    decision = _may_write(permit, field_class, entry, Did.DRAFT)
    written = fit(permit, Did.DRAFT, text)
    refuse_a_destroyed_child(permit, child, Did.DRAFT)
    assert actor.membership is not None
    organisation = actor.membership.organisation
    place = {
        "learner": child,
        "field_class": field_class.value,
        "entry": entry,
        "written_by": actor.membership,
    }
    known = Draft.for_operations.filter(**place).first()
    draft = known or Draft(**place, version=version, organisation=organisation)
    draft.saved_at = actor.at
    seal_text(permit, Did.DRAFT, draft, written, field_class=field_class, organisation=organisation)
    if known is None:
        draft.save(force_insert=True)
    else:
        draft.save(update_fields=["text", "saved_at"])
    actor.ledger.note(permit, decision, field_class, action=Did.DRAFT, about=f"draft:{draft.pk}")
    return draft


@transaction.atomic
def throw_away_draft(
    permit: Permit, *, child: Learner, field_class: FieldClass, entry: Entry | None = None
) -> bool:
    """Delete what the actor was writing here; False when there was nothing. Raises Refused."""
    begun(permit, child=child)
    decision = _may_write(permit, field_class, entry, Did.THROW_AWAY_DRAFT)
    if not forget_draft(permit, child, field_class, entry):
        return False
    permit.actor.ledger.note(permit, decision, field_class, action=Did.THROW_AWAY_DRAFT)
    return True


def _may_write(permit: Permit, field_class: FieldClass, entry: Entry | None, action: Did) -> Decision:
    """The decision to write here; who may not write keeps no draft either."""
    author = Author.ME
    if entry is not None:
        author = permit.author_of(organisation=entry.organisation_id, membership=entry.written_by_id)
    decision = permit.may(field_class, Action.WRITE, author=author)
    if not decision:
        raise refused(permit, action, _(decision.sentence))
    if author is Author.OTHERS or not is_at_work(permit.actor) or field_class.value not in Entry.Kind.values:
        raise refused(permit, action, _("This is not written as an entry in the file."))
    return decision


@transaction.atomic
def delete_old_drafts(*, at: datetime, today: date, by: str) -> int:
    """Delete drafts nobody came back to, and those of who works here no more; returns how many.

    `by`: "command:drafts". Each is in the journal, without its writer: who kept it stands there already.
    """
    gone = Q(saved_at__lte=at - KEPT_FOR) | Q(written_by__until_on__lt=today)
    old = list(Draft.for_operations.filter(gone).select_related("learner").order_by("saved_at", "pk"))
    trace = uuid.uuid4()
    for batch in batched(old):
        Draft.for_operations.filter(pk__in=[one.pk for one in batch]).delete()
        journal.append([
            Deed(
                trace=trace,
                actor=by,
                action=Did.THROW_AWAY_DRAFT,
                field_class=one.field_class,
                child=one.learner.reference,
                object=f"draft:{one.pk}",
                outcome=ALLOWED,
                origin=by,
            )
            for one in batch
        ])  # fmt: skip
    return len(old)
