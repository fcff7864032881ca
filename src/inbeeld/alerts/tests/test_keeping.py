"""Signals kept at publications: opened, confirmed, closed by facts, opened again, not lost by silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inbeeld.alerts.models import Alert
from inbeeld.alerts.operations import Kept, keep_alerts
from inbeeld.alerts.tests.histories import BEGIN, DATES, attendance, away, course_of
from inbeeld.alerts.tests.making import KEYS
from inbeeld.journal import verify
from inbeeld.journal.models import Line
from inbeeld.kernel.attendance import Attendance
from inbeeld.kernel.attention import ATTENTION
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born, kin, visitor, words
from inbeeld.organisations.models import Organisation

pytestmark = pytest.mark.django_db

START = DATES[14]
BY = "command:publish"


@pytest.fixture
def child():
    return make.learner(make.organisation())


def kept(one: Attendance, child: Learner, number: int, **values) -> Kept:
    """Bring the signals up to a day, so many days after the absence began."""
    day = START + timedelta(number)
    return keep_alerts({child.pk: course_of(one, day)}, on=day, by=BY, **values)


def of(subject: str) -> Alert:
    return Alert.for_operations.filter(rule=KEYS[subject]).latest("spell")


def test_a_signal_is_opened_once_and_confirmed_after_that(child):
    one = attendance(away(START, 60, permission=True))
    opened = [alert.rule for alert in kept(one, child, 20).opened]
    assert KEYS["phase-one"] in opened and KEYS["phase-two"] not in opened
    assert not kept(one, child, 21).opened
    alert = of("phase-one")
    assert (alert.opened_on, alert.confirmed_on) == (START + timedelta(20), START + timedelta(21))
    assert (alert.began_on, alert.due_on) == (START, START + timedelta(28))
    assert alert.outcomes == "yyyyyy"


def test_the_same_day_again_changes_nothing_and_writes_no_line(child):
    one = attendance(away(START, 60, permission=False))
    kept(one, child, 40)
    before = list(Alert.for_operations.order_by("pk").values()), Line.for_operations.count()
    kept(one, child, 40)
    assert (list(Alert.for_operations.order_by("pk").values()), Line.for_operations.count()) == before


def test_it_is_closed_by_the_facts_that_took_it_away(child):
    one = attendance(away(START, 33, permission=True))  # to a Friday
    kept(one, child, 30)
    assert {alert.rule for alert in kept(one, child, 36).closed} >= {KEYS["phase-two"]}
    alert = of("phase-two")
    assert alert.closed_on == START + timedelta(36)
    words = ATTENTION[[rule.subject for rule in ATTENTION].index("phase-two")].words()
    assert [words[int(number)] for number in alert.closed_by.split(",")] == [
        "is away for more than four weeks"
    ]


def test_when_it_comes_back_it_is_a_new_spell(child):
    one = attendance([*away(START, 19, permission=True), *away(START + timedelta(28), 30, permission=True)])
    for number in range(15, 50):
        kept(one, child, number)
    spells = Alert.for_operations.filter(rule=KEYS["phase-one"]).order_by("spell")
    assert [(one.spell, one.closed_on is None) for one in spells] == [(1, False), (2, True)]
    actions = list(
        Line.for_operations.filter(object=f"alert:{spells[1].pk}").values_list("action", flat=True)
    )
    assert actions == ["reopen_alert"]


def test_a_judgement_that_does_not_know_the_child_solves_nothing(child):
    one = attendance(away(START, 60, permission=True))
    kept(one, child, 40)
    day = START + timedelta(41)
    lost = keep_alerts({}, on=day, by=BY)
    assert not lost.closed and {alert.unconfirmed_since for alert in lost.unconfirmed} == {day}
    assert not keep_alerts({}, on=day + timedelta(1), by=BY).unconfirmed  # it says so once
    assert of("phase-two").closed_on is None
    kept(one, child, 43)
    assert of("phase-two").unconfirmed_since is None


def test_a_rule_that_is_no_longer_judged_by_closes_nothing(child):
    one = attendance(away(START, 60, permission=True))
    kept(one, child, 40)
    others = [rule for rule in ATTENTION if rule.subject != "phase-two"]
    kept(one, child, 41, rules=others)
    assert of("phase-two").closed_on is None
    assert of("phase-two").unconfirmed_since == START + timedelta(41)


def test_a_new_limit_under_the_same_rule_is_said(child):
    one = attendance(away(START, 60, permission=False))
    kept(one, child, 9)
    first = of("report-duty").reached_on
    kept(one, child, 20)
    again = of("report-duty")
    assert again.spell == 1 and (again.reached_on - first).days >= 7


def test_what_tells_of_sickness_is_medical_and_read_back_by_who_delivered_it(child):
    school = Organisation.objects.get()
    one = attendance(away(START, 20, permission=True, reason="sick"))
    kept(one, child, 15, delivered_by={child.pk: school.pk})
    alert = of("sickness")
    assert (alert.field_class, alert.delivered_by) == ("MED", school)
    assert of("phase-one").field_class == "ATT" and of("phase-one").delivered_by is None


def test_every_deed_stands_in_the_journal_without_a_word_about_why(child):
    one = attendance(away(START, 33, permission=False))
    for number in (6, 30, 36):
        kept(one, child, number)
    lines = Line.for_operations.filter(child=child.reference)
    assert {one.action for one in lines} == {"open_alert", "close_alert"}
    assert {one.actor for one in lines} == {BY}
    assert {one.object for one in lines} == {f"alert:{one.pk}" for one in Alert.for_operations.all()}
    assert verify.verify().findings == ()


def test_no_line_says_that_a_signal_is_about_sickness(child, settings):
    """A guardian who reads the log and no reasons would know it by the line alone."""
    settings.INBEELD_TRIAL = True
    one = attendance(away(START, 20, permission=True, reason="sick"))
    kept(one, child, 15)
    lines = Line.for_operations.filter(child=child.reference)
    assert lines.get(object=f"alert:{of('sickness').pk}").action == "open_alert"
    assert {one.field_class for one in lines} == {"ATT"}
    Learner.for_operations.filter(pk=child.pk).update(born_on=born(13))
    mother = kin(child)
    answer = visitor(mother).get(f"/kind/{child.reference}/inzage/")
    assert answer.status_code == 200
    shown = words(answer)
    assert "opened a signal" in shown
    assert "Medical" not in shown


def test_the_database_holds_one_open_signal_for_a_rule(child):
    alert = {"learner": child, "rule": "r", "answer": "yes", "outcomes": "y", "began_on": BEGIN,
             "reached_on": BEGIN, "opened_on": BEGIN, "confirmed_on": BEGIN}  # fmt: skip
    Alert.for_operations.create(**alert)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.for_operations.create(**alert, spell=2)


def test_the_number_of_queries_does_not_grow_with_the_children(child):
    one = course_of(attendance(away(START, 60, permission=True)), START + timedelta(40))

    def queries() -> int:
        children = Learner.for_operations.values_list("pk", flat=True)
        with CaptureQueriesContext(
            connection,
        ) as found:
            keep_alerts(dict.fromkeys(children, one), on=one.on, by=BY)
        Alert.for_operations.all().delete()
        return len(found)

    queries()  # the first line of a journal asks more
    few = queries()
    for _ in range(12):
        make.learner(child.standing.school)
    assert queries() == few
