"""Reports as people meet them: filled in from the marks, and for each what they may know."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.access.operations_ground import permit_of
from inbeeld.alerts.tests import making as signals
from inbeeld.contacts.tests.making import recorded as spoken_with
from inbeeld.duo.models import Report
from inbeeld.duo.seen import beside_their_duties, listed
from inbeeld.duo.tests import making
from inbeeld.duo.tests.making import TODAY, answered, days_ago, prepared, reported
from inbeeld.engine import reading
from inbeeld.journal.models import Line
from inbeeld.kernel.duo import ClosedAs, Due, MunicipalStatus, NoAbsence, ReportKind, dues, filled
from inbeeld.kernel.region import Region
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import at_work, snapshots
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import kin, post, visitor, words
from inbeeld.organisations.models import Kind, Organisation, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FORM = {
    "kind": "sixteen_hours", "begins_on": days_ago(20).isoformat(), "ends_on": days_ago(3).isoformat(),
    "days": "4", "hours": "16.5", "all_lessons": "no", "reason": making.REASON, "measures": making.MEASURES,
    "wants_action": "yes", "why_no_action": "", "phone": "010-1234567",
}  # fmt: skip


@pytest.fixture
def known(snapshot, settings):
    """Somebody of whom the invented region knows a duty to report: (key of the school, attendance)."""
    settings.INBEELD_DATA, settings.INBEELD_TRIAL = snapshot, True
    make.judgement()
    for row in reading.rows(snapshot / "judged" / "report_duties.parquet"):
        attendance = reading.attendance_of(
            snapshot / "region", row["learner"], on=snapshots.ON, region=Region()
        )
        if due := next((one for one in dues(attendance) if one.kind is ReportKind.SIXTEEN_HOURS), None):
            return due, attendance
    raise AssertionError("the region has no duty to report")


@pytest.fixture
def school(known):
    made = make.organisation()
    Organisation.objects.filter(pk=made.pk).update(key=known[0].school)
    return Organisation.objects.get(pk=made.pk)


@pytest.fixture
def child(known, school):
    made = make.learner(school)
    Learner.for_operations.filter(pk=made.pk).update(key=known[1].learner)
    return Learner.for_operations.get(pk=made.pk)


@pytest.fixture
def keeper(school):
    return make.actor(Role.ATTENDANCE_COORDINATOR, school)


@pytest.fixture
def officer(child):
    actor = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    make.involve(child, actor)
    return actor


def at(child, rest=""):
    return f"/kind/{child.reference}/{rest}"


def read(actor, address):
    response = visitor(actor).get(address)
    assert response.status_code == 200, address
    return words(response)


def value_of(page, name):
    """What stands in a field of a form."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"|name="{name}"[^>]*>\s*([^<]*)<', page)
    assert found, name
    return (found[1] or found[2] or "").strip()


def chosen(page, name):
    return re.findall(rf'name="{name}" value="([^"]*)"[^>]*checked', page)


def test_from_a_signal_the_form_is_filled_in_from_the_marks(known, child, keeper):
    due, attendance = known
    signal = signals.alert(child, "report-duty", due=0, began_on=due.begins_on, reached_on=due.ends_on)
    page = visitor(keeper).get(at(child, f"signaal/{signal.pk}/")).content.decode()
    address = re.search(r'href="([^"]*melding/nieuw/[^"]*)"', page)
    assert address
    form = visitor(keeper).get(address[1].replace("&amp;", "&")).content.decode()
    marks = filled(attendance, first=due.begins_on, last=due.ends_on, school=due.school)
    assert chosen(form, "kind") == ["sixteen_hours"]
    assert value_of(form, "begins_on") == due.begins_on.isoformat()
    assert value_of(form, "ends_on") == due.ends_on.isoformat()
    assert value_of(form, "days") == str(marks.days)
    assert float(value_of(form, "hours")) == due.minutes / 60
    assert chosen(form, "all_lessons") == ["yes" if marks.all_lessons else "no"]
    assert value_of(form, "reason").startswith("In the attendance of the school: ")
    assert all(f"({number})" in value_of(form, "reason") for _, number in marks.reasons)
    assert value_of(form, "measures") == ""


def test_what_the_school_did_is_filled_in_from_its_own_contacts_since(known, school, child, keeper, officer):
    due, _ = known
    day = due.begins_on
    spoken_with(keeper, child, on=day, text="")
    spoken_with(keeper, child, on=day + timedelta(1), reached=False, text="")
    spoken_with(keeper, child, on=day - timedelta(1), text="")
    spoken_with(officer, child, on=day, text="")
    form = visitor(keeper).get(at(child, f"melding/nieuw/?soort=sixteen_hours&van={day}")).content.decode()
    first, second = value_of(form, "measures").splitlines()
    assert first.startswith(f"{day.day} ") and first.endswith(": by telephone, with the parents")
    assert second.endswith(": tried, by telephone, the parents")


def test_a_signal_leads_to_the_report_that_is_there(known, child, keeper):
    due, _ = known
    signal = signals.alert(child, "report-duty", due=0, began_on=due.begins_on, reached_on=due.ends_on)
    made = prepared(keeper, child, begins_on=due.begins_on, ends_on=due.ends_on)
    page = visitor(keeper).get(at(child, f"signaal/{signal.pk}/")).content.decode()
    assert f"melding/{made.pk}/" in page and "melding/nieuw" not in page
    assert "Go on with the report that is being prepared" in page


def test_an_address_that_names_no_duty_gives_an_empty_form(child, keeper):
    for query in ("", "?soort=long&van=2020-01-01", "?soort=x&van=y", "?soort=sixteen_hours&van=2026-13-77"):
        form = visitor(keeper).get(at(child, "melding/nieuw/") + query).content.decode()
        assert value_of(form, "begins_on") == "" and value_of(form, "reason") == ""


def test_what_is_left_open_is_counted_from_the_marks(known, child, keeper):
    due, attendance = known
    days = {"begins_on": due.begins_on.isoformat(), "ends_on": due.ends_on.isoformat()}
    sent = {**FORM, **days, "days": "", "hours": ""}
    assert post(keeper, at(child, "melding/nieuw/"), **sent).status_code == 302
    marks = filled(attendance, first=due.begins_on, last=due.ends_on, school=due.school)
    row = Report.for_operations.get()
    assert (row.days, row.minutes) == (marks.days, marks.minutes)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("kind", "anders", "Choose one of the answers given."),
        ("begins_on", "morgen", "Write a date like"),
        ("begins_on", "2026-02-30", "This day does not exist."),
        ("begins_on", (TODAY + timedelta(1)).isoformat(), "still to come"),
        ("ends_on", days_ago(21).isoformat(), "lies before the first one"),
        ("days", "veel", "Write a number."),
        ("days", "-1", "zero or more"),
        ("hours", "16.55", "at most one digit"),
        ("hours", "99999", "more than a school year holds"),
        ("all_lessons", "", "Choose one."),
        ("reason", "", "This has to be filled in."),
        ("measures", "a" * 2001, "at most 2,000 characters"),
        ("wants_action", "no", "Say why nothing is asked"),
        ("ends_on", "", "the day on which they were reached"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_written_stays(child, keeper, field, value, sentence):
    page = post(keeper, at(child, "melding/nieuw/"), **{**FORM, field: value})
    assert page.status_code == 200
    assert sentence in words(page)
    if field != "reason":
        assert making.REASON in page.content.decode()
    assert not Report.for_operations.exists()


def test_the_sheet_holds_what_the_register_asks_and_reporting_is_recorded(child, keeper):
    address = post(keeper, at(child, "melding/nieuw/"), **FORM)["Location"]
    sheet = read(keeper, address)
    for part in (
        making.REASON,
        making.MEASURES,
        "010-1234567",
        "16.5",
        keeper.place,
        "Marit Hoog",
        "Not reported",
    ):
        assert part in sheet
    sent = {"daad": "gemeld", "on": TODAY.isoformat(), "number": "2026-17", "version": "1"}
    done = post(keeper, address, **sent)
    assert done.status_code == 302
    sheet = read(keeper, done["Location"])
    assert "Recorded: it has been reported to DUO." in sheet and "2026-17" in sheet
    assert "Change the report" not in sheet and "Record an answer" in sheet
    again = post(keeper, address, **sent)
    assert again.status_code == 409 and "Its state now: reported" in words(again)


def test_on_the_page_of_a_child_each_duty_stands_with_its_report(known, child, keeper, officer):
    due, _ = known
    before = read(keeper, at(child))
    assert "Prepare the report" in before
    assert "No report has been recorded here." in read(officer, at(child))
    reported(keeper, child, begins_on=due.begins_on, ends_on=due.ends_on)
    for actor in (keeper, officer):
        assert "Reported on" in read(actor, at(child))


def test_what_is_being_prepared_is_of_the_school_alone(child, keeper, officer, school):
    made = prepared(keeper, child, kind=ReportKind.OTHER)
    assert "Being prepared" in read(keeper, at(child))
    colleague = make.actor(Role.CARE_COORDINATOR, school)
    assert "Being prepared" in read(colleague, at(child))
    for actor in (officer, kin(child)):
        assert "Being prepared" not in read(actor, at(child))
        assert visitor(actor).get(at(child, f"melding/{made.pk}/")).status_code == 404


def test_who_may_not_know_a_reason_reads_the_report_without_it(child, keeper, officer):
    made = reported(keeper, child)
    answered(
        officer, made, status=MunicipalStatus.CLOSED, closed_as=ClosedAs.NO_ABSENCE, no_absence=NoAbsence.ILL
    )
    address = at(child, f"melding/{made.pk}/")
    adviser = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    make.involve(child, adviser)
    for actor, knows_reason, knows_ill in (
        (keeper, True, False), (officer, False, True), (adviser, False, False), (kin(child), False, False),
        (kin(child, "learner"), True, True),
    ):  # fmt: skip
        sheet = read(actor, address)
        assert making.MEASURES in sheet and "no absence to report" in sheet
        assert (making.REASON in sheet) is knows_reason, actor.role
        assert ("ill for long" in sheet) is knows_ill, actor.role


def test_reading_a_report_stands_in_the_log_with_what_was_read(child, keeper, officer):
    made = reported(keeper, child)
    read(officer, at(child, f"melding/{made.pk}/"))
    lines = Line.for_operations.filter(actor=officer.key, object=f"report:{made.pk}")
    assert {one.field_class for one in lines} == {"ATT"}
    assert making.REASON not in str([(one.object, one.action) for one in lines])


def test_who_does_not_report_has_no_form_and_no_way_to_it(child, officer, school):
    mentor = make.actor(Role.MENTOR, school)
    make.involve(child, mentor)
    coordinator = make.actor(Role.CARE_COORDINATOR, school)
    for actor in (mentor, officer, coordinator, kin(child)):
        assert "melding/nieuw" not in visitor(actor).get(at(child)).content.decode()
        assert visitor(actor).get(at(child, "melding/nieuw/")).status_code == 404
        assert post(actor, at(child, "melding/nieuw/"), **FORM).status_code == 404
    assert not Report.for_operations.exists()


def test_two_who_change_at_once_see_both_texts_and_lose_nothing(child, keeper, school):
    made = prepared(keeper, child)
    address = at(child, f"melding/{made.pk}/wijzigen/")
    first = post(keeper, address, **{**FORM, "measures": "Brief gestuurd", "version": "1"})
    assert first.status_code == 302
    second = post(keeper, address, **{**FORM, "measures": "Huisbezoek gedaan", "version": "1"})
    assert second.status_code == 409
    page = second.content.decode()
    assert "Brief gestuurd" in page and "Huisbezoek gedaan" in page
    assert value_of(page, "version") == "2"
    assert post(keeper, address, **{**FORM, "measures": "Beide gedaan", "version": "2"}).status_code == 302
    assert "Beide gedaan" in read(keeper, at(child, f"melding/{made.pk}/"))


def test_what_a_colleague_reported_while_one_was_writing_takes_no_text_away(child, keeper):
    made = reported(keeper, child)
    address = at(child, f"melding/{made.pk}/wijzigen/")
    assert visitor(keeper).get(address)["Location"] == at(child, f"melding/{made.pk}/")
    late = post(keeper, address, **{**FORM, "measures": "Huisbezoek gedaan", "version": "1"})
    assert late.status_code == 409 and "Huisbezoek gedaan" in late.content.decode()
    assert Report.for_operations.get().version == 2


def test_why_nothing_is_asked_is_read_by_who_may_read_the_reason(child, keeper, officer):
    made = reported(keeper, child, wants_action=False, why_no_action=making.WHY)
    for actor, knows in ((keeper, True), (officer, False), (kin(child, "learner"), True)):
        assert (making.WHY in read(actor, at(child, f"melding/{made.pk}/"))) is knows


def test_a_long_absence_whose_end_was_not_told_hides_no_later_one(known, child, keeper):
    due, _ = known
    long = [
        Due(ReportKind.LONG, days_ago(30), None, due.school),
        Due(ReportKind.LONG, days_ago(200), days_ago(150), "x"),
    ]
    made = reported(
        keeper, child, kind=ReportKind.LONG, begins_on=days_ago(200), ends_on=None, on=days_ago(100)
    )
    again = at_work.again(keeper)
    rows = beside_their_duties(
        long, listed(permit_of(again, at_work.fresh(child))), own=frozenset({due.school})
    )
    assert [(row.report and row.report.id, row.may_prepare) for row in rows] == [
        (None, True),
        (made.pk, False),
    ]


def test_ending_and_withdrawing_from_the_page(child, keeper):
    made = reported(
        keeper, child, kind=ReportKind.LONG, begins_on=days_ago(40), ends_on=None, on=days_ago(10)
    )
    address = at(child, f"melding/{made.pk}/")
    assert "Has the absence ended?" in read(keeper, address)
    sent = {"daad": "einde", "ends_on": days_ago(2).isoformat(), "on": TODAY.isoformat()}
    assert post(keeper, address, **sent).status_code == 302
    assert "Has the absence ended?" not in read(keeper, address)
    assert post(keeper, address, daad="intrekken", version="2").status_code == 302
    assert "and withdrawn on" in read(keeper, address)
    assert "Reported, and withdrawn" in read(keeper, at(child))


def test_a_report_that_was_never_made_and_dropped_is_gone(child, keeper):
    made = prepared(keeper, child)
    done = post(keeper, at(child, f"melding/{made.pk}/"), daad="intrekken", version="1")
    assert done["Location"].startswith(at(child)) and "melding-weg" in done["Location"]
    assert visitor(keeper).get(at(child, f"melding/{made.pk}/")).status_code == 404


def test_a_post_that_asks_for_nothing_known_changes_nothing(child, keeper):
    made = prepared(keeper, child)
    for sent in ({}, {"daad": "x"}, {"daad": "gemeld"}, {"daad": "einde"}):
        assert post(keeper, at(child, f"melding/{made.pk}/"), **sent).status_code in (200, 409)
    assert Report.for_operations.get().state == "prepared"


def test_an_answer_is_recorded_from_the_page(child, keeper, officer):
    made = reported(keeper, child)
    address = at(child, f"melding/{made.pk}/antwoord/")
    sent = {"status": "closed", "said_on": TODAY.isoformat(), "closed_as": "", "no_absence": "",
            "note": "seen", "contact": "Rachid, 010-7654321"}  # fmt: skip
    wrong = post(officer, address, **sent)
    assert wrong.status_code == 409 and "Say why it was closed" in words(wrong)
    assert "010-7654321" in wrong.content.decode()
    done = post(officer, address, **{**sent, "closed_as": "back_at_school"})
    assert done.status_code == 302
    for actor in (keeper, officer):
        sheet = read(actor, at(child, f"melding/{made.pk}/"))
        assert "back at school" in sheet
        assert ("010-7654321" in sheet) is (actor is officer)


def test_more_reports_ask_no_more_queries(child, keeper):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as found:
            visitor(keeper).get(at(child))
        return len(found)

    reported(keeper, child, kind=ReportKind.OTHER)
    few = asked()
    for number in range(5):
        reported(keeper, child, kind=ReportKind.OTHER, begins_on=days_ago(30 + number))
    assert asked() == few
