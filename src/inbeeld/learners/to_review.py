"""An emergency stays out of the sight of the family until a privacy officer looked at it.

Where a child is acutely unsafe at home, who called and why would else stand at once before the eyes of whom
the child is unsafe with. It is put off, not kept away: the review is due within two working days.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from inbeeld.access.models import Involvement
from inbeeld.access.operations_ground import Did
from inbeeld.access.permit import Permit
from inbeeld.journal.models import Line

#: What a privacy officer does with an emergency, also in vain.
_OF_A_REVIEW = (Did.REVIEW_EMERGENCY.value, Did.GIVE_BACK_EMERGENCY.value)


def waits_for_a_review(one: Involvement) -> bool:
    """Is this an emergency no privacy officer looked at yet?"""
    return one.kind == Involvement.Kind.EMERGENCY and one.reviewed_at is None


def shown_to_the_family(permit: Permit, rows: QuerySet[Line]) -> QuerySet[Line]:
    """Of these lines about the child of the permit: those the family reads now; to others all of them.

    Left out is all that was done in an emergency by who has one that waits for its review.
    """
    if permit.actor.kinship is None:
        return rows
    waiting = Involvement.objects.visible_to(permit.actor).filter(
        child__reference=permit.child, kind=Involvement.Kind.EMERGENCY, reviewed_at__isnull=True
    )
    callers = [f"membership:{pk}" for pk in waiting.values_list("membership", flat=True)]
    if not callers:
        return rows
    return rows.exclude(Q(emergency=True) & (Q(actor__in=callers) | Q(action__in=_OF_A_REVIEW)))
