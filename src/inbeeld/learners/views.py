"""The list In beeld and the page of a child."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.row_security import asking_only_about
from inbeeld.kernel.access import Stage
from inbeeld.learners import insight, queries
from inbeeld.learners.at_child import DONE, Head, from_above, own_emergency
from inbeeld.learners.child import child_page, learner_for
from inbeeld.learners.consent_page import to_sign
from inbeeld.learners.paging import paged
from inbeeld.learners.snapshot import current_judgement
from inbeeld.learners.stories import stories_for
from inbeeld.learners.views_file import sections_of
from inbeeld.organisations.models import Sector

#: How an address says which school year is drawn: the year in which it begins.
YEAR = "jaar"
_A_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


@require_safe
@for_an_actor
def in_beeld(request: HttpRequest) -> HttpResponse:
    """Every child this actor may see, longest away first, under the definition of choice."""
    actor, judgement = request.actor, current_judgement()  # type: ignore[attr-defined]
    if actor.kinship is not None:
        return _own_page(request, actor)
    if judgement is None or not actor.has_a_list:
        return render(request, "learners/nobody.html", {"judgement": judgement})
    definitions = queries.definitions_for(actor, judgement)
    choice = queries.choice_of(request.GET, definitions=definitions, actor=actor)
    in_sight = queries.InSight(actor, judgement, choice)
    page = in_sight.page(request.GET.get("page", "1"))
    with asking_only_about(row.learner.reference for row in page.object_list):
        rows = _with_more(request, queries.seen_rows(actor, page))
    schools, municipalities = queries.places_of(actor)
    sectors = {school.sector for school in schools}
    return render(
        request,
        "learners/in_beeld.html",
        {
            "judgement": judgement,
            "definitions": definitions,
            "choice": choice,
            "counts": in_sight.counts,
            **paged(page, lambda number: choice.address(page=number)),
            "rows": rows,
            "insight": insight.of_the_list(in_sight.counts, under_a_definition=choice.definition is not None),
            "sectors": [(value, label) for value, label in Sector.choices if value in sectors],
            "municipalities": municipalities,
            "schools": schools,
            "answers": _links(choice, "outcome", ("", *queries.OUTCOMES)),
            "phases": _links(choice, "phase", ("", *queries.PHASES)),
            "by_phase": [
                (phase, count, choice.address(phase=phase))
                for phase, count in in_sight.counts.phases.items()
                if count or phase != "0"
            ],
            "courses": _links(choice, "course", ("", *queries.COURSES)),
            "returned": in_sight.returned,
            "everything": queries.Choice(choice.definition).address(),
            "stories": stories_for(actor, judgement),
            "waiting": actor.waits,
            "waits_for_four_weeks": not any(Stage.SIGNAL in row.stages for row in actor.rows),
        },
    )


def _with_more(request: HttpRequest, rows: list[queries.SeenRow]) -> list[queries.SeenRow]:
    """The rows, each with what rooms above know: causes, the last contact, the next agreement."""
    children = [row.child for row in rows]
    above = ("cause", "contact", "agreement")
    pieces = {name: from_above(f"{name}s_of_a_list", request, children) for name in above}
    return [
        replace(row, **{name: piece[row.child.reference] for name, piece in pieces.items()}) for row in rows
    ]


def _own_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Kin have no list: they go to the page of their child, or read that there is nothing about it here."""
    assert actor.kinship is not None
    reference = actor.kinship.child.reference
    if learner_for(actor, reference) is None:
        return render(request, "learners/nobody.html", {"judgement": None, "is_kin": True})
    return redirect("child", reference=reference)


def _links(choice: queries.Choice, part: str, values: tuple[str, ...]) -> dict[str, str]:
    return {value or "all": choice.address(**{part: value}) for value in values}


@require_safe
@for_an_actor
def child(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The page of one child; a foreign or unknown child is simply not there."""
    judgement = current_judgement()
    year = request.GET.get(YEAR, "")
    page = judgement and child_page(
        request.actor,  # type: ignore[attr-defined]
        reference,
        judgement=judgement,
        year=int(year) if _A_YEAR.fullmatch(year) else None,
    )
    if not page:
        raise Http404
    context = {
        "child": page,
        "head": Head(reference, page.seen.name, own_emergency(page.seen.permit)),
        "sections": sections_of(page),
        "done": request.GET.get(DONE, ""),
        "to_sign": _to_sign(request.actor),  # type: ignore[attr-defined]
        "judgement": judgement,
        "signals": from_above("signals_of_a_child", request, page),
        "causes": from_above("causes_of_a_child", request, page),
        "agreements": from_above("agreements_of_a_child", request, page),
        "contact_log": from_above("contacts_of_a_child", request, page),
        "reports": from_above("reports_of_a_child", request, page),
        "back": _back_to_the_list(request),
        "insight": insight.of_the_child(
            page.seen.name,
            page.standing,
            page.thuiszitter_outcomes,
            for_kin=request.actor.kinship is not None,  # type: ignore[attr-defined]
        ),
    }
    return render(request, "learners/child.html", context)


def _to_sign(actor: Actor) -> int:
    return 0 if actor.kinship is None else to_sign(actor, actor.kinship.child)


def _back_to_the_list(request: HttpRequest) -> str:
    """The list with the filters the visitor came from, when the browser says so."""
    here = reverse("in_beeld")
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return here
    if came_from.netloc == request.get_host() and came_from.path == here and came_from.query:
        return f"{here}?{came_from.query}"
    return here
