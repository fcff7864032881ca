"""What one request read or did, kept until the journal has it: no line, no page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from inbeeld.journal.deed import Deed
from inbeeld.kernel.access import Action, Decision, FieldClass, Involvement

if TYPE_CHECKING:
    from inbeeld.access.permit import Given, Permit

ALLOWED, REFUSED = "allowed", "refused"
#: What a list or the own page is read for; an involvement says its own purpose.
PURPOSES = {Involvement.OWN_ORG: "list", Involvement.SELF: "own_page"}


class _Way(NamedTuple):
    """What makes one line: the same child, in the same way, about the same thing."""

    child: UUID
    action: str
    row: str
    object: str
    consent: Given | None


@dataclass
class Ledger:
    """The lines to write for one request, in the order in which things happened."""

    lines: dict[_Way, tuple[Permit, Decision, set[FieldClass]]] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)

    def note(
        self,
        permit: Permit,
        decision: Decision,
        field_class: FieldClass,
        *,
        action: str = Action.READ.value,
        about: str = "",
    ) -> None:
        """Note that something of this class was read or done. `about`: "entry:<id>", or nothing."""
        assert decision and decision.row is not None, "only what was allowed happened"
        row = decision.row
        consent = permit.consent_for(row.involvement, field_class) if "c" in row.cells[field_class] else None
        way = _Way(permit.child, action, row.key, about, consent)
        self.lines.setdefault(way, (permit, decision, set()))[2].add(field_class)

    def add(self, deed: Deed) -> None:
        """Add a line of an operation."""
        self.deeds.append(deed)

    def did(
        self,
        permit: Permit,
        action: str,
        *,
        field_class: FieldClass | None = None,
        about: str = "",
        outcome: str = ALLOWED,
        consent: str = "",
        emergency: bool = False,
    ) -> None:
        """Add the line of something done to a child, or refused. `about`: "involvement:<id>", or nothing.

        The row is the one under which the actor may know of the child; without one the line has no ground.
        """
        decision = permit.may(FieldClass.IDE)
        row = decision.row if decision else None
        involvement = Involvement.NONE if row is None else row.involvement
        actor = permit.actor
        self.add(
            Deed(
                trace=actor.trace,
                actor=actor.key,
                organisation=actor.organisation_key,
                role=actor.role,
                involvement=involvement.value,
                purpose=permit.purpose_of(involvement),
                ground=decision.ground,
                row="" if row is None else row.key,
                action=action,
                field_class="" if field_class is None else field_class.value,
                child=permit.child,
                object=about,
                outcome=outcome,
                origin="",
                emergency=emergency or involvement is Involvement.EMERGENCY,
                consent=consent,
            )
        )

    def take(self, *, origin: str) -> list[Deed]:
        """Everything since the last time, ready for the journal. `origin`: the name of the page."""
        taken = [*self._reads(origin), *(one._replace(origin=one.origin or origin) for one in self.deeds)]
        self.lines.clear()
        self.deeds.clear()
        return taken

    def _reads(self, origin: str) -> Iterator[Deed]:
        for way, (permit, decision, classes) in self.lines.items():
            assert decision.row is not None
            involvement = decision.row.involvement
            actor = permit.actor
            yield Deed(
                trace=actor.trace,
                actor=actor.key,
                organisation=actor.organisation_key,
                role=actor.role,
                involvement=involvement.value,
                purpose=permit.purpose_of(involvement, under=way.consent),
                ground=decision.ground,
                row=way.row,
                action=way.action,
                field_class=" ".join(sorted(one.value for one in classes)),
                child=way.child,
                object=way.object,
                outcome=ALLOWED,
                origin=origin,
                emergency=involvement is Involvement.EMERGENCY,
                consent="" if way.consent is None else way.consent.key,
            )
