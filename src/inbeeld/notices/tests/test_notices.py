"""What waits is told with the number of its list, and by mail that says nothing, as often as one wants."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.operations_involvement import grant
from inbeeld.alerts.tests import making
from inbeeld.deliveries.models import Delivery, Way
from inbeeld.learners.models import Judgement
from inbeeld.learners.snapshot import current_judgement
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, fresh
from inbeeld.learners.tests.visiting import kin, post, visitor, words
from inbeeld.notices import operations
from inbeeld.notices.models import Choice, Rhythm
from inbeeld.notices.operations import is_due, tell_everybody
from inbeeld.notices.queries import Thing, waiting_for
from inbeeld.organisations.models import Kind, Membership, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PAGE = "/berichten/"
MONDAY = date(2026, 11, 23)
SEVEN = datetime(2026, 11, 23, 7, tzinfo=ZoneInfo("Europe/Amsterdam"))
ADDRESS = "ingrid@school.example"


@pytest.fixture(autouse=True)
def in_trial(settings):
    settings.INBEELD_TRIAL = True


@pytest.fixture
def school():
    make.judgement()
    return make.organisation()


@pytest.fixture
def coordinator(school):
    actor = make.actor(Role.CARE_COORDINATOR, school)
    actor.membership.person.email = ADDRESS
    actor.membership.person.save()
    return actor


def things(actor):
    return {one.thing: one.number for one in waiting_for(again(actor), current_judgement())}


# --- the page -------------------------------------------------------------------------------------


def test_every_number_is_that_of_the_list_it_leads_to(school, coordinator):
    for due in (-3, 0, 40):
        making.alert(make.learner(school), due=due, opened_on=make.ON - timedelta(3))
    making.alert(make.learner(school), due=50, opened_on=make.ON - timedelta(30))
    assert things(coordinator) == {Thing.NEW_SIGNALS: 3, Thing.DUE: 2}
    html = visitor(coordinator).get(PAGE).content.decode()
    found = re.findall(r'<li><a href="(/mijn-werk/[^"]*)">(\d+) ', html)
    assert [int(number) for _, number in found] == [3, 2]
    for address, number in found:
        listed = visitor(coordinator).get(address.replace("&amp;", "&")).content.decode()
        assert listed.count('data-label="Why"') == int(number)


def test_requests_deliveries_and_schools_that_are_silent(school, coordinator, settings):
    child = make.learner(school)
    director = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    make.involve(child, director, directs=True)
    mentor = make.actor(Role.MENTOR, school)
    with acting(again(director), origin="test") as now:
        grant(permit_of(now, fresh(child)), child=child, to=mentor.membership, purpose="guidance")
    assert things(mentor)[Thing.REQUESTS] == 1
    keeper = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    for place in (school, make.organisation()):
        Delivery.objects.create(
            school=place, way=Way.FILE, state="to_review", received_at=timezone.now(), size=1
        )
    assert things(keeper)[Thing.DELIVERIES] == 1
    settings.INBEELD_TRIAL = False
    desk = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    assert things(desk)[Thing.SCHOOLS] == 2


def test_an_empty_page_says_well_done_and_kin_have_none(school, coordinator):
    assert "Nothing waits for you" in words(visitor(coordinator).get(PAGE))
    response = visitor(kin(make.learner(school))).get(PAGE)
    assert response.status_code == 302 and response.url == "/in-beeld/"


def test_a_rhythm_is_chosen_and_nonsense_is_told(coordinator):
    page = visitor(coordinator).get(PAGE).content.decode()
    assert re.search(r'value="weekly"[^>]*checked', page)
    assert post(coordinator, PAGE, rhythm="daily").status_code == 302
    page = visitor(coordinator).get(PAGE).content.decode()
    assert re.search(r'value="daily"[^>]*checked', page)
    assert "Choose one" in words(post(coordinator, PAGE, rhythm="hourly"))
    assert Choice.objects.get().rhythm == "daily"


def another_role_of(actor, role, school):
    membership = Membership.objects.create(
        person=actor.membership.person, organisation=school, role=role, from_on=date(2020, 8, 1)
    )
    return Actor(name=actor.name, membership=membership)


def test_of_another_role_of_the_same_person_the_choice_is_another(school, coordinator):
    post(coordinator, PAGE, rhythm="never")
    other = another_role_of(coordinator, Role.MENTOR, school)
    assert re.search(r'value="weekly"[^>]*checked', visitor(other).get(PAGE).content.decode())


# --- the mail -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "told", "days", "expected"),
    [
        # days after a Monday; told: days after that Monday, None never
        ("never", None, 0, False),
        ("daily", None, 0, True), ("daily", 0, 0, False), ("daily", 0, 1, True), ("daily", 4, 5, False),
        ("daily", 4, 7, True),
        ("weekly", None, 0, True), ("weekly", None, 3, True), ("weekly", None, 6, False),
        ("weekly", 0, 4, False), ("weekly", 0, 7, True), ("weekly", 3, 7, True), ("weekly", 3, 6, False),
        ("weekly", -3, 1, True),
    ],
)  # fmt: skip
def test_the_days_of_a_rhythm(rhythm, told, days, expected):
    told_on = None if told is None else MONDAY + timedelta(told)
    assert is_due(Rhythm(rhythm), told_on=told_on, today=MONDAY + timedelta(days)) is expected


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Run it so many days after the Monday, at seven; the addresses that got an e-mail."""

    def run(days=0):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            number = tell_everybody(at=SEVEN + timedelta(days))
        assert number == len(mail.outbox)
        return [one.to for one in mail.outbox]

    return run


def publish(*, days, on):
    """A judgement of a day, published so many days after the Monday, at six."""
    made = make.judgement()
    Judgement.objects.filter(pk=made.pk).update(published_at=SEVEN + timedelta(days, hours=-1), on=on)


def test_an_email_says_nothing_but_that_there_is_something(school, coordinator, settings, told):
    settings.INBEELD_ADDRESS = "https://inbeeld.example/"
    child = make.learner(school)
    making.alert(child, due=-3)
    assert told() == [[ADDRESS]]
    (sent,) = mail.outbox
    whole = f"{sent.subject} {sent.body}"
    assert make.name_of(child) not in whole and str(child.reference) not in whole
    assert not re.search(r"\d", whole) and whole.count("http") == 1
    assert [told(days) for days in range(1, 7)] == [[]] * 6, "once a week"
    assert told(7) == [[ADDRESS]]


def test_nobody_is_mailed_for_whom_nothing_waits_who_left_or_who_wants_none(school, coordinator, told):
    assert told() == []
    making.alert(make.learner(school), due=-3)
    post(coordinator, PAGE, rhythm="never")
    assert told() == []
    post(coordinator, PAGE, rhythm="weekly")
    coordinator.membership.until_on = MONDAY - timedelta(1)
    coordinator.membership.save()
    assert told() == []


def test_who_wants_it_daily_hears_of_each_thing_once_and_of_what_was_published_late(
    school, coordinator, told
):
    Judgement.objects.update(published_at=SEVEN - timedelta(30))
    post(coordinator, PAGE, rhythm="daily")
    making.alert(make.learner(school), due=-3, opened_on=make.ON - timedelta(60))
    assert told(0) == [], "overdue, and no news"
    # Published on Monday after the round, with the data of the Friday before.
    publish(days=0.5, on=make.ON + timedelta(1))
    making.alert(make.learner(school), due=9, opened_on=make.ON + timedelta(1))
    assert [told(days) for days in (1, 1, 2, 3)] == [[[ADDRESS]], [], [], []]
    publish(days=2.5, on=make.ON + timedelta(2))
    assert told(3) == [], "a judgement without a new signal"
    publish(days=3.5, on=make.ON + timedelta(3))
    making.alert(make.learner(school), due=9, opened_on=make.ON + timedelta(3))
    assert [told(days) for days in (4, 5, 6, 7)] == [[[ADDRESS]], [], [], []]


def test_a_delivery_is_news_once(school, told):
    keeper = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    keeper.membership.person.email = ADDRESS
    keeper.membership.person.save()
    post(keeper, PAGE, rhythm="daily")
    Delivery.objects.create(school=school, way=Way.FILE, state="to_review", received_at=SEVEN, size=1)
    assert [told(days) for days in (1, 2, 3)] == [[[ADDRESS]], [], []]


def test_who_works_in_two_roles_gets_one_email(school, coordinator, told):
    another_role_of(coordinator, Role.ATTENDANCE_COORDINATOR, school)
    making.alert(make.learner(school), due=-3)
    making.alert(make.learner(school), "report-duty", due=-3)
    assert told() == [[ADDRESS]]
    assert set(Choice.objects.values_list("told_on", flat=True)) == {MONDAY}


def test_a_choice_made_meanwhile_stays_and_one_bad_row_keeps_nobody_else_from_hearing(
    school, coordinator, told, monkeypatch
):
    making.alert(make.learner(school), due=-3)
    bad = make.actor(Role.CARE_COORDINATOR, school)
    bad.membership.person.email = "bad@school.example"
    bad.membership.person.save()
    Choice.objects.create(membership=bad.membership, rhythm="hourly")
    count = operations.waiting_for

    def meanwhile(actor, *arguments, **named):
        Choice.objects.filter(membership=actor.membership).update(rhythm="never")
        return count(actor, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(operations, "waiting_for", meanwhile)
        assert told() == []
    assert Choice.objects.get(membership=coordinator.membership).rhythm == "never"
    Choice.objects.filter(membership=coordinator.membership).update(rhythm="weekly")
    assert told() == [[ADDRESS]]
