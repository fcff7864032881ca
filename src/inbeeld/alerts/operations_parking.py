"""Taking a signal off the list until a day, because something is being done; and putting it back."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from inbeeld.access.operations_ground import Did, begun, is_at_work, refused
from inbeeld.access.permit import Permit
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.seen import decided, may_end, reasons_for
from inbeeld.kernel.access import Action, Author, FieldClass
from inbeeld.kernel.attention import CLASS_OF_PARKING, LONGEST_PARKED, Parked
from inbeeld.learners.models import Learner


@transaction.atomic
def park(permit: Permit, alert: Alert, *, child: Learner, because: Parked, until_on: date) -> Parking:
    """Take a signal off the list until a day, on which it is back. Raises Refused.

    It stays in every count, and is back before that day when the facts get worse. What the own organisation
    said of it before is replaced.
    """
    begun(permit, child=child)
    actor, about = permit.actor, f"alert:{alert.pk}"
    field_class = CLASS_OF_PARKING[because]
    decision = permit.may(field_class, Action.WRITE, author=Author.ME)
    if not decision:
        raise refused(permit, Did.PARK, _(decision.sentence), about=about)
    if not is_at_work(actor) or not decided(permit, alert)[1]:
        raise refused(permit, Did.PARK, _("You cannot take this signal off the list."), about=about)
    if because not in reasons_for(permit, alert):
        raise refused(permit, Did.PARK, _("This reason does not go with this signal."), about=about)
    now = Alert.for_operations.filter(pk=alert.pk, learner=child.pk, closed_on__isnull=True).first()
    if now is None:
        raise refused(permit, Did.PARK, _("This signal is closed already."), about=about)
    if not actor.today < until_on <= actor.today + timedelta(days=LONGEST_PARKED):
        sentence = _("Choose a day after today, and at most {days} days ahead.")
        raise refused(permit, Did.PARK, sentence.format(days=LONGEST_PARKED), about=about)
    assert actor.membership is not None
    here = actor.membership.organisation
    Parking.for_operations.filter(alert=now, organisation=here, ended_at__isnull=True).update(
        ended_at=actor.at
    )
    made = Parking.for_operations.create(
        alert=now,
        learner=child,
        field_class=field_class.value,
        because=because.value,
        until_on=until_on,
        answer=now.answer,
        reached_on=now.reached_on,
        organisation=here,
        parked_by=actor.membership,
        parked_at=actor.at,
    )
    actor.ledger.note(permit, decision, field_class, action=Did.PARK, about=about)
    return made


@transaction.atomic
def unpark(permit: Permit, parking: Parking, *, child: Learner) -> None:
    """Put a signal back on the list before its day. Raises Refused."""
    begun(permit, child=child)
    about = f"alert:{parking.alert_id}"
    field_class = FieldClass(parking.field_class)
    author = permit.author_of(organisation=parking.organisation_id, membership=parking.parked_by_id)
    decision = permit.may(field_class, Action.WRITE, author=author)
    if not (is_at_work(permit.actor) and may_end(permit, parking)):
        raise refused(
            permit, Did.UNPARK, _("Only who took it off the list, or a colleague, puts it back."), about=about
        )
    Parking.for_operations.filter(pk=parking.pk, ended_at__isnull=True).update(ended_at=permit.actor.at)
    permit.actor.ledger.note(permit, decision, field_class, action=Did.UNPARK, about=about)
