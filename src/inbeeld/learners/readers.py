"""Who will be able to read what is about to be written: told at that moment, from the table itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from inbeeld.access.actor import Actor
from inbeeld.access.in_words import KIN, role_word
from inbeeld.kernel.access import ROWS, FieldClass, Involvement, Row
from inbeeld.kernel.consent import Relation, role_of

#: So many roles fit in a sentence; more are folded away behind their number.
IN_A_SENTENCE = 3


@dataclass(frozen=True)
class Readers:
    """Who reads an entry of one class, besides its writer. Each a list of roles in words, without doubles.

    `roles` and `with_consent`: when involved with the child, or with it on their list.
    """

    only_me: bool
    organisation: str
    roles: tuple[str, ...]
    with_consent: tuple[str, ...]
    in_an_emergency: tuple[str, ...]
    kin: tuple[str, ...]
    kin_with_consent: tuple[str, ...]

    @property
    def many(self) -> bool:
        return len(self.roles) > IN_A_SENTENCE


def readers_of(field_class: FieldClass, *, actor: Actor, born_on: date | None) -> Readers:
    """Who may read what this actor writes of this class, at whatever stage; of kin: at today's age."""
    if field_class is FieldClass.NOT:
        return Readers(True, actor.place, (), (), (), (), ())
    ours = {role_of(relation, born_on=born_on, on=actor.today) for relation in Relation}
    rows = [row for row in ROWS if row.role not in KIN or row.role in ours]
    kin = [row for row in rows if row.role in KIN]
    emergency = [row for row in rows if row.involvement is Involvement.EMERGENCY]
    others = [row for row in rows if row not in kin and row not in emergency]
    roles = tuple(_roles(others, field_class, "rw"))
    return Readers(
        only_me=False,
        organisation=actor.place,
        roles=roles,
        with_consent=tuple(one for one in _roles(others, field_class, "c") if one not in roles),
        in_an_emergency=tuple(_roles(emergency, field_class, "rw")),
        kin=tuple(_roles(kin, field_class, "r")),
        kin_with_consent=tuple(_roles(kin, field_class, "c")),
    )


def _roles(rows: list[Row], field_class: FieldClass, letters: str) -> Iterator[str]:
    found = (role_word(row.role) for row in rows if set(row.cells[field_class]) & set(letters))
    yield from dict.fromkeys(found)
