"""The front door: start page, log-ins of a trial, definitions, and pages for when something is wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inbeeld.access.actor import SESSION_KEY
from inbeeld.kernel.definition import in_force
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.learners.snapshot import current_judgement
from inbeeld.organisations.models import Membership
from inbeeld.site import roles


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The start page; in a trial with a log-in for every role."""
    cards = roles.cards() if settings.INBEELD_TRIAL else []
    return render(request, "site/start.html", {"groups": cards, "judgement": current_judgement()})


@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """Become one of the invented people of a trial. Outside a trial this page does not exist."""
    if not settings.INBEELD_TRIAL:
        raise Http404
    chosen = request.POST.get("membership", "")
    membership = get_object_or_404(
        Membership, pk=int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
    )
    if not membership.is_in_force(timezone.localdate()):
        raise Http404
    logout(request)
    login(request, membership.person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SESSION_KEY] = membership.pk
    return redirect("in_beeld")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("start")


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """Every definition in force, with its source and version."""
    judgement = current_judgement()
    on = judgement.on if judgement else timezone.localdate()
    return render(request, "site/definitions.html", {"definitions": in_force(CATALOGUE, on), "on": on})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Privacy and accessibility, in short."""
    return render(request, "site/about.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(request, 404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(request, 403)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _wrong(request, 400)


def form_not_accepted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form did not come from our page, or the page stood open too long."""
    return _wrong(request, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """Without the database, which may be what is broken."""
    return _wrong(request, 500, {"actor": None})


def _wrong(request: HttpRequest, status: int, extra: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, "site/wrong.html", {"status": status, **(extra or {})}, status=status)
