"""Who a key of the journal stands for: a name, a role and an organisation, as far as the reader may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from inbeeld.access.actor import KINSHIP, MEMBERSHIP, Actor
from inbeeld.access.models import Kinship
from inbeeld.organisations.models import Membership, Organisation


@dataclass(frozen=True)
class Person:
    """Somebody in the journal. `name` is empty for kin whose name the reader may not know."""

    key: str
    name: str
    is_kin: bool = False


@dataclass(frozen=True)
class Known:
    """The people and organisations of some lines, looked up in at most three queries."""

    people: dict[str, Person]
    organisations: dict[str, str]

    def person(self, key: str) -> Person:
        return self.people.get(key) or Person(key, _unnamed(key), is_kin=key.startswith(f"{KINSHIP}:"))

    def organisation(self, key: str) -> str:
        return self.organisations.get(key, key)


def known_people(actor: Actor, *, people: Iterable[str], organisations: Iterable[str]) -> Known:
    """Names for the keys of lines. The name of kin is a fact about a family: only for who may read that."""
    keys = set(people)
    members = {pk for key in keys if (pk := _after(MEMBERSHIP, key)).isdecimal()}
    kin = {pk for key in keys if (pk := _after(KINSHIP, key))}
    found = {
        f"{MEMBERSHIP}:{one.pk}": Person(f"{MEMBERSHIP}:{one.pk}", one.person.get_full_name())
        for one in Membership.objects.filter(pk__in=members).select_related("person")
    }
    if kin:
        for one in Kinship.objects.visible_to(actor).filter(pk__in=kin).select_related("person"):
            key = f"{KINSHIP}:{one.pk}"
            found[key] = Person(key, one.person.get_full_name(), is_kin=True)
    wanted = {one for one in organisations if one}
    names = dict(Organisation.objects.filter(key__in=wanted).values_list("key", "name"))
    return Known(found, names)


def _after(kind: str, key: str) -> str:
    return key.removeprefix(f"{kind}:") if key.startswith(f"{kind}:") else ""


def _unnamed(key: str) -> str:
    if key.startswith(f"{KINSHIP}:"):
        return ""
    if key.startswith(f"{MEMBERSHIP}:"):
        return _("somebody who is no longer known here")
    return _("inbeeld itself")
