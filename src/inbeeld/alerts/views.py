"""Mijn werk, one signal, and the signals on the page of a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.permit import Permit
from inbeeld.access.refusal import Refused
from inbeeld.access.sessions import same_role
from inbeeld.agreements.queries import WEEK, Choice, mine
from inbeeld.alerts import queries
from inbeeld.alerts.forms import ParkForm
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.operations_parking import park, unpark
from inbeeld.alerts.seen import SeenAlert, holding, parkings_of, reasons_for, seen_alert
from inbeeld.alerts.wording import name_of_rule
from inbeeld.kernel.access import Action
from inbeeld.kernel.attention import Parked, attention_of, rules_for
from inbeeld.kernel.definition import Definition, Source
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.at_child import DONE, AtChild, at_child, from_above, page_at
from inbeeld.learners.child import ChildPage
from inbeeld.learners.paging import paged
from inbeeld.learners.snapshot import counted_from, current_judgement

#: Where somebody came from, and goes back to: their list, or the page of the child.
FROM, THE_LIST = "van", "werk"
#: Of the agreements, those one has to think of today.
AGREED = Choice(show=WEEK)
_OUTCOMES = {"y": Outcome.YES, "n": Outcome.NO, "u": Outcome.UNKNOWN}


@require_safe
@for_an_actor
def work(request: HttpRequest) -> HttpResponse:
    """What asks something of this role, the most pressing first. Who has no list goes to their own page."""
    actor, judgement = request.actor, current_judgement()  # type: ignore[attr-defined]
    if actor.kinship is not None or judgement is None or not actor.has_a_list:
        return redirect("in_beeld")
    found = queries.Work(actor, judgement, queries.choice_of(request.GET, actor=actor))
    choice, page = found.choice, found.page(request.GET.get("page", "1"))
    by_rule, by_school = found.by_rule(), found.by_school()
    context = {
        "judgement": judgement,
        "choice": choice,
        "asks_nothing": not rules_for(actor.role),
        "scopes": [
            (one, len(found.chosen(scope=one)), choice.address(scope=one))
            for one in (found.scopes if len(found.scopes) > 1 else ())
        ],
        "shown": [(one, len(found.chosen(show=one)), choice.address(show=one)) for one in queries.SHOWN],
        "rules": [
            (one.key, name_of_rule(one.key), by_rule[one.key], choice.address(rule=one.key))
            for one in rules_for(actor.role)
            if by_rule[one.key] or one.key == choice.rule
        ],
        "all_rules": (sum(by_rule.values()), choice.address(rule="")),
        "schools": [
            (one.key, one.name, by_school[one.key], choice.address(school=one.key))
            for one in found.organisations
            if by_school[one.key] or one.key == choice.school
        ],
        "all_schools": (sum(by_school.values()), choice.address(school="")),
        **paged(page, lambda number: choice.address(page=number)),
        "rows": found.seen(page.object_list, done=partial(from_above, "reported_on_signals", request)),
        "elsewhere": _elsewhere(found),
        "everything": choice.address(rule="", school=""),
        "waiting": actor.waits,
        "agreements": len(mine(actor, WEEK)[0]),
        "to_agreements": reverse("agreements") + AGREED.address(),
        "done": request.GET.get(DONE, ""),
        "from_here": f"?{FROM}={THE_LIST}",
    }
    return render(request, "alerts/work.html", context)


def _elsewhere(found: queries.Work) -> tuple[int, str] | None:
    """When nothing is asked here: how much there is for the whole organisation, and where."""
    if queries.TEAM not in found.scopes or found.choice.scope != queries.MINE:
        return None
    number = len(found.chosen(scope=queries.TEAM, show=queries.TODO, rule="", school=""))
    return (number, queries.Choice(scope=queries.TEAM).address()) if number else None


@dataclass(frozen=True)
class AnsweredClause:
    """A clause as it was answered at the last judgement that confirmed the signal."""

    words: str
    outcome: Outcome


@dataclass(frozen=True)
class EarlierSpell:
    """A time before this one: from when until when the rule asked, and which clauses took it away."""

    opened_on: date
    closed_on: date | None
    because: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@for_an_actor
@same_role
def alert(request: HttpRequest, reference: UUID, alert: UUID) -> HttpResponse:
    """One signal: why it is there and what takes it away; and, for who may, off the list until a day."""
    at = at_child(request, reference)
    one = _alert_of(at, alert)
    reasons = reasons_for(at.permit, one)
    form = ParkForm(request.POST or None, reasons=reasons, today=at.actor.today)
    refusal = None
    if request.method == "POST":
        try:
            if not reasons:  # then no answer is right: the operation says why
                park(at.permit, one, child=at.learner, because=Parked.PLAN, until_on=at.actor.today)
            if form.is_valid():
                because, until_on = Parked(form.cleaned_data["because"]), form.cleaned_data["on"]
                park(at.permit, one, child=at.learner, because=because, until_on=until_on)
                return _back(request, at, "geparkeerd")
        except Refused as why:
            refusal = why
    return _page_of(request, at, one, form, refusal=refusal)


def _page_of(
    request: HttpRequest, at: AtChild, one: Alert, form: ParkForm, *, refusal: Refused | None
) -> HttpResponse:
    context = {"alert": _seen(request, at, one), "form": form, **_explained(at.actor, one), **_place(request)}
    context["report"] = from_above("report_of_a_signal", request, at, one)
    return page_at(request, at, "alerts/alert.html", context, refusal=refusal)


@require_POST
@for_an_actor
@same_role
def alert_back(request: HttpRequest, reference: UUID, alert: UUID) -> HttpResponse:
    """Put a signal back on the list before its day."""
    at = at_child(request, reference)
    one = _alert_of(at, alert)
    held = _held(at, one)
    try:
        if held is not None:
            unpark(at.permit, held, child=at.learner)
    except Refused as why:
        form = ParkForm(reasons=reasons_for(at.permit, one), today=at.actor.today)
        return _page_of(request, at, one, form, refusal=why)
    return _back(request, at, "terug-op-de-lijst")


def _alert_of(at: AtChild, wanted: UUID) -> Alert:
    """A signal of this child that the actor may read; any other is not there: Http404."""
    one = Alert.objects.visible_to(at.actor).filter(learner=at.learner, pk=wanted).first()
    if one is None or attention_of(one.rule) is None:
        raise Http404
    return one


def _held(at: AtChild, one: Alert) -> Parking | None:
    return holding(parkings_of(at.actor, about=at.permit), one, actor=at.actor)


def _seen(request: HttpRequest, at: AtChild, one: Alert) -> SeenAlert:
    done = _done_about(request, [(at.permit, one)])
    on = counted_from(at.learner.standing.judged_on, today=at.actor.today)  # type: ignore[attr-defined]
    seen = seen_alert(at.permit, one, _held(at, one), on=on, done=done.get(one.pk, ""))
    if seen is None:
        raise Http404
    return seen


def _done_about(request: HttpRequest, signals: list[tuple[Permit, Alert]]) -> Mapping[UUID, str]:
    done: Mapping[UUID, str] = from_above("reported_on_signals", request, signals, Action.READ.value)
    return done


def _explained(actor: Actor, one: Alert) -> dict[str, Any]:
    """The rule behind a signal: its clauses as answered, its sources, what takes it away, earlier times."""
    rule = attention_of(one.rule)
    assert rule is not None
    words = rule.words()
    earlier = Alert.objects.visible_to(actor).filter(
        learner=one.learner_id, rule=one.rule, spell__lt=one.spell
    )
    definition: Definition = rule.definition
    source: Source = rule.source
    return {
        "definition": definition,
        "source": source,
        "clauses": [
            AnsweredClause(said, _OUTCOMES[letter]) for said, letter in zip(words, one.outcomes, strict=False)
        ],
        "closed_because": _no(words, one.closed_by),
        "confirmed_on": one.confirmed_on,
        "earlier": [
            EarlierSpell(before.opened_on, before.closed_on, _no(words, before.closed_by))
            for before in earlier.order_by("-spell")
        ],
    }


def _no(words: tuple[str, ...], numbers: str) -> tuple[str, ...]:
    """The clauses that said no, by their numbers."""
    return tuple(words[int(one)] for one in numbers.split(",") if one and int(one) < len(words))


def _place(request: HttpRequest) -> dict[str, Any]:
    """Where the visitor came from, to go back to."""
    came = request.POST.get(FROM) or request.GET.get(FROM) or ""
    return {"came_from_the_list": came == THE_LIST, "the_list": THE_LIST, "from": FROM}


def _back(request: HttpRequest, at: AtChild, done: str) -> HttpResponse:
    if _place(request)["came_from_the_list"]:
        return redirect(f"{reverse('work')}?{DONE}={done}")
    return redirect(f"{reverse('child', args=[at.reference])}?{DONE}={done}#signalen")


def on_the_page_of_a_child(request: HttpRequest, page: ChildPage) -> SafeString:
    """The open signals of a child, with the words they have in Mijn werk: a part of its page."""
    actor, permit = page.seen.permit.actor, page.seen.permit
    found = queries.open_alerts_of(permit)
    on = counted_from(page.standing.judged_on, today=actor.today)
    parkings = parkings_of(actor, about=permit) if found else {}
    done = _done_about(request, [(permit, one) for one in found])
    seen = []
    for one in found:
        held = holding(parkings, one, actor=actor)
        if (said := seen_alert(permit, one, held, on=on, done=done.get(one.pk, ""))) is not None:
            seen.append(said)
    context = {"alerts": sorted(seen, key=lambda one: one.is_off_the_list), "child": page.seen.reference}
    return render_to_string("alerts/section.html", context, request=request)
