"""Writing in the file of a child: entries and addresses, the stage of its case, and its destruction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.ledger import ALLOWED
from inbeeld.access.models import Involvement
from inbeeld.access.operations_ground import (
    By,
    Did,
    begun,
    decides,
    did,
    is_at_work,
    is_case_director,
    lock,
    refused,
    who_decides,
)
from inbeeld.access.permit import Permit
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import operating
from inbeeld.access.scope import models_about_a_child
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.kernel.access import Action, Author, FieldClass, Stage
from inbeeld.keys.models import GROUP_OF_CLASS, KeyGroup
from inbeeld.keys.opening import batched, open_keys
from inbeeld.keys.operations import keys_for_many, shred
from inbeeld.keys.sealing import OpenKey, SealBroken, seal_into, unseal_from
from inbeeld.learners.models import Address, Entry, Learner
from inbeeld.learners.operations_text import fit, forget_draft, no_key, refuse_a_destroyed_child, seal_text
from inbeeld.organisations.models import Membership, Organisation

#: What a case can say of itself; destroyed is said by `shred_child` alone.
STAGES = (Stage.TASKFORCE, Stage.AFTERCARE, Stage.CLOSED)
#: What stays of a child that was destroyed: a reference, and who was involved for the review of emergencies.
LEFT_OF_A_CHILD = (Learner, Involvement)


class Conflict(Exception):
    """Somebody changed this meanwhile: `theirs` and `mine` are both texts, `version` is that of theirs.

    Nothing was written, and nothing is lost: the page shows both.
    """

    def __init__(self, *, theirs: str, mine: str, version: int) -> None:
        super().__init__("Somebody changed this meanwhile.")
        self.theirs, self.mine, self.version = theirs, mine, version


@dataclass(frozen=True)
class DeliveredAddress:
    """Where a child (by the key the engine knows) lives, as an organisation delivers it.

    `shielded`: None leaves it as it was; a new address is then not shielded. `version`: of the address this
    replaces; None: whatever stands there, as a register that delivers everything does.
    """

    child: str
    text: str
    shielded: bool | None = None
    version: int | None = None


# --- entries -------------------------------------------------------------------------------------


@transaction.atomic
@sensitive_variables("text", "written")
def write_entry(permit: Permit, *, child: Learner, field_class: FieldClass, text: str) -> Entry:
    """Add something to the file of a child, sealed with the key of one's own organisation. Raises Refused."""
    begun(permit, child=child)
    actor = permit.actor
    decision = permit.may(field_class, Action.WRITE, author=Author.ME)
    if not decision:
        raise refused(permit, Did.WRITE, _(decision.sentence))
    if actor.membership is None or not is_at_work(actor) or field_class.value not in Entry.Kind.values:
        raise refused(permit, Did.WRITE, _("This is not written as an entry in the file."))
    written = fit(permit, Did.WRITE, text)
    refuse_a_destroyed_child(permit, child)
    organisation = actor.membership.organisation
    made = Entry(
        learner=child,
        field_class=field_class.value,
        organisation=organisation,
        written_by=actor.membership,
        written_at=actor.at,
    )
    seal_text(permit, Did.WRITE, made, written, field_class=field_class, organisation=organisation)
    made.save(force_insert=True)
    forget_draft(permit, child, field_class, None)
    actor.ledger.note(permit, decision, field_class, action=Did.WRITE, about=f"entry:{made.pk}")
    return made


@transaction.atomic
@sensitive_variables("text", "written", "theirs")
def change_entry(permit: Permit, *, entry: Entry, text: str, version: int) -> Entry:
    """Change what one's own organisation wrote; a note: what one wrote oneself.

    `version`: the one that was on the screen. Raises Refused, or Conflict when it is no longer the last.
    """
    rows = Entry.for_operations.select_related("organisation", "learner")
    begun(permit, child=rows.get(pk=entry.pk).learner)
    found = rows.get(pk=entry.pk)
    about, field_class = f"entry:{found.pk}", FieldClass(found.field_class)
    author = permit.author_of(organisation=found.organisation_id, membership=found.written_by_id)
    decision = permit.may(field_class, Action.WRITE, author=author)
    if not decision:
        raise refused(permit, Did.CHANGE, _(decision.sentence), about=about)
    if author is Author.OTHERS or not is_at_work(permit.actor):
        why = _("What another organisation wrote is theirs to change. Write an entry of your own.")
        raise refused(permit, Did.CHANGE, why, about=about)
    written = fit(permit, Did.CHANGE, text)
    now = permit.actor.at
    if found.version == version:
        seal_text(
            permit, Did.CHANGE, found, written, field_class=field_class, organisation=found.organisation
        )
        same = Entry.for_operations.filter(pk=found.pk, version=version)
        if not same.update(text=found.text, version=F("version") + 1, changed_at=now):
            found = rows.get(pk=entry.pk)
    if found.version != version:
        theirs = _opened(permit, found)
        permit.actor.ledger.note(permit, decision, field_class, about=about)
        raise Conflict(theirs=theirs, mine=written, version=found.version)
    forget_draft(permit, found.learner, field_class, found)
    found.version, found.changed_at = version + 1, now
    permit.actor.ledger.note(permit, decision, field_class, action=Did.CHANGE, about=about)
    return found


def _opened(permit: Permit, entry: Entry) -> str:
    wanted = (permit.child, GROUP_OF_CLASS[entry.field_class], entry.organisation.key)
    try:
        return unseal_from(entry, "text", key=open_keys([wanted])[wanted]) or ""
    except (SealBroken, KeyError):
        raise refused(permit, Did.CHANGE, no_key(), about=f"entry:{entry.pk}") from None


# --- addresses -----------------------------------------------------------------------------------


def enter_address(
    child: Learner,
    *,
    text: str,
    organisation: Organisation,
    on: date,
    by: str,
    shielded: bool | None = None,
    version: int | None = None,
) -> int:
    """Enter, or replace, what one organisation says of where a child lives. `by`: "command:deliver".

    Raises Conflict when `version` is no longer the last.
    """
    one = DeliveredAddress(child.key, text, shielded, version)
    return enter_addresses([one], organisation=organisation, on=on, by=by)


@transaction.atomic
@sensitive_variables("found", "batch", "wanted")
def enter_addresses(
    found: Iterable[DeliveredAddress], *, organisation: Organisation, on: date, by: str
) -> int:
    """Enter addresses as one organisation knows them, sealed with its key; returns how many.

    Of each child an organisation has one; unknown children, those of another region and destroyed ones are
    left out. `by`: "command:deliver". Raises Conflict, and enters nothing, when one of them was made from a
    version that is no longer the last.
    """
    # One after the other: else the later delivery takes away that the earlier shielded.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    wanted = {one.child: one for one in found if one.text.strip()}
    trace = uuid.uuid4()
    return sum(
        _enter_addresses([wanted[key] for key in batch], organisation, on=on, by=by, trace=trace)
        for batch in batched(wanted)
    )


def _enter_addresses(
    batch: list[DeliveredAddress], organisation: Organisation, *, on: date, by: str, trace: uuid.UUID
) -> int:
    learners = Learner.for_operations.filter(
        key__in=[one.child for one in batch], region=organisation.region
    ).exclude(case_stage=Stage.DESTROYED)
    children = {one.key: one for one in learners}
    keys = keys_for_many(
        (one.reference for one in children.values()),
        group=KeyGroup.IDENTITY,
        keyholder=organisation.key,
    )
    known = {
        one.learner_id: one
        for one in Address.for_operations.filter(learner__in=children.values(), entered_by=organisation)
    }
    new, changed = [], []
    for delivered in batch:
        child = children.get(delivered.child)
        if child is None:
            continue
        row = known.get(child.pk)
        if row is None:
            row = Address(learner=child, entered_by=organisation)
            new.append(row)
        else:
            _refuse_an_earlier_version(row, delivered, key=keys[child.reference])
            row.version += 1
            changed.append(row)
        row.entered_on = on
        row.shielded = row.shielded if delivered.shielded is None else delivered.shielded
        seal_into(row, "text", delivered.text.strip(), key=keys[child.reference])
    Address.for_operations.bulk_create(new)
    Address.for_operations.bulk_update(changed, ["text", "entered_on", "shielded", "version"])
    references = {one.pk: one.reference for one in children.values()}
    deeds = [
        Deed(
            trace=trace,
            actor=by,
            organisation=organisation.key,
            action=Did.ENTER_ADDRESS,
            field_class=FieldClass.ADR.value,
            child=references[row.learner_id],
            object=f"address:{row.pk}",
            outcome=ALLOWED,
            origin=by,
        )
        for row in (*new, *changed)
    ]
    journal.append(deeds)
    return len(new) + len(changed)


@sensitive_variables()
def _refuse_an_earlier_version(row: Address, delivered: DeliveredAddress, *, key: OpenKey) -> None:
    if delivered.version is not None and delivered.version != row.version:
        theirs = unseal_from(row, "text", key=key) or ""
        raise Conflict(theirs=theirs, mine=delivered.text.strip(), version=row.version)


# --- the case ------------------------------------------------------------------------------------


@operating("set_case_stage")
def set_case_stage(child: Learner, stage: int | None, by: By) -> Learner:
    """The case is at stage 3, 4 or 6; None: the judgement says the stage again. Raises Refused.

    By who decides who is involved; the case director may also say 3 and 4. Closing ends all involvement: only
    a command ("command:reopen") opens a closed case again.
    """
    if isinstance(by, Permit):
        begun(by, child=child)
    else:
        lock(child.reference)
    now = Learner.for_operations.get(pk=child.pk).case_stage
    if why := _refusal_of_a_stage(child, now, stage, by):
        raise refused(by, Did.SET_STAGE, why) if isinstance(by, Permit) else Refused(why)
    did(by, Did.SET_STAGE, child=child.reference)
    mine = by.actor.membership if isinstance(by, Permit) else None
    if Stage.CLOSED in (stage, now):
        _end_all(child, by, but=mine)
    if not Learner.for_operations.filter(pk=child.pk).update(case_stage=stage):
        raise RuntimeError("The database did not let the stage be changed, so nothing was.")
    if stage == Stage.CLOSED:
        _end_all(child, by)  # one's own last: without it the child would be out of reach half-way
    child.case_stage = stage
    return child


def _refusal_of_a_stage(child: Learner, now: int | None, stage: int | None, by: By) -> str:
    if stage is not None and stage not in STAGES:
        return _("A case is with the taskforce, in aftercare, or closed.")
    if now == Stage.DESTROYED:
        return _("What was known about this child was destroyed.")
    if not isinstance(by, Permit):
        return ""
    directed = is_case_director(by) and stage in (Stage.TASKFORCE, Stage.AFTERCARE)
    return "" if decides(by, child) or directed else who_decides()


def _end_all(child: Learner, by: By, *, but: Membership | None = None) -> None:
    at = by.actor.at if isinstance(by, Permit) else timezone.now()
    rows = Involvement.for_operations.filter(child=child, ended_at__isnull=True, until_at__gt=at)
    if but is not None:
        rows = rows.exclude(membership=but)
    rows.update(ended_at=at, ended_because=Involvement.End.DONE)


def _delete_what_is_about(child: Learner) -> None:
    """The rows of every room; what points at another row before that row."""
    about = {
        model: manager.to_child for model, manager in models_about_a_child() if model not in LEFT_OF_A_CHILD
    }
    pointed_at_by: TopologicalSorter[type[models.Model]] = TopologicalSorter(dict.fromkeys(about, ()))
    for model in about:
        for field in model._meta.concrete_fields:
            if field.related_model in about:
                pointed_at_by.add(field.related_model, model)
    for model in pointed_at_by.static_order():
        model.for_operations.filter(**{about[model]: child.pk}).delete()  # type: ignore[attr-defined]


@transaction.atomic
def shred_child(child: Learner, by: str) -> int:
    """Destroy what is known about a child; returns how many keys were shredded. `by`: "command:retention".

    What is sealed can never be opened again, the rest is deleted; left are a reference without a name for
    the journal, and who was involved for the review of emergencies (GDPR 5(1)(e) and 17).
    """
    lock(child.reference)
    _end_all(child, by)
    _delete_what_is_about(child)
    shredded = shred(child.reference)
    Learner.for_operations.filter(pk=child.pk).update(
        key=f"destroyed:{child.reference}",
        number=None,
        number_lookup="",
        born_on=None,
        municipality="",
        case_stage=Stage.DESTROYED,
    )
    did(by, Did.DESTROY, child=child.reference)
    return shredded
