"""The questions of the route matrix: each address filled in with what is own, foreign, gone, or no name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

from inbeeld.journal.models import Line
from tests.promises.routes import oracle
from tests.promises.routes.openings import Case
from tests.promises.routes.planting import Planted
from tests.promises.routes.population import Child, Who
from tests.promises.routes.route_table import Route
from tests.promises.routes.visitor import Seen

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
CSRF = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
#: Headers that follow from the address itself, or from a token that is new each time.
OF_THE_ADDRESS = ("content-length", "location", "set-cookie")
#: Names that are none: of an address, so the resolver or the database never meets them.
NO_NAMES = {
    "no uuid": "abc", "very long": "a" * 5000, "a zero byte": "\x00", "capitals": str(uuid.uuid4()).upper(),
    "a number": "17", "a path": "../../privacy", "a quote": "' OR 1=1 --",
}  # fmt: skip
#: Of children that are there but in nobody's sight, by key.
GONE = {"orphan": "O", "no stage": "I0", "closed": "I6", "destroyed": "I7", "closed, of kin": "K6",
        "destroyed, of kin": "K7"}  # fmt: skip
LONG = "x" * 30_000
#: What a form may be sent with. None of it is what the page asked for.
FORGED: dict[str, Any] = {
    "membership": "1", "kinship": "1", "role": "learner_16", "reference": str(uuid.uuid4()), "child": "1",
    "organisation": "swv-vo", "organisatie": "swv-vo", "to": "999999999999", "purpose": "\x00",
    "what": "organisation-1-MED",
    "until_on": "31-2-2026", "on": "0000-00-00", "by": "guardian", "because": "danger\x00", "text": "\x00",
    "version": "-1", "field_class": "MED", "directs": "on", "born_on": "99-99-9999", "last_name": LONG,
    "first_name": "\u202e", "next": "https://elders.example/", "language": "../../etc", "deed": "akkoord",
    "relation": "learner", "consent": str(uuid.uuid4()), "is_staff": "1", "stage": "1",
}  # fmt: skip
#: A form as its page would send it, as far as that can be known here.
HARMLESS = {"text": "Dit is een gewone zin.", "version": "1", "purpose": "guidance",
            "until_on": "2027-01-31", "on": "2026-01-31", "by": "guardian", "because": "done"}  # fmt: skip
QUERIES = (
    "definition=%00&phase=%00&school=%00&municipality=%00&sector=%00&outcome=%00&page=%00",
    "definition=everyone&page=999999999999999999999&phase=9&school=' OR 1=1 --",
    "voor=%00&wie=%00&nood=%00&geweigerd=%00&organisatie=%00&gedaan=%00",
    "voor=99999999999999999999999&organisatie=" + "a" * 3000 + "&gedaan=<script>alert(1)</script>",
    "voor=-1&wie=membership:1&nood=1&geweigerd=1&gedaan=gevraagd",
    "page=-1&school=school-b&municipality=Zuiderbroek&definition=everyone",
)


@dataclass(frozen=True)
class Question:
    """One address to ask for: what it is about, in words; whether the page is there; and what it is alike."""

    about: str
    path: str
    opens: bool
    #: Refusals of the same group may not differ from one another.
    group: str = ""
    #: One of those about what is one's own that are asked in every way there is.
    thorough: bool = False


def questions(
    pattern: str, route: Route, planted: Planted, who: Who | None, *, turn: int | None = None
) -> Iterator[Question]:
    """Every address of a pattern worth asking for, for one visitor.

    `turn`: only some of what is foreign, gone and unknown, others for the next visitor; None: all of it, and
    what is no address at all.
    """
    if "<uuid:reference>" not in pattern:
        yield from _filled(pattern, route, Case(planted, who, None, {}), "", every=True)
        return
    world = planted.world
    for about, child in _children(planted, who, turn):
        case = Case(planted, who, child, {"reference": world.children[child.key].reference})
        yield from _filled(pattern, route, case, about, every=about == "own 0")
    strangers = {
        "missing": uuid.uuid4(), "missing too": uuid.uuid4(),
        "name of an entry": next(iter(planted.entries)), "name of an involvement": world.ties[0].id,
    }  # fmt: skip
    for about, name in _by_turns(list(strangers.items()), turn, 2):
        yield from _filled(pattern, route, Case(planted, who, None, {"reference": name}), about, every=False)
    for about, text in NO_NAMES.items() if turn is None else ():
        path = _path(pattern, {"reference": text, **_first_parts(route, Case(planted, who, None, {}))})
        yield Question(about, path, False)


def _by_turns(found: list[Any], turn: int | None, number: int) -> list[Any]:
    """The first and some of the others, by turns; all without a turn."""
    if turn is None or len(found) <= number:
        return found
    others = found[1:]
    return [found[0], *(others[(turn + one) % len(others)] for one in range(number - 1))]


def _children(planted: Planted, who: Who | None, turn: int | None) -> Iterator[tuple[str, Child]]:
    """Own in different ways, foreign, and gone."""
    world = planted.world
    seen_as: dict[Any, Child] = {}
    foreign: list[Child] = []
    for child in world.children.values():
        if who is not None and oracle.sees(world, who, child):
            seen_as.setdefault((tuple(oracle.ways(world, who, child)), child.now_at), child)
        elif who is not None and oracle.allowed(world, who, child, _log()):
            seen_as.setdefault("log", child)
        else:
            foreign.append(child)
    own = _by_turns(list(seen_as.values()), turn, 3)
    foreign = [one for one in foreign if one.key not in GONE.values()]
    for number, child in enumerate(own[:4]):
        yield f"own {number}", child
    for number, child in enumerate(_by_turns(foreign, turn, 2)[:6]):
        yield f"foreign {number}", child
    gone = list(GONE.items())
    for about, key in gone if turn is None else (gone[turn % 6], gone[(turn + 3) % 6]):
        if world.children[key] not in seen_as.values():
            yield about, world.children[key]


def _log() -> Any:
    from inbeeld.kernel.access import FieldClass

    return FieldClass.LOG


def _filled(pattern: str, route: Route, case: Case, about: str, *, every: bool) -> Iterator[Question]:
    """With every value of the other parts for what is own, and the first of them for the rest."""
    tried = {name: list(values(case)) for name, values in route.parts.items()}
    if not every:
        tried = {name: values[:1] or [("missing", uuid.uuid4())] for name, values in tried.items()}
    else:
        for name, values in tried.items():
            if name not in ("deed", "slug", "role", "membership"):
                values.append(("missing", uuid.uuid4()))
    for number, chosen in enumerate(product(*tried.values())):
        values = dict(zip(tried, (value for _, value in chosen), strict=True))
        full = Case(case.planted, case.who, case.child, {**case.values, **values})
        words = ", ".join([about, *(f"{name} {what}" for name, (what, _) in zip(tried, chosen, strict=True))])
        there = _exists(full)
        opens = there and route.opens(full)
        group = " ".join(str(values[name]) for name in ("slug", "deed") if name in values)
        yield Question(words, _path(pattern, full.values), opens, group, thorough=every and number < 4)


def _exists(case: Case) -> bool:
    """A name of something else is the name of no child."""
    return case.child is not None or "reference" not in case.values


def _first_parts(route: Route, case: Case) -> dict[str, Any]:
    found = {name: [value for _, value in values(case)] for name, values in route.parts.items()}
    return {name: values[0] if values else uuid.uuid4() for name, values in found.items()}


def _path(pattern: str, values: dict[str, Any]) -> str:
    return "/" + PART.sub(lambda one: quote(str(values[one[2]]), safe=""), pattern)


def shape(seen: Seen) -> tuple[Any, ...]:
    """Everything of an answer that may not tell one refusal from another."""
    text = CSRF.sub(r"\1", seen.text.replace(seen.path, "PATH").replace(quote(seen.path), "PATH"))
    headers = sorted((name, value) for name, value in seen.headers.items() if name not in OF_THE_ADDRESS)
    return seen.status, text, tuple(headers), tuple(map(_of_a_line, seen.lines))


def _of_a_line(line: Line) -> tuple[Any, ...]:
    skipped = ("sequence", "at", "behind", "trace", "digest")
    return tuple((one.name, getattr(line, one.name)) for one in line._meta.fields if one.name not in skipped)
