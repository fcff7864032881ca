"""A report is prepared, reported, ended, withdrawn and answered: by who may, once, and it stays as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from inbeeld.access.acting import acting
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.refusal import Refused
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.operations_parking import park
from inbeeld.alerts.seen import holding, parkings_of
from inbeeld.alerts.tests import making as signals
from inbeeld.duo import operations
from inbeeld.duo.models import Answer, Report
from inbeeld.duo.operations import Heard
from inbeeld.duo.tests import making
from inbeeld.duo.tests.making import TODAY, answered, days_ago, prepared, reported, said
from inbeeld.journal.models import Line
from inbeeld.kernel.attention import Parked
from inbeeld.kernel.duo import ClosedAs, MunicipalStatus, NoAbsence, ReportKind
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import unseal_from
from inbeeld.learners.operations_file import shred_child
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, fresh, is_refused
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
def keeper(school):
    """Who keeps the attendance of the school, and reports."""
    return make.actor(Role.ATTENDANCE_COORDINATOR, school)


@pytest.fixture
def coordinator(school, child):
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor)
    return actor


@pytest.fixture
def officer(child):
    actor = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    make.involve(child, actor)
    return actor


def refuse(actor, action, sentence, what, *arguments, child, **named):
    who = again(actor)
    is_refused(who, action, sentence, what, permit_of(who, fresh(child)), *arguments, child=child, **named)


def last_line(action):
    return Line.for_operations.filter(action=action).latest("sequence")


def test_a_report_is_prepared_and_sealed_and_stands_in_the_journal_without_its_words(keeper, child):
    made = prepared(keeper, child)
    row = Report.for_operations.get(pk=made.pk)
    assert (row.state, row.minutes, row.organisation, row.written_by) == (
        "prepared", 990, keeper.organisation, keeper.membership,
    )  # fmt: skip
    for name in ("reason", "measures"):
        assert making.REASON.encode() not in bytes(getattr(row, name))
    assert row.why_no_action is None
    line = last_line("prepare_report")
    assert (line.field_class, line.object, line.child) == ("ATT", f"report:{made.pk}", child.reference)


def test_the_care_coordinator_reports_when_involved_and_not_from_the_list_alone(school, child):
    actor = make.actor(Role.CARE_COORDINATOR, school)
    refuse(actor, "prepare_report", "", operations.prepare, said(), child=child)
    make.involve(child, actor)
    assert prepared(actor, child).pk


def test_a_mentor_writes_of_the_absence_and_does_not_report(school, child):
    actor = make.actor(Role.MENTOR, school)
    make.involve(child, actor)
    sentence = "Only who keeps the attendance"
    refuse(actor, "prepare_report", sentence, operations.prepare, said(), child=child)
    assert not Report.for_operations.exists()


def test_another_school_does_not_report(child):
    actor = make.actor(Role.CARE_COORDINATOR, make.organisation())
    make.involve(child, actor)
    sentence = "only for who is enrolled there"
    refuse(actor, "prepare_report", sentence, operations.prepare, said(), child=child)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"begins_on": TODAY + timedelta(1)}, "a day that has been"),
        ({"ends_on": TODAY + timedelta(1)}, "a day that has been"),
        ({"ends_on": days_ago(21)}, "a day that has been"),
        ({"wants_action": False}, "why nothing is asked"),
        ({"wants_action": False, "why_no_action": "  "}, "why nothing is asked"),
        ({"reason": " \n"}, "Nothing was written"),
        ({"measures": ""}, "Nothing was written"),
        ({"phone": "bel Jan"}, "A telephone number"),
        ({"ends_on": None}, "Of sixteen hours"),
    ],
)
def test_what_is_not_right_is_refused_with_a_sentence_and_nothing_is_kept(keeper, child, values, sentence):
    refuse(keeper, "prepare_report", sentence, operations.prepare, said(**values), child=child)
    assert not Report.for_operations.exists()


def test_one_absence_is_not_reported_twice_and_after_withdrawing_it_is(keeper, coordinator, child):
    made = prepared(keeper, child)
    sentence = "There is a report of this kind from this day already"
    refuse(coordinator, "prepare_report", sentence, operations.prepare, said(), child=child)
    with acting(again(keeper), origin="test") as now:
        operations.withdraw(permit_of(now, fresh(child)), made, child=child, on=TODAY, version=made.version)
    assert prepared(coordinator, child).pk != made.pk


def test_a_report_of_another_child_is_not_reached_through_this_one(keeper, school, child):
    elsewhere = make.learner(school)
    made = prepared(keeper, elsewhere)
    sentence = "Only the school that prepared"
    refuse(keeper, "withdraw_report", sentence, operations.withdraw, made, child=child, on=TODAY, version=1)


def test_a_colleague_changes_what_is_being_prepared_and_two_at_once_notice_each_other(
    keeper, coordinator, child
):
    made = prepared(keeper, child)
    with acting(again(coordinator), origin="test") as now:
        changed = operations.change(permit_of(now, fresh(child)), made, said(days=9), child=child, version=1)
    assert (changed.days, changed.version, changed.written_by) == (9, 2, keeper.membership)
    sentence = "Meanwhile somebody changed"
    refuse(keeper, "change_report", sentence, operations.change, made, said(days=5), child=child, version=1)
    refuse(
        keeper, "make_report", sentence, operations.record, made, child=child, on=TODAY, version=1
    )  # fmt: skip
    assert Report.for_operations.get().days == 9


def test_once_reported_it_stays_as_it_was(keeper, child):
    made = reported(keeper, child, number="2026-000123")
    row = Report.for_operations.get()
    assert (row.state, row.reported_on, row.number, row.reported_by) == (
        "reported", TODAY, "2026-000123", keeper.membership,
    )  # fmt: skip
    sentence = "Its state now: reported"
    refuse(keeper, "change_report", sentence, operations.change, made, said(), child=child, version=1)
    refuse(keeper, "make_report", sentence, operations.record, made, child=child, on=TODAY, version=1)


@pytest.mark.parametrize(
    ("on", "number", "sentence"),
    [
        (TODAY + timedelta(1), "", "a day that has been"),
        (days_ago(21), "", "a day that has been"),
        (TODAY, "=1+1", "letters and digits"),
        (TODAY, "a" * 21, "letters and digits"),
        (TODAY, "111222333", "looks like a personal number"),
    ],
)
def test_a_report_is_made_on_a_day_that_has_been_and_under_a_number_that_is_one(
    keeper, child, on, number, sentence
):
    made = prepared(keeper, child)
    refuse(
        keeper, "make_report", sentence, operations.record, made, child=child, on=on, number=number, version=1
    )  # fmt: skip


def test_the_signal_that_asked_is_off_the_list_of_the_school_and_back_when_it_gets_worse(keeper, child):
    asked = signals.alert(child, "report-duty", due=0, began_on=days_ago(20), reached_on=days_ago(3))
    other = signals.alert(child, "layer-3", due=None)
    reported(keeper, child)
    parking = Parking.for_operations.get()
    assert (parking.alert_id, parking.because) == (asked.pk, "reported")
    assert parking.until_on == TODAY + timedelta(28)

    def is_parked(alert):
        now = again(keeper)
        return holding(parkings_of(now), Alert.for_operations.get(pk=alert.pk), actor=now) is not None

    assert is_parked(asked) and not is_parked(other)
    Alert.for_operations.filter(pk=asked.pk).update(reached_on=asked.reached_on + timedelta(9))
    assert not is_parked(asked)


def test_a_report_of_another_absence_takes_no_signal_off_the_list(keeper, child):
    signals.alert(child, "report-duty", due=0, began_on=days_ago(2), reached_on=days_ago(1))
    reported(keeper, child)
    assert not Parking.for_operations.exists()


def test_a_plan_that_runs_for_longer_stays(keeper, coordinator, child):
    asked = signals.alert(child, "report-duty", due=0, began_on=days_ago(20), reached_on=days_ago(3))
    with acting(again(coordinator), origin="test") as now:
        park(permit_of(now, fresh(child)), asked, child=child, because=Parked.PLAN, until_on=days_ago(-60))
    reported(keeper, child)
    assert Parking.for_operations.get(ended_at__isnull=True).because == "plan"


def test_withdrawing_puts_the_signal_back(keeper, child):
    signals.alert(child, "report-duty", due=0, began_on=days_ago(20), reached_on=days_ago(3))
    made = reported(keeper, child)
    with acting(again(keeper), origin="test") as now:
        operations.withdraw(permit_of(now, fresh(child)), made, child=child, on=TODAY, version=made.version)
    assert Parking.for_operations.get().ended_at is not None


def test_what_a_colleague_reported_meanwhile_is_not_dropped(keeper, child):
    made = prepared(keeper, child)
    with acting(again(keeper), origin="test") as now:
        operations.record(permit_of(now, fresh(child)), made, child=child, on=TODAY, version=1)
    sentence = "Meanwhile somebody changed"
    refuse(keeper, "withdraw_report", sentence, operations.withdraw, made, child=child, on=TODAY, version=1)


def test_of_a_dropped_report_no_text_is_left(keeper, child):
    made = prepared(keeper, child)
    with acting(again(keeper), origin="test") as now:
        operations.withdraw(permit_of(now, fresh(child)), made, child=child, on=TODAY, version=1)
    row = Report.for_operations.get()
    key = key_for(child.reference, "medical", keeper.organisation.key)
    assert unseal_from(row, "reason", key=key) == "" and row.why_no_action is None


def test_a_voluntary_report_takes_no_signal_off_the_list(keeper, child):
    signals.alert(child, "report-duty", due=0)
    reported(keeper, child, kind=ReportKind.OTHER)
    assert not Parking.for_operations.exists()


def ended(actor, report, ends_on, on):
    with acting(again(actor), origin="test") as now:
        return operations.end(
            permit_of(now, fresh(report.learner)), report, child=report.learner, ends_on=ends_on, on=on
        )


def test_of_a_long_absence_the_end_is_reported_once(keeper, child):
    made = reported(
        keeper, child, kind=ReportKind.LONG, ends_on=None, begins_on=days_ago(40), on=days_ago(10)
    )
    ended(keeper, made, days_ago(2), TODAY)
    row = Report.for_operations.get()
    assert (row.ends_on, row.end_reported_on, row.state) == (days_ago(2), TODAY, "reported")
    refuse(
        keeper, "end_report", "asks for no end", operations.end, made, child=child, ends_on=TODAY, on=TODAY
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ends", "on"), [(41, 0), (-1, 0), (2, 3), (2, -1), (12, 11)]
)  # the end before the begin, to come; told before it was, to come, before the report itself
def test_an_end_lies_in_the_absence_and_is_told_after_it(keeper, child, ends, on):
    made = reported(
        keeper, child, kind=ReportKind.LONG, ends_on=None, begins_on=days_ago(40), on=days_ago(10)
    )
    refuse(
        keeper, "end_report", "a day that has been", operations.end, made, child=child,
        ends_on=days_ago(ends), on=days_ago(on),
    )  # fmt: skip


def test_sixteen_hours_ask_for_no_end(keeper, child):
    made = reported(keeper, child)
    refuse(
        keeper, "end_report", "asks for no end", operations.end, made, child=child, ends_on=TODAY, on=TODAY
    )  # fmt: skip


def test_a_report_is_withdrawn_and_stays_withdrawn(keeper, child):
    made = reported(keeper, child)
    with acting(again(keeper), origin="test") as now:
        operations.withdraw(permit_of(now, fresh(child)), made, child=child, on=TODAY, version=made.version)
    row = Report.for_operations.get()
    assert (row.state, row.withdrawn_on, row.reported_on) == ("withdrawn", TODAY, TODAY)
    refuse(
        keeper, "withdraw_report", "Meanwhile", operations.withdraw, made, child=child, on=TODAY, version=1
    )


def test_another_school_brings_a_report_no_further(keeper, child):
    made = prepared(keeper, child)
    other = make.actor(Role.CARE_COORDINATOR, make.organisation())
    make.involve(child, other)
    sentence = "Only the school that prepared"
    refuse(other, "withdraw_report", sentence, operations.withdraw, made, child=child, on=TODAY, version=1)


def test_officer_and_school_record_what_the_municipality_answered(keeper, officer, child):
    made = reported(keeper, child)
    answered(officer, made, contact="Leerplicht, 010-7654321")
    answered(
        keeper, made, status=MunicipalStatus.CLOSED, closed_as=ClosedAs.NO_ABSENCE, no_absence=NoAbsence.ILL
    )  # fmt: skip
    rows = list(Answer.for_operations.order_by("written_at"))
    assert [one.status for one in rows] == ["in_treatment", "closed"]
    assert [one.organisation for one in rows] == [officer.organisation, keeper.organisation]
    assert b"ill" not in bytes(rows[1].no_absence) and b"010" not in bytes(rows[0].contact)
    assert last_line("answer_report").object == f"report:{made.pk}"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"status": MunicipalStatus.CLOSED}, "why it was closed"),
        ({"closed_as": ClosedAs.WORK}, "why it was closed"),
        ({"status": MunicipalStatus.CLOSED, "closed_as": ClosedAs.NO_ABSENCE}, "say which it is"),
        (
            {"status": MunicipalStatus.CLOSED, "closed_as": ClosedAs.WORK, "no_absence": NoAbsence.ILL},
            "say which it is",
        ),
        ({"said_on": TODAY + timedelta(1)}, "a day that has been"),
        ({"said_on": days_ago(1)}, "a day that has been"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(keeper, officer, child, values, sentence):
    made = reported(keeper, child)
    heard = Heard(**{"status": MunicipalStatus.IN_TREATMENT, "said_on": TODAY, **values})
    refuse(officer, "answer_report", sentence, operations.answer, made, heard, child=child)
    assert not Answer.for_operations.exists()


def test_the_same_answer_twice_stands_once_and_another_school_records_none(keeper, officer, child):
    made = reported(keeper, child)
    answered(officer, made)
    heard = Heard(MunicipalStatus.IN_TREATMENT, TODAY)
    refuse(officer, "answer_report", "stands with the report already", operations.answer, made, heard,
           child=child)  # fmt: skip
    other = make.actor(Role.CARE_COORDINATOR, make.organisation())
    make.involve(child, other)
    refuse(other, "answer_report", "cannot record the answer", operations.answer, made, heard, child=child)


def test_what_was_not_reported_is_not_answered_and_not_by_everybody(keeper, officer, child):
    heard = Heard(MunicipalStatus.IN_TREATMENT, TODAY)
    made = prepared(keeper, child)
    refuse(
        officer, "answer_report", "Only a report that was made", operations.answer, made, heard, child=child
    )
    with acting(again(keeper), origin="test") as now:
        operations.record(permit_of(now, fresh(child)), made, child=child, on=TODAY, version=1)
    adviser = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    make.involve(child, adviser)
    refuse(adviser, "answer_report", "cannot record the answer", operations.answer, made, heard, child=child)


def test_of_a_destroyed_child_no_report_is_left(keeper, officer, child):
    answered(officer, reported(keeper, child))
    shred_child(child, "command:retention")
    assert not Report.for_operations.exists() and not Answer.for_operations.exists()
    with pytest.raises(Refused):
        prepared(keeper, child)
