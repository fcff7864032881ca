"""A cause is judged by who may write what it says, sealed, once for an organisation; and only ended."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import translation

from inbeeld.access.acting import acting
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.refusal import Refused
from inbeeld.causes.models import Judged
from inbeeld.causes.operations import causes_for, end_cause, judge_cause
from inbeeld.causes.tests.making import TEXT, days_ago, judged, judgement
from inbeeld.causes.wording import NAMES
from inbeeld.journal.models import Line
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.causes import CLASS_OF_CAUSE, Cause
from inbeeld.keys.models import GROUP_OF_CLASS
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import unseal_from
from inbeeld.learners.models import Entry
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
def coordinator(school, child):
    return at_work(Role.CARE_COORDINATOR, school, child)


def refuse(actor, action, sentence, what, *arguments, child):
    who = again(actor)
    is_refused(who, action, sentence, what, permit_of(who, fresh(child)), *arguments, child=child)


def end(actor, one, child):
    with acting(again(actor), origin="test") as now:
        end_cause(permit_of(now, fresh(child)), one, child=child)


def test_every_cause_has_a_class_people_write_in_and_words():
    assert set(CLASS_OF_CAUSE) == set(NAMES) == set(Cause)
    assert {one.value for one in CLASS_OF_CAUSE.values()} <= set(Entry.Kind.values)


def test_which_cause_it_is_is_sealed_and_the_journal_names_its_class_alone(coordinator, child):
    made = judged(coordinator, child)
    row = Judged.for_operations.get(pk=made.pk)
    assert row.field_class == "SUP"
    assert b"unsafe" not in bytes(row.cause) and TEXT.encode() not in bytes(row.text)
    key = key_for(child.reference, GROUP_OF_CLASS["SUP"], coordinator.organisation.key)
    assert (unseal_from(row, "cause", key=key), unseal_from(row, "text", key=key)) == ("unsafe", TEXT)
    line = Line.for_operations.filter(action="judge_cause").latest("sequence")
    assert (line.field_class, line.object, line.child) == ("SUP", f"cause:{made.pk}", child.reference)


@pytest.mark.parametrize(
    ("role", "kind", "classes"),
    [
        (Role.MENTOR, Kind.SCHOOL, {"SUP"}),
        (Role.CARE_COORDINATOR, Kind.SCHOOL, {"SUP", "FAM"}),
        (Role.SWV_ADVISER, Kind.SWV, {"SUP"}),
        (Role.ATTENDANCE_OFFICER, Kind.MUNICIPALITY, set()),
        (Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH, {"SUP", "FAM", "MED"}),
        (Role.YOUTH_WORKER, Kind.YOUTH_HELP, {"FAM"}),
        (Role.YOUTH_PROTECTION, Kind.YOUTH_HELP, {"FAM"}),
    ],
)
def test_each_says_what_their_role_writes(child, school, role, kind, classes):
    actor = at_work(role, school if kind is Kind.SCHOOL else make.organisation(kind), child)
    offered = causes_for(permit_of(again(actor), fresh(child)))
    assert set(offered) == {one for one in Cause if CLASS_OF_CAUSE[one].value in classes}
    for cause in Cause:
        if cause in offered:
            assert judged(actor, child, cause).field_class == CLASS_OF_CAUSE[cause].value
        else:
            refuse(
                actor, "judge_cause", "does not record this cause", judge_cause, judgement(cause), child=child
            )


def test_kin_and_who_is_not_involved_say_none(child, school):
    for actor in (kin(child, "guardian"), make.actor(Role.CARE_COORDINATOR, school)):
        refuse(actor, "judge_cause", "does not record", judge_cause, judgement(), child=child)
    assert not Judged.for_operations.exists()


def test_a_day_to_come_or_long_ago_is_refused(coordinator, child):
    for day in (days_ago(-1), days_ago(731)):
        refuse(coordinator, "judge_cause", "Choose a day", judge_cause, judgement(on=day), child=child)


def test_an_organisation_says_the_same_once_and_more_than_one_can_hold(coordinator, school, child):
    judged(coordinator, child)
    colleague = at_work(Role.MENTOR, school, child)
    refuse(colleague, "judge_cause", "stands here already", judge_cause, judgement(), child=child)
    judged(colleague, child, Cause.TRANSPORT)
    judged(at_work(Role.SWV_ADVISER, make.organisation(Kind.SWV), child), child)
    assert Judged.for_operations.count() == 3


def test_something_else_is_said_by_its_words(coordinator, child):
    judged(coordinator, child, Cause.OTHER, text="De bus rijdt niet meer")
    judged(coordinator, child, Cause.OTHER, text="Werkt in de winkel van een oom")
    again_said = judgement(Cause.OTHER, text="De bus rijdt niet meer")
    refuse(coordinator, "judge_cause", "stands here already", judge_cause, again_said, child=child)


def test_no_class_has_one_cause_alone_as_the_log_tells_the_class():
    found = Counter(CLASS_OF_CAUSE.values())
    assert min(found.values()) > 1


def test_its_own_organisation_ends_it_once_and_may_say_it_anew(coordinator, school, child):
    one = judged(coordinator, child)
    adviser = at_work(Role.SWV_ADVISER, make.organisation(Kind.SWV), child)
    refuse(adviser, "end_cause", "Only the organisation", end_cause, one, child=child)
    end(at_work(Role.MENTOR, school, child), one, child)
    refuse(coordinator, "end_cause", "ended already", end_cause, one, child=child)
    judged(coordinator, child)
    assert Judged.for_operations.filter(ended_at__isnull=True).count() == 1


def test_a_family_cause_is_not_ended_by_a_mentor_who_may_not_write_it(coordinator, school, child):
    one = judged(coordinator, child, Cause.FAMILY)
    refuse(at_work(Role.MENTOR, school, child), "end_cause", "Only the", end_cause, one, child=child)


def test_of_a_destroyed_child_no_cause_is_left_and_none_is_said(coordinator, child):
    judged(coordinator, child)
    now = again(coordinator)
    permit = permit_of(now, fresh(child))
    shred_child(child, "command:retention")
    assert not Judged.for_operations.exists()
    with pytest.raises(Refused), acting(now, origin="test"):
        judge_cause(permit, judgement(Cause.TRANSPORT), child=child)


def test_the_class_of_a_cause_is_one_of_the_eleven():
    assert set(CLASS_OF_CAUSE.values()) <= set(FieldClass)
