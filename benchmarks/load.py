"""`python -m benchmarks.load`: how long pages take while fifty people work, on PostgreSQL behind the wall.

A region, a person of each kind at many schools, the server as in production (gunicorn, two processes, the
role that answers requests, every read logged and every name opened). Each user asks for a page, reads for
some seconds, and goes on. Writes a line of JSON, and a table.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.measure import ROOT, DidNotFinish
from benchmarks.on_postgresql import behind_the_wall

LEARNERS, USERS, SECONDS, THINK = 30_000, 50, 60, 5.0
#: How many users of a role at schools of their own; the others are one of each at the SWV and elsewhere.
AT_SCHOOLS = {"care_coordinator": 25, "attendance_coordinator": 12}
#: Who sees one school is led to it.
ANSWERED = (200, 302)
SERVER = {"workers": 2, "worker_class": "gthread", "threads": 4, "timeout": 60, "loglevel": "error"}


@dataclass(frozen=True)
class User:
    """Somebody who is logged in, and the pages they go to in turn: name and address."""

    cookie: str
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """One page that was asked for."""

    page: str
    seconds: float
    size: int
    status: int


def measure(
    learners: int,
    users: int,
    *,
    seconds: float,
    think: float,
    open_signals: int | None = None,
    agreements: int = 0,
    work: Path,
    url: str,
) -> dict[str, Any]:
    """What each page took. In a process of its own. Raises DidNotFinish when a page is not answered.

    `open_signals`: so many are left open, drawn by lot; None: all of the invented region, where none was
    ever dealt with. `agreements`: so many about children in sight, some moved, some done.
    """
    for name in ("INBEELD_MODE", "INBEELD_DATABASE_URL"):
        os.environ.pop(name, None)  # the region of this bench goes into no database but its own
    from inbeeld.site import demo

    home = demo.prepare(
        learners=learners, data=work / "site", progress=lambda line: print(line, file=sys.stderr)
    )
    from django.conf import settings

    settings.INBEELD_TRIAL = False  # a region has no stories beside its list
    with behind_the_wall(url, home) as as_the_role_for_requests:
        _appoint()
        if open_signals is not None:
            _leave_open(open_signals)
        _agree(agreements)
        counts, everybody = _counts(), _users(users)
        as_the_role_for_requests()
        with _serving() as port:
            asked = _work(port, everybody, seconds=seconds, think=think)
    failed = sorted({(one.page, one.status) for one in asked if one.status not in ANSWERED})
    if failed or not asked:
        raise DidNotFinish(f"not answered: {failed or 'nothing was asked'}")
    return {
        "learners": learners, "users": len(everybody), "seconds": seconds, "think": think, **counts,
        "pages_a_second": round(len(asked) / seconds, 1), "pages": _by_page(asked),
    }  # fmt: skip


def _counts() -> dict[str, int]:
    """What is in the region."""
    from inbeeld.agreements.models import Agreement
    from inbeeld.alerts.models import Alert
    from inbeeld.organisations.models import Kind, Organisation

    return {
        "schools": Organisation.objects.filter(kind=Kind.SCHOOL).count(),
        "open_signals": Alert.for_operations.filter(closed_on__isnull=True).count(),
        "agreements": Agreement.for_operations.count(),
    }


def _appoint() -> None:
    """Colleagues at as many schools as are needed."""
    from inbeeld.organisations import operations
    from inbeeld.organisations.models import Kind, Organisation, Role

    schools = list(Organisation.objects.filter(kind=Kind.SCHOOL).order_by("key"))
    for role, number in AT_SCHOOLS.items():
        for at in range(number):
            school = schools[(at * 7) % len(schools)]
            operations.appoint(
                ("Noor", f"Veenstra {role} {at}"), role=Role(role), at=school, from_on=date(2025, 8, 1)
            )


def _leave_open(number: int) -> None:
    """Close all other signals, as if they had been dealt with before."""
    from inbeeld.alerts.models import Alert

    opened = Alert.for_operations.filter(closed_on__isnull=True)
    keys = list(opened.order_by("learner__key", "rule").values_list("pk", flat=True))
    left = random.Random(1).sample(keys, min(number, len(keys)))
    opened.exclude(pk__in=left).update(closed_on=date(2026, 11, 1))


def _agree(number: int) -> None:
    """Agreements about children by lot, sealed as all are; every third was moved, and every third done."""
    from django.utils import timezone

    from inbeeld.agreements.models import Agreement, Step
    from inbeeld.keys.operations import keys_for_many
    from inbeeld.keys.sealing import seal_into
    from inbeeld.learners.models import Learner
    from inbeeld.organisations.models import Membership, Role

    dice, now, today = random.Random(2), timezone.now(), timezone.localdate()
    doer = Membership.objects.filter(role=Role.SWV_ADVISER).select_related("organisation").first()
    at_home = Learner.for_operations.filter(standing__in_sight=True, standing__stage__gte=2)
    in_sight = list(at_home.order_by("key"))
    if not number or doer is None or not in_sight:
        return
    keys = keys_for_many((one.reference for one in in_sight), group="facts", keyholder=doer.organisation.key)
    made, steps = [], []
    for at in range(number):
        child = dice.choice(in_sight)
        one = Agreement(
            learner=child, doer="member", doer_member=doer, due_on=today + timedelta(dice.randrange(-5, 40)),
            organisation=doer.organisation, written_by=doer, written_at=now,
        )  # fmt: skip
        seal_into(one, "what", f"Elke maandag bellen, stap {at}", key=keys[child.reference])
        made.append(one)
        if at % 3:
            said, to_on = ("done", None) if at % 3 == 1 else ("moved", one.due_on + timedelta(7))
            steps.append(
                Step(
                    agreement=one, learner=child, said=said, to_on=to_on, organisation=doer.organisation,
                    written_by=doer, written_at=now,
                )
            )  # fmt: skip
    Agreement.for_operations.bulk_create(made)
    Step.for_operations.bulk_create(steps)


def _users(number: int) -> list[User]:
    """So many people of the region with a session of a passkey, and the pages they open."""
    from django.conf import settings

    from inbeeld.access.actor import Actor
    from inbeeld.access.tests.signing_in import by_passkey
    from inbeeld.organisations.models import Membership

    found = []
    for membership in Membership.objects.select_related("person", "organisation").order_by("pk"):
        actor = Actor(name="", membership=membership)
        if not actor.has_a_list:
            continue
        client = by_passkey(membership.person, acting=membership)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        found.append(User(cookie, tuple(_pages(actor))))
        if len(found) == number:
            break
    return found


def _pages(actor: Any) -> Iterator[tuple[str, str]]:
    """The pages of a working morning."""
    from inbeeld.deliveries.operations import may_deliver
    from inbeeld.deliveries.watch import watches
    from inbeeld.learners.models import Learner
    from inbeeld.organisations.models import Kind

    children = Learner.objects.visible_to(actor).filter(standing__in_sight=True).order_by("pk")
    references = list(children.values_list("reference", flat=True)[:20])
    yield "Mijn werk", "/mijn-werk/"
    yield "In beeld", "/in-beeld/?definition=everyone"
    for reference in references[:1]:
        yield "page of a child", f"/kind/{reference}/"
    yield "Uit beeld", "/uit-beeld/"
    yield "Afspraken", "/afspraken/?scope=everything"
    place = actor.organisation
    if place.kind != Kind.SCHOOL:
        yield "schools", "/school/"
    else:
        yield "page of a school", f"/school/{place.key}/"
        yield "visit sheet", f"/school/{place.key}/bezoek/"
    for reference in references[1:3]:
        yield "page of a child", f"/kind/{reference}/"
    if may_deliver(actor) or watches(actor):
        yield "Aanleveringen", "/aanleveringen/"
    yield "Berichten", "/berichten/"


@contextmanager
def _serving() -> Iterator[int]:
    """The server in processes of its own, with the settings of this one; the port it listens on."""
    from django.db import connections

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    connections.close_all()
    server = multiprocessing.get_context("fork").Process(target=_serve, args=(port,), daemon=False)
    server.start()
    try:
        for _ in range(300):
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.join(20)


def _serve(port: int) -> None:
    from django.core.wsgi import get_wsgi_application
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in {**SERVER, "bind": f"127.0.0.1:{port}"}.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return get_wsgi_application()

    Server().run()


def _work(port: int, users: list[User], *, seconds: float, think: float) -> list[Asked]:
    """Everybody works at once; what they asked for, without the first page of each, which warms up."""
    asked: list[Asked] = []
    until = time.monotonic() + seconds

    def one(user: User, dice: random.Random) -> None:
        time.sleep(dice.uniform(0, think))
        number = first = dice.randrange(len(user.pages))
        while time.monotonic() < until:
            name, address = user.pages[number % len(user.pages)]
            answered = _ask(port, name, address, user.cookie)
            if number > first:
                asked.append(answered)
            number += 1
            time.sleep(dice.uniform(0.5, 1.5) * think)

    threads = [threading.Thread(target=one, args=(user, random.Random(at))) for at, user in enumerate(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return asked


def _ask(port: int, name: str, address: str, cookie: str) -> Asked:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookie})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return Asked(name, time.perf_counter() - began, len(content), answer.status)


def _by_page(asked: list[Asked]) -> dict[str, dict[str, float]]:
    found: dict[str, list[Asked]] = {}
    for one in asked:
        found.setdefault(one.page, []).append(one)
    return {
        name: {
            "asked": len(rows),
            "median_ms": round(1000 * median(one.seconds for one in rows)),
            "p95_ms": round(1000 * _p95([one.seconds for one in rows])),
            "most_ms": round(1000 * max(one.seconds for one in rows)),
            "kilobytes": round(max(one.size for one in rows) / 1000),
        }
        for name, rows in sorted(found.items())
    }


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def as_table(result: dict[str, Any]) -> str:
    """The figures as people read them."""
    head = (
        f"{result['users']} users, {result['learners']:,} learners, {result['schools']} schools,"
        f" {result['open_signals']:,} open signals, {result['agreements']:,} agreements;"
        f" {result['pages_a_second']} pages a second\n\n"
        "| Page | asked | median | p95 | most | kB |\n|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(
        f"| {name} | {row['asked']} | {row['median_ms']} ms | {row['p95_ms']} ms | {row['most_ms']} ms"
        f" | {row['kilobytes']} |"
        for name, row in result["pages"].items()
    )


def main(words: list[str] | None = None) -> int:
    """Measure; print the table, and the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--open-signals", type=int, help="so many left open, by lot (all of them)")
    parser.add_argument("--agreements", type=int, default=0, help="about children in sight, by lot (none)")
    parser.add_argument("--think", type=float, default=THINK, help="seconds a user reads, on average (5)")
    parser.add_argument("--work", type=Path, default=ROOT / ".inbeeld" / "bench")
    parser.add_argument("--database-url", default=os.environ.get("INBEELD_BENCH_DATABASE_URL", ""))
    asked = parser.parse_args(words)
    if not asked.database_url:
        parser.error("a PostgreSQL and its superuser are needed: --database-url")
    found = measure(
        asked.learners, asked.users, seconds=asked.seconds, think=asked.think,
        open_signals=asked.open_signals, agreements=asked.agreements, work=asked.work, url=asked.database_url,
    )  # fmt: skip
    print(as_table(found))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
