"""Mijn werk, one signal, and the signals on the page of a child, as people meet them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbeeld.access.actor import Actor
from inbeeld.alerts import queries
from inbeeld.alerts.models import Alert, Parking
from inbeeld.alerts.tests import making
from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import snapshots
from inbeeld.learners.tests.visiting import kin, post, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = pytest.mark.django_db

WORK = "/mijn-werk/"
LINK = re.compile(r'<a href="(\?[^"]*)"[^>]*>([^<]*)<b>(\d+)</b></a>')


@pytest.fixture(autouse=True)
def in_trial(settings):
    settings.INBEELD_TRIAL = True


@pytest.fixture
def school():
    make.judgement()
    return make.organisation()


@pytest.fixture
def coordinator(school):
    return make.actor(Role.CARE_COORDINATOR, school)


def page(actor: Actor, query: str = "") -> str:
    response = visitor(actor).get(WORK + query)
    assert response.status_code == 200
    return response.content.decode()


def work_of(actor: Actor, **asked: str) -> queries.Work:
    from inbeeld.learners.snapshot import current_judgement

    return queries.Work(actor, current_judgement(), queries.choice_of(asked, actor=actor))


def rows(html: str) -> int:
    return html.count('data-label="Why"')


def test_the_list_says_why_what_to_do_and_by_when(school, coordinator):
    making.alert(make.learner(school), due=3)
    text = words(visitor(coordinator).get(WORK))
    assert "Longer than four weeks at home" in text
    assert "At home since" in text and "41 calendar days" in text
    assert "Call an MDO with the learner and the parents" in text
    assert "in 3 days" in text
    assert "Asks for attention since" in text


def test_what_is_most_pressing_stands_first_and_what_has_no_day_last(school, coordinator):
    late, soon, none = (make.learner(school) for _ in range(3))
    making.alert(soon, due=9)
    making.alert(none, "alternating-absence", due=None)
    making.alert(late, due=-4)
    html = page(coordinator)
    names = [html.index(make.name_of(one)) for one in (late, soon, none)]
    assert names == sorted(names)


def test_the_signals_of_one_child_stand_together_under_the_most_pressing(school, coordinator):
    first, second = make.learner(school), make.learner(school)
    making.alert(first, due=1)
    making.alert(second, due=5)
    making.alert(first, "alternating-absence", due=None)
    found = [row.learner for row in queries.in_order(work_of(coordinator).rows)]
    assert found == [first.pk, first.pk, second.pk]


def test_children_are_equal_before_the_same_day_and_stand_by_their_reference(school, coordinator):
    for _ in range(6):
        making.alert(make.learner(school), due=5)
    found = [row.reference.int for row in queries.in_order(work_of(coordinator).rows)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("role", "subject", "asked"),
    [
        (Role.CARE_COORDINATOR, "phase-two", True),
        (Role.CARE_COORDINATOR, "layer-2", False),
        (Role.ATTENDANCE_COORDINATOR, "report-duty", True),
        (Role.ATTENDANCE_COORDINATOR, "phase-two", False),
    ],
)
def test_a_role_finds_what_is_asked_of_it(school, role, subject, asked):
    making.alert(make.learner(school), subject)
    assert rows(page(make.actor(role, school))) == asked


def test_mine_the_list_of_my_organisation_and_all(school, coordinator):
    mine, theirs = make.learner(school), make.learner(school)
    make.involve(mine, coordinator)
    making.alert(mine)
    making.alert(theirs)
    assert rows(page(coordinator)) == 1
    assert rows(page(coordinator, "?scope=team")) == rows(page(coordinator, "?scope=everything")) == 2
    mentor = make.actor(Role.MENTOR, school)
    assert "List of my organisation" not in page(mentor)  # a mentor has no list


def test_as_long_as_nothing_is_mine_the_list_of_the_organisation_opens(school, coordinator):
    making.alert(make.learner(school))
    assert rows(page(coordinator)) == 1
    assert "Well done" in page(coordinator, "?scope=mine")
    assert "On the list of your organisation 1 signal asks for a step." in page(coordinator, "?scope=mine")


def test_nobody_finds_a_child_the_table_does_not_give(school, coordinator):
    making.alert(make.learner(make.organisation()))
    making.alert(make.learner(school, stage=6))
    assert rows(page(coordinator, "?scope=everything")) == 0
    officer = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    assert rows(page(officer)) == 0


def test_a_signal_of_sickness_is_there_for_the_school_that_delivered_it_and_with_consent(school, coordinator):
    child = make.learner(school)
    making.alert(child, "sickness", school=school)
    assert rows(page(coordinator)) == 1
    doctor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(child, doctor)
    assert rows(page(doctor)) == 0
    make.consent(child, "MED", doctor)
    assert "Offer the learner and the parents a consult." in page(doctor)
    Alert.for_operations.update(delivered_by=make.organisation())
    assert rows(page(coordinator)) == 0


def test_every_number_on_the_page_is_that_of_the_list_it_leads_to(school, coordinator):
    other = make.organisation()
    officer = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    for number in range(9):
        child = make.learner(school if number % 2 else other)
        make.involve(child, officer)
        if number % 3:
            make.involve(child, coordinator)
        for subject in ("phase-two", "phase-three")[: 1 + number % 2]:
            alert = making.alert(child, subject, due=number * 4 - 12)
        if number % 4 == 0:
            parking(alert, officer)
    for actor in (coordinator, officer):
        seen: dict[str, int] = {}
        for query in ("", "?scope=team", "?show=parked", "?show=all", f"?rule={making.KEYS['phase-two']}"):
            for address, said, number in LINK.findall(page(actor, query)):
                if address not in seen:
                    seen[address] = rows(page(actor, address.replace("&amp;", "&")))
                assert seen[address] == int(number), (said, address)
        assert len(seen) > 8


def parking(alert: Alert, actor: Actor, **values) -> Parking:
    """A parking in force by this actor's membership."""
    assert actor.membership is not None
    return Parking.for_operations.create(**{
        "alert": alert, "learner": alert.learner, "field_class": "AGR", "because": "plan",
        "until_on": timezone.localdate() + timedelta(days=9), "answer": alert.answer,
        "reached_on": alert.reached_on, "organisation": actor.membership.organisation,
        "parked_by": actor.membership, "parked_at": timezone.now(), **values,
    })  # fmt: skip


def test_what_is_parked_is_off_the_list_and_in_every_count(school, coordinator):
    child = make.learner(school)
    make.involve(child, coordinator)
    parking(making.alert(child), coordinator)
    assert rows(page(coordinator)) == 0
    text = words(visitor(coordinator).get(f"{WORK}?show=parked"))
    assert "a plan is being carried out" in text and "Marit Hoog" in text
    assert rows(page(coordinator, "?show=all")) == 1
    on_the_page = LINK.findall(page(coordinator))
    assert {said.strip(): int(number) for _, said, number in on_the_page}["To do and parked"] == 1


def test_what_another_organisation_parked_is_said_and_stays_on_the_list(school, coordinator):
    """A school that waits for leerplicht does not take it off the list of leerplicht."""
    child, officer = (
        make.learner(school),
        make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY)),
    )
    make.involve(child, coordinator)
    make.involve(child, officer)
    alert = making.alert(child, "phase-three")
    parking(alert, coordinator, because="other_body")
    text = words(visitor(officer).get(WORK))
    assert "Parked by another organisation" in text and "another organisation acts" in text
    assert rows(page(officer)) == 1 and rows(page(coordinator)) == 0
    parking(alert, officer)
    assert rows(page(officer)) == 0


def test_who_may_not_know_who_is_involved_reads_only_that_it_is_parked(school, coordinator):
    child = make.learner(school)
    child.case_stage = 3
    child.save()
    make.involve(child, coordinator)
    at_the_table = make.actor(Role.TABLE_MEMBER, make.organisation(Kind.BOARD))
    make.involve(child, at_the_table, kind="table", purpose="meeting")
    alert = making.alert(child)
    parking(alert, coordinator, because="other_body")
    who = f"another organisation acts. {coordinator.name}, {coordinator.place}"
    assert who in words(visitor(coordinator).get(address(alert)))
    shown = words(visitor(at_the_table).get(address(alert)))
    assert re.search("Parked by another organisation until [^:,]*[.] ", shown)
    assert "another organisation acts" not in shown
    assert f"{coordinator.name}, " not in shown.split("Parked by another organisation")[1]


def test_this_week_is_until_sunday_with_what_is_overdue(school, coordinator):
    # The day of judging is a Friday.
    for due in (-30, 0, 2, 3):
        making.alert(make.learner(school), due=due)
    assert rows(page(coordinator, "?show=week")) == 3


def test_what_waits_for_an_answer_stands_on_top(school):
    child, doctor = make.learner(school), make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(child, doctor, accepted_at=None)
    assert "1 request to be involved waits for your answer." in page(doctor)


def test_an_empty_list_says_well_done(school, coordinator):
    assert "Well done: nothing asks for you now" in page(coordinator)


def test_kin_and_who_sees_no_children_have_no_work_here(school):
    child = make.learner(school)
    for actor in (kin(child), make.actor(Role.ANALYST, school), make.actor(Role.PRIVACY_OFFICER, school)):
        assert visitor(actor).get(WORK).headers["Location"] == "/in-beeld/"


def test_nonsense_in_the_address_is_left_out(school, coordinator):
    making.alert(make.learner(school))
    for query in ("?scope=x&show=y&rule=z&page=-4", "?school=%00", "?page=999"):
        assert rows(page(coordinator, query)) == 1
    assert "With these filters the list is empty." in page(coordinator, "?school=nowhere")


def test_the_number_of_queries_does_not_grow(school, coordinator):
    def number(query: str = "") -> int:
        with CaptureQueriesContext(connection) as found:
            page(coordinator, query)
        return len(found)

    making.alert(make.learner(school))
    few = number()
    for _ in range(12):
        child = make.learner(school)
        make.involve(child, coordinator)
        parking(making.alert(child), coordinator)
        making.alert(child, "layer-3", due=None)
    assert number("?scope=team") <= few
    assert number("?scope=team&show=all") <= few + 1  # the people who parked


def test_every_row_of_the_list_is_in_the_journal(school, coordinator):
    child = make.learner(school)
    making.alert(child, "sickness", school=school)
    page(coordinator)
    line = Line.for_operations.filter(actor=coordinator.key, origin="work").get()
    assert (line.action, line.field_class, line.child) == ("listed", "IDE ATT", child.reference)


# --- one signal, and the page of a child -------------------------------------------------------------


def address(alert: Alert, more: str = "") -> str:
    return f"/kind/{alert.learner.reference}/signaal/{alert.pk}/{more}"


def test_a_signal_explains_itself(school, coordinator):
    child = make.learner(school)
    before = making.alert(child, closed_on=making.day(-20), closed_by="2", opened_on=making.day(-30))
    alert = making.alert(child, spell=2)
    text = words(visitor(coordinator).get(address(alert)))
    for said in (
        "Is away for more than four weeks", "This ends when the child is at school",
        "What is asked of whom", "Earlier times", "phase-two-amsterdam-noord@2017-10-01",
    ):  # fmt: skip
        assert said in text
    assert "Closed by the facts of 28 March 2026." in words(visitor(coordinator).get(address(before)))


def test_parking_from_the_list_leads_back_to_the_list(school, coordinator):
    child = make.learner(school)
    make.involve(child, coordinator)
    alert = making.alert(child)
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    answer = post(coordinator, address(alert), because="plan", on=day, van="werk")
    assert answer.headers["Location"] == f"{WORK}?gedaan=geparkeerd"
    assert "Parked: it is off your list until that day." in page(coordinator, "?gedaan=geparkeerd")
    answer = post(coordinator, address(alert, "terug/"))
    assert answer.headers["Location"].endswith("?gedaan=terug-op-de-lijst#signalen")
    assert rows(page(coordinator)) == 1


def test_a_wrong_day_and_no_reason_are_said_at_the_field(school, coordinator):
    child = make.learner(school)
    make.involve(child, coordinator)
    alert = making.alert(child)
    text = words(post(coordinator, address(alert), on="31-2-2027"))
    assert "Choose one." in text and "This day does not exist." in text
    assert not Parking.for_operations.exists()
    late = post(coordinator, address(alert), because="plan", on="2031-01-01")
    assert late.status_code == 409 and "at most 92 days ahead" in words(late)


def test_who_may_not_park_has_no_form_and_is_refused(school, coordinator):
    alert = making.alert(make.learner(school))
    assert "Park it for a while" not in words(visitor(coordinator).get(address(alert)))
    assert post(coordinator, address(alert), because="plan", on="2026-12-31").status_code == 409


def test_a_signal_of_a_foreign_child_or_of_another_child_is_not_there(school, coordinator):
    alert = making.alert(make.learner(make.organisation()))
    own = make.learner(school)
    for path in (address(alert), f"/kind/{own.reference}/signaal/{alert.pk}/"):
        assert visitor(coordinator).get(path).status_code == 404
    sick = making.alert(own, "sickness", school=make.organisation())
    assert visitor(coordinator).get(address(sick)).status_code == 404


def test_the_page_of_a_child_has_its_signals_in_the_same_words(school, coordinator, snapshot, settings):
    settings.INBEELD_DATA = snapshot
    child = snapshots.known_child(snapshot, school)
    make.involve(child, coordinator)
    parking(making.alert(child), coordinator)
    making.alert(child, "alternating-absence", due=None, unconfirmed_since=making.day(0))
    text = words(visitor(coordinator).get(f"/kind/{child.reference}/"))
    assert "What asks for attention" in text and "a plan is being carried out" in text
    assert "12 days missed in part or whole in fifteen school weeks." in text
    assert "That does not mean it is solved." in text
    assert "Longer than four weeks at home" in words(visitor(kin(child)).get(f"/kind/{child.reference}/"))


def test_in_a_trial_it_is_said_until_when_the_data_go_and_that_signals_are_new(school, coordinator, settings):
    making.alert(make.learner(school))
    first_seen = "every signal was seen for the first time"
    for address in (WORK, "/in-beeld/"):
        assert first_seen in words(visitor(coordinator).get(address)), address
    settings.MODE = "production"
    text = words(visitor(coordinator).get(WORK))
    assert first_seen not in text and "How things stood on" in text
    settings.MODE = "trial"
    later = make.judgement()
    later.on += timedelta(3)
    later.save()
    text = words(visitor(coordinator).get(WORK))
    assert first_seen not in text and "How things stood on" in text
