"""Thousands of page views while everything changes between them: nobody meets what is no longer theirs."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from inbeeld.journal import verify
from tests.behind_the_wall import with_the_wall_aside
from tests.promises.routes import oracle
from tests.promises.routes.changes import Changes, Clock
from tests.promises.routes.planting import Planted
from tests.promises.routes.population import Who
from tests.promises.routes.route_table import CHILD, ROUTES
from tests.promises.routes.visitor import Visitor, Watch, listening
from tests.promises.routes.walk import Page

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("quick_snapshot")]

PAGES = int(os.environ.get("INBEELD_LONG_CASES") or 50_000)
SOME = 400
#: Pages in one region, in which more than a year passes; then another is made, before all grow up.
IN_ONE_REGION = 2_500
#: Page views between two changes; as many by one visitor in one session.
BETWEEN_CHANGES = 4
LISTS = tuple(
    one for one, route in ROUTES.items() if "<" not in one and "GET" in route.methods and not route.public
)
OF_A_CHILD = tuple(
    one
    for one, route in ROUTES.items()
    if one.startswith(CHILD) and "GET" in route.methods and not route.parts
)


def wander(planted: Planted, monkeypatch: Any, *, pages: int, seed: int) -> Watch:
    """Random pages by random people, with a change every few of them."""
    dice = random.Random(seed)
    watch = Watch(planted, changed=True)
    changes = Changes(planted, Clock(monkeypatch), dice)
    with listening(watch):
        while watch.views < pages:
            changes.one()
            who = dice.choice(list(planted.world.actors.values()))
            visitor = Visitor(watch, who)
            for path in addresses(planted, who, dice):
                seen = visitor.ask("GET", path)
                links = [
                    one for one in Page(seen.text).links if one.startswith(("/", "?")) and "static" not in one
                ]
                if links:
                    link = dice.choice(links)
                    visitor.ask("GET", path.split("?")[0] + link if link.startswith("?") else link)
    return watch


def addresses(planted: Planted, who: Who, dice: random.Random) -> Iterator[str]:
    """Pages of children somebody sees and of children they do not, and lists."""
    world = planted.world
    children = list(world.children.values())
    own = [one for one in children if oracle.is_somebody(world, who) and oracle.sees(world, who, one)]
    for _ in range(BETWEEN_CHANGES):
        if dice.random() < 0.25:
            yield f"/{dice.choice(LISTS)}"
            continue
        child = dice.choice(own if own and dice.random() < 0.6 else children)
        yield "/" + dice.choice(OF_A_CHILD).replace("<uuid:reference>", str(child.reference))


def test_a_few_hundred_pages_while_everything_changes(planted: Planted, monkeypatch: Any) -> None:
    watch = wander(planted, monkeypatch, pages=SOME, seed=17)
    assert watch.everything_found() == []
    assert verify.verify().findings == ()


@pytest.mark.long
@pytest.mark.parametrize("region", range(max(1, PAGES // IN_ONE_REGION)))
def test_many_thousands_of_pages_while_everything_changes(
    region: int, planted: Planted, monkeypatch: Any, record_property: Callable[[str, object], None]
) -> None:
    pages = min(PAGES, IN_ONE_REGION)
    watch = wander(planted, monkeypatch, pages=pages, seed=20_260_417 + region)
    record_property("pages", watch.views)
    assert watch.everything_found() == []
    assert watch.views >= pages
    assert verify.verify().findings == ()


def test_a_change_that_is_forgotten_is_found(planted: Planted, monkeypatch: Any) -> None:
    """The walk can fail: a program that goes on with the ties of yesterday shows what it may not."""
    from inbeeld.access import scope

    watch = Watch(planted, changed=True)
    mentor = planted.who("mentor")
    path = f"/kind/{planted.world.children['X2'].reference}/"
    with listening(watch):
        assert Visitor(watch, mentor).ask("GET", path).status == 404
        assert watch.leaks == []
        in_force = scope.in_force
        monkeypatch.setattr(scope, "in_force", lambda **at: in_force(**at).model.for_operations.all())
        with with_the_wall_aside():
            assert Visitor(watch, mentor).ask("GET", path).status == 200
    assert watch.leaks != []
