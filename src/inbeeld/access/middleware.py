"""One transaction around each request of an actor: the actor named to the database, and the journal written.

What was read is logged in the transaction it was read in, and the page leaves after that. When the line
cannot be written, nothing is shown and nothing has changed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from inbeeld.access.acting import NotLogged, page_of, write_up
from inbeeld.access.actor import KINSHIP, MEMBERSHIP, Actor
from inbeeld.access.ledger import REFUSED
from inbeeld.access.row_security import ask_only_about, name_the_actor
from inbeeld.access.scope_own import own_kinships
from inbeeld.access.sessions import may_act
from inbeeld.journal.deed import Deed
from inbeeld.organisations.models import Membership

#: What a session names is looked up only when it can be a key: a broken session is nobody's, and no failure.
LARGEST_KEY = 2**63 - 1
#: How an address calls the child that it is about.
CHILD = "reference"

logger = logging.getLogger(__name__)


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of a request, looked up anew each time so that what ended has ended."""
    if not request.user.is_authenticated or not request.user.is_active:
        return None
    return _member(request) or _kin(request)


def _member(request: HttpRequest) -> Actor | None:
    chosen = request.session.get(MEMBERSHIP)
    if not isinstance(chosen, int) or not 0 < chosen <= LARGEST_KEY:
        return None
    membership = (
        Membership.objects.select_related("organisation", "person")
        .filter(pk=chosen, person_id=request.user.pk)
        .first()
    )
    if membership is None or not membership.is_in_force(timezone.localdate()):
        return None
    if not may_act(request, membership):
        return None
    return Actor(name=membership.person.get_full_name(), membership=membership)


def _kin(request: HttpRequest) -> Actor | None:
    chosen = request.session.get(KINSHIP)
    if chosen is None:
        return None
    kinship = next((one for one in own_kinships(request.user.pk) if str(one.pk) == chosen), None)
    if kinship is None or not may_act(request, kinship):
        return None
    actor = Actor(name=kinship.person.get_full_name(), kinship=kinship)
    return actor if actor.role else None


class ActorMiddleware:
    """`request.actor` is the Actor of this request, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        if actor is None:
            return self.get_response(request)
        try:
            with transaction.atomic():
                name_the_actor(actor)
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                else:
                    _log(actor, request, response)
        except (DatabaseError, NotLogged):
            logger.exception("The journal could not be written, so the page was not shown.")
            request.actor = None  # type: ignore[attr-defined]
            return render(request, "site/wrong.html", {"status": 503, "actor": None}, status=503)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: dict[str, Any]
    ) -> None:
        """An address about one child asks about no other."""
        if getattr(request, "actor", None) is not None and CHILD in kwargs:
            ask_only_about(kwargs[CHILD])


def _log(actor: Actor, request: HttpRequest, response: HttpResponse) -> None:
    if response.streaming:
        raise NotLogged("An answer that streams leaves before it can be logged.")
    origin = page_of(request)
    if response.status_code >= 400:
        actor.ledger.add(refused_request(actor, origin=origin))
    write_up(actor, origin=origin)


def refused_request(actor: Actor, *, origin: str) -> Deed:
    """The line of an address that was refused: not which one, since a guess may hold anything."""
    return Deed(
        trace=actor.trace,
        actor=actor.key,
        organisation=actor.organisation_key,
        role=actor.role,
        action="request",
        outcome=REFUSED,
        origin=origin,
    )
