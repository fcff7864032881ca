"""What the journal says of logging in: who came in or did not, in which role, and what they log in with.

Keys only: no name, no address, nothing of what was typed. A line is written in the transaction of what it
tells of, in the name of who acts in a role, else of the person by number, else of a visitor.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest

from inbeeld.access.acting import page_of
from inbeeld.access.actor import Actor
from inbeeld.access.ledger import ALLOWED, REFUSED
from inbeeld.access.vouching import only_word_of
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.organisations import operations_people

#: Who has shown nothing that tells who they are.
VISITOR = "visitor:unknown"


class Did(StrEnum):
    """What the journal calls what somebody did to get in."""

    LOG_IN = "log_in"
    CHOOSE_ROLE = "choose_role"
    ADD_APP = "add_app"
    REMOVE_APP = "remove_app"
    ADD_PASSKEY = "add_passkey"
    REMOVE_PASSKEY = "remove_passkey"
    NEW_CODES = "new_codes"
    SET_PASSWORD = "set_password"  # noqa: S105  (a word of the journal)
    CHANGE_PASSWORD = "change_password"  # noqa: S105


def note(request: HttpRequest, action: Did, *, person: Any, about: str = "") -> None:
    """Write the line of something a person did. `about`: kind and key, if it is not the person.

    In a transaction; for who acts in a role the line waits in their ledger, to be written at its end.
    """
    _note(request, action, by=f"person:{person.pk}", about=about or f"person:{person.pk}", outcome=ALLOWED)


def asker(request: HttpRequest) -> str:
    """In whose name what this request does is written: the role they act in, else the person."""
    actor: Actor | None = getattr(request, "actor", None)
    return f"person:{request.user.pk}" if actor is None else actor.key


def log_in_failed(request: HttpRequest, *, person: Any = None, email: str = "") -> None:
    """Write that somebody did not get in as this person, given by themselves or by their address.

    For an address nobody has the same is done and taken back: how long an answer takes must not tell who has
    an account, and nobody may fill the journal with inventions.
    """
    with transaction.atomic():
        if person is None and email:
            person = get_user_model().objects.filter(email__iexact=email).first()
        about = "" if person is None else f"person:{person.pk}"
        _note(request, Did.LOG_IN, by=VISITOR, about=about, outcome=REFUSED, keep=person is not None)


def _note(request: HttpRequest, action: Did, *, by: str, about: str, outcome: str, keep: bool = True) -> None:
    actor: Actor | None = getattr(request, "actor", None)
    deed = Deed(
        trace=uuid.uuid4() if actor is None else actor.trace,
        actor=by if actor is None else actor.key,
        organisation="" if actor is None else actor.organisation_key,
        role="" if actor is None else actor.role,
        action=action,
        object=about,
        outcome=outcome,
        origin=page_of(request),
    )
    if actor is None:
        journal.append([deed])
        if not keep:
            transaction.set_rollback(True)
    elif keep:
        actor.ledger.add(deed)


@contextmanager
def changing(request: HttpRequest, action: Did) -> Iterator[None]:
    """Around a change of what somebody logs in with: on whose word, the change and its line, or nothing.

    Whatever is set up on nobody's word but that of an organisation's log-in is marked so beforehand.
    """
    with transaction.atomic():
        operations_people.note_who_vouches(request.user, only_word_of(request))
        yield
        note(request, action, person=request.user)
