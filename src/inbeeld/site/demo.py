"""The trial on one machine: build the invented region when it is absent, then serve it. Needs no network."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inbeeld.engine.refusal import BadInput
from inbeeld.site.logs import log_class
from inbeeld.site.trial_folder import (
    DATABASE,
    MARKER,
    is_a_trial,
    is_sound,
    keyring_beside,
    move_aside,
    refuse_somebody_elses,
    secret_beside,
)

SEED = 1
HOST = "127.0.0.1"
PROJECT = Path(__file__).resolve().parents[3]
PORTS_TO_TRY = 50
STALE_AFTER_SECONDS = 6 * 60 * 60
#: What a region on disk is made by: when one of these changes, it is made anew.
MADE_BY = (
    "kernel", "engine", "journal", "keys", "organisations", "access", "learners", "alerts", "deliveries",
    "reconciliation",
    "site/demo.py", "site/trial.py", "site/trial_folder.py", "site/cast.py", "site/families.py",
    "site/lists.py",
)  # fmt: skip

Progress = Callable[[str], None]


def run(*, learners: int = 30_000, port: int = 8000, browser: bool = True, data: Path | None = None) -> int:
    """Serve the trial until Ctrl-C; returns the exit code. Refuses in production mode."""
    if os.environ.get("INBEELD_MODE") == "production" or os.environ.get("INBEELD_DATABASE_URL"):
        print(
            "The demo is a trial with invented children on SQLite: "
            "unset INBEELD_MODE and INBEELD_DATABASE_URL.",
            file=sys.stderr,
        )
        return 2
    try:
        home = prepare(learners=learners, data=data, progress=_tell)
        with (home / MARKER).open() as in_use:
            fcntl.flock(in_use, fcntl.LOCK_SH)
            return _serve(home, port=port, browser=browser)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def prepare(*, learners: int, data: Path | None, progress: Progress) -> Path:
    """The folder of the trial, built when absent, with Django set up on it. Raises BadInput."""
    from inbeeld.engine.snapshot import building

    home = _base(data) / f"demo-{learners}-{SEED}-{_made_by()}"
    if not keyring_beside(home).is_file():
        shutil.rmtree(home, ignore_errors=True)  # without its keys nobody can read it any more
    if is_a_trial(home) and not is_sound(home):
        if not _is_idle(home):
            expected = "a database that can be read; first stop the demo that uses it"
            raise BadInput(str(home / DATABASE), expected)
        move_aside(home, tell=progress)
    if is_a_trial(home):
        _set_up_django(home)
        return home
    _sweep(home)
    started = time.monotonic()
    progress(f"Building the invented region of {learners:,} learners. This happens once.")
    with building(home, made_by="inbeeld demo") as beside:
        _set_up_django(beside)
        from inbeeld.site.trial import build

        build(beside, learners=learners, seed=SEED, progress=progress)
    _move_django(home)
    progress(f"Ready in {time.monotonic() - started:.0f} seconds.")
    return home


def _base(data: Path | None) -> Path:
    """The folder in which trials are kept; one that somebody names must be empty or of trials already."""
    named = data or os.environ.get("INBEELD_DATA")
    base = Path(named or PROJECT / ".inbeeld").resolve()
    if named:
        refuse_somebody_elses(base)
    return base


def _made_by() -> str:
    """A short name for the code a region is made by."""
    from inbeeld.engine.fingerprint import PACKAGE, fingerprint

    return fingerprint(PACKAGE / part for part in MADE_BY)[:10]


def _sweep(home: Path) -> None:
    """Remove regions made by other code, and half-built ones nobody works on any more."""
    name = home.name.rsplit("-", 1)[0]
    for other in home.parent.glob(f"{name}-*"):
        if other != home and is_a_trial(other) and _is_idle(other):
            shutil.rmtree(other, ignore_errors=True)
    for half in home.parent.glob(f".{name}-*.building-*"):
        if time.time() - half.stat().st_mtime > STALE_AFTER_SECONDS:
            shutil.rmtree(half, ignore_errors=True)


def _is_idle(home: Path) -> bool:
    """Does no running demo serve this region?"""
    with (home / MARKER).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _set_up_django(home: Path) -> None:
    import django

    os.environ["INBEELD_DEMO"] = "1"
    os.environ["INBEELD_DATA"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "inbeeld.site.settings"
    os.environ["INBEELD_SECRET_KEY"] = secret_beside(home)
    os.environ["INBEELD_KEYRING"] = str(keyring_beside(home))
    django.setup()
    _key_ring(keyring_beside(home))


def _move_django(home: Path) -> None:
    """The folder got its final name: close what is open and look there."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    settings.INBEELD_DATA = home
    for database in (connections.databases["default"], connections["default"].settings_dict):
        database["NAME"] = home / DATABASE


def _key_ring(file: Path) -> None:
    """The keys of this machine's trials, beside the folders they open."""
    from inbeeld.keys.keyring import KeyRing

    if not file.is_file():
        KeyRing.create(file)


def _serve(home: Path, *, port: int, browser: bool) -> int:
    from gunicorn.app.base import BaseApplication

    free = _free_port(port)
    if free != port:
        print(f"Port {port} is taken; using {free}.")
    address = f"http://{HOST}:{free}/"

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": f"{HOST}:{free}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": 4,
                "loglevel": "error",
                "logger_class": log_class(),
                "when_ready": lambda server: _announce(address, browser=browser),
                "control_socket_disable": True,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from inbeeld.site.wsgi import application

            return application

    with _worker(home):
        try:
            Server().run()
        except SystemExit as stop:
            return int(stop.code or 0)
    return 0


@contextmanager
def _worker(home: Path) -> Iterator[None]:
    """What schools deliver is worked on beside the site, as in a region: in a process of its own."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "inbeeld", "work", "--with-parent"],
        env={**os.environ, "INBEELD_DATA": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the site, which then stops the worker
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def _announce(address: str, *, browser: bool) -> None:
    from django.db import connections
    from django.utils import translation

    from inbeeld.site import roles

    print(f"\ninbeeld runs at {address}\nEverybody in it is invented. Log in on the start page as:")
    with translation.override("en"):
        for _, cards in roles.cards():
            for card in cards:
                print(f"  {card.role:<32} {card.name}{card.place and ', '}{card.place}")
    connections.close_all()
    print("Stop with Ctrl-C.", flush=True)
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _free_port(first: int) -> int:
    """The first free port from `first` on (0: any). Raises BadInput when there is none near."""
    for port in range(first, min(first + PORTS_TO_TRY, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind((HOST, port))
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
            else:
                return int(one.getsockname()[1])
    raise BadInput("--port", "a port that is free, or one with a free port just after it", found=str(first))


def _tell(line: str) -> None:
    print(f"  {line}", flush=True)
