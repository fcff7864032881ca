"""What every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from inbeeld.agreements.queries import reads_any
from inbeeld.deliveries.operations import may_deliver
from inbeeld.deliveries.watch import watches
from inbeeld.reconciliation.policies import has_lists


def front_door(request: HttpRequest) -> dict[str, Any]:
    """The actor, the languages, whom to tell of a leak, and whether everything here is invented."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "has_deliveries": actor is not None and (may_deliver(actor) or watches(actor)),
        "has_lists": actor is not None and has_lists(actor),
        "has_agreements": actor is not None
        and actor.membership is not None
        and actor.has_a_list
        and reads_any(actor),
        "is_trial": settings.MODE == "trial",
        "contacts": settings.INBEELD_SECURITY_CONTACT,
        "is_demo": settings.INBEELD_TRIAL,
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "here": request.get_full_path() if request.method in ("GET", "HEAD") else "/",
    }
