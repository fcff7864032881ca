"""Publishing a judgement: whole, repeatable, and the same as the definitions say of one child."""

from __future__ import annotations

from datetime import date

import pytest

from inbeeld.access.actor import KINSHIP, MEMBERSHIP, Actor
from inbeeld.access.models import Kinship
from inbeeld.access.officers import heard_by
from inbeeld.engine import reading
from inbeeld.kernel.involvement import MAY_CALL_AN_EMERGENCY
from inbeeld.kernel.truth import Outcome
from inbeeld.learners import operations
from inbeeld.learners.child import child_page
from inbeeld.learners.models import Enrolment, Judgement, Learner, Presence, Standing, Verdict
from inbeeld.learners.snapshot import attendance_of
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import snapshots
from inbeeld.learners.tests.at_work import kin
from inbeeld.learners.tests.visiting import visitor
from inbeeld.organisations.models import Kind, Membership, Organisation, Role
from inbeeld.site import cast, roles, trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(region):
    return Judgement.objects.get()


def everything():
    return (
        list(
            Standing.for_operations.order_by("learner__key").values_list(
                "learner__key", "stage", "since", "phase"
            )
        ),
        sorted(Verdict.for_operations.values_list("standing__learner__key", "definition", "outcome")),
        Enrolment.for_operations.count(),
        Learner.for_operations.count(),
    )


def test_publishing_the_same_judgement_twice_changes_nothing(loaded, snapshot):
    before = everything()
    assert before[0]
    again = operations.publish_judgement(snapshot / "judged", tables=snapshot / "region", within=snapshot)
    assert again == loaded
    trial.load(snapshot, tables=snapshot / "region", judged=snapshot / "judged")
    assert everything() == before
    assert Judgement.objects.count() == 1


def test_a_judgement_that_cannot_be_read_to_the_end_leaves_the_old_one_whole(loaded, snapshot, monkeypatch):
    before = everything()
    Judgement.objects.update(receipt="another")

    def broken(*arguments, **named):
        raise OSError("the disk is full")
        yield

    monkeypatch.setattr(operations, "_verdicts", broken)
    with pytest.raises(OSError, match="disk is full"):
        operations.publish_judgement(snapshot / "judged", tables=snapshot / "region", within=snapshot)
    assert everything() == before


def publish_once_more(snapshot):
    Judgement.objects.all().delete()
    return operations.publish_judgement(snapshot / "judged", tables=snapshot / "region", within=snapshot)


def test_who_was_in_a_stage_and_is_in_none_any_more_is_closed(loaded, snapshot):
    back, never = Standing.for_operations.filter(stage=0)[:2]
    Standing.for_operations.filter(pk=back.pk).update(stage=1)
    for _ in range(2):  # and stays closed
        publish_once_more(snapshot)
        assert Standing.for_operations.get(learner=back.learner_id).stage == 6
        assert Standing.for_operations.get(learner=never.learner_id).stage == 0


def test_the_parents_of_a_child_that_is_no_longer_delivered_can_still_ask_who_saw_it(loaded, snapshot):
    school = Organisation.objects.filter(kind=Kind.SCHOOL).first()
    child, town = make.learner(school, stage=2), Organisation.objects.filter(kind=Kind.MUNICIPALITY).first()
    Learner.for_operations.filter(pk=child.pk).update(municipality=town.municipality)
    parent, desk = kin(child, "guardian"), make.actor(Role.LEERPLICHT_DESK, town)
    assert child_page(desk, child.reference, judgement=loaded)
    judgement = publish_once_more(snapshot)
    assert child_page(desk, child.reference, judgement=judgement) is None
    assert child_page(parent, child.reference, judgement=judgement).standing.stage == 6
    browser = visitor(parent)
    for page in ("", "toegang/", "inzage/"):
        assert browser.get(f"/kind/{child.reference}/{page}").status_code == 200


def test_every_learner_of_the_region_stands_once_and_is_known_by_name(loaded):
    assert Standing.for_operations.count() == Learner.for_operations.count() == snapshots.LEARNERS
    assert all(make.name_of(one).strip() for one in Learner.for_operations.all())
    assert not Standing.for_operations.exclude(judged_on=snapshots.ON).exists()


def test_every_answer_that_is_not_known_says_what_is_missing(loaded):
    unknown = Verdict.for_operations.filter(outcome="unknown")
    assert unknown.exists()
    assert not unknown.filter(missing="").exists()
    assert not Verdict.for_operations.exclude(outcome="unknown").exclude(missing="").exists()


def test_the_child_page_says_what_the_list_says(loaded):
    desk = make.actor(Role.LEERPLICHT_DESK, Organisation.objects.filter(kind=Kind.MUNICIPALITY).first())
    stored = {
        (key, definition): outcome
        for key, definition, outcome in Verdict.for_operations.values_list(
            "standing__learner__key", "definition", "outcome"
        )
    }
    checked = 0
    for learner in Learner.objects.visible_to(desk).select_related("standing").order_by("key")[:120]:
        page = child_page(desk, learner.reference, judgement=loaded)
        for verdict in page.verdicts:
            if verdict.definition.subject == "compulsory-age":
                continue
            key = (learner.key, verdict.definition.key)
            assert stored.get(key, "no") == verdict.outcome.word, key
            checked += verdict.outcome is not Outcome.NO
        facts = attendance_of(learner.key, judgement=loaded).facts
        assert (facts.phase, facts.ongoing_since) == (page.standing.phase, page.standing.since)
    assert checked > 50


def test_every_role_of_the_trial_can_log_in_and_those_with_children_have_some(loaded):
    cards = [card for _, group in roles.cards() for card in group]
    members = [card for card in cards if card.field == MEMBERSHIP]
    kin = [card for card in cards if card.field == KINSHIP]
    assert len(members) == len(cast.STAFF)
    assert kin
    for card in members:
        assert card.place
        actor = Actor(name=card.name, membership=Membership.objects.get(pk=card.value))
        assert not actor.has_a_list or Standing.objects.visible_to(actor).exists(), card.role
    for card in kin:
        actor = Actor(name=card.name, kinship=Kinship.for_operations.get(pk=card.value))
        assert Standing.objects.visible_to(actor).count() == 1, card.role


def test_an_emergency_by_anybody_in_the_trial_about_any_pupil_is_heard_of_on_both_sides(loaded):
    schools = list(Organisation.objects.filter(kind=Kind.SCHOOL).select_related("part_of"))
    callers = [
        one for one in Membership.objects.select_related("organisation") if one.role in MAY_CALL_AN_EMERGENCY
    ]
    assert {one.role for one in callers} == MAY_CALL_AN_EMERGENCY
    for caller in callers:
        for school in schools:
            heard = heard_by([caller.organisation, school], caller=caller, on=make.ON)
            assert (heard.unheard, bool(heard.officers)) == ((), True), (caller.role, school.name)


def test_who_calls_an_emergency_can_be_reviewed_by_somebody_on_the_start_page(loaded):
    listed = {card.place for _, group in roles.cards() for card in group if "privacy" in card.role}
    assert len(listed) < 6
    for caller in Membership.objects.filter(role__in=MAY_CALL_AN_EMERGENCY).select_related("organisation"):
        assert listed & {place.name for place in caller.organisation.and_above()}, caller.role


def test_a_family_carries_the_name_of_its_own_child(loaded):
    kin = list(Kinship.for_operations.select_related("child", "person"))
    assert {one.relation for one in kin} == {"guardian", "learner"}
    for one in kin:
        child = make.name_of(one.child)
        assert child.endswith(f" {one.person.last_name}")
        if one.relation == "learner":
            assert one.person.get_full_name() == child


def test_publishing_keeps_both_layers_and_what_may_be_told_of_each_school(loaded, snapshot):
    assert loaded.compared_with == date(2026, 3, 17)
    facts = {row["learner"]: row for row in reading.rows(snapshot / "judged" / "facts.parquet")}
    rows = list(Standing.for_operations.select_related("learner", "school"))
    kept = {one.learner.key: one.layer for one in rows}
    assert kept == {key: row["layer_ytd"] for key, row in facts.items()}
    assert any(one.layer != one.layer_before for one in rows)
    for school in Organisation.objects.filter(kind=Kind.SCHOOL):
        here = [one for one in rows if one.enrolled and one.school == school]
        kept = Presence.objects.filter(school=school).first()
        if not here:
            assert kept is None
            continue
        scheduled, absent = sum(one.scheduled for one in here), sum(one.absent for one in here)
        assert (kept.learners is None) == (len(here) < 8)
        if kept.learners is not None and scheduled:
            assert abs(kept.this_year - 1000 * (scheduled - absent) / scheduled) <= 0.5


def test_who_is_no_longer_delivered_is_in_no_layer(loaded, snapshot):
    gone = Standing.for_operations.filter(on_register=True, layer__gt=0).first().learner
    Learner.for_operations.filter(pk=gone.pk).update(key="nobody-delivers-this")
    publish_once_more(snapshot)
    left = Standing.for_operations.get(learner=gone)
    assert (left.layer, left.layer_before, left.on_register) == (None, None, False)
