"""The front door: start page, log-ins of a trial, definitions, and pages for when something is wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from inbeeld.access import operations_log_in as journalled
from inbeeld.access.operations_log_in import Did
from inbeeld.access.sessions import act_as, roles_of
from inbeeld.kernel.definition import in_force
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.learners.snapshot import current_judgement
from inbeeld.site import roles


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The start page; in a trial with a log-in for every role."""
    cards = roles.cards() if settings.INBEELD_TRIAL else []
    return render(request, "site/start.html", {"groups": cards, "judgement": current_judgement()})


@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Become one of the invented people of a trial. Outside a trial this page does not exist."""
    if not settings.INBEELD_TRIAL:
        raise Http404
    if request.method != "POST":
        return redirect("start")  # somebody who went back, or typed it
    chosen = next(
        (card for _, group in roles.cards() for card in group if card.is_sent_by(request.POST)), None
    )
    person = None if chosen is None else get_user_model().objects.filter(pk=chosen.person).first()
    if chosen is None or person is None:
        raise Http404
    logout(request)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    role = next((one for one in roles_of(request) if one.key == f"{chosen.field}:{chosen.value}"), None)
    if role is None:
        logout(request)
        raise Http404
    with transaction.atomic():
        journalled.note(request, Did.LOG_IN, person=person)
        journalled.note(request, Did.CHOOSE_ROLE, person=person, about=role.key)
    act_as(request, role)
    return redirect(settings.INBEELD_FIRST_PAGE)


@require_http_methods(["GET", "HEAD", "POST"])
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session; following a link to here ends nothing."""
    if request.method == "POST":
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
    """Privacy and accessibility, in short, and how to report a leak (SECURITY.md, for who finds one)."""
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


def too_many(request: HttpRequest) -> HttpResponse:
    """Too many tries to log in."""
    return render(request, "account/too_many.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Without the database, which may be what is broken."""
    return _wrong(request, 500, {"actor": None})


def _wrong(request: HttpRequest, status: int, extra: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, "site/wrong.html", {"status": status, **(extra or {})}, status=status)
