"""A school as one actor meets it: whose it is to look at, and which of its learners they see.

A count is of rows the actor may see; only the presence of a whole school is more, and of nobody
(docs/decisions/0020).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from inbeeld.access.actor import Actor
from inbeeld.kernel.access import FieldClass, Involvement
from inbeeld.kernel.definitions.early_absence import ALTERNATING_DAYS
from inbeeld.kernel.layers import LAYERS, Course, course_of, moved
from inbeeld.learners.directing import with_direction
from inbeeld.learners.models import Presence, Standing
from inbeeld.organisations.models import Kind, Organisation
from inbeeld.schools.arranged import with_help

#: The layers in which somebody is expected to do something for one child.
ASK_FOR_A_MEASURE = (2, 3)


class Placed(NamedTuple):
    """A learner the actor sees, in the pyramid."""

    learner: int
    layer: int | None
    before: int | None
    alternating_days: int
    on_register: bool

    @property
    def course(self) -> Course | None:
        return course_of(self.before, self.layer)

    @property
    def moved(self) -> int:
        return moved(self.before, self.layer)


@dataclass(frozen=True)
class SchoolSeen:
    """A school and one actor. `presence` is there for who works with the list this school is on."""

    actor: Actor
    school: Organisation
    presence: Presence | None

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every learner enrolled here that the actor sees, who missed most days at a stretch first."""
        rows = enrolled_at(self.actor, self.school).order_by(*LONGEST_FIRST)
        wanted = ("learner_id", "layer", "layer_before", "alternating_days", "on_register")
        return tuple(Placed(*row) for row in rows.values_list(*wanted))

    @cached_property
    def is_compared(self) -> bool:
        """Is of anybody known in which layer it was before? Else all would be new, and nobody came in."""
        return any(one.before is not None for one in self.placed)

    def in_layer(self, layer: int | None, course: Course | None = None) -> list[Placed]:
        """Those in a layer (None: not known), or those of them who came into it in this way."""
        return [one for one in self.placed if one.layer == layer and (course is None or one.course is course)]

    @cached_property
    def up(self) -> list[Placed]:
        """Who missed more than before, the highest layer first."""
        return sorted((one for one in self.placed if one.moved > 0), key=lambda one: -(one.layer or 0))

    @cached_property
    def down(self) -> list[Placed]:
        """Who missed less than before, the lowest layer first."""
        return sorted((one for one in self.placed if one.moved < 0), key=lambda one: one.layer or 0)

    @property
    def alternating(self) -> list[Placed]:
        """Who comes and goes, and is not at home for long now; the most days first."""
        away = (one for one in self.placed if one.alternating_days >= ALTERNATING_DAYS)
        found = (one for one in away if not one.on_register)
        return sorted(found, key=lambda one: -one.alternating_days)

    @cached_property
    def without_measure(self) -> list[Placed]:
        """Who asks for a measure, and has no direction, open agreement or support that one may read."""
        asks = [one for one in self.placed if one.layer in ASK_FOR_A_MEASURE]
        helped = self._helped
        return sorted((one for one in asks if one.learner not in helped), key=lambda one: -(one.layer or 0))

    @cached_property
    def _helped(self) -> frozenset[int]:
        there = Q(child__standing__in=enrolled_at(self.actor, self.school).values("pk"))
        of = Q(learner__standing__in=enrolled_at(self.actor, self.school).values("pk"))
        return with_direction(self.actor, there) | with_help(self.actor, of)

    @property
    def layers(self) -> Iterable[tuple[int, int]]:
        """Each layer with how many the actor sees in it, the top first."""
        return [(layer, len(self.in_layer(layer))) for layer in reversed(LAYERS)]


#: As the list In beeld: facts sort, and no score.
LONGEST_FIRST = (F("counts_from").asc(nulls_last=True), F("alternating_days").desc(), "pk")


def at(school: Organisation) -> Q:
    """Rows of a school and its sites."""
    return Q(school__in=school.with_sites().values("pk"))


def enrolled_at(actor: Actor, school: Organisation) -> QuerySet[Standing]:
    """How the learners of a school stand, as far as this actor sees them."""
    return Standing.objects.visible_to(actor).filter(at(school), enrolled=True)


def works_with_a_list(actor: Actor) -> bool:
    """Does this role read the attendance of everybody on its organisation's list, at some stage?"""
    return any(
        row.involvement is Involvement.OWN_ORG and row.cells[FieldClass.ATT] != "." for row in actor.rows
    )


def own_schools(actor: Actor) -> QuerySet[Organisation]:
    """The schools whose lists this actor works with: the own school and its sites, or those of the SWV."""
    schools, place = Organisation.objects.filter(kind=Kind.SCHOOL), actor.organisation
    if place is None or not works_with_a_list(actor):
        return schools.none()
    if place.kind == Kind.SCHOOL:
        return schools.filter(pk__in=place.and_below().values("pk"))
    return place.schools_served()


def school_for(actor: Actor, key: str) -> SchoolSeen | None:
    """The school of an address: on the own list, or one with a learner this actor sees; None: not there."""
    if not actor.has_a_list or actor.kinship is not None:
        return None
    school = Organisation.objects.filter(kind=Kind.SCHOOL, key=key).first()
    if school is None:
        return None
    if own_schools(actor).filter(pk=school.pk).exists():
        return SchoolSeen(actor, school, Presence.objects.filter(school=school).first())
    seen = Standing.objects.visible_to(actor).filter(at(school)).exists()
    return SchoolSeen(actor, school, None) if seen else None


@dataclass(frozen=True)
class SchoolInList:
    """A school this actor can open, with how many they see on its register of long absence (visit.py)."""

    key: str
    name: str
    municipality: str
    on_register: int


def schools_for(actor: Actor) -> list[SchoolInList]:
    """The schools this actor can open, by name: figures of schools are no ranking."""
    visible = Standing.objects.visible_to(actor).filter(school__isnull=False)
    counted = visible.values("school").annotate(number=Count("pk", filter=Q(on_register=True)))
    here = {row["school"]: row["number"] for row in counted.order_by("school")}
    wanted = Q(pk__in=here) | Q(parts__in=list(here)) | Q(pk__in=own_schools(actor).values("pk"))
    found = Organisation.objects.filter(wanted, kind=Kind.SCHOOL).distinct().order_by("name", "key")
    schools = list(found)
    with_sites = Counter(here)
    for one in schools:
        if one.part_of_id is not None:
            with_sites[one.part_of_id] += here.get(one.pk, 0)
    return [SchoolInList(one.key, one.name, one.municipality, with_sites[one.pk]) for one in schools]
