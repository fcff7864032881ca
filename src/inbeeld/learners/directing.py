"""Who holds direction of many children at once, as far as one may read it."""

from __future__ import annotations

from django.db.models import Q

from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement
from inbeeld.access.operations_ground import holds_direction
from inbeeld.access.permit import stage_of
from inbeeld.learners.access_page import SeenDirection


def with_direction(actor: Actor, where: Q) -> frozenset[int]:
    """The keys of the children of whom somebody holds direction now."""
    return frozenset(directions_of(actor, where))


def directions_of(actor: Actor, where: Q) -> dict[int, SeenDirection]:
    """Who holds direction of the children whose involvements these are, by their keys. One query."""
    return {one.child_id: named(one) for one in directing(actor, where)}


def directing(actor: Actor, where: Q) -> list[Involvement]:
    """As `who_directs`, of many children and as far as the actor may know."""
    rows = Involvement.objects.visible_to(actor).filter(where, directs=True, ended_at__isnull=True)
    whole = rows.select_related("child__standing", "membership__person", "membership__organisation").defer(
        "child__names", "child__number"
    )
    return [one for one in whole if holds_direction(one, stage=stage_of(one.child), at=actor.at)]


def named(one: Involvement) -> SeenDirection:
    """Who holds it, without what it is to who looks."""
    return SeenDirection(one.membership.person.get_full_name(), "", one.membership.organisation.name)
