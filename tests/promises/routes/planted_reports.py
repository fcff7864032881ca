"""Reports to DUO in the described region: one that was made and answered, and one that is being prepared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from inbeeld.duo.models import Answer, Report
from inbeeld.kernel.access import FieldClass
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.sealing import OpenKey, seal_into
from inbeeld.organisations.models import Membership, Organisation
from tests.promises.routes.planted_alerts import somebody
from tests.promises.routes.words import PREPARED, WHO_WAS_INVOLVED, Canary, days_from

if TYPE_CHECKING:
    from tests.promises.routes.planting import Planted

ATT, MED = FieldClass.ATT, FieldClass.MED
#: Of whom there are reports.
REPORTED = ("I2", "I3", "L2", "K13", "F2")
Key = Callable[["Planted", str, str, str], OpenKey]


def planted_reports(planted: Planted, *, key: Key) -> None:
    """Of some children a report with an answer, and one that only the school knows of so far."""
    days = days_from(date(1997, 2, 3), 2)
    for child in REPORTED:
        place = planted.world.children[child].school
        reporter = _somebody_at(child, place)
        made = _report(planted, child, reporter, next(days), key=key, state="reported")
        _report(planted, child, reporter, next(days), key=key, state="prepared")
        _answer(planted, made, child, key=key)


def _somebody_at(child: str, place: str) -> Membership:
    """Who left the school since. Colleagues know the name, so it is no secret word."""
    person = get_user_model().objects.create(username=f"melder-{child}", first_name="Ank", last_name="Melder")
    return Membership.objects.create(
        person=person, organisation=Organisation.objects.get(key=place), role="care_coordinator",
        from_on=date(2020, 8, 1), until_on=date(2024, 7, 31),
    )  # fmt: skip


def _report(planted: Planted, child: str, reporter: Membership, day: date, *, key: Key, state: str) -> Report:
    place, world = reporter.organisation.key, planted.world
    what = PREPARED if state == "prepared" else "a report"

    def canary(field_class: FieldClass, part: str) -> Canary:
        return Canary(
            child, field_class, what if what == PREPARED else f"{part} of a report", organisation=place,
            is_reason=field_class is MED,
        )  # fmt: skip

    made = Report(
        learner=planted.learners[child], kind="other",
        begins_on=planted.words.day(day, canary(ATT, "first day")),
        days=1, minutes=300, all_lessons=True, wants_action=True, organisation=reporter.organisation,
        written_by=reporter, written_at=world.now, state=state,
        reported_on=world.today if state == "reported" else None,
        reported_by=reporter if state == "reported" else None,
    )  # fmt: skip
    for name, field_class in (("reason", MED), ("measures", ATT)):
        text = f"Over {planted.words.word(canary(field_class, name))} is gesproken."
        seal_into(made, name, text, key=key(planted, child, GROUP_OF_CLASS[field_class.value], place))
    made.save(force_insert=True)
    planted.reports[made.pk] = (child, place, state)
    return made


def _answer(planted: Planted, report: Report, child: str, *, key: Key) -> None:
    officer = somebody(planted, child, planted.memberships["attendance_officer"])
    place = officer.organisation.key
    made = Answer(
        report=report, learner=report.learner, status="in_treatment", said_on=planted.world.today,
        organisation=officer.organisation, written_by=officer, written_at=planted.world.now,
    )  # fmt: skip
    canary = Canary(child, FieldClass.AGR, WHO_WAS_INVOLVED)
    text = f"Vraag naar {planted.words.word(canary)}."
    seal_into(made, "contact", text, key=key(planted, child, GROUP_OF_CLASS[ATT.value], place))
    made.save(force_insert=True)
