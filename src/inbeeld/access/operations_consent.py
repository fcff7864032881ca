"""Consent: asked, signed, withdrawn, and from when until when it holds.

Who signs follows from the age of the child (GDPR 8, UAVG 5, WGBO 7:447 and 7:450 BW, Jeugdwet 7.3.4); to
withdraw is as easy as to give (GDPR 7(3)); where a legal task applies it is never asked (GDPR 7, recital 43).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.access.consent_days import Custody, holding, stretches
from inbeeld.access.models import Consent, Kinship, Signature
from inbeeld.access.notices import tell
from inbeeld.access.operations_ground import (
    Did,
    begin_of,
    begun,
    did,
    is_involved,
    is_the_same_person,
    lock,
    permit_of,
    refused,
)
from inbeeld.access.operations_involvement import PURPOSES
from inbeeld.access.permit import Permit
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import operating
from inbeeld.kernel.access import FieldClass, rows_of
from inbeeld.kernel.consent import Relation, Signer, band_begins, may_be_asked, must_sign, role_of
from inbeeld.kernel.consent import Signature as Signed
from inbeeld.keys.opening import batched
from inbeeld.organisations.models import KINDS_OF_ROLE, Kind, Membership, Organisation

if TYPE_CHECKING:
    from inbeeld.learners.models import Learner
else:
    Learner = Any

#: The wording that is on the page now; a changed wording is another version.
TEXT_VERSION = "2026-04"
#: A consent ends by itself; nobody has to remember to withdraw it.
LONGEST = timedelta(days=365)


@operating("ask")
def ask(
    permit: Permit,
    *,
    child: Learner,
    field_class: FieldClass,
    receiver: Organisation | None = None,
    receiving_kin: Kinship | None = None,
    purpose: str,
    until_on: date | None = None,
    text_version: str = TEXT_VERSION,
) -> Consent:
    """Ask consent to share one class with one organisation, or one guardian or the learner. Raises Refused.

    By who is involved with the child. `purpose`: one of operations_involvement.PURPOSES. `until_on`: the last
    day, at most a year ahead (the default).
    """
    begun(permit, child=child)
    child.refresh_from_db(fields=("born_on", "region"))
    today = permit.actor.today
    until_on = until_on or today + LONGEST
    if why := _refusal_to_ask(permit, child, purpose, until_on) or _refusal_of_a_receiver(
        child, field_class, receiver, receiving_kin, today
    ):
        raise refused(permit, Did.ASK_CONSENT, why)
    same = Consent.for_operations.filter(
        child=child,
        field_class=field_class.value,
        receiver=receiver,
        receiving_kin=receiving_kin,
        purpose=purpose,
        withdrawn_at__isnull=True,
        until_on__gte=today,
        asked_at__gte=begin_of(band_begins(child.born_on, today)),
    )
    if same.exists():
        raise refused(permit, Did.ASK_CONSENT, _("This was asked already."))
    made = Consent.for_operations.create(
        child=child,
        field_class=field_class.value,
        receiver=receiver,
        receiving_kin=receiving_kin,
        purpose=purpose,
        text_version=text_version,
        asked_by=permit.actor.membership,
        asked_at=permit.actor.at,
        until_on=until_on,
    )
    _did(permit, Did.ASK_CONSENT, made)
    tell(one.person for one in _who_must_sign(child, today))
    return made


def _refusal_to_ask(permit: Permit, child: Learner, purpose: str, until_on: date) -> str:
    today = permit.actor.today
    if not is_involved(permit):
        return _("Consent is asked by somebody who is involved with the child.")
    if purpose not in PURPOSES:
        return _("This is no purpose for which consent is asked.")
    if not today <= until_on <= today + LONGEST:
        return _("A consent ends on a day from today, and at most a year ahead.")
    if child.born_on is None or child.born_on > today:
        return _("The birth date of this child is not known, so nobody can say who must sign.")
    return ""


def _refusal_of_a_receiver(
    child: Learner,
    field_class: FieldClass,
    receiver: Organisation | None,
    receiving_kin: Kinship | None,
    today: date,
) -> str:
    if (receiver is None) == (receiving_kin is None):
        return _("Choose one organisation or person who may then read it.")
    if receiver is not None:
        if receiver.region != child.region:
            return _("This organisation is in another region.")
        kind = Kind(receiver.kind)
        roles = [role.value for role, kinds in KINDS_OF_ROLE.items() if kind in kinds]
    else:
        assert receiving_kin is not None
        if receiving_kin.child_id != child.pk or not _holds(receiving_kin, today):
            return _("This person is not kin of this child today.")
        role = role_of(Relation(receiving_kin.relation), born_on=child.born_on, on=today)
        roles = [] if role is None else [role]
    if any(may_be_asked(role, field_class) for role in roles):
        return ""
    if any(set(row.cells[field_class]) & set("rw") for role in roles for row in rows_of(role)):
        return _("Here a legal task applies, and then consent is never asked.")
    return _("Also with consent nobody there could read this, so it is not asked.")


# --- signing -------------------------------------------------------------------------------------


@operating("sign")
def sign(consent: Consent, *, by: Actor) -> Signature:
    """The learner or a guardian signs, today. Raises Refused."""
    found, permit = _locked(consent, permit_of(by, _fresh(consent).child))
    kin = by.kinship
    if kin is None or kin.child_id != found.child_id or not _holds(kin, by.today):
        raise _refused(permit, Did.SIGN_CONSENT, _("The learner and the parents sign this."), found)
    return _signed(permit, Did.SIGN_CONSENT, found, kin=kin, on=by.today)


@operating("record_signature")
def record_signature(consent: Consent, *, kin: Kinship, on: date, by: Permit) -> Signature:
    """Somebody involved saw the signature of the learner or a guardian on paper. Raises Refused.

    Never who asked for it or works where it would be read: what opens a door is seen by two pairs of eyes,
    and the signer is told at once.
    """
    found, permit = _locked(consent, by)
    asked_on = timezone.localdate(found.asked_at)
    mine = permit.actor.membership
    if not is_involved(permit) or (mine is not None and mine.person_id == kin.person_id):
        why = _("A signature on paper is recorded by somebody who is involved with the child.")
    elif not may_record(permit.actor, found) or _is_for(mine, found):
        why = _(
            "Who asked for a consent, or works where it will be read, does not record who signed it. Ask"
            " somebody else who is involved."
        )
    elif kin.child_id != found.child_id or not _holds(kin, on):
        why = _("This person was not kin of this child on that day.")
    elif not asked_on <= on <= permit.actor.today:
        why = _("It was signed on a day from the one it was asked on until today.")
    else:
        made = _signed(permit, Did.RECORD_SIGNATURE, found, kin=kin, on=on)
        tell([kin.person])
        return made
    raise _refused(permit, Did.RECORD_SIGNATURE, why, found)


def may_record(actor: Actor, consent: Consent) -> bool:
    """Is this neither who asked it nor somebody of where it would be read, in whatever role of theirs?"""
    mine = actor.membership
    if mine is None or is_the_same_person(actor, consent.asked_by):
        return False
    receiver = consent.receiver
    if receiver is None:
        return True
    # A site and its school are one to who would read it.
    there = Q(organisation=receiver) | Q(organisation__part_of=receiver)
    if receiver.part_of_id is not None:
        there |= Q(organisation=receiver.part_of_id)
    jobs = Membership.objects.filter(there, person=mine.person_id).select_related("person")
    return not any(one.is_in_force(actor.today) for one in jobs)


def _is_for(member: Membership | None, consent: Consent) -> bool:
    """Is this member the parent or learner who would receive it?"""
    kin = consent.receiving_kin
    return kin is not None and member is not None and kin.person_id == member.person_id


def _signed(permit: Permit, action: Did, found: Consent, *, kin: Kinship, on: date) -> Signature:
    if why := _refusal_to_sign(found, kin, on, today=permit.actor.today):
        raise _refused(permit, action, why, found)
    on_paper = action is Did.RECORD_SIGNATURE
    made = Signature.for_operations.create(
        consent=found,
        by=kin,
        on=on,
        recorded_by=permit.actor.membership if on_paper else None,
        recorded_at=permit.actor.at if on_paper else None,
    )
    re_evaluate(found.child, on=permit.actor.today)
    _did(permit, action, found)
    return made


def _refusal_to_sign(found: Consent, kin: Kinship, on: date, *, today: date) -> str:
    born_on = found.child.born_on
    if found.withdrawn_at is not None or found.until_on < today:
        return _("This consent was withdrawn, or its last day has passed.")
    if born_on is None or born_on > on:
        return _("The birth date of this child is not known, so nobody can say who must sign.")
    if timezone.localdate(found.asked_at) < band_begins(born_on, today):
        return _("Since it was asked the child had a birthday after which others sign. Ask anew.")
    if Signer(kin.relation) not in must_sign(born_on, on):
        return _("At the age of this child somebody else signs.")
    if Signature.for_operations.filter(consent=found, by=kin).exists():
        return _("This person signed already.")
    return ""


# --- withdrawing ---------------------------------------------------------------------------------


@operating("withdraw_consent")
def withdraw_consent(consent: Consent, *, by: Actor) -> Consent:
    """Any of those who must sign withdraws it; or somebody involved, who was told so. Raises Refused."""
    found, permit = _locked(consent, permit_of(by, _fresh(consent).child))
    if not (_may_withdraw(found, by) or is_involved(permit)):
        why = _("Who must sign a consent can withdraw it, or ask somebody involved to do so.")
        raise _refused(permit, Did.WITHDRAW_CONSENT, why, found)
    if found.withdrawn_at is None:
        found.withdrawn_at, found.holds_from, found.holds_until = by.at, None, None
        found.save(update_fields=["withdrawn_at", "holds_from", "holds_until"])
        _did(permit, Did.WITHDRAW_CONSENT, found)
        if not (by.membership and is_the_same_person(by, found.asked_by)):
            tell([found.asked_by.person])
    return found


def _may_withdraw(found: Consent, by: Actor) -> bool:
    kin, born_on = by.kinship, found.child.born_on
    if kin is None or kin.child_id != found.child_id or not _holds(kin, by.today):
        return False
    return born_on is None or Signer(kin.relation) in must_sign(born_on, by.today)


def _fresh(consent: Consent) -> Consent:
    rows = Consent.for_operations.select_related("child__standing__school", "asked_by__person")
    return rows.get(pk=consent.pk)


def _locked(consent: Consent, by: Permit) -> tuple[Consent, Permit]:
    """The consent as it is now, while nobody else changes it."""
    permit = begun(by, child=_fresh(consent).child)
    return _fresh(consent), permit


def _holds(kin: Kinship, on: date) -> bool:
    return kin.from_on <= on and (kin.until_on is None or on <= kin.until_on)


def _who_must_sign(child: Learner, on: date) -> list[Kinship]:
    signers = {one.value for one in must_sign(child.born_on, on)}
    rows = Kinship.for_operations.filter(child=child, relation__in=signers).select_related("person")
    return [one for one in rows if _holds(one, on)]


def _did(by: Permit, action: Did, about: Consent) -> None:
    did(
        by,
        action,
        child=by.child,
        about=f"consent:{about.pk}",
        field_class=FieldClass(about.field_class),
        consent=str(about.pk),
    )


def _refused(by: Permit, action: Did, sentence: str, about: Consent) -> Refused:
    return refused(by, action, sentence, about=f"consent:{about.pk}")


# --- from when until when ------------------------------------------------------------------------


def re_evaluate(child: Learner, *, on: date | None = None) -> int:
    """Work out anew from when until when each consent of a child holds; returns how many changed."""
    return re_evaluate_many([child.pk], on=on)


@operating("re_evaluate")
def re_evaluate_many(children: Iterable[int], *, on: date | None = None) -> int:
    """The same for many children (primary keys): only those with a consent are looked at.

    To be called when a birth date changed; operations on consent and kin call it themselves.
    """
    rows = Consent.for_operations.filter(withdrawn_at__isnull=True)
    found = {
        child
        for batch in batched(children)
        for child in rows.filter(child__in=batch).values_list("child", flat=True)
    }
    return _re_evaluate(sorted(found), on=on or timezone.localdate())


@transaction.atomic
def re_evaluate_due(*, on: date | None = None) -> int:
    """Consents that stopped holding before their last day, and may hold again (custody that changed).

    Once a day: without it nothing is shown that may not be, but something may stay hidden.
    """
    on = on or timezone.localdate()
    rows = Consent.for_operations.filter(withdrawn_at__isnull=True, holds_until__lte=on, until_on__gte=on)
    return _re_evaluate(sorted(set(rows.values_list("child", flat=True))), on=on)


def _re_evaluate(children: list[int], *, on: date) -> int:
    learners = apps.get_model("learners", "Learner").for_operations
    for batch in batched(children):
        for reference in learners.filter(pk__in=batch).order_by("pk").values_list("reference", flat=True):
            lock(reference)
    return sum(_re_evaluate_batch(batch, on=on) for batch in batched(children))


def _re_evaluate_batch(children: list[int], *, on: date) -> int:
    rows = list(
        Consent.for_operations.filter(child__in=children, withdrawn_at__isnull=True).select_related("child")
    )
    signed: dict[Any, list[Signed]] = {}
    signatures = Signature.for_operations.filter(consent__child__in=children)
    for consent, by, relation, day in signatures.values_list("consent", "by", "by__relation", "on"):
        signed.setdefault(consent, []).append(Signed(str(by), Signer(relation), day))
    custody: dict[int, list[Custody]] = {}
    guardians = Kinship.for_operations.filter(child__in=children, relation=Kinship.Relation.GUARDIAN)
    for child, pk, first, last in guardians.values_list("child", "pk", "from_on", "until_on"):
        custody.setdefault(child, []).append(Custody(str(pk), first, last))
    changed = []
    for one in rows:
        days = stretches(
            signed.get(one.pk, []),
            born_on=one.child.born_on,
            custody=custody.get(one.child_id, []),
            until_on=one.until_on,
        )
        was = one.holds_from, one.holds_until
        one.holds_from, one.holds_until = holding(days, today=on)
        if was != (one.holds_from, one.holds_until):
            changed.append(one)
    Consent.for_operations.bulk_update(changed, ["holds_from", "holds_until"])
    return len(changed)
