"""Making, shredding, rotating and retiring at the same time (PostgreSQL: SQLite has one writer)."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction

from inbeeld.keys import opening, operations
from inbeeld.keys.keyring import current_ring
from inbeeld.keys.models import DataKey
from inbeeld.keys.operations import (
    MasterStillUsed,
    key_for,
    keys_for_many,
    retire_master,
    rotate,
    shred,
)
from inbeeld.keys.sealing import seal, unseal
from inbeeld.keys.tests.key_rings import (
    IDENTITY,
    MEDICAL,
    NOTES,
    a_ring,
    all_readable,
    masters_in_use,
    name_of,
    place_of,
)


@pytest.fixture(autouse=True)
def ring(settings, tmp_path):
    return a_ring(settings, tmp_path)


def at_once(*tasks):
    """Run these in threads with connections of their own; returns what each gave back or raised."""
    given_back: list[object] = [None] * len(tasks)

    def run(number, task):
        try:
            given_back[number] = task()
        except Exception as error:
            given_back[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given_back


@pytest.fixture
def postgresql(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")


def test_two_who_need_the_same_key_at_once_get_the_same_one(postgresql):
    children = [uuid4() for _ in range(40)]
    together = threading.Barrier(4)

    def make(asked):
        together.wait()
        return keys_for_many(asked, group=NOTES, keyholder="a")

    orders = [children, children[::-1], children[20:], children]
    found = at_once(*(partial(make, asked) for asked in orders))
    assert DataKey.objects.count() == 40
    assert len({(child, key.id) for keys in found for child, key in keys.items()}) == 40
    sealed = {child: seal(name_of(child), key=found[0][child], **place_of(child)) for child in children}
    assert all_readable(sealed, NOTES, "a")
    assert unseal(sealed[children[0]], key=found[1][children[0]], **place_of(children[0]))


def test_two_who_need_the_same_keys_in_another_order_do_not_wait_for_each_other_for_ever(
    postgresql, monkeypatch
):
    children = [uuid4(), uuid4()]
    both_began = threading.Barrier(2)
    real = operations._insert

    def insert_and_wait(*rows, **same):
        done = real(*rows, **same)
        with suppress(threading.BrokenBarrierError):
            both_began.wait(0.3)
        return done

    def make(asked):
        with transaction.atomic():
            return {child: key.id for child, key in keys_for_many(asked, group=NOTES, keyholder="a").items()}

    monkeypatch.setattr(opening, "BATCH", 1)
    monkeypatch.setattr(operations, "_insert", insert_and_wait)
    one, other = at_once(partial(make, children), partial(make, children[::-1]))
    assert one == other and len(one) == 2


def test_who_needs_a_key_that_is_being_made_waits_for_it(postgresql):
    child = uuid4()
    made, waiting = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            key = key_for(child, NOTES, "a")
            made.set()
            waiting.wait(0.3)
            return key.id

    def after():
        made.wait(10)
        return key_for(child, NOTES, "a").id

    first, second = at_once(slowly, after)
    assert first == second


def test_a_retirement_waits_for_keys_that_are_being_made(postgresql, ring):
    made = threading.Event()
    more = ring.add_master()

    def slowly():
        # As a process that read the ring a moment ago.
        with transaction.atomic():
            found = operations._make([uuid4()], ring=ring, group=NOTES, keyholder="a")
            made.set()
            threading.Event().wait(0.5)
            return found

    def retire():
        made.wait(10)
        return retire_master(ring.current)

    _, refused = at_once(slowly, retire)
    assert isinstance(refused, MasterStillUsed)
    assert set(current_ring().masters) == {ring.current, more.current}


def test_a_retirement_that_would_wait_too_long_gives_up(postgresql, ring, monkeypatch):
    monkeypatch.setattr(operations, "WAIT_FOR_WRITERS", "100ms")
    made, over = threading.Event(), threading.Event()
    ring.add_master()

    def slowly():
        with transaction.atomic():
            key_for(uuid4(), NOTES, "a")
            made.set()
            over.wait(10)

    def retire():
        made.wait(10)
        try:
            return retire_master(ring.current)
        finally:
            over.set()

    _, refused = at_once(slowly, retire)
    assert "lock timeout" in str(refused)
    assert ring.current in current_ring().masters


def test_rotating_and_shredding_at_once_bring_nothing_back(postgresql):
    children = [uuid4() for _ in range(60)]
    for group in (NOTES, IDENTITY, MEDICAL):
        keys_for_many(children, group=group, keyholder="a")
    doomed = children[:20]

    def shred_all():
        return sum(shred(child) for child in doomed)

    rotated, shredded = at_once(lambda: rotate(batch=7), shred_all)
    assert shredded == 60 and rotated.damaged == 0
    assert not any(bytes(row.wrapped) for row in DataKey.objects.filter(child__in=doomed))
    assert DataKey.objects.filter(shredded_at__isnull=True).count() == 120
    assert masters_in_use() == {current_ring().current}
