"""No query on a child without an actor: what an actor reaches, as a condition on rows."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Q

from inbeeld.access.actor import Actor
from inbeeld.access.reach import Where
from inbeeld.organisations.models import SECTORS_OF_SWV, Sector

Row = TypeVar("Row", bound=models.Model)


class UnscopedQuery(RuntimeError):
    """Someone asked for children without saying who asks."""


def reached_by(actor: Actor | None, *, to_learner: str, to_standing: str) -> Q | None:
    """The condition on rows this actor reaches, or None when that is nobody.

    `to_learner` and `to_standing` are the ways from the row to its learner and standing ("" or "learner__").
    """
    if actor is None or actor.reach.is_nobody:
        return None
    where = _at_this_organisation(actor, to_learner=to_learner, school=f"{to_standing}school")
    if where is None:
        return None
    return where & Q(**{f"{to_standing}stage__in": sorted(actor.reach.stages)})


def _at_this_organisation(actor: Actor, *, to_learner: str, school: str) -> Q | None:
    here = actor.organisation
    enrolled = school.removesuffix("school") + "enrolled"
    match actor.reach.where:
        case Where.ENROLLED_HERE:
            return Q(**{school: here.pk, enrolled: True})
        case Where.SCHOOLS_OF_THIS_SWV if here.sector in SECTORS_OF_SWV:
            sectors = SECTORS_OF_SWV[Sector(here.sector)]
            return Q(**{f"{school}__region": here.region, f"{school}__sector__in": sectors})
        case Where.LIVING_HERE if here.municipality:
            return Q(**{f"{to_learner}municipality": here.municipality, f"{to_learner}region": here.region})
        case Where.SCHOOLS_SERVED:
            return Q(**{f"{school}__region": here.region})
    return None


class ScopedManager(models.Manager[Row], Generic[Row]):
    """The default manager of every model about a child: it answers only to `visible_to`."""

    def __init__(self, *, to_learner: str, to_standing: str) -> None:
        super().__init__()
        self.to_learner = to_learner
        self.to_standing = to_standing

    def get_queryset(self) -> Any:
        raise UnscopedQuery(f"{self.model.__name__} is read through .visible_to(actor), or by an operation.")

    def visible_to(self, actor: Actor | None) -> models.QuerySet[Row]:
        """The rows this actor may see; none unless the table of access says so."""
        rows: models.QuerySet[Row] = models.QuerySet(self.model, using=self._db)
        condition = reached_by(actor, to_learner=self.to_learner, to_standing=self.to_standing)
        return rows.none() if condition is None else rows.filter(condition)
