"""Who belongs with the children of a random region, and what is consented to: in force or just not."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from inbeeld.access.models import Consent, Involvement, Kinship
from inbeeld.kernel.access import FieldClass, rows_of
from inbeeld.kernel.consent import Relation, role_of
from inbeeld.keys.sealing import Sealed

if TYPE_CHECKING:
    from tests.promises.populations import Population

MICROSECOND, DAY = timedelta(microseconds=1), timedelta(days=1)
AROUND = (
    -90 * DAY,
    -DAY,
    -timedelta(hours=1),
    -MICROSECOND,
    timedelta(0),
    MICROSECOND,
    timedelta(hours=1),
    DAY,
)
#: What is sealed, and is never opened here.
SEAL = Sealed(b"not opened here")
CLASSES = tuple(one.value for one in FieldClass)
#: Few, so that a consent is for what somebody is involved for about as often as for something else.
PURPOSES = ("help", "advice", "health")


def add_involvements(made: Population, chance: random.Random) -> None:
    """With four children for each member, mostly in the ways of their role; with one of them several."""
    found = []
    for member in made.memberships:
        held = [one.involvement.value for one in rows_of(member.role)]
        fitting = [one for one in Involvement.Kind.values if one in held] or Involvement.Kind.values
        for child in chance.sample(made.learners, 4):
            found.append(
                Involvement(
                    id=uuid_by(chance),
                    child=child,
                    membership=member,
                    kind=chance.choice(fitting if chance.random() < 0.6 else Involvement.Kind.values),
                    purpose=chance.choice(PURPOSES),
                    granted_by=chance.choice(
                        [None, *(one for one in made.memberships if one.pk != member.pk)]
                    ),
                    granted_at=made.at - 100 * DAY,
                    **_when(made, chance),
                )
            )
        known = next((one for one in found[-4:] if _is_in_force(made, one)), found[-1])
        found += [_once_more(made, chance, known) for _number in range(1 + bool(_asked(member.role)))]
    made.involvements = Involvement.for_operations.bulk_create(found)


def _once_more(made: Population, chance: random.Random, known: Involvement) -> Involvement:
    """The same member with the same child again, mostly in the same way; for any purpose, ended or not."""
    return Involvement(
        id=uuid_by(chance),
        child=known.child,
        membership=known.membership,
        kind=known.kind if chance.random() < 0.8 else chance.choice(Involvement.Kind.values),
        purpose=chance.choice(PURPOSES),
        granted_by=known.granted_by,
        granted_at=known.granted_at + chance.choice((-DAY, DAY)),
        **_in_force(made, chance) | {"ended_at": chance.choice((None, made.at))},
    )


def _when(made: Population, chance: random.Random) -> dict[str, datetime | None]:
    """In force, in force but for one thing, or anything."""
    in_force = _in_force(made, chance)
    kind = chance.random()
    if kind < 0.4:
        return in_force
    if kind < 0.7:
        earlier = made.at - DAY
        return in_force | chance.choice((
            {"accepted_at": earlier, "from_at": earlier, "until_at": made.at},
            {"accepted_at": earlier, "from_at": made.at + MICROSECOND, "until_at": made.at + DAY},
            {"accepted_at": None}, {"accepted_at": made.at + MICROSECOND}, {"ended_at": made.at},
        ))  # fmt: skip
    from_at = made.at + chance.choice(AROUND)
    return {
        "accepted_at": _maybe(made, chance), "from_at": from_at, "ended_at": _maybe(made, chance),
        "until_at": max(made.at + chance.choice(AROUND), from_at + MICROSECOND),
    }  # fmt: skip


def _in_force(made: Population, chance: random.Random) -> dict[str, datetime | None]:
    begun = made.at - chance.choice((timedelta(0), MICROSECOND, DAY))
    return {
        "accepted_at": begun, "from_at": begun, "until_at": made.at + chance.choice((MICROSECOND, DAY)),
        "ended_at": None,
    }  # fmt: skip


def _is_in_force(made: Population, one: Involvement) -> bool:
    accepted = one.accepted_at is not None and one.accepted_at <= made.at
    return accepted and one.from_at <= made.at < one.until_at and one.ended_at is None


def add_consents(made: Population, chance: random.Random) -> None:
    """Half of them to kin; most to who is asked for something that the table opens with consent."""
    kin_of_use = [one for one in made.kinships if _asked(_role_of(made, one))] or made.kinships
    held_of_use = [
        one
        for one in made.involvements
        if one.kind == Involvement.Kind.INVOLVED and _is_in_force(made, one) and _asked(one.membership.role)
    ] or made.involvements
    found = []
    for number in range(60):
        to_kin, of_use = number % 2 == 0, chance.random() < 0.8
        kin = chance.choice(kin_of_use if of_use else made.kinships)
        held = chance.choice(held_of_use if of_use else made.involvements)
        role = _role_of(made, kin) if to_kin else held.membership.role
        child = (kin.child if to_kin else held.child) if of_use else chance.choice(made.learners)
        found.append(
            Consent(
                id=uuid_by(chance),
                child=child,
                field_class=chance.choice((_asked(role) if of_use else []) or CLASSES),
                receiver=None if to_kin else held.membership.organisation,
                receiving_kin=kin if to_kin else None,
                purpose=chance.choice(PURPOSES),
                text_version="1",
                asked_by=chance.choice(made.memberships),
                asked_at=made.at,
                **_how_long(made, chance),
            )
        )
    made.consents = Consent.for_operations.bulk_create(found)


def _how_long(made: Population, chance: random.Random) -> dict[str, Any]:
    """A consent in force, in force but for one thing, or anything."""
    today = made.today
    in_force = {
        "until_on": today + chance.choice((timedelta(0), DAY)), "withdrawn_at": None,
        "holds_from": today - chance.choice((timedelta(0), DAY)), "holds_until": today + DAY,
    }  # fmt: skip
    kind = chance.random()
    if kind < 0.35:
        return in_force
    if kind < 0.8:
        return in_force | chance.choice((
            {"holds_until": today}, {"withdrawn_at": made.at - DAY}, {"withdrawn_at": made.at},
            {"until_on": today - DAY}, {"holds_from": today + DAY, "holds_until": today + 9 * DAY},
            {"holds_from": None, "holds_until": None},
        ))  # fmt: skip
    return {
        "until_on": today + chance.choice((-DAY, DAY)),
        "withdrawn_at": chance.choice((None, made.at - DAY, made.at, made.at + DAY)),
        "holds_from": chance.choice((None, today - DAY, today, today + DAY)),
        "holds_until": chance.choice((None, today, today + DAY, today + 9 * DAY)),
    }  # fmt: skip


def _asked(role: str) -> list[str]:
    """The classes of the table that consent opens for a role."""
    return [one for one in CLASSES if "c" in letters(role, one)]


def letters(role: str, field_class: str) -> str:
    """All the letters of the table for a role and a class, in whatever way it is involved."""
    return "".join(row.cells[FieldClass(field_class)] for row in rows_of(role))


def _role_of(made: Population, kin: Kinship) -> str:
    return role_of(Relation(kin.relation), born_on=kin.child.born_on, on=made.today) or ""


def _maybe(made: Population, chance: random.Random) -> datetime | None:
    return chance.choice((None, *(made.at + one for one in AROUND)))


def uuid_by(chance: random.Random) -> UUID:
    """A key that follows from the seed."""
    return UUID(int=chance.getrandbits(128), version=4)
