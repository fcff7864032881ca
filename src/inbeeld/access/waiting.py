"""What waits for who looks: one number behind a word of the menu. Of one's own, and nothing of a child."""

from __future__ import annotations

from inbeeld.access.actor import Actor
from inbeeld.access.operations_emergency import number_to_review
from inbeeld.access.scope_own import waiting_for
from inbeeld.kernel.involvement import MAY_BE_INVOLVED
from inbeeld.organisations.models import Role


def number_waiting(actor: Actor) -> int:
    """Emergencies to look at, for a privacy officer; requests to answer, for who can be involved."""
    if actor.role == Role.PRIVACY_OFFICER:
        return number_to_review(actor)
    return waiting_for(actor).count() if actor.role in MAY_BE_INVOLVED else 0
