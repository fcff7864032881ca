"""Choosing how often one is mailed, and mailing those for whom something waits."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from inbeeld.access.actor import Actor
from inbeeld.access.notices import tell
from inbeeld.kernel.calendar import monday_of
from inbeeld.learners.snapshot import current_judgement
from inbeeld.notices.models import Choice, Rhythm
from inbeeld.notices.queries import waiting_for
from inbeeld.organisations.models import Membership

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


def tell_everybody(*, today: date) -> int:
    """Mail who wants it today and for whom something waits; returns how many. Done twice: nothing more."""
    chosen = {one.membership_id: one for one in Choice.objects.all()}
    judgement = current_judgement()
    told = 0
    rows = Membership.objects.select_related("person", "organisation").filter(person__is_active=True)
    for membership in rows.exclude(person__email=""):
        choice = chosen.get(membership.pk) or Choice(membership=membership)
        rhythm = Rhythm(choice.rhythm)
        if not membership.is_in_force(today) or not is_due(rhythm, told_on=choice.told_on, today=today):
            continue
        actor = Actor(name=membership.person.get_full_name(), membership=membership)
        since = choice.told_on or today - timedelta(days=1)
        waiting = waiting_for(actor, judgement, since=since)
        if any(one.is_new or rhythm is Rhythm.WEEKLY for one in waiting):
            with transaction.atomic():
                Choice.objects.update_or_create(
                    membership=membership, defaults={"rhythm": rhythm, "told_on": today}
                )
                tell([membership.person])
            told += 1
    return told
