"""What was agreed about lists: who sees whose, who reviews, which reasons there are, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.organisations.models import Membership, Organisation
from inbeeld.reconciliation import operations_agreed as operations
from inbeeld.reconciliation import policies
from inbeeld.reconciliation.forms import ReasonForm, ReviewerForm, ShareForm
from inbeeld.reconciliation.models import Comparison, Party, Reason, Reviewer, Sharing
from inbeeld.reconciliation.views import DONE, NOT_DONE, comparison_for
from inbeeld.reconciliation.wording import reason_in_words


@require_safe
@for_an_actor
def agreed(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """Everything that was agreed, for every party to read."""
    return _page(request, comparison_for(request, comparison), {})


def _page(
    request: HttpRequest, one: Comparison, forms: dict[str, Any], *, refusal: Refused | None = None
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    leads = policies.leads(actor, one)
    parties = policies.parties_of(one)
    mine = [party for party in parties if policies.hands_in(actor, party)]
    shared = Sharing.objects.filter(giver__in=parties, ended_at__isnull=True)
    reasons = Reason.objects.filter(comparison=one, ended_at__isnull=True)
    reviewers = Reviewer.objects.filter(comparison=one, ended_at__isnull=True)
    context = {
        "comparison": one,
        "parties": parties,
        "leads": leads,
        "shared": [
            (each, each.giver in mine)
            for each in shared.select_related("giver", "receiver", "said_by__person")
        ],
        "share_forms": [
            (party, forms.get(party.name) or ShareForm(prefix=party.name, others=_others(party, parties)))
            for party in mine
            if _others(party, parties)
        ],
        "reviewers": reviewers.select_related("membership__person", "membership__organisation"),
        "reviewer_form": forms.get("reviewer") or ReviewerForm(members=_members(parties)) if leads else None,
        "reasons": [(each, reason_in_words(each)) for each in reasons],
        "reason_form": forms.get("reason") or ReasonForm() if leads else None,
        "refusal": "" if refusal is None else refusal.sentence,
        "done": request.GET.get(DONE, ""),
    }
    wrong = refusal is not None or bool(forms)
    return render(request, "reconciliation/agreed.html", context, status=NOT_DONE if wrong else 200)


def _others(party: Party, parties: list[Party]) -> list[Organisation]:
    """The organisations that lay a list beside this one and do not see it yet."""
    already = set(
        Sharing.objects.filter(giver=party, ended_at__isnull=True).values_list("receiver_id", flat=True)
    )
    found = {one.organisation_id: one.organisation for one in parties}
    return [one for key, one in found.items() if key not in already | {party.organisation_id}]


def _members(parties: list[Party]) -> list[Membership]:
    """Who hands in a list."""
    rows = Membership.objects.filter(organisation__in=[one.organisation for one in parties])
    found = rows.select_related("person", "organisation").order_by("person__last_name", "pk")
    return [
        one
        for one in found
        if any(policies.hands_in(Actor(name="", membership=one), party) for party in parties)
    ]


@require_POST
@for_an_actor
@same_role
def change(request: HttpRequest, comparison: UUID, deed: str) -> HttpResponse:
    """Share a list, appoint a reviewer, add a reason."""
    one = comparison_for(request, comparison)
    act = DEEDS.get(deed)
    if act is None:
        raise Http404
    try:
        forms = act(request, one)
    except Refused as why:
        return _page(request, one, {}, refusal=why)
    if forms:
        return _page(request, one, forms)
    return _back(one, deed)


def _share(request: HttpRequest, one: Comparison) -> dict[str, Any]:
    parties = policies.parties_of(one)
    party = next((each for each in parties if each.name == request.POST.get("lijst")), None)
    if party is None:
        raise Http404
    form = ShareForm(request.POST, prefix=party.name, others=_others(party, parties))
    if not form.is_valid():
        return {party.name: form}
    operations.share(request.actor, party, receiver=form.receiver, ground=form.cleaned_data["ground"])  # type: ignore[attr-defined]
    return {}


def _reviewer(request: HttpRequest, one: Comparison) -> dict[str, Any]:
    form = ReviewerForm(request.POST, members=_members(policies.parties_of(one)))
    if not form.is_valid():
        return {"reviewer": form}
    operations.appoint_reviewer(request.actor, one, form.member)  # type: ignore[attr-defined]
    return {}


def _reason(request: HttpRequest, one: Comparison) -> dict[str, Any]:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return {"reason": form}
    said = form.cleaned_data
    operations.add_reason(request.actor, one, text=said["text"], settles=said["settles"])  # type: ignore[attr-defined]
    return {}


DEEDS: dict[str, Callable[[HttpRequest, Comparison], dict[str, Any]]] = {
    "delen": _share,
    "beoordelaar": _reviewer,
    "reden": _reason,
}


@require_POST
@for_an_actor
@same_role
def end(request: HttpRequest, comparison: UUID, what: str, one: UUID) -> HttpResponse:
    """End what was agreed: it stays readable in the journal."""
    found = comparison_for(request, comparison)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        if what == "delen":
            operations.end_sharing(actor, _one(Sharing, one, giver__comparison=found))
        elif what == "beoordelaar":
            operations.end_reviewer(actor, _one(Reviewer, one, comparison=found))
        elif what == "reden":
            operations.end_reason(actor, _one(Reason, one, comparison=found))
        else:
            raise Http404
    except Refused as why:
        return _page(request, found, {}, refusal=why)
    return _back(found, f"{what}-klaar")


def _one(model: Any, key: UUID, **of: Any) -> Any:
    found = model.objects.filter(pk=key, **of).first()
    if found is None:
        raise Http404
    return found


def _back(one: Comparison, done: str) -> HttpResponse:
    there = redirect("lists_agreed", comparison=one.pk)
    there["Location"] += f"?{DONE}={done}"
    return there
