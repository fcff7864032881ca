"""Acting in a transaction that ends in the journal: for requests, commands and tests alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest

from inbeeld.access.actor import Actor
from inbeeld.access.row_security import name_the_actor
from inbeeld.journal import operations as journal


class NotLogged(RuntimeError):
    """What was read or done could not be written in the journal, so it may not leave and did not happen."""


@contextmanager
def acting(actor: Actor, *, origin: str) -> Iterator[Actor]:
    """One transaction in which this actor reads and writes; at its end everything is in the journal.

    `origin`: the page ("child") or command ("command:judge"). Raises NotLogged, and then nothing happened.
    """
    with transaction.atomic():
        name_the_actor(actor)
        yield actor
        write_up(actor, origin=origin)


def write_up(actor: Actor, *, origin: str) -> None:
    """Write everything this actor read and did so far in the journal; call it last in the transaction."""
    try:
        journal.append(actor.ledger.take(origin=origin))
    except Exception as why:
        raise NotLogged from why


def page_of(request: HttpRequest) -> str:
    """The name of the page, for a line: never its address, which may be that of a child."""
    match = request.resolver_match
    return (match and match.url_name) or "unknown"
