"""How long a session lasts, how strong it is, and in which one role it acts.

What a session is and is not: docs/decisions/0012. Times are seconds since 1970.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter as mfa_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from inbeeld.access.actor import KINSHIP, MEMBERSHIP, Actor
from inbeeld.access.models import Kinship
from inbeeld.access.scope_own import own_kinships
from inbeeld.access.vouching import ORGANISATION, SECOND_FACTOR, records_that_count, vouched_for, vouching
from inbeeld.organisations.models import Membership

IDLE = 15 * 60
LONGEST = 8 * 60 * 60
#: The moment last seen is written at most this often, so a session may end this much before its time.
WRITTEN_EVERY = 60
#: How far back a clock may go (another machine, a small correction) before a session is not trusted.
SMALL_STEP = 60
STARTED, SEEN, CHOSEN = "started_at", "seen_at", "chosen"
#: Where somebody may go who gave only a first factor: to the second, and to pages that are for everybody.
OPEN_TO_THE_WEAK = frozenset({
    "start", "about", "definitions", "access_table", "access_role", "set_language", "log_out",
    "security_txt",
    "account_login", "set_up", "prove",
    "mfa_activate_totp", "mfa_add_webauthn", "account_set_password", "invitation",
    "openid_connect_login", "openid_connect_callback",
})  # fmt: skip

_WALL, _TICKS = time.time(), time.monotonic()


def now() -> float:
    """The time. While this process lives, a clock that is set back does not set it back."""
    return max(time.time(), _WALL + time.monotonic() - _TICKS)


# --- how long ------------------------------------------------------------------------------------


class Ended(Enum):
    """Why a session is over; the value stands in the address of the log-in page."""

    IDLE = "idle"
    LONG = "long"


@receiver(user_logged_in)
def begin(request: HttpRequest | None, **about: Any) -> None:
    """A session counts from its log-in."""
    if request is not None:
        request.session[STARTED] = request.session[SEEN] = now()


def ended(session: Any, at: float) -> Ended | None:
    """Is a session over at a moment, and why? One without moments, or from the future, is over."""
    started, seen = session.get(STARTED), session.get(SEEN)
    if not isinstance(started, int | float) or not isinstance(seen, int | float):
        return Ended.LONG
    # Asked as what must hold, since of what is no number (nan) nothing does.
    if not -SMALL_STEP <= at - started <= LONGEST:
        return Ended.LONG
    return None if -SMALL_STEP <= at - seen <= IDLE else Ended.IDLE


class SessionLimits:
    """Ends sessions that are over, and keeps who gave only a first factor at the door of the second."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            at = now()
            if why := ended(request.session, at):
                logout(request)
                if settings.INBEELD_TRIAL:
                    return render(request, "account/session_over.html", {"ended": why.value}, status=403)
                return redirect(f"{reverse('account_login')}?ended={why.value}")
            if at - request.session[SEEN] >= WRITTEN_EVERY:
                request.session[SEEN] = at
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, named: Any
    ) -> HttpResponseBase | None:
        """No password without a second factor reaches a page about a child."""
        match = request.resolver_match
        if not request.user.is_authenticated or is_strong(request):
            return None
        if match is not None and match.url_name in OPEN_TO_THE_WEAK:
            return None
        return redirect("prove" if has_a_second_factor(request.user) else "set_up")


# --- how strong ----------------------------------------------------------------------------------


def is_strong(request: HttpRequest) -> bool:
    """Did this session see a second factor: a passkey, a code, or an organisation that asks for one?

    In the demo nobody has anything to log in with, so a button is enough there and nowhere else.
    """
    if not request.user.is_authenticated:
        return False
    if settings.INBEELD_TRIAL:
        return True
    return any(
        record["method"] == SECOND_FACTOR
        or (record["method"] == ORGANISATION and _asks_for_two(record.get("provider")))
        for record in records_that_count(request)
    )


def _asks_for_two(provider: str | None) -> bool:
    found = settings.INBEELD_PROVIDERS.get(provider)
    return found is not None and found.second_factor


def has_a_second_factor(user: Any) -> bool:
    """Has this person a passkey or an authenticator app? Codes to fall back on are neither."""
    return mfa_adapter().is_mfa_enabled(user, types=["totp", "webauthn"])


# --- which role ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleToChoose:
    """One of the roles a person has today. `key` is what a form sends; `stamp` is what must not change."""

    key: str
    role: str
    place: str
    stamp: str

    @classmethod
    def of(cls, one: Membership | Kinship) -> RoleToChoose:
        """The role of a member of an organisation, or of kin of a child."""
        if isinstance(one, Membership):
            role, place = str(one.get_role_display()), one.organisation.name
            return cls(f"{MEMBERSHIP}:{one.pk}", role, place, f"{one.role}@{one.organisation_id}")
        actor = Actor(name="", kinship=one)
        return cls(f"{KINSHIP}:{one.pk}", actor.role_name, actor.place, f"{one.relation}@{one.child_id}")


def roles_of(request: HttpRequest) -> list[RoleToChoose]:
    """The roles a person may choose from in this session, today."""
    if not is_strong(request):
        return []
    today = timezone.localdate()
    held = Membership.objects.select_related("organisation").filter(person=request.user.pk).order_by("pk")
    members = [one for one in held if one.is_in_force(today) and vouched_for(request, one.organisation)]
    kin = [] if vouching(request) else own_kinships(request.user.pk)
    return [RoleToChoose.of(one) for one in (*members, *kin)]


def act_as(request: HttpRequest, chosen: RoleToChoose) -> None:
    """Act in this role from now on. The session gets a new key; pages made in another role are stale."""
    kind, _, key = chosen.key.partition(":")
    request.session.cycle_key()
    for other in (MEMBERSHIP, KINSHIP):
        request.session.pop(other, None)
    request.session[kind] = int(key) if kind == MEMBERSHIP else key
    request.session[CHOSEN] = chosen.stamp


def may_act(request: HttpRequest, one: Membership | Kinship) -> bool:
    """May this session act in the role it chose, as that role is now? The actor lookup asks it each time.

    No: when the session saw no second factor, stands on the word of another organisation, or when the role
    or its place became another one since it was chosen.
    """
    if not request.user.is_active or not is_strong(request):
        return False
    if isinstance(one, Membership):
        if not vouched_for(request, one.organisation):
            return False
    elif vouching(request):
        return False
    chosen = request.session.get(CHOSEN)
    return chosen is None or chosen == RoleToChoose.of(one).stamp


# --- forms of another role -----------------------------------------------------------------------

ACTING_AS = "acting_as"


def mark_of(actor: Actor | None) -> str:
    """What a form says about the role its page was made in. Says nothing to who reads it."""
    return (
        "" if actor is None else salted_hmac("inbeeld.acting_as", actor.key, algorithm="sha256").hexdigest()
    )


def same_role(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view that changes something: a form from a page made in another role is refused.

    The form holds `{% acting_as %}`. Without it every post is refused, so it cannot be forgotten.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        mark = mark_of(getattr(request, "actor", None))
        if not mark or not constant_time_compare(request.POST.get(ACTING_AS, ""), mark):
            return render(request, "account/other_role.html", status=409)
        return view(request, *args, **kwargs)

    guarded.asks_for_the_same_role = True  # type: ignore[attr-defined]
    return guarded
