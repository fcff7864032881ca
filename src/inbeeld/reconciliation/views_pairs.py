"""Link or not: who may be one child, two records at a time; who is linked; looking for somebody oneself."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.operations_ground import is_the_same_person
from inbeeld.access.refusal import Refused
from inbeeld.access.scripts import with_scripts
from inbeeld.access.sessions import same_role
from inbeeld.learners.paging import paged
from inbeeld.reconciliation import operations, policies
from inbeeld.reconciliation.forms import PairForm
from inbeeld.reconciliation.lying import Lying
from inbeeld.reconciliation.models import Because
from inbeeld.reconciliation.operations_pairs import say
from inbeeld.reconciliation.searching import found_on
from inbeeld.reconciliation.seen import PairSeen
from inbeeld.reconciliation.views import DONE, NOT_DONE, comparison_for

ROWS_ON_A_PAGE = 50
LONGEST_SEARCH = 60


def lying_for(request: HttpRequest, comparison: UUID, *, reviewing: bool = True) -> Lying:
    """The round as it lies, for who reviews (or, for what is only looked at, for who sees a list)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    one = comparison_for(request, comparison)
    round_ = operations.current_round(one)
    if round_ is None or (reviewing and not policies.reviews(actor, one)):
        raise Http404
    lying = Lying(actor, round_)
    if not lying.seen_lists:
        raise Http404
    return lying


@require_safe
@for_an_actor
def to_review(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """Who may be one child: those to look at, what is least clear first."""
    lying = lying_for(request, comparison)
    page = Paginator(lying.open_pairs, ROWS_ON_A_PAGE).get_page(request.GET.get("blad"))
    lying.noted(row for one in page.object_list for row in (one.left, one.right))
    context = {
        "comparison": lying.comparison,
        "round": lying.round,
        "rows": page.object_list,
        "is_unreadable": lying.is_unreadable,
        "hidden": lying.comparison.is_of_the_roll is False and lying.seen_lists != set(lying.parties),
        "done": request.GET.get(DONE, ""),
        **paged(page, lambda number: f"?blad={number}"),
    }
    return render(request, "reconciliation/pairs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
@with_scripts
def pair(request: HttpRequest, comparison: UUID, pair: str) -> HttpResponse:
    """Two records field by field: link, not the same, or not sure; then the next."""
    lying = lying_for(request, comparison)
    one = lying.pair(pair)
    if one is None:
        raise Http404
    proposed = {"because": Because.SHOWN, "as_seen": one.as_seen}
    if request.method != "POST":
        return _page(request, lying, one, PairForm(initial=proposed))
    form = PairForm(request.POST)
    if not form.is_valid():
        return _page(request, lying, one, form)
    said = form.cleaned_data
    following = _next(lying, one)
    try:
        say(
            lying.actor, lying.round, one, decision=said["decision"], because=said["because"],
            second=said["second"], as_seen=said["as_seen"],
        )  # fmt: skip
    except Refused as why:
        return _page(request, lying, one, PairForm(initial=proposed), refusal=why)
    if following is None:
        there = redirect("pairs", comparison=lying.comparison.pk)
    else:
        there = redirect("pair", comparison=lying.comparison.pk, pair=following.key)
    there["Location"] += f"?{DONE}={said['decision']}"
    return there


def _next(lying: Lying, one: PairSeen) -> PairSeen | None:
    """The pair after this one in the order; of one that is not in it nothing follows."""
    keys = [each.key for each in lying.open_pairs]
    if one.key not in keys:
        return None
    place = keys.index(one.key)
    others = [*lying.open_pairs[place + 1 :], *lying.open_pairs[:place]]
    return others[0] if others else None


def _page(
    request: HttpRequest, lying: Lying, one: PairSeen, form: PairForm, *, refusal: Refused | None = None
) -> HttpResponse:
    family = lying.family_of(one)
    lying.noted((one.left, one.right, *family))
    waits = None if one.stands is None else one.stands.waits
    keys = [each.key for each in lying.open_pairs]
    context = {
        "comparison": lying.comparison,
        "round": lying.round,
        "pair": one,
        "family": family,
        "form": form,
        "place": keys.index(one.key) + 1 if one.key in keys else 0,
        "number": len(keys),
        "waits": waits is not None,
        "can_be_seconded": policies.others_review(
            lying.actor, lying.comparison, {one.left.list, one.right.list}
        ),
        "asked_by_me": waits is not None and is_the_same_person(lying.actor, waits.said_by),
        "following": _next(lying, one),
        "refusal": "" if refusal is None else refusal.sentence,
        "done": request.GET.get(DONE, ""),
    }
    wrong = refusal is not None or (form.is_bound and not form.is_valid())
    return render(request, "reconciliation/pair.html", context, status=NOT_DONE if wrong else 200)


@require_safe
@for_an_actor
def linked(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """Who stands on more than one list; a link that is wrong is undone from here.

    Beside a register only what a person linked: of the others nobody has to know anything.
    """
    lying = lying_for(request, comparison, reviewing=False)
    by_people = lying.linked_by_people if lying.comparison.is_of_the_roll else []
    found = [] if lying.comparison.is_of_the_roll else [one for one in lying.children if len(one.on) > 1]
    page = Paginator(by_people or found, ROWS_ON_A_PAGE).get_page(request.GET.get("blad"))
    if by_people:
        lying.noted(row for one in page.object_list for row in (one.left, one.right))
    else:
        lying.noted(row for one in page.object_list for row in one.rows)
    context = {
        "comparison": lying.comparison,
        "round": lying.round,
        "rows": page.object_list,
        "by_people": bool(by_people),
        "reviews": policies.reviews(lying.actor, lying.comparison),
        **paged(page, lambda number: f"?blad={number}"),
    }
    return render(request, "reconciliation/linked.html", context)


@require_safe
@for_an_actor
def search(request: HttpRequest, comparison: UUID, child: str, party: str) -> HttpResponse:
    """Look on another list for a child it seems to lack."""
    lying = lying_for(request, comparison)
    one = lying.child(child)
    if one is None or party not in lying.seen_lists or any(row.list == party for row in one.rows):
        raise Http404
    words = request.GET.get("q", one.rows[0].cells.get("last_name", ""))[:LONGEST_SEARCH]
    own = one.rows[0]
    rows, more = found_on(lying, party, words)
    lying.noted((*one.rows, *rows))
    context = {
        "comparison": lying.comparison,
        "child": one,
        "party": lying.parties[party],
        "words": words,
        "found": [(row, lying.key_of((own.list, own.id), (row.list, row.id))) for row in rows],
        "more": more,
    }
    return render(request, "reconciliation/search.html", context)
