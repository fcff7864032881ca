"""Opening data keys for who reads: many at once, and the same answer for a key that was shredded."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import NamedTuple, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import connection
from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables

from inbeeld.keys.keyring import KeyRing, current_ring
from inbeeld.keys.models import DataKey
from inbeeld.keys.sealing import NONCE_BYTES, KeyDamaged, OpenKey, joined

#: child (the learner's reference), group, keyholder
Wanted = tuple[UUID, str, str]
Thing = TypeVar("Thing")

FORMAT = b"\x01"
NONCE_END = 1 + NONCE_BYTES
BATCH = 2000


class Wrapped(NamedTuple):
    """The columns of a data key that it takes to open it."""

    id: UUID
    child: UUID
    group: str
    keyholder: str
    master: str
    wrapped: bytes

    @classmethod
    def of(cls, rows: QuerySet[DataKey]) -> Iterator[Wrapped]:
        """Read them; without making models, which takes longer than opening the keys."""
        return map(cls._make, rows.values_list(*cls._fields))


def open_keys(wanted: Iterable[Wanted]) -> dict[Wanted, OpenKey]:
    """The keys that are there, in one query per 2,000 children; one that was never made is left out.

    A shredded or damaged one is there too, closed: whoever uses it is told which of the two it is.
    Raises KeyRingUnusable when the ring does not hold the master key of one of them.
    """
    ring = current_ring()
    asked = set(wanted)
    groups, keyholders = {group for _, group, _ in asked}, {keyholder for _, _, keyholder in asked}
    opened: dict[Wanted, OpenKey] = {}
    for children in batched(sorted({child for child, _, _ in asked}, key=attrgetter("int"))):
        shredded: dict[Wanted, list[UUID]] = {}
        live: list[tuple[Wanted, Wrapped]] = []
        for row in _oldest_first(children, groups, keyholders):
            place = (row.child, row.group, row.keyholder)
            if place not in asked:
                continue
            if row.wrapped:
                live.append((place, row))
            else:
                shredded.setdefault(place, []).append(row.id)
        for place, gone in shredded.items():
            opened[place] = OpenKey(gone[-1], None, earlier=frozenset(gone))
        for place, row in live:
            opened[place] = opened_of(row, ring=ring, earlier=frozenset(shredded.get(place, ())))
    return opened


def _oldest_first(
    children: Collection[UUID], groups: Collection[str], keyholders: Collection[str]
) -> Iterator[Wrapped]:
    """Read these data keys. In SQL, as Django takes longer to make the query than it takes to open them."""
    native = connection.features.has_native_uuid_field
    known = {child if native else child.hex: child for child in children}
    gaps = (", ".join(["%s"] * len(values)) for values in (children, groups, keyholders))
    with connection.cursor() as cursor:
        cursor.execute(_QUERY.format(*gaps), [*known, *map(str, groups), *map(str, keyholders)])
        rows = cursor.fetchall()
    for key_id, child, *rest in rows:
        yield Wrapped(key_id if native else UUID(bytes=bytes.fromhex(key_id)), known[child], *rest)


_QUERY = """
SELECT id, child, "group", keyholder, master, wrapped FROM keys_datakey
WHERE child IN ({}) AND "group" IN ({}) AND keyholder IN ({}) ORDER BY made_at
"""


@sensitive_variables()
def opened_of(row: Wrapped, *, ring: KeyRing, earlier: frozenset[UUID] = frozenset()) -> OpenKey:
    """The data key of a row, open; or closed because it is damaged."""
    return OpenKey(row.id, unwrapped(row, ring=ring), closed=KeyDamaged, earlier=earlier)


@sensitive_variables()
def unwrapped(row: Wrapped, *, ring: KeyRing) -> bytes | None:
    """The bytes of a data key, or None when damaged. Raises KeyRingUnusable without its master key."""
    cipher = ring.wrapping_key(row.keyholder, row.master)
    token = bytes(row.wrapped)
    if token[:1] != FORMAT:
        return None
    bound = _bound(row.id, row.child, row.group, row.keyholder, row.master)
    try:
        return cipher.decrypt(token[1:NONCE_END], token[NONCE_END:], bound)
    except (InvalidTag, ValueError):
        return None


@sensitive_variables()
def wrap(raw: bytes, *, ring: KeyRing, key_id: UUID, child: UUID, group: str, keyholder: str) -> bytes:
    """A data key wrapped with the current master key; it opens only in a row that says the same."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = ring.wrapping_key(keyholder, ring.current)
    return FORMAT + nonce + cipher.encrypt(nonce, raw, _bound(key_id, child, group, keyholder, ring.current))


def _bound(key_id: UUID, child: UUID, group: str, keyholder: str, master: str) -> bytes:
    return _START + joined(key_id.bytes, child.bytes) + _kept_by(group, keyholder, master)


_START = joined(b"inbeeld data key", FORMAT)


@lru_cache(maxsize=1024)  # the children of a page have this in common
def _kept_by(group: str, keyholder: str, master: str) -> bytes:
    return joined(group.encode(), keyholder.encode(), master.encode())


def batched(found: Iterable[Thing]) -> Iterator[list[Thing]]:
    """The same things, in lists of at most BATCH."""
    waiting = iter(found)
    while batch := list(islice(waiting, BATCH)):
        yield batch
