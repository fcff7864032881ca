"""Logging in: nobody signs up, nothing tells who has an account, and tries are counted."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from inbeeld.access.login import MFAAdapter
from inbeeld.access.scripts import POLICY_WITH_SCRIPTS
from inbeeld.access.tests import signing_in as sign

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DOOR, STEP = "/inloggen/", "/inloggen/tweede-stap/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    settings.INBEELD_TRIAL = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def try_password(client: Client, email: str, password: str = sign.PASSWORD):
    return client.post(DOOR, {"login": email, "password": password})


def with_app(email: str = "ingrid@anker.example"):
    who = sign.person(email, password=sign.PASSWORD)
    sign.member(who)
    TOTP.activate(who, SECRET)
    return who


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_reset_password", "account_confirm_email", "account_inactive",
     "account_request_login_code", "account_confirm_login_code", "account_reauthenticate",
     "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_download_recovery_codes",
     "mfa_trust", "mfa_signup_webauthn",
     "socialaccount_signup", "socialaccount_connections", "socialaccount_login_error", "usersessions_list"],
)  # fmt: skip
def test_pages_of_allauth_that_are_not_needed_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_address_without_an_account_and_a_wrong_password_get_the_same_answer():
    sign.person("ingrid@anker.example", password=sign.PASSWORD)
    sign.person("marit@swv.example")  # has no password at all
    pages = []
    for email in ("ingrid@anker.example", "marit@swv.example", "niemand@nergens.example"):
        response = try_password(Client(), email, "verkeerd wachtwoord")
        assert response.status_code == 200
        pages.append(
            re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(email, "")
        )
    assert pages[0] == pages[1] == pages[2]
    assert "door__wrong" in pages[0]


def test_the_address_is_found_in_capitals_too_and_an_account_that_was_closed_stays_out():
    who = sign.person(password=sign.PASSWORD)
    assert try_password(Client(), who.email.upper()).headers["Location"] == "/rol/"
    who.is_active = False
    who.save()
    assert try_password(Client(), who.email).headers["Location"] == f"{DOOR}?ended=closed"


def test_after_a_password_comes_the_code_and_before_it_nobody_is_logged_in():
    who = with_app()
    client = Client()
    assert try_password(client, who.email).headers["Location"] == STEP
    assert "_auth_user_id" not in client.session
    assert client.get("/in-beeld/").headers["Location"] == "/"
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    assert client.post(STEP, {"code": sign.code(SECRET)}).headers["Location"] == "/rol/"
    assert client.get("/rol/").headers["Location"] == "/mijn-werk/"


def test_a_log_in_leads_to_the_choice_of_a_role_whatever_page_was_asked_for():
    who = with_app()
    client = Client()
    client.post(
        f"{DOOR}?next=/account/", {"login": who.email, "password": sign.PASSWORD, "next": "/account/"}
    )
    assert client.post(STEP, {"code": sign.code(SECRET), "next": "/account/"}).headers["Location"] == "/rol/"


def test_a_code_counts_once_also_in_the_half_minutes_around_its_own():
    who = with_app()
    code = sign.code(SECRET, later=1)
    for answer in (302, 200):
        client = Client()
        try_password(client, who.email)
        # allauth forgets a used code after half a minute; it is valid for longer.
        cache.delete(f"allauth.mfa.totp.used?user={who.pk}&code={code}")
        assert client.post(STEP, {"code": code}).status_code == answer
        assert client.post(STEP, {"code": sign.code(SECRET, later=2)}).status_code in (200, 302)


def test_a_code_to_fall_back_on_works_once_and_only_after_a_password():
    who = with_app()
    code = RecoveryCodes.activate(who).generate_codes()[0]
    for answer in (302, 200):
        client = Client()
        assert client.post(STEP, {"code": code}).headers["Location"] == DOOR
        try_password(client, who.email)
        assert client.post(STEP, {"code": code}).status_code == answer


def test_five_wrong_passwords_for_one_address_are_answered_with_429_and_the_rest_goes_on():
    who = sign.person(password=sign.PASSWORD)
    answers = [try_password(Client(), "iemand@anker.example", "fout").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    page = try_password(Client(), "iemand@anker.example", "fout")
    assert "<main" in page.content.decode()
    assert try_password(Client(), who.email).status_code == 302


def from_network(number: int) -> Client:
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


def test_who_knows_only_an_address_keeps_nobody_out_from_their_own_network():
    who = sign.person(password=sign.PASSWORD)
    answers = [try_password(from_network(1), who.email, "fout").status_code for _ in range(30)]
    assert answers[:6] == [200] * 5 + [429]
    # What was refused there does not count for the account.
    assert try_password(from_network(2), who.email.upper()).status_code == 302


def test_from_many_networks_together_one_account_gets_twenty_tries():
    who = sign.person(password=sign.PASSWORD)
    answers = [try_password(from_network(one), who.email, "fout").status_code for one in range(1, 23)]
    assert answers == [200] * 20 + [429] * 2


def test_a_good_password_takes_back_its_own_try_and_no_other():
    who = sign.person(password=sign.PASSWORD)
    for password, answer in (*[("fout", 200)] * 4, *[(sign.PASSWORD, 302)] * 3, ("fout", 200), ("fout", 429)):
        assert try_password(from_network(1), who.email, password).status_code == answer


def test_wrong_codes_are_counted_per_person():
    who = with_app()
    client = Client()
    try_password(client, who.email)
    answers = [client.post(STEP, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    elsewhere = from_network(9)
    try_password(elsewhere, who.email)
    assert elsewhere.post(STEP, {"code": sign.code(SECRET)}).status_code == 429


def test_what_is_kept_of_tries_names_nobody():
    try_password(Client(), "ingrid@anker.example", "fout fout fout")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM inbeeld_tries")
        rows = str(cursor.fetchall())
    assert "rl:" in rows
    assert "ingrid" not in rows
    assert "fout" not in rows


@pytest.mark.parametrize(
    "credential", ["", "x", "{}", '{"response": {"userHandle": "MQ"}}', "[1]", "null", "1"]
)
def test_nonsense_for_a_passkey_logs_nobody_in(credential):
    sign.person()
    response = Client().post("/inloggen/passkey/", {"credential": credential})
    assert response.headers["Location"] == f"{DOOR}?ended=passkey"
    assert Client().get("/inloggen/passkey/").headers["Location"] == DOOR


def test_what_a_passkey_is_asked_says_nothing_about_people():
    sign.person()
    asked = Client().get("/inloggen/passkey/", headers={"accept": "application/json"}).json()
    options = asked["request_options"]["publicKey"]
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")


# --- what somebody logs in with ------------------------------------------------------------------


def test_the_secret_of_an_app_is_not_in_the_database_and_an_earlier_key_still_opens_it(settings):
    who = sign.person()
    TOTP.activate(who, SECRET)
    RecoveryCodes.activate(who)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    sealed = Authenticator.objects.get(type="totp").data["secret"]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key altogether"
    assert MFAAdapter().decrypt(sealed) == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValidationError):
        MFAAdapter().decrypt(sealed)


def test_the_last_second_factor_cannot_be_removed():
    who = sign.person()
    app = TOTP.activate(who, SECRET).instance
    client = sign.by_passkey(who)
    assert client.post("/account/app/weg/").status_code == 200
    assert Authenticator.objects.filter(pk=app.pk).exists()
    key = Authenticator.objects.create(user=who, type="webauthn", data={"name": "laptop", "credential": {}})
    assert client.post("/account/app/weg/").status_code == 302
    assert not Authenticator.objects.filter(pk=app.pk).exists()
    assert client.post(f"/account/passkey/{key.pk}/weg/").status_code == 403
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_nobody_removes_a_passkey_of_somebody_else():
    theirs = Authenticator.objects.create(
        user=sign.person("bas@anker.example"), type="webauthn", data={"name": "laptop", "credential": {}}
    )
    who = sign.person()
    TOTP.activate(who, SECRET)
    assert sign.by_passkey(who).post(f"/account/passkey/{theirs.pk}/weg/").status_code == 404


def test_setting_up_an_app_makes_the_session_strong_and_gives_codes():
    who = sign.person(password=sign.PASSWORD)
    sign.member(who)
    client = sign.logged_in(who, {"method": "password"})
    page = client.get("/account/app/").content.decode()
    assert "<svg" in page
    assert "data:" not in page
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    response = client.post("/account/app/", {"code": sign.code(secret)})
    assert response.headers["Location"] == "/account/codes/"
    codes = client.get("/account/codes/").content.decode()
    assert codes.count("<code>") == 10
    assert client.get("/account/codes/").content.decode().count("<code>") == 0
    assert client.get("/rol/").headers["Location"] == "/mijn-werk/"


@pytest.mark.parametrize(
    ("password", "good"),
    [("kort", False), ("123456789012345", False), ("password1234", False), ("ingrid@anker.example", False),
     ("de zee is vandaag groen", True), ("      kort  ", True), ("een twee drie", True)],
)  # fmt: skip
def test_a_password_is_long_and_not_well_known(password, good):
    who = sign.person()
    client = sign.logged_in(who, {"method": "invitation"})
    response = client.post("/account/wachtwoord/kiezen/", {"password1": password, "password2": password})
    who.refresh_from_db()
    assert who.has_usable_password() is good
    assert response.status_code == (302 if good else 200)
    if good:
        assert response.headers["Location"] == "/account/app/"


def test_two_different_new_passwords_are_refused_and_another_password_ends_other_sessions():
    who = sign.person(password=sign.PASSWORD)
    TOTP.activate(who, SECRET)
    here, there = (
        sign.logged_in(who, {"method": "mfa", "type": "totp", "at": time.time()}) for _ in range(2)
    )
    form = {"oldpassword": sign.PASSWORD, "password1": "de lucht is vandaag grijs"}
    assert (
        here.post("/account/wachtwoord/", {**form, "password2": "anders dan het eerste"}).status_code == 200
    )
    assert here.post("/account/wachtwoord/", {**form, "password2": form["password1"]}).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").headers["Location"] == DOOR


def test_only_pages_that_use_passkeys_may_run_scripts():
    who = sign.person(password=sign.PASSWORD)
    Authenticator.objects.create(user=who, type="webauthn", data={"name": "laptop", "credential": {}})
    client = sign.by_passkey(who)
    policies = {
        address: client.get(address).headers["Content-Security-Policy"]
        for address in (
            "/account/",
            "/account/wachtwoord/",
            "/account/passkey/",
            "/rol/",
            "/in-beeld/",
            "/over/",
        )
        if address != "/account/passkey/"
    }
    assert not any("script-src" in one for one in policies.values())
    assert Client().get(DOOR).headers["Content-Security-Policy"] == POLICY_WITH_SCRIPTS
    assert "unsafe" not in POLICY_WITH_SCRIPTS


def test_no_page_of_logging_in_has_a_script_or_a_style_in_itself():
    page = Client().get(DOOR).content.decode()
    for script in re.findall(r"<script([^>]*)>", page):
        assert ' src="/static/' in script or 'type="application/json"' in script
    assert not re.search(r"<style| style=| on\w+=|javascript:|https?://", page)
