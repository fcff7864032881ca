"""The agenda of the attendance team: lists of children, each with what it is about and what is arranged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator

from inbeeld.access.actor import Actor
from inbeeld.access.lines import LISTED
from inbeeld.access.permit import Permit
from inbeeld.access.row_security import asking_only_about
from inbeeld.kernel.access import Action, Author, FieldClass, class_of_a_reason
from inbeeld.kernel.layers import Course, course_of
from inbeeld.learners.models import Learner, Verdict
from inbeeld.learners.reasons import ABOUT_SICKNESS
from inbeeld.learners.seen import SeenChild, SeenStanding, see
from inbeeld.schools.arranged import Arranged, arranged_for
from inbeeld.schools.school import Placed, SchoolSeen

ROWS_ON_A_PAGE = 50
REPORT_DUTY = "report-duty"
#: The addresses of the lists, in Dutch as all addresses, with how each is picked.
LISTS: dict[str, Callable[[SchoolSeen], list[Placed]]] = {
    "laag-3": lambda seen: seen.in_layer(3),
    "laag-2": lambda seen: seen.in_layer(2),
    "laag-1": lambda seen: seen.in_layer(1),
    "laag-0": lambda seen: seen.in_layer(0),
    "niet-bekend": lambda seen: seen.in_layer(None),
    "omhoog": lambda seen: seen.up,
    "omlaag": lambda seen: seen.down,
    "wisselend": lambda seen: seen.alternating,
    "zonder-aanpak": lambda seen: seen.without_measure,
}
COURSES = {"nieuw": Course.NEW, "langer": Course.LONGER, "terug": Course.BACK}


@dataclass(frozen=True)
class About:
    """What a child stands on an agenda for: only what was judged, and what the actor may read.

    `report_duty`: "yes", "unknown" or "". `sick`: a signal of sickness of the last twelve school weeks.
    """

    report_duty: str
    sick: bool


@dataclass(frozen=True)
class AgendaRow:
    """One child on an agenda."""

    child: SeenChild
    standing: SeenStanding
    about: About
    arranged: Arranged

    @property
    def course(self) -> Course | None:
        return course_of(self.standing.layer_before, self.standing.layer)


def picked(seen: SchoolSeen, which: str, course: str) -> list[Placed]:
    """The learners of a list; those of a layer by how they came into it: new, longer, going back."""
    found = LISTS[which](seen)
    if course in COURSES:
        return [one for one in found if one.course is COURSES[course]]
    if not which.startswith("laag-"):
        return found
    order = list(Course)
    return sorted(found, key=lambda one: order.index(one.course) if one.course else len(order))


def page_of(found: list[Placed], number: str) -> Page[Placed]:
    """One page of a list."""
    return Paginator(found, ROWS_ON_A_PAGE).get_page(number)


def agenda_of(actor: Actor, learners: Iterable[int], *, action: Action = Action.READ) -> list[AgendaRow]:
    """The rows of these learners, in this order; each is noted for the log as listed, or as exported.

    Under EXPORT only children, and of these only facts, that may leave. As many queries for one as for many.
    """
    wanted = list(learners)
    found = Learner.objects.visible_to(actor).filter(pk__in=wanted)
    by_key = {one.pk: one for one in found.select_related("standing", "standing__school")}
    children = [by_key[one] for one in wanted if one in by_key]
    with asking_only_about(one.reference for one in children):
        return _rows(actor, children, action)


def _rows(actor: Actor, children: list[Learner], action: Action) -> list[AgendaRow]:
    seen = see(actor, children, action=LISTED if action is Action.READ else action.value)
    here = [one for one in children if one.reference in seen and seen[one.reference].standing is not None]
    permits = {one.reference: seen[one.reference].permit for one in here}
    about = _about(actor, here, permits, action)
    arranged = arranged_for(actor, here, permits, action=action)
    rows = []
    for one in here:
        child = seen[one.reference]
        assert child.standing is not None
        rows.append(AgendaRow(child, child.standing, about[one.pk], arranged[one.reference]))
    return rows


def names_listed(actor: Actor, learners: Iterable[int]) -> dict[int, SeenChild]:
    """The children of a short list by key, noted for the log as listed."""
    found = Learner.objects.visible_to(actor).filter(pk__in=list(learners))
    children = list(found.select_related("standing", "standing__school"))
    seen = see(actor, children, action=LISTED)
    return {one.pk: seen[one.reference] for one in children if one.reference in seen}


def _about(
    actor: Actor, children: list[Learner], permits: Mapping[UUID, Permit], action: Action
) -> dict[int, About]:
    verdicts = _verdicts(actor, children)
    found = {}
    for one in children:
        permit, of_child = permits[one.reference], verdicts.get(one.pk, {})
        duty = of_child.get(REPORT_DUTY)
        found[one.pk] = About(
            report_duty=duty.outcome if duty is not None else "",
            sick=any(_knows(permit, of_child.get(subject), action) for subject in ABOUT_SICKNESS),
        )
    return found


def _verdicts(actor: Actor, children: list[Learner]) -> dict[int, dict[str, Verdict]]:
    """By learner and subject: only those that say something here."""
    rows = Verdict.objects.visible_to(actor).filter(standing__learner__in=children)
    found: dict[int, dict[str, Verdict]] = {}
    for one in rows.select_related("standing"):
        found.setdefault(one.standing.learner_id, {})[one.definition.split("@")[0]] = one
    return found


def _knows(permit: Permit, verdict: Verdict | None, action: Action) -> bool:
    """Is there a signal of sickness, and may the actor know it (and take it along)? Yes is noted."""
    if verdict is None:
        return False
    if verdict.field_class == FieldClass.MED.value:
        ours = None if permit.actor.organisation is None else permit.actor.organisation.pk
        author = Author.MY_ORGANISATION if verdict.delivered_by_id == ours else Author.OTHERS
        field_class = class_of_a_reason(author)
    else:
        author, field_class = Author.OTHERS, FieldClass.ATT
    decision = permit.may(field_class, action, author=author)
    if decision:
        permit.actor.ledger.note(permit, decision, field_class, action=action.value)
    return bool(decision)
