"""Lines about entering an address, for who may see that address.

Such a line says that there is an address and who has it. Of a shielded one that is what a shield hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import Did
from inbeeld.journal.models import Line

if TYPE_CHECKING:
    from django.db.models import QuerySet


def without_hidden_addresses(
    actor: Actor, rows: QuerySet[Line], *, child: UUID | None = None
) -> QuerySet[Line]:
    """These lines, without those about an address this actor may not see.

    What the own organisation and its parts entered stays. `child`: of whom the lines are; without one no
    address is looked up, as who reads the log of a whole list, a privacy officer, sees none.
    """
    stays = Q(actor=actor.key)
    if actor.organisation is not None:
        ours = list(actor.organisation.and_below().values_list("key", flat=True))
        stays |= Q(organisation__in=ours)
    if child is not None:
        addresses: Any = apps.get_model("learners", "Address").objects
        seen = addresses.visible_to(actor).filter(learner__reference=child).values_list("pk", flat=True)
        stays |= Q(object__in=[f"address:{pk}" for pk in seen])
    return rows.filter(~Q(action=Did.ENTER_ADDRESS.value) | stays)
