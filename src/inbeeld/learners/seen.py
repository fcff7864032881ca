"""The third wall: a page gets a frozen view with what was permitted, and the log gets the same.

A forbidden value is never put into a view, so no template can show it by mistake.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.actor import Actor
from inbeeld.access.permit import Permit, permits_for
from inbeeld.kernel.access import Action, FieldClass
from inbeeld.kernel.aftercare import Home
from inbeeld.keys.models import KeyGroup
from inbeeld.keys.opening import open_keys
from inbeeld.keys.sealing import OpenKey, SealBroken, unseal_from
from inbeeld.learners.models import Learner, Permission, Standing

logger = logging.getLogger(__name__)

IDENTITY = KeyGroup.IDENTITY
NAME_PARTS = ("call_name", "first_names", "prefix", "last_name")


@dataclass(frozen=True)
class SeenStanding:
    """How a child stands, for who may read attendance."""

    stage: int
    phase: int
    judged_on: date
    enrolled: bool
    exempt: bool
    in_sight: bool
    since: date | None
    without_since: date | None
    open_since: date | None
    off_roll_since: date | None
    counts_from: date | None
    calendar_days: int | None
    school_days: int | None
    permission: str
    passes_four_weeks_on: date | None
    passes_three_months_on: date | None
    alternating_days: int
    absent: int
    scheduled: int
    absent_4w: int
    scheduled_4w: int
    layer: int | None
    layer_before: int | None
    on_register: bool
    on_register_before: bool | None
    aftercare: str = ""
    home_from: date | None = None
    home_until: date | None = None

    @property
    def kept_until(self) -> date | None:
        """Until when who came back is kept in sight."""
        if self.home_from is None or self.home_until is None:
            return None
        return Home(self.home_from, self.home_until).kept_until

    @property
    def permission_in_words(self) -> str:
        return str(Permission(self.permission).label) if self.permission else ""


_COPIED = tuple(SeenStanding.__dataclass_fields__)


@dataclass(frozen=True)
class SeenChild:
    """A child as this actor may see it: who it is, and how it stands if that may be read too."""

    permit: Permit
    reference: UUID
    name: str
    born_on: date | None
    school: str
    municipality: str
    standing: SeenStanding | None


def see(actor: Actor, learners: Iterable[Learner], *, action: str = "read") -> dict[UUID, SeenChild]:
    """Views of learners (from `visible_to`, with standing and school), by reference, each noted for the log.

    A learner this actor may not know of is left out, however it got here. Two queries for a page and one for
    the keys. `action`: "listed" for a row of a list, "read" for a page; "export": only what may leave.
    """
    found = list(learners)
    permits = permits_for(actor, found)
    allowed = [one for one in found if permits[one.reference].may(FieldClass.IDE, _asked(action))]
    keys = open_keys((one.reference, IDENTITY, keyholder_of(one.region)) for one in allowed)
    return {one.reference: _seen(permits[one.reference], one, keys, action=action) for one in allowed}


def _asked(action: str) -> Action:
    """What the table is asked for: a list is read like a page."""
    return Action.EXPORT if action == Action.EXPORT.value else Action.READ


def keyholder_of(region: str) -> str:
    """Who holds the key of what a whole region delivered together: names and numbers."""
    return f"region:{region}"


def _seen(permit: Permit, learner: Learner, keys: Mapping[Any, OpenKey], *, action: str) -> SeenChild:
    standing: Standing | None = getattr(learner, "standing", None)
    decision = permit.may(FieldClass.IDE, _asked(action))
    permit.actor.ledger.note(permit, decision, FieldClass.IDE, action=action)
    key = keys.get((learner.reference, IDENTITY, keyholder_of(learner.region)))
    return SeenChild(
        permit=permit,
        reference=learner.reference,
        name=_name(learner, key),
        born_on=learner.born_on,
        school=standing.school.name if standing is not None and standing.school else "",
        municipality=learner.municipality,
        standing=_seen_standing(permit, standing, action=action),
    )


def _seen_standing(permit: Permit, standing: Standing | None, *, action: str) -> SeenStanding | None:
    decision = permit.may(FieldClass.ATT, _asked(action))
    if standing is None or not decision:
        return None
    permit.actor.ledger.note(permit, decision, FieldClass.ATT, action=action)
    return SeenStanding(**{name: getattr(standing, name) for name in _COPIED})


@sensitive_variables()
def _name(learner: Learner, key: OpenKey | None) -> str:
    """The name; or, when the key is gone or damaged, that it cannot be opened: the other rows still can."""
    try:
        return full_name(opened_names(learner, key)) if key is not None else gettext("(cannot be opened)")
    except SealBroken:
        logger.error("The names of a learner cannot be opened.")
        return gettext("(cannot be opened)")


@sensitive_variables()
def opened_names(learner: Learner, key: OpenKey) -> dict[str, str]:
    """call_name, first_names, prefix and last_name of a learner."""
    return dict(json.loads(unseal_from(learner, "names", key=key) or "{}"))


def full_name(names: Mapping[str, str]) -> str:
    """Call name, prefix and last name."""
    parts = (names.get("call_name") or names.get("first_names"), names.get("prefix"), names.get("last_name"))
    return " ".join(part for part in parts if part)
