"""The first wall: what one actor may do with one child now, and on which ground. Answers come from `may`.

Works out by itself, in plain Python, how the actor belongs with the child: the condition on rows (scope.py)
and the database's own rules are held equal to it by a test on random populations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from inbeeld.access import scope
from inbeeld.access.actor import Actor
from inbeeld.access.ledger import PURPOSES
from inbeeld.kernel.access import (
    Action,
    Author,
    Circumstances,
    Decision,
    FieldClass,
    Involvement,
    best,
    class_of_a_reason,
    decide,
    row_of,
)
from inbeeld.organisations.models import SECTORS_OF_SWV, Kind, Organisation, Sector


class Given(NamedTuple):
    """A consent in force of which the actor is a receiver, and what for."""

    key: str
    purpose: str


@dataclass(frozen=True)
class Permit:
    """One actor and one child: how involved and what for, at which stage, with which consents in force.

    Purposes in the order in which they were granted, consents in that in which they were asked.
    """

    actor: Actor
    child: UUID
    stage: int
    involvements: tuple[Involvement, ...]
    consents: Mapping[FieldClass, tuple[Given, ...]] = field(default_factory=dict)
    purposes: Mapping[Involvement, tuple[str, ...]] = field(default_factory=dict)

    def may(
        self,
        field_class: FieldClass,
        action: Action = Action.READ,
        *,
        author: Author = Author.OTHERS,
        shielded: bool = False,
    ) -> Decision:
        """May the actor do this; under the first involvement that allows it."""
        return best(
            decide(
                row_of(self.actor.role, one),
                self.stage,
                field_class,
                action,
                Circumstances(
                    consent=self.consent_for(one, field_class) is not None, author=author, shielded=shielded
                ),
            )
            for one in self.involvements
        )

    def consent_for(self, involvement: Involvement, field_class: FieldClass) -> Given | None:
        """The first consent that counts for who belongs with the child in this way: for what they do there.

        Of kin any: they read what is their own, and not for a task.
        """
        given = self.consents.get(field_class, ())
        if involvement is not Involvement.SELF:
            held = self.purposes.get(involvement, ())
            given = tuple(one for one in given if one.purpose in held)
        return next(iter(given), None)

    def purpose_of(self, involvement: Involvement, *, under: Given | None = None) -> str:
        """What the journal says it was for: what the consent was given for, else the first purpose held."""
        held = self.purposes.get(involvement, ())
        if under is not None and under.purpose in held:
            return under.purpose
        return next(iter(held), PURPOSES.get(involvement, ""))

    def may_know_the_reason(self, author: Author) -> Decision:
        """May the actor know why a child was absent, when this author delivered the mark?"""
        return self.may(class_of_a_reason(author), author=author)

    def author_of(self, *, organisation: int, membership: int | None = None) -> Author:
        """Who wrote something, seen from the actor: me, my organisation, or others."""
        mine = self.actor.membership
        if mine is None or mine.organisation_id != organisation:
            return Author.OTHERS
        return Author.ME if membership == mine.pk else Author.MY_ORGANISATION

    @cached_property
    def reach(self) -> scope.Reach:
        """How the second wall says the child is reached: for the rows of a page about it. One query, once."""
        return scope.reach_of(self.actor, self.child)

    @property
    def sees_the_child(self) -> bool:
        """May the actor know that this child is here at all?"""
        return bool(self.may(FieldClass.IDE))


def permits_for(actor: Actor, learners: Iterable[Any]) -> dict[UUID, Permit]:
    """The permit for each of these learners (loaded with their standing), in two queries."""
    found = list(learners)
    held = _held(actor, found)
    consents = _consents(actor, found)
    permits = {}
    for learner in found:
        involvements = tuple(
            row.involvement for row in actor.rows if _belongs(actor, row.involvement, learner, held)
        )
        permits[learner.reference] = Permit(
            actor=actor,
            child=learner.reference,
            stage=stage_of(learner),
            involvements=involvements,
            consents=consents.get(learner.pk, {}),
            purposes={one: held[key] for one in involvements if (key := (learner.pk, one.value)) in held},
        )
    return permits


def stage_of(learner: Any) -> int:
    """The stage a learner is in: what a case says, else what was judged; 0 for none."""
    if learner.case_stage is not None:
        return int(learner.case_stage)
    standing = getattr(learner, "standing", None)
    return 0 if standing is None else int(standing.stage)


def _belongs(
    actor: Actor, involvement: Involvement, learner: Any, held: Mapping[tuple[int, str], tuple[str, ...]]
) -> bool:
    if involvement is Involvement.OWN_ORG:
        return actor.organisation is not None and is_on_the_list(actor.organisation, learner)
    if involvement is Involvement.SELF:
        return actor.kinship is not None and actor.kinship.child_id == learner.pk
    return (learner.pk, involvement.value) in held


def is_on_the_list(organisation: Organisation, learner: Any) -> bool:
    """Does a learner stand on an organisation's own list? The plain twin of `scope.on_the_list_of`."""
    standing = getattr(learner, "standing", None)
    school = None if standing is None else standing.school
    if organisation.kind == Kind.SCHOOL:
        return bool(
            school is not None and standing.enrolled and organisation.pk in (school.pk, school.part_of_id)
        )
    if organisation.kind == Kind.SWV and organisation.sector in SECTORS_OF_SWV:
        return bool(
            school is not None
            and school.region == organisation.region
            and school.sector in SECTORS_OF_SWV[Sector(organisation.sector)]
        )
    if organisation.kind == Kind.MUNICIPALITY and organisation.municipality:
        return (learner.municipality, learner.region) == (organisation.municipality, organisation.region)
    return False


def _held(actor: Actor, learners: list[Any]) -> dict[tuple[int, str], tuple[str, ...]]:
    """The purposes of the involvements in force, by learner and kind: who is there twice has them both."""
    if actor.membership is None or not learners:
        return {}
    rows = scope.in_force(at=actor.at).filter(membership=actor.membership.pk, child__in=learners)
    found: dict[tuple[int, str], tuple[str, ...]] = {}
    for child, kind, purpose in rows.order_by("granted_at", "pk").values_list("child_id", "kind", "purpose"):
        known = found.setdefault((child, kind), ())
        found[child, kind] = known if purpose in known else (*known, purpose)
    return found


def _consents(actor: Actor, learners: list[Any]) -> dict[int, dict[FieldClass, tuple[Given, ...]]]:
    if not learners or not any("c" in cell for row in actor.rows for cell in row.cells.values()):
        return {}
    found: dict[int, dict[FieldClass, tuple[Given, ...]]] = {}
    rows = scope.consents_in_force(actor).filter(child__in=learners).order_by("asked_at", "pk")
    for pk, child, name, purpose in rows.values_list("pk", "child_id", "field_class", "purpose"):
        of_child = found.setdefault(child, {})
        of_child[FieldClass(name)] = (*of_child.get(FieldClass(name), ()), Given(str(pk), purpose))
    return found
