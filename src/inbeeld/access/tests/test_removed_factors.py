"""Removing a passkey, an app or a list of codes ends every session that rests on it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.access.tests import signing_in as sign

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SET_UP = "/account/begin/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    settings.INBEELD_TRIAL = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_removing_a_passkey_ends_what_was_begun_with_it_and_nothing_else():
    who = sign.person()
    membership = sign.member(who)
    lost, kept = (
        Authenticator.objects.create(user=who, type="webauthn", data={"name": one, "credential": {}})
        for one in ("lost", "kept")
    )
    theirs, mine = (
        sign.logged_in(who, {"method": "mfa", "type": "webauthn", "id": one.pk}, acting=membership)
        for one in (lost, kept)
    )
    assert theirs.get("/in-beeld/").status_code == 200
    assert mine.post(f"/account/passkey/{lost.pk}/weg/").status_code == 302
    assert theirs.get("/in-beeld/").headers["Location"] == "/account/bewijs/"
    assert theirs.post("/account/passkey/").headers["Location"].startswith("/account/bewijs/")
    assert mine.get("/in-beeld/").status_code == 200


def test_a_passkey_of_somebody_else_is_no_proof_that_mine_is_still_there():
    who, other = sign.person(), sign.person("bas@anker.example")
    theirs = Authenticator.objects.create(user=other, type="webauthn", data={})
    client = sign.logged_in(who, {"method": "mfa", "type": "webauthn", "id": theirs.pk})
    assert client.get("/account/").headers["Location"] == SET_UP


@pytest.mark.parametrize(("has_id", "most"), [(True, 1), (False, 0)])
def test_whether_a_passkey_is_still_there_is_asked_once_in_a_request(has_id, most):
    who = sign.person()
    one = Authenticator.objects.create(user=who, type="webauthn", data={})
    record = {"method": "mfa", "type": "webauthn", **({"id": one.pk} if has_id else {})}
    client = sign.logged_in(who, record, acting=sign.member(who))
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/in-beeld/").status_code == 200
    assert len([query for query in asked if "mfa_authenticator" in query["sql"]]) == most


def test_who_came_in_with_a_code_and_makes_new_ones_reads_them():
    who = sign.person(password=sign.PASSWORD)
    TOTP.activate(who, SECRET)
    codes = RecoveryCodes.activate(who).instance
    begun = {"method": "mfa", "type": "recovery_codes", "id": codes.pk}
    client, other = sign.logged_in(who, begun), sign.logged_in(who, begun)
    assert client.post("/account/codes/nieuw/").status_code == 302
    assert client.get("/account/codes/").content.decode().count("<code>") == 10
    assert other.get("/account/").headers["Location"] == "/account/bewijs/"
