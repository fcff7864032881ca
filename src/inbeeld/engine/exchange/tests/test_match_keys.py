"""Which texts stand for a child: equal where two rows are likely one child, never for its twin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inbeeld.engine.exchange.match_keys import EACH, Child, Person, children, keyed, match_keys, reading
from inbeeld.engine.linkage.tests.conftest import Row, child, write
from inbeeld.engine.refusal import BadInput

JAN = Person("1", ("jan",), (), "j", "vries", ("vries",), "20120304", "1234AB")


def both(one: Person, other: Person) -> set[str]:
    """The keys by which one, who asks, is found in the other."""
    return set(match_keys(one, asking=True)) & set(match_keys(other, asking=False))


def read(tmp_path: Path, *rows: Row, asking: bool = True) -> tuple[Child, ...]:
    return keyed(write(tmp_path / "leerplicht.csv", rows), asking=asking, work=tmp_path / "work").children


def test_the_same_row_at_both_ends_shares_all_that_does_not_rest_on_an_initial() -> None:
    assert both(JAN, JAN) == {
        "name|vries|jan|20120304", "home|jan|20120304|1234AB", "year|vries|jan|2012|1234AB"
    }  # fmt: skip


def test_twins_whose_names_begin_alike_share_nothing() -> None:
    assert both(JAN, replace(JAN, firsts=("joost",))) == set()


def test_a_bare_initial_is_held_against_a_full_name_and_against_another() -> None:
    bare = replace(JAN, firsts=())
    for one, other in ((bare, JAN), (JAN, bare), (bare, bare)):
        assert len(both(one, other)) == 1
        assert both(one, replace(other, initial="k")) == set()
        assert both(one, replace(other, postcode="9999ZZ")) == set()


def test_another_surname_is_bridged_by_the_home_and_another_day_by_the_year() -> None:
    assert both(JAN, replace(JAN, surname="bakker", surname_words=("bakker",))) == {
        "home|jan|20120304|1234AB"
    }
    assert both(JAN, replace(JAN, born="20120403")) == {"year|vries|jan|2012|1234AB"}


def test_a_call_name_is_held_against_what_it_stands_for() -> None:
    official, called = (
        replace(JAN, firsts=("johannes",), postcode=None),
        replace(JAN, stands_for=("johannes",)),
    )
    assert both(called, official) == {"name|vries|johannes|20120304"}
    assert both(official, called) == {"stands_for|vries|johannes|20120304"}
    assert both(called, replace(called, firsts=("hans",))) == set()


def test_one_part_of_a_double_name_is_enough() -> None:
    double = replace(JAN, surname="vriesbakker", surname_words=("bakker", "vries"), postcode=None)
    assert both(double, JAN) == both(JAN, double) == {"name|vries|jan|20120304"}


@pytest.mark.parametrize(
    "lacking", [{"born": None}, {"surname": None, "surname_words": (), "postcode": None}]
)
def test_who_has_no_birth_date_or_neither_surname_nor_postcode_has_no_key(lacking: dict[str, None]) -> None:
    assert match_keys(replace(JAN, **lacking), asking=True) == ()


def test_names_are_read_by_the_dutch_rules(tmp_path: Path) -> None:
    (one,) = read(tmp_path, child("1", "Zoë", "Dijk", "2012-03-04", prefix="van", postcode="1234 ab"))
    (other,) = read(tmp_path, child("x", "zoe", "Van Dyk", "2012-03-04", postcode="1234AB"), asking=False)
    assert len(set(one.keys) & set(other.keys)) == 3


def test_rows_of_one_name_and_birth_date_are_one_child(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        child("1", "Jan", "Vries", "2012-03-04", postcode="1234AB"),
        child("2", "Piet", "Vries", "2012-03-04"),
        child("3", "Jan", "de Vries", "2012-03-04", postcode="9999ZZ"),
    )
    assert [one.ids for one in found] == [("1", "3"), ("2",)]
    assert {key.split("|")[-1] for key in found[0].keys if key.startswith("home")} == {"1234AB", "9999ZZ"}


def test_a_child_that_stands_on_a_list_twice_in_other_words_keeps_its_keys() -> None:
    called = replace(JAN, id="1")
    official = replace(JAN, id="2", firsts=("johannes", "jan"))
    third = replace(JAN, id="3", firsts=("johannes",), postcode="9999ZZ")
    (one,) = children([called, third, official], asking=True)
    assert one.ids == ("1", "3", "2")
    assert {"name|vries|jan|20120304", "name|vries|johannes|20120304"} <= set(one.keys)


def test_a_key_that_two_children_of_a_list_share_is_left_out() -> None:
    hans = replace(JAN, id="2", firsts=("hans",), stands_for=("johannes",))
    for one in children([replace(JAN, stands_for=("johannes",)), hans], asking=True):
        assert one.keys and not [key for key in one.keys if "johannes" in key or key.startswith("initial")]


def test_no_child_has_more_keys_than_a_request_holds_and_those_that_find_most_come_first() -> None:
    many = replace(JAN, firsts=("jan", "pier"), stands_for=tuple(f"name{at}" for at in range(12)))
    (one,) = children([many], asking=True)
    assert len(one.keys) == EACH
    assert one.keys[:2] == ("name|vries|jan|20120304", "name|vries|pier|20120304")


def test_a_list_that_cannot_be_used_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "leerplicht.csv").write_text("name\nJan\n")
    with pytest.raises(BadInput, match="the column id"):
        keyed(tmp_path / "leerplicht.csv", asking=True, work=tmp_path / "work")
    assert [path.name for path in tmp_path.iterdir()] == ["leerplicht.csv"]


def test_how_names_are_read_has_a_fingerprint_that_stays() -> None:
    assert reading() == reading()
    assert len(reading()) == 12
