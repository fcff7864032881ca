"""What every page about one child begins with: the child, if it is there for who asks, and a banner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string

from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement
from inbeeld.access.officers import Heard, heard_by
from inbeeld.access.permit import Permit, permits_for
from inbeeld.access.refusal import Refused
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.access import Involvement as How
from inbeeld.keys.opening import open_keys
from inbeeld.learners.child import learner_for
from inbeeld.learners.models import Learner
from inbeeld.learners.seen import IDENTITY, full_name, keyholder_of, opened_names

#: A form that was refused: the page comes back with the sentence, and the journal has the refusal.
NOT_ACCEPTED = 409
#: What was done, as a word in the address of the page that follows, and nothing else.
DONE = "gedaan"


@dataclass(frozen=True)
class AtChild:
    """One child as the actor of a request meets it: for views, never for templates."""

    actor: Actor
    learner: Learner
    permit: Permit

    @property
    def reference(self) -> UUID:
        return self.permit.child


@dataclass(frozen=True)
class OwnEmergency:
    """The actor's own emergency with a child: until when, and who heard of it."""

    until: datetime
    heard: Heard


@dataclass(frozen=True)
class Head:
    """What stands above every page about a child."""

    reference: UUID
    name: str
    emergency: OwnEmergency | None


def at_child(request: HttpRequest, reference: UUID) -> AtChild:
    """The child of an address. A child that is foreign or unknown is simply not there: Http404."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    learner = learner_for(actor, reference)
    permit = None if learner is None else permits_for(actor, [learner])[reference]
    if learner is None or permit is None or not permit.sees_the_child:
        raise Http404
    return AtChild(actor, learner, permit)


def head_of(at: AtChild) -> Head:
    """The name of the child, noted for the log, and the emergency of who looks, if there is one."""
    name = names_of(at.actor, [at.learner], action="read").get(at.reference, "")
    return Head(at.reference, name, own_emergency(at.permit))


def names_of(actor: Actor, learners: Iterable[Learner], *, action: str) -> dict[UUID, str]:
    """The names of learners (with standing and school) this actor may know of, and nothing else of them.

    Noted for the log as such: a page that shows no attendance says so there. `action`: "read" or "listed".
    """
    permits = permits_for(actor, learners := list(learners))
    known = [one for one in learners if permits[one.reference].sees_the_child]
    wanted = {one.reference: (one.reference, IDENTITY, keyholder_of(one.region)) for one in known}
    keys = open_keys(wanted.values())
    for one in known:
        permit = permits[one.reference]
        actor.ledger.note(permit, permit.may(FieldClass.IDE), FieldClass.IDE, action=action)
    return {one.reference: full_name(opened_names(one, keys[wanted[one.reference]])) for one in known}


def own_emergency(permit: Permit) -> OwnEmergency | None:
    """The actor's own emergency with this child, and who heard of it when it was called; None without one."""
    actor = permit.actor
    if How.EMERGENCY not in permit.involvements or actor.membership is None:
        return None
    called = (
        Involvement.objects.visible_to(actor)
        .filter(
            child__reference=permit.child,
            membership=actor.membership.pk,
            kind=How.EMERGENCY.value,
            ended_at__isnull=True,
            until_at__gt=actor.at,
        )
        .order_by("until_at")
        .last()
    )
    if called is None:
        return None
    standing = getattr(learner_for(actor, permit.child), "standing", None)
    sides = (actor.organisation, None if standing is None else standing.school)
    heard = heard_by(sides, caller=actor.membership, on=timezone.localdate(called.granted_at))
    return OwnEmergency(called.until_at, heard)


def from_above(place: str, request: HttpRequest, about: Any, *more: Any) -> Any:
    """What a room above puts in this place of a page, as the settings of the site say.

    A piece of the page; of a list, a piece for each child or signal.
    """
    return import_string(settings.INBEELD_FROM_ABOVE[place])(request, about, *more)


def page_at(
    request: HttpRequest,
    at: AtChild,
    template: str,
    context: dict[str, Any],
    *,
    refusal: Refused | None = None,
) -> HttpResponse:
    """A page about a child: with its head, and with the sentence of what was refused, if it was."""
    told = {"head": head_of(at), "refusal": "" if refusal is None else refusal.sentence}
    return render(request, template, {**told, **context}, status=200 if refusal is None else NOT_ACCEPTED)
