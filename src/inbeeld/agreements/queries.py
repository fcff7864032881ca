"""Agreements of many children: which are open, whose turn it is, and which are past their day.

Two queries give every agreement an actor may read and what was said of it; where each stands is worked out in
kernel.agreements; a page of them is then loaded whole. So each number equals the list it leads to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q

from inbeeld.access.actor import Actor
from inbeeld.access.lines import LISTED
from inbeeld.access.permit import permits_for
from inbeeld.access.row_security import asking_only_about
from inbeeld.agreements.doers import can_answer, reads_agreements
from inbeeld.agreements.models import Agreement, Step, course_among
from inbeeld.agreements.seen import SeenAgreement, of_children
from inbeeld.kernel import agreements
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.agreements import Course
from inbeeld.learners.at_child import names_of
from inbeeld.learners.models import Learner

ROWS_ON_A_PAGE = 50
#: On a Sunday, too, one sees what is due on Monday.
A_WEEK = timedelta(days=7)
MINE, OURS, EVERYTHING = "mine", "ours", "everything"
SCOPES = (MINE, OURS, EVERYTHING)
OPEN, LATE, WEEK, ASKED, REFUSED = "open", "late", "week", "asked", "refused"
MOVED, SETTLED = "moved", "settled"
SHOWN = (OPEN, LATE, WEEK, ASKED, REFUSED, MOVED, SETTLED)


class Row(NamedTuple):
    """What counts and orders one agreement. `member`, `organisation`, `role`: of who does it, at work."""

    id: UUID
    learner: int
    reference: UUID
    doer: str
    member: int | None
    organisation: int | None
    role: str
    course: Course


def courses(actor: Actor, where: Q = Q(), *, mine: bool = False) -> list[Row]:  # noqa: B008 - never changed
    """Every agreement this actor may read about the children of `where`, and where it stands.

    Two queries, one if there is none. `where`: as asked of a row that has a `learner`. `mine`: only those
    one does oneself.
    """
    if not reads_any(actor):
        return []
    rows = Agreement.objects.visible_to(actor).filter(where, struck_at__isnull=True)
    steps = Step.objects.visible_to(actor).filter(where)
    if mine:
        rows = rows.filter(doer_member=actor.membership)
        steps = steps.filter(agreement__doer_member=actor.membership)
    wanted = ("pk", "learner_id", "learner__reference", "doer", "doer_member_id",
              "doer_member__organisation_id", "doer_member__role", "written_by_id", "due_on")  # fmt: skip
    found = list(rows.values_list(*wanted))
    said: dict[UUID, list[tuple[str, date | None, int]]] = {}
    spoken = steps.values_list("agreement_id", "said", "to_on", "written_by_id") if found else ()
    for agreement, *step in spoken:
        said.setdefault(agreement, []).append(tuple(step))
    return [
        Row(
            key, learner, reference, doer, member, organisation, role,
            course_among(due_on, said.get(key, ()), doer_member=member, written_by=written_by),
        )
        for key, learner, reference, doer, member, organisation, role, written_by, due_on in found
    ]  # fmt: skip


def reads_any(actor: Actor) -> bool:
    """Could there be an agreement this role reads? Which, the rows say."""
    return any(row.cells[FieldClass.AGR] != "." for row in actor.rows)


def mine(actor: Actor, *shows: str) -> tuple[list[Row], ...]:
    """What one does oneself, by what the list shows of it; each as many as the list then has."""
    rows = courses(actor, mine=True)
    found = Agreements(actor, Choice())
    return tuple([row for row in rows if found.is_in(row, Choice(show=one))] for one in shows)


def open_by_child(actor: Actor, where: Q = Q()) -> dict[int, list[Row]]:  # noqa: B008 - as above
    """The open agreements this actor may read, by the key of the child, the first day first."""
    found: dict[int, list[Row]] = {}
    for row in sorted(courses(actor, where), key=lambda one: (one.course.due_on, one.id)):
        if row.course.is_open:
            found.setdefault(row.learner, []).append(row)
    return found


def is_held(row: Row, *, stage: int) -> bool:
    """Does anybody hold this agreement? Not where who does it refused it, or sees the child no more."""
    if row.course.accepted is False:
        return False
    return row.doer != agreements.Doer.MEMBER or reads_agreements(row.role, stage=stage)


def next_of(actor: Actor, children: Collection[UUID]) -> dict[UUID, Row]:
    """The open agreement with the first day of each of these children, as far as one may read them."""
    found = open_by_child(actor, Q(learner__reference__in=children))
    return {rows[0].reference: rows[0] for rows in found.values()}


@dataclass(frozen=True)
class Choice:
    """What the visitor asked of the list; every part comes from the address and is checked."""

    scope: str = MINE
    show: str = OPEN

    def address(self, *, page: int | None = None, **changes: str) -> str:
        """The address of the list with some parts changed."""
        chosen = replace(self, **changes) if changes else self
        parts = {
            "scope": chosen.scope if chosen.scope != MINE else "",
            "show": chosen.show if chosen.show != OPEN else "",
            "page": str(page) if page and page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class Agreements:
    """The agreements of one actor, and what they chose to see of them."""

    actor: Actor
    choice: Choice

    @cached_property
    def rows(self) -> list[Row]:
        return courses(self.actor)

    def chosen(self, **changes: str) -> list[Row]:
        """The rows of the choice with some parts changed."""
        choice = replace(self.choice, **changes)
        return [one for one in self.rows if self.is_in(one, choice)]

    def is_in(self, row: Row, choice: Choice) -> bool:
        """Does this row belong to a choice?"""
        return self._is_of(row, choice.scope) and self._is_shown(row, choice.show)

    def _is_of(self, row: Row, scope: str) -> bool:
        mine, here = self.actor.membership, self.actor.organisation
        if scope == MINE:
            return mine is not None and row.member == mine.pk
        return scope == EVERYTHING or (here is not None and row.organisation == here.pk)

    def _is_shown(self, row: Row, show: str) -> bool:
        course = row.course
        if show == SETTLED or not course.is_open:
            return show == SETTLED and not course.is_open
        match show:
            case "late":
                return course.is_late(self.actor.today)
            case "week":
                return course.due_on < self.actor.today + A_WEEK
            case "asked":
                return row.member is not None and course.accepted is None and can_answer(row.role)
            case "refused":
                return course.accepted is False
            case "moved":
                return course.times_moved > 0
        return True

    def page(self, number: str) -> Page[Row]:
        """One page of the choice: the first day first; of what was settled the last."""
        found = sorted(self.chosen(), key=lambda one: (one.course.due_on, one.id))
        if self.choice.show == SETTLED:
            found.reverse()
        return Paginator(found, ROWS_ON_A_PAGE).get_page(number)

    def seen(self, rows: Iterable[Row]) -> list[tuple[str, SeenAgreement]]:
        """The name of the child and the agreement of each row of a page, noted for the log."""
        wanted = list(rows)
        with asking_only_about({row.reference for row in wanted}):
            rows = Learner.objects.visible_to(self.actor).filter(pk__in={row.learner for row in wanted})
            found = list(rows.select_related("standing__school"))
            names = names_of(self.actor, found, action=LISTED)
            opened = of_children(
                permits_for(self.actor, found),
                Agreement.objects.visible_to(self.actor).filter(pk__in=[row.id for row in wanted]),
                Step.objects.visible_to(self.actor).filter(agreement__in=[row.id for row in wanted]),
                action=LISTED,
            )
        by_id = {one.id: one for one in opened}
        return [(names[row.reference], by_id[row.id]) for row in wanted if row.id in by_id]


def choice_of(asked: Mapping[str, str]) -> Choice:
    """Read the address; what is not one of the possible answers is left out."""
    scope, show = asked.get("scope", ""), asked.get("show", "")
    return Choice(scope if scope in SCOPES else MINE, show if show in SHOWN else OPEN)
