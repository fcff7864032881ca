"""What every operation about a child stands on: one at a time, may this actor, one line, one sentence.

What the journal calls each deed is named here, so that pages can give each of them words.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.access.ledger import ALLOWED, REFUSED
from inbeeld.access.models import Involvement
from inbeeld.access.permit import Permit, permits_for
from inbeeld.access.refusal import Refused
from inbeeld.access.scope import in_force
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.kernel import access
from inbeeld.kernel.involvement import MAY_BEGIN
from inbeeld.organisations.models import Membership

CASE_DIRECTOR = "case_director"


class Did(StrEnum):
    """What the journal calls what an operation did."""

    GRANT = "grant"
    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    STOP = "stop"
    WITHDRAW = "withdraw"
    EXTEND = "extend"
    HAND_OVER_DIRECTION = "hand_over_direction"
    HAND_OVER_WORK = "hand_over_work"
    END_WORK = "end_work"
    SEAT = "seat"
    FIND_IN_EMERGENCY = "find_in_emergency"
    CALL_EMERGENCY = "call_emergency"
    REVIEW_EMERGENCY = "review_emergency"
    GIVE_BACK_EMERGENCY = "give_back_emergency"
    ASK_CONSENT = "ask_consent"
    SIGN_CONSENT = "sign_consent"
    RECORD_SIGNATURE = "record_signature"
    WITHDRAW_CONSENT = "withdraw_consent"
    REGISTER_KIN = "register_kin"
    END_KIN = "end_kin"
    WRITE = "write"
    CHANGE = "change"
    DRAFT = "draft"
    THROW_AWAY_DRAFT = "throw_away_draft"
    ENTER_ADDRESS = "enter_address"
    SET_STAGE = "set_stage"
    DESTROY = "destroy"
    OPEN_ALERT = "open_alert"
    REOPEN_ALERT = "reopen_alert"
    CLOSE_ALERT = "close_alert"
    PARK = "park"
    UNPARK = "unpark"
    PREPARE_REPORT = "prepare_report"
    CHANGE_REPORT = "change_report"
    MAKE_REPORT = "make_report"
    END_REPORT = "end_report"
    WITHDRAW_REPORT = "withdraw_report"
    ANSWER_REPORT = "answer_report"
    RECORD_CONTACT = "record_contact"
    STRIKE_CONTACT = "strike_contact"
    JUDGE_CAUSE = "judge_cause"
    END_CAUSE = "end_cause"
    AGREE = "agree"
    MOVE_AGREEMENT = "move_agreement"
    SETTLE_AGREEMENT = "settle_agreement"
    ANSWER_AGREEMENT = "answer_agreement"
    STRIKE_AGREEMENT = "strike_agreement"


#: A permit says who asks about which child; a command ("command:demo") is run by who runs the server.
By = Permit | str


def lock(child: UUID) -> None:
    """Until the transaction ends nobody else changes who may see this child. SQLite has one writer anyway.

    Not a lock on the row: row-level security may hide it from who asks.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [child.int >> 65])


def permit_of(actor: Actor, child: Any) -> Permit:
    """What an actor may do with one child."""
    return permits_for(actor, [child])[child.reference]


def begun(by: Permit, *, child: Any) -> Permit:
    """The permit, for who may ask anything about this child at all: locked, and refused to the others."""
    if by.child != child.reference:
        raise ValueError("The permit is for another child.")
    lock(child.reference)
    return by


def refused(by: Permit, action: Did, sentence: str, *, about: str = "") -> Refused:
    """The refusal to raise; it stands in the ledger from here on."""
    by.actor.ledger.did(by, action, about=about, outcome=REFUSED)
    return Refused(sentence)


def did(by: By, action: Did, *, child: UUID, about: str = "", **more: Any) -> None:
    """Say what was done: in the ledger of who did it, or, for a command, in the journal at once."""
    if isinstance(by, Permit):
        by.actor.ledger.did(by, action, about=about, **more)
        return
    deed = Deed(
        trace=uuid.uuid4(), actor=by, origin=by, action=action, child=child, object=about, outcome=ALLOWED
    )
    journal.append([deed])


def said(
    actor: Actor,
    action: str,
    *,
    outcome: str = ALLOWED,
    child: UUID | None = None,
    field_class: access.FieldClass | None = None,
    about: str = "",
    emergency: bool = False,
) -> None:
    """Say in the ledger what an actor did, or was refused, without belonging with a child."""
    actor.ledger.add(
        Deed(
            trace=actor.trace,
            actor=actor.key,
            organisation=actor.organisation_key,
            role=actor.role,
            action=action,
            field_class="" if field_class is None else field_class.value,
            child=child,
            object=about,
            outcome=outcome,
            origin="",
            emergency=emergency,
        )
    )


def is_at_work(actor: Actor) -> bool:
    """Does the actor's own membership hold today?"""
    return actor.membership is not None and actor.membership.is_in_force(actor.today)


def is_the_same_person(actor: Actor, membership: Membership) -> bool:
    """Also when acting in another role."""
    person = actor.membership.person_id if actor.membership else actor.kinship and actor.kinship.person_id
    return bool(person == membership.person_id)


# --- direction -----------------------------------------------------------------------------------


def who_directs(child: Any, *, stage: int, at: datetime) -> Involvement | None:
    """The involvement that holds direction over what happens with a child; None when nobody does."""
    held = in_force(at=at).filter(child=child.pk, directs=True).select_related("membership__organisation")
    return next((one for one in held if holds_direction(one, stage=stage, at=at)), None)


def holds_direction(one: Involvement, *, stage: int, at: datetime) -> bool:
    """Does this involvement (membership and its organisation loaded) hold direction at a stage of the child?

    The one rule for it, on every page and in every operation: who sees nothing of the child at its present
    stage directs nothing, and then it is as if nobody does (docs/decisions/0026, point 5).
    """
    return one.directs and one.is_in_force(at) and gives_sight(one.membership, stage=stage, at=at)


def gives_sight(membership: Membership, *, stage: int, at: datetime) -> bool:
    """Would involvement show this member a child at this stage?"""
    row = access.row_of(membership.role, access.Involvement.INVOLVED)
    return row is not None and stage in row.stages and membership.is_in_force(timezone.localdate(at))


def directs(permit: Permit, child: Any) -> bool:
    """Does this actor hold direction?"""
    held = who_directs(child, stage=permit.stage, at=permit.actor.at)
    mine = permit.actor.membership
    return held is not None and mine is not None and held.membership_id == mine.pk


def may_begin(permit: Permit, child: Any) -> bool:
    """Nobody holds direction, and the child is on the list of this actor's organisation."""
    return (
        permit.actor.role in MAY_BEGIN
        and access.Involvement.OWN_ORG in permit.involvements
        and who_directs(child, stage=permit.stage, at=permit.actor.at) is None
    )


def decides(permit: Permit, child: Any) -> bool:
    """Does this actor decide who is involved with the child?"""
    if not (is_at_work(permit.actor) and permit.sees_the_child):
        return False
    return directs(permit, child) or may_begin(permit, child)


def is_involved(permit: Permit) -> bool:
    """Named and accepted, and seeing the child in that way now."""
    return (
        is_at_work(permit.actor)
        and access.Involvement.INVOLVED in permit.involvements
        and permit.sees_the_child
    )


def is_case_director(permit: Permit) -> bool:
    """The case director of the taskforce, involved with this child."""
    return permit.actor.role == CASE_DIRECTOR and is_involved(permit)


def who_decides() -> str:
    """Why somebody else decides, for people."""
    return _(
        "Who holds direction decides this; as long as nobody does, the coordinator of the school, "
        "the SWV or the leerplicht desk who has this child on the list."
    )


# --- moments -------------------------------------------------------------------------------------


def begin_of(day: date) -> datetime:
    """The first moment of a day, here."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def end_of(day: date) -> datetime:
    """The first moment after a day, here."""
    return begin_of(day + timedelta(days=1))
