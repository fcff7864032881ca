"""The first wall: what one actor may do with one child now, and on which ground. Answers come from `may`.

Works out by itself, in plain Python, how the actor belongs with the child: the condition on rows (scope.py)
and the database's own rules are held equal to it by a test on random populations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from inbeeld.access import scope
from inbeeld.access.actor import Actor
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


@dataclass(frozen=True)
class Permit:
    """One actor and one child: how involved, at which stage, with which consents in force."""

    actor: Actor
    child: UUID
    stage: int
    involvements: tuple[Involvement, ...]
    consents: Mapping[FieldClass, str] = field(default_factory=dict)
    purposes: Mapping[Involvement, str] = field(default_factory=dict)

    def may(
        self,
        field_class: FieldClass,
        action: Action = Action.READ,
        *,
        author: Author = Author.OTHERS,
        shielded: bool = False,
    ) -> Decision:
        """May the actor do this; under the first involvement that allows it."""
        circumstances = Circumstances(consent=field_class in self.consents, author=author, shielded=shielded)
        return best(
            decide(row_of(self.actor.role, one), self.stage, field_class, action, circumstances)
            for one in self.involvements
        )

    def may_know_the_reason(self, author: Author) -> Decision:
        """May the actor know why a child was absent, when this author delivered the mark?"""
        return self.may(class_of_a_reason(author), author=author)

    def author_of(self, *, organisation: int, membership: int | None = None) -> Author:
        """Who wrote something, seen from the actor: me, my organisation, or others."""
        mine = self.actor.membership
        if mine is None or mine.organisation_id != organisation:
            return Author.OTHERS
        return Author.ME if membership == mine.pk else Author.MY_ORGANISATION

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
    actor: Actor, involvement: Involvement, learner: Any, held: Mapping[tuple[int, str], str]
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


def _held(actor: Actor, learners: list[Any]) -> dict[tuple[int, str], str]:
    """The purpose of each involvement in force, by learner and kind."""
    if actor.membership is None or not learners:
        return {}
    rows = scope.in_force(at=actor.at).filter(membership=actor.membership.pk, child__in=learners)
    return {
        (child, kind): purpose for child, kind, purpose in rows.values_list("child_id", "kind", "purpose")
    }


def _consents(actor: Actor, learners: list[Any]) -> dict[int, dict[FieldClass, str]]:
    if not learners or not any("c" in cell for row in actor.rows for cell in row.cells.values()):
        return {}
    found: dict[int, dict[FieldClass, str]] = {}
    rows = scope.consents_in_force(actor).filter(child__in=learners)
    for pk, child, name in rows.values_list("pk", "child_id", "field_class"):
        found.setdefault(child, {})[FieldClass(name)] = str(pk)
    return found
