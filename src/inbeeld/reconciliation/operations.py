"""Rounds and the lists handed in for them. With the other operations_….py the only place that writes here.

Each list is of one organisation, and only who keeps it hands it in. Read, it is frozen: what comes of it can
be worked out again by anybody who may, and says the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NoReturn
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from inbeeld.access import operations_ground
from inbeeld.access.actor import Actor
from inbeeld.access.ledger import ALLOWED, REFUSED
from inbeeld.access.refusal import Refused
from inbeeld.deliveries.operations import why_not_taken_in
from inbeeld.journal.deed import Deed
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.rounds import due_on, next_round_on
from inbeeld.organisations.models import Membership
from inbeeld.reconciliation import places, policies
from inbeeld.reconciliation.models import (
    UNDER_WAY,
    Comparison,
    Handed,
    ListState,
    Round,
    RoundState,
)

FEWEST_LISTS = 2


class Did(StrEnum):
    """What the journal calls what was done with lists."""

    BEGIN_ROUND = "begin_round_of_lists"
    HAND_IN = "hand_in_list"
    TAKE_BACK = "take_back_list"
    LEAVE_OUT = "leave_out_list"
    LOOK = "look_at_lists"
    SHARE = "share_list"
    END_SHARING = "end_sharing_list"
    APPOINT_REVIEWER = "appoint_reviewer_of_lists"
    END_REVIEWER = "end_reviewer_of_lists"
    SAY_REASON = "say_reason_of_lists"
    SAY_PAIR = "say_pair_of_lists"
    SETTLE = "settle_difference_of_lists"
    CHECK_LINK = "check_link_of_lists"
    TAKE_OUT = "take_out_differences_of_lists"


@transaction.atomic
def begin_round(actor: Actor, comparison: Comparison) -> Round:
    """Ask every party for its list as it is today. Raises Refused."""
    if not policies.leads(actor, comparison):
        refuse(actor, Did.BEGIN_ROUND, _("Only who leads these lists begins a round."), comparison)
    one_at_a_time(comparison)
    if Round.objects.filter(comparison=comparison, state__in=UNDER_WAY).exists():
        refuse(actor, Did.BEGIN_ROUND, _("A round is under way already."), comparison)
    made = begin(comparison, on=actor.today, at=actor.at, by=actor.membership)
    did(actor, Did.BEGIN_ROUND, made)
    return made


def begin_due_rounds(*, on: date, at: datetime) -> list[Round]:
    """The rounds whose day has come by the rhythm of their comparison; the first one is begun by a person."""
    made = []
    for comparison in Comparison.objects.filter(ended_at__isnull=True):
        with transaction.atomic():
            one_at_a_time(comparison)
            last = comparison.rounds.first()
            if last is None or last.state in UNDER_WAY:
                continue
            if on >= next_round_on(last_on=last.on, every_days=comparison.every_days):
                made.append(begin(comparison, on=on, at=at, by=None))
    return made


def begin(comparison: Comparison, *, on: date, at: datetime, by: Membership | None) -> Round:
    """A round, asked of every party; in the transaction of the caller, who looked that none is under way."""
    last = comparison.rounds.aggregate(last=Max("number"))["last"] or 0
    made = Round.objects.create(
        comparison=comparison, number=last + 1, on=on, asked_at=at, asked_by=by,
        due_on=due_on(begun_on=on, days_to_deliver=comparison.days_to_deliver),
    )  # fmt: skip
    Handed.objects.bulk_create(Handed(round=made, party=one) for one in policies.parties_of(comparison))
    return made


@transaction.atomic
def hand_in(actor: Actor, handed: Handed, content: bytes) -> None:
    """Take in the list of a party: it waits to be read, and is then frozen. Raises Refused."""
    now = _asked(actor, handed, Did.HAND_IN)
    if now.state not in (ListState.ASKED, ListState.UNUSABLE, ListState.LEFT_OUT):
        refuse(actor, Did.HAND_IN, _("This list was handed in already, and changes no more."), now)
    if sentence := why_not_taken_in(content):
        refuse(actor, Did.HAND_IN, sentence, now)
    digest = hashlib.sha256(content).hexdigest()
    if Handed.objects.filter(round=now.round, sha256=digest).exclude(pk=now.pk).exists():
        refuse(
            actor,
            Did.HAND_IN,
            _("Another party handed in this very file. Did you choose the right one?"),
            now,
        )
    take_in(now, content, digest=digest, at=actor.at, by=actor.membership)
    did(actor, Did.HAND_IN, now)


def take_in(handed: Handed, content: bytes, *, digest: str, at: datetime, by: Membership | None) -> None:
    """Keep what was handed in, sealed, until it is read; in the transaction of the caller."""
    places.keep(handed.round_id, places.received_as(handed.party.name, digest), content)
    Handed.objects.filter(pk=handed.pk).update(
        state=ListState.RECEIVED, received_at=at, received_by=by, sha256=digest, wrong={}, rows=0, unsure=[]
    )


@transaction.atomic
def take_back(actor: Actor, handed: Handed) -> None:
    """Take a wrong list back, as long as the others are waited for. Raises Refused."""
    now = _asked(actor, handed, Did.TAKE_BACK)
    if now.state not in (ListState.FROZEN, ListState.UNUSABLE, ListState.RECEIVED):
        refuse(actor, Did.TAKE_BACK, _("There is no list to take back."), now)
    Handed.objects.filter(pk=now.pk).update(
        state=ListState.ASKED, received_at=None, received_by=None, sha256="", wrong={}, rows=0, unsure=[]
    )
    did(actor, Did.TAKE_BACK, now)
    transaction.on_commit(lambda: places.forget_rows(now.round_id, now.party.name))


@transaction.atomic
def leave_out(actor: Actor, handed: Handed) -> None:
    """Go on without a list that does not come; its party may still hand it in until then. Raises Refused."""
    comparison = handed.round.comparison
    if not policies.leads(actor, comparison):
        refuse(actor, Did.LEAVE_OUT, _("Only who leads these lists goes on without one."), handed)
    one_at_a_time(comparison)
    now = fresh(handed)
    if now.round.state != RoundState.ASKED or now.state not in (ListState.ASKED, ListState.UNUSABLE):
        refuse(actor, Did.LEAVE_OUT, _("This list is not waited for any more."), now)
    others = now.round.lists.exclude(pk=now.pk).exclude(state=ListState.LEFT_OUT)
    if others.count() < FEWEST_LISTS:
        refuse(actor, Did.LEAVE_OUT, _("Two lists at least are laid side by side."), now)
    Handed.objects.filter(pk=now.pk).update(state=ListState.LEFT_OUT)
    did(actor, Did.LEAVE_OUT, now)
    compare_when_whole(now.round)


def compare_when_whole(round_: Round) -> None:
    """Let the worker lay the lists side by side once all are there; in the transaction of the caller."""
    states = set(round_.lists.values_list("state", flat=True))
    if states <= {ListState.FROZEN, ListState.LEFT_OUT}:
        Round.objects.filter(pk=round_.pk, state=RoundState.ASKED).update(state=RoundState.COMPARING)


def work_out_again(round_: Round) -> None:
    """Let the worker work a round out again, as something was decided; in the transaction of the caller."""
    Round.objects.filter(pk=round_.pk, state=RoundState.COMPARED).update(state=RoundState.AGAIN)


def current_round(comparison: Comparison) -> Round | None:
    """The last round that lies side by side; None when there is none yet."""
    return next((one for one in comparison.rounds.all() if one.is_there), None)


def _asked(actor: Actor, handed: Handed, action: Did) -> Handed:
    """The list as it is now, locked, for who hands it in, in a round that waits for lists."""
    if not policies.hands_in(actor, handed.party):
        refuse(actor, action, _("Only who keeps this list hands it in."), handed)
    one_at_a_time(handed.round.comparison)
    now = fresh(handed)
    if now.round.state != RoundState.ASKED:
        refuse(actor, action, _("The lists of this round lie side by side already."), now)
    return now


def fresh(handed: Handed) -> Handed:
    """The list with its round and party, as they are now."""
    return Handed.objects.select_related(
        "round__comparison__led_by", "party__organisation", "party__comparison"
    ).get(pk=handed.pk)


def one_at_a_time(comparison: Comparison) -> None:
    """Until the transaction ends nobody else changes these lists; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"inbeeld: lists {comparison.pk}"])


def refuse(actor: Actor, action: Did, sentence: str, about: object = None) -> NoReturn:
    """Raise the refusal, after it is in the ledger."""
    did(actor, action, about, outcome=REFUSED)
    raise Refused(sentence)


def looked_at(
    actor: Actor, round_: Round, marks: Iterable[str], *, classes: Sequence[str], action: Did = Did.LOOK
) -> None:
    """Say in the ledger that a round was looked at, and each of these records of it."""
    did(actor, action, round_)
    for mark in dict.fromkeys(marks):
        actor.ledger.add(
            Deed(
                trace=actor.trace, actor=actor.key, organisation=actor.organisation_key, role=actor.role,
                action=action, field_class=" ".join(classes), object=f"record:{UUID(hex=mark)}",
                outcome=ALLOWED, origin="",
            )
        )  # fmt: skip


def did(
    actor: Actor,
    action: Did,
    about: object = None,
    *,
    field_class: FieldClass = FieldClass.IDE,
    outcome: str = ALLOWED,
) -> None:
    """Say in the ledger what was done with which comparison, round, list or decision."""
    kinds = {Comparison: "lists", Round: "round", Handed: "list"}
    name = kinds.get(type(about), "said")
    said = "" if about is None else f"{name}:{about.pk}"  # type: ignore[attr-defined]
    operations_ground.said(actor, action, field_class=field_class, about=said, outcome=outcome)
