"""`python -m benchmarks.reading`: what logging and decryption add to the time of a page, in one run.

The same pages of the same region are asked for in turn: as they are, and with names that need no opening and
no line in the journal. Writes a line of JSON: median seconds of each, and their ratio, per page and database.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 40
LEARNERS = 10_000
WARM = 3


def main(words: list[str] | None = None) -> int:
    """Measure and print. With --database the region is loaded into that (new, empty) PostgreSQL database."""
    asked = _parser().parse_args(words)
    region = _region(asked.learners, work=asked.work, database=asked.database)
    print(json.dumps({"learners": asked.learners, "rounds": asked.rounds, **_measure(region, asked.rounds)}))
    return 0


def _region(learners: int, *, work: Path, database: str) -> dict[str, Any]:
    from inbeeld.site import demo

    home = demo.prepare(learners=learners, data=work, progress=lambda line: print(line, file=sys.stderr))
    if database:
        _load_into(database, home)
    from inbeeld.learners.snapshot import current_judgement
    from inbeeld.organisations.models import Membership, Role

    judgement = current_judgement()
    assert judgement is not None
    membership = Membership.objects.filter(role=Role.LEERPLICHT_DESK).select_related("person").first()
    assert membership is not None
    return {"membership": membership, "database": "PostgreSQL" if database else "SQLite"}


def _load_into(database: str, home: Path) -> None:
    """The same region in another database, by the same loading."""
    from django.core.management import call_command
    from django.db import connections

    from inbeeld.site import settings as ours
    from inbeeld.site import trial

    connections.close_all()
    connections.databases["default"].update({"OPTIONS": {}} | ours._postgresql(database))
    del connections["default"]
    call_command("migrate", verbosity=0, interactive=False)
    trial.load(home, tables=home / "region", judged=home / "judged")


def _measure(region: dict[str, Any], rounds: int) -> dict[str, Any]:
    from django.test import Client
    from django.test.utils import setup_test_environment

    from inbeeld.access.actor import MEMBERSHIP, Actor
    from inbeeld.learners.models import Learner

    setup_test_environment()
    client = Client()
    client.force_login(region["membership"].person)
    session = client.session
    session[MEMBERSHIP] = region["membership"].pk
    session.save()
    actor = Actor(name="", membership=region["membership"])
    child = Learner.objects.visible_to(actor).filter(standing__stage=2).order_by("pk").first()
    assert child is not None
    pages = {"list of 50": "/in-beeld/?definition=everyone", "child": f"/kind/{child.reference}/"}
    found: dict[str, Any] = {"database": region["database"]}
    for name, address in pages.items():
        found[name] = _in_turn(lambda address=address: _ask(client, address), rounds)
    return found


def _ask(client: Any, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    taken = time.perf_counter() - began
    assert answer.status_code == 200, (address, answer.status_code)
    return taken


def _in_turn(ask: Callable[[], float], rounds: int) -> dict[str, float]:
    whole: list[float] = []
    bare: list[float] = []
    for number in range(WARM + rounds):
        one = ask()
        with _without_log_and_keys():
            other = ask()
        if number >= WARM:
            whole.append(one)
            bare.append(other)
    seconds, without = statistics.median(whole), statistics.median(bare)
    paired = statistics.median(one / other for one, other in zip(whole, bare, strict=True))
    return {"seconds": seconds, "without": without, "ratio": paired}


class _NoKeys(dict):  # type: ignore[type-arg]
    """A key for everything, that opens nothing."""

    def __missing__(self, key: object) -> None:
        return None


@contextmanager
def _without_log_and_keys() -> Iterator[None]:
    """Names without opening, pages without a journal: what the ratio is measured against."""
    names = {"call_name": "Fenna", "last_name": "Brinkhof"}
    with ExitStack() as stack:
        for target, replacement in (
            ("inbeeld.learners.seen.open_keys", lambda wanted: _NoKeys()),
            ("inbeeld.learners.file.open_keys", lambda wanted: _NoKeys()),
            ("inbeeld.learners.seen.opened_names", lambda learner, key: names),
            ("inbeeld.access.ledger.Ledger.note", lambda *args, **kwargs: None),
            ("inbeeld.access.middleware.write_up", lambda actor, origin: None),
        ):
            stack.enter_context(mock.patch(target, replacement))
        yield


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--work", type=Path, default=ROOT / ".inbeeld" / "bench")
    parser.add_argument("--database", default=os.environ.get("INBEELD_BENCH_DATABASE_URL", ""))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
