"""The invented families of a trial: a guardian of a child of each age the law tells apart, and the young.

They carry the name of their own child, which was invented with the region.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.models import Involvement, Kinship
from inbeeld.access.operations_consent import ask, sign
from inbeeld.access.operations_kin import register_kin
from inbeeld.access.permit import Permit
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.consent import age_on, must_sign
from inbeeld.keys.opening import open_keys
from inbeeld.learners import operations_file as file
from inbeeld.learners.models import Learner
from inbeeld.learners.seen import IDENTITY, full_name, keyholder_of, opened_names
from inbeeld.organisations import operations as organisations
from inbeeld.organisations.models import Kind, Organisation

COMMAND = "command:demo"
KNOWN_SINCE = date(2025, 8, 1)
Purpose = Involvement.Purpose
#: Call names; the last name is that of the child.
GUARDIANS = ("Hanneke", "Mehmet", "Ruth")
ADDRESSES = (
    "Verzonnenlaan 12, 9999 XA Noorderveen, 06 00000000",
    "Nergenshof 3, 9999 XB Noorderveen, 06 00000001",
    "Bedachtesteeg 101, 9999 XC Noorderveen, 06 00000002",
)


def let_families_in(children: Iterable[tuple[Learner, Permit]]) -> None:
    """A guardian of a child of each age the law tells apart; the two eldest log in themselves too.

    `children`: each with the permit of the doctor, who asks the families for consent.
    """
    by_age: dict[int, tuple[Learner, Permit]] = {}
    for child, permit in children:
        if child.born_on is not None:
            age = age_on(child.born_on, timezone.localdate())
            by_age.setdefault(0 if age < 12 else 12 if age < 16 else 16 if age < 18 else 18, (child, permit))
    families = [(age, found) for age, found in sorted(by_age.items()) if age < 18]
    for number, (age, (child, permit)) in enumerate(families):
        call_name, last_name = _name_of(child)
        kin = [_kin(child, (GUARDIANS[number], last_name), Kinship.Relation.GUARDIAN, number)]
        if age >= 12:
            kin.append(_kin(child, (call_name, last_name), Kinship.Relation.LEARNER, number))
        _consent(permit, child, kin)
        enter_address_of(child, number, shielded=number == 0)


def _name_of(child: Learner) -> tuple[str, str]:
    """Call name, and last name with its prefix."""
    wanted = (child.reference, IDENTITY, keyholder_of(child.region))
    names = opened_names(child, open_keys([wanted])[wanted])
    last_name = full_name({part: names.get(part, "") for part in ("prefix", "last_name")})
    return full_name(names).removesuffix(last_name).strip(), last_name


def _kin(child: Learner, name: tuple[str, str], relation: str, number: int) -> Kinship:
    person = organisations.enter_person(name, username=f"{relation}.{number + 1}")
    return register_kin(COMMAND, child=child, person=person, relation=relation, from_on=KNOWN_SINCE)


def _consent(permit: Permit, child: Learner, kin: list[Kinship]) -> None:
    """The doctor asks to know what others wrote, and why school was missed; the family signs."""
    with acting(permit.actor, origin=COMMAND):
        asked = ask(
            permit,
            child=child,
            field_class=FieldClass.MED,
            receiver=permit.actor.organisation,
            purpose=Purpose.HEALTH,
        )
    signing = {one.value for one in must_sign(child.born_on, timezone.localdate())} if child.born_on else ()
    for one in (one for one in kin if one.relation in signing):
        signer = Actor(name=one.person.get_full_name(), kinship=one)
        with acting(signer, origin=COMMAND):
            sign(asked, by=signer)


def enter_address_of(child: Learner, number: int, *, shielded: bool) -> None:
    """An invented address, as the municipality delivers it; a shielded one comes from youth help."""
    kind = Kind.YOUTH_HELP if shielded else Kind.MUNICIPALITY
    organisation = Organisation.objects.filter(kind=kind, region=child.region).order_by("key").first()
    if organisation is not None:
        file.enter_address(
            child, text=ADDRESSES[number], organisation=organisation, on=KNOWN_SINCE, by=COMMAND,
            shielded=shielded,
        )  # fmt: skip
