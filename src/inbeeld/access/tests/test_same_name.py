"""The same name, however it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.access.same_name import is_first_name, is_last_name, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [("Yıldız", "YILDIZ"), ("Sørensen", "Sorensen"), ("Łukasz", "lukasz"), ("Groß", "gross"),
     ("Ĳsbrand", "IJsbrand"),
     ("d'Hondt", "d’Hondt"), ("Jansen-de Vries", "jansen de vries"), ("İpek", "ipek")],
)  # fmt: skip
def test_the_same_name_typed_in_two_ways(one, other):
    assert plain(one) == plain(other)


@given(st.text(max_size=20))
def test_how_a_letter_is_composed_does_not_matter(name):
    assert plain(unicodedata.normalize("NFD", name)) == plain(unicodedata.normalize("NFC", name))


@given(st.text(max_size=20))
def test_nothing_is_left_of_spaces_and_signs(name):
    assert all(one.isalnum() for one in plain(name))
    assert plain(f" {name}- ") == plain(name)


def test_an_empty_name_is_nobodys():
    assert not is_last_name(" - ", prefix="", last_name="")
    assert not is_first_name("", call_name="", first_names="")


def test_a_prefix_may_be_left_out_but_is_no_name():
    assert is_last_name("Molen", prefix="van der", last_name="Molen")
    assert is_last_name("vandermolen", prefix="van der", last_name="Molen")
    assert not is_last_name("van der", prefix="van der", last_name="Molen")


def test_one_or_all_first_names():
    for typed in ("Roos", "Anna", "anna maria"):
        assert is_first_name(typed, call_name="Roos", first_names="Anna Maria")
    assert not is_first_name("Ann", call_name="Roos", first_names="Anna Maria")
