"""That the answer is the intersection of the two sets, and that bytes which are no encodings are refused."""

from __future__ import annotations

import hashlib
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.exchange import encoding
from inbeeld.engine.exchange.encoding import WIDTH, NotEncodings, answered, encoded, new_key, shared
from inbeeld.engine.refusal import BadInput

texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), unique=True, max_size=12)


@settings(max_examples=60, deadline=None)
@given(here=texts, there=texts)
def test_what_is_found_is_the_plain_intersection_of_the_two_sets(here: list[str], there: list[str]) -> None:
    key = new_key()
    again, own = answered(encoded(key, here), there)
    assert {here[place] for place in shared(key, again, own)} == set(here) & set(there)


def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "BATCH", 3)
    here, there = [f"a{at}" for at in range(11)], [f"a{at}" for at in range(4, 20)]
    key = new_key()
    again, own = answered(encoded(key, here), there)
    assert shared(key, again, own) == set(range(4, 11))
    assert len(own) == 16 and own == sorted(own)


def test_an_answer_is_found_whatever_the_order_it_comes_in() -> None:
    key = new_key()
    again, own = answered(encoded(key, ["a", "b", "c"]), ["b", "d", "e"])
    assert shared(key, again[::-1], own[::-1]) == {1}


def test_the_same_text_is_encoded_otherwise_each_time_and_is_no_plain_hash() -> None:
    one, other = encoded(new_key(), ["jan"]), encoded(new_key(), ["jan"])
    assert one != other
    assert {len(made) for made in one + other} == {WIDTH}
    again, own = answered(one, ["jan"])
    more, others_own = answered(one, ["jan"])
    assert not {*again, *own, *one} & {*more, *others_own}
    plain = [hashlib.new(kind, b"jan").digest() for kind in ("md5", "sha1", "sha256")]
    assert not [made for made in one + again + own for hashed in plain if hashed in made]


def test_another_key_finds_nothing() -> None:
    again, own = answered(encoded(new_key(), ["a", "b"]), ["a", "b"])
    assert shared(new_key(), again, own) == set()


@pytest.mark.parametrize(
    "bad", [b"", b"\0", b"\0" * WIDTH, b"\x02" + b"\xff" * 32, b"\x02" + b"\1" * 32, b"x" * 33]
)
def test_bytes_that_are_no_encoding_are_refused(bad: bytes) -> None:
    key = new_key()
    again, own = answered(encoded(key, ["a"]), ["a"])
    with pytest.raises(NotEncodings):
        answered([bad], ["a"])
    with pytest.raises(NotEncodings):
        shared(key, [*again, bad], own)
    assert shared(key, again, [*own, bad]) == {0}


@pytest.mark.parametrize("bad", [b"", b"\0" * 32, b"\xff" * 32])
def test_a_key_that_is_none_is_refused(bad: bytes) -> None:
    with pytest.raises(NotEncodings):
        shared(bad, [], [])


def test_where_it_cannot_be_computed_that_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "private_set_intersection.python", None)
    with pytest.raises(BadInput, match=r"^inbeeld exchange: expected openmined-psi, which is there for"):
        new_key()
