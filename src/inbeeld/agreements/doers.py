"""Who can be asked to do something about a child: those involved with it who read agreements."""

from __future__ import annotations

from inbeeld.access.models import Involvement
from inbeeld.access.permit import Permit
from inbeeld.kernel.access import FieldClass, Row, rows_of
from inbeeld.kernel.access import Involvement as How
from inbeeld.learners.access_page import is_in_force, knows_who_is_involved
from inbeeld.organisations.models import Membership


def doers_for(permit: Permit) -> list[Membership]:
    """Oneself first, then the others by name. An agreement somebody cannot read is none.

    Others only for who may know who is involved: by a seat at a table one is not told who helps.
    """
    actor = permit.actor
    if knows_who_is_involved(permit) is None:
        return [] if actor.membership is None else [actor.membership]
    rows = Involvement.objects.visible_to(actor).filter(
        child__reference=permit.child, kind=Involvement.Kind.INVOLVED, ended_at__isnull=True
    )
    held = rows.select_related("membership__person", "membership__organisation")
    found = {one.membership_id: one.membership for one in held if is_in_force(one, actor)}
    others = [
        one
        for one in found.values()
        if one != actor.membership and reads_agreements(one.role, stage=permit.stage)
    ]
    others.sort(key=lambda one: (one.person.get_full_name(), one.pk))
    return others if actor.membership is None else [actor.membership, *others]


def can_answer(role: str) -> bool:
    """Does this role, involved with a child or at its table, write agreements? Others tell who directs."""
    return any("w" in row.cells[FieldClass.AGR] for row in _rows_with_a_child(role))


def reads_agreements(role: str, *, stage: int) -> bool:
    """Does the table let this role, involved with a child at this stage or at its table, read agreements?"""
    return any(
        stage in row.stages and bool(set(row.cells[FieldClass.AGR]) & set("rw"))
        for row in _rows_with_a_child(role)
    )


def _rows_with_a_child(role: str) -> list[Row]:
    return [row for row in rows_of(role) if row.involvement in (How.INVOLVED, How.TABLE)]
