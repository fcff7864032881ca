"""Poolers of transactions for tests: many clients, few connections to the server, and nothing reset between.

One written here, which runs wherever the tests do; and the real PgBouncer, where it is on the machine.
"""

from __future__ import annotations

import os
import queue
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

BOUNCER = "pgbouncer"
NO_BOUNCER = "no PgBouncer on this machine (apt install pgbouncer)"
PATIENCE = 10.0


class Pool(Protocol):
    """Lends a connection for one transaction; what is raised inside rolls it back, and is raised again."""

    def transaction(self) -> AbstractContextManager[psycopg.Cursor[Any]]: ...


class SharedConnections:
    """Several clients sharing connections, a transaction each, as a pooler in transaction mode does."""

    def __init__(self, shared: list[psycopg.Connection[Any]]) -> None:
        self._free: queue.SimpleQueue[psycopg.Connection[Any]] = queue.SimpleQueue()
        for one in shared:
            self._free.put(one)

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Cursor[Any]]:
        lent = self._free.get(timeout=PATIENCE)
        try:
            with lent.transaction(), lent.cursor() as cursor:
                yield cursor
        finally:
            self._free.put(lent)


class ThroughBouncer:
    """Each thread has its own connection to PgBouncer, which has few to the server."""

    def __init__(self, **parameters: Any) -> None:
        self._parameters = parameters
        self._of_this_thread = threading.local()
        self._all: list[psycopg.Connection[Any]] = []

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Cursor[Any]]:
        mine = getattr(self._of_this_thread, "connection", None)
        if mine is None:
            # As Django connects: PgBouncer of before 1.21 knows no prepared statements.
            mine = psycopg.connect(**self._parameters, prepare_threshold=None, autocommit=True)
            self._of_this_thread.connection = mine
            self._all.append(mine)
        with mine.transaction(), mine.cursor() as cursor:
            yield cursor

    def close(self) -> None:
        for one in self._all:
            one.close()


@contextmanager
def bouncer(server: dict[str, Any], *, connections: int) -> Iterator[dict[str, Any]]:
    """A PgBouncer in transaction mode before a server; gives how psycopg connects to it.

    `server`: how psycopg connects to the server. Raises LookupError where there is no PgBouncer.
    """
    program = shutil.which(BOUNCER, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise LookupError(NO_BOUNCER)
    # Not in a folder of root: it refuses to run as root, and becomes nobody.
    home = Path(tempfile.mkdtemp(prefix="inbeeld-pooling-", dir="/tmp"))
    home.chmod(0o755)
    port = _free_port()
    behind = " ".join(f"{name}={value}" for name, value in server.items())
    (home / "pooler.ini").write_text(
        f"[databases]\npooled = {behind}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = transaction\ndefault_pool_size = {connections}\nmax_client_conn = 100\n"
    )
    # It says what it does in many lines: to a file, which nobody waits for.
    command = [program, "-q", *(["-u", "nobody"] if os.geteuid() == 0 else []), str(home / "pooler.ini")]
    with (home / "log").open("wb") as log:
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/tmp")
    try:
        found = {"host": "127.0.0.1", "port": port, "dbname": "pooled", "user": server["user"]}
        _wait_for(found, running, home / "log")
        yield found
    finally:
        running.terminate()
        running.wait(PATIENCE)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(parameters: dict[str, Any], running: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(**parameters, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PgBouncer did not start: {log.read_text('utf-8')}") from None
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
