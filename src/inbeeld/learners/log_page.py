"""Who saw this child: everybody who opened, listed or changed something, and the latest lines one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet

from inbeeld.access.actor import Actor
from inbeeld.access.in_words import action_word, class_words, ground_word, person_word
from inbeeld.access.ledger import REFUSED
from inbeeld.access.lines import LISTED, SeenLine, lines_in_words, page_of_lines
from inbeeld.access.lines_of_addresses import without_hidden_addresses
from inbeeld.access.operations_ground import Did
from inbeeld.access.people import Known, Person, known_people
from inbeeld.access.permit import Permit
from inbeeld.access.scope_journal import log_of_a_child
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.to_review import shown_to_the_family

#: A page that was opened; a line of a list says only that somebody saw the name pass by.
READ = "read"
#: Their class is that of a consent, which is not read by signing it.
OF_A_CONSENT = (Did.ASK_CONSENT, Did.SIGN_CONSENT, Did.RECORD_SIGNATURE, Did.WITHDRAW_CONSENT)
_BY = ("actor", "role", "organisation")


@dataclass(frozen=True)
class Looker:
    """One person in one role at one organisation: how often, from when to when, at what, on which ground."""

    person: Person
    role: str
    organisation: str
    first_at: datetime
    last_at: datetime
    opened: int
    deeds: int
    did: str
    listed: int
    refused: int
    emergency: bool
    classes: str
    consents: str
    grounds: tuple[str, ...]


@dataclass(frozen=True)
class LogPage:
    """What one actor may read of who saw one child. `whole`: all of it; else only what one did oneself."""

    reference: UUID
    whole: bool
    lookers: tuple[Looker, ...]
    lines: tuple[SeenLine, ...]
    before: int | None
    older: int | None


def log_page(actor: Actor, permit: Permit, *, before: int | None = None) -> LogPage:
    """The log of one child. `before`: the lines before this sequence, without the summary of all.

    The family reads of an emergency after its review (to_review.py), and nobody of an address they may not
    see. Reading it is noted for the log itself.
    """
    whole = permit.may(FieldClass.LOG)
    if whole:
        actor.ledger.note(permit, whole, FieldClass.LOG)
    else:
        # What one did oneself tells nothing of the log but that the child is here.
        actor.ledger.note(permit, permit.may(FieldClass.IDE), FieldClass.IDE)
    rows = shown_to_the_family(permit, log_of_a_child(permit))
    rows = without_hidden_addresses(actor, rows, child=permit.child)
    groups = [] if before is not None else _groups(rows)
    page = page_of_lines(rows, before=before)
    known = known_people(
        actor,
        people=page.actors | {one["actor"] for one in groups},
        organisations=page.organisations | {one["organisation"] for one in groups},
    )
    if any(one.is_kin and one.key != actor.key for one in known.people.values()):
        # Who of the family looked is named to who may know the family, and then that was read too.
        actor.ledger.note(permit, permit.may(FieldClass.FAM), FieldClass.FAM)
    return LogPage(
        reference=permit.child,
        whole=bool(whole),
        lookers=_lookers(groups, _touched(rows) if groups else {}, known),
        lines=lines_in_words(page.values, known),
        before=before,
        older=page.older,
    )


def _groups(rows: QuerySet[Line]) -> list[dict[str, Any]]:
    """Per person, role and organisation, the latest first. A page that was opened counts once."""
    refused = Q(outcome=REFUSED)
    return list(
        rows.order_by()
        .values(*_BY)
        .annotate(
            first_at=Min("at"),
            last_at=Max("at"),
            opened=Count("trace", distinct=True, filter=Q(action=READ) & ~refused),
            deeds=Count("trace", distinct=True, filter=~Q(action__in=(READ, LISTED)) & ~refused),
            listed=Count("trace", distinct=True, filter=Q(action=LISTED)),
            refused=Count("trace", distinct=True, filter=refused),
            in_emergency=Count("sequence", filter=Q(emergency=True)),
            last=Max("sequence"),
        )
        .order_by(F("last").desc())
    )


@dataclass
class _Touched:
    """What one of the groups did: the classes it met, those of consents, the grounds and the deeds."""

    classes: set[str] = field(default_factory=set)
    consents: set[str] = field(default_factory=set)
    grounds: set[str] = field(default_factory=set)
    deeds: set[str] = field(default_factory=set)


def _touched(rows: QuerySet[Line]) -> dict[tuple[str, ...], _Touched]:
    """What each of the groups did."""
    found: dict[tuple[str, ...], _Touched] = {}
    wanted = rows.order_by().values_list(*_BY, "field_class", "ground", "action", "outcome").distinct()
    for *by, classes, ground, action, outcome in wanted:
        one = found.setdefault(tuple(by), _Touched())
        (one.consents if action in OF_A_CONSENT else one.classes).update(classes.split())
        one.grounds.add(ground)
        if action not in (READ, LISTED) and outcome != REFUSED:
            one.deeds.add(action)
    return found


def _lookers(
    groups: list[dict[str, Any]], touched: dict[tuple[str, ...], _Touched], known: Known
) -> tuple[Looker, ...]:
    found = []
    for group in groups:
        did = touched[tuple(group[name] for name in _BY)]
        found.append(
            Looker(
                person=known.person(group["actor"]),
                role=person_word(group["role"]),
                organisation=known.organisation(group["organisation"]),
                first_at=group["first_at"],
                last_at=group["last_at"],
                opened=group["opened"],
                deeds=group["deeds"],
                did=", ".join(sorted(action_word(one) for one in did.deeds)),
                listed=group["listed"],
                refused=group["refused"],
                emergency=bool(group["in_emergency"]),
                classes=class_words(did.classes),
                consents=class_words(did.consents),
                grounds=tuple(ground_word(one) for one in sorted(did.grounds) if one),
            )
        )
    return tuple(found)
