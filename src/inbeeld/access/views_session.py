"""Pages about the session itself: choosing a role, proving who you are, and beginning by an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbeeld.access import operations_log_in as journalled
from inbeeld.access.operations_log_in import Did
from inbeeld.access.proving import (
    PROOF,
    check_proof,
    has_nothing_to_prove_with,
    nothing_to_prove_with,
    proof_page,
)
from inbeeld.access.sessions import act_as, is_strong, roles_of
from inbeeld.access.vouching import INVITATION, vouching
from inbeeld.organisations import operations_people


def _needs_somebody(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_authenticated:
        return None
    return redirect("start" if settings.INBEELD_TRIAL else "account_login")


@require_http_methods(["GET", "HEAD", "POST"])
def choose_role(request: HttpRequest) -> HttpResponseBase:
    """One role for this session. Who has only one gets it at once; choosing again changes it."""
    if nobody := _needs_somebody(request):
        return nobody
    actor = getattr(request, "actor", None)
    roles = roles_of(request)
    wanted = request.POST.get("role", "") if request.method == "POST" else ""
    if len(roles) == 1 and request.method != "POST":
        wanted = roles[0].key
    for one in roles:
        if one.key == wanted:
            if actor is None or actor.key != one.key:
                with transaction.atomic():
                    journalled.note(request, Did.CHOOSE_ROLE, person=request.user, about=one.key)
            act_as(request, one)
            return redirect(settings.INBEELD_FIRST_PAGE)
    context = {
        "roles": roles,
        "now": actor.key if actor else "",
        "nothing_chosen": request.method == "POST",
        "vouching": bool(vouching(request)),
    }
    return render(
        request, "account/choose_role.html", context, status=400 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponseBase:
    """Ask for a passkey or a code, and go on to where that was needed."""
    if nobody := _needs_somebody(request):
        return nobody
    onwards = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(onwards, allowed_hosts=None):
        onwards = reverse("choose_role")
    if has_nothing_to_prove_with(request):
        return nothing_to_prove_with(request, action=onwards) if is_strong(request) else redirect("set_up")
    request.POST = request.POST.copy()
    request.POST["next"] = onwards
    if request.method != "POST" or PROOF not in request.POST:
        return proof_page(request, action=reverse("prove"))
    return check_proof(request, action=reverse("prove")) or redirect(onwards)


@require_safe
def set_up(request: HttpRequest) -> HttpResponseBase:
    """The one page somebody reaches who has shown only a first factor: set up a second."""
    from inbeeld.access.oidc import providers_for

    if nobody := _needs_somebody(request):
        return nobody
    if is_strong(request):
        return redirect("choose_role")
    context = {"providers": providers_for(request.user), "has_password": request.user.has_usable_password()}
    return render(request, "account/set_up.html", context)


@require_safe
def account(request: HttpRequest) -> HttpResponseBase:
    """What somebody logs in with."""
    if nobody := _needs_somebody(request):
        return nobody
    held = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    by_type: dict[str, Any] = {one.type: one for one in held}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "passkeys": [one for one in held if one.type == Authenticator.Type.WEBAUTHN],
        "app": by_type.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "has_password": request.user.has_usable_password(),
        "more_than_one": sum(one.type != Authenticator.Type.RECOVERY_CODES for one in held) > 1,
        "more_roles": len(roles_of(request)) > 1,
    }
    return render(request, "account/account.html", context)


@require_POST
def log_out_everywhere(request: HttpRequest) -> HttpResponseBase:
    """End every session of this person, this one too."""
    if request.user.is_authenticated:
        operations_people.end_sessions_of(request.user)
    logout(request)
    return redirect("start")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Begin by an invitation. Opening the page uses nothing up: a mail program may open links by itself."""
    if request.method != "POST":
        works = operations_people.invited_by(token) is not None
        return render(request, "account/invitation.html", {"works": works}, status=200 if works else 410)
    with transaction.atomic():
        person = operations_people.accept(token)
        if person is None:
            return render(request, "account/invitation.html", {"works": False}, status=410)
        logout(request)
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        journalled.note(request, Did.LOG_IN, person=person)
    record_authentication(request, person, INVITATION)
    return redirect("set_up")
