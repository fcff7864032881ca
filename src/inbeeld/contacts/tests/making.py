"""Contacts with the children of the factories of the learners, recorded by who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.contacts.models import Contact
from inbeeld.contacts.operations import Spoken, record_contact
from inbeeld.kernel.contact import Means, Party
from inbeeld.learners.models import Learner
from inbeeld.learners.tests.at_work import again, fresh

TODAY = timezone.localdate()
TEXT = "Moeder belt maandag terug"
SPOKEN = Spoken(on=TODAY, party=Party.PARENTS, means=Means.TELEPHONE, reached=True, text=TEXT)


def spoken(**values: Any) -> Spoken:
    return replace(SPOKEN, **values)


def days_ago(number: int) -> date:
    return TODAY - timedelta(number)


def recorded(actor: Actor, child: Learner, **values: Any) -> Contact:
    with acting(again(actor), origin="test") as now:
        return record_contact(permit_of(now, fresh(child)), spoken(**values), child=child)
