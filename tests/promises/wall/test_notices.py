"""What waits is counted the same by the command that mails; who answers requests sends and notes no mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from inbeeld.access.actor import Actor
from inbeeld.access.row_security import commanding
from inbeeld.alerts.tests import making
from inbeeld.learners.models import Judgement
from inbeeld.learners.tests import at_work
from inbeeld.learners.tests import factories as make
from inbeeld.notices.models import Choice, Rhythm
from inbeeld.notices.operations import choose, tell_everybody
from inbeeld.notices.queries import Waiting, waiting_for
from inbeeld.organisations.models import Kind, Organisation, Role
from tests.database_roles import Walled, as_role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def judgement() -> Judgement:
    return make.judgement()


@pytest.fixture
def school(judgement: Judgement) -> Organisation:
    school = make.organisation()
    for due in (-3, 2, 60):
        making.alert(make.learner(school), due=due)
    return school


@pytest.fixture
def coordinator(school: Organisation) -> Actor:
    actor = make.actor(Role.CARE_COORDINATOR, school)
    assert actor.membership is not None
    actor.membership.person.email = "ingrid@school.example"
    actor.membership.person.save()
    return actor


def counted(actor: Actor, judgement: Judgement) -> list[Waiting]:
    return waiting_for(at_work.again(actor), judgement)


def test_the_command_counts_what_the_page_counts(
    walled: Walled, coordinator: Actor, judgement: Judgement
) -> None:
    with as_role(walled.app, actor=coordinator.key):
        on_the_page = counted(coordinator, judgement)
    with as_role(walled.batch), commanding("notify"):
        by_the_command = counted(coordinator, judgement)
    assert on_the_page == by_the_command
    assert [one.number for one in on_the_page] == [3, 2]


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.PRIVACY_OFFICER, Kind.SCHOOL), (Role.SWV_COORDINATOR, Kind.SWV), (Role.MENTOR, Kind.SCHOOL)],
)
def test_of_every_kind_of_role_it_counts_the_same(
    role: Role, kind: Kind, walled: Walled, school: Organisation, judgement: Judgement
) -> None:
    actor = make.actor(role, school if kind is Kind.SCHOOL else make.organisation(kind))
    with as_role(walled.app, actor=actor.key):
        on_the_page = counted(actor, judgement)
    with as_role(walled.batch), commanding("notify"):
        assert counted(actor, judgement) == on_the_page


def test_the_command_mails_and_says_so(walled: Walled, coordinator: Actor) -> None:
    now = timezone.now()
    now -= timedelta(max(timezone.localdate(now).weekday() - 4, 0))
    with as_role(walled.app, actor=coordinator.key):
        choose(coordinator, Rhythm.DAILY)
    with as_role(walled.batch), commanding("notify"):
        assert tell_everybody(at=now) == 1
        assert tell_everybody(at=now) == 0
    assert Choice.objects.get().told_on == timezone.localdate(now)


def test_who_answers_requests_says_of_nobody_that_they_were_mailed(
    walled: Walled, coordinator: Actor
) -> None:
    with as_role(walled.app, actor=coordinator.key):
        choose(coordinator, Rhythm.NEVER)
    with pytest.raises(DatabaseError), transaction.atomic(), as_role(walled.app, actor=coordinator.key):
        Choice.objects.update(told_on=make.ON)
