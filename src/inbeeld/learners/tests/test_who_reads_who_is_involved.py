"""Who is involved and what was consented to: for whom the page says it, and what it says to the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inbeeld.access.models import Involvement
from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born, kin, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def child(school):
    return make.learner(school, stage=2, born_on=born(17))


@pytest.fixture
def doctor(child):
    """Lieke Brandsma, school doctor, with a consent to share medical facts."""
    actor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    person = actor.membership.person
    person.first_name, person.last_name = "Lieke", "Brandsma"
    person.save()
    make.involve(child, actor, purpose="health")
    make.consent(child, "MED", actor)
    return actor


@pytest.fixture
def director(child):
    """Marit Scholtens, adviser of the SWV: with this child on no list."""
    actor = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    actor.membership.person.last_name = "Scholtens"
    actor.membership.person.save()
    make.involve(child, actor, directs=True)
    return actor


def access(actor, child):
    answer = visitor(actor).get(f"/kind/{child.reference}/toegang/")
    assert answer.status_code == 200
    return answer


def says_nothing_of(answer, *secrets):
    page = answer.context["page"]
    assert (page.whole, page.named, page.waiting, page.ended) == (False, (), (), ())
    assert (page.consents, page.consents_over) == ((), ())
    assert [one for one in (*secrets, "Health and load", "Medical, with") if one in words(answer)] == []


def at_the_table(child):
    actor = make.actor(Role.TABLE_MEMBER, make.organisation(Kind.BOARD))
    child.case_stage = 3
    child.save()
    return actor, make.involve(child, actor, kind="table", purpose="meeting")


def test_parents_of_a_sixteen_year_old_read_neither_who_is_involved_nor_what_was_consented_to(
    child, director, doctor
):
    answer = access(kin(child), child)
    says_nothing_of(answer, "Brandsma", "Scholtens")
    assert answer.context["page"].director is None
    assert "direction" not in words(answer).lower()
    assert not Line.for_operations.filter(origin="access", field_class__contains="AGR").exists()


def test_they_read_a_consent_of_which_they_are_the_receiver(child, doctor):
    mother, father = kin(child), kin(child)
    shared = make.consent(child, "SUP", doctor, receiver=None, receiving_kin=mother.kinship)
    assert [one.id for one in access(mother, child).context["page"].consents] == [shared.pk]
    says_nothing_of(access(father, child))


def test_the_learner_of_sixteen_reads_all_of_it_and_that_is_logged(child, director, doctor):
    answer = access(kin(child, "learner"), child)
    assert {one.name for one in answer.context["page"].named} >= {"Lieke Brandsma", "Marit Scholtens"}
    assert len(answer.context["page"].consents) == 1
    line = Line.for_operations.get(origin="access", child=child.reference)
    assert line.field_class == "IDE AGR FAM"


def test_an_attendance_coordinator_reads_who_holds_direction_by_name_and_place_alone(
    child, school, director, doctor
):
    answer = access(make.actor(Role.ATTENDANCE_COORDINATOR, school), child)
    says_nothing_of(answer, "Brandsma")
    assert f"Direction: {director.membership.person.get_full_name()}, {director.place}." in words(answer)
    assert answer.context["page"].lists


def test_a_seat_at_the_table_shows_ones_own_row_and_no_consent(child, director, doctor):
    actor, seat = at_the_table(child)
    answer = access(actor, child)
    page = answer.context["page"]
    assert [(one.id, one.is_me) for one in page.named] == [(seat.pk, True)]
    assert (page.consents, page.waiting, page.ended) == ((), (), ())
    assert "Brandsma" not in words(answer)
    assert "Scholtens" in words(answer)


def test_a_care_coordinator_who_is_not_involved_reads_no_more_than_the_list_gives(child, school, doctor):
    says_nothing_of(access(make.actor(Role.CARE_COORDINATOR, school), child), "Brandsma")


def test_who_asked_somebody_can_see_and_take_that_back_without_reading_the_others(child, doctor):
    desk = make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY))
    officer = make.actor(Role.ATTENDANCE_OFFICER, desk.organisation)
    asked = make.involve(child, officer, purpose="supervision", accepted_at=None, granted_by=desk.membership)
    answer = access(desk, child)
    page = answer.context["page"]
    assert [one.id for one in page.waiting] == [asked.pk]
    assert (page.named, page.consents) == ((), ())
    assert f"/toegang/{asked.pk}/intrekken/" in answer.content.decode()


# --- an emergency, to the family -------------------------------------------------------------------


@pytest.fixture
def small(school):
    return make.learner(school, born_on=born(9))


@pytest.fixture
def caller(small):
    actor = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY, municipality="Ver"))
    actor.membership.person.last_name = "Oordt"
    actor.membership.person.save()
    make.involve(
        small, actor, kind="emergency", purpose="unsafe", days=1, granted_by=actor.membership,
        review_due_on=timezone.localdate() + timedelta(days=2),
    )  # fmt: skip
    access(actor, small)
    return actor


def pages(actor, child):
    client = visitor(actor)
    return [client.get(f"/kind/{child.reference}/{one}/") for one in ("toegang", "inzage")]


def test_an_emergency_is_shown_to_the_family_after_its_review_and_not_before(small, caller):
    mother = kin(small)
    for answer in pages(mother, small):
        assert "Oordt" not in answer.content.decode()
        assert "acutely unsafe" not in words(answer).lower()
        assert "An emergency stands here after a privacy officer has looked at it." in words(answer)
    log = pages(mother, small)[1].context["page"]
    assert [one for one in log.lookers if one.emergency] == []
    assert [one for one in log.lines if one.emergency] == []
    Involvement.for_operations.update(reviewed_at=timezone.now(), review="justified")
    assert all("Oordt" in answer.content.decode() for answer in pages(mother, small))
    assert [one.emergency for one in pages(mother, small)[1].context["page"].lookers].count(True) == 1


def test_an_emergency_that_is_over_waits_for_its_review_too(small, caller):
    now = timezone.now()
    Involvement.for_operations.update(until_at=now - timedelta(seconds=5), ended_at=now, ended_because="left")
    for answer in pages(kin(small), small):
        assert "Oordt" not in answer.content.decode()


def test_a_review_that_was_refused_does_not_tell_of_it_either(small, school, caller):
    officer = make.actor(Role.PRIVACY_OFFICER, school)
    officer.membership.person.last_name = "Rietdijk"
    officer.membership.person.save()
    deed = {"action": "review_emergency", "outcome": "refused", "child": small.reference, "emergency": True}
    make.line(officer, **deed)
    assert "Rietdijk" not in pages(kin(small), small)[1].content.decode()


def test_who_works_with_the_child_reads_of_the_emergency_at_once(small, school, caller):
    coordinator = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(small, coordinator)
    assert "Oordt" in words(pages(coordinator, small)[0])
