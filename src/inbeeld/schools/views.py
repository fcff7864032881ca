"""The page of a school, the agenda of its attendance team, and the monthly visit sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from inbeeld.access.actor import Actor, for_an_actor
from inbeeld.access.proving import prove_again
from inbeeld.access.sessions import same_role
from inbeeld.kernel.access import Action, Stage
from inbeeld.kernel.layers import Course
from inbeeld.learners.models import Judgement
from inbeeld.learners.paging import paged
from inbeeld.learners.seen import SeenChild
from inbeeld.learners.snapshot import current_judgement, region_of
from inbeeld.schools import agenda
from inbeeld.schools.arranged import ABOUT_HELP
from inbeeld.schools.paper import NotOnPaper, visit_on_paper
from inbeeld.schools.school import Placed, SchoolSeen, school_for, schools_for
from inbeeld.schools.visit import may_print, visit_sheet

#: So many names of who changed layer stand on the page itself.
NAMES = 12


@dataclass(frozen=True)
class Moved:
    """A child that changed layer, on the page of its school."""

    child: SeenChild
    before: int
    now: int


@dataclass(frozen=True)
class LayerSeen:
    """A layer of the pyramid with how many this actor sees; each number leads to a list of that many."""

    layer: int
    number: int
    new: int
    longer: int
    back: int

    @property
    def address(self) -> str:
        return f"laag-{self.layer}"


@require_safe
@for_an_actor
def schools(request: HttpRequest) -> HttpResponse:
    """The schools this actor can open; with one there is nothing to choose."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kinship is not None or not actor.has_a_list:
        raise Http404
    found = schools_for(actor)
    if len(found) == 1:
        return redirect("school", key=found[0].key)
    return render(request, "schools/schools.html", {"schools": found, "judgement": current_judgement()})


@require_safe
@for_an_actor
def school(request: HttpRequest, key: str) -> HttpResponse:
    """Presence first, the pyramid, who changed layer, and who has no measure."""
    seen, judgement = _at_school(request, key)
    found: dict[str, Any] = {
        "layers": [_layer(seen, layer) for layer, _number in seen.layers],
        "not_known": len(seen.in_layer(None)),
        "up": len(seen.up),
        "down": len(seen.down),
        "without": len(seen.without_measure),
        "asks": len(seen.in_layer(2)) + len(seen.in_layer(3)),
        "compared": judgement.compared_with if seen.is_compared else None,
        "alternating": len(seen.alternating),
        "names": NAMES,
    }
    listed = [*seen.up[:NAMES], *seen.down[:NAMES]]
    by_key = agenda.names_listed(seen.actor, [one.learner for one in listed])
    found["moved_up"] = _moved(seen.up[:NAMES], by_key)
    found["moved_down"] = _moved(seen.down[:NAMES], by_key)
    return _page(request, "schools/school.html", seen, judgement, here="school", **found)


def _layer(seen: SchoolSeen, layer: int) -> LayerSeen:
    numbers = (len(seen.in_layer(layer, course)) for course in (Course.NEW, Course.LONGER, Course.BACK))
    return LayerSeen(layer, len(seen.in_layer(layer)), *numbers)


def _moved(found: list[Placed], by_key: dict[int, SeenChild]) -> list[Moved]:
    return [
        Moved(by_key[one.learner], one.before, one.layer)
        for one in found
        if one.learner in by_key and one.before is not None and one.layer is not None
    ]


@require_safe
@for_an_actor
def school_list(request: HttpRequest, key: str, which: str) -> HttpResponse:
    """One list of the agenda: a layer, who went up or down, or who has no measure."""
    seen, judgement = _at_school(request, key)
    if which not in agenda.LISTS:
        raise Http404
    course = request.GET.get("groep", "")
    if course not in agenda.COURSES or not which.startswith("laag-") or not seen.is_compared:
        course = ""
    found = agenda.picked(seen, which, course)
    page = agenda.page_of(found, request.GET.get("page", "1"))
    return _page(
        request,
        "schools/school_list.html",
        seen,
        judgement,
        here="list",
        which=which,
        compared=judgement.compared_with if seen.is_compared else None,
        layer=int(which[-1]) if which.startswith("laag-") else None,
        course=course,
        number=len(found),
        rows=agenda.agenda_of(seen.actor, [one.learner for one in page.object_list]),
        courses=[
            (slug, len(agenda.picked(seen, which, slug)), _query(groep=slug)) for slug in agenda.COURSES
        ],
        all=len(agenda.LISTS[which](seen)),
        **paged(page, lambda number: _query(groep=course, page=number)),
    )


def _query(**parts: Any) -> str:
    return "?" + urlencode({name: value for name, value in parts.items() if value})


@require_safe
@for_an_actor
def visit(request: HttpRequest, key: str) -> HttpResponse:
    """The monthly visit sheet on screen."""
    return _sheet_on_screen(request, *_at_school(request, key))


def _sheet_on_screen(
    request: HttpRequest, seen: SchoolSeen, judgement: Judgement, *, not_on_paper: bool = False
) -> HttpResponse:
    return _page(
        request,
        "schools/visit.html",
        seen,
        judgement,
        here="visit",
        not_on_paper=not_on_paper,
        sheet=visit_sheet(seen, judgement),
        may_print=may_print(seen.actor),
        since=judgement.compared_with,
        alternating=len(seen.alternating),
    )


@require_POST
@for_an_actor
@same_role
def visit_print(request: HttpRequest, key: str) -> HttpResponse:
    """The same as a PDF, for a role that may take it out; each child on it is in the log as taken out."""
    seen, judgement = _at_school(request, key)
    if not may_print(seen.actor):
        raise Http404
    return _print(request, seen, judgement)


@prove_again(doing=gettext_lazy("take the children of a school out as a file"))
def _print(request: HttpRequest, seen: SchoolSeen, judgement: Judgement) -> HttpResponse:
    sheet = visit_sheet(seen, judgement, action=Action.EXPORT)
    try:
        paper = visit_on_paper(seen, sheet, judgement)
    except NotOnPaper:
        return _sheet_on_screen(request, seen, judgement, not_on_paper=True)
    response = HttpResponse(paper, content_type="application/pdf")
    # A name of the school and the day, and of nobody.
    name = f"bezoekblad-{seen.school.key}-{judgement.on}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _at_school(request: HttpRequest, key: str) -> tuple[SchoolSeen, Judgement]:
    """The school of an address; one with nothing this actor may see is simply not there: Http404."""
    seen, judgement = school_for(request.actor, key), current_judgement()  # type: ignore[attr-defined]
    if seen is None or judgement is None:
        raise Http404
    return seen, judgement


def _page(
    request: HttpRequest, template: str, seen: SchoolSeen, judgement: Judgement, **found: Any
) -> HttpResponse:
    context = {
        "school": seen.school,
        "presence": seen.presence,
        "judgement": judgement,
        "cuts": region_of(judgement).layer_cuts,
        "minimum_days": region_of(judgement).layer_minimum_days,
        "waits_for_four_weeks": not any(Stage.SIGNAL in row.stages for row in seen.actor.rows),
        "reads_agreements": any(row.cells[one] != "." for row in seen.actor.rows for one in ABOUT_HELP),
        **found,
    }
    return render(request, template, context)
