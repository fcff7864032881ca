"""Organisations that fit together, and memberships that begin, are confirmed and end, each in the journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation

from inbeeld.journal.models import Line
from inbeeld.organisations import operations
from inbeeld.organisations.models import KINDS_OF_ROLE, Kind, Membership, Organisation, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FIRST, TODAY = date(2025, 8, 1), date(2026, 4, 17)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def organisation(key: str, kind: Kind = Kind.SCHOOL, **values: str) -> Organisation:
    return Organisation(key=key, kind=kind, **{"region": "noorderveen", "name": key, **values})


def enter(*found: Organisation, **more: object) -> list[Organisation]:
    operations.enter_organisations(found, **more)
    return list(Organisation.objects.filter(key__in=[one.key for one in found]).order_by("key"))


def appointed(role: Role = Role.MENTOR, key: str = "school", **more: object) -> Membership:
    (at,) = enter(organisation(key))
    return operations.appoint(("Marit", "Hoogeveen"), role=role, at=at, **{"from_on": FIRST, **more})


# --- organisations -------------------------------------------------------------------------------


def test_a_site_is_part_of_its_school_and_a_school_of_its_board():
    found = [
        organisation("site", brin="99ZZ03"),
        organisation("school", brin="99ZZ"),
        organisation("b", Kind.BOARD),
    ]
    board, school, site = enter(*found, part_of={"site": "school", "school": "b"})
    assert (site.part_of, school.part_of, board.part_of) == (school, board, None)
    enter(organisation("site", brin="99ZZ03", name="De Nieuwe Naam"))
    site.refresh_from_db()
    assert (site.part_of, site.name) == (school, "De Nieuwe Naam")


@pytest.mark.parametrize("brin", ["99ZZ", "99ZZ03", ""])
def test_a_brin_has_four_characters_or_six_for_a_site(brin):
    assert enter(organisation("school", brin=brin))[0].brin == brin


@pytest.mark.parametrize("brin", ["9ZZ", "ZZ99", "99zz", "99ZZ3", "99ZZ033", "99ZZ ", "９９ZZ", "99ZZ03\n"])
def test_an_odd_brin_is_refused_and_nothing_is_entered(brin):
    with pytest.raises(operations.Impossible, match="no BRIN"):
        enter(organisation("other"), organisation("school", brin=brin))
    assert not Organisation.objects.exists()


def test_postcodes_belong_to_an_swv_and_a_delivery_without_them_takes_none_away():
    (swv,) = enter(organisation("swv", Kind.SWV, postcodes="9401,9402"))
    assert swv.postcodes == "9401,9402"
    (swv,) = enter(organisation("swv", Kind.SWV))
    assert swv.postcodes == "9401,9402"


@pytest.mark.parametrize(
    ("kind", "postcodes"),
    [(Kind.SWV, "9401;9402"), (Kind.SWV, "0999"), (Kind.SWV, "9401,"), (Kind.SCHOOL, "9401")],
)
def test_odd_postcodes_are_refused(kind, postcodes):
    with pytest.raises(operations.Impossible, match="postcodes"):
        enter(organisation("one", kind, postcodes=postcodes))


def test_an_unknown_kind_is_refused():
    with pytest.raises(operations.Impossible, match="kind"):
        enter(organisation("one", "castle"))


@pytest.mark.parametrize(
    "key",
    [
        "", "Het-Anker", "het anker", "anker\n", "región", "region:noorderveen", "-anker", "a/b", "123456782",
        "12345678", "school-1234.5678", "a" * 61,
    ],
)  # fmt: skip
def test_a_key_that_the_journal_does_not_take_is_refused_not_repeated_and_nothing_is_entered(key):
    with pytest.raises(operations.Impossible, match="of Het Anker cannot stand in the log") as refused:
        enter(organisation("other"), organisation(key, name="Het Anker", kind="castle"))
    assert not key or key not in str(refused.value)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "key",
    [
        "anker", "S-1", "99ZZ03", "swv_vo", "a.b", "1234567", "A" * 60,
        "a0000000-0000-4000-8000-000000000001",
    ],
)  # fmt: skip
def test_a_key_that_is_entered_can_stand_in_the_journal(key):
    (at,) = enter(organisation(key))
    by = operations.appoint(("Marit", "Hoogeveen"), role=Role.MENTOR, at=at, from_on=FIRST)
    operations.end_membership(by, on=TODAY, by=by)
    assert Line.for_operations.order_by("sequence").last().organisation == key


def test_keys_that_differ_in_capitals_only_are_refused_within_a_delivery_and_after_an_earlier_one():
    with pytest.raises(operations.Impossible, match="ANKER and anker differ in capitals only"):
        enter(organisation("anker"), organisation("ANKER"))
    assert not Organisation.objects.exists()
    enter(organisation("anker"))
    with pytest.raises(operations.Impossible, match="ANKER and anker differ in capitals only"):
        enter(organisation("ANKER"))
    enter(organisation("anker", name="De Nieuwe Naam"))
    assert Organisation.objects.get().name == "De Nieuwe Naam"


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        (organisation("a", brin="99ZZ"), organisation("b", brin="99ZZ")),
        (organisation("a", brin="99ZZ03"), organisation("b", brin="98ZZ")),
        (organisation("a", brin="99ZZ03"), organisation("b", Kind.SWV)),
        (organisation("a", Kind.BOARD), organisation("b", Kind.BOARD)),
        (organisation("a", brin="99ZZ"), organisation("b", Kind.BOARD, region="elders")),
    ],
)
def test_what_cannot_be_part_of_it_is_refused(part, whole):
    with pytest.raises(operations.Impossible, match="cannot be part of"):
        enter(part, whole, part_of={"a": "b"})


@pytest.mark.parametrize(("part", "whole"), [("a", "nobody"), ("nobody", "a")])
def test_only_known_organisations_are_put_together(part, whole):
    with pytest.raises(operations.Impossible, match="nobody is not known"):
        enter(organisation("a"), part_of={part: whole})


# --- memberships ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("role", Role)
def test_a_role_is_given_only_where_it_exists(role, kind):
    (at,) = enter(organisation("one", kind))
    given = {"role": role, "at": at, "from_on": FIRST}
    if kind in KINDS_OF_ROLE[role]:
        assert operations.appoint(("Marit", "Hoogeveen"), **given).is_in_force(TODAY)
    else:
        with pytest.raises(operations.Impossible, match="There is no"):
            operations.appoint(("Marit", "Hoogeveen"), **given)
        assert not Membership.objects.exists()


def test_a_membership_does_not_end_before_it_begins():
    with pytest.raises(operations.Impossible, match="before the first day"):
        appointed(until_on=FIRST - timedelta(days=1))
    with pytest.raises(operations.Impossible, match="before the first day"):
        operations.end_membership(appointed(), on=FIRST - timedelta(days=1), by="command:people")


def test_a_membership_that_ends_earlier_stays_as_it_is():
    member = appointed(until_on=TODAY)
    operations.end_membership(member, on=TODAY + timedelta(days=9), by="command:people")
    assert Membership.objects.get().until_on == TODAY
    operations.end_membership(member, on=TODAY - timedelta(days=9), by="command:people")
    assert Membership.objects.get().until_on == member.until_on == TODAY - timedelta(days=9)


def test_every_change_stands_in_the_journal_once():
    member, by = appointed(), appointed(Role.CARE_COORDINATOR)
    appointed()
    operations.confirm_membership(member, on=TODAY, by=by)
    operations.end_membership(member, on=TODAY, by=by)
    operations.end_membership(member, on=TODAY, by=by)
    lines = Line.for_operations.order_by("sequence")
    assert [(one.action, one.object, one.actor, one.origin) for one in lines] == [
        ("appoint", f"membership:{member.pk}", "command:demo", "command:demo"),
        ("appoint", f"membership:{by.pk}", "command:demo", "command:demo"),
        ("confirm_membership", f"membership:{member.pk}", f"membership:{by.pk}", "memberships"),
        ("end_membership", f"membership:{member.pk}", f"membership:{by.pk}", "memberships"),
    ]
    assert {one.organisation for one in lines[2:]} == {"school"}


def test_nobody_confirms_themselves_and_no_stranger_does():
    member, stranger = appointed(), appointed(Role.CARE_COORDINATOR, key="other")
    for by in (member, stranger):
        with pytest.raises(operations.Impossible, match="colleague"):
            operations.confirm_membership(member, on=TODAY, by=by)
    with pytest.raises(operations.Impossible, match="does not work"):
        operations.confirm_membership(member, on=FIRST - timedelta(days=1), by="command:people")


def test_what_nobody_confirmed_for_a_quarter_is_due():
    member = appointed()
    at = member.organisation
    assert list(operations.due_for_review(at, FIRST + timedelta(days=92))) == []
    assert list(operations.due_for_review(at, FIRST + timedelta(days=93))) == [member]
    operations.confirm_membership(member, on=TODAY, by="command:people")
    assert list(operations.due_for_review(at, TODAY + timedelta(days=92))) == []
    assert list(operations.due_for_review(at, TODAY + timedelta(days=93))) == [member]
    operations.end_membership(member, on=TODAY + timedelta(days=92), by="command:people")
    assert list(operations.due_for_review(at, TODAY + timedelta(days=93))) == []
