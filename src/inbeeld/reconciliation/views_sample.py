"""Looking at a sample of a round again: one thing at a time, without what was made of it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inbeeld.access.actor import for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.engine.linkage.decisions import NOT_SAME, SAME
from inbeeld.reconciliation.models import Because
from inbeeld.reconciliation.operations_pairs import check, look_for, say
from inbeeld.reconciliation.sampled import Sampled, ToLook
from inbeeld.reconciliation.searching import found_on
from inbeeld.reconciliation.views import DONE, NOT_DONE
from inbeeld.reconciliation.views_pairs import LONGEST_SEARCH, lying_for

ONE_CHILD, TWO_CHILDREN, NOT_THERE = "een-kind", "twee-kinderen", "staat-er-niet"


@require_safe
@for_an_actor
def sample(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """How far the sample is looked at, and the way to the next thing in it."""
    sampled = _sampled(request, comparison)
    following = sampled.to_do[0] if sampled.to_do and sampled.all[0] < sampled.all[1] else None
    context = {
        "comparison": sampled.lying.comparison,
        "looked": sampled.all[0],
        "number": sampled.all[1],
        "following": following,
        "done": request.GET.get(DONE, ""),
    }
    return render(request, "reconciliation/sample.html", context)


def _sampled(request: HttpRequest, comparison: UUID) -> Sampled:
    lying = lying_for(request, comparison)
    if lying.comparison.is_of_the_roll:
        raise Http404
    return Sampled(lying)


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def look(request: HttpRequest, comparison: UUID, item: str) -> HttpResponse:
    """Two records, or one to look for on another list: what it is, and then the next."""
    sampled = _sampled(request, comparison)
    one = sampled.one(item)
    if one is None:
        raise Http404
    if request.method != "POST":
        return _page(request, sampled, one)
    try:
        _answer(request, sampled, one)
    except Refused as why:
        return _page(request, sampled, one, refusal=why)
    others = [each for each in sampled.to_do if each.key != item]
    is_over = sampled.all[0] + (one.pair is None or one.is_link) >= sampled.all[1]
    there = (
        redirect("sample", comparison=comparison)
        if is_over or not others
        else redirect("sample_look", comparison=comparison, item=others[0].key)
    )
    there["Location"] += f"?{DONE}=gekeken"
    return there


def _answer(request: HttpRequest, sampled: Sampled, one: ToLook) -> None:
    lying, answer = sampled.lying, request.POST.get("antwoord", "")
    if one.pair is not None:
        if answer not in (ONE_CHILD, TWO_CHILDREN):
            raise Refused(_("Choose one of the answers given."))
        found = answer == ONE_CHILD
        if one.is_link:
            check(lying.actor, lying.round, one.pair, found=found)
            return
        say(
            lying.actor, lying.round, one.pair, decision=SAME if found else NOT_SAME, because=Because.SHOWN,
            as_seen=request.POST.get("as_seen", ""),
        )  # fmt: skip
        return
    assert one.row is not None and one.party is not None
    pair = None if answer == NOT_THERE else lying.pair(answer)
    if answer != NOT_THERE and (pair is None or one.row.mark not in (pair.left.mark, pair.right.mark)):
        raise Refused(_("Choose one of the answers given."))
    look_for(lying.actor, lying.round, one.row, on=one.party, pair=pair)


def _page(
    request: HttpRequest, sampled: Sampled, one: ToLook, *, refusal: Refused | None = None
) -> HttpResponse:
    lying = sampled.lying
    context = {
        "comparison": lying.comparison,
        "one": one,
        "looked": sampled.all[0],
        "number": sampled.all[1],
        "refusal": "" if refusal is None else refusal.sentence,
        "done": request.GET.get(DONE, ""),
    }
    if one.pair is not None:
        family = lying.family_of(one.pair)
        lying.noted((one.pair.left, one.pair.right, *family))
        context |= {"pair": one.pair, "family": family}
    else:
        assert one.row is not None and one.party is not None
        words = request.GET.get("q", one.row.cells.get("last_name", ""))[:LONGEST_SEARCH]
        own = (one.row.list, one.row.id)
        context["words"] = words
        rows, context["more"] = found_on(lying, one.party.name, words)
        lying.noted((one.row, *rows))
        context["found"] = [(row, lying.key_of(own, (row.list, row.id))) for row in rows]
    status = 200 if refusal is None else NOT_DONE
    return render(request, "reconciliation/sample_look.html", context, status=status)
