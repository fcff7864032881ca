"""A child with two guardians, and an adviser who is involved: on days the tests choose."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inbeeld.access import operations_consent
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, as_actor, kin, member, permit
from inbeeld.organisations.models import Kind, Role

TODAY = date(2026, 4, 20)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 4, 20, 12, tzinfo=AMSTERDAM)
FAM = FieldClass.FAM


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=AMSTERDAM)


class Family:
    """A child with two guardians, and an adviser of the SWV who is involved."""

    def __init__(self, born_on: date) -> None:
        self.child = make.learner(make.organisation(), born_on=born_on)
        self.guardians = [kin(self.child, "guardian", from_on=born_on) for _ in range(2)]
        self.learner = kin(self.child, "learner", from_on=born_on)
        self.adviser = as_actor(member(Role.SWV_ADVISER, Kind.SWV))
        make.involve(
            self.child, self.adviser, from_at=at(TODAY) - timedelta(days=100), days=3000,
            granted_at=at(TODAY) - timedelta(days=100), accepted_at=at(TODAY) - timedelta(days=100),
            purpose="advice",
        )  # fmt: skip

    def ask(self, on=TODAY, **more):
        values = {"field_class": FAM, "receiver": self.adviser.organisation, "purpose": "advice", **more}
        return operations_consent.ask(permit(self.adviser, self.child, at=at(on)), child=self.child, **values)

    def sign(self, consent, *signers, on=TODAY):
        for one in signers:
            operations_consent.sign(consent, by=again(one, at=at(on)))

    def reads(self, on=TODAY, by=None, field_class=FAM):
        return bool(permit(by or self.adviser, self.child, at=at(on)).may(field_class))


def of_age(years: int, days: int = 100) -> date:
    """Born so that on TODAY the child is so old, and that many days."""
    return date(TODAY.year - years, TODAY.month, TODAY.day) - timedelta(days=days)
