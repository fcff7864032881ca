"""Who works here, in which role, and does that still hold: looked through every quarter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.operations_work import end_work, hand_over_work
from inbeeld.access.proving import prove_again
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.organisations.models import Membership, Organisation, Role
from inbeeld.organisations.operations import REVIEW_AFTER, Impossible, confirm_membership, due_for_review

#: Who looks it through; and who ends what no longer holds, and so sees no child.
REVIEWERS = frozenset({Role.PRIVACY_OFFICER.value, Role.APPLICATION_ADMINISTRATOR.value})
ENDING = Role.APPLICATION_ADMINISTRATOR.value
NOT_ACCEPTED = 409


@dataclass(frozen=True)
class Colleague:
    """Somebody to whom work can be handed over."""

    pk: int
    name: str


@dataclass(frozen=True)
class SeenMember:
    """One person in one role."""

    pk: int
    name: str
    role: str
    role_key: str
    from_on: date
    until_on: date | None
    reviewed_on: date | None
    is_due: bool
    is_me: bool
    colleagues: tuple[Colleague, ...]


@require_safe
@for_an_actor
def rights(request: HttpRequest) -> HttpResponse:
    """Everybody who works at the own organisation, those who wait longest for a review first."""
    return _rights(request, _reviewer(request))


def _reviewer(request: HttpRequest) -> Actor:
    """Who may look through the rights of their organisation; for others this page is not there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.role not in REVIEWERS or actor.organisation is None:
        raise Http404
    return actor


def _rights(request: HttpRequest, actor: Actor, *, refusal: str = "") -> HttpResponse:
    assert actor.organisation is not None
    members = members_of(actor.organisation, actor=actor)
    context = {
        "due": [one for one in members if one.is_due],
        "others": [one for one in members if not one.is_due],
        "place": actor.place,
        "may_end": actor.role == ENDING,
        "days": REVIEW_AFTER.days,
        "today": actor.today,
        "done": request.GET.get("gedaan", ""),
        "refusal": refusal,
    }
    return render(request, "access/rights.html", context, status=NOT_ACCEPTED if refusal else 200)


def members_of(organisation: Organisation, *, actor: Actor) -> list[SeenMember]:
    """Who works there today: due for review first, the longest waiting first; then by role and name."""
    waiting = list(due_for_review(organisation, actor.today).values_list("pk", flat=True))
    rows = [
        one
        for one in Membership.objects.filter(organisation=organisation).select_related(
            "person", "organisation"
        )
        if one.is_in_force(actor.today)
    ]
    in_role: dict[str, list[Membership]] = {}
    for one in rows:
        in_role.setdefault(one.role, []).append(one)
    order = {pk: place for place, pk in enumerate(waiting)}
    rows.sort(
        key=lambda one: (order.get(one.pk, len(order)), str(one.get_role_display()), one.person.last_name)
    )
    return [_seen(one, actor, is_due=one.pk in order, same_role=in_role[one.role]) for one in rows]


def _seen(one: Membership, actor: Actor, *, is_due: bool, same_role: list[Membership]) -> SeenMember:
    assert actor.membership is not None
    return SeenMember(
        pk=one.pk,
        name=one.person.get_full_name(),
        role=str(one.get_role_display()),
        role_key=one.role,
        from_on=one.from_on,
        until_on=one.until_on,
        reviewed_on=one.reviewed_on,
        is_due=is_due,
        is_me=one.person_id == actor.membership.person_id,
        colleagues=tuple(
            Colleague(other.pk, other.person.get_full_name())
            for other in same_role
            if other.person_id != one.person_id
        ),
    )


def _confirm(actor: Actor, one: Membership, request: HttpRequest) -> str:
    assert actor.membership is not None
    confirm_membership(one, on=actor.today, by=actor.membership, trace=actor.trace)
    return "bevestigd"


def _end(actor: Actor, one: Membership, request: HttpRequest) -> str:
    end_work(one, by=actor, on=_last_day(request, actor.today))
    return "beeindigd"


def _hand_over(actor: Actor, one: Membership, request: HttpRequest) -> str:
    wanted = request.POST.get("to", "")
    to = _member(actor, int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else 0)
    if to is None:
        raise Refused(_("Choose the colleague who takes over."))
    hand_over_work(one, to=to, by=actor, on=_last_day(request, actor.today))
    return "overgedragen"


def _last_day(request: HttpRequest, today: date) -> date:
    text = request.POST.get("on", "").strip()
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        raise Refused(_("Write a date like 31-8-2012.")) from None


DEEDS: dict[str, Callable[[Actor, Membership, HttpRequest], str]] = {
    "bevestigen": _confirm,
    "beeindigen": _end,
    "overdragen": _hand_over,
}


@require_POST
@for_an_actor
@same_role
@prove_again(doing=gettext_lazy("change who works here in which role"))
def change_rights(request: HttpRequest, membership: int, deed: str) -> HttpResponse:
    """Confirm, end, or hand over the work of somebody of the own organisation."""
    actor = _reviewer(request)
    one = _member(actor, membership)
    if one is None or deed not in DEEDS:
        raise Http404
    try:
        done = DEEDS[deed](actor, one, request)
    except (Refused, Impossible) as why:
        return _rights(request, actor, refusal=why.sentence)
    return redirect(f"{reverse('rights')}?gedaan={done}")


def _member(actor: Actor, pk: int) -> Membership | None:
    return (
        Membership.objects.filter(organisation=actor.organisation, pk=pk)
        .select_related("person", "organisation")
        .first()
    )
