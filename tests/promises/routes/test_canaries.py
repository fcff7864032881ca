"""Nobody meets a word about a child that the table does not give them: on no page, in no header, mail or log.

Every page is walked as everybody, with a secret word in everything that says something of a child. What is
found must be allowed by `may` (a leak otherwise); what is allowed must be found somewhere (else refusing
everything would pass); and the journal must tell exactly of what was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from inbeeld.journal import verify
from tests.promises.routes import oracle
from tests.promises.routes.openings import TAKE_OUT
from tests.promises.routes.planting import Planted
from tests.promises.routes.population import PLACES, Kin, Member, Who
from tests.promises.routes.route_table import CHILD, ROUTES, SCHOOL
from tests.promises.routes.test_route_matrix import EVERYBODY
from tests.promises.routes.visitor import Visitor, Watch, cached, listening
from tests.promises.routes.walk import Walk
from tests.shares import is_divided, share

pytestmark = [pytest.mark.django_db, pytest.mark.database]

#: Pages in one run, at least.
PAGES = 2_000
#: Somebody of each role and all kin go everywhere; the others, who are like one of them, guess addresses.
GUESSERS = 8


def starts(planted: Planted, *, everywhere: bool) -> Iterator[str]:
    """Where a walk begins: every page without a name in its address, and those of each child by guessing."""
    yield from (f"/{one}" for one, route in ROUTES.items() if "<" not in one and "GET" in route.methods)
    for child in planted.world.children.values():
        yield from (
            f"/{CHILD.replace('<uuid:reference>', str(child.reference))}{page}" for page in ("", "inzage/")
        )
    for place in PLACES.values():
        yield from (f"/{SCHOOL.replace('<organisation:key>', place.key)}{page}" for page in ("", "bezoek/"))


def walk(watch: Watch, who: Who | None, *, everywhere: bool) -> None:
    """One visitor through the site; of who is like another, only what a guess and a click give."""
    visitor = Visitor(watch, who)
    paths = list(starts(watch.planted, everywhere=everywhere))
    Walk(visitor, most=6, posts_each=1).through(paths, at_most=10_000 if everywhere else GUESSERS)


def unseen(watch: Watch, who: Who) -> list[str]:
    """What somebody may know and met nowhere."""
    known = watch.known.get(who.key, set())
    return [
        f"{who.key}: {one}"
        for one in watch.planted.words.canaries()
        if not one.never_shown and one not in known and oracle.may_know(watch.planted.world, who, one)
    ]


def goes_everywhere(who: Who) -> bool:
    """Somebody of each role, and all kin."""
    return isinstance(who, Kin) or who.key == who.role


def takes_out(who: Who) -> bool:
    """Does the walk of somebody come to a file they may take out?"""
    return goes_everywhere(who) and isinstance(who, Member) and who.role in TAKE_OUT


def walkers_of(planted: Planted) -> list[Who]:
    """Everybody; beside another run some of them: whom the matrix asks there, walks here."""
    everybody = list(planted.world.actors.values())
    asked_here = share(EVERYBODY) if is_divided() else []
    like_others = share([one for one in everybody if not goes_everywhere(one)])
    return [one for one in everybody if goes_everywhere(one) and one.key not in asked_here] + like_others


@pytest.mark.usefixtures("quick_snapshot")
def test_nobody_meets_a_word_that_is_not_for_them_and_everybody_meets_what_is(
    planted: Planted, record_property: Callable[[str, object], None]
) -> None:
    watch = Watch(planted)
    missing: list[str] = []
    with listening(watch):
        walk(watch, None, everywhere=True)
        for who in (walkers := walkers_of(planted)):
            walk(watch, who, everywhere=goes_everywhere(who))
            missing += unseen(watch, who) if goes_everywhere(who) else []
    record_property("pages", watch.views)
    record_property("words", len(planted.words.planted))
    assert watch.everything_found() == []
    assert missing == []
    assert planted.words.found_in(cached()) == set()
    assert watch.views >= PAGES
    assert watch.mails > (0 if is_divided() else 10)
    assert watch.told_in_logs > 100
    assert watch.papers > 0 or not any(takes_out(one) for one in walkers)
    report = verify.verify()
    assert report.findings == ()
    # Nobody's pages have no line, and what was undone took its lines with it.
    assert report.sound_to > watch.views // 2


@pytest.mark.usefixtures("quick_snapshot")
def test_what_is_met_in_english_is_no_more(planted: Planted) -> None:
    watch = Watch(planted)
    with listening(watch):
        for key in ("mentor", "privacy_officer", "guardian-K13"):
            visitor = Visitor(watch, planted.who(key), language="en")
            Walk(visitor, most=2, posts_each=1).through(starts(planted, everywhere=True), at_most=120)
    assert watch.everything_found() == []
