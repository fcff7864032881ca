"""A passkey in software (WebAuthn), for tests of logging in without a browser."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
SEEN_WITH_A_FINGER = FLAG.UP | FLAG.UV
ORIGIN, HOST = "http://testserver", "testserver"


class Passkey:
    """One passkey of one person."""

    def __init__(self) -> None:
        self.id, self._key = secrets.token_bytes(16), ec.generate_private_key(ec.SECP256R1())
        self.user = b""

    def made_for(self, options: dict[str, Any]) -> str:
        """What the browser answers when it is asked to make one."""
        asked = options["publicKey"]
        self.user = (
            asked["user"]["id"] if isinstance(asked["user"]["id"], bytes) else asked["user"]["id"].encode()
        )
        known = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self._key.public_key())
        )
        said = CollectedClientData.create(CollectedClientData.TYPE.CREATE, asked["challenge"], ORIGIN)
        data = AuthenticatorData.create(_host(), SEEN_WITH_A_FINGER | FLAG.AT, 0, bytes(known))
        return self._answer(clientDataJSON=said, attestationObject=AttestationObject.create("none", data, {}))

    def shown_for(self, options: dict[str, Any]) -> str:
        """What the browser answers when it is asked to show it."""
        said = CollectedClientData.create(
            CollectedClientData.TYPE.GET, options["publicKey"]["challenge"], ORIGIN
        )
        data = AuthenticatorData.create(_host(), SEEN_WITH_A_FINGER, 1)
        signature = self._key.sign(bytes(data) + said.hash, ec.ECDSA(SHA256()))
        user = self.user if isinstance(self.user, str) else self.user.decode()
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature, userHandle=user)

    def _answer(self, **response: Any) -> str:
        told = {
            name: value if isinstance(value, str) else websafe_encode(bytes(value))
            for name, value in response.items()
        }
        key = websafe_encode(self.id)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": told,
                           "clientExtensionResults": {}})  # fmt: skip


def _host() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()
