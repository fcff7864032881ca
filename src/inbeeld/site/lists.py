"""In a trial: lists that lie side by side once, by the operations themselves, and a next round that waits."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.kernel.region import region_from_toml
from inbeeld.organisations.models import Role
from inbeeld.reconciliation import operations, operations_agreed
from inbeeld.reconciliation.example import example_list
from inbeeld.reconciliation.models import Comparison, Party, Round
from inbeeld.reconciliation.operations_work import step
from inbeeld.site.cast import COMMAND, Cast

GROUND = "Convenant Thuiszitters Noorderveen, artikel 4, getekend op 1 september 2025"
#: Who hands in which list.
KEEPERS = {
    "leerplicht": (Role.LEERPLICHT_DESK, ""),
    "swv_po": (Role.SWV_COORDINATOR, "po"),
    "swv_vo": (Role.SWV_COORDINATOR, "vo"),
}


def set_up_lists(profile: Path | None, *, region: str) -> list[Comparison]:
    """The comparisons a profile names, brought up to date; the others end. Raises RegionError, NotThere."""
    if profile is None:
        return []  # a profile that is not there ends nothing
    wanted = region_from_toml(profile.read_text("utf-8")).lists
    at = timezone.now()
    found = [operations_agreed.set_up(one, region=region, at=at) for one in wanted]
    operations_agreed.end_others([one.key for one in wanted], region=region, at=at)
    return found


def lay_lists(cast: Cast) -> None:
    """Share lists, appoint reviewers, lay one round side by side, and ask for the next; once."""
    for comparison in set_up_lists(settings.INBEELD_REGION_PROFILE, region=settings.INBEELD_REGION):
        leader = cast.actor(Role.LEERPLICHT_DESK)
        if leader is None or leader.organisation != comparison.led_by or comparison.rounds.exists():
            continue
        if comparison.is_of_the_roll:
            _begin(leader, comparison)
            continue
        _agree(cast, leader, comparison)
        _hand_in_everything(cast, _begin(leader, comparison))
        while step(lambda line: None):
            pass
        _begin(leader, comparison)


def _begin(leader: Actor, comparison: Comparison) -> Round:
    with acting(_now(leader), origin=COMMAND) as actor:
        return operations.begin_round(actor, comparison)


def _now(actor: Actor) -> Actor:
    """The same person, with a ledger of their own for each deed."""
    return Actor(name=actor.name, membership=actor.membership)


def _agree(cast: Cast, leader: Actor, comparison: Comparison) -> None:
    """Leerplicht sees both lists of the SWVs, and one of these sees that of leerplicht."""
    parties = {one.name: one for one in Party.objects.filter(comparison=comparison)}
    for giver, receiver in (("leerplicht", "swv_vo"), ("swv_vo", "leerplicht"), ("swv_po", "leerplicht")):
        keeper = _keeper(cast, giver)
        if keeper is not None and receiver in parties:
            with acting(_now(keeper), origin=COMMAND) as actor:
                operations_agreed.share(
                    actor, parties[giver], receiver=parties[receiver].organisation, ground=GROUND
                )
    for name in KEEPERS:
        keeper = _keeper(cast, name)
        if keeper is not None and keeper.membership is not None:
            with acting(_now(leader), origin=COMMAND) as actor:
                operations_agreed.appoint_reviewer(actor, comparison, keeper.membership)


def _keeper(cast: Cast, party: str) -> Actor | None:
    role, sector = KEEPERS.get(party, (None, ""))
    return None if role is None else cast.actor(role, sector)


def _hand_in_everything(cast: Cast, round_: Round) -> None:
    for handed in round_.lists.all():
        one = operations.fresh(handed)
        keeper, content = _keeper(cast, one.party.name), example_list(round_.comparison, one.party.name)
        if keeper is not None and content:
            with acting(_now(keeper), origin=COMMAND) as actor:
                operations.hand_in(actor, one, content)
