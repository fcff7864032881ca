"""What a person decided stands; an equal key of the national number says more than names do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inbeeld.engine.linkage.tests.conftest import Compared, child, others

Laid = Callable[..., Compared]
HOME = {"postcode": "9411SA", "house_number": "12"}
BORN = "2012-03-04"
SEM, TESS = child("", "Sem", "Bakker", BORN, **HOME), child("", "Tess", "Bakker", BORN, **HOME)


def decided(left: str, right: str, decision: str, *, lists: str = "ab") -> dict[str, str]:
    return {
        "left_list": lists[0], "left_id": left, "right_list": lists[1], "right_id": right,
        "decision": decision,
    }  # fmt: skip


def test_a_person_joins_what_no_machine_would(laid: Laid) -> None:
    found = laid(
        a=[SEM | {"id": "A"}, *others("a", 20)],
        b=[TESS | {"id": "B"}, *others("b", 20)],
        decisions=[decided("B", "A", "same", lists="ba")],
    )
    assert found.verdicts()["A", "B"] == ("sure", "decided")
    assert ("A", "B") in found.children()


def test_a_person_parts_what_a_machine_would_join(laid: Laid) -> None:
    found = laid(
        a=[SEM | {"id": "A"}, *others("a", 20)],
        b=[SEM | {"id": "B"}, *others("b", 20)],
        decisions=[decided("A", "B", "not_same")],
    )
    assert ("A", "B") not in found.verdicts()
    assert ("A", "") in found.children() and ("", "B") in found.children()


def test_the_last_word_on_a_pair_stands_and_unsure_takes_it_back(laid: Laid) -> None:
    lists = {"a": [SEM | {"id": "A"}, *others("a", 20)], "b": [SEM | {"id": "B"}, *others("b", 20)]}
    found = laid(**lists, decisions=[decided("A", "B", "not_same"), decided("A", "B", "unsure")])
    assert found.verdicts()["A", "B"] == ("sure", "")
    assert found.receipt()["decisions"]["decided_again"] == 1


def test_decisions_about_who_is_gone_are_counted_not_lost_silently(laid: Laid) -> None:
    found = laid(
        a=others("a", 20),
        b=others("b", 20),
        decisions=[decided("gone", "b1", "same"), decided("a1", "x", "same", lists="az")],
    )
    told = found.receipt()["decisions"]
    assert (told["rows"], told["about_records_gone"], told["about_other_lists"]) == (2, 1, 1)


def test_a_decision_takes_the_partner_from_all_others(laid: Laid) -> None:
    found = laid(
        a=[SEM | {"id": "A1"}, TESS | {"id": "A2"}, *others("a", 20)],
        b=[SEM | {"id": "B"}, *others("b", 20)],
        decisions=[decided("A2", "B", "same")],
    )
    assert ("A2", "B") in found.children() and ("A1", "") in found.children()


def test_a_chain_never_joins_two_records_of_one_list(laid: Laid) -> None:
    """A1 is B by a person, B is C by name, and C is A2 by a person: who is right is for people to say."""
    far = child("A2", "Rixt", "Uilenberg", "2009-10-11", postcode="3000SA", house_number="1")
    found = laid(
        a=[SEM | {"id": "A1"}, far, *others("a", 20)],
        b=[SEM | {"id": "B"}, *others("b", 20)],
        c=[SEM | {"id": "C"}, *others("c", 20)],
        decisions=[decided("A2", "C", "same", lists="ac")],
    )
    children = [ids for ids in found.children() if {"A1", "A2", "B", "C"} & set(ids)]
    assert children == [("A1", "", ""), ("A2", "", "C"), ("", "B", "")]
    assert found.verdicts()["A1", "B"] == ("possible", "conflict")
    assert "conflict" in {row["kind"] for row in found.rows("differences")}
    assert {"warning": "records_of_one_list_would_be_one_child", "number": 2} in found.receipt()["warnings"]


def test_decisions_that_contradict_each_other_join_nobody(laid: Laid) -> None:
    found = laid(
        a=[SEM | {"id": "A1"}, TESS | {"id": "A2"}, *others("a", 20)],
        b=[SEM | {"id": "B"}, *others("b", 20)],
        decisions=[decided("A1", "B", "same"), decided("A2", "B", "same")],
    )
    children = [ids for ids in found.children() if {"A1", "A2", "B"} & set(ids)]
    assert children == [("A1", ""), ("A2", ""), ("", "B")]
    assert found.verdicts()["A1", "B"] == ("possible", "decisions_contradict")
    assert {"warning": "decisions_contradict_each_other", "number": 2} in found.receipt()["warnings"]


KEY = {"national_key": "3f1b"}


def keyed(left: dict[str, str], right: dict[str, str], laid: Laid) -> tuple[str, str]:
    found = laid(a=[left | {"id": "A"}, *others("a", 20)], b=[right | {"id": "B"}, *others("b", 20)])
    return found.verdicts().get(("A", "B"), ("nothing", ""))


@pytest.mark.parametrize("born", [BORN, "", "2012-04-03"])
def test_an_equal_key_is_sure_whatever_the_names(born: str, laid: Laid) -> None:
    other = child("", "Rixt", "Uilenberg", born, postcode="3000SA", house_number="1")
    assert keyed(SEM | KEY, other | KEY, laid) == ("sure", "key")


def test_an_equal_key_with_another_birth_date_is_for_a_person(laid: Laid) -> None:
    assert keyed(SEM | KEY, SEM | KEY | {"born_on": "2014-07-19"}, laid) == ("possible", "key_birth_date")


def test_another_key_is_never_sure_by_name(laid: Laid) -> None:
    assert keyed(SEM | KEY, SEM | {"national_key": "77aa"}, laid) == ("possible", "key_differs")


def test_a_key_that_stands_twice_on_a_list_settles_nothing(laid: Laid) -> None:
    found = laid(
        a=[SEM | KEY | {"id": "A"}, *others("a", 20)],
        b=[SEM | KEY | {"id": "B1"}, TESS | KEY | {"id": "B2"}, *others("b", 20)],
    )
    assert found.verdicts()["A", "B1"] == ("possible", "key_twice")
    assert found.verdicts()["A", "B2"] == ("possible", "key_twice")
    assert "national_key" not in found.rows("differences")[0]


def test_a_decision_goes_before_a_key(laid: Laid) -> None:
    found = laid(
        a=[SEM | KEY | {"id": "A"}, *others("a", 20)],
        b=[SEM | KEY | {"id": "B"}, *others("b", 20)],
        decisions=[decided("A", "B", "not_same")],
    )
    assert ("A", "B") not in found.verdicts()
