"""The second wall for what is one's own before, or beside, what the table says of a child."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement, Kinship, Signature
from inbeeld.access.row_security import naming_the_person, operating

if TYPE_CHECKING:
    from django.db.models import QuerySet


def own_kinships(person: int) -> list[Kinship]:
    """In which capacity someone is kin, today: what a session may be about. With person and child loaded.

    `person`: who is logged in, by their number. They do not act yet, so the database is told who asks.
    """
    today = timezone.localdate()
    still = Q(until_on__isnull=True) | Q(until_on__gte=today)
    rows = Kinship.for_operations.filter(still, person=person, from_on__lte=today)
    with naming_the_person(person):
        return list(rows.select_related("person", "child").order_by("from_on", "pk"))


def waiting_for(actor: Actor) -> QuerySet[Involvement]:
    """What was asked of this actor and waits for a yes or no; until yes, the child itself is not seen."""
    if actor.membership is None:
        return Involvement.for_operations.none()
    return Involvement.for_operations.filter(
        membership=actor.membership.pk,
        kind=Involvement.Kind.INVOLVED,
        accepted_at__isnull=True,
        ended_at__isnull=True,
        until_at__gt=actor.at,
    ).order_by("granted_at", "pk")


def signed_by(actor: Actor) -> dict[UUID, Signature]:
    """The signatures of this actor as kin, by consent: also who recorded one on paper, and when."""
    if actor.kinship is None:
        return {}
    rows = Signature.for_operations.filter(by=actor.kinship.pk)
    with_people = rows.select_related("recorded_by__person", "recorded_by__organisation")
    return {one.consent_id: one for one in with_people}


@operating("kin_of")
def kin_of(child: int, *, relation: str, on: date) -> list[Kinship]:
    """Everybody who is kin of a child in this way on a day: whom a paper was signed by, or who receives.

    For an operation that needs them all; a page says of them no more than the relation.
    """
    still = Q(until_on__isnull=True) | Q(until_on__gte=on)
    rows = Kinship.for_operations.filter(still, child=child, relation=relation, from_on__lte=on)
    return list(rows.order_by("from_on", "pk"))


@operating("kin_of")
def signers_of(child: int) -> dict[UUID, dict[UUID, date]]:
    """Per consent about a child who signed it, by the key of the kinship, and on which day.

    For how many signatures there are: that is no secret to who knows of the consent; who signed is.
    """
    found: dict[UUID, dict[UUID, date]] = {}
    rows = Signature.for_operations.filter(consent__child=child)
    for consent, by, on in rows.values_list("consent", "by", "on"):
        found.setdefault(consent, {})[by] = on
    return found


@operating("relations_of")
def relations_of(child: int, *, relation: str) -> list[UUID]:
    """The keys, and nothing else, of everybody who is or was kin of a child in this way."""
    return list(Kinship.for_operations.filter(child=child, relation=relation).values_list("pk", flat=True))
