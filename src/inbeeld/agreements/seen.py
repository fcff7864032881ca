"""Agreements as one actor may see them: frozen, opened for what is permitted, noted for the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localdate

from inbeeld.access.permit import Permit
from inbeeld.agreements.doers import can_answer
from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.operations import may_agree, may_strike
from inbeeld.kernel.access import Action, Author, Decision, FieldClass
from inbeeld.kernel.agreements import Course
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.opening import open_keys
from inbeeld.learners.access_page import knows_who_is_involved
from inbeeld.learners.file import opened
from inbeeld.learners.wording import when

AGR = FieldClass.AGR
GROUP = GROUP_OF_CLASS[AGR.value]
#: So many of what was settled stand on the page of a child.
SETTLED_SHOWN = 5


@dataclass(frozen=True)
class SeenStep:
    """What was said of an agreement. `by`: who said it; empty for who may not know who is involved."""

    words: str
    on: date
    to_on: date | None
    because: str
    by: str


@dataclass(frozen=True)
class SeenAgreement:
    """One agreement. `who`: who does it, by name and place, or by role for who may not know who is involved.

    `is_asked`: it is for somebody at work to accept or refuse, `may_answer`: for this actor.
    `first_due_on`: the day it was agreed for at first. `course`: where it stands. `when`: how far off its
    day is, in words. `written_by`: empty as `by`.
    """

    id: UUID
    child: UUID
    what: str
    why: str
    who: str
    first_due_on: date
    course: Course
    when: str
    is_late: bool
    written_on: date
    written_by: str
    steps: tuple[SeenStep, ...]
    may_say: bool
    may_answer: bool
    may_strike: bool
    is_asked: bool

    @property
    def asks_me(self) -> bool:
        """Does it wait for the yes or no of this actor?"""
        return self.may_answer and self.course.accepted is None

    @property
    def settled_on(self) -> date | None:
        return None if self.course.is_open else self.steps[-1].on


def rows_of(permit: Permit) -> QuerySet[Agreement]:
    """The agreements about a child that this actor may read, and that were not struck out."""
    return _standing(Agreement.objects.about(permit.reach))


def agreements_of(permit: Permit) -> tuple[tuple[SeenAgreement, ...], int]:
    """The agreements about one child: what is open by its day, then the last that were settled.

    And how many were settled before those, which nobody opened.
    """
    rows = list(rows_of(permit))
    steps = _by_agreement(Step.objects.about(permit.reach)) if rows else {}
    settled = [one for one in rows if not one.course(steps.get(one.pk, ())).is_open]
    settled.sort(key=lambda one: steps[one.pk][-1].written_at, reverse=True)
    earlier = {one.pk for one in settled[SETTLED_SHOWN:]}
    shown = [one for one in rows if one.pk not in earlier]
    return in_order(seen_agreements({permit.child: permit}, shown, steps)), len(earlier)


def of_children(
    permits: Mapping[UUID, Permit], rows: QuerySet[Agreement], steps: QuerySet[Step], *,
    only_open: bool = False, action: str = Action.READ.value,
) -> tuple[SeenAgreement, ...]:  # fmt: skip
    """The same of several children at once, in as many queries. `rows`, `steps`: which of what is read.

    `only_open`: what was settled is not opened.
    """
    found = list(_standing(rows))
    said = _by_agreement(steps) if found else {}
    if only_open:
        found = [one for one in found if one.course(said.get(one.pk, ())).is_open]
    return in_order(seen_agreements(permits, found, said, action=action))


def in_order(found: Iterable[SeenAgreement]) -> tuple[SeenAgreement, ...]:
    """What is open by its day; then what was settled, the last first."""
    still = sorted((one for one in found if one.course.is_open), key=lambda one: one.course.due_on)
    settled = (one for one in found if not one.course.is_open)
    return (*still, *sorted(settled, key=lambda one: one.settled_on or date.min, reverse=True))


def _standing(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    return rows.filter(struck_at__isnull=True).select_related(
        "learner", "organisation", "written_by__person", "doer_member__person", "doer_member__organisation"
    )


def _by_agreement(rows: QuerySet[Step]) -> dict[UUID, list[Step]]:
    found: dict[UUID, list[Step]] = {}
    for one in rows.select_related("organisation", "written_by__person"):
        found.setdefault(one.agreement_id, []).append(one)
    return found


def seen_agreements(
    permits: Mapping[UUID, Permit],
    rows: Iterable[Agreement],
    steps: Mapping[UUID, list[Step]],
    *,
    action: str = Action.READ.value,
) -> list[SeenAgreement]:
    """These agreements opened, each noted for the log; without those that are not for this actor.

    For EXPORT only what may leave.
    """
    asked = Action.EXPORT if action == Action.EXPORT.value else Action.READ
    told = [
        (one, permit, decision)
        for one in rows
        if (permit := permits.get(one.learner.reference)) is not None
        and (decision := permit.may(AGR, asked, author=_author(permit, one)))
    ]
    keys = open_keys(
        (one.learner.reference, GROUP, key)
        for one, _permit, _decision in told
        for key in {one.organisation.key, *(step.organisation.key for step in steps.get(one.pk, ()))}
    )
    who = {permit.child: knows_who_is_involved(permit, asked) for _one, permit, _decision in told}
    return [
        _seen(permit, one, steps.get(one.pk, []), keys, decision, who[permit.child], action=action)
        for one, permit, decision in told
    ]


def _seen(
    permit: Permit, one: Agreement, steps: list[Step], keys: Mapping, decision: Decision,
    who: Decision | None, *, action: str,
) -> SeenAgreement:  # fmt: skip
    ledger, child = permit.actor.ledger, one.learner.reference
    ledger.note(permit, decision, AGR, action=action)
    key = keys.get((child, GROUP, one.organisation.key))
    course, may_say = one.course(steps), may_agree(permit) is not None
    mine = permit.actor.membership
    is_mine = mine is not None and one.doer_member_id == mine.pk
    return SeenAgreement(
        id=one.pk,
        child=child,
        what=opened(one, "what", key),
        why="" if one.why is None else opened(one, "why", key),
        who=_doer(one, by_name=who is not None or is_mine),
        first_due_on=one.due_on,
        course=course,
        when=when(course.due_on, on=permit.actor.today),
        is_late=course.is_late(permit.actor.today),
        written_on=_day(one.written_at),
        written_by=_name(permit, one, who),
        steps=tuple(
            SeenStep(
                words=str(step.get_said_display()),
                on=_day(step.written_at),
                to_on=step.to_on,
                because=""
                if step.because is None
                else opened(step, "because", keys.get((child, GROUP, step.organisation.key))),
                by=_name(permit, step, who),
            )
            for step in steps
        ),
        may_say=may_say,
        may_answer=is_mine and course.is_open and may_say,
        is_asked=one.doer_member is not None and course.is_open and can_answer(one.doer_member.role),
        may_strike=may_strike(permit, one, has_steps=bool(steps)) is not None,
    )


def _day(at: datetime) -> date:
    return localdate(at)


def _doer(one: Agreement, *, by_name: bool) -> str:
    member = one.doer_member
    if member is None:
        return str(one.get_doer_display())
    if not by_name:
        return str(member.get_role_display())
    return f"{member.person.get_full_name()}, {member.organisation.name}"


def _name(permit: Permit, one: Agreement | Step, who: Decision | None) -> str:
    if who is None and _author(permit, one) is not Author.ME:
        return ""
    return one.written_by.person.get_full_name()


def _author(permit: Permit, one: Agreement | Step) -> Author:
    return permit.author_of(organisation=one.organisation_id, membership=one.written_by_id)
