"""Mijn werk: the signals that ask something of one role, counted and listed from the same rows.

Two queries give what counts and orders every row an actor may see; a page of them is then loaded whole. So
each number equals the list it leads to, and the number of queries does not grow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Value

from inbeeld.access.actor import Actor
from inbeeld.access.permit import Permit
from inbeeld.access.row_security import asking_only_about
from inbeeld.access.scope import Way, in_force, on_the_list_of
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.seen import Asking, SeenAlert, holding, parkings_of, seen_alert
from inbeeld.kernel.access import Involvement
from inbeeld.kernel.attention import rules_for
from inbeeld.kernel.calendar import monday_of
from inbeeld.learners.models import Judgement
from inbeeld.learners.seen import SeenChild, see
from inbeeld.learners.snapshot import counted_from
from inbeeld.organisations.models import Kind, Organisation

ROWS_ON_A_PAGE = 25
TODO, NEW, PARKED, WEEK, ALL = "todo", "new", "parked", "week", "all"
SHOWN = (TODO, NEW, WEEK, PARKED, ALL)
#: In these days after a signal began to ask it is new.
NEW_DAYS = 7
MINE, TEAM, EVERYTHING = "mine", "team", "everything"
#: Says of some signals, each with what its reader may see of the child, what was done about them already.
DoneAbout = Callable[[list[tuple[Permit, Alert]], str], Mapping[UUID, str]]


@dataclass(frozen=True)
class Choice:
    """What the visitor asked of the list; every part comes from the address and is checked."""

    scope: str = ""
    show: str = TODO
    rule: str = ""
    school: str = ""

    def address(self, *, page: int | None = None, **changes: str) -> str:
        """The address of the list with some parts changed."""
        chosen = replace(self, **changes) if changes else self
        parts = {
            "scope": chosen.scope,
            "show": chosen.show if chosen.show != TODO else "",
            "rule": chosen.rule,
            "school": chosen.school,
            "page": str(page) if page and page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def is_filtered(self) -> bool:
        return bool(self.rule or self.school)


class Row(NamedTuple):
    """What counts and orders one signal."""

    id: UUID
    learner: int
    reference: UUID
    rule: str
    due_on: date | None
    opened_on: date
    school: int | None
    mine: bool
    team: bool | None
    parked: bool


@dataclass(frozen=True)
class Work:
    """The work of one actor under one judgement, and what they chose to see of it."""

    actor: Actor
    judgement: Judgement
    asked: Choice

    @cached_property
    def on(self) -> date:
        """The day from which is counted: today; of an old judgement, which says so, its own."""
        return counted_from(self.judgement.on, today=self.actor.today)

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Which scopes there are for this role; with one there is nothing to choose."""
        ways = {row.involvement for row in self.actor.rows}
        if Involvement.OWN_ORG in ways and len(ways) > 1:
            return (MINE, TEAM, EVERYTHING)
        return (TEAM,) if Involvement.OWN_ORG in ways else (MINE,)

    @cached_property
    def choice(self) -> Choice:
        """With a scope: one's own as long as there is anything, else that of the organisation."""
        scope = self.asked.scope if self.asked.scope in self.scopes else self.scopes[0]
        if not self.asked.scope and scope == MINE and len(self.scopes) > 1:
            scope = MINE if any(row.mine for row in self.rows) else TEAM
        return replace(self.asked, scope=scope)

    @cached_property
    def parkings(self) -> Mapping[UUID, list[Parking]]:
        return parkings_of(self.actor)

    @cached_property
    def rows(self) -> list[Row]:
        """Every open signal that asks something of this role about a child this actor may see."""
        rules = [one.key for one in rules_for(self.actor.role)]
        found = Alert.objects.visible_to(self.actor).filter(closed_on__isnull=True, rule__in=rules)
        found = found.annotate(mine=self._is_mine(), team=self._is_on_the_list())
        return [
            Row(*one, parked=self._is_parked(Asking(one[0], answer, reached_on)))
            for *one, answer, reached_on in found.values_list(
                "pk", "learner_id", "learner__reference", "rule", "due_on", "opened_on",
                "learner__standing__school_id", "mine", "team", "answer", "reached_on",
            )
        ]  # fmt: skip

    def _is_mine(self) -> Any:
        membership = None if self.actor.membership is None else self.actor.membership.pk
        return Exists(in_force(at=self.actor.at).filter(membership=membership, child=OuterRef("learner")))

    def _is_on_the_list(self) -> Any:
        here = self.actor.organisation
        listed = None if here is None else on_the_list_of(here, way=Way.by("learner"))
        if listed is None or TEAM not in self.scopes:
            return Value(False)
        return ExpressionWrapper(listed, output_field=BooleanField())

    def _is_parked(self, alert: Asking) -> bool:
        """Off the list of this organisation; what others parked asks of us all the same."""
        held = holding(self.parkings, alert, actor=self.actor)
        here = self.actor.organisation
        return held is not None and here is not None and held.organisation_id == here.pk

    def chosen(self, **changes: str) -> list[Row]:
        """The rows of the choice with some parts changed; "" takes a filter away."""
        choice = replace(self.choice, **changes)
        return [row for row in self.rows if self._is_in(row, choice)]

    def _is_in(self, row: Row, choice: Choice) -> bool:
        return (
            (choice.scope == EVERYTHING or bool(row.mine if choice.scope == MINE else row.team))
            and (not choice.rule or row.rule == choice.rule)
            and (not choice.school or self.schools.get(row.school) == choice.school)
            and self._is_shown(row, choice.show)
        )

    def _is_shown(self, row: Row, show: str) -> bool:
        if show == ALL:
            return True
        if show == PARKED:
            return row.parked
        if row.parked or show == TODO:
            return not row.parked
        if show == NEW:
            return row.opened_on > self.on - timedelta(days=NEW_DAYS)
        return row.due_on is not None and row.due_on <= self.sunday

    @property
    def sunday(self) -> date:
        """The last day of this week."""
        return monday_of(self.on) + timedelta(days=6)

    @cached_property
    def organisations(self) -> list[Organisation]:
        """The schools to filter by, in order of their names: none for a school itself."""
        here = self.actor.organisation
        if here is None or here.kind == Kind.SCHOOL:
            return []
        wanted = {row.school for row in self.rows if row.school is not None}
        return list(Organisation.objects.filter(pk__in=wanted).order_by("name", "key"))

    @cached_property
    def schools(self) -> dict[int | None, str]:
        """The key of each of these schools."""
        return {one.pk: one.key for one in self.organisations}

    def by_rule(self) -> Counter[str]:
        """How many rows of the choice there are under each rule."""
        return Counter(row.rule for row in self.chosen(rule=""))

    def by_school(self) -> Counter[str]:
        """How many rows of the choice there are at each school, by its key."""
        return Counter(
            self.schools[row.school] for row in self.chosen(school="") if row.school in self.schools
        )

    def page(self, number: str) -> Page[Row]:
        return Paginator(in_order(self.chosen()), ROWS_ON_A_PAGE).get_page(number)

    def seen(self, rows: Iterable[Row], *, done: DoneAbout) -> list[tuple[SeenChild, SeenAlert]]:
        """What the actor may see of the rows of a page, noted for the log. `done`: what was done already."""
        rows = list(rows)
        with asking_only_about(row.reference for row in rows):
            return self._seen([row.id for row in rows], done)

    def _seen(self, wanted: list[UUID], done: DoneAbout) -> list[tuple[SeenChild, SeenAlert]]:
        found = (
            Alert.objects.visible_to(self.actor)
            .filter(pk__in=wanted)
            .select_related("learner__standing__school")
            .in_bulk()
        )
        alerts = [found[pk] for pk in wanted if pk in found]
        children = see(self.actor, {one.learner_id: one.learner for one in alerts}.values(), action="listed")
        known = [
            (children[one.learner.reference], one) for one in alerts if one.learner.reference in children
        ]
        done_about = done([(child.permit, one) for child, one in known], "listed")
        shown = []
        for child, one in known:
            parking = holding(self.parkings, one, actor=self.actor)
            seen = seen_alert(
                child.permit, one, parking, on=self.on, done=done_about.get(one.pk, ""), action="listed"
            )
            if seen:
                shown.append((child, seen))
        return shown


def in_order(rows: Iterable[Row]) -> list[Row]:
    """By the day of the next limit, then by reference; without one last, and those of one child together."""
    rows = list(rows)
    first: dict[UUID, date] = {}
    for row in rows:
        first[row.reference] = min(row.due_on or date.max, first.get(row.reference, date.max))
    return sorted(
        rows,
        key=lambda row: (first[row.reference], row.reference.int, row.due_on or date.max, row.rule),
    )


def choice_of(asked: Mapping[str, str], *, actor: Actor) -> Choice:
    """Read the address; what is not one of the possible answers is left out."""
    rules = {one.key for one in rules_for(actor.role)}
    rule, show, school = asked.get("rule", ""), asked.get("show", ""), asked.get("school", "")
    return Choice(
        scope=asked.get("scope", "") if asked.get("scope") in (MINE, TEAM, EVERYTHING) else "",
        show=show if show in SHOWN else TODO,
        rule=rule if rule in rules else "",
        school=school[:100] if school.isprintable() else "",
    )


def open_alerts_of(permit: Permit) -> list[Alert]:
    """The open signals of one child that this actor may read, the most pressing first."""
    rows = Alert.objects.about(permit.reach).filter(closed_on__isnull=True)
    return sorted(rows, key=lambda one: (one.due_on or date.max, one.rule))
