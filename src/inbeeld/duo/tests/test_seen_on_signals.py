"""A signal whose duty was reported says what was done and what follows, and no longer asks to report it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.alerts.tests import making as signals
from inbeeld.duo.tests.making import TODAY, answered, days_ago, prepared, reported
from inbeeld.journal.models import Line
from inbeeld.kernel.duo import ReportKind
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import snapshots
from inbeeld.learners.tests.visiting import post, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TO_REPORT, TO_LOOK = "Report to DUO, without delay.", "Look whether the school has reported to DUO"
FOLLOWS = "What follows is the answer of the municipality."


@pytest.fixture
def school(snapshot, settings):
    settings.INBEELD_DATA, settings.INBEELD_TRIAL = snapshot, True
    make.judgement()
    return make.organisation()


@pytest.fixture
def child(snapshot, school):
    return snapshots.known_child(snapshot, school)


@pytest.fixture
def keeper(school):
    return make.actor(Role.ATTENDANCE_COORDINATOR, school)


@pytest.fixture
def officer(child):
    actor = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    make.involve(child, actor)
    return actor


@pytest.fixture
def signal(child):
    return duty(child)


def duty(child):
    """A duty of sixteen hours that was reached three days ago."""
    reached = days_ago(3)
    began = reached - timedelta(17)
    return signals.alert(child, "report-duty", due=0, began_on=began, reached_on=reached, number=960)


def said_to(actor, signal):
    """What its own page, that of the child and Mijn werk say of a signal."""
    child = f"/kind/{signal.learner.reference}/"
    pages = (f"{child}signaal/{signal.pk}/", child, "/mijn-werk/?show=all")
    return [words(visitor(actor).get(address)).partition("Why this signal is there")[0] for address in pages]


def test_until_it_is_reported_the_signal_asks_to_report(child, signal, keeper, officer):
    prepared(keeper, child)
    assert all(TO_REPORT in text and FOLLOWS not in text for text in said_to(keeper, signal))
    assert all(TO_LOOK in text for text in said_to(officer, signal))


def test_once_reported_it_says_on_which_day_by_which_school_and_what_follows(child, signal, keeper, officer):
    made = reported(keeper, child, on=days_ago(1))
    for actor, follows in ((keeper, FOLLOWS), (officer, "Record what the municipality does about it")):
        for text in said_to(actor, signal):
            assert f"by {made.organisation.name}. {follows}" in text
            assert TO_REPORT not in text and TO_LOOK not in text


def test_what_the_municipality_answered_stands_in_the_place_of_what_follows(child, signal, keeper, officer):
    answered(officer, reported(keeper, child))
    for text in said_to(keeper, signal):
        assert "The municipality: in treatment" in text and FOLLOWS not in text


def test_who_is_asked_for_no_step_reads_it_instead_of_what_is_asked_of_others(child, signal, keeper, school):
    mentor = make.actor(Role.MENTOR, school)
    make.involve(child, mentor)
    page = f"/kind/{child.reference}/"
    assert TO_REPORT in words(visitor(mentor).get(page))
    reported(keeper, child)
    text = words(visitor(mentor).get(page))
    assert FOLLOWS in text and TO_REPORT not in text


def test_the_next_duty_is_asked_for_though_the_one_before_was_reported(child, keeper):
    made = reported(keeper, child, begins_on=days_ago(40), ends_on=days_ago(25), on=days_ago(24))
    later = duty(child)
    assert made.ends_on < later.reached_on
    assert all(TO_REPORT in text for text in said_to(keeper, later))


def test_a_long_absence_whose_end_was_not_told_answers_for_no_later_one(child, keeper):
    reported(keeper, child, kind=ReportKind.LONG, begins_on=days_ago(200), ends_on=None, on=days_ago(100))
    later = signals.alert(
        child, "thuiszitter", due=0, began_on=days_ago(60), reached_on=days_ago(60) + timedelta(28)
    )
    assert all("Report the long absence to DUO" in text for text in said_to(keeper, later))
    reported(keeper, child, kind=ReportKind.LONG, begins_on=days_ago(60), ends_on=None, on=TODAY)
    assert all(FOLLOWS in text for text in said_to(keeper, later))


def test_what_was_withdrawn_is_to_be_reported_again(child, signal, keeper):
    made = reported(keeper, child)
    post(keeper, f"/kind/{child.reference}/melding/{made.pk}/", daad="intrekken", version=str(made.version))
    assert all(TO_REPORT in text for text in said_to(keeper, signal))


def test_what_a_duty_that_is_not_known_asks_stays(child, signal, keeper):
    signal.answer, signal.missing = "unknown", "permission"
    signal.save()
    reported(keeper, child)
    own_page, *others = said_to(keeper, signal)
    assert "Record what is missing" in own_page
    assert all(FOLLOWS not in text for text in (own_page, *others))


def test_more_signals_that_were_reported_ask_no_more_queries(child, signal, keeper, school):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert FOLLOWS in words(visitor(keeper).get("/mijn-werk/?show=all"))
        return len(found)

    reported(keeper, child)
    few = asked()
    for _ in range(4):
        another = make.learner(school)
        duty(another)
        reported(keeper, another)
    assert asked() == few


def test_reading_it_stands_in_the_log(child, signal, keeper, officer):
    reported(keeper, child)
    visitor(officer).get("/mijn-werk/?show=all")
    lines = Line.for_operations.filter(actor=officer.key, child=child.reference, action="listed")
    assert any("ATT" in one.field_class for one in lines)
