"""Who works where: entered once, in force between two days."""

from __future__ import annotations

from datetime import date

import pytest

from inbeeld.organisations import operations
from inbeeld.organisations.models import Kind, Membership, Organisation, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NAME = ("Marit", "Hoogeveen")


def swv() -> Organisation:
    found = Organisation(key="swv_vo", region="noorderveen", kind=Kind.SWV, name="SWV VO", sector="vo")
    operations.enter_organisations([found])
    return Organisation.objects.get(key="swv_vo")


def test_the_same_appointment_twice_is_one():
    one = operations.appoint(NAME, role=Role.SWV_COORDINATOR, at=swv(), from_on=date(2025, 8, 1))
    two = operations.appoint(NAME, role=Role.SWV_COORDINATOR, at=swv(), from_on=date(2025, 8, 1))
    assert one == two
    assert Membership.objects.count() == Organisation.objects.count() == 1


def test_an_appointed_person_has_no_password_that_works():
    member = operations.appoint(NAME, role=Role.SWV_COORDINATOR, at=swv(), from_on=date(2025, 8, 1))
    assert not member.person.has_usable_password()


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2025, 7, 31), False),
        (date(2025, 8, 1), True),
        (date(2026, 7, 31), True),
        (date(2026, 8, 1), False),
    ],
)
def test_a_membership_holds_from_its_first_to_its_last_day(day, in_force):
    member = Membership(
        organisation=Organisation(kind=Kind.SWV),
        role=Role.SWV_COORDINATOR,
        from_on=date(2025, 8, 1),
        until_on=date(2026, 7, 31),
    )
    assert member.is_in_force(day) is in_force
    member.until_on = None
    assert member.is_in_force(day) is (day >= member.from_on)
