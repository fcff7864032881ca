"""Contacts in the described region: of some children one with the absence and one with the agreements."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from inbeeld.contacts.models import Contact
from inbeeld.kernel.access import FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.sealing import seal_into
from inbeeld.organisations.models import Membership
from tests.promises.routes.planted_alerts import somebody
from tests.promises.routes.planted_reports import Key
from tests.promises.routes.words import Canary, days_from

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

ATT, AGR = FieldClass.ATT, FieldClass.AGR
#: With whom somebody spoke, who recorded it, and whether they are still here to strike it out.
SPOKEN = (
    ("I2", "mentor", ATT, True), ("I2", "swv_adviser", AGR, True), ("I3", "mentor", ATT, False),
    ("L2", "attendance_officer", ATT, False), ("K13", "mentor", ATT, False),
    ("K13", "swv_adviser", AGR, False), ("K16", "youth_worker", AGR, False),
)  # fmt: skip


def planted_contacts(planted: Planted, *, key: Key) -> None:
    """Each with a day and a word nothing else has; who recorded it is for who may know who helps."""
    days = days_from(date(1993, 2, 1), 2)
    for child, member, field_class, is_here in SPOKEN:
        here = planted.memberships[member]
        by = here if is_here else somebody(planted, child, here)
        _contact(planted, child, by, field_class, next(days), key)


def _contact(
    planted: Planted, child: str, by: Membership, field_class: FieldClass, day: date, key: Key
) -> None:
    place = by.organisation.key
    canary = Canary(child, field_class, "a contact", organisation=place)
    made = Contact(
        learner=planted.learners[child], field_class=field_class.value, on=planted.words.day(day, canary),
        party="parents", means="visit", reached=True, organisation=by.organisation, written_by=by,
        written_at=planted.world.now,
    )  # fmt: skip
    said = Canary(child, AGR, "what was said at a contact", organisation=place)
    text = f"Over {planted.words.word(said)} is gesproken."
    seal_into(made, "text", text, key=key(planted, child, GROUP_OF_CLASS[AGR.value], place))
    made.save(force_insert=True)
    planted.contacts[made.pk] = (child, str(by.pk), field_class)
