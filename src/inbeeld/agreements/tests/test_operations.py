"""An agreement is made by who helps, sealed, once; what became of it is said beside it; and it stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from inbeeld.access.acting import acting
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.refusal import Refused
from inbeeld.agreements import queries
from inbeeld.agreements.doers import doers_for
from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.operations import Saying, agree, say, strike
from inbeeld.agreements.tests.making import LEARNER, PARENTS, WHAT, agreed_on, in_days, late, made, told
from inbeeld.journal.models import Line
from inbeeld.kernel.agreements import Said
from inbeeld.keys.models import KeyGroup
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import unseal_from
from inbeeld.learners.models import Learner
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


@pytest.fixture
def adviser(child):
    return at_work(Role.SWV_ADVISER, make.organisation(Kind.SWV), child)


def refuse(actor, action, sentence, what, *arguments, child, **named):
    who = again(actor)
    is_refused(who, action, sentence, what, permit_of(who, fresh(child)), *arguments, child=child, **named)


def test_an_agreement_is_sealed_and_stands_in_the_journal_without_its_words(coordinator, child):
    one = made(coordinator, child, why="Zodat er iemand belt")
    row = Agreement.for_operations.get(pk=one.pk)
    assert (row.doer, row.doer_member, row.due_on) == ("member", coordinator.membership, in_days(7))
    assert WHAT.encode() not in bytes(row.what) and b"Zodat" not in bytes(row.why)
    key = key_for(child.reference, KeyGroup.FACTS, coordinator.organisation.key)
    assert unseal_from(row, "what", key=key) == WHAT
    line = Line.for_operations.filter(action="agree").latest("sequence")
    assert (line.field_class, line.object, line.child) == ("AGR", f"agreement:{one.pk}", child.reference)


@pytest.mark.parametrize(
    ("role", "kind", "makes"),
    [
        (Role.CARE_COORDINATOR, Kind.SCHOOL, True),
        (Role.SWV_ADVISER, Kind.SWV, True),
        (Role.ATTENDANCE_OFFICER, Kind.MUNICIPALITY, True),
        (Role.ATTENDANCE_COACH, Kind.COACH_SERVICE, True),
        (Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH, True),
        (Role.YOUTH_WORKER, Kind.YOUTH_HELP, True),
        (Role.MENTOR, Kind.SCHOOL, False),
        (Role.SCHOOL_NURSE, Kind.YOUTH_HEALTH, False),
    ],
)
def test_who_may_make_one_is_who_writes_agreements(child, school, role, kind, makes):
    actor = at_work(role, school if kind is Kind.SCHOOL else make.organisation(kind), child)
    if makes:
        assert made(actor, child).organisation == actor.organisation
    else:
        refuse(actor, "agree", "You make no agreements", agree, agreed_on(actor), child=child)


def test_kin_and_who_is_not_involved_make_none(child, school):
    for actor in (kin(child, "guardian"), make.actor(Role.CARE_COORDINATOR, school)):
        refuse(actor, "agree", "You make no agreements", agree, agreed_on(actor), child=child)
    assert not Agreement.for_operations.exists()


def test_the_doer_is_involved_and_reads_agreements(coordinator, child, school):
    mentor = at_work(Role.MENTOR, school, child)
    elsewhere = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    who = again(coordinator)
    assert doers_for(permit_of(who, fresh(child))) == [coordinator.membership, mentor.membership]
    assert made(coordinator, child, member=mentor.membership).doer_member == mentor.membership
    for member in (elsewhere.membership, None):
        refuse(
            coordinator,
            "agree",
            "Choose who does it",
            agree,
            agreed_on(coordinator, member=member),
            child=child,
        )


def test_the_chair_of_a_table_is_not_told_who_helps(child):
    helper = at_work(Role.YOUTH_PROTECTION, make.organisation(Kind.YOUTH_HELP), child)
    Learner.for_operations.filter(pk=child.pk).update(case_stage=3)
    chair = make.actor(Role.TABLE_CHAIR, make.organisation(Kind.TASKFORCE))
    make.involve(child, chair, kind="table", purpose="meeting")
    assert doers_for(permit_of(again(chair), fresh(child))) == [chair.membership]
    agreed = agreed_on(chair, member=helper.membership)
    refuse(chair, "agree", "Choose who does it", agree, agreed, child=child)
    assert made(chair, child, doer=PARENTS).organisation == chair.organisation


def test_the_learner_and_the_parents_can_do_something_too(coordinator, child):
    for doer in (LEARNER, PARENTS):
        row = made(coordinator, child, doer=doer)
        assert (row.doer, row.doer_member) == (doer.value, None)


@pytest.mark.parametrize("days", [-1, 367, 10_000])
def test_a_day_that_has_been_or_is_far_away_is_refused(coordinator, child, days):
    agreed = agreed_on(coordinator, due_on=in_days(days))
    refuse(coordinator, "agree", "from today on", agree, agreed, child=child)


def test_empty_words_are_refused(coordinator, child):
    refuse(coordinator, "agree", "Nothing was written", agree, agreed_on(coordinator, what=" "), child=child)


def test_twice_at_once_is_once_and_two_things_are_two(coordinator, child):
    first = made(coordinator, child)
    assert made(coordinator, child) == first
    assert made(coordinator, child, what="Iets anders") != first
    assert Agreement.for_operations.count() == 2


def test_done_by_another_who_may_and_then_it_is_settled(coordinator, adviser, child):
    one = made(coordinator, child)
    step = told(adviser, one, child, Said.DONE)
    assert (step.said, step.organisation, step.because) == ("done", adviser.organisation, None)
    refuse(
        coordinator, "settle_agreement", "settled already", say, one, Saying(Said.DONE), after=1, child=child
    )
    told(coordinator, one, child, Said.MOVED, because="Toch niet gelukt", to_on=in_days(9))
    assert Step.for_operations.count() == 2


@pytest.mark.parametrize("said", [Said.DIFFERENTLY, Said.NOT_DONE, Said.MOVED])
def test_otherwise_than_agreed_asks_why(coordinator, child, said):
    one = late(coordinator, child)
    saying = Saying(said, because=" ", to_on=in_days(3) if said is Said.MOVED else None)
    action = "move_agreement" if said is Said.MOVED else "settle_agreement"
    refuse(coordinator, action, "Say why", say, one, saying, after=0, child=child)


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "from today on"), (7, "stands on already"), (400, "year")]
)
def test_it_moves_to_another_day_from_today_on(coordinator, child, days, sentence):
    one = made(coordinator, child)
    saying = Saying(Said.MOVED, "Ziek", in_days(days))
    refuse(coordinator, "move_agreement", sentence, say, one, saying, after=0, child=child)
    refuse(
        coordinator,
        "move_agreement",
        "Choose a day",
        say,
        one,
        Saying(Said.MOVED, "Ziek"),
        after=0,
        child=child,
    )


def test_what_somebody_else_said_meanwhile_is_read_first(coordinator, adviser, child):
    one = made(coordinator, child)
    told(adviser, one, child, Said.MOVED, because="Ziek", to_on=in_days(8))
    with pytest.raises(Refused, match="in the meantime"):
        told(coordinator, one, child, Said.DONE, after=0)
    assert Step.for_operations.count() == 1


def test_a_step_is_sealed_and_its_line_names_no_words(coordinator, child):
    one = made(coordinator, child)
    step = told(coordinator, one, child, Said.NOT_DONE, because="Niemand nam op")
    assert b"Niemand" not in bytes(step.because)
    line = Line.for_operations.filter(action="settle_agreement").latest("sequence")
    assert (line.field_class, line.object) == ("AGR", f"agreement:{one.pk}")


def test_a_button_pressed_twice_says_it_once(coordinator, adviser, child):
    one = made(coordinator, child)
    first = told(coordinator, one, child, Said.DONE, after=0)
    assert told(coordinator, one, child, Said.DONE, after=0) == first
    with pytest.raises(Refused, match="in the meantime"):
        told(adviser, one, child, Said.DONE, after=0)
    assert Step.for_operations.count() == 1


def test_the_same_step_for_another_reason_is_another(coordinator, child):
    first = made(coordinator, child, why="Voor de leerling")
    assert made(coordinator, child, why="Voor de ouders") != first
    assert made(coordinator, child, why="Voor de leerling") == first


def test_who_reads_only_says_nothing_of_it(coordinator, child, school):
    one = made(coordinator, child)
    mentor = at_work(Role.MENTOR, school, child)
    refuse(mentor, "settle_agreement", "You do not say", say, one, Saying(Said.DONE), after=0, child=child)


def test_only_its_writer_strikes_it_out_once_and_before_anything_was_said(coordinator, adviser, child):
    one, other = made(coordinator, child), made(coordinator, child, what="Iets anders")
    refuse(adviser, "strike_agreement", "Only who wrote", strike, one, child=child)
    told(adviser, other, child, Said.DONE)
    refuse(coordinator, "strike_agreement", "Only who wrote", strike, other, child=child)
    with acting(again(coordinator), origin="test") as now:
        strike(permit_of(now, fresh(child)), one, child=child)
    refuse(coordinator, "strike_agreement", "struck out already", strike, one, child=child)
    refuse(
        coordinator, "settle_agreement", "was struck out", say, one, Saying(Said.DONE), after=0, child=child
    )


def test_about_a_destroyed_child_nothing_is_agreed(coordinator, child):
    told(coordinator, made(coordinator, child), child, Said.DONE)
    now = again(coordinator)
    permit = permit_of(now, fresh(child))
    shred_child(child, "command:retention")
    assert not Agreement.for_operations.exists() and not Step.for_operations.exists()
    with pytest.raises(Refused), acting(now, origin="test"):
        agree(permit, agreed_on(coordinator), child=child)
    assert not Agreement.for_operations.exists()


def test_an_agreement_of_long_ago_is_no_button_pressed_twice(coordinator, child):
    one = made(coordinator, child)
    Agreement.for_operations.filter(pk=one.pk).update(written_at=one.written_at - timedelta(minutes=2))
    assert made(coordinator, child) != one


def asked(adviser, coordinator, child):
    """What the coordinator agreed that the adviser does."""
    return made(coordinator, child, member=adviser.membership)


def stands(one):
    now = Agreement.for_operations.get(pk=one.pk)
    return now.course(Step.for_operations.filter(agreement=one.pk))


def test_who_is_to_do_it_accepts_it(coordinator, adviser, child):
    one = asked(adviser, coordinator, child)
    assert stands(one).accepted is None
    told(adviser, one, child, Said.ACCEPTED)
    assert stands(one).accepted is True and stands(one).is_open
    assert Line.for_operations.latest("sequence").action == "answer_agreement"
    refuse(adviser, "answer_agreement", "You accepted it already.", say, one, Saying(Said.ACCEPTED), after=1,
           child=child)  # fmt: skip


def test_a_refusal_says_why_and_leaves_it_open(coordinator, adviser, child):
    one = asked(adviser, coordinator, child)
    refuse(adviser, "answer_agreement", "Say why: who counted on it reads it.", say, one,
           Saying(Said.REFUSED), after=0, child=child)  # fmt: skip
    told(adviser, one, child, Said.REFUSED, because="Ik ben die week weg")
    assert stands(one).accepted is False and stands(one).is_open
    told(adviser, one, child, Said.ACCEPTED)  # on second thoughts
    assert stands(one).accepted is True


NOT_YOURS = "Only who is to do it accepts or refuses it."


def test_nobody_else_accepts_or_refuses_it(coordinator, adviser, child):
    one = asked(adviser, coordinator, child)
    for saying in (Saying(Said.ACCEPTED), Saying(Said.REFUSED, "Kan niet")):
        refuse(coordinator, "answer_agreement", NOT_YOURS, say, one, saying, after=0, child=child)
    for doer in (PARENTS, LEARNER):
        of_family = made(coordinator, child, doer=doer, what=f"Bellen door {doer}")
        refuse(coordinator, "answer_agreement", NOT_YOURS, say, of_family, Saying(Said.ACCEPTED), after=0,
               child=child)  # fmt: skip


def test_what_one_takes_upon_oneself_is_accepted_and_a_new_day_asks_anew(coordinator, adviser, child):
    own = made(coordinator, child)
    assert stands(own).accepted is True
    one = asked(adviser, coordinator, child)
    told(adviser, one, child, Said.ACCEPTED)
    told(coordinator, one, child, Said.MOVED, because="Later", to_on=in_days(9))
    assert stands(one).accepted is None
    told(adviser, one, child, Said.MOVED, because="Nog later", to_on=in_days(10))
    assert stands(one).accepted is True


def test_what_was_settled_is_not_accepted_any_more(coordinator, adviser, child):
    one = asked(adviser, coordinator, child)
    told(coordinator, one, child, Said.DONE)
    sentence = "It was settled already. Move it to a day to open it again."
    refuse(adviser, "answer_agreement", sentence, say, one, Saying(Said.ACCEPTED), after=1, child=child)


def test_what_asks_for_an_answer_and_what_was_refused_stands_in_lists_of_its_own(coordinator, adviser, child):
    one, other = asked(adviser, coordinator, child), made(coordinator, child, what="Zelf iets")
    found = queries.Agreements(again(adviser), queries.Choice())
    assert [row.id for row in found.chosen(show=queries.ASKED)] == [one.pk]
    assert queries.mine(again(coordinator), queries.ASKED, queries.WEEK) == ([], [])
    told(adviser, one, child, Said.REFUSED, because="Kan niet")
    found = queries.Agreements(again(adviser), queries.Choice())
    assert found.chosen(show=queries.ASKED) == []
    (row,) = found.chosen(show=queries.REFUSED)
    assert row.id == one.pk and not queries.is_held(row, stage=2)
    held = queries.Agreements(again(coordinator), queries.Choice()).rows
    assert [queries.is_held(row, stage=2) for row in held if row.id == other.pk] == [True]


def test_who_reads_agreements_only_is_not_asked_for_a_yes(school, coordinator, child):
    mentor = at_work(Role.MENTOR, school, child)
    one = made(coordinator, child, member=mentor.membership)
    assert queries.mine(again(mentor), queries.ASKED, queries.OPEN)[0] == []
    assert [row.id for row in queries.mine(again(mentor), queries.OPEN)[0]] == [one.pk]
