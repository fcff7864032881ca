"""`python -m benchmarks.delivering`: from a school's yes to the list, in seconds, and what reading took.

A region on a PostgreSQL (or SQLite), a school of it, and a delivery of so many rows: received, read, laid
beside what stands, accepted, worked in. Writes a line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT
from benchmarks.on_postgresql import region_on_postgresql

LEARNERS, ROWS, ROUNDS = 30_000, 50_000, 3
HEAD = "leerling;datum;lesuur;status;reden;geoorloofd\n"
FIRST_DAY = date(2025, 8, 1)
SLOTS = 9


def measure(learners: int, rows: int, *, rounds: int, work: Path, url: str) -> dict[str, Any]:
    """Median seconds of each step. In a process of its own; the region is kept in `work`."""
    for name in ("INBEELD_MODE", "INBEELD_DATABASE_URL"):
        os.environ.pop(name, None)  # the region of this bench goes into no database but its own
    from inbeeld.site import demo

    home = demo.prepare(
        learners=learners, data=work / "site", progress=lambda line: print(line, file=sys.stderr)
    )
    with ExitStack() as stack:
        if url:
            stack.enter_context(region_on_postgresql(url, home))
        taken = [_once(home, rows, number) for number in range(rounds)]
    steps = {name: statistics.median(one[name] for one in taken) for name in taken[0]}
    return {
        "learners": learners,
        "rows": rows,
        "rounds": rounds,
        "database": "PostgreSQL" if url else "SQLite",
        **steps,
    }


def _once(home: Path, rows: int, number: int) -> dict[str, float]:
    from inbeeld.access.acting import acting
    from inbeeld.access.actor import Actor
    from inbeeld.deliveries import operations
    from inbeeld.deliveries.models import Delivery, State, Way
    from inbeeld.deliveries.operations_publish import publish_decided
    from inbeeld.deliveries.operations_work import read_next
    from inbeeld.organisations.models import Membership, Role

    membership = Membership.objects.select_related("organisation", "person").filter(
        role=Role.ATTENDANCE_COORDINATOR
    )[0]
    content = _file(home, membership.organisation.key, rows, number)
    with acting(Actor(name="", membership=membership), origin="bench") as actor:
        one, _new = operations.receive(actor, content, way=Way.FILE)
    began = time.perf_counter()
    while read_next(_quiet):
        pass
    read = time.perf_counter() - began
    one = Delivery.objects.get(pk=one.pk)
    assert one.state == State.TO_REVIEW, (one.state, one.wrong, one.counts)
    with acting(Actor(name="", membership=membership), origin="bench") as actor:
        operations.accept(actor, one, as_read=one.as_read)
    began = time.perf_counter()
    assert publish_decided(_quiet)
    worked_in = time.perf_counter() - began
    assert Delivery.objects.get(pk=one.pk).state == State.STANDS
    return {"read_and_compared": read, "from_yes_to_the_list": worked_in, "megabytes": len(content) / 1e6}


def _file(home: Path, school: str, rows: int, number: int) -> bytes:
    """So many rows of this school's learners: what is known of them, and as many more as are missing.

    Another file each time, as the same one again changes nothing: it begins a row later.
    """
    from inbeeld.engine.deliveries import marks_of_days

    marks = marks_of_days(home / "region", school=school, from_on=FIRST_DAY, until_on=date(2026, 4, 17))
    said = {(learner, on, slot): status for learner, on, slot, _, status, _, _ in marks}
    learners, days = sorted({key[0] for key in said}), sorted({key[1] for key in said})
    for day in days:
        for learner in learners:
            if len(said) >= rows + number:
                break
            said.setdefault((learner, day, 1 + (number + day.day) % SLOTS), "absent")
    chosen = sorted(said.items())[number : number + rows]
    lines = [f"{learner};{on};{slot};{status};;" for (learner, on, slot), status in chosen]
    return (HEAD + "\n".join(lines) + "\n").encode()


def _quiet(line: str) -> None:
    """Say nothing."""


def main(words: list[str] | None = None) -> int:
    """Measure and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivering", description=__doc__)
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--work", type=Path, default=ROOT / ".inbeeld" / "bench")
    parser.add_argument("--database-url", default=os.environ.get("INBEELD_BENCH_DATABASE_URL", ""))
    asked = parser.parse_args(words)
    found = measure(asked.learners, asked.rows, rounds=asked.rounds, work=asked.work, url=asked.database_url)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
