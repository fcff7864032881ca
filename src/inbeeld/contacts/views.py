"""The list Uit beeld; recording a contact and striking it out; the contacts on the pages of other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from inbeeld.access.actor import for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.contacts import queries
from inbeeld.contacts.forms import ContactForm
from inbeeld.contacts.operations import (
    class_for,
    may_say_what,
    may_strike,
    record_contact,
    strike_contact,
)
from inbeeld.contacts.seen import contacts_of, last_of, rows_of, seen_contacts, spoken_on
from inbeeld.contacts.wording import gap_in_words, gap_on_a_row
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.contact import SILENCES, Gap
from inbeeld.learners.at_child import DONE, AtChild, at_child, page_at
from inbeeld.learners.child import ChildPage
from inbeeld.learners.paging import paged
from inbeeld.learners.seen import SeenChild
from inbeeld.learners.snapshot import counted_from, current_judgement

#: So many contacts stand open on the page of a child; the others are a click away.
LATEST = 5


@require_safe
@for_an_actor
def out_of_sight(request: HttpRequest) -> HttpResponse:
    """The children nobody holds, nobody spoke to, or nobody enrolled. Who has no list goes elsewhere."""
    actor, judgement = request.actor, current_judgement()  # type: ignore[attr-defined]
    if actor.kinship is not None or judgement is None or not actor.has_a_list:
        return redirect("in_beeld")
    found = queries.OutOfSight(actor, judgement, queries.choice_of(request.GET))
    choice, page = found.choice, found.page(request.GET.get("page", "1"))
    context = {
        "judgement": judgement,
        "choice": choice,
        "all": (len(found.rows), choice.address(gap=None)),
        "gaps": [
            (one, gap_in_words(one, silence=choice.silence), len(found.chosen(one)), choice.address(gap=one))
            for one in Gap
        ],
        "silences": [(days // 7, days == choice.silence, choice.address(silence=days)) for days in SILENCES],
        **paged(page, lambda number: choice.address(page=number)),
        "rows": [
            (row, [gap_on_a_row(one, silent_for=row.silent_for, reads_all=row.reads_all) for one in row.gaps])
            for row in found.seen(page)
        ],
    }
    return render(request, "contacts/out_of_sight.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@sensitive_post_parameters()
def contact_new(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Record a contact; what is not there for who records none."""
    at = at_child(request, reference)
    field_class = class_for(at.permit)
    if field_class is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = ContactForm(sent, today=at.actor.today, says_what=may_say_what(at.permit))
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            record_contact(at.permit, form.spoken(), child=at.learner)
            return _to_the_contacts(at, "contact")
        except Refused as why:
            refusal = why
    context = {"form": form, "is_attendance": field_class is FieldClass.ATT}
    return page_at(request, at, "contacts/contact.html", context, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def contact_strike(request: HttpRequest, reference: UUID, contact: UUID) -> HttpResponse:
    """Strike out a contact, after a question; what is not there for who did not record it."""
    at = at_child(request, reference)
    one = rows_of(at.permit).filter(pk=contact).first()
    if one is None or may_strike(at.permit, one) is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            strike_contact(at.permit, one, child=at.learner)
            return _to_the_contacts(at, "contact-doorgehaald")
        except Refused as why:
            refusal = why
    (seen,) = seen_contacts(at.permit, [one], by_whom=False)
    return page_at(request, at, "contacts/strike.html", {"contact": seen}, refusal=refusal)


def _to_the_contacts(at: AtChild, done: str) -> HttpResponse:
    # To the top of the page, where it is said that it was done.
    return redirect(f"{reverse('child', args=[at.reference])}?{DONE}={done}")


# --- on the pages of the rooms below ------------------------------------------------------------


def on_the_page_of_a_child(request: HttpRequest, page: ChildPage) -> SafeString:
    """The contacts with a child, and since when there was none: a part of its page."""
    permit = page.seen.permit
    found = contacts_of(permit)
    reached = max((one.on for one in found if one.reached), default=None)
    on = counted_from(page.standing.judged_on, today=permit.actor.today)
    context = {
        "child": page.seen.reference,
        "latest": found[:LATEST],
        "earlier": found[LATEST:],
        "reached": reached,
        "days": None if reached is None else (on - reached).days,
        "may_record": class_for(permit) is not None,
        "reads_all": bool(permit.may(FieldClass.AGR)),
    }
    return render_to_string("contacts/section.html", context, request=request)


def on_a_list(request: HttpRequest, children: Iterable[SeenChild]) -> dict[UUID, SafeString]:
    """The last contact with each child of a list, noted for the log: a part of its row."""
    by_reference = {one.reference: one for one in children}
    spoken = spoken_on(request.actor, children=list(by_reference))  # type: ignore[attr-defined]
    # Without the request: what every page needs to know is not worked out for each row.
    row = get_template("contacts/on_a_row.html")
    return {
        reference: row.render({
            "spoken_on": last_of(one.permit, spoken.get(reference, {}), action="listed"),
            "reads_all": bool(one.permit.may(FieldClass.AGR)),
        })
        for reference, one in by_reference.items()
    }  # fmt: skip
