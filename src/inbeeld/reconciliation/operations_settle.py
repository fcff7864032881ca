"""Why a list lacks a child that stands on another, and whose it is to do something about it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.organisations.models import Organisation
from inbeeld.reconciliation import policies
from inbeeld.reconciliation.models import Party, Reason, Round, Settled
from inbeeld.reconciliation.operations import Did, did, one_at_a_time, refuse
from inbeeld.reconciliation.seen import ChildSeen


@transaction.atomic
def settle(
    actor: Actor,
    round_: Round,
    child: ChildSeen,
    *,
    missing_on: Party,
    reason: Reason,
    owner: Organisation | None,
) -> Settled:
    """Say why a list lacks a child; it holds in the next rounds too, until opened again. Raises Refused.

    `owner`: who does something about it; needed where the reason does not settle it.
    """
    comparison = round_.comparison
    if not child.rows or not {one.list for one in child.rows} & policies.lists_seen(actor, comparison):
        refuse(actor, Did.SETTLE, _("You do not see this child."), comparison)
    if not any(one.missing_on == missing_on.name for one in child.missing):
        refuse(actor, Did.SETTLE, _("This list does not lack this child any more."), comparison)
    if reason.comparison_id != comparison.pk or reason.ended_at is not None:
        refuse(actor, Did.SETTLE, _("Choose one of the answers given."), comparison)
    parties = {one.organisation_id for one in policies.parties_of(comparison)}
    if owner is not None and owner.pk not in parties:
        refuse(actor, Did.SETTLE, _("Choose one of the answers given."), comparison)
    if owner is None and not reason.settles:
        refuse(actor, Did.SETTLE, _("Say who does something about it."), comparison)
    one_at_a_time(comparison)
    marks = [one.mark for one in child.rows]
    _standing(marks, missing_on, round_).update(ended_at=actor.at)
    made = Settled.objects.create(
        comparison=comparison, mark=marks[0], missing_on=missing_on, reason=reason,
        owner=None if reason.settles else owner, said_by=actor.membership, said_at=actor.at,
    )  # fmt: skip
    did(actor, Did.SETTLE, made)
    return made


@transaction.atomic
def open_again(actor: Actor, round_: Round, child: ChildSeen, *, missing_on: Party) -> None:
    """Take back what was said: the difference asks for an answer again. Raises Refused."""
    comparison = round_.comparison
    if not {one.list for one in child.rows} & policies.lists_seen(actor, comparison):
        refuse(actor, Did.SETTLE, _("You do not see this child."), comparison)
    one_at_a_time(comparison)
    if not _standing([one.mark for one in child.rows], missing_on, round_).update(ended_at=actor.at):
        refuse(actor, Did.SETTLE, _("Nothing was said of it any more."), comparison)
    did(actor, Did.SETTLE, round_)


def _standing(marks: list[str], missing_on: Party, round_: Round) -> object:
    return Settled.objects.filter(
        comparison=round_.comparison, mark__in=marks, missing_on=missing_on, ended_at__isnull=True
    )
