"""Lists side by side: which there are, how a round stands, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.deliveries import operations as deliveries
from inbeeld.deliveries.sentences import of_bad_input
from inbeeld.kernel.rounds import is_season_of_changing_schools, next_round_on
from inbeeld.reconciliation import operations, policies
from inbeeld.reconciliation.coverage_words import coverage_said
from inbeeld.reconciliation.example import example_list, has_example
from inbeeld.reconciliation.forms import ListForm
from inbeeld.reconciliation.lying import Lying
from inbeeld.reconciliation.models import UNDER_WAY, Comparison, Handed, ListState, Round, RoundState
from inbeeld.reconciliation.overlap import bars_of
from inbeeld.reconciliation.sampled import Sampled
from inbeeld.reconciliation.waiting import comparisons_of
from inbeeld.reconciliation.wording import warnings_in_words

NOT_DONE = 409
DONE = "gedaan"
ROOM_FOR_A_FORM = 100_000
ROUNDS_SHOWN = 12


@require_safe
@for_an_actor
def comparisons(request: HttpRequest) -> HttpResponse:
    """The comparisons in which one takes part; one that is alone is shown at once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = comparisons_of(actor)
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("comparison", comparison=found[0].pk)
    rows = [(one, next(iter(one.rounds.all()), None)) for one in found]
    return render(request, "reconciliation/comparisons.html", {"comparisons": rows})


def comparison_for(request: HttpRequest, comparison: UUID) -> Comparison:
    """A comparison in which one takes part; another is simply not there: Http404."""
    rows = Comparison.objects.select_related("led_by").filter(pk=comparison, ended_at__isnull=True)
    found = rows.first()
    if found is None or not policies.takes_part(request.actor, found):  # type: ignore[attr-defined]
        raise Http404
    return found


@require_safe
@for_an_actor
def comparison(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """How the round stands: who handed in, and what the last round came to."""
    return page_of(request, comparison_for(request, comparison))


def page_of(
    request: HttpRequest,
    one: Comparison,
    *,
    refusal: Refused | None = None,
    forms: dict[UUID, ListForm] | None = None,
) -> HttpResponse:
    """The page of a comparison."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rounds = list(one.rounds.all()[:ROUNDS_SHOWN])
    under_way = rounds[0] if rounds and rounds[0].state in (*UNDER_WAY, RoundState.FAILED) else None
    last = operations.current_round(one)
    context = {
        "comparison": one,
        "under_way": under_way,
        "has_example": has_example(one),
        "wrong": of_bad_input(under_way.wrong) if under_way and under_way.wrong else "",
        "lists": [] if under_way is None else _lists(actor, under_way, forms or {}),
        "leads": policies.leads(actor, one),
        "may_begin": policies.leads(actor, one) and not (under_way and under_way.state in UNDER_WAY),
        "next_on": next_round_on(last_on=rounds[0].on, every_days=one.every_days) if rounds else None,
        "earlier": [each for each in rounds if each.state == RoundState.ENDED],
        "round": last,
        "refusal": "" if refusal is None else refusal.sentence,
        "done": request.GET.get(DONE, ""),
        "today": actor.today,
        **({} if last is None else _outcome(actor, last)),
    }
    status = 200 if refusal is None and not forms else NOT_DONE
    return render(request, "reconciliation/comparison.html", context, status=status)


def _lists(actor: Actor, round_: Round, forms: dict[UUID, ListForm]) -> list[dict[str, Any]]:
    """The lists of a round: about the lists, and nothing of who is on them."""
    leads = policies.leads(actor, round_.comparison)
    rows = round_.lists.select_related("party__organisation", "party__comparison", "received_by__person")
    waits = round_.state == RoundState.ASKED
    found = []
    for one in rows:
        mine = policies.hands_in(actor, one.party)
        may_hand_in = (
            mine and waits and one.state in (ListState.ASKED, ListState.UNUSABLE, ListState.LEFT_OUT)
        )
        found.append({
            "id": one.pk, "party": one.party, "state": one.state, "state_word": one.get_state_display(),
            "rows": one.rows, "unsure": one.unsure if mine else [], "received_at": one.received_at,
            "by": one.received_by.person.get_full_name() if one.received_by and mine else "",
            "wrong": of_bad_input(one.wrong) if mine and one.wrong else "",
            "reminders": one.reminders, "reminded_on": one.reminded_on, "mine": mine,
            "form": (forms.get(one.pk) or ListForm(prefix=str(one.pk))) if may_hand_in else None,
            "may_take_back": mine and waits and one.state in (ListState.FROZEN, ListState.RECEIVED),
            "may_leave_out": leads and waits and one.state in (ListState.ASKED, ListState.UNUSABLE)
            and not (mine and one.state == ListState.UNUSABLE),
        })  # fmt: skip
    return found


def _outcome(actor: Actor, round_: Round) -> dict[str, Any]:
    """What a round came to, in numbers: each leads to its list where one may see it."""
    lying = Lying(actor, round_)
    reads = bool(lying.seen_lists)
    titles = {name: party.title for name, party in lying.parties.items()}
    children = lying.children if reads else []
    if reads:
        lying.noted()
    open_on = {
        name: sum(one.list == name and one.is_open for child in children for one in child.missing)
        for name in titles
    }
    reviews = policies.reviews(actor, round_.comparison)
    return {
        "bars": bars_of(round_.counts.get("by_lists", []), titles),
        "titles": titles,
        "both": sum(len(one.on) > 1 for one in children),
        "unseen": lying.unseen(),
        "missing": [(name, title, open_on[name]) for name, title in titles.items()] if reads else [],
        "is_unreadable": lying.is_unreadable,
        "pairs": len(lying.open_pairs) if reviews else None,
        "sample": _left_of_the_sample(lying) if reviews else 0,
        "coverage": coverage_said(round_.coverage),
        "warnings": warnings_in_words(round_.counts.get("warnings", []), titles),
        "season": round_.comparison.is_of_the_roll and is_season_of_changing_schools(round_.on),
        "left_out": list(
            round_.lists.filter(state=ListState.LEFT_OUT).values_list("party__title", flat=True)
        ),
    }


def _left_of_the_sample(lying: Lying) -> int:
    looked, number = Sampled(lying).all
    return number - looked


@require_POST
@for_an_actor
@same_role
def begin(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """Ask every party for its list."""
    one = comparison_for(request, comparison)
    try:
        operations.begin_round(request.actor, one)  # type: ignore[attr-defined]
    except Refused as why:
        return page_of(request, one, refusal=why)
    return back(one, "begonnen")


@require_POST
@for_an_actor
@same_role
@sensitive_post_parameters()
def hand_in(request: HttpRequest, comparison: UUID, handed: UUID) -> HttpResponse:
    """Take in the list of one's own organisation."""
    one, list_ = _list(request, comparison, handed)
    if int(request.META.get("CONTENT_LENGTH") or 0) > deliveries.LARGEST_FILE + ROOM_FOR_A_FORM:
        return page_of(request, one, refusal=Refused(deliveries.too_large()))
    form = ListForm(request.POST, request.FILES, prefix=str(list_.pk))
    if not form.is_valid():
        return page_of(request, one, forms={list_.pk: form})
    try:
        operations.hand_in(request.actor, list_, form.cleaned_data["file"].read())  # type: ignore[attr-defined]
    except Refused as why:
        return page_of(request, one, refusal=why)
    return back(one, "ingeleverd")


@require_POST
@for_an_actor
@same_role
def change_list(request: HttpRequest, comparison: UUID, handed: UUID, deed: str) -> HttpResponse:
    """Take one's list back, or go on without one that does not come."""
    one, list_ = _list(request, comparison, handed)
    act = DEEDS.get(deed)
    if act is None:
        raise Http404
    try:
        act(request.actor, list_)  # type: ignore[attr-defined]
    except Refused as why:
        return page_of(request, one, refusal=why)
    return back(one, deed)


DEEDS: dict[str, Callable[[Actor, Handed], None]] = {
    "teruggenomen": operations.take_back,
    "weggelaten": operations.leave_out,
}


def _list(request: HttpRequest, comparison: UUID, handed: UUID) -> tuple[Comparison, Handed]:
    one = comparison_for(request, comparison)
    found = Handed.objects.filter(pk=handed, round__comparison=one).first()
    if found is None:
        raise Http404
    return one, operations.fresh(found)


def back(one: Comparison, done: str) -> HttpResponse:
    """To the page of a comparison, where it says what was done."""
    there = redirect("comparison", comparison=one.pk)
    there["Location"] += f"?{DONE}={done}"
    return there


@require_safe
@for_an_actor
def example(request: HttpRequest, comparison: UUID, party: str) -> HttpResponse:
    """In a trial: a list to hand in, of invented children."""
    one = comparison_for(request, comparison)
    if not has_example(one) or not one.parties.filter(name=party, ended_at__isnull=True).exists():
        raise Http404
    content = example_list(one, party)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{party}.csv"'
    return answer
