"""Making an agreement, saying what became of it, and striking out what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.operations_ground import Did, begun, is_at_work, refused
from inbeeld.access.permit import Permit
from inbeeld.agreements.doers import doers_for
from inbeeld.agreements.models import Agreement, Step
from inbeeld.kernel.access import Action, Author, Decision, FieldClass
from inbeeld.kernel.agreements import ANSWERS, ASKS_WHY, Course, Doer, Said
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import SealBroken, unseal_from
from inbeeld.learners.models import Learner
from inbeeld.learners.operations_text import fit, refuse_a_destroyed_child, seal_text
from inbeeld.organisations.models import Membership

AGR = FieldClass.AGR
#: Further ahead nobody agrees on a step; it is a plan.
LONGEST_AHEAD = timedelta(days=366)
#: The same again so soon is a button pressed twice.
TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class Agreed:
    """What somebody is to do by a day, and why, which may be empty.

    `member`: who, of those at work; None: `doer` says who.
    """

    what: str
    due_on: date
    doer: Doer = Doer.MEMBER
    member: Membership | None = None
    why: str = ""


@dataclass(frozen=True)
class Saying:
    """What is said of an agreement; `because` when it goes otherwise than agreed, `to_on` when it moves."""

    said: Said
    because: str = ""
    to_on: date | None = None


def may_agree(permit: Permit) -> Decision | None:
    """The yes to making agreements about this child, and to saying what became of them; None: no."""
    if not is_at_work(permit.actor):
        return None
    return permit.may(AGR, Action.WRITE, author=Author.ME) or None


def may_strike(permit: Permit, agreement: Agreement, *, has_steps: bool) -> Decision | None:
    """The yes to striking it out, for who wrote it, as long as nothing was said of it; None: no."""
    author = permit.author_of(organisation=agreement.organisation_id, membership=agreement.written_by_id)
    return None if author is not Author.ME or has_steps else may_agree(permit)


@transaction.atomic
@sensitive_variables("agreed", "what")
def agree(permit: Permit, agreed: Agreed, *, child: Learner) -> Agreement:
    """Make an agreement; twice at once is once. Raises Refused."""
    begun(permit, child=child)
    actor, action = permit.actor, Did.AGREE
    if (decision := may_agree(permit)) is None or actor.membership is None:
        raise refused(permit, action, _("You make no agreements about this child."))
    if not actor.today <= agreed.due_on <= actor.today + LONGEST_AHEAD:
        raise refused(permit, action, _("Choose a day from today on, within a year."))
    if agreed.doer is Doer.MEMBER and agreed.member not in doers_for(permit):
        raise refused(permit, action, _("Choose who does it: somebody who is involved with this child now."))
    refuse_a_destroyed_child(permit, child, action)
    what = fit(permit, action, agreed.what)
    made = Agreement(
        learner=child,
        doer=agreed.doer.value,
        doer_member=agreed.member if agreed.doer is Doer.MEMBER else None,
        due_on=agreed.due_on,
        organisation=actor.membership.organisation,
        written_by=actor.membership,
        written_at=actor.at,
    )
    if (just_now := _just_now(permit, made, (what, agreed.why.strip()))) is not None:
        return just_now
    seal_text(permit, action, made, what, field_class=AGR, organisation=made.organisation, name="what")
    if agreed.why.strip():
        why = fit(permit, action, agreed.why)
        seal_text(permit, action, made, why, field_class=AGR, organisation=made.organisation, name="why")
    made.save(force_insert=True)
    actor.ledger.note(permit, decision, AGR, action=action, about=f"agreement:{made.pk}")
    return made


@sensitive_variables("words", "said")
def _just_now(permit: Permit, made: Agreement, words: tuple[str, str]) -> Agreement | None:
    """The same agreement, when its writer made it a moment ago."""
    alike = Agreement.for_operations.filter(
        learner=made.learner_id, doer=made.doer, doer_member=made.doer_member_id, due_on=made.due_on,
        written_by=made.written_by_id, struck_at__isnull=True, written_at__gt=made.written_at - TWICE,
    )  # fmt: skip
    for one in alike:
        key = key_for(permit.child, GROUP_OF_CLASS[AGR.value], made.organisation.key)
        try:
            said = (unseal_from(one, "what", key=key), unseal_from(one, "why", key=key) or "")
        except SealBroken:
            continue
        if said == words:
            return one
    return None


@transaction.atomic
@sensitive_variables("saying")
def say(permit: Permit, agreement: Agreement, saying: Saying, *, after: int, child: Learner) -> Step:
    """Say what became of an agreement. `after`: how many steps who says it had read. Raises Refused."""
    begun(permit, child=child)
    actor, action, about = permit.actor, Did.SETTLE_AGREEMENT, f"agreement:{agreement.pk}"
    if saying.said is Said.MOVED:
        action = Did.MOVE_AGREEMENT
    elif saying.said in ANSWERS:
        action = Did.ANSWER_AGREEMENT
    if (decision := may_agree(permit)) is None or actor.membership is None:
        sentence = _("You do not say what became of agreements about this child.")
        raise refused(permit, action, sentence, about=about)
    now = Agreement.for_operations.get(pk=agreement.pk, learner__reference=permit.child)
    if now.struck_at is not None:
        raise refused(permit, action, _("This agreement was struck out."), about=about)
    steps = list(Step.for_operations.filter(agreement=now.pk))
    if (again := _said_just_now(permit, steps, saying, after=after)) is not None:
        return again
    if len(steps) != after:
        sentence = _("Somebody else said something of this agreement in the meantime. Read that first.")
        raise refused(permit, action, sentence, about=about)
    course = now.course(steps)
    if saying.said in ANSWERS and now.doer_member_id != actor.membership.pk:
        raise refused(permit, action, _("Only who is to do it accepts or refuses it."), about=about)
    if (sentence := _why_not(saying, course, today=actor.today)) is not None:
        raise refused(permit, action, sentence, about=about)
    refuse_a_destroyed_child(permit, child, action)
    made = Step(
        agreement=now,
        learner=child,
        said=saying.said.value,
        to_on=saying.to_on if saying.said is Said.MOVED else None,
        organisation=actor.membership.organisation,
        written_by=actor.membership,
        written_at=actor.at,
    )
    if saying.because.strip():
        because = fit(permit, action, saying.because)
        seal_text(
            permit, action, made, because, field_class=AGR, organisation=made.organisation, name="because"
        )
    made.save(force_insert=True)
    actor.ledger.note(permit, decision, AGR, action=action, about=about)
    return made


def _said_just_now(permit: Permit, steps: list[Step], saying: Saying, *, after: int) -> Step | None:
    """The same word, when who says it said it a moment ago: a button pressed twice."""
    mine = permit.actor.membership
    if mine is None or len(steps) != after + 1:
        return None
    last = steps[-1]
    is_same = (last.written_by_id, last.said, last.to_on) == (
        mine.pk,
        saying.said.value,
        saying.to_on if saying.said is Said.MOVED else None,
    )
    return last if is_same and last.written_at > permit.actor.at - TWICE else None


def _why_not(saying: Saying, course: Course, *, today: date) -> str | None:
    """Why this cannot be said of an agreement that stands so; None: it can."""
    if saying.said in ASKS_WHY and not saying.because.strip():
        return _("Say why: who counted on it reads it.")
    if saying.said is Said.MOVED:
        if saying.to_on is None or not today <= saying.to_on <= today + LONGEST_AHEAD:
            return _("Choose a day from today on, within a year.")
        if course.is_open and saying.to_on == course.due_on:
            return _("That is the day it stands on already.")
    elif saying.said is Said.ACCEPTED and course.is_open and course.accepted:
        return _("You accepted it already.")
    elif not course.is_open:
        return _("It was settled already. Move it to a day to open it again.")
    return None


@transaction.atomic
def strike(permit: Permit, agreement: Agreement, *, child: Learner) -> None:
    """Strike out an agreement that was written wrongly: it counts and shows no more. Raises Refused."""
    begun(permit, child=child)
    about = f"agreement:{agreement.pk}"
    now = Agreement.for_operations.get(pk=agreement.pk, learner__reference=permit.child)
    has_steps = Step.for_operations.filter(agreement=now.pk).exists()
    if (decision := may_strike(permit, now, has_steps=has_steps)) is None:
        sentence = _("Only who wrote an agreement strikes it out, as long as nothing was said of it.")
        raise refused(permit, Did.STRIKE_AGREEMENT, sentence, about=about)
    if not Agreement.for_operations.filter(pk=now.pk, struck_at__isnull=True).update(
        struck_at=permit.actor.at
    ):
        raise refused(permit, Did.STRIKE_AGREEMENT, _("It was struck out already."), about=about)
    permit.actor.ledger.note(permit, decision, AGR, action=Did.STRIKE_AGREEMENT, about=about)
