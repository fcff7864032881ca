"""Data keys: made once, opened together, rotated without ever being out of reach, and shredded for good."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as generated
from hypothesis import strategies as st

from inbeeld.kernel.access import FieldClass
from inbeeld.keys import opening
from inbeeld.keys.keyring import KeyRingUnusable, current_ring
from inbeeld.keys.models import GROUP_OF_CLASS, DataKey, KeyGroup
from inbeeld.keys.opening import open_keys
from inbeeld.keys.operations import (
    key_for,
    keys_for_many,
    retire_master,
    rotate,
    shred,
)
from inbeeld.keys.sealing import KeyDamaged, KeyShredded, OtherKey, Sealed, seal, unseal
from inbeeld.keys.tests.key_rings import (
    IDENTITY,
    MEDICAL,
    NOTES,
    REGION,
    a_ring,
    all_readable,
    in_every_writing,
    masters_in_use,
    name_of,
    place_of,
    sealed_for,
    told,
)


@pytest.fixture(autouse=True)
def ring(settings, tmp_path):
    return a_ring(settings, tmp_path)


# --- making and opening ---------------------------------------------------------------------------


def test_every_class_but_the_log_belongs_to_a_group():
    assert set(GROUP_OF_CLASS) == {one.value for one in FieldClass} - {"LOG"}
    assert set(GROUP_OF_CLASS.values()) == set(KeyGroup)


@pytest.mark.django_db
def test_a_key_is_made_once_and_found_again():
    child = uuid4()
    key = key_for(child, NOTES, "school-1")
    sealed = seal("text", key=key, **place_of(child))
    again = key_for(child, NOTES, "school-1")
    assert again.id == key.id and DataKey.objects.count() == 1
    assert unseal(sealed, key=again, **place_of(child)) == "text"


@pytest.mark.django_db
def test_child_group_and_keyholder_each_have_their_own_key():
    one, other = uuid4(), uuid4()
    places = [(one, NOTES, "a"), (other, NOTES, "a"), (one, MEDICAL, "a"), (one, NOTES, "b")]
    assert len({key_for(*place).id for place in places}) == 4
    sealed = seal("text", key=key_for(*places[0]), **place_of(one))
    for key in (open_keys([place])[place] for place in places[1:]):
        with pytest.raises(OtherKey):
            unseal(sealed, key=key, **place_of(one))


@pytest.mark.django_db
def test_the_keys_of_a_page_are_opened_in_one_query(django_assert_num_queries):
    children = [uuid4() for _ in range(50)]
    sealed = sealed_for(children)
    sealed_for(children, MEDICAL, "ggd")
    with django_assert_num_queries(1):
        assert all_readable(sealed)
    with django_assert_num_queries(1):
        keys = open_keys([(children[0], IDENTITY, REGION), (children[1], MEDICAL, "ggd")])
    assert set(keys) == {(children[0], "identity", REGION), (children[1], "medical", "ggd")}


@pytest.mark.django_db
def test_a_key_that_was_never_made_is_left_out(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert open_keys([]) == {}
    assert open_keys([(uuid4(), IDENTITY, REGION)]) == {}
    assert DataKey.objects.count() == 0


@pytest.mark.django_db
def test_many_keys_are_those_that_are_there_and_new_ones(monkeypatch):
    monkeypatch.setattr(opening, "BATCH", 3)
    children = [uuid4() for _ in range(8)]
    known = keys_for_many(children[2:5], group=IDENTITY, keyholder=REGION)
    found = keys_for_many([*children, *children], group="identity", keyholder=REGION)
    assert set(found) == set(children) and DataKey.objects.count() == 8
    assert {child: key.id for child, key in found.items() if child in known} == {
        child: key.id for child, key in known.items()
    }
    assert keys_for_many([], group=IDENTITY, keyholder=REGION) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("group", "keyholder"), [("LOG", REGION), ("", REGION), (NOTES, ""), (NOTES, "x" * 81)]
)
def test_an_unknown_group_or_keyholder_is_refused(group, keyholder):
    with pytest.raises(ValueError, match="not a valid KeyGroup|has a keyholder"):
        key_for(uuid4(), group, keyholder)
    assert DataKey.objects.count() == 0


@pytest.mark.django_db
def test_the_database_holds_nothing_that_opens_a_key(ring):
    child = uuid4()
    key = key_for(child, NOTES, "a")
    row = DataKey.objects.get()
    (wrapped,) = opening.Wrapped.of(DataKey.objects.all())
    raw = opening.unwrapped(wrapped, ring=ring)
    assert raw is not None and raw not in bytes(row.wrapped)
    assert not any(shown in repr((row, vars(row), key)) for shown in in_every_writing(raw))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "moved",
    [
        {"child": UUID(int=5)},
        {"group": MEDICAL},
        {"keyholder": "b"},
        {"master": "second"},
        {"id": UUID(int=9)},
    ],
)
def test_a_wrapped_key_opens_only_in_its_own_row(ring, moved):
    child = uuid4()
    key_for(child, NOTES, "a")
    ring.add_master()
    if "master" in moved:
        moved = {"master": current_ring().current}
    DataKey.objects.update(**moved)
    row = DataKey.objects.get()
    closed = open_keys([(row.child, row.group, row.keyholder)])[row.child, row.group, row.keyholder]
    with pytest.raises(KeyDamaged):
        seal("text", key=closed, **place_of(child))


@pytest.mark.django_db
def test_one_damaged_key_leaves_the_others_of_the_page_readable():
    sealed = sealed_for([uuid4() for _ in range(3)])
    bad, *good = sealed
    for damage in (b"\x01short", b"\x02", bytes(61), b"\x01" + bytes(60)):
        DataKey.objects.filter(child=bad).update(wrapped=damage)
        assert all_readable({child: sealed[child] for child in good})
        with pytest.raises(KeyDamaged) as caught:
            all_readable(sealed)
        assert name_of(bad) not in told(caught.value)


@pytest.mark.django_db
def test_with_the_ring_of_elsewhere_nothing_opens_and_the_sentence_says_why(settings, tmp_path):
    sealed = sealed_for([uuid4()])
    a_ring(settings, tmp_path / "elsewhere")
    with pytest.raises(KeyRingUnusable, match="does it belong to this database"):
        all_readable(sealed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [{"wrapped": b""}, {"shredded_at": "2026-01-01T00:00Z"}, {"id": uuid4()}],
    ids=["without a key", "shredded with a key", "a second one"],
)
def test_the_database_itself_refuses(row):
    child = uuid4()
    key_for(child, NOTES, "a")
    if "id" in row:
        with pytest.raises(IntegrityError), transaction.atomic():
            DataKey.objects.create(child=child, group=NOTES, keyholder="a", master="m", wrapped=b"x", **row)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            DataKey.objects.update(**row)


# --- shredding ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_shredded_cannot_be_read_and_says_so():
    child, other = uuid4(), uuid4()
    notes, identity = sealed_for([child, other], NOTES, "a"), sealed_for([child, other])
    assert shred(child, NOTES) == 1
    assert shred(child, "notes") == 0
    with pytest.raises(KeyShredded, match="erased") as caught:
        all_readable(notes, NOTES, "a")
    assert name_of(child) not in told(caught.value)
    assert all_readable(identity) and all_readable({other: notes[other]}, NOTES, "a")
    row = DataKey.objects.get(child=child, group=NOTES)
    assert bytes(row.wrapped) == b"" and row.shredded_at is not None


@pytest.mark.django_db
def test_shredding_a_child_shreds_every_key_of_it_and_of_nobody_else():
    child, other = uuid4(), uuid4()
    for group in KeyGroup:
        for keyholder in ("a", "b"):
            keys_for_many([child, other], group=group, keyholder=keyholder)
    assert shred(child) == 14
    assert DataKey.objects.filter(shredded_at__isnull=True, child=other).count() == 14
    assert not any(key.is_open for key in open_keys((child, group, "a") for group in KeyGroup).values())


@pytest.mark.django_db
def test_an_unknown_group_shreds_nothing():
    key_for(child := uuid4(), NOTES, "a")
    with pytest.raises(ValueError, match="not a valid KeyGroup"):
        shred(child, "NOT")
    assert open_keys([(child, NOTES, "a")])[child, NOTES, "a"].is_open


@pytest.mark.django_db
def test_after_shredding_a_new_key_opens_what_is_new_and_not_what_was():
    child = uuid4()
    was = sealed_for([child])
    first = key_for(child, IDENTITY, REGION).id
    shred(child)
    now = sealed_for([child])
    assert key_for(child, IDENTITY, REGION).id != first
    assert all_readable(now)
    with pytest.raises(KeyShredded):
        all_readable(was)


@pytest.mark.django_db
@given(st.lists(st.sampled_from(["rotate", "shred", "seal", "retire"]), max_size=8), st.integers(0, 2))
@generated(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_what_was_not_shredded_is_readable(steps, chosen):
    sealed: dict[UUID, Sealed] = {}
    erased: dict[UUID, Sealed] = {}
    for step in steps:
        if step == "seal":
            sealed |= sealed_for([uuid4(), uuid4()])
        elif step == "rotate":
            rotate(batch=1 + chosen)
        elif step == "shred" and sealed:
            child = sorted(sealed)[chosen % len(sealed)]
            erased[child] = sealed.pop(child)
            assert shred(child) == 1
        elif step == "retire":
            for old in set(current_ring().masters) - masters_in_use() - {current_ring().current}:
                retire_master(old)
    assert all_readable(sealed)
    for child, value in erased.items():
        with pytest.raises(KeyShredded):
            all_readable({child: value})
