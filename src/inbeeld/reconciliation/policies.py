"""Who may do and see what with lists laid side by side, from the access table and what parties agreed.

A row is about a child on the list of an organisation: who reads it is who reads that class of such a child
there, at the stage the comparison is about. Of another party's list only what its keeper shares.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import is_at_work
from inbeeld.kernel.access import Action, Decision, FieldClass, Involvement, Stage, decide, row_of
from inbeeld.organisations.models import Kind, Organisation, Role
from inbeeld.reconciliation.models import Comparison, Party, Reviewer, Sharing

#: They keep the list of youth health care, and see no list of children.
KEEPERS_OF_HEALTH = (Role.SCHOOL_DOCTOR, Role.SCHOOL_NURSE)


def stage_of(comparison: Comparison) -> Stage:
    """The stage of the children a comparison is about: at home, or on no roll."""
    return Stage.OUT_OF_SIGHT if comparison.is_of_the_roll else Stage.AT_HOME


def may_read(
    actor: Actor, comparison: Comparison, field_class: FieldClass, action: Action = Action.READ
) -> Decision:
    """May this actor read a class of a child on the list of their organisation?"""
    row = row_of(actor.role, Involvement.OWN_ORG) if is_at_work(actor) else None
    return decide(row, stage_of(comparison), field_class, action)


def works_for(actor: Actor, organisation: Organisation) -> bool:
    """Is it where the actor works, in this role?"""
    return (
        actor.membership is not None
        and is_at_work(actor)
        and actor.membership.organisation_id == organisation.pk
    )


def hands_in(actor: Actor, party: Party) -> bool:
    """Does this actor hand in the list of this party?"""
    if not works_for(actor, party.organisation):
        return False
    if party.organisation.kind == Kind.YOUTH_HEALTH:
        return actor.role in KEEPERS_OF_HEALTH
    return bool(may_read(actor, party.comparison, FieldClass.IDE))


def leads(actor: Actor, comparison: Comparison) -> bool:
    """Does this actor begin rounds, appoint reviewers and keep the reasons?"""
    return works_for(actor, comparison.led_by) and bool(may_read(actor, comparison, FieldClass.IDE))


def takes_part(actor: Actor, comparison: Comparison) -> bool:
    """Does this actor see the comparison at all: do they keep a list of it, or lead it?"""
    return leads(actor, comparison) or any(hands_in(actor, one) for one in parties_of(comparison))


def has_lists(actor: Actor) -> bool:
    """Is there a comparison this actor may see? For the menu of every page: at most two small questions."""
    if actor.membership is None or not is_at_work(actor):
        return False
    of_a_list = row_of(actor.role, Involvement.OWN_ORG)
    reads = of_a_list is not None and of_a_list.cells[FieldClass.IDE] != "."
    if not reads and actor.role not in KEEPERS_OF_HEALTH:
        return False
    here = actor.membership.organisation_id
    going_on = Comparison.objects.filter(ended_at__isnull=True).filter(
        Q(led_by=here) | Q(parties__organisation=here, parties__ended_at__isnull=True)
    )
    return any(takes_part(actor, one) for one in going_on.select_related("led_by").distinct())


def parties_of(comparison: Comparison) -> list[Party]:
    """Those that take part now, in the order of the lists."""
    rows = comparison.parties.filter(ended_at__isnull=True).select_related("organisation", "comparison")
    return list(rows)


def reviews(actor: Actor, comparison: Comparison) -> bool:
    """Was this actor appointed to say of two records whether they are one child?"""
    if actor.membership is None or not may_read(actor, comparison, FieldClass.IDE):
        return False
    return Reviewer.objects.filter(
        comparison=comparison, membership=actor.membership, ended_at__isnull=True
    ).exists()


def others_review(actor: Actor, comparison: Comparison, lists: Collection[str]) -> bool:
    """Is there another reviewer who sees these lists, to look too?"""
    appointed = Reviewer.objects.filter(comparison=comparison, ended_at__isnull=True)
    others = appointed.exclude(membership__person=actor.membership.person_id if actor.membership else None)
    return any(
        set(lists) <= lists_seen(Actor(name="", membership=one.membership, at=actor.at), comparison)
        for one in others.select_related("membership__organisation")
    )


def lists_seen(
    actor: Actor, comparison: Comparison, parties: Collection[Party] | None = None
) -> frozenset[str]:
    """The names of the lists whose rows this actor may see: their own, and those shared with them.

    `parties`: who handed in the lists meant; else those that take part now.
    """
    if actor.membership is None or not may_read(actor, comparison, FieldClass.IDE):
        return frozenset()
    mine = actor.membership.organisation_id
    parties = parties_of(comparison) if parties is None else parties
    shared = set(
        Sharing.objects.filter(
            giver__in=parties, receiver=mine, ended_at__isnull=True
        ).values_list("giver_id", flat=True)
    )  # fmt: skip
    return frozenset(one.name for one in parties if one.organisation_id == mine or one.pk in shared)


def own_lists(actor: Actor, parties: Collection[Party]) -> frozenset[str]:
    """The names of the lists among these that this actor's organisation keeps."""
    return frozenset(one.name for one in parties if works_for(actor, one.organisation))
