"""Who asks: one person in one role at one organisation, for the length of a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from inbeeld.access.reach import Reach, reach_of
from inbeeld.organisations.models import Membership, Organisation, Role

SESSION_KEY = "membership"


@dataclass(frozen=True)
class Actor:
    """Someone acting in one of their roles. Every read of personal data names its actor."""

    membership: Membership
    name: str

    @property
    def role(self) -> Role:
        return Role(self.membership.role)

    @property
    def organisation(self) -> Organisation:
        return self.membership.organisation

    @property
    def reach(self) -> Reach:
        """Which children this role reaches; NOBODY unless the table says otherwise."""
        return reach_of(self.role, self.organisation.kind)


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of a request, looked up anew each time so that an ended membership ends at once."""
    if not request.user.is_authenticated:
        return None
    membership = (
        Membership.objects.select_related("organisation", "person")
        .filter(pk=request.session.get(SESSION_KEY), person_id=request.user.pk, person__is_active=True)
        .first()
    )
    if membership is None or not membership.is_in_force(timezone.localdate()):
        return None
    return Actor(membership=membership, name=membership.person.get_full_name())


def for_an_actor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view that needs an actor: it gets `request.actor`; others go to the start page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is None:
            return redirect("start")
        return view(request, *args, **kwargs)

    return guarded
