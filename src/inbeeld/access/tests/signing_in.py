"""Sessions outside the demo for tests: people who came in by each way there is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client

from inbeeld.access.sessions import RoleToChoose
from inbeeld.organisations.models import Kind, Membership, Organisation, Role

PASSWORD = "de zee is vandaag groen"


def person(email: str = "ingrid@anker.example", *, password: str | None = None) -> User:
    """Somebody with an account and, unless said, without a password."""
    made = get_user_model().objects.create_user(
        username=email, email=email, first_name="Ingrid", last_name="S"
    )
    if password:
        made.set_password(password)
        made.save()
    return made


def organisation(key: str = "S-1", kind: Kind = Kind.SCHOOL) -> Organisation:
    return Organisation.objects.create(
        key=key, kind=kind, name=f"Het Anker {key}", region="noorderveen", sector="vo"
    )


def member(who: User, role: Role = Role.CARE_COORDINATOR, at: Organisation | None = None) -> Membership:
    return Membership.objects.create(
        person=who, organisation=at or organisation(), role=role, from_on="2020-08-01"
    )


def logged_in(who: User, *records: dict[str, Any], acting: Membership | None = None) -> Client:
    """A client whose session holds these records of how somebody logged in, in this role."""
    client = Client()
    client.force_login(who)
    session = client.session
    session["account_authentication_methods"] = [{"at": time.time(), **record} for record in records]
    session["account_authentication_methods_user"] = str(who.pk)
    if acting is not None:
        session["membership"] = acting.pk
        session["chosen"] = RoleToChoose.of(acting).stamp
    session.save()
    return client


def by_passkey(who: User, *, acting: Membership | None = None) -> Client:
    """The session of somebody who used a passkey."""
    return logged_in(who, {"method": "mfa", "type": "webauthn", "passwordless": True}, acting=acting)


def code(secret: str, *, later: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), now or some half minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
