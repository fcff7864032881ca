"""Which events may happen, and what is so after all of them: the rules once more, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.promises.life import leaves, ties
from tests.promises.life.replay import Event, World, beginning


def may_happen(world: World, event: Event) -> bool:
    return bool(_of(f"may_{event.kind}")(world, event))


def happen(world: World, event: Event) -> None:
    _of(event.kind)(world, event)


def replay(events: Iterable[Event]) -> World:
    """What is so after all this, told from the beginning."""
    world = beginning()
    for event in events:
        happen(world, event)
    return world


def _of(name: str) -> Any:
    return getattr(ties, name, None) or getattr(leaves, name)
