"""Recording that somebody spoke with the learner or the parents, and striking out what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.operations_ground import Did, begun, is_at_work, refused
from inbeeld.access.permit import Permit
from inbeeld.contacts.models import Contact
from inbeeld.kernel.access import Action, Author, Decision, FieldClass
from inbeeld.kernel.contact import Means, Party, class_of_a_contact
from inbeeld.learners.models import Learner
from inbeeld.learners.operations_text import fit, refuse_a_destroyed_child, seal_text

#: Longer ago is a slip of the pen, and says nothing of this absence.
LONGEST_AGO = timedelta(days=2 * 365)
#: The same again so soon is a button pressed twice.
TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class Spoken:
    """One contact, as who had it says it. `reached`: was there an answer? `text`: may be empty."""

    on: date
    party: Party
    means: Means
    reached: bool
    text: str = ""


def class_for(permit: Permit) -> FieldClass | None:
    """The class in which this actor records contacts with this child; None: they record none."""
    if not is_at_work(permit.actor):
        return None
    return class_of_a_contact(lambda one: bool(permit.may(one, Action.WRITE, author=Author.ME)))


def may_say_what(permit: Permit) -> bool:
    """May this actor write what was said or agreed? That is an agreement."""
    return bool(permit.may(FieldClass.AGR, Action.WRITE, author=Author.ME))


def may_strike(permit: Permit, contact: Contact) -> Decision | None:
    """The yes to striking it out, for who recorded it, as long as they may record the same; None: no."""
    author = permit.author_of(organisation=contact.organisation_id, membership=contact.written_by_id)
    if author is not Author.ME or not is_at_work(permit.actor):
        return None
    return permit.may(FieldClass(contact.field_class), Action.WRITE, author=author) or None


@transaction.atomic
@sensitive_variables("spoken")
def record_contact(permit: Permit, spoken: Spoken, *, child: Learner) -> Contact:
    """Record a contact with the learner or the parents; twice at once is once. Raises Refused."""
    begun(permit, child=child)
    actor, action = permit.actor, Did.RECORD_CONTACT
    field_class = class_for(permit)
    if field_class is None or actor.membership is None:
        raise refused(permit, action, _("You record no contacts with this child."))
    if not actor.today - LONGEST_AGO <= spoken.on <= actor.today:
        raise refused(permit, action, _("Choose a day of the last two years that has been."))
    refuse_a_destroyed_child(permit, child, action)
    made = Contact(
        learner=child,
        field_class=field_class.value,
        on=spoken.on,
        party=spoken.party.value,
        means=spoken.means.value,
        reached=spoken.reached,
        organisation=actor.membership.organisation,
        written_by=actor.membership,
        written_at=actor.at,
    )
    just_now = Contact.for_operations.filter(
        learner=child.pk, on=made.on, party=made.party, means=made.means, reached=made.reached,
        written_by=made.written_by, struck_at__isnull=True, written_at__gt=actor.at - TWICE,
    ).first()  # fmt: skip
    if just_now is not None:
        return just_now
    if spoken.text.strip():
        if not may_say_what(permit):
            raise refused(
                permit,
                action,
                _("What was said or agreed belongs to the agreements, which your role does not write."),
            )
        written = fit(permit, action, spoken.text)
        seal_text(permit, action, made, written, field_class=FieldClass.AGR, organisation=made.organisation)
    made.save(force_insert=True)
    decision = permit.may(field_class, Action.WRITE, author=Author.ME)
    actor.ledger.note(permit, decision, field_class, action=action, about=f"contact:{made.pk}")
    return made


@transaction.atomic
def strike_contact(permit: Permit, contact: Contact, *, child: Learner) -> None:
    """Strike out a contact that was recorded wrongly: it counts and shows no more. Raises Refused."""
    begun(permit, child=child)
    about = f"contact:{contact.pk}"
    now = Contact.for_operations.get(pk=contact.pk, learner__reference=permit.child)
    if (decision := may_strike(permit, now)) is None:
        sentence = _("Only who recorded a contact strikes it out.")
        raise refused(permit, Did.STRIKE_CONTACT, sentence, about=about)
    if not Contact.for_operations.filter(pk=now.pk, struck_at__isnull=True).update(struck_at=permit.actor.at):
        raise refused(permit, Did.STRIKE_CONTACT, _("It was struck out already."), about=about)
    permit.actor.ledger.note(
        permit, decision, FieldClass(now.field_class), action=Did.STRIKE_CONTACT, about=about
    )
