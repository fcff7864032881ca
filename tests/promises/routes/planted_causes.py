"""Causes in the described region: of each class that is written, by who is here and who left since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbeeld.causes.models import Judged
from inbeeld.kernel.access import FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.sealing import seal_into
from tests.promises.routes.planted_alerts import somebody
from tests.promises.routes.planted_reports import Key
from tests.promises.routes.words import Canary

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

SUP, FAM, MED = (FieldClass(one) for one in ("SUP", "FAM", "MED"))
#: About whom, by whom, of which class, and whether they are still here to end it.
JUDGED = (
    ("I2", "care_coordinator", SUP, True), ("I2", "care_coordinator", FAM, True),
    ("I2", "school_doctor", MED, True), ("I2", "youth_protection", FAM, True),
    ("I3", "swv_adviser", SUP, False), ("I3", "school_nurse", MED, False),
    ("L2", "school_doctor", FAM, False), ("K13", "mentor", SUP, False),
    ("K16", "youth_worker", FAM, False),
)  # fmt: skip


def planted_causes(planted: Planted, *, key: Key) -> None:
    """Each with words nothing else has, in the place of the cause as well. Old ones show no more."""
    for child, member, field_class, is_here in JUDGED:
        here = planted.memberships[member]
        by = here if is_here else somebody(planted, child, here)
        place = by.organisation.key
        which, text = (
            Canary(child, field_class, what, organisation=place, member=member)
            for what in ("which cause", "words of a cause")
        )
        made = Judged(
            learner=planted.learners[child], field_class=field_class.value, organisation=by.organisation,
            on=planted.world.today, written_by=by, written_at=planted.world.now,
        )  # fmt: skip
        sealing = key(planted, child, GROUP_OF_CLASS[field_class.value], place)
        # No word of the list: a page shows what was sealed as it stands, so that it can be found again.
        seal_into(made, "cause", planted.words.word(which), key=sealing)
        seal_into(made, "text", f"Over {planted.words.word(text)}.", key=sealing)
        made.save(force_insert=True)
        planted.causes[made.pk] = (child, place, field_class)
