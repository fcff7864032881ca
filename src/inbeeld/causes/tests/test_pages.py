"""Causes on screen: recorded from the page of a child, on In beeld, for who may read what they say."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.causes.models import Judged
from inbeeld.causes.tests.making import TEXT, TODAY, days_ago, judged
from inbeeld.journal.models import Line
from inbeeld.kernel.causes import Cause
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import snapshots
from inbeeld.learners.tests.visiting import kin, post, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EVERYONE = "/in-beeld/?definition=everyone"


@pytest.fixture(autouse=True)
def in_trial(settings, snapshot):
    settings.INBEELD_DATA, settings.INBEELD_TRIAL = snapshot, True


@pytest.fixture
def school():
    make.judgement(compared_with=None)
    return make.organisation()


@pytest.fixture
def child(school, snapshot):
    return snapshots.known_child(snapshot, school)


def involved(role, place, child):
    actor = make.actor(role, place)
    make.involve(child, actor)
    return actor


@pytest.fixture
def coordinator(school, child):
    return involved(Role.CARE_COORDINATOR, school, child)


@pytest.fixture
def doctor(child):
    return involved(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH), child)


def at(child, rest=""):
    return f"/kind/{child.reference}/{rest}"


def read(actor, address):
    response = visitor(actor).get(address)
    assert response.status_code == 200, address
    return words(response)


def test_from_the_page_of_a_child_a_cause_is_recorded_and_ended(coordinator, child):
    assert "No cause has been recorded that you may read" in read(coordinator, at(child))
    form = read(coordinator, at(child, "oorzaak/nieuw/"))
    assert "Bullying, or not feeling safe" in form and "How it is at home" in form
    assert "Mental health" not in form
    response = post(coordinator, at(child, "oorzaak/nieuw/"), cause="unsafe", on=days_ago(2), text=TEXT)
    assert response.status_code == 302 and response.url.endswith("?gedaan=oorzaak")
    page = read(coordinator, response.url)
    assert "The cause stands with the child" in page and "Bullying, or not feeling safe at school" in page
    assert TEXT in page and f"{coordinator.name}, {coordinator.place}" in page
    here = at(child, f"oorzaak/{Judged.for_operations.get().pk}/beeindigen/")
    assert "It is no cause any more" in read(coordinator, here)
    assert post(coordinator, here).url.endswith("?gedaan=oorzaak-beeindigd")
    assert "Bullying" not in read(coordinator, at(child))
    assert visitor(coordinator).get(here).status_code == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"cause": ""}, "Choose one"),
        ({"cause": "mental"}, "Choose one of the answers"),
        ({"cause": "x"}, "Choose one of the answers"),
        ({"on": days_ago(-1)}, "still to come"),
        ({"on": "30-2-2026"}, "does not exist"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(coordinator, child, form, sentence):
    sent = {"cause": "unsafe", "on": TODAY, "text": TEXT, **form}
    response = post(coordinator, at(child, "oorzaak/nieuw/"), **sent)
    page = response.content.decode()
    assert response.status_code == 200 and sentence in page and TEXT in page
    assert not Judged.for_operations.exists()


def test_what_stands_already_is_a_sentence(coordinator, child):
    judged(coordinator, child)
    response = post(coordinator, at(child, "oorzaak/nieuw/"), cause="unsafe", on=TODAY, text="")
    assert response.status_code == 409 and "stands here already" in response.content.decode()


def test_each_reads_the_causes_of_what_they_may_know(school, child, coordinator, doctor):
    judged(coordinator, child, Cause.UNSAFE)
    judged(coordinator, child, Cause.FAMILY)
    judged(doctor, child, Cause.MENTAL)
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    officer = involved(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY), child)
    reads = {
        coordinator: {"Bullying", "How it is at home"},
        doctor: {"Bullying", "Mental health"},  # of the family only what its own organisation wrote
        officer: {"Bullying"},
        swv: set(),
        involved(Role.MENTOR, school, child): {"Bullying"},
        kin(child): {"Bullying"},  # of fourteen, without consent
        kin(child, "learner"): {"Bullying", "Mental health"},
    }
    for actor, expected in reads.items():
        page = read(actor, at(child))
        found = {one for one in ("Bullying", "How it is at home", "Mental health") if one in page}
        assert found == expected, actor.role
    assert "Causes" not in read(swv, at(child))


def test_in_beeld_names_the_cause_for_who_may_know_it(school, child, coordinator, doctor):
    judged(coordinator, child, Cause.UNSAFE)
    judged(doctor, child, Cause.MENTAL)
    assert "cause: bullying, or not feeling safe at school" in read(coordinator, EVERYONE)
    assert "cause:" not in read(make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)), EVERYONE)
    assert "mental health" in read(doctor, EVERYONE)
    lines = Line.for_operations.filter(action="listed", origin="in_beeld", actor=coordinator.key)
    assert any("SUP" in one.field_class.split() for one in lines)
    assert not any("MED" in one.field_class.split() for one in lines)


def test_what_was_judged_more_than_two_years_ago_says_nothing_any_more(child, coordinator):
    one = judged(coordinator, child, on=days_ago(730))
    assert "Bullying" in read(coordinator, at(child))
    Judged.for_operations.filter(pk=one.pk).update(on=days_ago(731))
    assert "Bullying" not in read(coordinator, at(child)) and "cause:" not in read(coordinator, EVERYONE)
    assert visitor(coordinator).get(at(child, f"oorzaak/{one.pk}/beeindigen/")).status_code == 404


def test_two_that_say_the_same_are_one_word_on_the_list(child, coordinator):
    adviser = involved(Role.SWV_ADVISER, make.organisation(Kind.SWV), child)
    judged(coordinator, child)
    judged(adviser, child)
    assert read(coordinator, EVERYONE).count("bullying, or not feeling safe") == 1


def test_the_number_of_queries_does_not_grow(school, child, coordinator):
    def asked(address):
        client = visitor(coordinator)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    judged(coordinator, child)
    pages = [EVERYONE, at(child)]
    for one in pages:
        asked(one)
    before = [asked(one) for one in pages]
    for cause in (Cause.SCHOOL_CANNOT, Cause.NO_PLACE, Cause.TRANSPORT):
        judged(coordinator, child, cause)
    for _number in range(4):
        other = make.learner(school, days=60)
        make.involve(other, coordinator)
        judged(coordinator, other)
    assert [asked(one) for one in pages] == before
