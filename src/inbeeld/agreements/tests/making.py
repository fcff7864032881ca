"""Agreements about the children of the factories of the learners, made and settled by who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.operations import Agreed, Saying, agree, say
from inbeeld.kernel.agreements import Doer, Said
from inbeeld.learners.models import Learner
from inbeeld.learners.tests.at_work import again, fresh

TODAY = timezone.localdate()
WHAT = "De mentor belt elke maandag met Bo"


def in_days(number: int) -> date:
    return TODAY + timedelta(number)


def agreed_on(actor: Actor, **values: Any) -> Agreed:
    """As a rule the actor does it, in a week."""
    said = {"what": WHAT, "due_on": in_days(7), **values}
    if "doer" not in said:
        said.setdefault("member", actor.membership)
    return Agreed(**said)


def made(actor: Actor, child: Learner, **values: Any) -> Agreement:
    with acting(again(actor), origin="test") as now:
        return agree(permit_of(now, fresh(child)), agreed_on(actor, **values), child=child)


def told(
    actor: Actor, one: Agreement, child: Learner, said: Said, *, because: str = "", to_on: date | None = None,
    after: int | None = None,
) -> Step:  # fmt: skip
    so_far = Step.for_operations.filter(agreement=one.pk).count() if after is None else after
    with acting(again(actor), origin="test") as now:
        saying = Saying(said, because, to_on)
        return say(permit_of(now, fresh(child)), one, saying, after=so_far, child=child)


def late(actor: Actor, child: Learner, *, days: int = 3, **values: Any) -> Agreement:
    """An agreement that is past its day by so many days."""
    one = made(actor, child, **values)
    Agreement.for_operations.filter(pk=one.pk).update(due_on=in_days(-days))
    return one


PARENTS, LEARNER = Doer.PARENTS, Doer.LEARNER
