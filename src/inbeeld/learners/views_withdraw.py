"""Taking back access or consent: first a page that says what will happen, then the deed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from inbeeld.access import operations_consent as consents
from inbeeld.access import operations_involvement as involvements
from inbeeld.access.actor import for_an_actor
from inbeeld.access.models import Consent, Involvement
from inbeeld.access.operations_ground import holds_direction
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.learners.access_page import shown_consent, shown_grant
from inbeeld.learners.at_child import DONE, AtChild, at_child, page_at
from inbeeld.learners.views_access import back_to_access, show_access


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def withdraw_access(request: HttpRequest, reference: UUID, involvement: UUID) -> HttpResponse:
    """End somebody's involvement, or one's own. To take access away asks for no proof, only for a yes."""
    at = at_child(request, reference)
    rows = Involvement.objects.visible_to(at.actor).filter(child=at.learner, pk=involvement)
    one = rows.select_related(
        "membership__person", "membership__organisation", "granted_by__person", "granted_by__organisation"
    ).first()
    if one is None:
        raise Http404
    if request.method != "POST":
        return _ask_first(request, at, one)
    directed = holds_direction(one, stage=at.permit.stage, at=at.actor.at)
    try:
        involvements.withdraw(one, by=at.permit)
    except Refused as why:
        return show_access(request, at, refusal=why)
    done = "ingetrokken-regie" if directed else "ingetrokken"
    # Who withdrew their own access may not see the child any more.
    mine = at.actor.membership is not None and one.membership_id == at.actor.membership.pk
    return redirect(f"{reverse('mine')}?{DONE}=zelf-{done}") if mine else back_to_access(at, done)


def _ask_first(request: HttpRequest, at: AtChild, one: Involvement) -> HttpResponse:
    """What will happen, in words; who may not do it, or not read of it, has nothing to be asked."""
    seen = None if involvements.why_not_withdraw(one, at.permit) else shown_grant(at.actor, at.permit, one)
    if seen is None:
        return redirect("access", reference=at.reference)
    directs = holds_direction(one, stage=at.permit.stage, at=at.actor.at)
    context = {"one": seen, "waits": one.accepted_at is None, "directs": directs}
    return page_at(request, at, "learners/withdraw_access.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def withdraw_consent(request: HttpRequest, reference: UUID, consent: UUID) -> HttpResponse:
    """Withdraw a consent, or say no to what was asked. Kin do it in one click: nothing is asked."""
    at = at_child(request, reference)
    one = Consent.objects.visible_to(at.actor).filter(child=at.learner, pk=consent).first()
    if one is None:
        raise Http404
    if request.method != "POST":
        seen = shown_consent(at.actor, at.permit, at.learner, consent)
        if seen is None or not seen.may_withdraw or at.actor.kinship is not None:
            return redirect("access", reference=at.reference)
        return page_at(request, at, "learners/withdraw_consent.html", {"one": seen})
    asked_only = one.holds_from is None
    try:
        consents.withdraw_consent(one, by=at.actor)
    except Refused as why:
        return show_access(request, at, refusal=why)
    return back_to_access(at, "verzoek-ingetrokken" if asked_only else "toestemming-ingetrokken")
