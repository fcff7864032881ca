"""The second wall: what an actor may read, as a condition on rows. No query on a child without an actor.

Made from the rows of the access table, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from inbeeld.access.actor import Actor
from inbeeld.kernel.access import Author, FieldClass, Involvement, Row, class_of_a_reason
from inbeeld.organisations.models import SECTORS_OF_SWV, Kind, Organisation, Sector

if TYPE_CHECKING:
    from inbeeld.access import models as records

Instance = TypeVar("Instance", bound=models.Model)


class UnscopedQuery(RuntimeError):
    """Someone asked for children without saying who asks."""


def via(*steps: str) -> str:
    """The name of a field reached by these steps; empty steps are no steps."""
    return "__".join(step for step in steps if step)


def any_of(conditions: Iterable[Q]) -> Q:
    """One of these, at least one, holds. What asks nothing always does, which `|` forgets."""
    conditions = list(conditions)
    return reduce(or_, conditions) if all(conditions) else Q()


@dataclass(frozen=True)
class Way:
    """How a row leads to its learner, and to where that stands: the steps, "" for the row itself."""

    child: str
    standing: str

    @classmethod
    def by(cls, to_child: str) -> Way:
        return cls(to_child, via(to_child, "standing"))


def reached_by(actor: Actor | None, row: Row, *, way: Way) -> Q | None:
    """The children of one row of the table: how involved, at which stages. None when that is nobody."""
    if actor is None or not row.stages:
        return None
    where = _belonging(actor, row.involvement, way=way)
    return None if where is None else where & at_stages(row.stages, way=way)


@dataclass(frozen=True)
class Reach:
    """One child an actor may know of, and the rows of the table by which it is reached. No child: none is."""

    actor: Actor
    child: int | None = None
    rows: tuple[Row, ...] = ()


def reach_of(actor: Actor, child: UUID) -> Reach:
    """In which ways an actor belongs with a child, by its reference: asked once for all tables of a page."""
    by_itself = Way.by("")
    asked = [(row, reached_by(actor, row, way=by_itself)) for row in actor.rows]
    ways = [(row, found) for row, found in asked if found is not None]
    answers = {
        f"way_{number}": ExpressionWrapper(found, output_field=BooleanField())
        for number, (_row, found) in enumerate(ways)
    }
    learners = apps.get_model("learners", "Learner").objects.visible_to(actor).filter(reference=child)
    for pk, *yes in learners.annotate(**answers).values_list("pk", *answers):
        return Reach(actor, pk, tuple(row for (row, _), belongs in zip(ways, yes, strict=True) if belongs))
    return Reach(actor)


def children_opened(actor: Actor, field_class: FieldClass, *, to_child: str) -> Q:
    """The children of whom this actor reads what others wrote of a class."""
    manager: ScopedManager[Any] = ScopedManager(to_child=to_child, field_class=field_class)
    conditions = list(manager.conditions(actor))
    return any_of(conditions) if conditions else Q(pk__in=[])


def at_stages(stages: frozenset[int], *, way: Way) -> Q:
    """A case says at which stage a child is; without one the judged standing does."""
    case, judged = via(way.child, "case_stage"), via(way.standing, "stage")
    return Q(**{f"{case}__in": sorted(stages)}) | Q(
        **{f"{case}__isnull": True, f"{judged}__in": sorted(stages)}
    )


def _belonging(actor: Actor, involvement: Involvement, *, way: Way) -> Q | None:
    child = via(way.child, "pk")
    match involvement:
        case Involvement.OWN_ORG if actor.organisation is not None:
            return on_the_list_of(actor.organisation, way=way)
        case Involvement.INVOLVED | Involvement.TABLE | Involvement.EMERGENCY if actor.membership is not None:
            return Q(**{f"{child}__in": _held(actor, involvement).values("child")})
        case Involvement.SELF if actor.kinship is not None:
            return Q(**{child: actor.kinship.child_id})
    return None


def _held(actor: Actor, involvement: Involvement) -> models.QuerySet[records.Involvement]:
    """This actor's involvements in force of one kind; of kin, and of a list, there are none."""
    membership = None if actor.membership is None else actor.membership.pk
    return in_force(at=actor.at).filter(membership=membership, kind=involvement.value)


def on_the_list_of(organisation: Organisation, *, way: Way) -> Q | None:
    """The children that stand on an organisation's own list; None for a kind that keeps none.

    A school: who is enrolled at it or one of its sites. An SWV: who is or was last enrolled at a school of
    its sectors in its region. A municipality: who lives there.
    """
    school = via(way.standing, "school")
    match organisation.kind:
        case Kind.SCHOOL:
            here = organisation.with_sites().values("pk")
            return Q(**{via(way.standing, "enrolled"): True, f"{school}__in": here})
        case Kind.SWV if organisation.sector in SECTORS_OF_SWV:
            sectors = SECTORS_OF_SWV[Sector(organisation.sector)]
            return Q(**{f"{school}__region": organisation.region, f"{school}__sector__in": sectors})
        case Kind.MUNICIPALITY if organisation.municipality:
            return Q(**{
                via(way.child, "municipality"): organisation.municipality,
                via(way.child, "region"): organisation.region,
            })  # fmt: skip
    return None


def in_force(*, at: datetime | None = None) -> models.QuerySet[records.Involvement]:
    """The involvements in force at a moment: accepted, begun, and neither over nor ended."""
    at = at or timezone.now()
    rows = apps.get_model("access", "Involvement").for_operations
    # Ended is ended, also when the clock is set back.
    return rows.filter(accepted_at__lte=at, from_at__lte=at, until_at__gt=at, ended_at__isnull=True)


def consents_in_force(actor: Actor) -> models.QuerySet[records.Consent]:
    """The consents of which this actor is the receiver, through their organisation or as kin."""
    rows = apps.get_model("access", "Consent").for_operations.filter(
        withdrawn_at__isnull=True,
        holds_from__lte=actor.today,
        holds_until__gt=actor.today,
        until_on__gte=actor.today,
    )
    if actor.organisation is not None:
        return rows.filter(receiver=actor.organisation.pk)
    return rows.filter(receiving_kin=actor.kinship.pk if actor.kinship else None)


def consents_under(actor: Actor, involvement: Involvement) -> models.QuerySet[records.Consent]:
    """Those of them that count for who belongs with the child in this way: given for what they do there.

    Of kin all: they read what is their own, and not for a task.
    """
    rows = consents_in_force(actor)
    if involvement is Involvement.SELF:
        return rows
    held = _held(actor, involvement).filter(child=OuterRef("child"), purpose=OuterRef("purpose"))
    return rows.filter(Exists(held))


def kin_of_the_trial() -> list[records.Kinship]:
    """Everybody who is kin, for the log-ins of a trial; nobody outside one: it says who has a file."""
    if not settings.INBEELD_TRIAL:
        return []
    rows = apps.get_model("access", "Kinship").for_operations
    return list(rows.select_related("person").order_by("from_on", "person__username"))


class ScopedManager(models.Manager[Instance], Generic[Instance]):
    """The default manager of every model about a child: it answers only to `visible_to`.

    `to_child`: the way from the row to its learner ("" for the learner itself); `to_standing`: the one to
    where the learner stands, if that is shorter than by the learner. `field_class`: what it takes to see that
    the row is there. A model whose rows each name their class gives `class_column`, and
    `organisation_column` and `member_column` for who wrote the row, `shielded_column` where it can be.
    `read_back`: the rows tell the reason of an absence, which who delivered it reads back (kernel.access).
    `only_its_writer`: nobody else reads a row, and its writer only what they may write now.
    """

    def __init__(
        self,
        *,
        to_child: str,
        to_standing: str | None = None,
        field_class: FieldClass | None = None,
        class_column: str = "",
        organisation_column: str = "",
        member_column: str = "",
        shielded_column: str = "",
        read_back: bool = False,
        only_its_writer: bool = False,
    ) -> None:
        super().__init__()
        self.to_child = to_child
        self.to_standing = Way.by(to_child).standing if to_standing is None else to_standing
        self.field_class = field_class
        self.class_column = class_column
        self.organisation_column = organisation_column
        self.member_column = member_column
        self.shielded_column = shielded_column
        self.read_back = read_back
        self.only_its_writer = only_its_writer

    def get_queryset(self) -> Any:
        raise UnscopedQuery(f"{self.model.__name__} is read through .visible_to(actor), or by an operation.")

    def visible_to(self, actor: Actor | None) -> models.QuerySet[Instance]:
        """The rows this actor may read; none unless the table of access says so."""
        rows: models.QuerySet[Instance] = models.QuerySet(self.model, using=self._db)
        if actor is None:
            return rows.none()
        conditions = list(self.conditions(actor))
        return rows.filter(any_of(conditions)) if conditions else rows.none()

    def about(self, reach: Reach) -> models.QuerySet[Instance]:
        """The rows about one child its actor may read: `visible_to`, when it is known how that is reached."""
        rows: models.QuerySet[Instance] = models.QuerySet(self.model, using=self._db)
        opened = [one for row in reach.rows for one in self._opened(reach.actor, row)]
        if reach.child is None or not opened:
            return rows.none()
        return rows.filter(any_of(opened), **{via(self.to_child, "pk"): reach.child})

    def conditions(self, actor: Actor) -> Iterator[Q]:
        """One for each way in which this actor belongs with children whose rows they read."""
        way = Way(self.to_child, self.to_standing)
        for row in actor.rows:
            reached = reached_by(actor, row, way=way)
            opened = [] if reached is None else list(self._opened(actor, row))
            if opened:
                yield reached & any_of(opened)

    def _opened(self, actor: Actor, row: Row) -> Iterator[Q]:
        """Of a child that is reached: which rows, by their class. Classes that ask the same go together."""
        if self.field_class is not None:
            if (letter := self._letter(actor, row, self.field_class)) is not None:
                yield letter
            return
        asked: list[tuple[Q, list[str]]] = []
        for field_class in FieldClass:
            letter = self._letter(actor, row, field_class)
            alike = next((classes for known, classes in asked if known == letter), None)
            if alike is not None:
                alike.append(field_class.value)
            elif letter is not None:
                asked.append((letter, [field_class.value]))
        for letter, classes in asked:
            yield Q(**{f"{self.class_column}__in": classes}) & letter
        if self.read_back and (own := self._read_back(actor, row)) is not None:
            yield own

    def _read_back(self, actor: Actor, row: Row) -> Q | None:
        """The reason of an absence as one's own organisation delivered it."""
        own = self._own(actor, FieldClass.MED)
        opens = self._letter(actor, row, class_of_a_reason(Author.MY_ORGANISATION))
        if own is None or opens is None:
            return None
        return Q(**{self.class_column: class_of_a_reason(Author.OTHERS).value}) & own & opens

    def _letter(self, actor: Actor, row: Row, field_class: FieldClass) -> Q | None:
        """What a cell of the table asks of what is read; None: nothing opens it."""
        cell, own = row.cells[field_class], self._own(actor, field_class)
        if self.only_its_writer:
            return self._written_by(actor) if set(cell) & set("wo") else None
        if set(cell) & set("rw"):
            opens: Q | None = Q()
        else:
            opens = own if "o" in cell else None
            if "c" in cell:
                consented = consents_under(actor, row.involvement).filter(field_class=field_class.value)
                given = Q(**{f"{via(self.to_child, 'pk')}__in": consented.values("child")})
                opens = given if opens is None else opens | given
        if opens is None or field_class is not FieldClass.ADR or not self.shielded_column:
            return opens
        by_us = self._own(actor, field_class)
        bare = Q(**{self.shielded_column: False})
        return opens & (bare if by_us is None else bare | by_us)

    def _written_by(self, actor: Actor) -> Q | None:
        return None if actor.membership is None else Q(**{self.member_column: actor.membership.pk})

    def _own(self, actor: Actor, field_class: FieldClass) -> Q | None:
        """One's own row: of one's organisation, and a note only of oneself."""
        if actor.membership is None:
            return None
        if field_class is FieldClass.NOT:
            return self._written_by(actor) if self.member_column else None
        return (
            Q(**{self.organisation_column: actor.membership.organisation_id})
            if self.organisation_column
            else None
        )


def models_about_a_child() -> Iterator[tuple[type[models.Model], ScopedManager[Any]]]:
    """Every model whose rows are about a child, with the manager that tells how they lead to it."""
    for model in apps.get_models():
        if isinstance(manager := model._default_manager, ScopedManager):
            yield model, manager
