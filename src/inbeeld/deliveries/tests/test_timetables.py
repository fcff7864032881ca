"""A code of a school that means a partial timetable: no absence, and who may know a reason reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inbeeld.deliveries import operations
from inbeeld.deliveries.models import State
from inbeeld.deliveries.operations_work import read_next
from inbeeld.deliveries.tests.handing_in import accept, decide, hand_in, now, quiet, standing_marks, table
from inbeeld.deliveries.tests.test_working_in import MONDAY
from inbeeld.learners.models import Learner, Standing
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
HEAD = "leerling;datum;lesuur;code;omschrijving"
WEEK = [MONDAY + timedelta(days=number) for number in range(5)]
SAID = "Partial timetable agreed: on 5 days, from 13 April 2026 to 17 April 2026."


@pytest.fixture
def child(school, henk):
    """Free every day from the fifth hour on, and away on Friday in the first."""
    learner = school.learners[0]
    rows = [f"{learner};{day};{slot};AR;Aangepast rooster" for day in WEEK for slot in range(5, 9)]
    rows += [f"{learner};{WEEK[-1]};1;O;Ongeoorloofd"]
    one = hand_in(henk, table(rows, HEAD))
    meanings = {"AR": "timetable", "O": "other-without"}
    one = decide(operations.say_codes, henk, one, meanings)
    while read_next(quiet):
        pass
    assert accept(henk, now(one)).state == State.STANDS
    return Learner.for_operations.get(key=learner)


def page_of(actor, child):
    answer = visitor(actor).get(f"/kind/{child.reference}/")
    return None if answer.status_code == 404 else words(answer)


def test_the_hours_are_no_absence(child, school):
    stands = Standing.for_operations.get(learner=child)
    assert stands.since is None
    ours = [mark for mark in standing_marks(school) if mark[0] == child.key and mark[1] in WEEK]
    assert len(ours) == 21
    assert [one[1:4] for one in ours if one[3] == "absent"] == [(WEEK[-1], 1, "absent")]


def test_the_school_reads_what_was_agreed_and_who_may_not_know_a_reason_does_not(child, school):
    Learner.for_operations.filter(pk=child.pk).update(case_stage=2)  # else it is in nobody's sight
    care = make.actor(Role.CARE_COORDINATOR, school.organisation)
    page = page_of(care, child)
    assert SAID in page and "20 lesson hours or parts of the day were free by it" in page
    assert "Monday 5–8" in page and "Friday 5–8" in page
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    page = page_of(swv, child)
    assert page is not None and "artial timetable" not in page
    assert 'dag-agreed" x=' not in visitor(swv).get(f"/kind/{child.reference}/").content.decode()


def test_a_code_described_so_is_proposed_as_such(school, henk):
    rows = [f"{school.learners[1]};{WEEK[0]};5;AR;Aangepast rooster"]
    one = hand_in(henk, table(rows, HEAD))
    page = visitor(henk).get(f"/aanleveringen/{one.pk}/").content.decode()
    assert '<option value="timetable" selected>' in page
