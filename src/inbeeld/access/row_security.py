"""The fourth wall: PostgreSQL's row-level security, made from the access table.

Who asks is named to the database for the length of a transaction; who is not named is nobody, and nobody sees
no child. An operation of a request names itself too, and only so reaches what it needs besides the table
(row_security_besides.py). SQLite has no such rules: there the other walls stand alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from inbeeld.access.actor import Actor
from inbeeld.access.row_security_actor import ABOUT, OPERATION
from inbeeld.access.row_security_besides import OPERATIONS
from inbeeld.access.row_security_commands import COMMANDS
from inbeeld.journal.naming import SETTING, named, put, said

PERSON = "person"


class NotInATransaction(RuntimeError):
    """Who asks is named until a transaction ends: without one the name would outlive who asked."""


def name_the_actor(actor: Actor, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Say to the database who asks, until the end of this transaction. Raises NotInATransaction."""
    _say(SETTING, actor.key, using=using)


def ask_only_about(child: UUID, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Until the end of this transaction the table opens no other child than this one. Raises NotInATransaction.

    It opens nothing. A page about one child reads no other's by mistake, and the database looks for one
    child instead of all of a school.
    """
    _say(ABOUT, str(child), using=using)


@contextmanager
def asking_only_about(children: Iterable[UUID], *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """The same of the children of a page of a list, for as long as this lasts; one of them stays one.

    When something fails inside, what is left of the transaction stays as narrow.
    """
    wanted = ",".join(map(str, children))
    if connections[using].vendor != "postgresql" or not wanted or said(ABOUT, using=using):
        yield
        return
    _say(ABOUT, wanted, using=using)
    yield
    _say(ABOUT, "", using=using)


@contextmanager
def naming_the_person(person: int, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Someone who logged in, by their number, looks up of whom they are kin, to choose in which role to act.

    For as long as this lasts the database shows them that, and nothing else; then it is who it was before.
    """
    with transaction.atomic(using=using):
        if connections[using].vendor != "postgresql":
            yield
            return
        around = said(SETTING, using=using)
        _say(SETTING, f"{PERSON}:{person}", using=using)
        yield
        _say(SETTING, around, using=using)


def operating(name: str, *, using: str = DEFAULT_DB_ALIAS) -> AbstractContextManager[None]:
    """Let an operation of the named actor reach what it needs besides the table, for as long as this lasts.

    A transaction of its own, or part of the one around it: `with operating("grant"):`, or as a decorator
    instead of transaction.atomic. `name`: one of row_security_besides.OPERATIONS; another raises LookupError.
    """
    if name not in OPERATIONS:
        raise LookupError(f"The fourth wall knows no operation {name}: see row_security_besides.OPERATIONS.")
    return _operating(name, using=using)


@contextmanager
def _operating(name: str, *, using: str) -> Iterator[None]:
    with transaction.atomic(using=using):
        if connections[using].vendor != "postgresql":
            yield
            return
        around = said(OPERATION, using=using)
        _say(OPERATION, name, using=using)
        yield
        # After an error the savepoint takes the name back by itself.
        _say(OPERATION, around, using=using)


def commanding(name: str, *, using: str = DEFAULT_DB_ALIAS) -> AbstractContextManager[None]:
    """Let a command reach the tables it works on, for as long as this lasts, over several transactions.

    `name`: one of row_security_commands.COMMANDS; another raises LookupError. It counts only for the roles of
    the database that run commands: for the one that answers requests it is nobody. Commands connect to the
    server itself, not through a pooler of transactions: there the name would not stay with the connection.
    """
    if name not in COMMANDS:
        raise LookupError(f"The fourth wall knows no command {name}: see row_security_commands.COMMANDS.")
    return named(name, using=using)


def _say(setting: str, value: str, *, using: str) -> None:
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    if not connection.in_atomic_block:
        raise NotInATransaction("Who asks is named inside the transaction in which it is asked.")
    put(setting, value, until_the_end=True, using=using)
