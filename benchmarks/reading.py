"""`python -m benchmarks.reading`: what logging and decryption add to the time of a page, in one run.

The same pages of the same region are asked for in turn: as they are, and with names that need no opening and
no line in the journal. Writes a line of JSON: median seconds of each, and their ratio, per page. The pages
are those of production: a session with a passkey, no stories of a trial; on PostgreSQL behind the wall.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.measure import ROOT, DidNotFinish
from benchmarks.on_postgresql import behind_the_wall

ROUNDS = 40
LEARNERS = 10_000
WARM = 3
LIST, CHILD = "list of 50", "page of a child"
ROWS = 50


@dataclass(frozen=True)
class Pages:
    """A visitor who is logged in, and the addresses to ask for, by name."""

    client: Any
    addresses: dict[str, str]


def measure(learners: int = LEARNERS, *, rounds: int = ROUNDS, work: Path, url: str = "") -> dict[str, Any]:
    """Median seconds and ratios. `url`: a PostgreSQL whose superuser it names; without one it is SQLite.

    The region is kept in `work`, the database on PostgreSQL is made and dropped again. In a process of its
    own. Raises DidNotFinish when that user may not make roles.
    """
    for name in ("INBEELD_MODE", "INBEELD_DATABASE_URL"):
        os.environ.pop(name, None)  # the region of this bench goes into no database but its own
    from inbeeld.site import demo

    home = demo.prepare(
        learners=learners, data=work / "site", progress=lambda line: print(line, file=sys.stderr)
    )
    from django.conf import settings

    settings.INBEELD_TRIAL = False  # a region has no stories beside its list
    with ExitStack() as stack:
        as_the_role_for_requests = stack.enter_context(behind_the_wall(url, home)) if url else None
        pages = _pages()
        if as_the_role_for_requests is not None:
            as_the_role_for_requests()
        found = {name: _in_turn(pages, name, rounds) for name in pages.addresses}
    return {"learners": learners, "rounds": rounds, "database": "PostgreSQL" if url else "SQLite", **found}


def _pages() -> Pages:
    from inbeeld.access.actor import Actor
    from inbeeld.access.tests.signing_in import by_passkey
    from inbeeld.learners.models import Learner
    from inbeeld.organisations.models import Membership, Role

    desks = Membership.objects.filter(role=Role.LEERPLICHT_DESK).select_related("person", "organisation")
    membership = desks.order_by("pk")[0]
    actor = Actor(name="", membership=membership)
    child = Learner.objects.visible_to(actor).filter(standing__stage=2).order_by("pk")[0]
    pages = {LIST: "/in-beeld/?definition=everyone", CHILD: f"/kind/{child.reference}/"}
    # Not Django's own environment for tests: there a page is copied while it is made.
    client = by_passkey(membership.person, acting=membership)
    client.defaults["SERVER_NAME"] = "localhost"
    return Pages(client, pages)


def _in_turn(pages: Pages, name: str, rounds: int) -> dict[str, float]:
    def ask() -> float:
        return _ask(pages.client, pages.addresses[name])

    _check(pages, name)

    def ask_without() -> float:
        with _without_log_and_keys():
            return ask()

    whole: list[float] = []
    bare: list[float] = []
    for number in range(WARM + rounds):
        if number % 2:
            other, one = ask_without(), ask()
        else:
            one, other = ask(), ask_without()
        if number >= WARM:
            whole.append(one)
            bare.append(other)
    paired = statistics.median(one / other for one, other in zip(whole, bare, strict=True))
    return {
        "seconds": statistics.median(whole),
        "without": statistics.median(bare),
        "ratio": paired,
        "of_the_fastest": min(whole) / min(bare),
    }


def _ask(client: Any, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    taken = time.perf_counter() - began
    assert answer.status_code == 200, (address, answer.status_code)
    return taken


def _check(pages: Pages, name: str) -> None:
    """A list is full, each child on a page has its line, and without log and keys there is no line."""
    from inbeeld.journal.models import Head

    def end() -> int:
        return sum(Head.objects.values_list("sequence", flat=True))

    before = end()
    shown = pages.client.get(pages.addresses[name]).content
    assert end() - before >= (ROWS if name == LIST else 1), name
    assert name != LIST or shown.count(b'class="list__child"') == ROWS, name
    with _without_log_and_keys():
        before = end()
        shown = pages.client.get(pages.addresses[name]).content
    assert end() == before and b"Fenna Brinkhof" in shown, name


class _NoKeys(dict):  # type: ignore[type-arg]
    """A key for everything, that opens nothing."""

    def get(self, key: object, default: object = None) -> object:
        return self


@contextmanager
def _without_log_and_keys() -> Iterator[None]:
    """Texts without opening, pages without a journal: what the ratio is measured against."""
    names = {"call_name": "Fenna", "last_name": "Brinkhof"}
    with ExitStack() as stack:
        for target, replacement in (
            ("inbeeld.learners.seen.open_keys", lambda wanted: _NoKeys()),
            ("inbeeld.learners.file.open_keys", lambda wanted: _NoKeys()),
            ("inbeeld.learners.seen.opened_names", lambda learner, key: names),
            ("inbeeld.learners.file.opened", lambda row, name, key: "Kerkstraat 1"),
            ("inbeeld.access.ledger.Ledger.note", lambda *args, **kwargs: None),
            ("inbeeld.access.middleware.write_up", lambda actor, origin: None),
        ):
            stack.enter_context(mock.patch(target, replacement))
        yield


def main(words: list[str] | None = None) -> int:
    """Measure and print the figures as JSON, also into --out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--work", type=Path, default=ROOT / ".inbeeld" / "bench")
    parser.add_argument("--database-url", default=os.environ.get("INBEELD_BENCH_DATABASE_URL", ""))
    parser.add_argument("--out", type=Path, help="also as a file")
    asked = parser.parse_args(words)
    try:
        found = measure(asked.learners, rounds=asked.rounds, work=asked.work, url=asked.database_url)
    except DidNotFinish as reason:
        print(reason, file=sys.stderr)
        return 1
    text = json.dumps(found)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
