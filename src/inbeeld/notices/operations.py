"""Choosing how often one is mailed, and mailing those for whom something waits."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from inbeeld.access.actor import Actor
from inbeeld.access.notices import tell
from inbeeld.kernel.calendar import monday_of
from inbeeld.learners.models import Judgement
from inbeeld.learners.snapshot import current_judgement
from inbeeld.notices.models import Choice, Rhythm
from inbeeld.notices.queries import waiting_for
from inbeeld.organisations.models import Membership

logger = logging.getLogger(__name__)
SATURDAY = 5


@transaction.atomic
def choose(actor: Actor, rhythm: Rhythm) -> None:
    """How often this actor is mailed in this role."""
    assert actor.membership is not None
    choice, _ = Choice.objects.get_or_create(membership=actor.membership)
    Choice.objects.filter(pk=choice.pk).update(rhythm=rhythm)


def is_due(rhythm: Rhythm, *, told_on: date | None, today: date) -> bool:
    """Is it a day for an e-mail? Never at a weekend, never twice on a day, weekly once a calendar week.

    A Monday on which nothing ran is made up for on the day after.
    """
    if rhythm is Rhythm.NEVER or today.weekday() >= SATURDAY:
        return False
    if rhythm is Rhythm.DAILY:
        return told_on is None or told_on < today
    return told_on is None or monday_of(told_on) < monday_of(today)


def tell_everybody(*, at: datetime) -> int:
    """Mail who wants it on this day and for whom something waits; returns how many. Done twice: nothing more.

    Who works in more than one role gets one e-mail. What goes wrong for one leaves the others alone.
    """
    today, judgement = timezone.localdate(at), current_judgement()
    rows = Membership.objects.select_related("person", "organisation").filter(person__is_active=True)
    told: set[int] = set()
    for membership in rows.exclude(person__email="").order_by("person", "pk"):
        if not membership.is_in_force(today):
            continue
        try:
            with transaction.atomic():
                if _is_told(membership, judgement, at=at) and membership.person_id not in told:
                    tell([membership.person])
                    told.add(membership.person_id)
        except Exception as why:  # one bad row keeps nobody else from hearing
            logger.error("What waits for membership %s is not known (%s).", membership.pk, type(why).__name__)
    return len(told)


def _is_told(membership: Membership, judgement: Judgement | None, *, at: datetime) -> bool:
    """Is something said to this member now? Then that stands; not when they chose otherwise meanwhile."""
    today = timezone.localdate(at)
    choice, _ = Choice.objects.get_or_create(membership=membership)
    rhythm = Rhythm(choice.rhythm)
    if not is_due(rhythm, told_on=choice.told_on, today=today):
        return False
    actor = Actor(name=membership.person.get_full_name(), membership=membership, at=at)
    waiting = waiting_for(actor, judgement, since=choice.looked_at)
    as_it_was = Choice.objects.filter(pk=choice.pk, rhythm=rhythm, told_on=choice.told_on)
    if any(one.is_new or rhythm is Rhythm.WEEKLY for one in waiting):
        return as_it_was.update(told_on=today, looked_at=at) == 1
    as_it_was.update(looked_at=at)
    return False
