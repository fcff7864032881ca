"""A passkey in software (WebAuthn), for tests of logging in without a browser."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

#: Somebody was there, and proved to be the owner; with them comes the key itself.
THERE, PROVED, WITH_KEY = 0x01, 0x04, 0x40
ORIGIN, HOST = "http://testserver", "testserver"


class Passkey:
    """One passkey of one person."""

    def __init__(self) -> None:
        self.id, self._key = secrets.token_bytes(16), ec.generate_private_key(ec.SECP256R1())
        self._owner = ""

    def made_for(self, options: dict[str, Any]) -> str:
        """What the browser answers when it is asked to make one."""
        asked = options["publicKey"]
        self._owner = asked["user"]["id"]
        point = self._key.public_key().public_numbers()
        public = _cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        known = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        made = {"fmt": "none", "attStmt": {}, "authData": _data(THERE | PROVED | WITH_KEY, counted=0) + known}
        said = _said("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=_text(said), attestationObject=_text(_cbor(made)))

    def shown_for(self, options: dict[str, Any]) -> str:
        """What the browser answers when it is asked to show it."""
        said, data = (
            _said("webauthn.get", options["publicKey"]["challenge"]),
            _data(THERE | PROVED, counted=1),
        )
        signature = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=_text(said), authenticatorData=_text(data), signature=_text(signature),
            userHandle=self._owner,
        )  # fmt: skip

    def _answer(self, **response: str) -> str:
        key = _text(self.id)
        about = {"type": "public-key", "clientExtensionResults": {}}
        return json.dumps({"id": key, "rawId": key, "response": response, **about})


def _said(what: str, challenge: str) -> bytes:
    return json.dumps({"type": what, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}).encode()


def _data(flags: int, *, counted: int) -> bytes:
    return hashlib.sha256(HOST.encode()).digest() + struct.pack(">BI", flags, counted)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _cbor(value: Any) -> bytes:
    """As much of CBOR (RFC 8949) as stands here: whole numbers, bytes, texts and maps of these."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    return _head(5, len(value)) + b"".join(_cbor(one) + _cbor(of) for one, of in value.items())


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    return bytes([kind << 5 | 24, number]) if number < 256 else struct.pack(">BH", kind << 5 | 25, number)
