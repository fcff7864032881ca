"""Changes to organisations and memberships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth import get_user_model
from django.db import transaction

from inbeeld.organisations.models import Membership, Organisation, Role


@transaction.atomic
def enter_organisations(found: Iterable[Organisation]) -> None:
    """Enter organisations, or bring the ones known by their key up to date."""
    Organisation.objects.bulk_create(
        found,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["region", "kind", "name", "brin", "municipality", "sector"],
    )


@transaction.atomic
def appoint(name: tuple[str, str], *, role: Role, at: Organisation, from_on: date) -> Membership:
    """Give a person (call name, last name) a role at an organisation; the same call again changes nothing."""
    username = f"{role.value}.{at.key}".lower()
    person, _ = get_user_model().objects.get_or_create(
        username=username, defaults={"first_name": name[0], "last_name": name[1], "password": "!"}
    )
    membership, _ = Membership.objects.get_or_create(
        person=person, organisation=at, role=role, from_on=from_on
    )
    return membership
