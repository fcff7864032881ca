"""A sealed value opens with its key and in its place, and otherwise says nothing."""

from __future__ import annotations

import copy
import json
import pickle
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.keys import sealing
from inbeeld.keys.sealing import (
    CutOff,
    KeyDamaged,
    KeyShredded,
    NotForHere,
    OpenKey,
    OtherKey,
    SealBroken,
    UnknownFormat,
    seal,
    unseal,
)
from inbeeld.keys.tests.key_rings import in_every_writing, told

RAW = bytes(range(100, 132))
KEY = OpenKey(UUID(int=1), RAW)
ROW = UUID(int=7)
HERE = {"table": "learners_learner", "column": "call_name", "row": ROW}
TEXT = "Vlinderhof in het geheim"


@given(st.text(), st.uuids(), st.text(min_size=1), st.text(min_size=1))
def test_what_is_sealed_for_a_place_opens_there(text, row, table, column):
    if any("\ud800" <= letter <= "\udfff" for letter in table + column):
        return
    place = {"table": table, "column": column, "row": row}
    assert unseal(seal(text, key=KEY, **place), key=KEY, **place) == text


@pytest.mark.parametrize("text", ["", "\0", "ë", "e\u0301", "😀" * 3000, "x" * 100_000, " a\r\n b "])
def test_odd_texts_come_back_as_they_were(text):
    assert unseal(seal(text, key=KEY, **HERE), key=KEY, **HERE) == text


def test_the_row_may_be_given_as_uuid_or_as_its_text():
    assert unseal(seal(TEXT, key=KEY, **{**HERE, "row": str(ROW)}), key=KEY, **HERE) == TEXT


def test_the_same_text_sealed_twice_looks_different():
    assert bytes(seal(TEXT, key=KEY, **HERE)) != bytes(seal(TEXT, key=KEY, **HERE))


def test_every_flipped_bit_is_noticed():
    token = bytes(seal(TEXT, key=KEY, **HERE))
    opened = []
    for bit in range(len(token) * 8):
        flipped = bytearray(token)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            opened.append(unseal(bytes(flipped), key=KEY, **HERE))
        except SealBroken as error:
            assert TEXT not in told(error)
    assert opened == []


def test_cut_off_or_lengthened_at_every_length_is_noticed():
    token = bytes(seal("x" * 60, key=KEY, **HERE))
    for length in range(len(token)):
        with pytest.raises((CutOff, UnknownFormat, NotForHere)):
            unseal(token[:length], key=KEY, **HERE)
    for more in range(1, 70):
        with pytest.raises((CutOff, NotForHere)):
            unseal(token + bytes(more), key=KEY, **HERE)
    with pytest.raises(CutOff, match="not whole"):
        unseal(token[:-1], key=KEY, **HERE)


PLACES = [
    HERE,
    {**HERE, "row": UUID(int=8)},
    {**HERE, "column": "last_name"},
    {**HERE, "table": "learners_note"},
    {**HERE, "table": "learners_learnerc", "column": "all_name"},
    {**HERE, "table": "learners_learne", "column": "rcall_name"},
]


@pytest.mark.parametrize(("one", "other"), list(permutations(PLACES, 2)))
def test_a_value_moved_to_another_place_does_not_open(one, other):
    with pytest.raises(NotForHere, match="altered, or moved"):
        unseal(seal(TEXT, key=KEY, **one), key=KEY, **other)


@given(st.tuples(*[st.text("abc", min_size=1, max_size=3)] * 2), st.tuples(*[st.text("abc", min_size=1)] * 2))
def test_no_two_places_are_alike(one, other):
    sealed = seal(TEXT, key=KEY, table=one[0], column=one[1], row=ROW)
    if one != other:
        with pytest.raises(NotForHere):
            unseal(sealed, key=KEY, table=other[0], column=other[1], row=ROW)


def test_the_key_of_another_child_does_not_open_it():
    with pytest.raises(OtherKey):
        unseal(seal(TEXT, key=KEY, **HERE), key=OpenKey(UUID(int=2), RAW), **HERE)


def test_the_id_of_the_key_cannot_be_exchanged_either():
    other = OpenKey(UUID(int=2), RAW)
    token = bytes(seal(TEXT, key=KEY, **HERE))
    with pytest.raises(NotForHere):
        unseal(token[:1] + other.id.bytes + token[17:], key=other, **HERE)


def test_another_key_under_the_same_id_does_not_open_it():
    with pytest.raises(NotForHere):
        unseal(seal(TEXT, key=KEY, **HERE), key=OpenKey(KEY.id, bytes(32)), **HERE)


def test_a_shredded_key_says_that_the_value_was_erased():
    sealed = seal(TEXT, key=KEY, **HERE)
    for key in (OpenKey(KEY.id, None), OpenKey(uuid4(), RAW, earlier=frozenset({KEY.id}))):
        with pytest.raises(KeyShredded, match="erased"):
            unseal(sealed, key=key, **HERE)
    with pytest.raises(KeyShredded):
        seal(TEXT, key=OpenKey(KEY.id, None), **HERE)


def test_a_damaged_key_says_so():
    with pytest.raises(KeyDamaged, match="does not open"):
        unseal(seal(TEXT, key=KEY, **HERE), key=OpenKey(KEY.id, None, closed=KeyDamaged), **HERE)


@pytest.mark.parametrize("row", [None, 7, "", "seven", b"7"])
def test_a_row_without_a_uuid_is_refused(row):
    with pytest.raises(TypeError, match="named by a uuid"):
        seal(TEXT, key=KEY, **{**HERE, "row": row})


@pytest.mark.parametrize("part", ["table", "column"])
def test_a_place_without_a_name_is_refused(part):
    with pytest.raises(ValueError, match="table and a column"):
        seal(TEXT, key=KEY, **{**HERE, part: ""})


# --- what shows -----------------------------------------------------------------------------------


def test_the_length_of_a_name_does_not_show():
    sizes = {len(bytes(seal("x" * length, key=KEY, **HERE))) for length in range(29)}
    assert len(sizes) == 1


@given(st.integers(1, 10_000_000))
def test_padding_is_never_less_and_at_most_an_eighth_more(length):
    size = sealing._size(length)
    assert length <= size <= max(length + 31, length * 1.125)
    assert sealing._size(size) == size


def test_no_error_shows_the_text_or_the_key():
    sealed = seal(TEXT, key=KEY, **HERE)
    by_others = KEY.id.bytes + bytes(12) + AESGCM(RAW).encrypt(
        bytes(12),
        (9).to_bytes(4, "big") + TEXT.encode()[:8] + b"\xff" + bytes(19),
        sealing._bound(KEY.id, *HERE.values()),
    )  # fmt: skip
    attempts = [
        lambda: unseal(sealed, key=KEY, **PLACES[1]),
        lambda: unseal(sealed, key=OpenKey(uuid4(), RAW), **HERE),
        lambda: unseal(sealed, key=OpenKey(KEY.id, None), **HERE),
        lambda: unseal(bytes(sealed)[:-1], key=KEY, **HERE),
        lambda: unseal(b"\x01" + by_others, key=KEY, **HERE),
        lambda: seal(TEXT + "\ud800", key=KEY, **HERE),
        lambda: seal(TEXT.encode(), key=KEY, **HERE),
        lambda: seal(TEXT, key=OpenKey(KEY.id, None), **HERE),
        lambda: seal(TEXT, key=KEY, **{**HERE, "row": None}),
        lambda: seal(TEXT, key=KEY, **{**HERE, "table": ""}),
    ]
    for attempt in attempts:
        with pytest.raises((SealBroken, ValueError, TypeError)) as caught:
            attempt()
        everything = told(caught.value)
        assert TEXT[:8] not in everything
        assert [shown for shown in in_every_writing(RAW) if shown in everything] == []


def test_an_open_key_does_not_show_itself():
    assert repr(KEY) == "<open key>" and repr(OpenKey(KEY.id, None)) == "<closed key>"
    for copied in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            copied(KEY)
    assert not any(RAW in bytes(kept) for kept in (getattr(KEY, name) for name in KEY.__slots__)
                   if isinstance(kept, bytes | bytearray))  # fmt: skip


def test_a_sealed_value_says_nothing():
    sealed = seal(TEXT, key=KEY, **HERE)
    assert repr(sealed) == "<sealed>" and f"{sealed}" == str(sealed) == f"{sealed:>20}" == "…"
    assert TEXT.encode() not in pickle.dumps(sealed)
    assert bytes(pickle.loads(pickle.dumps(sealed))) == bytes(sealed)
    assert copy.deepcopy(sealed) is sealed


@pytest.mark.parametrize(
    "by_accident",
    [
        lambda one: one == TEXT,
        lambda one: one != TEXT,
        lambda one: one == one,  # noqa: PLR0124
        lambda one: bool(one),
        lambda one: {one},
        lambda one: one in ("", TEXT),
        lambda one: one + TEXT,
        lambda one: len(one),
        lambda one: list(one),
        lambda one: sorted([one, one]),
        lambda one: json.dumps(one),
    ],
)
def test_a_sealed_value_used_by_accident_is_an_error(by_accident):
    with pytest.raises(TypeError):
        by_accident(seal(TEXT, key=KEY, **HERE))


@pytest.mark.parametrize(
    "template",
    [
        "{{ name }}",
        "{{ name|safe }}",
        "{{ name|upper }}",
        "{% autoescape off %}{{ name }}{% endautoescape %}",
    ],
)
def test_a_template_shows_three_dots(template):
    page = Engine().from_string(template).render(Context({"name": seal(TEXT, key=KEY, **HERE)}))
    assert page == "…"


def test_a_template_cannot_reach_inside():
    page = Engine().from_string("{{ name.token }}{{ name.unseal }}")
    assert page.render(Context({"name": seal(TEXT, key=KEY, **HERE)})) == ""


def test_the_sentences_are_all_different():
    kinds = SealBroken.__subclasses__()
    assert len({str(kind()) for kind in kinds}) == len(kinds) == 6
    assert all(pickle.loads(pickle.dumps(kind())).args == () for kind in kinds)
