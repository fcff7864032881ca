"""Link or not: what is open, what a person says of it, a second pair of eyes, and undoing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.access.refusal import Refused
from inbeeld.engine.linkage.decisions import NOT_SAME, SAME, UNSURE
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Role
from inbeeld.reconciliation import operations_agreed
from inbeeld.reconciliation.models import Because, RoundState, Said
from inbeeld.reconciliation.operations_pairs import say
from inbeeld.reconciliation.searching import found_on
from inbeeld.reconciliation.standing import stands
from inbeeld.reconciliation.tests.laying import LEERPLICHT, SWV_VO, do, lay, work

database = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TWINS, CALL_NAME = ("LP-11", "VO-21"), ("LP-12", "VO-22")


def said(region, actor, records, decision, **more):
    pair = region.pair(actor, *records)
    more = {"because": Because.SHOWN, "as_seen": pair.as_seen} | more
    return do(actor, say, region.round(), pair, decision=decision, **more)


def open_ones(region, actor):
    return [(one.left.id, one.right.id) for one in region.lying(actor).open_pairs]


class TestInTheDatabase:
    pytestmark = database

    def test_families_come_first_and_nothing_that_is_sure(self, open_region):
        assert open_ones(open_region, open_region.anneke) == [TWINS, CALL_NAME]
        pair = open_region.pair(open_region.anneke, *TWINS)
        verdicts = {one.name: one.verdict for one in pair.fields}
        assert (verdicts["last_name"], verdicts["call_name"], verdicts["born_on"]) == (
            "same",
            "different",
            "same",
        )
        assert pair.reason == "twin"

    def test_linked_by_a_person_they_are_one_child_in_the_next_working(self, open_region):
        said(open_region, open_region.marit, CALL_NAME, SAME)
        assert open_region.round().state == RoundState.AGAIN
        assert CALL_NAME not in open_ones(open_region, open_region.anneke), "who looks next does not see it"
        work()
        child = open_region.child(open_region.anneke, "Postma")
        assert child.on == ("leerplicht", "swv vo") and not child.missing
        assert open_region.round().counts["children"] == 10

    def test_undone_both_lists_have_their_own_child_again(self, open_region):
        assert open_region.child(open_region.anneke, "Brinkhof").links
        said(open_region, open_region.marit, ("LP-01", "VO-01"), NOT_SAME, because=Because.NAMESAKE)
        assert not open_region.child(open_region.anneke, "Brinkhof").links, "nobody is asked to undo it again"
        work()
        both = [one for one in open_region.lying(open_region.anneke).children if one.name == "Fenna Brinkhof"]
        assert {one.on for one in both} == {("leerplicht",), ("swv vo",)}
        assert ("LP-01", "VO-01") not in open_ones(open_region, open_region.anneke)
        said(open_region, open_region.anneke, ("LP-01", "VO-01"), SAME, because=Because.CALLED)
        work()
        assert open_region.child(open_region.anneke, "Brinkhof").on == ("leerplicht", "swv vo")
        assert Said.objects.count() == 2, "nothing is erased"

    def test_remembered_in_the_next_round_and_asked_again_only_when_the_rows_changed(self, open_region):
        said(open_region, open_region.anneke, TWINS, NOT_SAME, because=Because.TWIN)
        lay(open_region)
        assert open_ones(open_region, open_region.anneke) == [CALL_NAME]
        moved = [one | {"postcode": "9712ZZ"} if one["id"] == "LP-11" else one for one in LEERPLICHT]
        lay(open_region, {"leerplicht": moved, "swv_vo": SWV_VO})
        assert TWINS in open_ones(open_region, open_region.anneke)
        pair = open_region.pair(open_region.anneke, *TWINS)
        assert pair.has_changed and pair.stands.holds == NOT_SAME
        said(open_region, open_region.anneke, TWINS, NOT_SAME, because=Because.TWIN)
        assert TWINS not in open_ones(open_region, open_region.anneke)

    def test_a_second_pair_of_eyes_does_not_see_the_first(self, open_region):
        said(open_region, open_region.anneke, CALL_NAME, SAME, second=True)
        pair = open_region.pair(open_region.marit, *CALL_NAME)
        assert pair.stands.waits is not None and not pair.stands.holds
        with pytest.raises(Refused, match="asked somebody else"):
            said(open_region, open_region.anneke, CALL_NAME, SAME)
        said(open_region, open_region.anneke, CALL_NAME, UNSURE)
        assert open_region.pair(open_region.marit, *CALL_NAME).stands.waits is None, "taken back"
        said(open_region, open_region.anneke, CALL_NAME, SAME, second=True)
        said(open_region, open_region.marit, CALL_NAME, NOT_SAME)
        differ = open_region.pair(open_region.marit, *CALL_NAME).stands
        assert differ.differ and differ.is_open
        said(open_region, open_region.anneke, CALL_NAME, SAME)
        assert open_region.pair(open_region.marit, *CALL_NAME).stands.holds == SAME

    def test_only_reviewers_who_see_both_lists_say_anything(self, open_region):
        pair = open_region.pair(open_region.anneke, *TWINS)
        colleague = make.actor(Role.LEERPLICHT_DESK, open_region.municipality)
        for who in (colleague, make.actor(Role.ATTENDANCE_OFFICER, open_region.municipality)):
            with pytest.raises(Refused, match="appointed"):
                do(who, say, open_region.round(), pair, decision=SAME, as_seen=pair.as_seen)
        sharing = open_region.party("swv_vo").shared.get()
        do(open_region.marit, operations_agreed.end_sharing, sharing)
        with pytest.raises(Refused, match="may see both"):
            do(open_region.anneke, say, open_region.round(), pair, decision=SAME, as_seen=pair.as_seen)

    def test_who_decides_on_an_old_page_looks_again(self, open_region):
        old = open_region.pair(open_region.anneke, *TWINS)
        said(open_region, open_region.marit, TWINS, UNSURE)
        with pytest.raises(Refused, match="Look again"):
            do(open_region.anneke, say, open_region.round(), old, decision=SAME, as_seen="x")
        now = open_region.pair(open_region.anneke, *TWINS)
        with pytest.raises(Refused, match="Look again"):
            do(open_region.anneke, say, open_region.round(), now, decision=SAME, as_seen=old.as_seen)

    def test_not_sure_stays_open_and_both_stay_in_sight(self, open_region):
        said(open_region, open_region.marit, TWINS, UNSURE)
        work()
        assert TWINS in open_ones(open_region, open_region.anneke)
        names = {one.name for one in open_region.lying(open_region.anneke).children}
        assert {"Aukje Ritsema", "Baukje Ritsema"} <= names

    def test_somebody_not_among_the_pairs_is_found_and_linked(self, open_region):
        lying = open_region.lying(open_region.anneke)
        for sought in ("hai dou", "30-11-2010", "2010-11-30 haitsma"):
            assert [one.id for one in found_on(lying, "swv_vo", sought)[0]] == ["VO-20"], sought
        for sought in ("  ", "brinkhof wouda", "het anker"):
            assert found_on(lying, "swv_vo", sought) == ([], False), sought
        said(open_region, open_region.anneke, ("LP-10", "VO-20"), SAME, because=Because.CALLED)
        work()
        assert open_region.child(open_region.anneke, "Wouda").on == ("leerplicht", "swv vo")


def things_said():
    return st.lists(
        st.tuples(st.sampled_from((SAME, NOT_SAME, UNSURE)), st.booleans(), st.booleans()),
        min_size=1,
        max_size=8,
    )


@given(things_said())
def test_what_holds_is_the_last_word_that_needed_no_second_or_had_one(found):
    """A plain twin: walk through what was said, and keep what holds and what waits."""
    history, waits, holds = [], None, ""
    for decision, second, answers in found:
        about = waits if waits is not None and answers else None
        one = Said(decision=decision, second=second and about is None, about=about)
        history.append(one)
        plain = "" if decision == UNSURE else decision
        if about is not None:
            holds, waits = (plain if about.decision == decision else ""), None
        elif one.second:
            holds, waits = "", one
        else:
            holds, waits = plain, None
    now = stands(history)
    assert (now.holds, now.waits) == (holds, waits)
    assert now.is_open == (not holds)
