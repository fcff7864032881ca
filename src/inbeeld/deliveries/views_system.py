"""Handing in by a system: its keys, and the door at which it hands in.

The door knows keys and nothing else: no session, no cookie, no form. It answers in JSON, with a sentence.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.proving import prove_again
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.deliveries import operations, operations_system
from inbeeld.deliveries.forms import DeliverForm, KeyForm
from inbeeld.deliveries.models import Delivery, State, SystemKey, Way
from inbeeld.deliveries.sentences import of_bad_input
from inbeeld.engine.intake import PROFILES

NOT_ACCEPTED = 409
BEARER = "bearer"
#: What a system may know of its delivery: how many, and never who.
TOLD = (
    "read", "stand", "refused", "added", "changed", "gone", "unknown_codes", "strangers", "ahead",
    "enrolled", "new", "left", "back",
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of a school; and a new one, whose secret stands on the page that answers and nowhere else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not operations.may_deliver(actor):
        raise Http404
    if request.method != "POST":
        return _keys(request, actor, KeyForm(today=actor.today))
    return _make(request, actor)


@prove_again(doing=gettext_lazy("make a key for a system"))
def _make(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = KeyForm(request.POST, today=actor.today)
    if not form.is_valid():
        return _keys(request, actor, form, status=400)
    said = form.cleaned_data
    try:
        made, secret = operations_system.make(actor, name=said["name"], until_on=said["until_on"])
    except Refused as why:
        return _keys(request, actor, form, refusal=why.sentence, status=NOT_ACCEPTED)
    return _keys(request, actor, KeyForm(today=actor.today), made=made, secret=secret)


@require_POST
@for_an_actor
@same_role
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a key of the own school or its sites; one of another is simply not there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = SystemKey.objects.filter(pk=key, school__in=operations_system.keeps_keys_of(actor)).first()
    if found is None or not operations.may_deliver(actor):
        raise Http404
    try:
        operations_system.end(actor, found)
    except Refused as why:
        return _keys(request, actor, KeyForm(today=actor.today), refusal=why.sentence, status=NOT_ACCEPTED)
    there = redirect("system_keys")
    there["Location"] += "?gedaan=sleutel-beeindigd"
    return there


def _keys(
    request: HttpRequest,
    actor: Actor,
    form: KeyForm,
    *,
    refusal: str = "",
    made: SystemKey | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = SystemKey.objects.filter(school__in=operations_system.keeps_keys_of(actor)).select_related(
        "school", "made_by__person", "ended_by__person"
    )
    context = {
        "keys": [_seen(one, today=actor.today) for one in rows],
        "form": form,
        "refusal": refusal,
        "done": request.GET.get("gedaan", ""),
        "made": made and made.name,
        "secret": secret,
        "door": request.build_absolute_uri(reverse("system_door")),
        "place": actor.place,
        # As on the page where people hand in, but for the choice that leaves it to inbeeld.
        "sources": [one for one in DeliverForm.base_fields["source"].choices if one[0]],  # type: ignore[attr-defined]
    }
    return render(request, "deliveries/keys.html", context, status=status)


def _seen(one: SystemKey, *, today: date) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "school": one.school.name,
        "made_at": one.made_at,
        "made_by": one.made_by.person.get_full_name(),
        "until_on": one.until_on,
        "used_at": one.used_at,
        "ended_at": one.ended_at,
        "ended_by": one.ended_by.person.get_full_name() if one.ended_by else "",
        "holds": one.ended_at is None and one.until_on >= today,
    }


@csrf_exempt
@require_POST
def door(request: HttpRequest) -> HttpResponse:
    """Hand in a file: it is the body of the request. `?bron=` the system, `?gemaakt=` the day it was made."""
    key = _key_of(request)
    if key is None:
        return _no_key()
    if (request.content_type or "").startswith("multipart/"):
        return _said(415, _("Send the file itself as the body, not a form with a file in it."))
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return _said(411, _("Say with Content-Length how long the file is."))
    if int(length) > operations.LARGEST_FILE:
        return _said(413, operations.too_large())
    source, made_on = request.GET.get("bron", ""), request.GET.get("gemaakt", "")
    if source and source not in PROFILES:
        known = ", ".join(sorted(PROFILES))
        return _said(400, _("This system is not known. Known are: {known}.").format(known=known))
    try:
        day = date.fromisoformat(made_on) if made_on else None
    except ValueError:
        return _said(400, _("Write the day as 2026-08-31."))
    if sentence := operations.why_not_made_on(day):
        return _said(400, sentence)
    try:
        content = request.read(int(length))
    except UnreadablePostError:
        content = b""
    if len(content) < int(length):
        return _said(400, _("Only part of the file arrived. Send it again: nothing was kept."))
    if sentence := operations.why_not_taken_in(content):
        return _said(422, sentence)
    try:
        made, is_new = operations_system.receive_from_system(
            key, content, source=source, made_on=day, origin="system_door"
        )
    except operations_system.Ended:
        return _no_key()
    except operations_system.TooMuch:
        return _said(429, _("So much waits for this school already. First somebody decides about that."))
    return JsonResponse(_of(made), status=201 if is_new else 200)


@require_safe
def handed_in(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """What became of a delivery of the school of the key: where it stands and how many, without who."""
    key = _key_of(request)
    if key is None:
        return _no_key()
    one = Delivery.objects.filter(school=key.school, pk=delivery).exclude(way=Way.FIRST).first()
    if one is None:
        return _said(404, _("There is no such delivery."))
    return JsonResponse(_of(one))


def _key_of(request: HttpRequest) -> SystemKey | None:
    """The key a request shows. Who is logged in here is somebody, and no system."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() != BEARER or getattr(request, "actor", None) is not None:
        return None
    return operations_system.key_for(secret.strip())


def _no_key() -> HttpResponse:
    answer = _said(401, _("No key that holds. Send one as “Authorization: Bearer …”."))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _said(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status, json_dumps_params={"ensure_ascii": False})


def _of(one: Delivery) -> dict[str, Any]:
    found: dict[str, Any] = {
        "delivery": str(one.pk),
        "state": one.state,
        "words": one.state_in_words,
        "address": reverse("system_delivery", args=[one.pk]),
        "counts": {name: one.counts[name] for name in TOLD if name in one.counts},
    }
    if one.state == State.UNUSABLE:
        # Where, and not what stands there: this goes to a system's log, and a cell may hold a name.
        found["error"] = of_bad_input(
            {name: value for name, value in one.wrong.items() if name in ("line", "column")}
            | {"expected": str(one.wrong.get("expected", "")).partition("; the first refusal:")[0]}
        )
    return found
