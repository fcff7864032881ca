"""Every address, for everybody, about everything, in every way of asking: the answer follows from the table.

Expected answers are worked out from the description of the population (oracle.py), never copied from the
program. What somebody may not know of is answered exactly as what does not exist (GDPR 5(1)(f) and 25).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator

import pytest
from django.apps import apps
from django.db import connection

from inbeeld.access.sessions import ACTING_AS, mark_of
from inbeeld.journal import verify
from tests.promises.routes import oracle
from tests.promises.routes.asking import FORGED, HARMLESS, QUERIES, Question, questions, shape
from tests.promises.routes.planting import Planted
from tests.promises.routes.population import WORK, Kin, Who
from tests.promises.routes.route_table import ROUTES, Route, patterns
from tests.promises.routes.visitor import MAY_CHANGE, Seen, Visitor, Watch, listening, shortly
from tests.promises.routes.walk import undone
from tests.shares import is_divided, share

pytestmark = [pytest.mark.django_db, pytest.mark.database]

#: Where somebody without a role is led, whatever they asked for.
TO_THE_DOOR = ("/", "/inloggen/", "/rol/", "/account/begin/", "/account/bewijs/")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
KIN = (
    "guardian-K8",
    "learner-K13",
    "guardian-K13",
    "learner-K16",
    "guardian-K16",
    "guardian-K6",
    "learner-K18",
)
#: Everybody of whom the matrix is asked: each role once, kin of each age, and who has no role.
NOBODY = ("nobody", "no role chosen", "left", "ex-K13", "learner-K8", "guardian-K18", "guardian-K7")
EVERYBODY = (*WORK, *KIN, *NOBODY)
#: A few of them also ask in the odd ways, which no view answers to.
ODD_ASKERS = ("care_coordinator", "privacy_officer", "guardian-K13", "nobody")
#: In the long run everybody does; a case of other tests is a hundredth of an asker, and one asks in any case.
MORE_ODD_ASKERS = tuple(one for one in EVERYBODY if one not in ODD_ASKERS)[
    : max(1, int(os.environ.get("INBEELD_LONG_CASES") or 100_000) // 100)
]
#: A method and what is sent with it.
Way = tuple[str, dict[str, str]]
ASKED_TO_PROVE = (200, 302, 400, 403, 404, 405, 409, 410, 429)
SAID_NO = (400, 403, 404, 405, 409)


def visitor_of(watch: Watch, key: str) -> Visitor:
    """A browser of somebody by key; two of the keys are of nobody."""
    if key == "nobody":
        return Visitor(watch, None)
    if key == "no role chosen":
        return Visitor(watch, watch.planted.who("mentor"), chosen=False)
    return Visitor(watch, watch.planted.who(key))


def acts(planted: Planted, visitor: Visitor) -> Who | None:
    """Who the visitor acts as, according to the description; None without a role today."""
    if visitor.who is None or not visitor.chosen or not oracle.is_somebody(planted.world, visitor.who):
        return None
    return visitor.who


def test_every_address_is_in_the_matrix() -> None:
    unknown = {f"{pattern!r} ({name})" for pattern, name in patterns().items() if pattern not in ROUTES}
    assert unknown == set(), "say in route_table.py for whom these addresses are there"


def test_the_matrix_names_no_address_that_is_gone() -> None:
    assert set(ROUTES) - set(patterns()) == set()


def test_an_address_the_matrix_does_not_know_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ROUTES, "nood/")
    with pytest.raises(AssertionError, match="nood/"):
        test_every_address_is_in_the_matrix()


def digest_of_tables() -> str:
    """Everything in the database, but the journal and the sessions."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted({one._meta.db_table for one in apps.get_models()} - {*MAY_CHANGE}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return found.hexdigest()


class Matrix:
    """The questions of one visitor, and what was wrong with the answers."""

    def __init__(self, watch: Watch, key: str, *, odd: bool) -> None:
        self.watch, self.key, self.odd = watch, key, odd
        self.visitor = visitor_of(watch, key)
        self.who = acts(watch.planted, self.visitor)
        #: After the log-in, which is written with the account.
        self.baseline = digest_of_tables()
        self.mark = "" if self.who is None else mark_of(watch.planted.actor(self.who))
        self.wrong: list[str] = []
        self.points = 0
        self._closed = EVERYBODY.index(key) // 3
        self._shapes: dict[tuple[str, str, str], tuple[str, tuple[object, ...]]] = {}

    def ask_all(self) -> None:
        """Ask everything, and leave everything as it was."""
        for pattern, route in ROUTES.items():
            asked = False
            turn = None if self.odd else EVERYBODY.index(self.key)
            for question in questions(pattern, route, self.watch.planted, self.who, turn=turn):
                for method, data in self._in_turn(question, list(self._ways(route, question))):
                    self._ask(pattern, route, question, method, data)
                if (
                    self.odd
                    and question.opens
                    and question.thorough
                    and "GET" in route.methods
                    and not (asked or route.of_logging_in)
                ):
                    asked = True
                    for query in QUERIES:
                        self._survives(f"{question.path}?{query}")
        if digest_of_tables() != self.baseline:
            self.wrong.append(f"{self.key}: something changed")

    def _in_turn(self, question: Question, ways: list[Way]) -> list[Way]:
        """Of what is closed, beside another run, every third question, in one way after the other.

        Who comes next begins with another third.
        """
        if question.opens or not ways or not is_divided():
            return ways
        self._closed += 1
        number, skipped = divmod(self._closed, 3)
        return [] if skipped else [ways[number % len(ways)]]

    def _ways(self, route: Route, question: Question) -> Iterator[Way]:
        if (route.public or self.who is None) and not self.odd:
            yield "GET", {}
            return
        first = question.about.split(",")[0] in ("", "own 0", "foreign 0", "missing")
        if self.odd and first:
            yield from ((one, {}) for one in METHODS if one not in ("GET", "POST"))
        if "GET" in route.methods or first or self.odd:
            yield "GET", {}
        if "POST" in route.methods or first or self.odd:
            yield "POST", {**FORGED, ACTING_AS: self.mark}
        if question.opens and question.thorough and "POST" in route.methods:
            if self.odd or not route.parts:
                yield "POST", {}
            yield "POST", {**HARMLESS, ACTING_AS: self.mark}

    def _ask(self, pattern: str, route: Route, question: Question, method: str, data: dict[str, str]) -> None:
        self.points += 1
        with undone(self.visitor):
            seen = self.visitor.ask(method, question.path, data)
            if why := self._why_wrong(route, question, seen):
                self.wrong.append(f"{self.key}, {question.about}: {seen.name}: {why}")
            if seen.status in SAID_NO:
                self._refused(question, seen)
        alike = (pattern + question.group, method, str(sorted(data)))
        if seen.status == 404 and question.group is not None and not question.opens:
            self._is_alike(alike, question, seen)

    def _why_wrong(self, route: Route, question: Question, seen: Seen) -> str:
        """What is wrong with the status; empty when nothing is."""
        expected = self._expected(route, question, seen.method)
        if route.of_logging_in:
            return "" if seen.status in ASKED_TO_PROVE else "a status nobody thought of"
        if seen.status not in expected:
            return f"expected {' or '.join(map(str, expected))}"
        if self.who is None and not route.public and seen.headers.get("location", "/") not in TO_THE_DOOR:
            return f"it leads to {seen.headers['location']}"
        return ""

    def _expected(self, route: Route, question: Question, method: str) -> tuple[int, ...]:
        if "\x00" in question.path or _is_no_address(question):
            return (404,)
        if method not in route.methods:
            return (405,)
        if route.by_key:
            return (401,)
        if self.who is None and not route.public:
            return (302,)
        if not question.opens:
            return (404,)
        return (200, 302, 400, 409, *route.besides) if method not in ("GET", "HEAD") else (200, 302)

    def _refused(self, question: Question, seen: Seen) -> None:
        """Nothing changed; and of somebody with a role it is written that it was refused."""
        if seen.wrote and digest_of_tables() != self.baseline:
            self.wrong.append(f"{self.key}, {question.about}: {seen.name}: refused, and {seen.wrote} changed")
        refusals = [one for one in seen.lines if one.outcome == "refused" and one.action == "request"]
        if len(refusals) != (self.who is not None):
            self.wrong.append(f"{seen.name}: {len(refusals)} lines of the refusal")
        if seen.status in (404, 405) and any(one.child or one.object for one in seen.lines):
            self.wrong.append(f"{seen.name}: the line of the refusal says about whom")

    def _is_alike(self, alike: tuple[str, str, str], question: Question, seen: Seen) -> None:
        if _is_no_address(question):
            return
        first, shape_of_first = self._shapes.setdefault(alike, (question.about, shape(seen)))
        if shape(seen) != shape_of_first:
            self.wrong.append(f"{seen.name}: {question.about} is answered otherwise than {first}")

    def _survives(self, path: str) -> None:
        self.points += 1
        with undone(self.visitor):
            seen = self.visitor.ask("GET", path)
        if seen.status not in (200, 302, 400, 401, 404):
            self.wrong.append(f"{seen.name}: a question behind the address")


def _is_no_address(question: Question) -> bool:
    from tests.promises.routes.asking import NO_NAMES

    return question.about in NO_NAMES


@pytest.mark.usefixtures("quick_snapshot")
def test_every_address_answers_everybody_as_the_table_says(
    planted: Planted, record_property: Callable[[str, object], None]
) -> None:
    points = asked_of(share(EVERYBODY), planted, odd=ODD_ASKERS)
    record_property("points", points)
    assert points > (1_500 if is_divided() else 10_000)


@pytest.mark.long
@pytest.mark.usefixtures("quick_snapshot")
def test_every_address_answers_everybody_in_every_odd_way_of_asking(
    planted: Planted, record_property: Callable[[str, object], None]
) -> None:
    if not (askers := share(MORE_ODD_ASKERS)):
        pytest.skip("the run beside this one has all askers")
    points = asked_of(askers, planted, odd=askers)
    record_property("points", points)
    assert points >= 500 * len(askers)


def asked_of(keys: Collection[str], planted: Planted, *, odd: Collection[str]) -> int:
    """Ask these people all there is to ask, and find nothing wrong; how many questions that were."""
    watch = Watch(planted)
    wrong: list[str] = []
    points = 0
    with listening(watch):
        for key in keys:
            # Logged in just before, as a proof of who somebody is lasts for minutes.
            matrix = Matrix(watch, key, odd=key in odd)
            matrix.ask_all()
            wrong += matrix.wrong
            points += matrix.points
    assert shortly(wrong) == []
    assert shortly([*watch.leaks, *watch.wrong]) == []
    assert verify.verify().findings == ()
    return points


def test_everybody_is_asked(planted: Planted) -> None:
    """Every role of the table, of kin at every age, and those without a row."""
    from inbeeld.kernel.access import ROLES

    world = planted.world
    roles = {oracle.role_in(world, world.actors[key]) for key in EVERYBODY if key in world.actors}
    assert set(ROLES) - roles == {"database_administrator"}
    assert any(isinstance(world.actors[key], Kin) for key in KIN)
