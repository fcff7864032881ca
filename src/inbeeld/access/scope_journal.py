"""The second wall for the journal: which of its lines an actor may read, and about which children.

Made from the rows of the access table, as scope.py is, and from nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

from inbeeld.access.actor import Actor
from inbeeld.access.permit import Permit
from inbeeld.access.scope import ScopedManager
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: What the fourth wall calls it (row_security_besides.py).
READ_THE_LOG = "read_the_log"


def log_of_a_child(permit: Permit) -> QuerySet[Line]:
    """The lines about one child, newest first: all for who may read the log, else what one did oneself."""
    rows = Line.for_operations.filter(child=permit.child).order_by("-sequence")
    return rows if permit.may(FieldClass.LOG) else rows.filter(actor=permit.actor.key)


def log_of_the_list(actor: Actor) -> QuerySet[Line]:
    """The lines about the children whose log this actor reads, newest first.

    And every line by people of the own organisation and its parts, as a board and its schools: also where it
    keeps no list, or the child is on none (GDPR 39(1)(b)). Which child that was, the page leaves out then.
    Evaluate it while `operating(READ_THE_LOG)`: the database shows those children to no other page.
    """
    if actor.organisation is None:
        return Line.for_operations.none()
    about = Q(child__in=children_with_an_open_log(actor).values("reference"))
    by_our_people = Q(organisation__in=actor.organisation.and_below().values("key"))
    return Line.for_operations.filter(about | by_our_people).order_by("-sequence")


def children_with_an_open_log(actor: Actor) -> QuerySet[Any]:
    """The children about whom this actor may read who looked: often without seeing the child itself.

    Evaluate it while `operating(READ_THE_LOG)`.
    """
    rows: ScopedManager[Any] = ScopedManager(to_child="", field_class=FieldClass.LOG)
    rows.model = apps.get_model("learners", "Learner")
    return rows.visible_to(actor)
