"""What the journal keeps of logging in: who, when and by which page, and nothing that was typed."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inbeeld.access.tests import signing_in as sign
from inbeeld.journal.models import Line
from inbeeld.organisations import operations_people as people
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DOOR, STEP = "/inloggen/", "/inloggen/tweede-stap/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "de lucht is vandaag grijs"


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    settings.INBEELD_TRIAL = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def lines() -> list[tuple[str, str, str, str, str]]:
    rows = Line.for_operations.order_by("sequence")
    return list(rows.values_list("actor", "action", "object", "outcome", "origin"))


def everything_written() -> str:
    return str(list(Line.for_operations.values()))


def try_password(email: str, password: str, client: Client | None = None):
    return (client or Client()).post(DOOR, {"login": email, "password": password})


def test_a_log_in_by_password_and_code_is_one_line_and_the_role_another():
    who = sign.person(password=sign.PASSWORD)
    membership = sign.member(who)
    TOTP.activate(who, SECRET)
    client = Client()
    try_password(who.email, sign.PASSWORD, client)
    assert lines() == []
    client.post(STEP, {"code": sign.code(SECRET)})
    client.get("/rol/")
    person = f"person:{who.pk}"
    assert lines() == [
        (person, "log_in", person, "allowed", "mfa_authenticate"),
        (person, "choose_role", f"membership:{membership.pk}", "allowed", "choose_role"),
    ]


def test_another_role_is_chosen_in_the_name_of_the_role_before_it():
    who = sign.person()
    first = sign.member(who)
    second = sign.member(who, Role.PRIVACY_OFFICER, sign.organisation("SWV-1", Kind.SWV))
    client = sign.by_passkey(who, acting=first)
    client.post("/rol/", {"role": f"membership:{second.pk}"})
    client.post("/rol/", {"role": f"membership:{second.pk}"})
    assert lines() == [
        (f"membership:{first.pk}", "choose_role", f"membership:{second.pk}", "allowed", "choose_role")
    ]


def test_a_wrong_password_or_code_is_a_line_of_who_it_was_tried_for_and_repeats_nothing():
    who = sign.person(password=sign.PASSWORD)
    TOTP.activate(who, SECRET)
    try_password(who.email.upper(), "verkeerd wachtwoord")
    client = Client()
    try_password(who.email, sign.PASSWORD, client)
    client.post(STEP, {"code": "000000"})
    assert lines() == [
        ("visitor:unknown", "log_in", f"person:{who.pk}", "refused", "account_login"),
        ("visitor:unknown", "log_in", f"person:{who.pk}", "refused", "mfa_authenticate"),
    ]
    for typed in ("anker", "verkeerd", "000000", SECRET, "Ingrid"):
        assert typed not in everything_written()


def test_an_address_nobody_has_leaves_no_line_and_asks_the_database_just_as_much():
    who = sign.person(password=sign.PASSWORD)
    try_password(who.email, "verkeerd wachtwoord")  # the first line ever makes the head of the journal
    asked = []
    for email in (who.email, "niemand@nergens.example"):
        kept = lines()
        with CaptureQueriesContext(connection) as found:
            try_password(email, "verkeerd wachtwoord")
        asked.append(len([one for one in found if "journal_" in one["sql"] or "auth_user" in one["sql"]]))
    assert lines() == kept
    assert asked[0] == asked[1] > 1


def test_an_invitation_that_is_accepted_is_a_line():
    school = sign.organisation()
    made = people.invite(
        ("Ingrid", "S"), email="i@anker.example", role=Role.MENTOR, at=school, from_on=date(2026, 1, 1)
    )
    person = f"person:{made.person.pk}"
    assert lines() == [
        ("command:people", "appoint", f"membership:{made.membership.pk}", "allowed", "command:people"),
        ("command:people", "invite", person, "allowed", "command:people"),
    ]
    assert Client().post(reverse("invitation", args=[made.token])).status_code == 302
    assert lines()[2:] == [(person, "log_in", person, "allowed", "invitation")]


def test_what_is_taken_away_and_linked_is_a_line_each():
    who = sign.person("i@anker.example")
    school = sign.member(who, Role.MENTOR).organisation
    people.invite(
        ("Ingrid", "S"), email=who.email, role=Role.MENTOR, at=school, from_on=date(2026, 1, 1), again=True,
        identity=("school", "ingrid"),
    )  # fmt: skip
    assert [one[1] for one in lines()] == ["forget_log_in", "link_identity", "invite"]
    people.link_identity(who, provider="school", subject="ingrid", by="person:1", origin="x")
    assert len(lines()) == 3
    assert "ingrid" not in everything_written()


def test_each_change_of_what_somebody_logs_in_with_is_a_line():
    who = sign.person()
    membership = sign.member(who)
    client = sign.logged_in(who, {"method": "invitation"})
    chosen = {"password1": sign.PASSWORD, "password2": sign.PASSWORD}
    client.post("/account/wachtwoord/kiezen/", chosen)
    client.get("/account/app/")
    client.post("/account/app/", {"code": sign.code(client.session["mfa.totp.secret"])})
    client.get("/rol/")
    client.post("/account/codes/nieuw/")
    changed = {"oldpassword": sign.PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/account/wachtwoord/", changed)
    key = Authenticator.objects.create(user=who, type="webauthn", data={"name": "laptop", "credential": {}})
    client.post(f"/account/passkey/{key.pk}/weg/")
    Authenticator.objects.create(user=who, type="webauthn", data={"name": "laptop", "credential": {}})
    client.post("/account/app/weg/")
    person, acting = f"person:{who.pk}", f"membership:{membership.pk}"
    assert [(actor, action) for actor, action, *_rest in lines()] == [
        (person, "set_password"),
        (person, "add_app"),
        (person, "choose_role"),
        (acting, "new_codes"),
        (acting, "change_password"),
        (acting, "remove_passkey"),
        (acting, "remove_app"),
    ]
    for secret in (sign.PASSWORD, NEW, "laptop", "anker"):
        assert secret not in everything_written()


def test_in_the_demo_too_a_log_in_and_its_role_are_lines(settings):
    settings.INBEELD_TRIAL = True
    who = sign.person()
    membership = sign.member(who)
    Client().post("/aanmelden/", {"membership": membership.pk})
    assert [one[1] for one in lines()] == ["log_in", "choose_role"]


def test_a_log_in_that_cannot_be_written_is_none(monkeypatch):
    def broken(deeds):
        raise RuntimeError

    monkeypatch.setattr("inbeeld.journal.operations.append", broken)
    who = sign.person(password=sign.PASSWORD)
    client = Client(raise_request_exception=False)
    assert try_password(who.email, sign.PASSWORD, client).status_code == 500
    assert "_auth_user_id" not in client.session
