"""The monthly visit sheet: the register of one school as the SWV and the care coordinator walk through it.

On the register of long absence is who is at home for longer than a week, or out of sight (standing.py). New
since a month ago, longer, returned, and who is on no roll any more; with what is open and what to ask. Who
comes and goes has a list of its own (Amsterdam-Noord, 20 February 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbeeld.access.actor import Actor
from inbeeld.kernel.access import Action, FieldClass, may_leave
from inbeeld.kernel.calendar import add_months
from inbeeld.learners.models import Judgement, Standing
from inbeeld.learners.seen import SeenStanding
from inbeeld.learners.wording import written
from inbeeld.schools.agenda import AgendaRow, agenda_of
from inbeeld.schools.school import LONGEST_FIRST, SchoolSeen, at

#: What stands on the sheet: without these no sheet leaves.
ON_PAPER = (FieldClass.IDE, FieldClass.ATT)


@dataclass(frozen=True)
class VisitRow:
    """One child on the sheet, with the questions to ask about it."""

    row: AgendaRow
    questions: tuple[str, ...]


@dataclass(frozen=True)
class VisitSheet:
    """The sheet of one school: what changed on its register from one day to another."""

    new: tuple[VisitRow, ...]
    longer: tuple[VisitRow, ...]
    returned: tuple[VisitRow, ...]
    off_roll: tuple[VisitRow, ...]

    @property
    def parts(self) -> tuple[tuple[str, tuple[VisitRow, ...]], ...]:
        """The parts of the sheet by key, in the order of the talk."""
        return (
            ("new", self.new), ("longer", self.longer), ("returned", self.returned),
            ("off_roll", self.off_roll),
        )  # fmt: skip

    @property
    def is_empty(self) -> bool:
        return not any(rows for _key, rows in self.parts)


def may_print(actor: Actor) -> bool:
    """May what stands on the sheet leave as a file, for some child this role sees? The children say which."""
    return any(all(row.cells[one] != "." and may_leave(row, one) for one in ON_PAPER) for row in actor.rows)


def visit_sheet(seen: SchoolSeen, judgement: Judgement, *, action: Action = Action.READ) -> VisitSheet:
    """The sheet for one actor. Under EXPORT only children, and of these only facts, that may leave."""
    groups = _register(seen)
    keys = [key for found in groups.values() for key, _reference in found]
    rows = {row.child.reference: row for row in agenda_of(seen.actor, keys, action=action)}
    next_visit = add_months(judgement.on, 1)

    def part(name: str) -> tuple[VisitRow, ...]:
        found = [rows[reference] for _key, reference in groups[name] if reference in rows]
        return tuple(VisitRow(row, tuple(_questions(row, next_visit))) for row in found)

    return VisitSheet(part("new"), part("longer"), part("returned"), part("off_roll"))


def _register(seen: SchoolSeen) -> dict[str, list[tuple[int, UUID]]]:
    """The learners of each part by key and reference, who is away longest first."""
    rows = (
        Standing.objects.visible_to(seen.actor)
        .filter(at(seen.school))
        .filter(Q(on_register=True) | Q(on_register_before=True))
        .order_by(*LONGEST_FIRST)
        .values_list("learner_id", "learner__reference", "on_register", "on_register_before", "enrolled")
    )
    groups: dict[str, list[tuple[int, UUID]]] = {"new": [], "longer": [], "returned": [], "off_roll": []}
    for key, reference, now, before, enrolled in rows:
        if not enrolled:
            if not now:
                continue  # of no school age any more
            part = "off_roll"
        elif not now:
            part = "returned"
        else:
            part = "longer" if before else "new"
        groups[part].append((key, reference))
    return groups


def _questions(row: AgendaRow, next_visit: date) -> Iterator[str]:
    """What to ask in the talk, from what is known and what is missing."""
    standing, arranged = row.standing, row.arranged
    if standing.exempt:
        yield _("Exempt: who keeps contact, and is some education possible after all?")
    elif not standing.enrolled:
        yield _("Which school is going to enrol this child? Ask the municipality and the last school.")
    if standing.open_since is not None and standing.open_since != standing.without_since:
        yield _("Was the absence since {since} with or without permission?").format(
            since=written(standing.open_since)
        )
    if arranged.direction is None and standing.on_register:
        yield _("Nobody holds direction. Who takes it?")
    if late := sum(one.is_late for one in arranged.agreements):
        said = ngettext(
            "{number} agreement is past its day. What became of it?",
            "{number} agreements are past their day. What became of them?",
            late,
        )
        yield said.format(number=late)
    for waits in arranged.asked:
        yield _("{name} ({place}) was asked to join on {on} and has not answered. Who calls?").format(
            name=waits.whom, place=waits.place, on=written(waits.asked_on)
        )
    for waits in arranged.consents:
        yield _("Consent for {place} was asked on {on} and is not signed yet. What holds it up?").format(
            place=waits.place, on=written(waits.asked_on)
        )
    if row.about.report_duty == "yes":
        yield _("There is a duty to report. Has the report been made in the verzuimregister?")
    yield from _of_the_limits(standing, next_visit)


def _of_the_limits(standing: SeenStanding, next_visit: date) -> Iterator[str]:
    """Limits that pass before the next visit, and what asks for a talk of its own."""
    four, three = standing.passes_four_weeks_on, standing.passes_three_months_on
    if standing.phase == 1 and four is not None and four <= next_visit:
        yield _("Four weeks are passed on {on}, before the next visit. Who does what until then?").format(
            on=written(four)
        )
    if standing.phase == 2 and three is not None and three <= next_visit:
        yield _("Three months are passed on {on}, before the next visit. Who does what until then?").format(
            on=written(three)
        )
    if standing.phase == 3:
        yield _("Three months have passed: is there a suitable offer? The lists do not say; people do.")
    if not standing.on_register and standing.enrolled:
        yield _("Back at school: how does it go, and who keeps following it?")
