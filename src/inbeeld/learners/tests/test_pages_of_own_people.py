"""What a privacy officer reads of the own people: wherever they work, and not with which child."""

from __future__ import annotations

import pytest

from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born, visitor
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def privacy(officer):
    return visitor(officer).get("/privacy/")


def look(actor, child):
    assert visitor(actor).get(f"/kind/{child.reference}/toegang/").status_code == 200


def helper(role, kind, child):
    actor = make.actor(role, make.organisation(kind))
    make.involve(child, actor)
    return actor


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.YOUTH_WORKER, Kind.YOUTH_HELP), (Role.SCHOOL_NURSE, Kind.YOUTH_HEALTH),
     (Role.ATTENDANCE_COACH, Kind.COACH_SERVICE), (Role.CASE_DIRECTOR, Kind.TASKFORCE)],
)  # fmt: skip
def test_an_officer_without_a_list_reads_what_the_own_people_did_and_not_with_which_child(school, role, kind):
    child = make.learner(school, born_on=born(14))
    child.case_stage = 4 if role in (Role.ATTENDANCE_COACH, Role.CASE_DIRECTOR) else None
    child.save()
    own = helper(role, kind, child)
    look(own, child)
    look(helper(Role.YOUTH_WORKER, Kind.YOUTH_HELP, child), child)
    officer = make.actor(Role.PRIVACY_OFFICER, own.organisation)
    page = privacy(officer)
    assert {line.person.key for line in page.context["lines"]} == {own.key}
    assert {line.child for line in page.context["lines"]} == {None}
    assert str(child.reference)[:8] not in page.content.decode()
    assert visitor(officer).get(f"/kind/{child.reference}/inzage/").status_code == 404
    lines = Line.for_operations.filter(actor=officer.key, origin="privacy")
    assert {line.child for line in lines} == {None}


def test_the_officer_of_a_board_reads_what_its_schools_and_their_sites_did(school):
    child = make.learner(school, born_on=born(14))
    coordinator = make.actor(Role.CARE_COORDINATOR, school)
    board = make.organisation(Kind.BOARD)
    site = make.organisation()
    school.part_of, site.part_of = board, school
    school.save()
    site.save()
    at_the_site = make.actor(Role.CARE_COORDINATOR, site)
    make.involve(child, at_the_site)
    for actor in (coordinator, at_the_site, helper(Role.YOUTH_WORKER, Kind.YOUTH_HELP, child)):
        look(actor, child)
    page = privacy(make.actor(Role.PRIVACY_OFFICER, board))
    assert {line.person.key for line in page.context["lines"]} == {coordinator.key, at_the_site.key}
    assert {line.child for line in page.context["lines"]} == {None}
