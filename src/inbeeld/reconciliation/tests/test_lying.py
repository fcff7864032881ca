"""What each party sees of a round: both, only us, and of only them a number; more when its keeper shares."""

from __future__ import annotations

import pytest

from inbeeld.access.refusal import Refused
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Role
from inbeeld.reconciliation import operations_agreed, places, policies
from inbeeld.reconciliation.models import Reason, Reviewer, Settled, Sharing
from inbeeld.reconciliation.operations_settle import open_again, settle
from inbeeld.reconciliation.tests.laying import GROUND, do

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def names(lying):
    return {one.name for one in lying.children}


def test_without_a_ground_each_sees_its_own_list_and_a_number_of_the_rest(region, round_):
    ours, theirs = region.lying(region.anneke), region.lying(region.marit)
    assert names(ours) == {
        "Fenna Brinkhof", "Jorrit Oldehinkel", "Mirthe Zandstra", "Hidde Terwisscha", "Sipke Wouda",
        "Aukje Ritsema", "Jan Postma", "Lotte Kuipers",
    }  # fmt: skip
    assert ours.unseen() == {"swv vo": 3}
    assert theirs.unseen() == {"leerplicht": 4}
    assert not names(theirs) & {"Sipke Wouda", "Aukje Ritsema", "Jan Postma", "Lotte Kuipers"}
    both = region.child(region.anneke, "Brinkhof")
    assert both.on == ("leerplicht", "swv vo") and [one.list for one in both.rows] == ["leerplicht"]
    assert not ours.open_pairs, "two records are shown to who may see both"


def test_the_list_of_another_is_not_opened_at_all(region, round_, monkeypatch):
    opened = []
    whole = places.kept_rows
    monkeypatch.setattr(
        places,
        "kept_rows",
        lambda round_, party, **more: opened.append(party) or whole(round_, party, **more),
    )
    assert region.lying(region.marit).children
    assert set(opened) == {"swv_vo"}


def test_shared_on_a_ground_and_ended_again(region, round_):
    made = do(
        region.marit,
        operations_agreed.share,
        region.party("swv_vo"),
        receiver=region.municipality,
        ground=GROUND,
    )
    assert "Doutzen Haitsma" in names(region.lying(region.anneke))
    assert region.lying(region.anneke).unseen() == {}
    assert "Sipke Wouda" not in names(region.lying(region.marit)), "it goes one way"
    with pytest.raises(Refused, match="Only who keeps a list"):
        do(region.anneke, operations_agreed.end_sharing, made)
    do(region.marit, operations_agreed.end_sharing, made)
    assert "Doutzen Haitsma" not in names(region.lying(region.anneke))
    assert Sharing.objects.get().ground == GROUND and Sharing.objects.get().ended_by is not None


def test_a_list_is_shared_by_who_keeps_it_with_who_takes_part_and_on_a_ground(region):
    party = region.party("swv_vo")
    for who, receiver, ground, why in (
        (region.anneke, region.municipality, GROUND, "Only who keeps a list"),
        (region.marit, region.municipality, "  ", "on which ground"),
        (region.marit, region.swv, GROUND, "lays theirs beside it"),
        (region.marit, make.organisation(), GROUND, "lays theirs beside it"),
    ):
        with pytest.raises(Refused, match=why):
            do(who, operations_agreed.share, party, receiver=receiver, ground=ground)


def test_an_address_is_not_shown_to_whose_role_reads_none(open_region):
    pair = open_region.pair(open_region.marit, "LP-11", "VO-21")
    hidden = {one.name: (one.left, one.right, one.verdict) for one in pair.fields if one.hidden}
    assert hidden == {"postcode": ("", "", "same"), "house_number": ("", "", "same")}
    assert "postcode" not in pair.left.cells
    shown = open_region.pair(open_region.anneke, "LP-11", "VO-21")
    assert not [one for one in shown.fields if one.hidden] and shown.left.cells["postcode"] == "9711AB"


def test_a_child_of_primary_school_is_not_missing_on_the_list_of_secondary(open_region):
    assert not open_region.child(open_region.anneke, "Kuipers").missing
    assert [one.list for one in open_region.child(open_region.anneke, "Wouda").missing] == ["swv_vo"]


def test_who_ends_their_work_or_reads_no_lists_sees_nothing(open_region):
    for role in (Role.ATTENDANCE_OFFICER, Role.ANALYST, Role.PRIVACY_OFFICER, Role.APPLICATION_ADMINISTRATOR):
        lying = open_region.lying(make.actor(role, open_region.municipality))
        assert not lying.seen_lists and not lying.children and not lying.open_pairs
    gone = make.actor(Role.LEERPLICHT_DESK, open_region.municipality, until_on=make.ON)
    assert not open_region.lying(gone).children


def test_a_reason_holds_for_the_child_and_is_opened_again(open_region):
    reason = Reason.objects.get(key="moved_out")
    child = open_region.child(open_region.anneke, "Wouda")
    where = open_region.party("swv_vo")
    do(open_region.marit, settle, open_region.round(), [open_region.child(open_region.marit, "Wouda")],
       missing_on=where, reason=reason, owner=None)  # fmt: skip
    [missing] = open_region.child(open_region.anneke, "Wouda").missing
    assert missing.settled.reason == "moved out of the region" and not missing.is_open
    do(open_region.anneke, open_again, open_region.round(), [child], missing_on=where)
    assert open_region.child(open_region.anneke, "Wouda").missing[0].is_open
    with pytest.raises(Refused, match="Nothing was said"):
        do(open_region.anneke, open_again, open_region.round(), [child], missing_on=where)
    assert Settled.objects.count() == 1


def test_a_reason_that_settles_nothing_has_an_owner(open_region):
    reason, where = Reason.objects.get(key="to_be_added"), open_region.party("swv_vo")
    child = open_region.child(open_region.anneke, "Wouda")
    arguments = {"missing_on": where, "reason": reason}
    with pytest.raises(Refused, match="who does something"):
        do(open_region.anneke, settle, open_region.round(), [child], **arguments, owner=None)
    with pytest.raises(Refused, match="answers given"):
        do(open_region.anneke, settle, open_region.round(), [child], **arguments, owner=make.organisation())
    do(open_region.anneke, settle, open_region.round(), [child], **arguments, owner=open_region.swv)
    [missing] = open_region.child(open_region.marit, "Wouda").missing
    assert missing.settled.owner == open_region.swv.name and missing.settled.mine and not missing.is_open
    [seen_by_others] = open_region.child(open_region.anneke, "Wouda").missing
    assert not seen_by_others.settled.mine


def test_who_sees_only_their_own_list_says_why_of_nobody_else(region, round_):
    region_child = region.child(region.anneke, "Wouda")
    with pytest.raises(Refused, match="do not see this child"):
        do(region.marit, settle, region.round(), [region_child], missing_on=region.party("swv_vo"),
           reason=Reason.objects.get(key="moved_out"), owner=None)  # fmt: skip


def test_reasons_are_the_leaders_to_keep(region):
    with pytest.raises(Refused, match="who leads"):
        do(region.marit, operations_agreed.add_reason, region.comparison, text="Anders", settles=True)
    made = do(
        region.anneke, operations_agreed.add_reason, region.comparison, text=" Op  reis ", settles=False
    )
    assert (made.text, made.settles) == ("Op reis", False)
    with pytest.raises(Refused, match="there already"):
        do(region.anneke, operations_agreed.add_reason, region.comparison, text="op reis", settles=True)
    do(region.anneke, operations_agreed.end_reason, made)
    with pytest.raises(Refused, match="ended already"):
        do(region.anneke, operations_agreed.end_reason, made)


def test_a_reviewer_is_who_hands_in_a_list_here(region):
    for who, why in (
        (make.actor(Role.ATTENDANCE_OFFICER, region.municipality), "hands in a list here"),
        (make.actor(Role.SWV_COORDINATOR, make.organisation()), "hands in a list here"),
    ):
        with pytest.raises(Refused, match=why):
            do(region.anneke, operations_agreed.appoint_reviewer, region.comparison, who.membership)
    do(region.anneke, operations_agreed.appoint_reviewer, region.comparison, region.marit.membership)
    with pytest.raises(Refused, match="appointed already"):
        do(region.anneke, operations_agreed.appoint_reviewer, region.comparison, region.marit.membership)
    assert policies.reviews(region.marit, region.comparison)
    do(region.anneke, operations_agreed.end_reviewer, Reviewer.objects.get())
    assert not policies.reviews(region.marit, region.comparison)
