"""inbeeld work: read what was delivered, work in what was accepted, lay lists side by side, judge each day.

Runs until it is stopped. The tables are the queue. Killed at any moment, it goes on where it was
when it starts again. One at a time for a data folder: a second one says so and stops.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inbeeld.command_line import BAD_INPUT, Parser, set_up_django
from inbeeld.engine.refusal import BadInput
from inbeeld.journal.database import need_the_database

DONE = 0
LOCK = "work.lock"
SECONDS_BETWEEN = 1.0
SECONDS_AFTER_A_FAULT = 15.0
#: Judging a day builds all tables: what failed is not tried again at once.
SECONDS_UNTIL_THE_DAY_AGAIN = 3600.0


class AlreadyAtWork(BadInput):
    """Another worker has this data folder."""


def run(words: list[str]) -> int:
    """Work until interrupted, or, with --once, until nothing waits any more; gives the exit code."""
    parser = Parser(prog="inbeeld work", description=__doc__, allow_abbrev=False)
    parser.add_argument("--once", action="store_true", help="stop when nothing waits any more")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started it is gone"
    )
    asked = parser.parse_args(words)

    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        set_up_django()
        need_the_database()
        with the_only_one():
            _work(once=asked.once, parent=os.getppid() if asked.with_parent else None)
        return DONE
    except (ImproperlyConfigured, BadInput) as error:
        print(error, file=sys.stderr)
    except DatabaseError as error:
        print(f"The database refused, or stopped answering ({_kind(error)}).", file=sys.stderr)
    except Exception as error:  # its words could hold what stands in a row
        print(f"Something could not be worked on ({_kind(error)}).", file=sys.stderr)
    return BAD_INPUT


@contextmanager
def the_only_one() -> Iterator[None]:
    """The lock of the worker: held by a process and gone with it, so nobody has to clear it up."""
    from django.conf import settings

    with (Path(settings.INBEELD_DATA) / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyAtWork(
                str(settings.INBEELD_DATA), "a data folder where no worker is at work yet"
            ) from None
        yield


def _work(*, once: bool, parent: int | None) -> None:
    from inbeeld.deliveries.operations_publish import judge_today, sweep_snapshots
    from inbeeld.deliveries.operations_work import tidy
    from inbeeld.reconciliation import operations_work as lists

    tidy()
    lists.tidy()
    sweep_snapshots()
    day_again = 0.0
    while parent in (None, os.getppid()):
        try:
            busy = _step()
            if not busy and time.monotonic() >= day_again:
                day_again = time.monotonic() + SECONDS_UNTIL_THE_DAY_AGAIN
                busy = judge_today(_say)
        except Exception as error:
            if once:
                raise
            # The delivery keeps its state, so it is tried again; what was wrong is for who runs the server.
            print(
                f"Something could not be worked on ({_kind(error)}); trying again.",
                file=sys.stderr,
                flush=True,
            )
            _let_go()  # a connection may be what broke
            time.sleep(SECONDS_AFTER_A_FAULT)
            continue
        if not busy and once:
            return
        if not busy:
            _let_go()
            time.sleep(SECONDS_BETWEEN)


def _step() -> bool:
    """Do one thing that waits; False when nothing does. Reading first: somebody is looking."""
    from inbeeld.deliveries.inbox import take_from_inbox
    from inbeeld.deliveries.operations_publish import publish_decided
    from inbeeld.deliveries.operations_work import forget_decided, read_next
    from inbeeld.reconciliation import operations_work as lists

    try:
        return read_next(_say) or publish_decided(_say) or take_from_inbox() or lists.step(_say)
    finally:
        forget_decided()


def _let_go() -> None:
    """No connection stays open while nothing is to be done: a server may be restarted meanwhile."""
    from django.db import connections

    connections.close_all()


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _kind(error: BaseException) -> str:
    """What kind of fault: its words could hold what stands in a row."""
    return type(error.__cause__ or error).__name__
