"""The emergency: found only by who knows whom they look for, four hours, and never unseen."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import TestCase
from django.utils import timezone, translation

from inbeeld.access import operations_emergency as operations
from inbeeld.access.acting import write_up
from inbeeld.access.refusal import Refused
from inbeeld.journal.models import Line
from inbeeld.kernel.access import Action, FieldClass
from inbeeld.keys.operations import shred
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, as_actor, did, fresh, held, is_refused, member, permit, sees
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BORN = date(2012, 5, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def school():
    return make.organisation()


@pytest.fixture
def child(school):
    return named(make.learner(school), last_name="Brinkhof-Özdemir", prefix="van 't", call_name="Fénna")


@pytest.fixture
def doctor():
    return as_actor(member(Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH))


def named(child, **names):
    enter_learners([Delivered(key=child.key, region=child.region, born_on=child.born_on,
                              municipality=child.municipality, **names)])  # fmt: skip
    return fresh(child)


def officer(actor_or_place):
    place = getattr(actor_or_place, "organisation", actor_or_place)
    return as_actor(member(Role.PRIVACY_OFFICER, place))


def find(by, last_name="van 't Brinkhof-Özdemir", **more):
    asked = {"born_on": BORN, "last_name": last_name, "first_name": "Fenna", "by": by, **more}
    return operations.find_for_emergency(**asked)


def at(by):
    """Written in the journal, at the moment the request was made."""
    with patch("django.utils.timezone.now", lambda: by.at):
        write_up(by, origin="emergency")


def call(child, by, **more):
    return operations.call_emergency(child, by=by, **{"because": "missing", **more})


# --- finding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["van 't Brinkhof-Özdemir", "VAN T BRINKHOF OZDEMIR", "brinkhof özdemir", "  Brinkhof - O\u0308zdemir "],
)
def test_a_child_is_found_however_the_name_was_typed(child, doctor, typed):
    assert find(doctor, typed) == child


@pytest.mark.parametrize(
    ("typed", "more"),
    [("Brinkhof", {}), ("", {}), ("%", {}), ("...", {}), ("van 't", {}), ("Brinkhof-Özdemi", {}),
     ("Brinkhof-Özdemir", {"born_on": date(2012, 5, 2)}),
     ("Brinkhof-Özdemir", {"first_name": "Sanne"})],
)  # fmt: skip
def test_nobody_is_found_by_a_part_of_a_name_or_another_birth_date(child, doctor, typed, more):
    assert find(doctor, typed, **more) is None


def test_twins_are_told_apart_by_the_first_name_which_is_always_asked(child, school, doctor):
    twin = named(make.learner(school), last_name="Brinkhof-Özdemir", first_names="Roos Maria")
    assert find(doctor, "Brinkhof-Özdemir", first_name="Fenna") == child
    assert find(doctor, "Brinkhof-Özdemir", first_name="roos") == twin
    assert find(doctor, "Brinkhof-Özdemir", first_name="") is None


def test_two_children_are_answered_as_none_is_and_nothing_tells_them_apart(child, school, doctor):
    named(make.learner(school), last_name="Brinkhof-Özdemir", first_names="Fenna Maria")
    assert find(doctor, "Brinkhof-Özdemir") is None
    none = again(doctor)
    assert find(none, "Iemand") is None
    several, nobody = doctor.ledger.deeds[0], none.ledger.deeds[0]
    assert [(one.outcome, one.child, one.object, one.emergency) for one in (several, nobody)] == [
        ("refused", None, "attempt:1", True)
    ] * 2


def test_a_search_that_opened_nothing_is_told_to_the_own_privacy_officer_once_an_hour(child, doctor):
    own, other = officer(doctor), officer(child.standing.school)
    begin = timezone.localtime().replace(hour=10, minute=5)
    for minutes, told in ((0, 1), (1, 1), (54, 1), (56, 2), (108, 2), (160, 3)):
        by = again(doctor, at=begin + timedelta(minutes=minutes))
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert find(by, "Iemand") is None
            at(by)
        assert [one.to for one in mail.outbox] == [[own.membership.person.email]] * told
    assert other.membership.person.email not in str([one.to for one in mail.outbox])


def test_a_search_that_opened_the_child_tells_nobody_yet(child, doctor):
    officer(doctor)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert find(doctor) == child
    assert mail.outbox == []


def test_a_child_of_another_region_out_of_sight_or_destroyed_is_not_found(doctor):
    elsewhere = make.learner(make.organisation(region="elders"), region="elders")
    nowhere = make.learner(make.organisation(), stage=0)
    gone = make.learner(make.organisation())
    shred(gone.reference)
    for one in (elsewhere, nowhere, gone):
        if one is not gone:
            named(one, last_name="Kwakkel")
    assert find(doctor, "Kwakkel") is None
    assert find(doctor, "Brinkhof") is None


def test_every_attempt_is_in_the_journal_without_what_was_typed(child, doctor):
    find(doctor, "Brinkhof-Özdemir")
    find(doctor, "Iemand")
    write_up(doctor, origin="emergency")
    lines = Line.for_operations.filter(action="find_in_emergency").order_by("sequence")
    assert [(one.outcome, one.child, one.emergency) for one in lines] == [
        ("allowed", child.reference, True), ("refused", None, True),
    ]  # fmt: skip


def test_after_five_attempts_in_an_hour_a_person_waits_in_all_their_roles(child, doctor):
    for number in range(5):
        by = again(doctor, after=timedelta(minutes=number))
        find(by, "Iemand")
        write_up(by, origin="emergency")
    other = member(Role.YOUTH_WORKER, Kind.YOUTH_HELP)
    other.person = doctor.membership.person
    other.save()
    for by in (again(doctor, after=timedelta(minutes=9)), as_actor(other)):
        is_refused(by, "find_in_emergency", "five times", find, by)
    assert find(again(doctor, after=timedelta(minutes=61))) == child


def test_attempts_of_one_request_count_too(child, doctor):
    for _ in range(5):
        find(doctor, "Iemand")
    with pytest.raises(Refused, match="five times"):
        find(doctor)


@pytest.mark.parametrize("role", [Role.MENTOR, Role.SCHOOL_NURSE, Role.PRIVACY_OFFICER, Role.ANALYST])
def test_who_has_no_emergency_access_finds_nobody(child, role):
    kind = Kind.YOUTH_HEALTH if role is Role.SCHOOL_NURSE else Kind.SCHOOL
    by = as_actor(member(role, kind))
    is_refused(by, "find_in_emergency", "no emergency access", find, by)
    is_refused(by, "call_emergency", "no emergency access", call, child, by)


# --- four hours ----------------------------------------------------------------------------------


def test_it_is_for_four_hours_and_for_reading(child, doctor):
    assert not sees(doctor, child)
    made = call(child, doctor)
    assert made.until_at - made.from_at == timedelta(hours=4)
    assert sees(doctor, child, at=made.until_at - timedelta(seconds=1))
    assert not sees(doctor, child, at=made.until_at)
    mine = permit(doctor, child)
    assert mine.may(FieldClass.MED)
    assert not any(mine.may(one, Action.WRITE) for one in FieldClass)


def test_the_line_of_an_emergency_says_that_it_is_one(child, doctor):
    made = call(child, doctor)
    write_up(doctor, origin="emergency")
    line = Line.for_operations.get(action="call_emergency")
    assert (line.emergency, line.object, line.child) == (True, f"involvement:{made.pk}", child.reference)


def test_the_privacy_officers_of_both_organisations_are_told_at_once(
    child, school, doctor, django_capture_on_commit_callbacks
):
    school.part_of = board = make.organisation(Kind.BOARD)
    school.save()
    told = [officer(doctor), officer(school), officer(board)]
    officer(make.organisation())
    with django_capture_on_commit_callbacks(execute=True):
        call(child, doctor)
    assert {one.to[0] for one in mail.outbox} == {one.membership.person.email for one in told}
    for one in mail.outbox:
        for secret in (str(child.reference), child.key, "Brinkhof", doctor.name, "emergency", "noodgeval"):
            assert secret not in one.subject + one.body
    for one in told:
        assert [found.child for found in operations.emergencies_for(again(one))] == [child]


def test_who_calls_twice_has_one_emergency(child, doctor, django_capture_on_commit_callbacks):
    officer(doctor)
    with django_capture_on_commit_callbacks(execute=True):
        assert call(child, doctor) == call(child, again(doctor), because="danger")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("because", ["", "guidance", "curious"])
def test_an_emergency_has_a_reason(child, doctor, because):
    is_refused(
        doctor, "call_emergency", "Choose what", operations.call_emergency, child, by=doctor, because=because
    )


def test_no_emergency_about_a_child_elsewhere_or_out_of_sight(doctor):
    for one in (
        make.learner(make.organisation(region="elders"), region="elders"),
        make.learner(make.organisation(), stage=0),
    ):
        with pytest.raises(Refused, match="no task for a child at this stage"):
            call(one, again(doctor))


# --- the review ----------------------------------------------------------------------------------


def test_a_privacy_officer_of_either_organisation_reviews(child, school, doctor):
    for place in (doctor.organisation, school):
        made = call(child, again(doctor))
        reviewing = officer(place)
        operations.review_emergency(made, by=reviewing, found="justified")
        assert (held(made).review, held(made).reviewed_by) == ("justified", reviewing.membership)
        assert did(reviewing) == [("review_emergency", "allowed")]
        with pytest.raises(Refused, match="reviewed already"):
            operations.review_emergency(made, by=again(reviewing), found="not_justified")
        assert sees(doctor, child)
        made = held(made)
        made.ended_at = made.from_at
        made.save()


def test_others_review_nothing(child, school, doctor):
    made = call(child, doctor)
    own = member(Role.PRIVACY_OFFICER, doctor.organisation)
    own.person = doctor.membership.person
    own.save()
    for by, sentence in (
        (officer(make.organisation()), "both organisations"),
        (as_actor(member(Role.CARE_COORDINATOR, school)), "both organisations"),
        (again(doctor), "both organisations"),
        (as_actor(own), "Nobody reviews their own"),
    ):
        is_refused(
            by, "review_emergency", sentence, operations.review_emergency, made, by=by, found="justified"
        )
    with pytest.raises(Refused, match="justified or not"):
        operations.review_emergency(made, by=officer(doctor), found="fine")


def test_an_emergency_that_is_not_justified_ends_at_once_and_takes_the_button(child, doctor):
    made = call(child, doctor)
    reviewing = officer(doctor)
    operations.review_emergency(made, by=reviewing, found="not_justified")
    assert not sees(doctor, child)
    by = again(doctor)
    is_refused(by, "call_emergency", "not justified", call, child, by)
    is_refused(by, "find_in_emergency", "not justified", find, by)
    operations.give_back_emergency(made, by=again(reviewing))
    assert held(made).review == "not_justified"
    assert call(child, again(doctor))
    with pytest.raises(Refused, match="nothing to give back"):
        operations.give_back_emergency(made, by=again(reviewing))


def test_an_emergency_nobody_reviewed_in_time_takes_the_button_until_somebody_does(child, doctor):
    made = call(child, doctor)
    due = held(made).review_due_on
    in_time = again(doctor, after=timedelta(days=(due - doctor.today).days))
    assert operations.why_the_button_is_lost(in_time) == ""
    late = again(doctor, after=timedelta(days=(due - doctor.today).days + 1))
    is_refused(late, "call_emergency", "not reviewed in time", call, child, late)
    operations.review_emergency(made, by=again(officer(doctor), at=late.at), found="justified")
    assert call(child, again(late, at=late.at))


def test_the_button_is_lost_in_every_role_of_the_same_person(child, doctor):
    operations.review_emergency(call(child, doctor), by=officer(doctor), found="not_justified")
    other = member(Role.YOUTH_WORKER, Kind.YOUTH_HELP)
    other.person = doctor.membership.person
    other.save()
    with pytest.raises(Refused, match="not justified"):
        call(child, as_actor(other))


def test_the_list_is_for_privacy_officers(child, school, doctor):
    call(child, doctor)
    assert operations.emergencies_for(doctor) == []
    assert operations.emergencies_for(as_actor(member(Role.ANALYST, school))) == []
    assert operations.emergencies_for(officer(make.organisation())) == []
