"""What was consented to: to whom, what for, signed by whom, until when; and what could be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.access.in_words import class_word, role_word
from inbeeld.access.models import Consent, Involvement, Signature
from inbeeld.access.operations_consent import may_record
from inbeeld.access.permit import Permit
from inbeeld.access.scope_own import relations_of, signed_by
from inbeeld.kernel.access import FieldClass, rows_of
from inbeeld.kernel.access import Involvement as How
from inbeeld.kernel.consent import Relation, Signer, age_on, band_begins, must_sign, next_birthday, role_of
from inbeeld.learners.models import Learner
from inbeeld.learners.signing_page import SeenParty, Signing, signing_of
from inbeeld.organisations.models import Membership

_EVER = {Relation.LEARNER: "learner_16", Relation.GUARDIAN: "guardian_16"}


@dataclass(frozen=True)
class SeenSignature:
    """Who signed, on which day; and when it was on paper: who recorded that, and when."""

    name: str
    on: date
    recorded_by: str
    recorded_at: datetime | None


@dataclass(frozen=True)
class SeenConsent:
    """One consent. `signed_by` is None for who may not know the family, who do read of their own.

    `parties`: for kin each capacity apart, for others all together; `still`: by name, for who may know it.
    `others_record`: the actor is involved, and a signature on paper is for somebody else to record.
    """

    id: UUID
    what: str
    to: str
    purpose: str
    asked_by: str
    asked_on: date
    until_on: date
    in_force: bool
    last_day: date | None
    withdrawn_on: date | None
    signed_by: tuple[SeenSignature, ...] | None
    parties: tuple[SeenParty, ...]
    still: tuple[str, ...]
    must_sign: str
    anew_on: date | None
    anew_at: int | None
    lapsed: bool
    may_sign: bool
    mine: SeenSignature | None
    may_withdraw: bool
    may_record: bool
    others_record: bool
    is_over: bool


@dataclass(frozen=True)
class ConsentToAsk:
    """A class and a receiver for whom consent is of use. `value` is what the form sends back."""

    value: str
    field_class: FieldClass
    what: str
    to: str


def consented_classes(actor: Actor, learner: Learner) -> dict[tuple[int, str], frozenset[FieldClass]]:
    """The classes consented to today, by receiving organisation and purpose."""
    found: dict[tuple[int, str], set[FieldClass]] = {}
    for one in Consent.objects.visible_to(actor).filter(child=learner, receiver__isnull=False):
        if holds(one, actor.today):
            to = int(one.receiver_id or 0), one.purpose
            found.setdefault(to, set()).add(FieldClass(one.field_class))
    return {to: frozenset(classes) for to, classes in found.items()}


def holds(one: Consent, today: date) -> bool:
    """As `scope.consents_in_force` asks of the database."""
    return bool(
        one.withdrawn_at is None
        and one.holds_from
        and one.holds_until
        and one.holds_from <= today < one.holds_until
        and today <= one.until_on
    )


def consents_of(
    actor: Actor, permit: Permit, learner: Learner, *, every: bool, by_name: bool = True
) -> tuple[SeenConsent, ...]:
    """The consents about a child this actor sees: every one, or only those kin can sign or receive.

    `by_name`: with who signed, for who may know the family, which is noted for the log.
    """
    found = (
        Consent.objects.visible_to(actor)
        .filter(child=learner)
        .select_related("receiver", "asked_by__person", "asked_by__organisation")
    )
    rows = [one for one in found if every or _is_of_kin(one, actor, learner)]
    names = _signers(actor, permit, rows) if by_name else None
    mine = signed_by(actor) if rows else {}
    receivers = _kin_in_words(learner, actor.today) if any(one.receiver is None for one in rows) else {}
    signing = signing_of(actor, learner) if rows else None
    return tuple(_seen(actor, permit, learner, one, names, mine, receivers, signing) for one in rows)


def _signers(actor: Actor, permit: Permit, rows: list[Consent]) -> dict[UUID, list[SeenSignature]] | None:
    """Who signed what, by name: for who may know the family."""
    decision = permit.may(FieldClass.FAM)
    if not decision or not rows:
        return {} if decision else None
    actor.ledger.note(permit, decision, FieldClass.FAM)
    found: dict[UUID, list[SeenSignature]] = {}
    signatures = Signature.objects.visible_to(actor).filter(consent__in=rows)
    with_people = signatures.select_related("by__person", "recorded_by__person", "recorded_by__organisation")
    for one in with_people.order_by("on", "pk"):
        name = one.by.person.get_full_name()
        found.setdefault(one.consent_id, []).append(_signature_in_words(one, name))
    return found


def _signature_in_words(one: Signature, name: str) -> SeenSignature:
    return SeenSignature(name, one.on, member_in_words(one.recorded_by), one.recorded_at)


def member_in_words(member: Membership | None) -> str:
    """Name, role and organisation of a member; empty for nobody."""
    if member is None:
        return ""
    return f"{member.person.get_full_name()} ({member.get_role_display()}, {member.organisation.name})"


def _seen(
    actor: Actor,
    permit: Permit,
    learner: Learner,
    one: Consent,
    names: dict[UUID, list[SeenSignature]] | None,
    mine: dict[UUID, Signature],
    receivers: dict[UUID | None, str],
    signing: Signing | None,
) -> SeenConsent:
    today = actor.today
    is_over = _is_over(one, today)
    in_force = holds(one, today)
    signers = must_sign(learner.born_on, today) if learner.born_on else frozenset()
    lapsed = not is_over and _asked_at_another_age(one, learner, today)
    involved = How.INVOLVED in permit.involvements
    on_paper = involved and bool(signers) and not (is_over or lapsed or in_force)
    records = on_paper and may_record(actor, one)
    anew_on = None if is_over or lapsed else _anew_on(one, learner, today)
    counted = signing is not None and not (is_over or lapsed)
    return SeenConsent(
        id=one.pk,
        what=class_word(FieldClass(one.field_class)),
        to=one.receiver.name if one.receiver is not None else receivers.get(one.receiving_kin_id, ""),
        purpose=str(one.get_purpose_display()),
        asked_by=member_in_words(one.asked_by),
        asked_on=timezone.localdate(one.asked_at),
        until_on=one.until_on,
        in_force=in_force,
        last_day=min(one.until_on, one.holds_until - timedelta(days=1))
        if in_force and one.holds_until
        else None,
        withdrawn_on=timezone.localdate(one.withdrawn_at) if one.withdrawn_at else None,
        signed_by=None if names is None else tuple(names.get(one.pk, ())),
        parties=signing.parties(one.pk, apart=actor.kinship is not None) if signing and counted else (),
        still=signing.still(actor, learner, one.pk) if signing and counted and names is not None else (),
        must_sign=signers_in_words(signers),
        anew_on=anew_on,
        anew_at=None if anew_on is None or learner.born_on is None else age_on(learner.born_on, anew_on),
        lapsed=lapsed,
        may_sign=_may_sign(actor, learner, one, mine),
        mine=_signature_in_words(mine[one.pk], actor.name) if one.pk in mine else None,
        may_withdraw=not is_over and (involved or _signs(actor, learner)),
        may_record=records,
        others_record=on_paper and not records,
        is_over=is_over,
    )


def to_sign(actor: Actor, learner: Learner) -> int:
    """How many consents wait for the signature of this actor."""
    if not _signs(actor, learner):
        return 0
    mine = signed_by(actor)
    rows = Consent.objects.visible_to(actor).filter(child=learner)
    return sum(_may_sign(actor, learner, one, mine) for one in rows)


def _signs(actor: Actor, learner: Learner) -> bool:
    """Is this actor one of those who decide at today's age?"""
    if actor.kinship is None or learner.born_on is None:
        return False
    return Signer(actor.kinship.relation) in must_sign(learner.born_on, actor.today)


def _is_of_kin(one: Consent, actor: Actor, learner: Learner) -> bool:
    """Is it for this actor, as kin, to sign or to receive?"""
    if actor.kinship is None:
        return False
    return one.receiving_kin_id == actor.kinship.pk or _signs(actor, learner)


def _may_sign(actor: Actor, learner: Learner, one: Consent, mine: dict[UUID, Signature]) -> bool:
    today = actor.today
    closed = _is_over(one, today) or _asked_at_another_age(one, learner, today)
    return not closed and one.pk not in mine and _signs(actor, learner)


def _is_over(one: Consent, today: date) -> bool:
    return one.withdrawn_at is not None or one.until_on < today


def _asked_at_another_age(one: Consent, learner: Learner, today: date) -> bool:
    """Since it was asked there was a birthday after which others sign: it has to be asked anew."""
    born_on = learner.born_on
    return born_on is not None and timezone.localdate(one.asked_at) < band_begins(born_on, today)


def _anew_on(one: Consent, learner: Learner, today: date) -> date | None:
    """The birthday on which it stops before its last day, if there is one."""
    found = next_birthday(learner.born_on, today) if learner.born_on else None
    return found if found is not None and found <= one.until_on else None


def signers_in_words(signers: Iterable[Signer]) -> str:
    """Who must sign, in words."""
    wanted = frozenset(signers)
    if wanted == frozenset(Signer):
        return _("the learner and every parent or guardian with custody")
    if Signer.LEARNER in wanted:
        return _("the learner")
    return (
        _("every parent or guardian with custody") if wanted else _("nobody yet: the birth date is not known")
    )


def _kin_in_words(learner: Learner, today: date) -> dict[UUID | None, str]:
    """What everybody who is or was kin is to the child: the word, never the name."""
    return {
        one: role_word(role_of(relation, born_on=learner.born_on, on=today) or _EVER[relation])
        for relation in Relation
        for one in relations_of(learner.pk, relation=relation.value)
    }


def consents_to_ask(actor: Actor, permit: Permit, learner: Learner) -> tuple[ConsentToAsk, ...]:
    """For whom consent would open something that is closed: the organisations of who is involved, and kin.

    Nothing for who is not involved. Where a legal task applies the table has no letter c, so it is not asked.
    """
    if How.INVOLVED not in permit.involvements:
        return ()
    rows = Involvement.objects.visible_to(actor).filter(child=learner, kind=Involvement.Kind.INVOLVED)
    there = {
        (one.membership.organisation_id, one.membership.organisation.name, one.membership.role, one.purpose)
        for one in rows.filter(
            until_at__gt=actor.at, ended_at__isnull=True, accepted_at__isnull=False
        ).select_related("membership__organisation")
    }
    asked = _asked_already(actor, learner)
    found = {
        (f"organisation-{pk}-{one.value}", one, name)
        for pk, name, role, purpose in there
        for one in _closed_without_consent(role, permit.stage)
        if (str(pk), one.value, purpose) not in asked
    }
    for relation in Relation:
        role = role_of(relation, born_on=learner.born_on, on=actor.today)
        for one in _closed_without_consent(role or "", permit.stage):
            if (relation.value, one.value, "") not in asked:
                found.add((f"{relation.value}-0-{one.value}", one, role_word(role or "")))
    ordered = sorted(found, key=lambda option: (option[2], list(FieldClass).index(option[1])))
    return tuple(ConsentToAsk(value, one, class_word(one), to) for value, one, to in ordered)


def _closed_without_consent(role: str, stage: int) -> list[FieldClass]:
    rows = [row for row in rows_of(role) if stage in row.stages]
    return [one for one in FieldClass if any("c" in row.cells[one] for row in rows)]


def _asked_already(actor: Actor, learner: Learner) -> set[tuple[str, str, str]]:
    """(receiver, class, purpose) of consents that hold or wait for a signature; of kin without purpose."""
    rows = Consent.objects.visible_to(actor).filter(
        child=learner, withdrawn_at__isnull=True, until_on__gte=actor.today
    )
    kin = {
        one: relation.value
        for relation in Relation
        for one in relations_of(learner.pk, relation=relation.value)
    }
    return {
        (str(one.receiver_id), one.field_class, one.purpose)
        if one.receiver_id
        else (kin.get(one.receiving_kin_id, ""), one.field_class, "")
        for one in rows
    }
