"""Someone gets other work or leaves: nobody stays involved by being forgotten, no child is left alone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement
from inbeeld.access.notices import tell
from inbeeld.access.operations_ground import (
    Did,
    did,
    end_of,
    is_at_work,
    is_the_same_person,
    lock,
    permit_of,
    said,
)
from inbeeld.access.refusal import Refused
from inbeeld.access.row_security import operating
from inbeeld.organisations.models import Membership, Role
from inbeeld.organisations.operations import end_membership

INVOLVED = Involvement.Kind.INVOLVED
OTHER_WORK = Involvement.End.OTHER_WORK


@operating("hand_over_work")
def hand_over_work(
    leaving: Membership, *, to: Membership, by: Actor, on: date | None = None
) -> list[Involvement]:
    """Someone leaves: what they are involved in is asked of a colleague in the same role.

    `by`: who leaves, or the application administrator of the same organisation, who sees no child and gives
    nothing: the colleague has the same role, and accepts or not. Involvement ends now, the membership
    with the day `on` (default today, and not before). Returns what waits for the colleague. Raises Refused.
    """
    on = on or by.today
    if why := _refusal_to_end(leaving, by, on) or _refusal_of_a_colleague(leaving, to, by):
        raise _refused(leaving, by, Did.HAND_OVER_WORK, why)
    waiting = [made for one in _open_of(leaving, by) if (made := _ask(one, to, by)) is not None]
    _end(leaving, by=by, on=on)
    if waiting:
        tell([to.person])
    return waiting


@operating("end_work")
def end_work(leaving: Membership, *, by: Actor, on: date | None = None) -> Membership:
    """Someone leaves without a colleague to take over: involvement ends with the last day of the membership.

    By the same people as `hand_over_work`; also not on a day that has passed. Raises Refused.
    """
    on = on or by.today
    if why := _refusal_to_end(leaving, by, on):
        raise _refused(leaving, by, Did.END_WORK, why)
    for one in _open_of(leaving, by):
        if end_of(on) > max(one.from_at, by.at):
            one.until_at = min(one.until_at, end_of(on))
        else:
            one.ended_at, one.ended_because = by.at, OTHER_WORK
        one.save(update_fields=["until_at", "ended_at", "ended_because"])
        did(permit_of(by, one.child), Did.END_WORK, child=one.child.reference, about=f"involvement:{one.pk}")
    _end(leaving, by=by, on=on)
    return leaving


def _refusal_to_end(leaving: Membership, by: Actor, on: date) -> str:
    mine = by.membership
    administers = (
        is_at_work(by)
        and mine is not None
        and mine.role == Role.APPLICATION_ADMINISTRATOR
        and mine.organisation_id == leaving.organisation_id
    )
    leaves = is_at_work(by) and mine is not None and mine.pk == leaving.pk
    if not (administers or leaves):
        return _("Who leaves does this, or the application administrator of the same organisation.")
    if on < leaving.from_on:
        return _("The last day is before the first day.")
    if on < by.today:
        # What was read and written since then would be of somebody who, so it then says, did not work here.
        return _("The last day is today or a later day.")
    return ""


def _refusal_of_a_colleague(leaving: Membership, to: Membership, by: Actor) -> str:
    if is_the_same_person(by, to) or leaving.person_id == to.person_id:
        return _("Nobody takes over work themselves. Ask a colleague.")
    if (leaving.organisation_id, leaving.role) != (to.organisation_id, to.role):
        return _("Work is handed over to a colleague in the same role at the same organisation.")
    if not to.is_in_force(by.today):
        return _("This person does not work in this role now.")
    return ""


def _open_of(leaving: Membership, by: Actor) -> list[Involvement]:
    """Every involvement of a member that is in force, begins later, or waits for an answer."""
    rows = Involvement.for_operations.filter(membership=leaving, ended_at__isnull=True, until_at__gt=by.at)
    found = list(rows.select_related("child__standing__school").order_by("child", "pk"))
    for one in found:
        lock(one.child.reference)
    still = set(rows.values_list("pk", flat=True))
    return [one for one in found if one.pk in still]


def _ask(one: Involvement, to: Membership, by: Actor) -> Involvement | None:
    """End an involvement, and ask the same of a colleague; a seat at a table or an emergency just ends.

    First asked, then ended: with nobody of the organisation left the child would be out of reach.
    """
    child = one.child
    made, known = None, None
    if one.kind == INVOLVED:
        known = Involvement.for_operations.filter(
            child=child, membership=to, kind=INVOLVED, ended_at__isnull=True, until_at__gt=by.at
        ).first()
        if known is None:
            last = one.until_at if to.until_on is None else min(one.until_at, end_of(to.until_on))
            known = made = Involvement.for_operations.create(
                child=child,
                membership=to,
                kind=INVOLVED,
                purpose=one.purpose,
                granted_by=one.membership,
                granted_at=by.at,
                from_at=by.at,
                until_at=last,
            )
    one.ended_at, one.ended_because = by.at, OTHER_WORK
    one.save(update_fields=["ended_at", "ended_because"])
    permit = permit_of(by, child)
    did(permit, Did.HAND_OVER_WORK, child=child.reference, about=f"involvement:{one.pk}")
    if known is not None and one.directs:
        known.directs = True
        known.save(update_fields=["directs"])
    if made is not None:
        did(permit, Did.GRANT, child=child.reference, about=f"involvement:{made.pk}")
    return made


def _end(leaving: Membership, *, by: Actor, on: date) -> None:
    assert by.membership is not None
    end_membership(leaving, on=on, by=by.membership, trace=by.trace)


def _refused(leaving: Membership, by: Actor, action: Did, sentence: str) -> Refused:
    said(by, action, outcome="refused", about=f"membership:{leaving.pk}")
    return Refused(sentence)
