"""What a region agreed about its lists: which there are, who sees whose, who reviews, which reasons."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.kernel.rounds import SideBySide
from inbeeld.organisations.models import Membership, Organisation
from inbeeld.reconciliation import policies
from inbeeld.reconciliation.models import Comparison, Party, Reason, Reviewer, Sharing
from inbeeld.reconciliation.operations import Did, did, one_at_a_time, refuse

LONGEST_REASON, LONGEST_GROUND = 100, 300
OWN_REASONS_AFTER = 1000
#: The reasons that come with inbeeld, by key: is it settled with it? In this order (words: wording.py).
REASONS_OF_CHILDREN = {
    "to_be_added": False, "asks_the_other": False, "back_at_school": True, "other_definition": True,
    "moved_out": True, "deceased": True, "private_school": True, "exempt": True, "other_region": True,
}  # fmt: skip
REASONS_OF_THE_ROLL = {
    "visit": False, "asks_the_school": False, "between_schools": False, "moved_out": True, "deceased": True,
    "private_school": True, "abroad": True, "exempt": True, "other_region": True, "on_a_roll": True,
}  # fmt: skip


class NotThere(ValueError):
    """A profile names an organisation that is not there; str() says which."""


@transaction.atomic
def set_up(wanted: SideBySide, *, region: str, at: datetime) -> Comparison:
    """Make a comparison as the region's profile says, or bring it up to date. Raises NotThere.

    Who is not named any more, or keeps the list no more, takes part in no next round, and what they shared
    ends; what was decided stays.
    """
    known = {one.key: one for one in Organisation.objects.filter(region=region)}
    for key in (wanted.led_by, *(one.organisation for one in wanted.lists)):
        if key not in known:
            raise NotThere(f"an organisation with the key {key}")
    made, _is_new = Comparison.objects.update_or_create(
        region=region, key=wanted.key,
        defaults={
            "name": wanted.name, "compared": wanted.compared.value, "led_by": known[wanted.led_by],
            "every_days": wanted.every_days, "days_to_deliver": wanted.days_to_deliver,
            "apart": [list(pair) for pair in wanted.apart], "ended_at": None,
        },
    )  # fmt: skip
    keepers = {one.name: known[one.organisation] for one in wanted.lists}
    for party in made.parties.filter(ended_at__isnull=True):
        if keepers.get(party.name) != party.organisation:
            Party.objects.filter(pk=party.pk).update(ended_at=at)
            Sharing.objects.filter(giver=party, ended_at__isnull=True).update(ended_at=at)
    for place, one in enumerate(wanted.lists):
        Party.objects.update_or_create(
            comparison=made, name=one.name, organisation=keepers[one.name], ended_at=None,
            defaults={"title": one.title, "place": place},
        )  # fmt: skip
    if not made.reasons.exists():
        reasons = REASONS_OF_THE_ROLL if made.is_of_the_roll else REASONS_OF_CHILDREN
        Reason.objects.bulk_create(
            Reason(comparison=made, place=place, key=key, settles=settles)
            for place, (key, settles) in enumerate(reasons.items())
        )
    return made


@transaction.atomic
def end_others(keys: list[str], *, region: str, at: datetime) -> None:
    """End the comparisons of a region that its profile does not name any more."""
    rows = Comparison.objects.filter(region=region, ended_at__isnull=True)
    rows.exclude(key__in=keys).update(ended_at=at)


@transaction.atomic
def share(actor: Actor, giver: Party, *, receiver: Organisation, ground: str) -> Sharing:
    """Let another party see who is only on one's own list, on a ground. Raises Refused."""
    if not policies.hands_in(actor, giver):
        refuse(actor, Did.SHARE, _("Only who keeps a list says who may see it."), giver.comparison)
    ground = " ".join(ground.split())
    if not ground or len(ground) > LONGEST_GROUND:
        sentence = _("Say on which ground, in at most {number} characters.").format(number=LONGEST_GROUND)
        refuse(actor, Did.SHARE, sentence, giver.comparison)
    others = {one.organisation_id for one in policies.parties_of(giver.comparison)} - {giver.organisation_id}
    if receiver.pk not in others:
        refuse(actor, Did.SHARE, _("A list is shared with who lays theirs beside it."), giver.comparison)
    one_at_a_time(giver.comparison)
    if Sharing.objects.filter(giver=giver, receiver=receiver, ended_at__isnull=True).exists():
        refuse(actor, Did.SHARE, _("They see this list already."), giver.comparison)
    made = Sharing.objects.create(
        giver=giver, receiver=receiver, ground=ground, said_by=actor.membership, said_at=actor.at
    )
    did(actor, Did.SHARE, made)
    return made


@transaction.atomic
def end_sharing(actor: Actor, sharing: Sharing) -> None:
    """From now on the other sees a number again, and no child. Raises Refused."""
    if not policies.hands_in(actor, sharing.giver):
        refuse(actor, Did.END_SHARING, _("Only who keeps a list says who may see it."), sharing)
    rows = Sharing.objects.filter(pk=sharing.pk, ended_at__isnull=True)
    if not rows.update(ended_at=actor.at, ended_by=actor.membership):
        refuse(actor, Did.END_SHARING, _("That was ended already."), sharing)
    did(actor, Did.END_SHARING, sharing)


@transaction.atomic
def appoint_reviewer(actor: Actor, comparison: Comparison, membership: Membership) -> Reviewer:
    """Let a member of a party say of two records whether they are one child. Raises Refused."""
    _led(actor, comparison, Did.APPOINT_REVIEWER)
    parties = policies.parties_of(comparison)
    reviewer = Actor(name="", membership=membership, at=actor.at)
    if not any(policies.hands_in(reviewer, one) for one in parties):
        sentence = _("Appoint somebody who hands in a list here, and may see the children on it.")
        refuse(actor, Did.APPOINT_REVIEWER, sentence, comparison)
    if policies.reviews(reviewer, comparison):
        refuse(actor, Did.APPOINT_REVIEWER, _("They were appointed already."), comparison)
    made = Reviewer.objects.create(
        comparison=comparison, membership=membership, appointed_by=actor.membership, appointed_at=actor.at
    )
    did(actor, Did.APPOINT_REVIEWER, made)
    return made


@transaction.atomic
def end_reviewer(actor: Actor, reviewer: Reviewer) -> None:
    """They say nothing of pairs any more; what they said stays. Raises Refused."""
    _led(actor, reviewer.comparison, Did.END_REVIEWER)
    if not Reviewer.objects.filter(pk=reviewer.pk, ended_at__isnull=True).update(ended_at=actor.at):
        refuse(actor, Did.END_REVIEWER, _("That was ended already."), reviewer)
    did(actor, Did.END_REVIEWER, reviewer)


@transaction.atomic
def add_reason(actor: Actor, comparison: Comparison, *, text: str, settles: bool) -> Reason:
    """Add a reason why a list lacks a child. Raises Refused."""
    _led(actor, comparison, Did.SAY_REASON)
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_REASON:
        sentence = _("A reason has at most {number} characters.").format(number=LONGEST_REASON)
        refuse(actor, Did.SAY_REASON, sentence, comparison)
    if Reason.objects.filter(comparison=comparison, text__iexact=text, ended_at__isnull=True).exists():
        refuse(actor, Did.SAY_REASON, _("This reason is there already."), comparison)
    made = Reason.objects.create(comparison=comparison, place=OWN_REASONS_AFTER, text=text, settles=settles)
    did(actor, Did.SAY_REASON, made)
    return made


@transaction.atomic
def end_reason(actor: Actor, reason: Reason) -> None:
    """It can be chosen no more; where it was given it stays. Raises Refused."""
    _led(actor, reason.comparison, Did.SAY_REASON)
    if not Reason.objects.filter(pk=reason.pk, ended_at__isnull=True).update(ended_at=actor.at):
        refuse(actor, Did.SAY_REASON, _("That was ended already."), reason)
    did(actor, Did.SAY_REASON, reason)


def _led(actor: Actor, comparison: Comparison, action: Did) -> None:
    if not policies.leads(actor, comparison):
        refuse(actor, action, _("Only who leads these lists decides this."), comparison)
    one_at_a_time(comparison)
