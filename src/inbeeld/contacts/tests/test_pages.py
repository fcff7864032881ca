"""Contacts and Uit beeld as people meet them: on the page of a child, on In beeld, and as a list."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.agreements.models import Agreement
from inbeeld.agreements.tests.making import late, told
from inbeeld.agreements.tests.making import made as agreed
from inbeeld.contacts import queries
from inbeeld.contacts.models import Contact
from inbeeld.contacts.tests.making import TEXT, TODAY, days_ago, recorded
from inbeeld.journal.models import Line
from inbeeld.kernel.agreements import Said
from inbeeld.kernel.contact import SILENCES, Gap, Party
from inbeeld.learners.models import Standing
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import snapshots
from inbeeld.learners.tests.visiting import kin, post, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LIST = "/uit-beeld/"
LINK = re.compile(r'<a href="(\?[^"]*)"[^>]*>([^<]*)<b>(\d+)</b></a>')
FORM = {"on": days_ago(2).isoformat(), "party": "parents", "means": "visit", "reached": "yes", "text": TEXT}


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
def mentor(school, child):
    return involved(Role.MENTOR, school, child)


@pytest.fixture
def coordinator(school, child):
    return involved(Role.CARE_COORDINATOR, school, child)


@pytest.fixture
def swv():
    """Who works with the list of the region."""
    return make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))


def at(child, rest=""):
    return f"/kind/{child.reference}/{rest}"


def read(actor, address):
    response = visitor(actor).get(address)
    assert response.status_code == 200, address
    return words(response)


def out_of_sight(actor, **asked):
    from inbeeld.learners.snapshot import current_judgement

    return queries.OutOfSight(actor, current_judgement(), queries.choice_of(asked))


def names_on(actor, query=""):
    html = visitor(actor).get(LIST + query).content.decode()
    return re.findall(r'class="list__child"><a [^>]*>([^<]*)</a>', html)


# --- on the page of a child -----------------------------------------------------------------------


def test_from_the_page_of_a_child_a_contact_is_recorded_and_stands_there(coordinator, child):
    assert "No contact has been recorded here" in read(coordinator, at(child))
    assert "everybody who may know of the absence" in read(coordinator, at(child, "contact/nieuw/"))
    response = post(coordinator, at(child, "contact/nieuw/"), **FORM)
    assert response.status_code == 302 and response.url.endswith("?gedaan=contact")
    page = read(coordinator, response.url.partition("#")[0])
    assert "The contact stands with the child" in page
    assert f"Last contact on {days_ago(2).day} " in page and "days ago" not in page, "after the judged day"
    assert "a home visit, with the parents" in page and TEXT in page
    assert f"{coordinator.name}, {coordinator.place}" in page and "Strike out" in page


def test_a_mentor_records_without_words_as_what_was_said_is_an_agreement(mentor, child):
    page = read(mentor, at(child, "contact/nieuw/"))
    assert "which your role does not write" in page and "in a few words" not in page
    post(mentor, at(child, "contact/nieuw/"), **FORM)
    assert Contact.for_operations.get().text is None


def test_what_was_said_is_read_by_who_may_read_agreements(school, child, mentor, coordinator, swv):
    recorded(coordinator, child)
    for actor, reads in (
        (mentor, True), (swv, True), (kin(child), True), (make.actor(Role.CARE_COORDINATOR, school), False),
        (make.actor(Role.ATTENDANCE_COORDINATOR, school), False),
    ):  # fmt: skip
        page = read(actor, at(child))
        assert (TEXT in page) is reads, actor.role
        assert "by telephone, with the parents" in page


def test_who_only_tried_has_had_no_contact(mentor, child):
    recorded(mentor, child, reached=False, text="")
    page = read(mentor, at(child))
    assert (
        "Somebody tried; there has been no contact yet" in page and "tried: by telephone, the parents" in page
    )


def test_a_wrong_form_says_so_at_the_field_and_keeps_the_words(coordinator, child):
    response = post(coordinator, at(child, "contact/nieuw/"), **{**FORM, "on": "31-2-2026", "party": ""})
    page = words(response)
    assert response.status_code == 200 and "This day does not exist" in page and "Choose one" in page
    assert TEXT in response.content.decode()
    tomorrow = (TODAY + timedelta(1)).isoformat()
    assert "still to come" in words(
        post(coordinator, at(child, "contact/nieuw/"), **{**FORM, "on": tomorrow})
    )
    far = post(coordinator, at(child, "contact/nieuw/"), **{**FORM, "on": "1999-01-01"})
    assert far.status_code == 409 and TEXT in far.content.decode()
    assert not Contact.for_operations.exists()


def test_who_records_none_has_no_button_and_no_form(school, child):
    for actor in (
        kin(child), make.actor(Role.CARE_COORDINATOR, school),
        involved(Role.SCHOOL_NURSE, make.organisation(Kind.YOUTH_HEALTH), child),
    ):  # fmt: skip
        assert "Record a contact" not in read(actor, at(child))
        assert visitor(actor).get(at(child, "contact/nieuw/")).status_code == 404


def test_who_may_not_know_who_is_involved_reads_no_names(school, child, mentor):
    recorded(mentor, child, text="")
    page = read(make.actor(Role.CARE_COORDINATOR, school), at(child))
    assert "by telephone" in page and mentor.name not in page.partition("Contact with learner")[2]
    assert mentor.name in read(kin(child), at(child))


def test_what_a_helper_recorded_stands_with_the_agreements(school, child):
    adviser = involved(Role.SWV_ADVISER, make.organisation(Kind.SWV), child)
    recorded(adviser, child)
    page = read(make.actor(Role.CARE_COORDINATOR, school), at(child))
    assert TEXT not in page and "No contact has been recorded here that you may read" in page
    assert TEXT in read(involved(Role.CARE_COORDINATOR, school, child), at(child))


def test_a_contact_is_struck_out_after_a_question_and_only_by_its_own(coordinator, school, child):
    mentor, made = coordinator, recorded(coordinator, child)
    address = at(child, f"contact/{made.pk}/doorhalen/")
    adviser = involved(Role.SWV_ADVISER, make.organisation(Kind.SWV), child)
    assert visitor(adviser).get(address).status_code == 404
    assert TEXT in read(mentor, address)
    response = post(mentor, address)
    assert response.url.endswith("?gedaan=contact-doorgehaald")
    page = read(mentor, response.url.partition("#")[0])
    assert "has been struck out" in page and TEXT not in page
    assert visitor(mentor).get(address).status_code == 404


def test_many_contacts_are_folded_and_ask_no_more_queries(mentor, child):
    def queries_of_the_page():
        with CaptureQueriesContext(connection) as found:
            read(mentor, at(child))
        return len(found)

    recorded(mentor, child, on=days_ago(1), text="")
    before = queries_of_the_page()
    for number in range(2, 9):
        recorded(mentor, child, on=days_ago(number), text="")
    assert queries_of_the_page() == before
    assert "3 earlier" in read(mentor, at(child))


# --- on In beeld ----------------------------------------------------------------------------------


def test_the_list_says_who_holds_direction_and_when_somebody_spoke(swv, school, child, mentor):
    page = read(swv, "/in-beeld/?definition=everyone")
    assert "nobody holds direction" in page and "no contact recorded" in page
    adviser = make.actor(Role.SWV_ADVISER, swv.organisation)
    make.involve(child, adviser, directs=True)
    recorded(mentor, child, on=days_ago(4), text="")
    page = read(swv, "/in-beeld/?definition=everyone")
    assert f"{adviser.name}{adviser.place}" in page
    assert "nobody holds direction" not in page and f"spoken with on {days_ago(4).day}" in page


# --- Uit beeld ------------------------------------------------------------------------------------


@pytest.fixture
def director():
    return make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))


@pytest.fixture
def region(school, mentor, director):
    """Children around whom different things are missing; by what is missing."""
    held, unheld, silent, exempt, off_roll, lately = (
        make.learner(school, days=100), make.learner(school, days=100), make.learner(school, days=100),
        make.learner(school, stage=5, days=None, exempt=True, enrolled=False),
        make.learner(school, stage=5, days=None, enrolled=False, off_roll_since=make.ON - timedelta(40),
                     counts_from=make.ON - timedelta(40)),
        make.learner(school, stage=2, days=29),
    )  # fmt: skip
    for one in (held, silent, exempt, lately):
        make.involve(one, director, directs=True)
    for one in (held, unheld):
        make.involve(one, mentor)
        recorded(mentor, one, on=make.ON, text="")
    agreed(director, held)
    return {"held": held, "unheld": unheld, "silent": silent, "exempt": exempt, "off_roll": off_roll,
            "lately": lately}  # fmt: skip


def test_each_gap_leads_to_the_children_it_is_about(swv, region, director):
    name = {key: make.name_of(one) for key, one in region.items()}

    def listed(query):
        return {key for key, one in name.items() if one in names_on(swv, query)}

    assert listed("?gap=no_direction") == {"unheld", "off_roll"}
    assert listed("?gap=no_contact&silence=28") == {"silent", "off_roll", "lately"}
    assert listed("?gap=no_contact&silence=56") == {"silent"}
    assert listed("?gap=no_agreement") == set(region) - {"held"}
    assert listed("?gap=past_its_day") == set()
    late(director, region["held"], what="Nog een stap")
    assert listed("?gap=past_its_day") == {"held"}
    told(director, Agreement.for_operations.get(due_on__lt=TODAY), region["held"], Said.DONE)
    assert listed("?gap=past_its_day") == set()
    assert listed("?gap=on_no_roll") == {"off_roll"}
    assert listed("?gap=exempt_and_alone") == {"exempt"}
    assert listed("") == set(region) - {"held"}


def test_an_agreement_of_who_sees_the_child_no_more_is_held_by_nobody(swv, school, child, coordinator):
    """A child that left the school: who does it there sees it no more, and the agreement would hide that."""
    agreed(coordinator, child)
    assert make.name_of(child) not in names_on(swv, "?gap=no_agreement")
    Standing.for_operations.filter(learner=child).update(stage=5, enrolled=False)
    assert make.name_of(child) in names_on(swv, "?gap=no_agreement")


def test_every_number_on_the_page_is_that_of_the_list_it_leads_to(swv, region):
    for silence in SILENCES:
        html = visitor(swv).get(f"{LIST}?silence={silence}").content.decode()
        found = LINK.findall(html)
        assert len(found) == 1 + len(Gap)
        for address, label, number in found:
            assert len(names_on(swv, address.replace("&amp;", "&"))) == int(number), label


def test_who_does_not_read_the_agreements_misses_none(school, region):
    coordinator = make.actor(Role.CARE_COORDINATOR, school)
    found = out_of_sight(coordinator)
    assert found.chosen(Gap.NO_AGREEMENT) == []
    assert found.chosen(Gap.NO_DIRECTION) != []


def test_nobody_finds_a_child_the_table_does_not_give(region):
    elsewhere = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV, region="elders"))
    assert out_of_sight(elsewhere).rows == []
    page = read(elsewhere, LIST)
    assert "Around no child you may see is anything of this missing" in page


def test_a_contact_that_is_not_for_who_looks_tells_nothing(school, region):
    adviser = involved(Role.SWV_ADVISER, make.organisation(Kind.SWV), region["silent"])
    recorded(adviser, region["silent"], on=make.ON)
    coordinator = make.actor(Role.CARE_COORDINATOR, school)
    assert make.name_of(region["silent"]) in names_on(coordinator, "?gap=no_contact")
    assert make.name_of(region["silent"]) not in names_on(adviser, "?gap=no_contact")
    # Somebody did speak with this child: to who cannot know that, no page says that nobody did.
    for query in ("", "?gap=no_contact", "?gap=exempt_and_alone"):
        page = read(coordinator, LIST + query).lower()
        assert "no contact known for 4 weeks" in page and "nobody spoke" not in page


def test_what_was_tried_or_struck_out_is_no_contact(swv, mentor, region):
    make.involve(region["silent"], mentor)
    recorded(mentor, region["silent"], on=make.ON, reached=False, text="")
    struck = recorded(mentor, region["silent"], on=make.ON, party=Party.LEARNER, text="")
    assert make.name_of(region["silent"]) not in names_on(swv, "?gap=no_contact")
    Contact.for_operations.filter(pk=struck.pk).update(struck_at=struck.written_at)
    assert make.name_of(region["silent"]) in names_on(swv, "?gap=no_contact")


def test_nonsense_in_the_address_is_left_out(swv, region):
    for query in ("?gap=x", "?silence=-1", "?silence=9999999999999", "?gap=%00&page=x", "?page=99999"):
        assert visitor(swv).get(LIST + query).status_code == 200
    assert names_on(swv, "?gap=x&silence=5") == names_on(swv)


def test_kin_and_who_sees_no_children_go_elsewhere(swv, child):
    for actor in (kin(child), make.actor(Role.PRIVACY_OFFICER, make.organisation(Kind.SWV))):
        response = visitor(actor).get(LIST)
        assert response.status_code == 302 and response.url == "/in-beeld/"


def test_the_number_of_queries_does_not_grow(swv, school, region):
    def queries_of_the_page(address):
        client = visitor(swv)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    for address in (LIST, "/in-beeld/?definition=everyone"):
        before = queries_of_the_page(address)
        for _ in range(6):
            make.learner(school, days=100)
        assert queries_of_the_page(address) == before


def test_every_row_of_the_list_is_in_the_journal(swv, region):
    names_on(swv, "?gap=no_agreement")
    lines = Line.for_operations.filter(action="listed", actor=swv.key)
    found = {line.child: set(line.field_class.split()) for line in lines}
    for key, one in region.items():
        if key != "held":
            assert found[one.reference] >= {"IDE", "ATT", "AGR"}
    assert region["held"].reference not in found
