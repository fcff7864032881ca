"""Recording why a child is at home, and ending that; the causes on the pages of other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.causes.forms import CauseForm
from inbeeld.causes.models import Judged
from inbeeld.causes.operations import causes_for, end_cause, judge_cause, may_end
from inbeeld.causes.seen import SeenCause, causes_of, causes_of_children, rows_of, seen_causes
from inbeeld.learners.at_child import DONE, AtChild, at_child, page_at
from inbeeld.learners.child import ChildPage
from inbeeld.learners.seen import SeenChild


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def cause_new(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Record a cause; what is not there for who records none."""
    at = at_child(request, reference)
    causes = causes_for(at.permit)
    if not causes:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = CauseForm(sent, causes=causes, today=at.actor.today)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            judge_cause(at.permit, form.judgement(), child=at.learner)
            return _back(at, "oorzaak")
        except Refused as why:
            refusal = why
    return page_at(request, at, "causes/new.html", {"form": form}, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def cause_end(request: HttpRequest, reference: UUID, cause: UUID) -> HttpResponse:
    """End a cause, after a question; what is not there for who did not judge."""
    at = at_child(request, reference)
    one = rows_of(at.permit).filter(pk=cause).first()
    if one is None or may_end(at.permit, one) is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            end_cause(at.permit, one, child=at.learner)
            return _back(at, "oorzaak-beeindigd")
        except Refused as why:
            refusal = why
    (seen,) = seen_causes({at.reference: at.permit}, [one], by_whom=False)
    return page_at(request, at, "causes/end.html", {"cause": seen}, refusal=refusal)


def _back(at: AtChild, done: str) -> HttpResponse:
    # To the top of the page, where it is said that it was done.
    return redirect(f"{reverse('child', args=[at.reference])}?{DONE}={done}")


# --- on the pages of the rooms below ------------------------------------------------------------


def on_the_page_of_a_child(request: HttpRequest, page: ChildPage) -> SafeString:
    """Why a child is at home, as far as one may read it: a part of its page."""
    permit = page.seen.permit
    found, may_judge = causes_of(permit), bool(causes_for(permit))
    if not found and not may_judge:
        return SafeString("")
    context = {"child": page.seen.reference, "causes": found, "may_judge": may_judge}
    return render_to_string("causes/section.html", context, request=request)


def on_a_list(request: HttpRequest, children: Iterable[SeenChild]) -> dict[UUID, SafeString]:
    """The causes of each child of a list that one may read, noted for the log: a part of its row."""
    permits = {one.reference: one.permit for one in children}
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = Judged.objects.visible_to(actor).filter(learner__reference__in=list(permits))
    seen = causes_of_children(permits, rows, today=actor.today)
    row = get_template("causes/on_a_row.html")
    return {
        reference: row.render({"causes": _said(one for one in seen if one.child == reference)})
        for reference in permits
    }


def _said(causes: Iterable[SeenCause]) -> dict[str, date]:
    """Each cause once, with the day it was judged last; they come the latest first."""
    said: dict[str, date] = {}
    for one in causes:
        said.setdefault(one.words, one.on)
    return said
