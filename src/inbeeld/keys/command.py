"""The command `inbeeld keys`: make the key ring, rotate its master key, retire an old one, say how it stands.

It never prints a key. Exit codes: 0 done, 2 refused (one sentence on stderr).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inbeeld.command_line import (
    BAD_INPUT,
    Parser,
    amiss_with_the_database,
    has_no_database_yet,
    set_up_django,
)
from inbeeld.journal.naming import named


class _Refused(Exception):
    """What was asked cannot be done; str() is the sentence."""


def run(words: list[str]) -> int:
    """Run `inbeeld keys` with these arguments; returns the exit code."""
    try:
        chosen = _parser().parse_args(words)
    except SystemExit as end:  # help, or a wrong argument that was said already
        return int(end.code or 0)
    try:
        set_up_django()
        with named("keys"):
            return int(chosen.act(chosen) or 0)
    except _expected() as refusal:
        print(f"inbeeld keys: {_sentence(refusal)}", file=sys.stderr)
        return BAD_INPUT


def _expected() -> tuple[type[Exception], ...]:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from inbeeld.keys.keyring import KeyRingUnusable

    return _Refused, KeyRingUnusable, ImproperlyConfigured, DatabaseError


def _sentence(refusal: Exception) -> str:
    from django.db import DatabaseError

    if not isinstance(refusal, DatabaseError):
        return str(refusal)
    said = (str(refusal).splitlines() or [""])[0].rstrip(".")
    return f"the database cannot be used: {said}."


def _say(line: str) -> None:
    print(line, flush=True)


def _data_keys(number: int) -> str:
    return f"{number:,} data key{'' if number == 1 else 's'}"


def _tell(done: int, of: int) -> None:
    print(f"{done:,} of {of:,} data keys", file=sys.stderr, flush=True)


def _need_the_database() -> None:
    if amiss := amiss_with_the_database():
        raise _Refused("{}: expected {}.".format(*amiss))


# --- the commands ------------------------------------------------------------------------------


def _create(chosen: argparse.Namespace) -> None:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError, connection

    from inbeeld.keys.keyring import KeyRing
    from inbeeld.keys.models import DataKey

    path = getattr(settings, "INBEELD_KEYRING", None)
    if not path:
        raise ImproperlyConfigured("INBEELD_KEYRING is not set: the path of the key ring.")
    try:
        kept = 0 if has_no_database_yet() else DataKey.objects.filter(shredded_at__isnull=True).count()
    except (OperationalError, ProgrammingError) as error:
        if isinstance(error, OperationalError) and connection.vendor != "sqlite":
            raise  # a server that does not answer may well hold data keys
        kept = 0  # no table yet, as on a new system
    if kept:
        raise _Refused(
            f"the database holds {_data_keys(kept)} of an earlier key ring; a new one cannot open them. "
            f"Put a copy of that one back at {path}."
        )
    ring = KeyRing.create(Path(path))
    _say(f"A new key ring is in {path}, with master key {ring.current}.")
    _say("Keep a copy of it in a safe place, never beside the database or its backups:")
    _say("without it nothing that is sealed can be read again, by anybody.")


def _rotate(chosen: argparse.Namespace) -> None:
    from inbeeld.keys.keyring import current_ring
    from inbeeld.keys.operations import rotate

    _need_the_database()
    done = rotate(progress=_tell)
    _say(f"Wrapped with master key {done.master}: {_data_keys(done.rewrapped)}.")
    if done.damaged:
        _say(f"Left as they are, because they do not open: {_data_keys(done.damaged)}.")
    old = [name for name in current_ring().masters if name != done.master]
    _say(
        "Make a new copy of the key ring now: a copy from before does not open what is wrapped from here on."
    )
    if old and not done.damaged:
        _say(f"When that is done, take off the old master key: inbeeld keys retire {old[0]}")


def _retire(chosen: argparse.Namespace) -> None:
    from inbeeld.keys.operations import retire_master

    _need_the_database()
    gone = retire_master(chosen.master)
    _say(f"Master key {chosen.master} is off the key ring.")
    if gone:
        _say(f"Shredded before, and now also beyond older backups of the database: {_data_keys(gone)}.")
    _say("Destroy older copies of the key ring; they still hold it.")


def _status(chosen: argparse.Namespace) -> None:
    from django.db.models import Count, Q

    from inbeeld.keys.keyring import current_ring
    from inbeeld.keys.models import DataKey

    _need_the_database()
    ring = current_ring()
    counts = {
        master: (live, shredded)
        for master, live, shredded in DataKey.objects.values_list("master")
        .annotate(
            live=Count("id", filter=Q(shredded_at__isnull=True)),
            shredded=Count("id", filter=Q(shredded_at__isnull=False)),
        )
        .order_by("master")
    }
    _say(f"key ring    {ring.path}")
    _say(f"lookup key  {ring.lookup.id}  made on {ring.lookup.made_on}")
    for key in sorted(ring.masters.values(), key=lambda one: (one.made_on, one.id)):
        live, shredded = counts.pop(key.id, (0, 0))
        now = "current" if key.id == ring.current else "old"
        _say(
            f"master key  {key.id}  made on {key.made_on}  {now}: "
            f"wraps {_data_keys(live)}; {shredded:,} shredded"
        )
    lost = sum(live for live, _ in counts.values())
    retired = sum(shredded for _, shredded in counts.values())
    _say(f"retired     {_data_keys(retired)} shredded under master keys that are gone")
    if lost:
        raise _Refused(
            f"the master keys of {_data_keys(lost)} are not on this key ring; "
            "does it belong to this database? Put a copy of the right one back."
        )


# --- their arguments ---------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="inbeeld keys",
        description="The key ring: the keys without which nothing about a child can be read.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser, required=True)
    for name, act, does in (
        ("create", _create, "make a new key ring where INBEELD_KEYRING says; never replaces one"),
        ("rotate", _rotate, "add a master key and wrap all data keys with it; or finish doing so"),
        ("retire", _retire, "take an old master key, that no data key needs any more, off the ring"),
        ("status", _status, "say which keys there are and how many data keys each wraps; never a key"),
    ):
        made = commands.add_parser(name, help=does, description=does, allow_abbrev=False)
        made.set_defaults(act=act)
        if name == "retire":
            made.add_argument("master", metavar="ID", help="the id of the master key, from status")
    return parser
