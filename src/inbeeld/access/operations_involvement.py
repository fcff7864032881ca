"""Who is involved with a child: granted, accepted, extended, ended, handed over.

Nobody involves themselves; who is involved is a known person, for a purpose and a time (GDPR 5(1)(b) and 25).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement
from inbeeld.access.notices import tell
from inbeeld.access.operations_ground import (
    Did,
    begin_of,
    begun,
    decides,
    did,
    directs,
    end_of,
    gives_sight,
    is_at_work,
    is_case_director,
    is_the_same_person,
    may_begin,
    permit_of,
    refused,
    who_decides,
    who_directs,
)
from inbeeld.access.permit import Permit
from inbeeld.access.row_security import operating
from inbeeld.access.scope import in_force
from inbeeld.kernel.involvement import (
    AROUND_THE_MEETING,
    LONGEST_DAYS,
    MAY_BE_INVOLVED,
    MAY_DIRECT,
    MAY_SIT_AT_A_TABLE,
    around,
    ends_by_default,
)
from inbeeld.organisations.models import Membership

if TYPE_CHECKING:
    from inbeeld.learners.models import Learner
else:
    Learner = Any

INVOLVED, TABLE, EMERGENCY = Involvement.Kind.INVOLVED, Involvement.Kind.TABLE, Involvement.Kind.EMERGENCY
#: Not what someone is involved for day after day.
OTHER_PURPOSES = frozenset({"meeting", "danger", "missing", "unsafe"})
PURPOSES = frozenset(Involvement.Purpose.values) - OTHER_PURPOSES
OWN_REASONS = frozenset({Involvement.End.DONE, Involvement.End.LEFT, Involvement.End.OTHER_WORK})


@operating("grant")
def grant(
    permit: Permit,
    *,
    child: Learner,
    to: Membership,
    purpose: str,
    until_on: date | None = None,
    directs: bool = False,
) -> Involvement:
    """Ask someone to be involved with a child until the end of a day (default 90 days); counts once accepted.

    `permit`: of who asks, for this child: who holds direction, or may begin while nobody does. `purpose`: one
    of PURPOSES. Raises Refused.
    """
    begun(permit, child=child)
    at = permit.actor.at
    if why := _refusal_to_grant(permit, child, to, purpose) or _refusal_to_direct(permit, child, to, directs):
        raise refused(permit, Did.GRANT, why)
    until_at, why = _end(permit, to, until_on)
    if why:
        raise refused(permit, Did.GRANT, why)
    if directs:
        _release(child, at=at)
    made = Involvement.for_operations.create(
        child=child,
        membership=to,
        kind=INVOLVED,
        purpose=purpose,
        granted_by=permit.actor.membership,
        granted_at=at,
        from_at=at,
        until_at=until_at,
        directs=directs,
    )
    did(permit, Did.GRANT, child=child.reference, about=_named(made))
    tell([to.person])
    return made


def _refusal_to_grant(permit: Permit, child: Learner, to: Membership, purpose: str) -> str:
    at = permit.actor.at
    if not decides(permit, child):
        return who_decides()
    if is_the_same_person(permit.actor, to):
        return _("Nobody involves themselves with a child, in no role they have. Ask a colleague.")
    if purpose not in PURPOSES:
        return _("This is no purpose for which someone can be involved.")
    if to.role not in MAY_BE_INVOLVED:
        return _("Somebody in this role cannot be involved with a child.")
    if not to.is_in_force(permit.actor.today):
        return _("This person does not work in this role now.")
    if to.organisation.region != child.region:
        return _("This person works in another region.")
    if not gives_sight(to, stage=permit.stage, at=at):
        return _("Somebody in this role has no task for a child at this stage.")
    if _open(child, at=at).filter(membership=to).exists():
        return _("This person is involved with this child already, or was asked to be.")
    return ""


def _refusal_to_direct(permit: Permit, child: Learner, to: Membership, wanted: bool) -> str:
    if not wanted:
        return ""
    if to.role not in MAY_DIRECT:
        return _("Somebody in this role cannot hold direction.")
    if who_directs(child, stage=permit.stage, at=permit.actor.at) is not None:
        return _("Somebody holds direction already. They can hand it over.")
    if _open(child, at=permit.actor.at).filter(directs=True, accepted_at__isnull=True).exists():
        return _("Somebody was asked to hold direction already, and has not answered yet.")
    return ""


def _end(permit: Permit, to: Membership, until_on: date | None) -> tuple[datetime, str]:
    """When an involvement ends, and why it cannot."""
    actor = permit.actor
    last = None if to.until_on is None else end_of(to.until_on)
    if until_on is None:
        until_at = ends_by_default(actor.at)
        return (until_at if last is None else min(until_at, last)), ""
    until_at = actor.at
    if until_on < actor.today:
        return until_at, _("This day has passed.")
    if until_on > actor.today + timedelta(days=LONGEST_DAYS):
        return until_at, _("Nobody is involved for longer than a year at a time.")
    if last is not None and end_of(until_on) > last:
        return until_at, _("This person's work in this role ends before that day.")
    return end_of(until_on), ""


def _open(child: Learner, *, at: datetime) -> Any:
    """Involvements of the ordinary kind that are in force or wait for an answer."""
    rows = Involvement.for_operations.filter(child=child, kind=INVOLVED)
    return rows.filter(ended_at__isnull=True, until_at__gt=at)


def _release(child: Learner, *, at: datetime) -> None:
    """Nobody directs: also not who left, whose time is over, or who sees nothing of this stage."""
    Involvement.for_operations.filter(child=child, directs=True, ended_at__isnull=True).update(directs=False)


def _named(involvement: Involvement) -> str:
    return f"involvement:{involvement.pk}"


# --- by who is involved --------------------------------------------------------------------------


@operating("accept")
def accept(involvement: Involvement, *, by: Actor) -> Involvement:
    """The receiver accepts what was asked; from now on it counts. Raises Refused."""
    permit, mine = _own(involvement, by, Did.ACCEPT)
    _refuse_what_does_not_wait(permit, mine, Did.ACCEPT)
    mine.accepted_at = by.at
    mine.save(update_fields=["accepted_at"])
    did(permit_of(by, mine.child), Did.ACCEPT, child=permit.child, about=_named(mine))
    return mine


@operating("refuse")
def refuse(involvement: Involvement, *, by: Actor) -> Involvement:
    """The receiver does not accept; who asked is told. Raises Refused."""
    permit, mine = _own(involvement, by, Did.NOT_ACCEPT)
    _refuse_what_does_not_wait(permit, mine, Did.NOT_ACCEPT)
    _close(mine, because=Involvement.End.REFUSED, at=by.at)
    did(permit, Did.NOT_ACCEPT, child=permit.child, about=_named(mine))
    if mine.granted_by is not None:
        tell([mine.granted_by.person])
    return mine


@operating("stop")
def stop(involvement: Involvement, *, by: Actor, because: str = "done") -> Involvement:
    """Who is involved stops: because done, left or other_work. Raises Refused."""
    permit, mine = _own(involvement, by, Did.STOP)
    if because not in OWN_REASONS:
        raise refused(permit, Did.STOP, _("This is no reason to stop."), about=_named(mine))
    if mine.accepted_at is None or not _is_open(mine, at=by.at):
        raise refused(permit, Did.STOP, _("This involvement is over."), about=_named(mine))
    _close(mine, because=Involvement.End(because), at=by.at)
    did(permit, Did.STOP, child=permit.child, about=_named(mine))
    if mine.granted_by is not None and not is_the_same_person(by, mine.granted_by):
        tell([mine.granted_by.person])
    return mine


def _own(involvement: Involvement, by: Actor, action: Did) -> tuple[Permit, Involvement]:
    """The involvement as it is now, locked, for who it is about."""
    found = _fresh(involvement)
    permit = begun(permit_of(by, found.child), child=found.child)
    if by.membership is None or found.membership_id != by.membership.pk or not is_at_work(by):
        raise refused(permit, action, _("This is somebody else's involvement."), about=_named(found))
    return permit, _fresh(involvement)


def _fresh(involvement: Involvement) -> Involvement:
    rows = Involvement.for_operations.select_related(
        "child__standing__school", "membership__organisation", "membership__person", "granted_by__person"
    )
    return rows.get(pk=involvement.pk)


def _is_open(involvement: Involvement, *, at: datetime) -> bool:
    return involvement.ended_at is None and involvement.until_at > at


def _refuse_what_does_not_wait(permit: Permit, involvement: Involvement, action: Did) -> None:
    at = permit.actor.at
    if involvement.accepted_at is not None or not _is_open(involvement, at=at):
        raise refused(
            permit, action, _("This does not wait for an answer any more."), about=_named(involvement)
        )


def _close(involvement: Involvement, *, because: Involvement.End, at: datetime) -> None:
    involvement.ended_at, involvement.ended_because = at, because
    involvement.save(update_fields=["ended_at", "ended_because"])


# --- by who decides ------------------------------------------------------------------------------


@operating("withdraw")
def withdraw(involvement: Involvement, *, by: Permit) -> Involvement:
    """End somebody's involvement, or seat at a table, at once. Raises Refused.

    By who holds direction, who granted it, or who may begin while nobody holds direction.
    """
    found = _fresh(involvement)
    begun(by, child=found.child)
    found = _fresh(involvement)
    if why := why_not_withdraw(found, by):
        raise refused(by, Did.WITHDRAW, why, about=_named(found))
    _close(found, because=Involvement.End.WITHDRAWN, at=by.actor.at)
    did(by, Did.WITHDRAW, child=by.child, about=_named(found))
    tell([found.membership.person])
    return found


def why_not_withdraw(found: Involvement, by: Permit) -> str:
    """Why this cannot be withdrawn by who the permit is of, in a sentence; empty when it can."""
    if found.kind == EMERGENCY or not (_granted(by, found) or decides(by, found.child)):
        return who_decides()
    return "" if _is_open(found, at=by.actor.at) else _("This involvement is over.")


@operating("extend")
def extend(involvement: Involvement, *, by: Permit, until_on: date) -> Involvement:
    """Let somebody's involvement go on until the end of a later day. Raises Refused.

    By who decides who is involved; who directs cannot extend that themselves, so who granted it can.
    """
    found = _fresh(involvement)
    begun(by, child=found.child)
    found = _fresh(involvement)
    if why := _refusal_to_extend(found, by, until_on):
        raise refused(by, Did.EXTEND, why, about=_named(found))
    found.until_at = end_of(until_on)
    found.save(update_fields=["until_at"])
    did(by, Did.EXTEND, child=by.child, about=_named(found))
    return found


def _refusal_to_extend(found: Involvement, by: Permit, until_on: date) -> str:
    if not (decides(by, found.child) or (found.directs and _granted(by, found) and by.sees_the_child)):
        return who_decides()
    if is_the_same_person(by.actor, found.membership):
        return _("Nobody extends their own involvement. Ask who granted it.")
    if found.kind != INVOLVED or not _is_open(found, at=by.actor.at):
        return _("This involvement is over, or of a kind that has its own end.")
    _until_at, why = _end(by, found.membership, until_on)
    if not why and end_of(until_on) <= found.until_at:
        return _("This involvement does not end before that day.")
    return why


def _granted(by: Permit, involvement: Involvement) -> bool:
    mine = by.actor.membership
    return is_at_work(by.actor) and mine is not None and involvement.granted_by_id == mine.pk


@operating("hand_over_direction")
def hand_over_direction(permit: Permit, *, child: Learner, to: Involvement) -> Involvement:
    """Direction goes, at once, to someone whose involvement with this child was accepted. Raises Refused.

    By who holds it; or by who may begin while nobody does. Who gets it can hand it over again.
    """
    begun(permit, child=child)
    found = _fresh(to)
    if why := _refusal_to_hand_over(permit, child, found):
        raise refused(permit, Did.HAND_OVER_DIRECTION, why, about=_named(found))
    _release(child, at=permit.actor.at)
    found.directs = True
    found.save(update_fields=["directs"])
    did(permit, Did.HAND_OVER_DIRECTION, child=child.reference, about=_named(found))
    tell([found.membership.person])
    return found


def _refusal_to_hand_over(permit: Permit, child: Learner, to: Involvement) -> str:
    actor = permit.actor
    if not (decides(permit, child) and (directs(permit, child) or may_begin(permit, child))):
        return who_decides()
    if to.child_id != child.pk or not in_force(at=actor.at).filter(pk=to.pk, kind=INVOLVED).exists():
        return _("Direction goes to someone who is involved with this child and has accepted that.")
    if is_the_same_person(actor, to.membership):
        return _("Nobody takes direction themselves.")
    if to.membership.role not in MAY_DIRECT:
        return _("Somebody in this role cannot hold direction.")
    if not gives_sight(to.membership, stage=permit.stage, at=actor.at):
        return _("Somebody in this role has no task for a child at this stage.")
    return ""


@operating("seat")
def seat(
    permit: Permit, *, child: Learner, members: Iterable[Membership], meeting_on: date
) -> list[Involvement]:
    """A child is on the agenda: these members see it from 14 days before the meeting until 14 after.

    By who decides who is involved, or the case director involved with the child. Raises Refused.
    """
    begun(permit, child=child)
    wanted = list(members)
    if why := _refusal_to_seat(permit, child, wanted, meeting_on):
        raise refused(permit, Did.SEAT, why)
    first, last = around(meeting_on)
    seats = []
    for one in wanted:
        made, is_new = Involvement.for_operations.get_or_create(
            child=child,
            membership=one,
            kind=TABLE,
            from_at=begin_of(first),
            until_at=end_of(last),
            ended_at=None,
            defaults={
                "purpose": Involvement.Purpose.MEETING,
                "granted_by": permit.actor.membership,
                "granted_at": permit.actor.at,
                "accepted_at": permit.actor.at,
            },
        )
        if is_new:
            did(permit, Did.SEAT, child=child.reference, about=_named(made))
        seats.append(made)
    tell(one.person for one in wanted)
    return seats


def _refusal_to_seat(permit: Permit, child: Learner, members: list[Membership], meeting_on: date) -> str:
    today = permit.actor.today
    if not (decides(permit, child) or is_case_director(permit)):
        return who_decides()
    if not today - AROUND_THE_MEETING <= meeting_on <= today + timedelta(days=LONGEST_DAYS):
        return _("A meeting is at most 14 days ago, and at most a year ahead.")
    if any(is_the_same_person(permit.actor, one) for one in members):
        return _("Nobody involves themselves with a child, in no role they have. Ask a colleague.")
    if any(one.role not in MAY_SIT_AT_A_TABLE for one in members):
        return _("Somebody in this role has no seat at a table.")
    if not all(one.is_in_force(today) for one in members):
        return _("This person does not work in this role now.")
    if any(one.organisation.region != child.region for one in members):
        return _("This person works in another region.")
    return ""
