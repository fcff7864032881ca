"""The list of agreements; making one and saying what became of it; agreements on the pages of other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.agreements import queries
from inbeeld.agreements.doers import doers_for
from inbeeld.agreements.forms import AgreementForm, SayForm
from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.operations import agree, may_agree, may_strike, say, strike
from inbeeld.agreements.seen import SeenAgreement, agreements_of, rows_of, seen_agreements
from inbeeld.agreements.wording import doer_in_words
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.access_page import knows_who_is_involved
from inbeeld.learners.at_child import DONE, AtChild, at_child, page_at
from inbeeld.learners.child import ChildPage
from inbeeld.learners.paging import paged
from inbeeld.learners.seen import SeenChild
from inbeeld.organisations.models import Membership

#: Where somebody came from, and goes back to: the list of agreements, or the page of the child.
FROM, THE_LIST = "van", "afspraken"


@require_safe
@for_an_actor
def agreements(request: HttpRequest) -> HttpResponse:
    """One's own agreements, those of the organisation, and all one may read. Kin go to their own page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kinship is not None or not actor.has_a_list:
        return redirect("in_beeld")
    found = queries.Agreements(actor, queries.choice_of(request.GET))
    choice, page = found.choice, found.page(request.GET.get("page", "1"))
    context = {
        "choice": choice,
        "reads_none": not queries.reads_any(actor),
        "writes": any("w" in row.cells[FieldClass.AGR] for row in actor.rows),
        "scopes": [(one, len(found.chosen(scope=one)), choice.address(scope=one)) for one in queries.SCOPES],
        "shown": [(one, len(found.chosen(show=one)), choice.address(show=one)) for one in queries.SHOWN],
        **paged(page, lambda number: choice.address(page=number)),
        "rows": found.seen(page.object_list),
        "done": request.GET.get(DONE, ""),
        "from_here": f"?{FROM}={THE_LIST}",
    }
    return render(request, "agreements/agreements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def agreement_new(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Make an agreement; what is not there for who makes none."""
    at = at_child(request, reference)
    if may_agree(at.permit) is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = AgreementForm(sent, doers=_doers(at), today=at.actor.today)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            agree(at.permit, form.agreed(), child=at.learner)
            return _back(request, at, "afspraak")
        except Refused as why:
            refusal = why
    return page_at(request, at, "agreements/new.html", {"form": form}, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def agreement(request: HttpRequest, reference: UUID, agreement: UUID) -> HttpResponse:
    """One agreement with what was said of it; and, for who may, saying what became of it."""
    at = at_child(request, reference)
    one = rows_of(at.permit).filter(pk=agreement).first()
    if one is None:
        raise Http404
    refusal = None
    form = SayForm(request.POST, today=at.actor.today) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            say(at.permit, one, form.saying(), after=form.cleaned_data["after"], child=at.learner)
            return _back(request, at, "afspraak-bijgewerkt")
        except Refused as why:
            refusal = why
    seen = _seen(at, one)
    if form is None:
        form = SayForm(today=at.actor.today)
    form.offer(is_open=seen.course.is_open, may_answer=seen.may_answer, accepted=seen.course.accepted)
    context = {"agreement": seen, "form": form, "from": FROM}
    context["came_from"] = THE_LIST if _came_from_the_list(request) else ""
    return page_at(request, at, "agreements/agreement.html", context, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def agreement_strike(request: HttpRequest, reference: UUID, agreement: UUID) -> HttpResponse:
    """Strike out an agreement, after a question; what is not there for who did not write it."""
    at = at_child(request, reference)
    one = rows_of(at.permit).filter(pk=agreement).first()
    # Before anything is read: who may not strike it out reads nothing here.
    if one is None or may_strike(at.permit, one, has_steps=_steps(at, one).exists()) is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            strike(at.permit, one, child=at.learner)
            return _back(request, at, "afspraak-doorgehaald")
        except Refused as why:
            refusal = why
    return page_at(request, at, "agreements/strike.html", {"agreement": _seen(at, one)}, refusal=refusal)


def _doers(at: AtChild) -> list[Membership]:
    """Who can be asked; that others are involved is read here, and noted for the log."""
    doers = doers_for(at.permit)
    if len(doers) > 1 and (decision := knows_who_is_involved(at.permit)) is not None:
        at.actor.ledger.note(at.permit, decision, FieldClass.AGR)
    return doers


def _seen(at: AtChild, one: Agreement) -> SeenAgreement:
    """As it was when the page was asked for, also when somebody struck it out since."""
    (seen,) = seen_agreements({at.reference: at.permit}, [one], {one.pk: list(_steps(at, one))})
    return seen


def _steps(at: AtChild, one: Agreement) -> QuerySet[Step]:
    rows = Step.objects.about(at.permit.reach).filter(agreement=one.pk)
    return rows.select_related("organisation", "written_by__person")


def _came_from_the_list(request: HttpRequest) -> bool:
    return (request.POST.get(FROM) or request.GET.get(FROM)) == THE_LIST


def _back(request: HttpRequest, at: AtChild, done: str) -> HttpResponse:
    """To the top of the page somebody came from, where it is said that it was done."""
    if _came_from_the_list(request):
        return redirect(f"{reverse('agreements')}?{DONE}={done}")
    return redirect(f"{reverse('child', args=[at.reference])}?{DONE}={done}")


# --- on the pages of the rooms below ------------------------------------------------------------


def on_the_page_of_a_child(request: HttpRequest, page: ChildPage) -> SafeString:
    """The agreements about a child, what is to be done first on top: a part of its page."""
    permit = page.seen.permit
    if not permit.may(FieldClass.AGR):
        return SafeString("")
    found, earlier = agreements_of(permit)
    context = {
        "child": page.seen.reference,
        "open": [one for one in found if one.course.is_open],
        "settled": [one for one in found if not one.course.is_open],
        "earlier": earlier,
        "has_a_list": permit.actor.has_a_list and permit.actor.kinship is None,
        "may_agree": may_agree(permit) is not None,
    }
    return render_to_string("agreements/section.html", context, request=request)


def on_a_list(request: HttpRequest, children: Iterable[SeenChild]) -> dict[UUID, SafeString]:
    """The next agreement about each child of a list, noted for the log: a part of its row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    by_reference = {one.reference: one for one in children}
    found = queries.next_of(actor, list(by_reference))
    row = get_template("agreements/on_a_row.html")
    pieces = {}
    for reference, child in by_reference.items():
        decision, next_one = child.permit.may(FieldClass.AGR), found.get(reference)
        if decision:
            actor.ledger.note(child.permit, decision, FieldClass.AGR, action="listed")
        pieces[reference] = row.render({
            "reads": bool(decision),
            "due_on": next_one.course.due_on if decision and next_one else None,
            "who": doer_in_words(next_one) if decision and next_one else "",
            "is_late": bool(decision and next_one and next_one.course.is_late(actor.today)),
        })  # fmt: skip
    return pieces
