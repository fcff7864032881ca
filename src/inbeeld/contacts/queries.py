"""Uit beeld: the children around whom something is missing, counted and listed from the same rows.

A few queries give what decides about every row an actor may see; kernel.contact says what is missing; a page
of them is then loaded whole. So each number equals the list it leads to, and the number of queries stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q

from inbeeld.access.actor import Actor
from inbeeld.access.permit import Permit
from inbeeld.access.row_security import asking_only_about
from inbeeld.access.scope import children_opened
from inbeeld.agreements.queries import is_held, open_by_child
from inbeeld.contacts.seen import last_of, spoken_on
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.contact import SILENCES, Gap, Sight, gaps, silent_for
from inbeeld.learners.access_page import SeenDirection
from inbeeld.learners.directing import directions_of
from inbeeld.learners.models import Judgement, Learner, Standing
from inbeeld.learners.seen import SeenChild, see
from inbeeld.learners.snapshot import counted_from
from inbeeld.learners.standing import AT_HOME, OUT_OF_SIGHT

ROWS_ON_A_PAGE = 50
_OF_A_STANDING = ("stage", "enrolled", "exempt", "counts_from", "learner__case_stage")
MIDDLE = SILENCES[1]


@dataclass(frozen=True)
class Choice:
    """What the visitor asked of the list; every part comes from the address and is checked."""

    gap: Gap | None = None
    silence: int = MIDDLE

    def address(self, *, page: int | None = None, **changes: Gap | int | None) -> str:
        """The address of the list with some parts changed."""
        chosen = replace(self, **changes) if changes else self  # type: ignore[arg-type]
        parts = {
            "gap": chosen.gap.value if chosen.gap else "",
            "silence": str(chosen.silence) if chosen.silence != MIDDLE else "",
            "page": str(page) if page and page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})


class Row(NamedTuple):
    """What decides about one child, and orders it."""

    learner: int
    sight: Sight
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class SeenRow:
    """One row of the list. `spoken_on` None: nobody did, or it is not for who looks."""

    child: SeenChild
    gaps: tuple[Gap, ...]
    direction: SeenDirection | None
    spoken_on: date | None
    silent_for: int | None
    #: Could there be no contact that is not for who looks?
    reads_all: bool


@dataclass(frozen=True)
class OutOfSight:
    """The list Uit beeld of one actor under one judgement, and what they chose to see of it."""

    actor: Actor
    judgement: Judgement
    choice: Choice

    @cached_property
    def on(self) -> date:
        """The day from which is counted: today; of an old judgement, which says so, its own."""
        return counted_from(self.judgement.on, today=self.actor.today)

    @cached_property
    def spoken(self) -> dict[UUID, dict[str, date]]:
        """The last contacts with everybody this actor may see."""
        return spoken_on(self.actor)

    @cached_property
    def directions(self) -> dict[int, SeenDirection]:
        """Who holds direction of everybody this actor may see."""
        return directions_of(self.actor, Q())

    @cached_property
    def rows(self) -> list[Row]:
        """Every child this actor may see around whom something is missing. Five queries."""
        agreed = open_by_child(self.actor, Q(learner__standing__in_sight=True))
        reads = ExpressionWrapper(
            children_opened(self.actor, FieldClass.AGR, to_child="learner"), output_field=BooleanField()
        )
        standings = Standing.objects.visible_to(self.actor).filter(in_sight=True).annotate(reads=reads)
        found = []
        for one in standings.values("learner", "learner__reference", "reads", *_OF_A_STANDING):
            learner, contacts = one["learner"], self.spoken.get(one["learner__reference"], {})
            stage = one["learner__case_stage"] or one["stage"]
            held = [row for row in agreed.get(learner, ()) if is_held(row, stage=stage)]
            sight = Sight(
                is_long=one["stage"] in (AT_HOME, OUT_OF_SIGHT),
                is_enrolled=one["enrolled"],
                is_exempt=one["exempt"],
                since=one["counts_from"],
                spoken_on=max(contacts.values(), default=None),
                is_directed=learner in self.directions,
                due_on=held[0].course.due_on if held else None,
                reads_agreements=one["reads"],
            )
            if missing := gaps(sight, on=self.on, today=self.actor.today, silence=self.choice.silence):
                found.append(Row(learner, sight, missing))
        return sorted(found, key=lambda row: (row.sight.since or date.max, row.learner))

    def chosen(self, gap: Gap | None) -> list[Row]:
        """The rows with this gap; None: all of them."""
        return [row for row in self.rows if gap is None or gap in row.gaps]

    def page(self, number: str) -> Page[Row]:
        """One page of the choice, longest away first."""
        return Paginator(self.chosen(self.choice.gap), ROWS_ON_A_PAGE).get_page(number)

    def seen(self, page: Page[Row]) -> list[SeenRow]:
        """What the actor may see of the rows of a page, noted for the log."""
        wanted = {row.learner: row for row in page.object_list}
        loaded = (
            Learner.objects.visible_to(self.actor)
            .filter(pk__in=wanted)
            .select_related("standing__school")
            .in_bulk()
        )
        here = [loaded[pk] for pk in wanted if pk in loaded]
        with asking_only_about(one.reference for one in here):
            children = see(self.actor, here, action="listed")
        found = []
        for one in here:
            child, row = children.get(one.reference), wanted[one.pk]
            if child is None or child.standing is None:
                continue
            if Gap.NO_AGREEMENT in row.gaps or Gap.PAST_ITS_DAY in row.gaps:
                _noted(child.permit)
            found.append(
                SeenRow(
                    child=child,
                    gaps=row.gaps,
                    direction=self.directions.get(one.pk),
                    spoken_on=last_of(child.permit, self.spoken.get(one.reference, {}), action="listed"),
                    silent_for=silent_for(row.sight, on=self.on),
                    reads_all=bool(child.permit.may(FieldClass.AGR)),
                )
            )
        return found


def _noted(permit: Permit) -> None:
    """That no agreement is open, or which is past its day, was read in the agreements."""
    if decision := permit.may(FieldClass.AGR):
        permit.actor.ledger.note(permit, decision, FieldClass.AGR, action="listed")


def choice_of(asked: Mapping[str, str]) -> Choice:
    """Read the address; what is not one of the possible answers is left out."""
    silence, gap = asked.get("silence", ""), asked.get("gap", "")
    return Choice(
        gap=Gap(gap) if gap in set(Gap) else None,
        silence=next((one for one in SILENCES if str(one) == silence), MIDDLE),
    )
