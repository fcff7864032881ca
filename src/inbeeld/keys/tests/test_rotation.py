"""A rotation puts nothing out of reach, wherever it stops; a master goes only when nothing needs it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from inbeeld.keys import operations
from inbeeld.keys.keyring import KeyRingUnusable, current_ring
from inbeeld.keys.models import DataKey
from inbeeld.keys.operations import (
    MasterStillUsed,
    retire_master,
    rotate,
    shred,
)
from inbeeld.keys.tests.key_rings import (
    a_ring,
    all_readable,
    masters_in_use,
    sealed_for,
)


@pytest.fixture(autouse=True)
def ring(settings, tmp_path):
    return a_ring(settings, tmp_path)


class Killed(BaseException):
    """Stands for the end of the process."""


def killed_after(batches: int):
    seen = []

    def progress(done: int, of: int) -> None:
        seen.append((done, of))
        if len(seen) == batches:
            raise Killed

    return progress


@pytest.mark.django_db
def test_a_rotation_wraps_every_key_anew_and_leaves_what_is_sealed(ring):
    sealed = sealed_for([uuid4() for _ in range(7)])
    told_so_far = []
    done = rotate(progress=lambda *numbers: told_so_far.append(numbers), batch=3)
    assert (done.rewrapped, done.damaged) == (7, 0)
    assert told_so_far == [(3, 7), (6, 7), (7, 7)]
    assert masters_in_use() == {done.master} == {current_ring().current} != {ring.current}
    assert ring.current in current_ring().masters
    assert all_readable(sealed)


@pytest.mark.django_db
@pytest.mark.parametrize("batches", [1, 2, 3, 4])
def test_killed_at_any_batch_everything_is_readable_and_a_rerun_finishes(ring, batches):
    sealed = sealed_for([uuid4() for _ in range(7)])
    with pytest.raises(Killed):
        rotate(progress=killed_after(batches), batch=2)
    assert all_readable(sealed)
    second = current_ring()
    assert DataKey.objects.filter(master=second.current).count() == min(7, 2 * batches)
    sealed |= sealed_for([uuid4()])
    done = rotate(batch=2)
    assert all_readable(sealed)
    assert masters_in_use() == {done.master}
    # Only when the killed one had finished, this was a rotation of its own.
    assert len(current_ring().masters) == (3 if batches == 4 else 2)


@pytest.mark.django_db
def test_killed_within_a_batch_that_batch_is_as_it_was(ring, monkeypatch):
    sealed = sealed_for([uuid4() for _ in range(5)])

    def dies(after: int):
        seen = []
        real = operations._rewrap

        def rewrap(rows, **how):
            done = real(rows, **how)
            seen.append(done)
            if len(seen) > after:
                raise Killed
            return done

        return rewrap

    for after in (0, 1, 2):
        with monkeypatch.context() as patched:
            patched.setattr(operations, "_rewrap", dies(after))
            with pytest.raises(Killed):
                rotate(batch=2)
        assert all_readable(sealed)
    rotate(batch=2)
    assert all_readable(sealed) and masters_in_use() == {current_ring().current}


@pytest.mark.django_db
def test_killed_before_the_first_batch_the_rerun_uses_the_master_that_is_there(ring):
    sealed = sealed_for([uuid4()])
    ring.add_master()
    assert all_readable(sealed)
    rotate()
    assert len(current_ring().masters) == 2 and all_readable(sealed)


@pytest.mark.django_db
def test_a_rotation_leaves_shredded_and_damaged_keys_and_counts_the_damaged(ring):
    gone, damaged, good = uuid4(), uuid4(), uuid4()
    sealed = sealed_for([gone, damaged, good])
    shred(gone)
    DataKey.objects.filter(child=damaged).update(wrapped=b"\x01" + bytes(60))
    for _ in range(2):
        done = rotate(batch=1)
        assert (done.rewrapped, done.damaged) == (1, 1)
    assert DataKey.objects.get(child=damaged).master == DataKey.objects.get(child=gone).master == ring.current
    assert all_readable({good: sealed[good]})
    with pytest.raises(MasterStillUsed, match="still wraps data keys .1.;"):
        retire_master(ring.current)


@pytest.mark.django_db
def test_a_key_of_a_ring_that_is_elsewhere_does_not_stop_a_rotation(ring):
    sealed = sealed_for([uuid4(), uuid4()])
    lost, good = sealed
    DataKey.objects.filter(child=lost).update(master="0" * 16)
    done = rotate()
    assert (done.rewrapped, done.damaged) == (1, 1)
    assert all_readable({good: sealed[good]})


@pytest.mark.django_db
def test_two_rotations_at_once_leave_everything_readable():
    sealed = sealed_for([uuid4() for _ in range(6)])
    inner = []

    def another(done: int, of: int) -> None:
        if not inner:
            inner.append(None)
            current_ring().add_master()
            operations._rewrap_all(progress=None, batch=1)

    rotate(progress=another, batch=2)
    assert all_readable(sealed) and masters_in_use() == {current_ring().current}


@pytest.mark.django_db
def test_an_old_master_is_retired_only_when_nothing_needs_it(ring):
    sealed = sealed_for([uuid4() for _ in range(3)])
    gone, *_ = sealed_for([uuid4()])
    shred(gone)
    with pytest.raises(MasterStillUsed, match="is the current one"):
        retire_master(ring.current)
    with pytest.raises(Killed):
        rotate(progress=killed_after(1), batch=2)
    with pytest.raises(MasterStillUsed, match="still wraps data keys .1.;"):
        retire_master(ring.current)
    rotate()
    with pytest.raises(KeyRingUnusable, match="not on this ring"):
        retire_master("0" * 16)
    assert retire_master(ring.current) == 1
    assert set(current_ring().masters) == masters_in_use()
    assert all_readable(sealed)


@pytest.mark.django_db
def test_a_backup_of_a_shredded_key_opens_until_its_master_is_retired(ring):
    sealed = sealed_for([uuid4()])
    backup = DataKey.objects.values().get()
    shred(*sealed)
    DataKey.objects.all().delete()
    DataKey.objects.create(**backup)
    assert all_readable(sealed)
    shred(*sealed)
    rotate()
    retire_master(ring.current)
    DataKey.objects.all().delete()
    DataKey.objects.create(**backup)
    with pytest.raises(KeyRingUnusable):
        all_readable(sealed)


@pytest.mark.django_db
def test_who_made_keys_with_a_ring_of_a_moment_ago_is_found_by_the_retirement(ring, monkeypatch):
    with monkeypatch.context() as patched:
        ring.add_master()
        patched.setattr(operations, "current_ring", lambda: ring)
        sealed = sealed_for([uuid4()])
    assert masters_in_use() == {ring.current}
    with pytest.raises(MasterStillUsed):
        retire_master(ring.current)
    rotate()
    retire_master(ring.current)
    assert all_readable(sealed)


@pytest.mark.django_db
def test_keys_made_while_their_master_was_retired_are_made_again(ring, monkeypatch):
    real = operations._insert
    waited = []

    def insert_after_a_retirement(*rows, **same):
        if not waited:
            waited.append(None)
            current_ring().add_master().drop_master(ring.current)
        return real(*rows, **same)

    monkeypatch.setattr(operations, "_insert", insert_after_a_retirement)
    sealed = sealed_for([uuid4(), uuid4()])
    assert masters_in_use() == {current_ring().current} and DataKey.objects.count() == 2
    assert all_readable(sealed)


@pytest.mark.django_db(transaction=True)
def test_a_rotation_within_a_transaction_is_refused_as_its_batches_would_not_be_kept():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        rotate()
