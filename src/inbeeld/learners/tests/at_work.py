"""People at work with one child, at moments the tests choose."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from inbeeld.access import operations_involvement
from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement, Kinship
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.permit import Permit
from inbeeld.access.refusal import Refused
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Membership, Organisation, Role


def again(actor: Actor, *, at: datetime | None = None, after: timedelta = timedelta(0)) -> Actor:
    """The same person in a later request, with an empty ledger."""
    return Actor(
        name=actor.name,
        membership=actor.membership and Membership.objects.select_related("organisation").get(
            pk=actor.membership.pk
        ),
        kinship=actor.kinship and Kinship.for_operations.select_related("child").get(pk=actor.kinship.pk),
        at=(at or timezone.now()) + after,
    )  # fmt: skip


def fresh(child: Learner) -> Learner:
    return Learner.for_operations.select_related("standing__school").get(pk=child.pk)


def permit(actor: Actor, child: Learner, *, at: datetime | None = None) -> Permit:
    """What this actor may do with the child, looked up anew."""
    return permit_of(again(actor, at=at), fresh(child))


def sees(actor: Actor, child: Learner, *, at: datetime | None = None) -> bool:
    """Both walls, which must agree."""
    now = again(actor, at=at)
    by_row = Learner.objects.visible_to(now).filter(pk=child.pk).exists()
    assert by_row == permit_of(now, fresh(child)).sees_the_child
    return by_row


def kin(child: Learner, relation: str, *, from_on: date = date(2012, 5, 1), **values: Any) -> Actor:
    """Someone who logs in as the learner or as a guardian."""
    person = get_user_model().objects.create(
        username=f"k{next(make._numbers)}", first_name="Noor", last_name="Brinkhof",
        email=f"k{next(make._numbers)}@voorbeeld.example",
    )  # fmt: skip
    made = Kinship.for_operations.create(
        child=child, person=person, relation=relation, from_on=from_on, **values
    )
    return Actor(name="Noor Brinkhof", kinship=made)


def member(role: Role, at: Organisation | Kind, *, until_on: date | None = None) -> Membership:
    """Someone with an e-mail address, in a role at an organisation of this kind."""
    place = at if isinstance(at, Organisation) else make.organisation(at)
    found = make.actor(role, place, until_on=until_on).membership
    assert found is not None
    found.person.email = f"m{found.pk}@voorbeeld.example"
    found.person.save()
    return found


def as_actor(membership: Membership, *, at: datetime | None = None) -> Actor:
    return again(Actor(name="Marit Hoog", membership=membership), at=at)


def did(actor: Actor) -> list[tuple[str, str]]:
    """What stands in the ledger: action and outcome of each line that is not a plain read."""
    return [(str(deed.action), deed.outcome) for deed in actor.ledger.deeds]


def held(involvement: Involvement) -> Involvement:
    return Involvement.for_operations.get(pk=involvement.pk)


def is_refused(actor: Actor, action: str, sentence: str, what: Any, *arguments: Any, **named: Any) -> None:
    """The operation is refused with a sentence with these words in it, and that stands in the ledger."""
    before = did(actor)
    with pytest.raises(Refused) as refusal:
        what(*arguments, **named)
    assert sentence in refusal.value.sentence
    assert did(actor)[len(before) :] == [(action, "refused")]


class Region:
    """A school with a child at home, its care coordinator, an SWV and a youth health organisation."""

    def __init__(self) -> None:
        self.school = make.organisation()
        self.child = make.learner(self.school)
        self.coordinator = as_actor(member(Role.CARE_COORDINATOR, self.school))
        self.mentor = member(Role.MENTOR, self.school)
        self.adviser = member(Role.SWV_ADVISER, Kind.SWV)
        self.doctor = member(Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH)

    def grant(self, by=None, to=None, **more):
        who = again(by or self.coordinator)
        return operations_involvement.grant(
            permit_of(who, fresh(self.child)), child=self.child,
            **{"to": to or self.adviser, "purpose": "advice", **more},
        )  # fmt: skip

    def involved(self, to=None, **more):
        made = self.grant(to=to, **more)
        return operations_involvement.accept(made, by=as_actor(made.membership))

    def director(self):
        return as_actor(self.involved(directs=True).membership)
