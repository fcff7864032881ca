"""Judging why a child is at home, and saying that it is no cause any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.operations_ground import Did, begun, is_at_work, refused
from inbeeld.access.permit import Permit
from inbeeld.causes.models import Judged
from inbeeld.kernel.access import Action, Author, Decision, FieldClass
from inbeeld.kernel.causes import CLASS_OF_CAUSE, Cause
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import SealBroken, unseal_from
from inbeeld.learners.models import Learner
from inbeeld.learners.operations_text import fit, refuse_a_destroyed_child, seal_text

#: A judgement of longer ago says nothing of this absence.
LONGEST_AGO = timedelta(days=2 * 365)


@dataclass(frozen=True)
class NewCause:
    """What somebody judges: the cause, since which day they do, and a few words, which may be empty."""

    cause: Cause
    on: date
    text: str = ""


def may_judge(permit: Permit, cause: Cause) -> Decision | None:
    """The yes to saying this of this child, for who writes the class of what it says; None: no."""
    if not is_at_work(permit.actor):
        return None
    return permit.may(CLASS_OF_CAUSE[cause], Action.WRITE, author=Author.ME) or None


def causes_for(permit: Permit) -> tuple[Cause, ...]:
    """The causes this actor may say of this child."""
    return tuple(one for one in Cause if may_judge(permit, one) is not None)


def may_end(permit: Permit, judged: Judged) -> Decision | None:
    """The yes to ending it: for the organisation that judged, in a class its members write."""
    author = permit.author_of(organisation=judged.organisation_id, membership=judged.written_by_id)
    if author is Author.OTHERS or not is_at_work(permit.actor):
        return None
    return permit.may(FieldClass(judged.field_class), Action.WRITE, author=author) or None


@transaction.atomic
@sensitive_variables("judgement", "written")
def judge_cause(permit: Permit, judgement: NewCause, *, child: Learner) -> Judged:
    """Record why a child is at home. What the own organisation said already is refused. Raises Refused."""
    begun(permit, child=child)
    actor, action = permit.actor, Did.JUDGE_CAUSE
    decision = may_judge(permit, judgement.cause)
    if decision is None or actor.membership is None:
        raise refused(permit, action, _("Your role does not record this cause of this child."))
    if not actor.today - LONGEST_AGO <= judgement.on <= actor.today:
        raise refused(permit, action, _("Choose a day of the last two years that has been."))
    refuse_a_destroyed_child(permit, child, action)
    field_class, here = CLASS_OF_CAUSE[judgement.cause], actor.membership.organisation
    made = Judged(
        learner=child,
        field_class=field_class.value,
        on=judgement.on,
        organisation=here,
        written_by=actor.membership,
        written_at=actor.at,
    )
    if _stands_already(permit, made, judgement):
        raise refused(permit, action, _("This cause stands here already, from your organisation."))
    seal_text(
        permit,
        action,
        made,
        judgement.cause.value,
        field_class=field_class,
        organisation=here,
        name="cause",
    )
    if judgement.text.strip():
        written = fit(permit, action, judgement.text)
        seal_text(permit, action, made, written, field_class=field_class, organisation=here)
    made.save(force_insert=True)
    actor.ledger.note(permit, decision, field_class, action=action, about=f"cause:{made.pk}")
    return made


@sensitive_variables("judgement", "said")
def _stands_already(permit: Permit, made: Judged, judgement: NewCause) -> bool:
    """Did the own organisation say the same, and does that still hold? Of something else the words decide."""
    alike = Judged.for_operations.filter(
        learner=made.learner_id, organisation=made.organisation_id, field_class=made.field_class,
        ended_at__isnull=True,
    )  # fmt: skip
    if not alike:
        return False
    key = key_for(permit.child, GROUP_OF_CLASS[made.field_class], made.organisation.key)
    for one in alike:
        try:
            said = (unseal_from(one, "cause", key=key), unseal_from(one, "text", key=key) or "")
        except SealBroken:
            continue
        same_words = judgement.cause is not Cause.OTHER or said[1] == judgement.text.strip()
        if said[0] == judgement.cause.value and same_words:
            return True
    return False


@transaction.atomic
def end_cause(permit: Permit, judged: Judged, *, child: Learner) -> None:
    """Say that it is no cause any more, or never was: it shows no more. Raises Refused."""
    begun(permit, child=child)
    about, action = f"cause:{judged.pk}", Did.END_CAUSE
    now = Judged.for_operations.get(pk=judged.pk, learner__reference=permit.child)
    if (decision := may_end(permit, now)) is None:
        raise refused(permit, action, _("Only the organisation that judged this ends it."), about=about)
    still = Judged.for_operations.filter(pk=now.pk, ended_at__isnull=True)
    if not still.update(ended_at=permit.actor.at):
        raise refused(permit, action, _("It was ended already."), about=about)
    permit.actor.ledger.note(permit, decision, FieldClass(now.field_class), action=action, about=about)
