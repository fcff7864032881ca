"""My access: what waits for me, with whom I am involved, and the emergency button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbeeld.access import operations_involvement as involvements
from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.in_words import Reach, how_word, last_day, reach_of
from inbeeld.access.models import Involvement
from inbeeld.access.officers import heard_by, nobody_hears_at
from inbeeld.access.operations_emergency import (
    call_emergency,
    find_for_emergency,
    verdicts_about,
    why_the_button_is_lost,
)
from inbeeld.access.operations_ground import holds_direction
from inbeeld.access.permit import stage_of
from inbeeld.access.proving import prove_again
from inbeeld.access.refusal import Refused
from inbeeld.access.scope_own import waiting_for
from inbeeld.access.sessions import same_role
from inbeeld.kernel.access import Involvement as How
from inbeeld.kernel.access import row_of
from inbeeld.kernel.involvement import EMERGENCY, MAY_CALL_AN_EMERGENCY
from inbeeld.learners.at_child import DONE, NOT_ACCEPTED, names_of
from inbeeld.learners.forms import EmergencyForm
from inbeeld.learners.models import Learner

AGREED = "akkoord"
STOP_REASONS = (
    ("done", gettext_lazy("My task is done")),
    ("other_work", gettext_lazy("I get other work")),
    ("left", gettext_lazy("I stop for another reason")),
)


@dataclass(frozen=True)
class Waiting:
    """Something asked of me. Nothing about the child: it is not mine to see before I agreed."""

    id: UUID
    asked_by: str
    role: str
    organisation: str
    purpose: str
    granted_at: datetime
    last_day: date
    directs: bool
    reach: Reach | None


@dataclass(frozen=True)
class Verdict:
    """What a privacy officer found of an emergency I called; nothing about the child."""

    called_at: datetime
    found: str
    reviewed_by: str
    reviewed_on: datetime | None
    justified: bool


@dataclass(frozen=True)
class Mine:
    """One child I am involved with now."""

    id: UUID
    reference: UUID
    name: str
    school: str
    how: str
    purpose: str
    since: datetime
    accepted_at: datetime | None
    until: datetime
    last_day: date
    is_emergency: bool
    directs: bool
    may_stop: bool


@require_safe
@for_an_actor
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for me, and with whom I am involved."""
    return _mine(request)


def _mine(request: HttpRequest, *, refusal: Refused | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kinship is not None:
        return redirect("in_beeld")
    mine, done = _involvements(actor), request.GET.get(DONE, "")
    may_call = actor.role in MAY_CALL_AN_EMERGENCY
    context = {
        "waiting": _waiting(actor),
        "mine": mine,
        "agreed": _last_agreed(mine) if done == AGREED else None,
        "may_call": may_call,
        "closed": why_the_button_is_lost(actor) if may_call else "",
        "verdicts": _verdicts(actor) if may_call else (),
        "done": done,
        "refusal": "" if refusal is None else refusal.sentence,
    }
    return render(request, "learners/mine.html", context, status=200 if refusal is None else NOT_ACCEPTED)


def _last_agreed(mine: tuple[Mine, ...]) -> Mine | None:
    """The child one just agreed about: no address says which, it is the one agreed to last."""
    agreed = [one for one in mine if one.may_stop and not one.is_emergency]
    return max(agreed, key=lambda one: one.accepted_at, default=None)  # type: ignore[arg-type, return-value]


def _verdicts(actor: Actor) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(
            called_at=one.granted_at,
            found=str(one.get_review_display()),
            reviewed_by=one.reviewed_by.person.get_full_name() if one.reviewed_by else "",
            reviewed_on=one.reviewed_at,
            justified=one.review == Involvement.Review.JUSTIFIED,
        )
        for one in verdicts_about(actor)
    )


def _waiting(actor: Actor) -> tuple[Waiting, ...]:
    rows = waiting_for(actor).select_related("granted_by__person", "granted_by__organisation")
    row = row_of(actor.role, How.INVOLVED)
    reach = None if row is None else reach_of(row)
    return tuple(
        Waiting(
            id=one.pk,
            asked_by=one.granted_by.person.get_full_name() if one.granted_by else "",
            role=str(one.granted_by.get_role_display()) if one.granted_by else "",
            organisation=one.granted_by.organisation.name if one.granted_by else "",
            purpose=str(one.get_purpose_display()),
            granted_at=one.granted_at,
            last_day=last_day(one.until_at),
            directs=one.directs,
            reach=reach,
        )
        for one in rows
    )


def _involvements(actor: Actor, *, only: UUID | None = None) -> tuple[Mine, ...]:
    """Noted for the log as a list; `only` one of them: as what was read."""
    assert actor.membership is not None
    rows = list(
        Involvement.objects.visible_to(actor)
        .filter(
            membership=actor.membership.pk,
            accepted_at__lte=actor.at,
            from_at__lte=actor.at,
            until_at__gt=actor.at,
            ended_at__isnull=True,
        )
        .select_related("membership__organisation")
        .order_by("until_at", "pk")
    )
    rows = [one for one in rows if only in (None, one.pk)]
    learners = Learner.objects.visible_to(actor).filter(pk__in=[one.child_id for one in rows])
    found = {one.pk: one for one in learners.select_related("standing", "standing__school")}
    names = names_of(actor, found.values(), action="listed" if only is None else "read")
    return tuple(
        Mine(
            id=one.pk,
            reference=child.reference,
            name=names[child.reference],
            school=_school_of(child),
            how=how_word(How(one.kind)),
            purpose=str(one.get_purpose_display()),
            since=one.from_at,
            accepted_at=one.accepted_at,
            until=one.until_at,
            last_day=last_day(one.until_at),
            is_emergency=one.kind == Involvement.Kind.EMERGENCY,
            directs=holds_direction(one, stage=stage_of(child), at=actor.at),
            may_stop=one.kind != Involvement.Kind.TABLE,
        )
        for one in rows
        if (child := found.get(one.child_id)) is not None and child.reference in names
    )


def _school_of(child: Learner) -> str:
    standing = getattr(child, "standing", None)
    return "" if standing is None or standing.school is None else str(standing.school.name)


def _accept(one: Involvement, actor: Actor, request: HttpRequest) -> HttpResponse:
    involvements.accept(one, by=actor)
    return redirect(f"{reverse('mine')}?{DONE}={AGREED}")


def _refuse(one: Involvement, actor: Actor, request: HttpRequest) -> HttpResponse:
    involvements.refuse(one, by=actor)
    return redirect(f"{reverse('mine')}?{DONE}=niet-akkoord")


DEEDS: dict[str, Callable[[Involvement, Actor, HttpRequest], HttpResponse]] = {
    AGREED: _accept,
    "niet-akkoord": _refuse,
}


@require_POST
@for_an_actor
@same_role
def answer(request: HttpRequest, involvement: UUID, deed: str) -> HttpResponse:
    """Agree or do not agree: only about what is one's own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if deed not in DEEDS or actor.membership is None:
        raise Http404
    one = waiting_for(actor).filter(pk=involvement).first()
    if one is None:
        raise Http404
    try:
        return DEEDS[deed](one, actor, request)
    except Refused as why:
        return _mine(request, refusal=why)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def stop(request: HttpRequest, involvement: UUID) -> HttpResponse:
    """Stop being involved: first what will happen and why, then the deed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.membership is None:
        raise Http404
    rows = Involvement.objects.visible_to(actor).filter(membership=actor.membership.pk)
    one = rows.select_related("membership__organisation", "child__standing").filter(pk=involvement).first()
    if one is None:
        raise Http404
    if request.method != "POST":
        found = next((mine for mine in _involvements(actor, only=one.pk) if mine.may_stop), None)
        context = {"one": found, "reasons": STOP_REASONS}
        return redirect("mine") if found is None else render(request, "learners/mine_stop.html", context)
    directed = holds_direction(one, stage=stage_of(one.child), at=actor.at)
    try:
        involvements.stop(one, by=actor, because=request.POST.get("because", "done"))
    except Refused as why:
        return _mine(request, refusal=why)
    return redirect(f"{reverse('mine')}?{DONE}={'gestopt-regie' if directed else 'gestopt'}")


# --- emergency -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
def emergency(request: HttpRequest) -> HttpResponse:
    """Find a child in danger and open it for four hours, in one act: who finds has called."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _emergency(request, actor, EmergencyForm())
    answer: HttpResponse = _fill_in(request, actor)
    return answer


@same_role
@sensitive_post_parameters()
def _fill_in(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is filled in wrongly is said first: nobody proves who they are for a form that comes back."""
    form = EmergencyForm(request.POST)
    if _why_not(actor) or not form.is_valid():
        return _emergency(request, actor, form)
    answer: HttpResponse = _call(request, actor, form)
    return answer


def _emergency(request: HttpRequest, actor: Actor, form: EmergencyForm, *, refusal: str = "") -> HttpResponse:
    hours = int(EMERGENCY.total_seconds()) // 3600
    context = {
        "form": form, "closed": _why_not(actor), "refusal": refusal, "hours": hours,
        "unheard": _nobody_hears_here(actor),
    }  # fmt: skip
    return render(request, "learners/emergency.html", context, status=NOT_ACCEPTED if refusal else 200)


@prove_again(again=True, doing=gettext_lazy("open the file of a child in an emergency"))
def _call(request: HttpRequest, actor: Actor, form: EmergencyForm) -> HttpResponse:
    """The child is found and opened, or a sentence says why not."""
    try:
        return _called(actor, form)
    except Refused as why:
        return _emergency(request, actor, form, refusal=why.sentence)


def _why_not(actor: Actor) -> str:
    """Why this actor has no button now; empty when they have."""
    if actor.role not in MAY_CALL_AN_EMERGENCY:
        return _("Your role has no emergency access. Call who has.")
    return why_the_button_is_lost(actor)


def _nobody_hears_here(actor: Actor) -> str:
    """That no privacy officer of the own organisation would hear of it, before the button is pressed."""
    if actor.membership is None:
        return ""
    heard = heard_by([actor.organisation], caller=actor.membership, on=actor.today)
    return nobody_hears_at(actor.place) if heard.unheard else ""


def _called(actor: Actor, form: EmergencyForm) -> HttpResponse:
    asked = form.cleaned_data
    child = find_for_emergency(
        born_on=asked["born_on"], last_name=asked["last_name"], first_name=asked["first_name"], by=actor
    )
    if child is None:
        # The same for none and for several: another sentence would say who has a file.
        raise Refused(
            _("Nothing was opened. Check the birth date, last name and first name. In danger: call 112.")
        )
    call_emergency(child, by=actor, because=asked["because"])
    return redirect("child", reference=child.reference)
