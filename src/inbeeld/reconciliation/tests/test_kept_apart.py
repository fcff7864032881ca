"""What a careful reader asked: does anything reach who should not see it, is any child lost from sight?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inbeeld.access.refusal import Refused
from inbeeld.kernel.rounds import Compared, ListOf, SideBySide
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import post, visitor, words
from inbeeld.organisations.models import Kind, Role
from inbeeld.reconciliation import (
    expected,
    operations,
    operations_agreed,
    operations_work,
    places,
)
from inbeeld.reconciliation.models import Comparison, ListState, Reason, Round, RoundState, Said, Settled
from inbeeld.reconciliation.operations_pairs import check, say
from inbeeld.reconciliation.operations_settle import open_again, settle
from inbeeld.reconciliation.sampled import Sampled
from inbeeld.reconciliation.tests.laying import (
    GROUND,
    LEERPLICHT,
    SWV_VO,
    a_region,
    as_csv,
    do,
    hand_in,
    home,
    lay,
    quiet,
    work,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def three(db):
    """Three lists: leerplicht shares with the SWV, youth health with nobody."""
    ggd = make.organisation(Kind.YOUTH_HEALTH, sector="")
    region = a_region(jgz=ggd.key)
    nurse = make.actor(Role.SCHOOL_NURSE, ggd)
    do(region.anneke, operations_agreed.share, region.party("leerplicht"), receiver=region.swv, ground=GROUND)
    do(region.anneke, operations.begin_round, region.comparison)
    hand_in(region, "leerplicht", LEERPLICHT)
    hand_in(region, "swv_vo", SWV_VO)
    rows = [one | {"id": one["id"].replace("LP", "JG"), "category": "somber"} for one in LEERPLICHT[:5]]
    hand_in(region, "jgz", rows, by=nurse)
    work()
    assert region.round().state == RoundState.COMPARED, region.round().wrong
    return region


def test_who_is_shown_a_list_does_not_learn_who_of_it_is_on_a_third(three):
    sipke = three.child(three.marit, "Wouda")
    assert sipke.on == ("leerplicht",) and [one.list for one in sipke.missing] == ["swv_vo"]
    fenna = three.child(three.marit, "Brinkhof")
    assert fenna.on == ("leerplicht", "swv vo", "jgz"), "of her own list she learns on which others it is"
    text = visitor(three.marit).get(f"/lijsten/{three.comparison.pk}/mist/jgz/").content.decode()
    assert "Wouda" not in text and "Haitsma" in text


def test_as_what_youth_health_lists_a_child_is_not_kept_and_nobody_reads_anothers_words(three):
    rows = places.kept_rows(three.round().pk, "jgz")
    assert {one["category"] for one in rows} == {""}
    lists = {"leerplicht": [one | {"category": "thuis"} for one in LEERPLICHT], "swv_vo": SWV_VO, "jgz": rows}
    nurse = make.actor(Role.SCHOOL_NURSE, three.party("jgz").organisation)
    do(three.anneke, operations.begin_round, three.comparison)
    for name, some in lists.items():
        hand_in(three, name, some, by=nurse if name == "jgz" else None)
    work()
    assert three.child(three.anneke, "Brinkhof").rows[0].category == "thuis"
    assert three.child(three.marit, "Brinkhof").rows[0].list == "leerplicht"
    assert three.child(three.marit, "Brinkhof").rows[0].category == ""


def test_another_keeper_of_a_list_does_not_see_what_the_old_one_handed_in(region, round_):
    other = make.organisation(Kind.SWV)
    lists = (
        ListOf("leerplicht", "leerplicht", region.municipality.key),
        ListOf("swv_vo", "swv vo", other.key),
    )
    wanted = SideBySide(
        key="thuiszitters", name="x", compared=Compared.CHILDREN, led_by=region.municipality.key,
        every_days=21, days_to_deliver=5, lists=lists,
    )  # fmt: skip
    do(
        region.marit,
        operations_agreed.share,
        region.party("swv_vo"),
        receiver=region.municipality,
        ground=GROUND,
    )
    operations_agreed.set_up(wanted, region="noorderveen", at=make.timezone.now())
    new = make.actor(Role.SWV_COORDINATOR, other)
    assert not region.lying(new).children and region.lying(new).unseen()
    assert not any(row.list == "swv_vo" for one in region.lying(region.anneke).children for row in one.rows)


def test_taken_back_while_it_is_read_nothing_stays_and_the_right_one_is_read(region, monkeypatch):
    do(region.anneke, operations.begin_round, region.comparison)
    hand_in(region, "leerplicht", LEERPLICHT[:2])
    whole = operations_work._read

    def slowly(one):
        found = whole(one)
        do(region.anneke, operations.take_back, region.handed("leerplicht"))
        hand_in(region, "leerplicht", LEERPLICHT)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(operations_work, "_read", slowly)
        operations_work.read_next_list(quiet)
    assert region.handed("leerplicht").state == ListState.RECEIVED
    assert not list(places.folder_of(region.round().pk).glob("*.rows"))
    work()
    assert region.handed("leerplicht").rows == len(LEERPLICHT)


def settled(region, actor, name, key, **more):
    return do(
        actor, settle, region.round(), [region.child(actor, name)], missing_on=region.party("swv_vo"),
        reason=Reason.objects.get(key=key), owner=more.get("owner"),
    )  # fmt: skip


def test_what_was_said_of_a_child_ends_when_the_list_has_it_and_is_asked_anew(open_region):
    settled(open_region, open_region.anneke, "Wouda", "back_at_school")
    lay(open_region, {"leerplicht": [one for one in LEERPLICHT if one["id"] != "LP-10"], "swv_vo": SWV_VO})
    assert Settled.objects.get().ended_at is not None
    lay(open_region, {"leerplicht": LEERPLICHT, "swv_vo": SWV_VO})
    assert open_region.child(open_region.anneke, "Wouda").missing[0].is_open


def test_the_last_said_of_a_child_holds_whoever_said_it(open_region):
    settled(open_region, open_region.anneke, "Wouda", "exempt")
    settled(open_region, open_region.marit, "Wouda", "to_be_added", owner=open_region.swv)
    [one] = open_region.child(open_region.anneke, "Wouda").missing
    assert one.settled.reason.startswith("belongs on the list")
    child = open_region.child(open_region.marit, "Wouda")
    do(open_region.marit, open_again, open_region.round(), [child], missing_on=open_region.party("swv_vo"))
    assert open_region.child(open_region.anneke, "Wouda").missing[0].settled is None


def test_of_several_children_all_are_said_or_none(open_region):
    two = [open_region.child(open_region.anneke, name) for name in ("Wouda", "Brinkhof")]
    with pytest.raises(Refused, match="does not lack"):
        do(open_region.anneke, settle, open_region.round(), two, missing_on=open_region.party("swv_vo"),
           reason=Reason.objects.get(key="exempt"), owner=None)  # fmt: skip
    assert not Settled.objects.exists()


@pytest.mark.parametrize(("born", "primary", "secondary"), [
    ("2015-06-01", True, False), ("2014-06-01", True, True), ("2013-06-01", False, True), ("", True, True),
])  # fmt: skip
def test_in_the_year_of_twelve_a_child_may_be_on_either_list(born, primary, secondary, db):
    party = a_region().party("swv_vo")
    for sector, wanted in (("po", primary), ("vo", secondary)):
        party.organisation.sector = sector
        assert expected.belongs_on(party, {"born_on": born}, schools={}, on=date(2026, 10, 1)) is wanted


def test_files_that_were_altered_are_told_and_not_taken_for_nobody_missing(open_region):
    file = places.folder_of(open_region.round().pk) / places.OUTCOME
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    here = f"/lijsten/{open_region.comparison.pk}/"
    assert "cannot be read any more" in words(visitor(open_region.anneke).get(here))
    for part in ("mist/swv_vo/", "koppelen/"):
        page = words(visitor(open_region.anneke).get(here + part))
        assert "cannot be read any more" in page and "Well done" not in page


def test_a_sample_that_fits_no_more_does_not_take_the_round_away(open_region):
    for one in [one for one in Sampled(open_region.lying(open_region.anneke)).to_do if one.is_link]:
        do(open_region.anneke, check, open_region.round(), one.pair, found=True)
    pair = open_region.pair(open_region.anneke, "LP-01", "VO-02")
    do(open_region.anneke, say, open_region.round(), pair, decision="same", as_seen=pair.as_seen)
    work()
    now = open_region.round()
    assert now.state == RoundState.COMPARED and now.counts["warnings"], now.wrong


def test_what_breaks_the_engine_leaves_the_round_as_it_was(open_region, monkeypatch):
    monkeypatch.setattr(operations_work, "compare_lists", lambda *_, **__: 1 / 0)
    operations.work_out_again(open_region.round())
    assert operations_work.compare_next(quiet)
    now = open_region.round()
    assert now.state == RoundState.COMPARED and now.counts["warnings"][-1]["warning"] == "not_worked_in"
    assert "could not be worked in" in words(
        visitor(open_region.anneke).get(f"/lijsten/{now.comparison.pk}/")
    )


def test_what_is_decided_while_it_is_worked_out_is_worked_out_after_it(open_region, monkeypatch):
    whole = operations_work.compare_lists

    def slowly(one, **more):
        found = whole(one, **more)
        pair = open_region.pair(open_region.marit, "LP-12", "VO-22")
        do(open_region.marit, say, open_region.round(), pair, decision="same", as_seen=pair.as_seen)
        return found

    operations.work_out_again(open_region.round())
    with monkeypatch.context() as patched:
        patched.setattr(operations_work, "compare_lists", slowly)
        operations_work.compare_next(quiet)
    assert open_region.round().state == RoundState.AGAIN
    work()
    assert open_region.child(open_region.anneke, "Postma").on == ("leerplicht", "swv vo")


def test_lists_in_another_order_keep_what_was_said(open_region):
    pair = open_region.pair(open_region.anneke, "LP-11", "VO-21")
    do(open_region.anneke, say, open_region.round(), pair, decision="not_same", as_seen=pair.as_seen)
    for name, place in (("leerplicht", 1), ("swv_vo", 0)):
        party = open_region.party(name)
        type(party).objects.filter(pk=party.pk).update(place=place)
    turned = open_region.pair(open_region.anneke, "LP-11", "VO-21")
    assert turned.left.list == "swv_vo" and turned.stands.holds == "not_same"


def test_somebody_is_looked_for_in_a_register_linked_and_let_go_again(db):
    region = a_region(compared=Compared.ROLL)
    people = [home(f"BR-{n}", f"{n}", f"Wiersema{chr(97 + n)}", "Sietske", f"2013-01-1{n}") for n in range(9)]
    do(region.anneke, operations.begin_round, region.comparison)
    hand_in(region, "register", [*people, home("BR-90", "9", "Ouderkerk", "Tjeerd", "2013-01-01")])
    rows = [one | {"id": one["id"].replace("BR", "IN")} for one in people]
    hand_in(region, "enrolments", [*rows, home("IN-90", "77", "Bakema", "Yme", "2010-10-21")])
    work()
    do(region.anneke, operations_agreed.appoint_reviewer, region.comparison, region.anneke.membership)
    here = f"/lijsten/{region.comparison.pk}/"
    assert region.round().state == RoundState.COMPARED, region.round().wrong
    child = region.child(region.anneke, "Ouderkerk")
    page = visitor(region.anneke).get(f"{here}zoeken/{child.key}/enrolments/?q=bake")
    assert "Bakema" in words(page)
    lying = region.lying(region.anneke)
    for right in ("IN-0", "IN-90"):  # one that no page shows, and one that does
        key = lying.key_of(("register", "BR-90"), ("enrolments", right))
        assert visitor(region.anneke).get(f"{here}koppelen/{key}/").status_code == 200
    pair = lying.pair(key)
    do(region.anneke, say, region.round(), pair, decision="same", as_seen=pair.as_seen)
    work()
    assert "Ouderkerk" in words(visitor(region.anneke).get(f"{here}gekoppeld/"))
    again = region.lying(region.anneke).linked_by_people[0]
    do(region.anneke, say, region.round(), again, decision="not_same", as_seen=again.as_seen)
    work()
    assert region.child(region.anneke, "Ouderkerk").missing[0].is_open


def test_a_second_pair_of_eyes_is_not_passed_by_in_the_sample(open_region):
    pair = open_region.pair(open_region.anneke, "LP-01", "VO-01")
    do(open_region.anneke, say, open_region.round(), pair, decision="same", second=True, as_seen=pair.as_seen)
    do(open_region.anneke, check, open_region.round(), pair, found=False)
    assert Said.objects.count() == 1, "she asked somebody else, and says nothing more of it herself"
    assert not [
        one for one in Sampled(open_region.lying(open_region.anneke)).to_do
        if one.pair and not one.is_link and one.pair.stands and one.pair.stands.waits
    ]  # fmt: skip


def test_a_list_that_does_not_come_is_left_out_and_the_others_lie_side_by_side(db):
    ggd = make.organisation(Kind.YOUTH_HEALTH, sector="")
    region = a_region(jgz=ggd.key)
    do(region.anneke, operations.begin_round, region.comparison)
    hand_in(region, "leerplicht", LEERPLICHT)
    do(region.anneke, operations.leave_out, region.handed("jgz"))
    hand_in(region, "swv_vo", SWV_VO)
    work()
    assert region.round().state == RoundState.COMPARED
    assert "Without the list of jgz" in words(visitor(region.anneke).get(f"/lijsten/{region.comparison.pk}/"))
    assert {one.list for child in region.lying(region.anneke).children for one in child.missing} == {"swv_vo"}


def test_lists_of_a_comparison_that_ended_are_not_there_and_not_kept(open_region):
    Comparison.objects.update(ended_at=make.timezone.now())
    assert visitor(open_region.anneke).get(f"/lijsten/{open_region.comparison.pk}/").status_code == 404
    folder = places.folder_of(open_region.round().pk)
    soon, late = make.timezone.localdate() + timedelta(days=1), make.timezone.localdate() + timedelta(days=99)
    operations_work.each_day(soon)
    assert folder.exists()
    operations_work.each_day(late)
    assert not folder.exists() and Round.objects.get().state == RoundState.ENDED


def test_bsns_in_any_column_are_refused_when_they_are_handed_in(region):
    do(region.anneke, operations.begin_round, region.comparison)
    numbers = ("111222333", "123456782", "987654329")
    rows = [one | {"category": number} for one, number in zip(LEERPLICHT, numbers, strict=False)]
    do(region.anneke, operations.hand_in, region.handed("leerplicht"), as_csv(rows))
    work()
    now = region.handed("leerplicht")
    assert now.state == ListState.UNUSABLE and now.wrong["column"] == "category"


def test_who_asked_for_a_second_look_where_nobody_else_can_is_not_offered_it(region, round_):
    for name, receiver in (("leerplicht", region.swv), ("swv_vo", region.municipality)):
        keeper = region.anneke if name == "leerplicht" else region.marit
        do(keeper, operations_agreed.share, region.party(name), receiver=receiver, ground=GROUND)
    do(region.anneke, operations_agreed.appoint_reviewer, region.comparison, region.anneke.membership)
    [pair, _other] = region.lying(region.anneke).open_pairs
    there = f"/lijsten/{region.comparison.pk}/koppelen/{pair.key}/"
    assert "Let somebody else look too" not in words(visitor(region.anneke).get(there))
    do(region.anneke, operations_agreed.appoint_reviewer, region.comparison, region.marit.membership)
    assert "Let somebody else look too" in words(visitor(region.anneke).get(there))
    assert (
        post(region.anneke, there, decision="same", because="shown", as_seen=pair.as_seen).status_code == 302
    )
