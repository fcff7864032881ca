"""Who sees which children: denied unless the table says otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from inbeeld.access.scope import UnscopedQuery
from inbeeld.kernel.access import Involvement
from inbeeld.kernel.involvement import MAY_BE_INVOLVED
from inbeeld.learners import operations
from inbeeld.learners.models import Enrolment, Learner, Standing, Verdict
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import KINDS_OF_ROLE, Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ABOUT_CHILDREN = (Learner, Enrolment, Standing, Verdict)


@pytest.mark.parametrize("model", ABOUT_CHILDREN)
def test_a_query_on_children_without_an_actor_raises(model):
    with pytest.raises(UnscopedQuery):
        model.objects.all()
    with pytest.raises(UnscopedQuery):
        model._default_manager.count()


@pytest.mark.parametrize("model", ABOUT_CHILDREN)
def test_nobody_sees_nothing(model):
    make.learner(make.organisation())
    assert model.objects.visible_to(None).count() == 0


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", Kind)
def test_a_role_sees_a_list_only_at_a_kind_of_organisation_where_it_exists(role, kind):
    make.learner(make.organisation())
    actor = make.actor(role, make.organisation(kind))
    if kind not in KINDS_OF_ROLE[role]:
        assert not actor.membership.is_in_force(make.ON)
    if not any(row.involvement is Involvement.OWN_ORG for row in actor.rows):
        assert not Learner.objects.visible_to(actor).exists()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.PRIVACY_OFFICER])
@pytest.mark.parametrize("kind", Kind)
def test_analyst_and_privacy_officer_see_no_child(role, kind):
    here = make.organisation(kind)
    for stage in range(6):
        make.learner(here if kind is Kind.SCHOOL else make.organisation(), stage=stage)
    for model in ABOUT_CHILDREN:
        assert model.objects.visible_to(make.actor(role, here)).count() == 0


@pytest.mark.parametrize(
    ("role", "stages"),
    [
        (Role.CARE_COORDINATOR, {1, 2, 3, 4}),
        (Role.ATTENDANCE_COORDINATOR, {1, 2}),
    ],
)
def test_people_of_a_school_see_the_children_enrolled_there_by_stage(role, stages):
    here, elsewhere = make.organisation(), make.organisation()
    mine = {stage: make.learner(here, stage=stage).pk for stage in range(7)}
    make.learner(elsewhere)
    make.learner(here, enrolled=False)
    seen = set(Learner.objects.visible_to(make.actor(role, here)).values_list("pk", flat=True))
    assert seen == {mine[stage] for stage in stages}


@pytest.mark.parametrize(
    ("sector", "seen"), [("vo", {"vo", "vso"}), ("po", {"po", "so"}), ("mbo", set()), ("", set())]
)
def test_an_swv_sees_its_own_kind_of_schools_only(sector, seen):
    children = {
        one: make.learner(make.organisation(sector=one)).pk for one in ("po", "so", "vo", "vso", "mbo")
    }
    make.learner(make.organisation(sector="vo", region="elsewhere"), region="elsewhere")
    actor = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV, sector=sector))
    assert set(Learner.objects.visible_to(actor).values_list("pk", flat=True)) == {
        children[one] for one in seen
    }


def test_an_swv_does_not_see_the_stage_before_four_weeks():
    school = make.organisation()
    make.learner(school, stage=0)
    make.learner(school, stage=1)
    actor = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    assert not Learner.objects.visible_to(actor).exists()


def test_leerplicht_sees_who_lives_in_its_municipality():
    role = Role.LEERPLICHT_DESK
    school = make.organisation()
    mine = make.learner(school, municipality="Zuiderbroek", stage=5, enrolled=False)
    make.learner(school, municipality="Noorderveen")
    make.learner(school, municipality="Zuiderbroek", region="elsewhere")
    make.learner(school, municipality="")
    here = make.organisation(Kind.MUNICIPALITY, municipality="Zuiderbroek")
    assert list(Learner.objects.visible_to(make.actor(role, here))) == [mine]
    nowhere = make.organisation(Kind.MUNICIPALITY, municipality="")
    assert not Learner.objects.visible_to(make.actor(role, nowhere)).exists()


@pytest.mark.parametrize("role", sorted(MAY_BE_INVOLVED))
def test_who_must_be_involved_sees_only_the_child_they_are_involved_with(role):
    kind = min(KINDS_OF_ROLE[Role(role)])
    here = make.organisation(kind)
    school = here if kind is Kind.SCHOOL else make.organisation()
    actor = make.actor(Role(role), here)
    seen, others = make.learner(school, stage=4), make.learner(school, stage=4)
    on_a_list = set(Learner.objects.visible_to(actor)) == {seen, others}
    assert on_a_list or not Learner.objects.visible_to(actor).exists()
    make.involve(seen, actor)
    if not on_a_list:
        assert list(Learner.objects.visible_to(actor)) == [seen]


@pytest.mark.parametrize(
    "values",
    [
        {"accepted_at": None},
        {"ended_at": make.timezone.now()},
        {"from_at": make.timezone.now() + timedelta(days=1)},
        {"from_at": make.timezone.now() - timedelta(days=9), "until_at": make.timezone.now()},
    ],
    ids=["not accepted", "ended", "not begun", "over"],
)
def test_an_involvement_that_is_not_in_force_gives_nothing(values):
    actor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(make.learner(make.organisation()), actor, **values)
    assert not Learner.objects.visible_to(actor).exists()


def test_the_care_coordinator_of_a_former_school_does_not_see_a_child_enrolled_elsewhere(monkeypatch):
    former = make.organisation()
    child = make.learner(former, verdicts={})
    Standing.for_operations.all().delete()
    Enrolment.for_operations.update(until_on=date(2025, 12, 31))
    fact = {
        "learner": child.key, "school": "a school not entered here", "enrolled": True, "exempt": False,
        "phase": 3, "of_compulsory_age": True, "ongoing_since": date(2026, 1, 1),
        "ongoing_without_since": None, "ongoing_open_since": None, "alternating_days_15w": 0,
        "layer_ytd": 0, "layer_4w": 0, "layer_12w": 0, "absent_ytd": 0, "scheduled_ytd": 0, "absent_4w": 0,
        "scheduled_4w": 0,
    }  # fmt: skip

    def stand(**changes):
        monkeypatch.setattr(
            operations.reading,
            "rows",
            lambda file: [{**fact, **changes}] if file.name == "facts.parquet" else [],
        )
        return list(operations._standings(Path("judged"), on=make.ON, before={}))

    assert [one.school_id for one in stand()] == [None]
    assert [one.school_id for one in stand(enrolled=False, school=None)] == [former.pk]
    stand_of_today = stand()[0]
    stand_of_today.save()
    mentor = make.actor(Role.CARE_COORDINATOR, former)
    assert not Learner.objects.visible_to(mentor).exists()


def test_every_model_about_a_child_reaches_the_same_children():
    here = make.organisation()
    for stage in range(6):
        make.learner(here, stage=stage)
        make.learner(make.organisation(), stage=stage)
    for role, kinds in KINDS_OF_ROLE.items():
        kind = min(kinds)
        at = here if kind is Kind.SCHOOL else make.organisation(kind)
        actor = make.actor(role, at)
        learners = set(Learner.objects.visible_to(actor).values_list("pk", flat=True))
        assert set(Standing.objects.visible_to(actor).values_list("learner", flat=True)) == learners
        assert set(Enrolment.objects.visible_to(actor).values_list("learner", flat=True)) == learners
        assert set(Verdict.objects.visible_to(actor).values_list("standing__learner", flat=True)) == learners
