"""Handing in and working it in, as the tests of this room do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.deliveries import operations
from inbeeld.deliveries.models import Delivery, State, Way
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import forget_decided, read_next
from inbeeld.engine import reading
from inbeeld.learners.snapshot import current_judgement, tables_of
from inbeeld.learners.tests.at_work import again
from inbeeld.organisations.models import Organisation

HEAD = "leerling;datum;lesuur;status;reden;geoorloofd"


@dataclass(frozen=True)
class School:
    """A school and the keys of who is enrolled there."""

    organisation: Organisation
    learners: list[str]


def row(
    learner: str, on: date, slot: int, status: str = "absent", reason: str = "", permission: str = ""
) -> str:
    """A line of a table of absence."""
    return f"{learner};{on};{slot};{status};{reason};{permission}"


def table(rows: Iterable[str], head: str = HEAD) -> bytes:
    return "\n".join([head, *rows, ""]).encode()


def hand_in(actor: Actor, content: bytes, **more: Any) -> Delivery:
    """Receive it as this actor, and read it."""
    one = received(actor, content, **more)
    while read_next(quiet):
        pass
    return now(one)


def received(actor: Actor, content: bytes, **more: Any) -> Delivery:
    with acting(again(actor), origin="test") as who:
        return operations.receive(who, content, way=Way.FILE, **more)[0]


def decide(deed: Any, actor: Actor, one: Delivery, *arguments: Any, **more: Any) -> Delivery:
    """One of the operations on a delivery, as this actor, in a transaction of its own."""
    with acting(again(actor), origin="test") as who:
        deed(who, one, *arguments, **more)
    return now(one)


def accept(actor: Actor, one: Delivery) -> Delivery:
    """Accept what was compared, and work it in."""
    decide(operations.accept, actor, one, as_read=one.as_read)
    publish_decided(quiet)
    forget_decided()
    return now(one)


def now(one: Delivery) -> Delivery:
    return Delivery.objects.select_related("school").get(pk=one.pk)


def standing_marks(school: School) -> list[tuple[Any, ...]]:
    """The marks of a school in the tables everybody is judged by."""
    judgement = current_judgement()
    assert judgement is not None
    folder = tables_of(judgement)
    files = (
        [folder / "marks.parquet"]
        if (folder / "marks.parquet").is_file()
        else sorted((folder / "marks").iterdir())
    )
    return sorted(
        (one["learner"], one["date"], one["slot"], one["status"], str(one["permission"]))
        for file in files
        for one in reading.rows(file)
        if one["school"] == school.organisation.key
    )


def quiet(line: str) -> None:
    """Say nothing."""


__all__ = [
    "HEAD",
    "School",
    "State",
    "accept",
    "decide",
    "hand_in",
    "now",
    "quiet",
    "received",
    "row",
    "standing_marks",
    "table",
]
