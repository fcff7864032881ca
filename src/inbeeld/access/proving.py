"""Proving again that it is you, before the acts that weigh most; and before changing how you log in.

A proof is a passkey or a code, never a password alone. What a form held while the proof was asked travels
back and forth through the browser: it may be about a child, so it is kept in no session.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.core.ratelimit import consume_or_429
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from inbeeld.access.scripts import allow_scripts
from inbeeld.access.sessions import SMALL_STEP, has_a_second_factor, now
from inbeeld.access.vouching import (
    INVITATION,
    ORGANISATION,
    PASSWORD,
    SECOND_FACTOR,
    must_be_invited_first,
    records_that_count,
)
from inbeeld.organisations import operations_people

PROOF_LASTS = timedelta(minutes=5)
FIRST_FACTOR_LASTS = timedelta(minutes=10)
IN_THE_DEMO = "proved_at"
PROOF, CODE, CREDENTIAL = "proof", "proof_code", "proof_credential"
OURS = {"csrfmiddlewaretoken", PROOF, CODE, CREDENTIAL}
SAFE = ("GET", "HEAD", "OPTIONS")


def recently_proved(request: HttpRequest, *, within: timedelta = PROOF_LASTS, again: bool = False) -> bool:
    """Did this person show a passkey or a code a short while ago, in this session?

    `again`: logging in does not count, only a proof that was asked for after it.
    """
    if not request.user.is_authenticated:
        return False
    if settings.INBEELD_TRIAL:
        return _is_recent(request.session.get(IN_THE_DEMO), within)
    return any(
        _is_recent(record["at"], within)
        for record in records_that_count(request)
        if record["method"] == SECOND_FACTOR and (record.get("reauthenticated") or not again)
    )


def may_change_factors(request: HttpRequest) -> bool:
    """May this person set up or remove something to log in with, now?

    Who has a second factor shows it again. Who has none yet has only just begun: by a link, with a password,
    or at their organisation, which must say when it last asked for a password, and where they have all their
    roles.
    """
    if not request.user.is_authenticated:
        return False
    if settings.INBEELD_TRIAL or has_a_second_factor(request.user):
        return recently_proved(request)
    if must_be_invited_first(request):
        return False
    for record in get_authentication_records(request, request.user):
        at = record["at"] if record["method"] in (INVITATION, PASSWORD) else None
        if record["method"] == ORGANISATION:
            at = request.session.get("authenticated_at")
        if _is_recent(at, FIRST_FACTOR_LASTS):
            return True
    return False


def _is_recent(moment: Any, within: timedelta) -> bool:
    """A moment in the future, after a clock was set back, is not recent."""
    return isinstance(moment, int | float) and -SMALL_STEP <= now() - moment <= within.total_seconds()


def prove_again(
    view: Callable[..., HttpResponse] | None = None,
    *,
    within: timedelta = PROOF_LASTS,
    again: bool = False,
    doing: Any = "",
) -> Callable[..., Any]:
    """Decorate a view of an act that weighs: it runs after a proof of at most `within` ago.

    `doing`: the act in words, as the page that asks says it. A page is asked for first; a form is asked for
    with everything in it, and goes on when proved.
    """
    if view is None:
        return lambda decorated: prove_again(decorated, within=within, again=again, doing=doing)
    act = view

    @wraps(act)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if recently_proved(request, within=within, again=again):
            return act(request, *args, **kwargs)
        if request.method in SAFE or request.FILES:
            return to_the_proof(request)
        if has_nothing_to_prove_with(request):
            return nothing_to_prove_with(request, action=request.get_full_path())
        if PROOF not in request.POST:
            return proof_page(request, action=request.get_full_path(), doing=doing)
        refused = check_proof(request, action=request.get_full_path(), doing=doing)
        return act(request, *args, **kwargs) if refused is None else refused

    guarded.asks_for_a_proof = True  # type: ignore[attr-defined]
    return guarded


def _came_from(request: HttpRequest) -> str:
    """The page of this site with the form, to go back to and do nothing; else where everybody begins."""
    try:
        before = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return reverse("start")
    if before.netloc != request.get_host() or before.path in ("", reverse("prove")):
        return reverse("start")
    return f"{before.path}?{before.query}" if before.query else before.path


def has_nothing_to_prove_with(request: HttpRequest) -> bool:
    """Has this person no passkey and no app? Who comes through their organisation's log-in needs none."""
    return not settings.INBEELD_TRIAL and not has_a_second_factor(request.user)


def nothing_to_prove_with(request: HttpRequest, *, action: str) -> HttpResponse:
    """The page that leads to setting up a passkey or an app, with all a form held, to go on from afterwards.

    Who sets one up in another tab has proved who they are by that, and sends this page again.
    """
    allowed = not must_be_invited_first(request)
    context = {
        "action": action,
        "by_form": request.method not in SAFE,
        "held": _held(request),
        "may_set_up": allowed,
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "account/nothing_to_prove_with.html", context, status=200 if allowed else 403)


def _held(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]


def to_the_proof(request: HttpRequest) -> HttpResponse:
    """To the page that asks for a proof, and from there back here."""
    return redirect(f"{reverse('prove')}?{urlencode({'next': request.get_full_path()})}")


def check_proof(request: HttpRequest, *, action: str, doing: Any = "") -> HttpResponseBase | None:
    """Take the proof in a posted form: None when it is good, else the page that asks once more."""
    from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm

    from inbeeld.access.log_in_forms import ProofForm

    if settings.INBEELD_TRIAL:
        request.session[IN_THE_DEMO] = now()
        return None
    if too_many := consume_or_429(request, action="reauthenticate", user=request.user):
        return too_many
    given = request.POST.get(CREDENTIAL)
    if given:
        form: Any = ReauthenticateWebAuthnForm(user=request.user, data={"credential": given})
    else:
        form = ProofForm(user=request.user, data={"code": request.POST.get(CODE, "")})
    if form.is_valid():
        shown = form.cleaned_data["credential"] if given else form.authenticator
        operations_people.note_proof(request, shown)
        return None
    errors = [text for said in form.errors.values() for text in said]
    return proof_page(request, action=action, errors=errors, doing=doing)


def proof_page(
    request: HttpRequest, *, action: str, errors: list[str] | None = None, doing: Any = ""
) -> HttpResponseBase:
    """The page that asks for a proof, with all a form held so that nothing is lost."""
    from allauth.mfa.webauthn.internal import auth

    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    by_passkey = Authenticator.Type.WEBAUTHN in kinds and not settings.INBEELD_TRIAL
    context = {
        "action": action,
        "errors": errors or [],
        "doing": doing,
        "back": _came_from(request),
        "held": _held(request),
        "by_passkey": by_passkey,
        "by_code": bool(kinds - {Authenticator.Type.WEBAUTHN}),
        "in_the_demo": settings.INBEELD_TRIAL,
        "js_data": {"request_options": auth.begin_authentication(request.user)} if by_passkey else None,
    }
    response = render(request, "account/prove.html", context, status=403 if errors else 200)
    return allow_scripts(response) if by_passkey else response
