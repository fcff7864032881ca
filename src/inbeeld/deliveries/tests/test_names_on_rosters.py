"""What a roster calls learners: sealed while it waits, said again by what counts, and taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inbeeld.deliveries import operations, places
from inbeeld.deliveries.models import Delivery, State
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import forget_decided
from inbeeld.deliveries.tests.handing_in import (
    accept,
    decide,
    hand_in,
    quiet,
)
from inbeeld.deliveries.tests.rosters import (
    known_rows,
    name_of,
    roster_file,
)
from inbeeld.deliveries.tests.test_rosters import JELLE, new_key
from inbeeld.keys.opening import open_keys
from inbeeld.keys.operations import shred
from inbeeld.keys.sealing import SealBroken, Sealed
from inbeeld.learners.models import Learner
from inbeeld.learners.seen import IDENTITY, full_name, keyholder_of, opened_names
from inbeeld.learners.tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ON = make.ON


@pytest.fixture
def whole(school):
    """The rows of everybody who is enrolled, as the tables say it."""
    return known_rows(school.learners)


def test_names_are_sealed_until_somebody_decides_and_gone_when_nobody_takes_it(school, henk, whole):
    one = hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON))
    for file in places.folder_of(one.pk).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert b"Terpstra" not in content and b"111222333" not in content
    assert places.kept_people(one.pk)[new_key(school)] == {"last_name": "Terpstra", "call_name": "Jelle"}
    assert "111222333" not in str(places.kept_people(one.pk))
    assert "Terpstra" not in str(list(Delivery.objects.values()))
    decide(operations.dismiss, henk, one)
    forget_decided()
    assert not (places.deliveries() / str(one.pk)).exists()
    assert not Learner.for_operations.filter(key=new_key(school)).exists()


def test_names_of_a_roster_that_counts_are_sealed_with_the_key_of_each_child(school, henk, whole):
    one = accept(henk, hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON)))
    tokens = places.kept_names(one.pk)
    assert set(tokens) == {new_key(school)}  # of the others the file says no name
    learner = Learner.for_operations.get(key=new_key(school))
    kept = Learner(reference=learner.reference, names=Sealed(tokens[new_key(school)]))
    wanted = (learner.reference, IDENTITY, keyholder_of(learner.region))
    assert full_name(opened_names(kept, open_keys([wanted])[wanted])) == "Jelle Terpstra"
    shred(learner.reference)
    with pytest.raises(SealBroken):
        opened_names(kept, open_keys([wanted])[wanted])


def test_of_who_was_destroyed_no_name_comes_back(school, henk, whole):
    key = school.learners[1]
    learner = Learner.for_operations.get(key=key)
    Learner.for_operations.filter(key=key).update(case_stage=Learner.CaseStage.DESTROYED)
    shred(learner.reference)
    rows = {**whole, key: {**whole[key], "achternaam": "Smit"}}
    one = accept(henk, hand_in(henk, roster_file(rows, on=ON)))
    assert one.state == State.STANDS and key not in places.kept_names(one.pk)
    again = Learner.for_operations.get(key=key)
    assert bytes(again.names) == bytes(learner.names)


def test_a_part_of_a_name_that_a_roster_does_not_say_stays(school, henk, whole):
    key = school.learners[1]
    said = {**whole[key], "achternaam": "Brinkhof", "voorletters-1": "F"}
    one = hand_in(henk, roster_file({**whole, key: said}, on=ON))
    assert one.counts["changed"] == 1  # of the first names nothing was known
    said["voorletters-1"] = ""
    assert hand_in(henk, roster_file({**whole, key: said}, on=ON)).counts["changed"] == 0
    said |= {"achternaam": "Smit", "voorvoegsel": "de"}
    accept(henk, hand_in(henk, roster_file({**whole, key: said}, on=ON)))
    assert name_of(key) == "Fenna de Smit"
    said |= {"achternaam": "Brinkhof", "voorvoegsel": "", "roepnaam": "Fen"}
    accept(henk, hand_in(henk, roster_file({**whole, key: said}, on=ON)))
    assert name_of(key) == "Fen Brinkhof"


def test_of_two_rosters_the_later_day_says_the_name_whatever_came_first(school, henk, whole):
    key = school.learners[1]
    later = roster_file({**whole, key: {**whole[key], "achternaam": "Later"}}, on=ON + timedelta(days=7))
    earlier = roster_file({**whole, key: {**whole[key], "achternaam": "Eerder"}}, on=ON)
    last = accept(henk, hand_in(henk, later))
    accept(henk, hand_in(henk, earlier))
    assert name_of(key) == "Fenna Later"
    decide(operations.withdraw, henk, last)
    publish_decided(quiet)
    assert name_of(key) == "Fenna Eerder"


def test_who_has_no_name_in_the_file_goes_by_the_number(school, henk, whole):
    one = hand_in(henk, roster_file({**whole, "77": {"achternaam": ""}}, on=ON))
    assert one.counts["without_name"] == len(whole) + 1
    accept(henk, one)
    assert name_of(new_key(school)) == "77" and name_of(school.learners[0]) == "Fenna Brinkhof"


def test_a_birth_date_said_without_a_name_is_taken_back_too(school, henk, whole):
    key = school.learners[0]
    born = Learner.for_operations.get(key=key).born_on
    rows = {**whole, key: {**whole[key], "geboortedatum": "2011-11-11"}}
    one = accept(henk, hand_in(henk, roster_file(rows, on=ON)))
    assert Learner.for_operations.get(key=key).born_on == date(2011, 11, 11)
    decide(operations.withdraw, henk, one)
    publish_decided(quiet)
    assert Learner.for_operations.get(key=key).born_on == born
