"""Every question that can be asked, and which are answered with yes: what promises are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

from inbeeld.kernel.access import Action, Author, Circumstances, Decision, FieldClass, Involvement, Stage
from inbeeld.kernel.promises.people import KNOWN, WITHOUT_CHILDREN
from inbeeld.kernel.promises.point import Point

#: Roles parents know, those that see no child, and one nobody ever heard of.
ALL_ROLES = (*sorted(KNOWN), *sorted(WITHOUT_CHILDREN), "nobody_ever_heard_of")
STAGES = tuple(int(stage) for stage in Stage)
CIRCUMSTANCES = tuple(
    Circumstances(consent, author, shielded)
    for consent, author, shielded in product((False, True), Author, (False, True))
)
#: Stage, class, action and circumstances: all that is asked of one role, involved in one way.
OF_ONE_ROW = tuple(product(STAGES, FieldClass, Action, CIRCUMSTANCES))
NUMBER = len(ALL_ROLES) * len(Involvement) * len(OF_ONE_ROW)

May = Callable[[str, Involvement, int, FieldClass, Action, Circumstances], Decision]


def allowed(may: May, roles: Iterable[str] = ALL_ROLES) -> frozenset[Point]:
    """The questions answered yes, after asking every single one of these roles."""
    return frozenset(
        Point(role, involvement, stage, one, action, so.consent, so.author, so.shielded)
        for role, involvement in product(roles, Involvement)
        for stage, one, action, so in OF_ONE_ROW
        if may(role, involvement, stage, one, action, so)
    )
