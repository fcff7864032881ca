"""Why a list lacks a child that stands on another, and whose it is to do something about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.organisations.models import Organisation
from inbeeld.reconciliation import policies
from inbeeld.reconciliation.models import Comparison, Party, Reason, Round, Settled
from inbeeld.reconciliation.operations import Did, did, one_at_a_time, refuse
from inbeeld.reconciliation.seen import ChildSeen


@transaction.atomic
def settle(
    actor: Actor,
    round_: Round,
    children: Sequence[ChildSeen],
    *,
    missing_on: Party,
    reason: Reason,
    owner: Organisation | None,
) -> None:
    """Say why a list lacks children; of all of them or of none. Raises Refused.

    It holds until it is opened again, or the child is missing there no more. `owner`: who does something
    about it; needed where the reason does not settle it.
    """
    comparison = round_.comparison
    _refuse_unseen(actor, comparison, children)
    if not all(any(one.list == missing_on.name for one in child.missing) for child in children):
        refuse(actor, Did.SETTLE, _("This list does not lack this child any more."), comparison)
    if reason.comparison_id != comparison.pk or reason.ended_at is not None:
        refuse(actor, Did.SETTLE, _("Choose one of the answers given."), comparison)
    parties = {one.organisation_id for one in policies.parties_of(comparison)}
    if owner is not None and owner.pk not in parties:
        refuse(actor, Did.SETTLE, _("Choose one of the answers given."), comparison)
    if owner is None and not reason.settles:
        refuse(actor, Did.SETTLE, _("Say who does something about it."), comparison)
    one_at_a_time(comparison)
    for child in children:
        _standing(child, missing_on).update(ended_at=actor.at)
        made = Settled.objects.create(
            comparison=comparison, mark=child.rows[0].mark, missing_on=missing_on, reason=reason,
            owner=None if reason.settles else owner, said_by=actor.membership, said_at=actor.at,
        )  # fmt: skip
        did(actor, Did.SETTLE, made)


@transaction.atomic
def open_again(actor: Actor, round_: Round, children: Sequence[ChildSeen], *, missing_on: Party) -> None:
    """Take back what was said: these differences ask for an answer again. Raises Refused."""
    comparison = round_.comparison
    _refuse_unseen(actor, comparison, children)
    one_at_a_time(comparison)
    if not all(_standing(child, missing_on).exists() for child in children):
        refuse(actor, Did.SETTLE, _("Nothing was said of it any more."), comparison)
    for child in children:
        _standing(child, missing_on).update(ended_at=actor.at)
    did(actor, Did.SETTLE, round_)


def end_what_is_over(
    comparison: Comparison, *, lists: Collection[str], missing: Collection[tuple[str, str]], at: datetime
) -> None:
    """End what was said of children that a list lacks no more: should it lack them again, it is asked anew.

    `missing`: (mark of a record, name of the list that lacks the child) of every difference; `lists`: those
    that were laid side by side. In the transaction of the caller.
    """
    standing = Settled.objects.filter(comparison=comparison, ended_at__isnull=True)
    over = [
        one.pk
        for one in standing.select_related("missing_on")
        if one.missing_on.name in lists and (one.mark, one.missing_on.name) not in missing
    ]
    Settled.objects.filter(pk__in=over).update(ended_at=at)


def _refuse_unseen(actor: Actor, comparison: Comparison, children: Sequence[ChildSeen]) -> None:
    seen = policies.lists_seen(actor, comparison)
    if not all({one.list for one in child.rows} & seen for child in children):
        refuse(actor, Did.SETTLE, _("You do not see this child."), comparison)


def _standing(child: ChildSeen, missing_on: Party) -> QuerySet[Settled]:
    """What holds of a child and a list, whoever said it and of whichever record."""
    return Settled.objects.filter(
        comparison=missing_on.comparison, mark__in=child.marks, missing_on__name=missing_on.name,
        ended_at__isnull=True,
    )  # fmt: skip
