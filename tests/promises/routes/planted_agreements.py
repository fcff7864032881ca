"""Agreements in the described region: open, moved and settled, by who is here and who left since."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from inbeeld.agreements.models import Agreement, Step
from inbeeld.kernel.access import FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.sealing import OpenKey, seal_into
from inbeeld.organisations.models import Membership
from tests.promises.routes.planted_alerts import somebody
from tests.promises.routes.planted_reports import Key
from tests.promises.routes.words import Canary, days_from

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

AGR = FieldClass.AGR
#: About whom, by whom, whether they are still here to strike it out, and what was said of it afterwards.
AGREED = (
    ("I2", "care_coordinator", True, ()), ("I2", "swv_adviser", True, ("moved",)),
    ("I2", "care_coordinator", False, ("done",)), ("I3", "care_coordinator", False, ("not_done", "moved")),
    ("I3", "table_chair", True, ()), ("L2", "attendance_officer", False, ()),
    ("K13", "swv_adviser", False, ()), ("K16", "youth_worker", True, ("differently",)),
)  # fmt: skip


def planted_agreements(planted: Planted, *, key: Key) -> None:
    """Each with days and words nothing else has; who does it is for who may know who helps."""
    days = days_from(date(2412, 3, 7), 3)
    for child, member, is_here, said in AGREED:
        here = planted.memberships[member]
        by = here if is_here else somebody(planted, child, here)
        sealing = key(planted, child, GROUP_OF_CLASS[AGR.value], by.organisation.key)
        one = _agreement(planted, child, by, next(days), sealing)
        for word in said:
            _step(planted, child, one, by, word, next(days), sealing)
        planted.agreements[one.pk] = (child, str(by.pk), len(said))
        if not said or said[-1] == "moved":
            planted.with_open_agreement.add(child)


def _agreement(planted: Planted, child: str, by: Membership, day: date, key: OpenKey) -> Agreement:
    canary = Canary(child, AGR, "an agreement", organisation=by.organisation.key)
    made = Agreement(
        learner=planted.learners[child], doer="member", doer_member=by, organisation=by.organisation,
        due_on=planted.words.day(day, canary), written_by=by, written_at=planted.world.now,
    )  # fmt: skip
    for name in ("what", "why"):
        said = Canary(child, AGR, f"{name} of an agreement", organisation=by.organisation.key)
        seal_into(made, name, f"Over {planted.words.word(said)} is iets afgesproken.", key=key)
    made.save(force_insert=True)
    return made


def _step(
    planted: Planted, child: str, one: Agreement, by: Membership, said: str, day: date, key: OpenKey
) -> None:
    canary = Canary(child, AGR, "an agreement moved", organisation=by.organisation.key)
    step = Step(
        agreement=one, learner=one.learner, said=said, organisation=by.organisation, written_by=by,
        to_on=planted.words.day(day, canary) if said == "moved" else None, written_at=planted.world.now,
    )  # fmt: skip
    words = Canary(child, AGR, "why an agreement went otherwise", organisation=by.organisation.key)
    seal_into(step, "because", f"Omdat {planted.words.word(words)} niet lukte.", key=key)
    step.save(force_insert=True)
