"""Whole files, sealed while they wait: what was delivered may hold names, and a disk is easily copied.

AES-256-GCM with a key of the ring's current master key. A sealed file is: one byte of format, 8 of the id of
the master key, 12 of nonce, then the content with a tag of 16. The place is authenticated, not written.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from django.views.decorators.debug import sensitive_variables

from inbeeld.keys.keyring import ID_BYTES, current_ring
from inbeeld.keys.sealing import NONCE_BYTES, TAG_BYTES, CutOff, NotForHere, UnknownFormat, joined

FORMAT = b"\x01"
KEYHOLDER = "files that wait"
_ID_END = 1 + ID_BYTES
_HEAD = _ID_END + NONCE_BYTES


@sensitive_variables()
def seal_file(content: bytes, *, place: str) -> bytes:
    """Seal the content of a file; `place` names the file, and it opens nowhere else."""
    ring = current_ring()
    head = FORMAT + bytes.fromhex(ring.current) + (nonce := os.urandom(NONCE_BYTES))
    return head + ring.wrapping_key(KEYHOLDER, ring.current).encrypt(nonce, content, _bound(place))


@sensitive_variables()
def unseal_file(sealed: bytes, *, place: str) -> bytes:
    """The content sealed for this place. Raises SealBroken; KeyRingUnusable when its key was retired."""
    if sealed[:1] != FORMAT:
        raise UnknownFormat
    if len(sealed) < _HEAD + TAG_BYTES:
        raise CutOff
    cipher = current_ring().wrapping_key(KEYHOLDER, sealed[1:_ID_END].hex())
    try:
        return cipher.decrypt(sealed[_ID_END:_HEAD], sealed[_HEAD:], _bound(place))
    except InvalidTag:
        raise NotForHere from None


def _bound(place: str) -> bytes:
    if not place:
        raise ValueError("What is sealed has a place.")
    return joined(b"inbeeld file", FORMAT, place.encode())
