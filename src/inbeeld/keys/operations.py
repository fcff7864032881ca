"""Changes to data keys: making, rotating and shredding them. The only place that writes them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from inbeeld.keys.keyring import SECRET_BYTES, KeyRing, KeyRingUnusable, current_ring
from inbeeld.keys.models import DataKey, KeyGroup
from inbeeld.keys.opening import Wrapped, batched, opened_of, unwrapped, wrap
from inbeeld.keys.sealing import OpenKey

REWRAPPED_AT_ONCE = 500
#: Somebody else may make, or shred, the same keys in between; more often than this is no coincidence.
TRIES = 5
WAIT_FOR_WRITERS = "10s"
COLUMNS = ("id", "child", "group", "keyholder", "master", "wrapped", "made_at")

Progress = Callable[[int, int], None]


class MasterStillUsed(KeyRingUnusable):
    """A master key that cannot be retired; str() says why."""


class _MasterRetired(Exception):
    """The master key was retired while keys were wrapped with it."""


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: the current master key, how many keys were rewrapped, and how many do not open."""

    master: str
    rewrapped: int
    damaged: int


def key_for(child: UUID, group: str, keyholder: str) -> OpenKey:
    """The data key of a child for one group at one keyholder; made when there is none.

    After shredding this makes a new one: whether something may still be kept is for the caller to know.
    """
    return keys_for_many([child], group=group, keyholder=keyholder)[child]


def keys_for_many(children: Iterable[UUID], *, group: str, keyholder: str) -> dict[UUID, OpenKey]:
    """The data key of each child for one group at one keyholder; the absent ones are made, quickly.

    Whoever asks at the same time gets the same keys.
    """
    group = KeyGroup(group).value
    _refuse_unfit(keyholder)
    found: dict[UUID, OpenKey] = {}
    # In one order for all, so that two who make the same keys do not wait for each other for ever.
    for batch in batched(sorted(set(children), key=attrgetter("int"))):
        found |= _keys_of(batch, group=group, keyholder=keyholder)
    return found


def _refuse_unfit(keyholder: str) -> None:
    longest = DataKey._meta.get_field("keyholder").max_length
    if not 0 < len(keyholder) <= longest:
        raise ValueError(f"A data key has a keyholder of at most {longest} characters.")


def _keys_of(children: list[UUID], *, group: str, keyholder: str) -> dict[UUID, OpenKey]:
    for _ in range(TRIES):
        ring = current_ring()
        rows = _live().filter(child__in=children, group=group, keyholder=keyholder)
        found = {row.child: opened_of(row, ring=ring) for row in Wrapped.of(rows)}
        missing = [child for child in children if child not in found]
        if not missing:
            return found
        try:
            with transaction.atomic():
                made = _make(missing, ring=ring, group=group, keyholder=keyholder)
                _refuse_retired(ring)
        except _MasterRetired:
            continue
        if made is not None:
            return found | made
    raise RuntimeError("Data keys were made and shredded by others each time we looked; try again.")


@sensitive_variables()
def _make(children: list[UUID], *, ring: KeyRing, group: str, keyholder: str) -> dict[UUID, OpenKey] | None:
    """Insert a key for each; None when somebody else made one of them first (theirs stays)."""
    raws = os.urandom(SECRET_BYTES * len(children))
    made, wrapped = {}, []
    for number, child in enumerate(children):
        key_id = uuid.uuid4()
        raw = raws[SECRET_BYTES * number : SECRET_BYTES * (number + 1)]
        made[child] = OpenKey(key_id, raw)
        wrapped.append(wrap(raw, ring=ring, key_id=key_id, child=child, group=group, keyholder=keyholder))
    inserted = _insert(
        [key.id for key in made.values()],
        children,
        wrapped,
        group=group,
        keyholder=keyholder,
        master=ring.current,
    )
    return made if inserted == len(children) else None


def _insert(ids: list[UUID], children: list[UUID], wrapped: list[bytes], **same: Any) -> int:
    """Insert rows unless they are there; returns how many. In SQL, as the ORM takes three times as long."""
    table = connection.ops.quote_name(DataKey._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(DataKey._meta.get_field(name).column) for name in COLUMNS)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    group, keyholder, master = same["group"], same["keyholder"], same["master"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {table} ({columns}) "
                "SELECT id, child, %s, %s, %s, wrapped, %s "
                "FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[]) AS made (id, child, wrapped) "
                "ON CONFLICT DO NOTHING",
                [group, keyholder, master, now, ids, children, wrapped],
            )
        else:
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [
                    (key_id.hex, child.hex, group, keyholder, master, token, now)
                    for key_id, child, token in zip(ids, children, wrapped, strict=True)
                ],
            )
        return int(cursor.rowcount)


def _live() -> QuerySet[DataKey]:
    return DataKey.objects.filter(shredded_at__isnull=True)


# --- rotating ----------------------------------------------------------------------------------


def rotate(*, progress: Progress | None = None, batch: int = REWRAPPED_AT_ONCE) -> Rotation:
    """Wrap every data key with a new master key, a batch at a time; or finish an earlier rotation.

    Each batch is committed before `progress(done, of)` is called, so after any interruption everything
    can be read and a rerun goes on. What is sealed is not touched. The old master key stays on the ring
    until `retire_master`. A damaged key stays as it is and is counted.
    """
    done = _rewrap_all(progress=progress, batch=batch)
    if done.rewrapped:  # an earlier rotation was not finished; now it is
        return done
    current_ring().add_master()
    return _rewrap_all(progress=progress, batch=batch)


def _rewrap_all(*, progress: Progress | None, batch: int) -> Rotation:
    """Wrap what is under another master key with the current one, in the order of the ids."""
    master = current_ring().current
    of, seen, damaged = _live().exclude(master=master).count(), 0, 0
    last: UUID | None = None
    while True:
        try:
            with transaction.atomic(durable=True):
                ring = current_ring()
                waiting = _live().exclude(master=ring.current).order_by("id").select_for_update()
                rows = list(Wrapped.of((waiting if last is None else waiting.filter(id__gt=last))[:batch]))
                opened = _rewrap(rows, ring=ring)
                _refuse_retired(ring)
        except _MasterRetired:
            continue
        if not rows:
            return Rotation(ring.current, seen - damaged, damaged)
        last = rows[-1].id
        seen += len(rows)
        damaged += len(rows) - opened
        if progress is not None:
            progress(seen, max(seen, of))


@sensitive_variables()
def _rewrap(rows: list[Wrapped], *, ring: KeyRing) -> int:
    """Wrap these with the current master key; returns how many could be."""
    ids, wrapped = [], []
    for row in rows:
        raw = unwrapped(row, ring=ring) if row.master in ring.masters else None
        if raw is not None:
            ids.append(row.id)
            wrapped.append(
                wrap(raw, ring=ring, key_id=row.id, child=row.child, group=row.group, keyholder=row.keyholder)
            )
    if ids:
        _store(ids, wrapped, master=ring.current)
    return len(ids)


def _store(ids: list[UUID], wrapped: list[bytes], *, master: str) -> None:
    """Replace the wrapping of keys that are not shredded. In SQL: bulk_update takes ten times as long."""
    table = connection.ops.quote_name(DataKey._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} AS stored SET wrapped = made.wrapped, master = %s "
                "FROM unnest(%s::uuid[], %s::bytea[]) AS made (id, wrapped) "
                "WHERE stored.id = made.id AND stored.shredded_at IS NULL",
                [master, ids, wrapped],
            )
        else:
            cursor.executemany(
                f"UPDATE {table} SET wrapped = %s, master = %s WHERE id = %s AND shredded_at IS NULL",
                [(token, master, key_id.hex) for key_id, token in zip(ids, wrapped, strict=True)],
            )


def _refuse_retired(ring: KeyRing) -> None:
    """Before committing: a retirement that we had to wait for did not count what we wrapped."""
    if ring.current not in current_ring().masters:
        raise _MasterRetired


def retire_master(master_id: str) -> int:
    """Take an old master key off the ring. Raises MasterStillUsed while any data key needs it.

    Returns how many shredded keys were under it: from now on no older backup of the database opens those
    either, unless an older copy of the ring was kept.
    """
    with transaction.atomic(durable=True):
        _wait_for_writers()
        ring = current_ring()
        ring.refuse_unknown(master_id)
        if master_id == ring.current:
            raise MasterStillUsed(f"Master key {master_id} is the current one; rotate first.")
        if used := _live().filter(master=master_id).count():
            raise MasterStillUsed(f"Master key {master_id} still wraps data keys ({used:,}); rotate first.")
        gone = DataKey.objects.filter(master=master_id, shredded_at__isnull=False).count()
        ring.drop_master(master_id)
    return gone


def _wait_for_writers() -> None:
    """Until who is making keys now has committed, so that theirs are counted; new ones wait for us.

    SQLite does so by itself: there is one writer at a time.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(DataKey._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_FOR_WRITERS}'")
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


# --- shredding ---------------------------------------------------------------------------------


@transaction.atomic
def shred(child: UUID, group: str | None = None) -> int:
    """Forget the data keys of a child, of one group or all; returns how many. What they sealed is gone.

    Erasure under GDPR 17. A backup made before still holds the wrapped key: it opens until the master key
    it is wrapped with is retired (`rotate`, then `retire_master`) or the backup is destroyed.
    """
    doomed = _live().filter(child=child)
    if group is not None:
        doomed = doomed.filter(group=KeyGroup(group).value)
    # In the order in which a rotation locks them, so that neither waits for the other for ever.
    ids = list(doomed.select_for_update().order_by("id").values_list("id", flat=True))
    return DataKey.objects.filter(id__in=ids).update(wrapped=b"", shredded_at=timezone.now())
