"""An exemption is shown to who reads attendance; on which article, to who may know the reason."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from inbeeld.kernel.attendance import Stay
from inbeeld.learners.exemptions import exemptions_of
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born, kin, permit_for
from inbeeld.organisations.models import KINDS_OF_ROLE, Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EXEMPT = SimpleNamespace(exemptions=[Stay("5a", date(2025, 8, 1), date(2026, 7, 31))])
HELPERS = (Role.MENTOR, Role.CARE_COORDINATOR, Role.SWV_ADVISER, Role.ATTENDANCE_COACH, Role.SCHOOL_NURSE,
           Role.SCHOOL_DOCTOR, Role.YOUTH_WORKER, Role.YOUTH_PROTECTION)  # fmt: skip


@pytest.fixture
def school():
    return make.organisation()


def involved(role, child, school, *, kind="involved"):
    where = sorted(KINDS_OF_ROLE[role])
    actor = make.actor(role, school if Kind.SCHOOL in where else make.organisation(Kind(where[0])))
    make.involve(child, actor, kind=kind)
    return actor


def seen(actor, child):
    """(article, classes noted for the log); when it is, is always there."""
    permit = permit_for(actor, child)
    (one,) = exemptions_of(permit, EXEMPT)
    assert (one.from_on, one.until_on) == (date(2025, 8, 1), date(2026, 7, 31))
    noted = [noted for _permit, _decision, noted in actor.ledger.lines.values()]
    return one.article, {field_class.value for classes in noted for field_class in classes}


@pytest.mark.parametrize("role", HELPERS)
def test_no_helper_reads_the_article_without_consent(role, school):
    child = make.learner(school, stage=2, born_on=born(14))
    assert seen(involved(role, child, school), child) == ("", set())


@pytest.mark.parametrize("role", [Role.ATTENDANCE_COORDINATOR, Role.CARE_COORDINATOR])
def test_nor_does_who_has_the_child_on_the_list_of_a_school(role, school):
    child = make.learner(school, stage=2, born_on=born(14))
    assert seen(make.actor(role, school), child) == ("", set())


def test_the_swv_does_not_read_the_article_of_the_children_on_its_list(school):
    child = make.learner(school, stage=2, born_on=born(14))
    assert seen(make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)), child) == ("", set())


def test_the_municipality_reads_back_what_its_leerplicht_registered(school):
    child = make.learner(school, stage=2, born_on=born(14))
    municipality = make.organisation(Kind.MUNICIPALITY)
    assert seen(make.actor(Role.LEERPLICHT_DESK, municipality), child) == ("5a", {"ATT"})
    assert seen(involved(Role.ATTENDANCE_OFFICER, child, school), child) == ("5a", {"ATT"})


def test_the_school_doctor_reads_it_with_consent_and_in_an_emergency_as_a_medical_fact(school):
    child = make.learner(school, stage=2, born_on=born(14))
    asked = involved(Role.SCHOOL_DOCTOR, child, school)
    make.consent(child, "MED", asked)
    assert seen(asked, child) == ("5a", {"MED"})
    called = involved(Role.SCHOOL_DOCTOR, child, school, kind="emergency")
    assert seen(called, child) == ("5a", {"MED"})


@pytest.mark.parametrize(
    ("relation", "age", "consent", "article"),
    [("guardian", 9, False, "5a"), ("guardian", 14, False, ""), ("guardian", 14, True, "5a"),
     ("guardian", 17, False, ""), ("guardian", 17, True, ""),
     ("learner", 14, False, "5a"), ("learner", 17, False, "5a")],
)  # fmt: skip
def test_the_family_reads_it_as_the_table_gives_them_medical_facts(school, relation, age, consent, article):
    child = make.learner(school, stage=2, born_on=born(age))
    actor = kin(child, relation)
    if consent:
        asking = involved(Role.SCHOOL_DOCTOR, child, school)
        make.consent(child, "MED", asking, receiver=None, receiving_kin=actor.kinship)
    assert seen(actor, child) == (article, {"MED"} if article else set())


def test_without_an_exemption_nothing_was_read(school):
    child = make.learner(school, stage=2, born_on=born(9))
    mother = kin(child)
    assert exemptions_of(permit_for(mother, child), SimpleNamespace(exemptions=[])) == ()
    assert mother.ledger.lines == {}
