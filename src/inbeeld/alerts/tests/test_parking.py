"""Off the list until a day, by who may write that; and back on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from inbeeld.access.acting import acting
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.operations_parking import park, unpark
from inbeeld.alerts.seen import holding, parkings_of, reasons_for
from inbeeld.alerts.tests import making
from inbeeld.journal.models import Line
from inbeeld.kernel.attention import LONGEST_PARKED, Parked
from inbeeld.learners.operations_file import shred_child
from inbeeld.learners.tests import at_work
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, is_refused, permit
from inbeeld.organisations.models import Kind, Role

pytestmark = pytest.mark.django_db

SOON = timezone.localdate() + timedelta(days=14)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def school():
    return make.organisation()


@pytest.fixture
def child(school):
    return make.learner(school)


@pytest.fixture
def coordinator(school, child):
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor)
    return actor


@pytest.fixture
def alert(child):
    return making.alert(child)


def parked(actor, alert, because=Parked.PLAN, until_on=SOON):
    child = alert.learner
    with acting(again(actor), origin="test") as now:
        return park(at_work.permit_of(now, at_work.fresh(child)), alert, child=child, because=because,
                    until_on=until_on)  # fmt: skip


def is_off_the_list(actor, alert, *, today=None):
    now = again(actor, after=timedelta(days=0 if today is None else (today - timezone.localdate()).days))
    one = Alert.for_operations.get(pk=alert.pk)
    return holding(parkings_of(now), one, actor=now) is not None


def test_a_signal_is_off_the_list_until_the_day_itself(coordinator, alert):
    parked(coordinator, alert)
    assert is_off_the_list(coordinator, alert)
    assert is_off_the_list(coordinator, alert, today=SOON - timedelta(days=1))
    assert not is_off_the_list(coordinator, alert, today=SOON)


@pytest.mark.parametrize("worse", [{"reached_on": making.day(0)}, {"answer": "yes"}])
def test_it_is_back_before_that_day_when_the_facts_get_worse(coordinator, child, worse):
    alert = making.alert(child, answer="unknown")
    parked(coordinator, alert)
    assert is_off_the_list(coordinator, alert)
    Alert.for_operations.filter(pk=alert.pk).update(**worse)
    assert not is_off_the_list(coordinator, alert)


def test_parking_stands_in_the_journal_with_the_class_of_its_reason(coordinator, child, alert):
    parked(coordinator, alert)
    line = Line.for_operations.get(action="park")
    assert (line.field_class, line.object, line.child) == ("AGR", f"alert:{alert.pk}", child.reference)
    assert line.actor == coordinator.key and "plan" not in line.object


def test_parking_again_replaces_what_the_own_organisation_said(coordinator, alert):
    parked(coordinator, alert)
    parked(coordinator, alert, because=Parked.OTHER_BODY, until_on=SOON + timedelta(days=7))
    assert Parking.for_operations.filter(ended_at__isnull=True).count() == 1
    assert Parking.for_operations.count() == 2


def test_who_parked_or_a_colleague_puts_it_back_and_others_do_not(coordinator, school, child, alert):
    held = parked(coordinator, alert)
    doctor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(child, doctor)
    is_refused(who := again(doctor), "unpark", "Only who took it off", unpark,
               at_work.permit_of(who, at_work.fresh(child)), held, child=child)  # fmt: skip
    colleague = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, colleague)
    with acting(again(colleague), origin="test") as now:
        unpark(at_work.permit_of(now, at_work.fresh(child)), held, child=child)
    assert not is_off_the_list(coordinator, alert)


def refuse(actor, alert, sentence, because=Parked.PLAN, until_on=SOON):
    who = again(actor)
    is_refused(who, "park", sentence, park, at_work.permit_of(who, at_work.fresh(alert.learner)), alert,
               child=alert.learner, because=because, until_on=until_on)  # fmt: skip
    assert not Parking.for_operations.exists()


@pytest.mark.parametrize("days", [-1, 0, LONGEST_PARKED + 1])
def test_only_until_a_day_after_today_and_within_a_quarter(coordinator, alert, days):
    refuse(coordinator, alert, "Choose a day", until_on=timezone.localdate() + timedelta(days=days))


def test_who_reads_agreements_only_or_not_at_all_parks_nothing(school, child, alert):
    mentor = make.actor(Role.MENTOR, school)
    make.involve(child, mentor)
    refuse(mentor, alert, "may read this, not change it")
    listed = make.actor(Role.CARE_COORDINATOR, school)  # on the list, not involved
    refuse(listed, alert, "no access to this kind")


def test_that_it_was_reported_is_a_fact_of_attendance_where_a_report_is_asked(school):
    attendance = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    child_at_one = make.learner(school, stage=1)
    report = making.alert(child_at_one, "report-duty")
    assert reasons_for(permit(attendance, child_at_one), report) == [Parked.REPORTED]
    held = parked(attendance, report, because=Parked.REPORTED)
    assert held.field_class == "ATT"
    other = making.alert(child_at_one)
    assert reasons_for(permit(attendance, child_at_one), other) == []


def test_a_closed_signal_is_not_parked(coordinator, alert):
    Alert.for_operations.update(closed_on=making.day(0))
    refuse(coordinator, alert, "closed already")


def test_what_may_not_be_known_is_not_parked(coordinator, child):
    """A signal of sickness that another school delivered."""
    refuse(
        coordinator, making.alert(child, "sickness", school=make.organisation()), "cannot take this signal"
    )


def test_who_may_not_read_agreements_does_not_see_that_something_is_parked(coordinator, school, alert):
    parked(coordinator, alert)
    assert parkings_of(again(make.actor(Role.ATTENDANCE_COORDINATOR, school))) == {}
    assert parkings_of(again(make.actor(Role.CARE_COORDINATOR, school))) == {}
    assert set(parkings_of(again(coordinator))) == {alert.pk}


def test_of_a_destroyed_child_no_signal_is_left(coordinator, child, alert):
    parked(coordinator, alert)
    shred_child(child, "command:retention")
    assert not Alert.for_operations.exists()
    assert not Parking.for_operations.exists()
