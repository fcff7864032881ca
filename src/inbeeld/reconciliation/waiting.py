"""What waits for somebody among lists: lists to hand in, pairs to look at, children to do something about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from inbeeld.access.actor import Actor
from inbeeld.reconciliation import operations, policies
from inbeeld.reconciliation.lying import Lying
from inbeeld.reconciliation.models import Comparison, Handed, ListState, RoundState, Settled


@dataclass(frozen=True)
class ListsWaiting:
    """So many wait, where, and since when the newest of them does."""

    number: int
    address: str
    newest_at: datetime | None


def comparisons_of(actor: Actor) -> list[Comparison]:
    """Those an actor takes part in."""
    if not policies.has_lists(actor):
        return []
    assert actor.membership is not None
    rows = Comparison.objects.filter(ended_at__isnull=True, region=actor.membership.organisation.region)
    return [one for one in rows.select_related("led_by") if policies.takes_part(actor, one)]


def lists_to_hand_in(actor: Actor) -> Iterator[ListsWaiting]:
    """The lists that are asked of who hands them in, by comparison; a reminder is news again."""
    for comparison in comparisons_of(actor):
        waits = Handed.objects.filter(
            round__comparison=comparison, round__state=RoundState.ASKED,
            state__in=(ListState.ASKED, ListState.UNUSABLE),
        )  # fmt: skip
        mine = [
            one
            for one in waits.select_related("party__organisation", "party__comparison", "round")
            if policies.hands_in(actor, one.party)
        ]
        if mine:
            yield ListsWaiting(
                len(mine), reverse("comparison", args=[comparison.pk]), max(map(_asked_at, mine))
            )


def _asked_at(one: Handed) -> datetime:
    """When it was asked for last."""
    if one.reminded_on is None:
        return one.round.asked_at
    begun = datetime.combine(one.reminded_on, datetime.min.time())
    return max(one.round.asked_at, timezone.make_aware(begun))


def pairs_to_look_at(actor: Actor) -> Iterator[ListsWaiting]:
    """Who may be one child, for who was appointed to say so, by comparison."""
    for comparison in comparisons_of(actor):
        round_ = operations.current_round(comparison)
        if round_ is not None and policies.reviews(actor, comparison):
            number = len(Lying(actor, round_).open_pairs)
            yield ListsWaiting(number, reverse("pairs", args=[comparison.pk]), round_.compared_at)


def children_to_do_something_about(actor: Actor) -> Iterator[ListsWaiting]:
    """The children on no list of which somebody said that this organisation does something, by list."""
    for comparison in comparisons_of(actor):
        round_ = operations.current_round(comparison)
        said = Settled.objects.filter(
            comparison=comparison, owner=actor.organisation, ended_at__isnull=True
        ).order_by("-said_at")
        if round_ is None or not said.exists():
            continue
        lying = Lying(actor, round_)
        for name in lying.parties:
            number = sum(
                one.list == name and one.settled is not None and one.settled.mine
                for child in lying.children
                for one in child.missing
            )
            if number:
                address = reverse("missing", args=[comparison.pk, name]) + "?toon=van-ons"
                yield ListsWaiting(number, address, said[0].said_at)
