"""A contact is recorded by who helps, sealed, once; and struck out by who recorded it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from inbeeld.access.acting import acting
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.refusal import Refused
from inbeeld.contacts.models import Contact
from inbeeld.contacts.operations import record_contact, strike_contact
from inbeeld.contacts.tests.making import TEXT, TODAY, days_ago, recorded, spoken
from inbeeld.journal.models import Line
from inbeeld.kernel.contact import Means, Party
from inbeeld.keys.models import KeyGroup
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import unseal_from
from inbeeld.learners.operations_file import shred_child
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, fresh, is_refused, kin
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


def at_work(role, place, child):
    actor = make.actor(role, place)
    make.involve(child, actor)
    return actor


@pytest.fixture
def mentor(school, child):
    return at_work(Role.MENTOR, school, child)


@pytest.fixture
def coordinator(school, child):
    """Who writes of the absence, and agreements."""
    return at_work(Role.CARE_COORDINATOR, school, child)


@pytest.fixture
def adviser(child):
    return at_work(Role.SWV_ADVISER, make.organisation(Kind.SWV), child)


def refuse(actor, action, sentence, what, *arguments, child, **named):
    who = again(actor)
    is_refused(who, action, sentence, what, permit_of(who, fresh(child)), *arguments, child=child, **named)


def strike(actor, contact, child):
    with acting(again(actor), origin="test") as now:
        strike_contact(permit_of(now, fresh(child)), contact, child=child)


def test_a_contact_is_sealed_and_stands_in_the_journal_without_its_words(coordinator, child):
    made = recorded(coordinator, child)
    row = Contact.for_operations.get(pk=made.pk)
    assert (row.on, row.party, row.means, row.reached) == (TODAY, "parents", "telephone", True)
    assert TEXT.encode() not in bytes(row.text)
    key = key_for(child.reference, KeyGroup.FACTS, coordinator.organisation.key)
    assert unseal_from(row, "text", key=key) == TEXT
    line = Line.for_operations.filter(action="record_contact").latest("sequence")
    assert (line.field_class, line.object, line.child) == ("ATT", f"contact:{made.pk}", child.reference)


@pytest.mark.parametrize(
    ("role", "kind", "expected"),
    [
        (Role.MENTOR, Kind.SCHOOL, "ATT"),
        (Role.CARE_COORDINATOR, Kind.SCHOOL, "ATT"),
        (Role.ATTENDANCE_OFFICER, Kind.MUNICIPALITY, "ATT"),
        (Role.SWV_ADVISER, Kind.SWV, "AGR"),
        (Role.ATTENDANCE_COACH, Kind.COACH_SERVICE, "AGR"),
        (Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH, "AGR"),
        (Role.YOUTH_WORKER, Kind.YOUTH_HELP, "AGR"),
        (Role.SCHOOL_NURSE, Kind.YOUTH_HEALTH, None),
    ],
)
def test_each_records_with_what_they_keep(child, school, role, kind, expected):
    actor = at_work(role, school if kind is Kind.SCHOOL else make.organisation(kind), child)
    if expected is None:
        refuse(actor, "record_contact", "You record no contacts", record_contact, spoken(), child=child)
    else:
        assert recorded(actor, child, text="").field_class == expected


def test_kin_and_who_is_not_involved_record_none(child, school):
    for actor in (kin(child, "guardian"), make.actor(Role.MENTOR, school)):
        refuse(actor, "record_contact", "You record no contacts", record_contact, spoken(), child=child)
    assert not Contact.for_operations.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"on": TODAY + timedelta(1)}, "Choose a day"),
        ({"on": days_ago(731)}, "Choose a day"),
        ({"text": "x" * 20_001}, "longer than 20,000"),
        ({"text": "half \ud800"}, "half a character"),
    ],
)
def test_what_is_not_right_is_refused_with_a_sentence_and_nothing_is_kept(
    coordinator, child, values, sentence
):
    refuse(coordinator, "record_contact", sentence, record_contact, spoken(**values), child=child)
    assert not Contact.for_operations.exists()


def test_what_was_said_is_an_agreement_and_written_by_who_may_write_those(mentor, child):
    refuse(mentor, "record_contact", "belongs to the agreements", record_contact, spoken(), child=child)
    assert recorded(mentor, child, text=" ").text is None


def test_a_button_pressed_twice_records_once_and_a_second_call_that_day_is_another(coordinator, child):
    first = recorded(coordinator, child, reached=False)
    assert recorded(coordinator, child, reached=False).pk == first.pk
    for values in ({"party": Party.LEARNER}, {"means": Means.VISIT}, {"reached": True}):
        recorded(coordinator, child, **{"reached": False, **values})
    Contact.for_operations.update(written_at=first.written_at - timedelta(minutes=2))
    recorded(coordinator, child, reached=False, text="Weer geen gehoor")
    assert Contact.for_operations.count() == 5


def test_without_words_there_is_no_text(mentor, child):
    assert recorded(mentor, child, text="  \n").text is None


def test_a_contact_is_struck_out_once_by_who_recorded_it(mentor, coordinator, adviser, child):
    made = recorded(mentor, child, text="")
    refuse(adviser, "strike_contact", "Only who recorded", strike_contact, made, child=child)
    refuse(coordinator, "strike_contact", "Only who recorded", strike_contact, made, child=child)
    strike(mentor, made, child)
    assert Contact.for_operations.get(pk=made.pk).struck_at is not None
    refuse(mentor, "strike_contact", "already", strike_contact, made, child=child)
    assert recorded(mentor, child, text="").pk != made.pk


def test_of_another_child_nothing_is_struck_out(mentor, school, child):
    other = make.learner(school)
    make.involve(other, mentor)
    made = recorded(mentor, child, text="")
    with pytest.raises(Contact.DoesNotExist):
        strike(mentor, made, other)
    assert Contact.for_operations.get(pk=made.pk).struck_at is None


def test_of_a_destroyed_child_no_contact_is_left_and_none_is_recorded(mentor, child):
    recorded(mentor, child, text="")
    now = again(mentor)
    permit = permit_of(now, fresh(child))
    shred_child(child, "command:retention")
    assert not Contact.for_operations.exists()
    with pytest.raises(Refused), acting(now, origin="test"):
        record_contact(permit, spoken(), child=child)
    assert not Contact.for_operations.exists()
