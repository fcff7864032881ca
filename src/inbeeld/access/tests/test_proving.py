"""Proving again who you are before what weighs most, without losing or keeping what was written."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from inbeeld.access.providers import IdentityProvider
from inbeeld.access.proving import may_change_factors, prove_again, recently_proved
from inbeeld.access.tests import signing_in as sign
from inbeeld.organisations.models import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE = {"method": "mfa", "type": "totp"}


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    settings.INBEELD_TRIAL = False


def request_of(client: Client, who, data=None) -> HttpRequest:
    make = RequestFactory()
    request = make.get("/zwaar/?a=1") if data is None else make.post("/zwaar/?a=1", data)
    request.session, request.user = client.session, who
    return request


def ask(client: Client, who, data=None, **how) -> HttpResponse:
    """What a decorated view answers in this session."""
    view = prove_again(lambda request: HttpResponse(f"done {request.POST.get('reason', '')}"), **how)
    request = request_of(client, who, data)
    with context.request_context(request):
        return view(request)


@pytest.mark.parametrize(
    ("ago", "extra", "again", "answer"),
    [
        (0, {}, False, True),
        (299, {}, False, True),
        (301, {}, False, False),
        (-30, {}, False, True),
        (-61, {}, False, False),  # a clock that was set back
        (0, {}, True, False),  # the log-in itself
        (0, {"reauthenticated": True}, True, True),
        (0, {"method": "password", "reauthenticated": True}, False, False),
    ],
)
def test_a_proof_counts_for_five_minutes_and_a_password_is_none(ago, extra, again, answer):
    who = sign.person()
    client = sign.logged_in(who, {**CODE, "at": time.time() - ago, **extra})
    assert recently_proved(request_of(client, who), again=again) is answer


def test_a_page_is_asked_for_first_and_comes_back_to_itself():
    who = sign.person()
    client = sign.logged_in(who, {**CODE, "at": time.time() - 600})
    assert ask(client, who).headers["Location"] == "/account/bewijs/?next=%2Fzwaar%2F%3Fa%3D1"
    assert ask(client, who, within=timedelta(minutes=15)).content == b"done "


def test_what_a_form_held_goes_through_the_browser_and_is_kept_nowhere():
    who = sign.person()
    TOTP.activate(who, SECRET)
    client = sign.logged_in(who, {**CODE, "at": time.time() - 600})
    words = {"reason": 'Vrees voor "Fenna"', "csrfmiddlewaretoken": "x"}
    page = ask(client, who, words).content.decode()
    assert 'name="reason" value="Vrees voor &quot;Fenna&quot;"' in page
    assert 'value="x"' not in page
    assert "Fenna" not in str(dict(client.session.items()))

    wrong = ask(client, who, {**words, "proof": "given", "proof_code": "000000"})
    assert wrong.status_code == 403
    assert "Vrees" in wrong.content.decode()
    right = ask(client, who, {**words, "proof": "given", "proof_code": sign.code(SECRET)})
    assert right.content.decode() == 'done Vrees voor "Fenna"'


def test_a_code_proves_once(settings):
    who = sign.person()
    TOTP.activate(who, SECRET)
    for answer in (302, 403):
        client = sign.logged_in(who, {**CODE, "at": time.time() - 600})
        data = {"proof": "given", "proof_code": sign.code(SECRET), "next": "/over/"}
        response = client.post("/account/bewijs/", data)
        assert response.status_code == answer
    assert client.get("/account/bewijs/").status_code == 200


@pytest.mark.parametrize(
    ("onwards", "to"),
    [
        ("/over/", "/over/"),
        ("https://elders.example/", "/rol/"),
        ("//elders.example", "/rol/"),
        ("", "/rol/"),
    ],
)
def test_after_a_proof_one_goes_on_within_the_site(onwards, to):
    who = sign.person()
    TOTP.activate(who, SECRET)
    client = sign.logged_in(who, {"method": "password"})
    data = {"proof": "given", "proof_code": sign.code(SECRET), "next": onwards}
    assert client.post("/account/bewijs/", data).headers["Location"] == to
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("credential", ["", "x", "{}", '{"response": 1}', "[]", "null"])
def test_nonsense_for_a_passkey_proves_nothing(credential):
    who = sign.person()
    TOTP.activate(who, SECRET)
    client = sign.logged_in(who, {**CODE, "at": time.time() - 600})
    answer = client.post("/account/bewijs/", {"proof": "given", "proof_credential": credential})
    assert answer.status_code == 403


def test_too_many_proofs_in_a_minute_are_answered_with_429():
    who = sign.person()
    TOTP.activate(who, SECRET)
    client = sign.logged_in(who, {**CODE, "at": time.time() - 600})
    answers = [
        client.post("/account/bewijs/", {"proof": "given", "proof_code": "1"}).status_code for _ in range(11)
    ]
    assert answers[0] == 403
    assert answers[-1] == 429


def test_in_the_demo_a_button_stands_in_and_says_so(settings):
    settings.INBEELD_TRIAL = True
    who = sign.person()
    client = Client()
    client.force_login(who)
    assert not recently_proved(request_of(client, who))
    page = client.get("/account/bewijs/?next=/over/").content.decode()
    assert "proof_code" not in page
    assert (
        client.post("/account/bewijs/", {"proof": "given", "next": "/over/"}).headers["Location"] == "/over/"
    )
    assert recently_proved(request_of(client, who))


def test_who_has_no_second_factor_of_their_own_is_led_to_set_one_up(settings):
    settings.INBEELD_PROVIDERS = {
        "school": IdentityProvider("school", "School", "https://x.example", "a", "b", "S-1", True)
    }
    who = sign.person()
    sign.member(who)
    client = sign.logged_in(who, {"method": "socialaccount", "provider": "school", "uid": "1"})
    page = client.get("/account/bewijs/?next=/over/").content.decode()
    assert 'href="/account/passkey/"' in page
    assert 'href="/over/"' in page
    weak = sign.logged_in(who, {"method": "invitation"})
    assert weak.get("/account/bewijs/").headers["Location"] == "/account/begin/"


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_form_of_who_has_nothing_to_prove_with_leads_to_setting_it_up_and_loses_nothing(
    settings, elsewhere
):
    settings.INBEELD_PROVIDERS = {
        "school": IdentityProvider("school", "School", "https://x.example", "a", "b", "S-1", True)
    }
    who = sign.person()
    sign.member(who)
    if elsewhere:
        sign.member(who, "swv_adviser", sign.organisation("SWV-1", Kind.SWV))
    client = sign.logged_in(who, {"method": "socialaccount", "provider": "school", "uid": "1"})
    words = {"reason": 'Vrees voor "Fenna"', "csrfmiddlewaretoken": "x"}
    answer = ask(client, who, words, again=True)
    page = answer.content.decode()
    assert answer.status_code == (403 if elsewhere else 200)
    assert ('href="/account/passkey/"' in page) is not elsewhere
    assert ('name="reason" value="Vrees voor &quot;Fenna&quot;"' in page) is not elsewhere
    assert ("112" in page) is elsewhere
    assert 'value="x"' not in page
    if not elsewhere:
        begun = client.session
        begun["authenticated_at"] = time.time()
        begun.save()
        client.post("/account/wachtwoord/kiezen/", {"password1": sign.PASSWORD, "password2": sign.PASSWORD})
        client.get("/account/app/")
        client.post("/account/app/", {"code": sign.code(client.session["mfa.totp.secret"])})
        who.refresh_from_db()
        assert ask(client, who, words, again=True).content.decode() == 'done Vrees voor "Fenna"'


@pytest.mark.parametrize(
    ("record", "seconds_ago", "asked_seconds_ago", "answer"),
    [
        ({"method": "invitation"}, 0, None, True),
        ({"method": "password"}, 0, None, True),
        ({"method": "invitation"}, 3600, None, False),
        ({"method": "socialaccount", "provider": "school"}, 0, None, False),
        ({"method": "socialaccount", "provider": "school"}, 0, 0, True),
        ({"method": "socialaccount", "provider": "school"}, 0, 3600, False),
    ],
)
def test_a_first_way_to_log_in_is_set_up_only_just_after_a_log_in(
    settings, record, seconds_ago, asked_seconds_ago, answer
):
    settings.INBEELD_PROVIDERS = {
        "school": IdentityProvider("school", "School", "https://x.example", "a", "b", "S-1", True)
    }
    who = sign.person()
    sign.member(who)
    now = time.time()
    client = sign.logged_in(who, {**record, "at": now - seconds_ago})
    request = request_of(client, who)
    request.session["authenticated_at"] = None if asked_seconds_ago is None else now - asked_seconds_ago
    assert may_change_factors(request) is answer


def test_who_has_a_second_factor_shows_it_before_changing_anything():
    who = sign.person(password=sign.PASSWORD)
    TOTP.activate(who, SECRET)
    client = sign.logged_in(who, {"method": "password"}, {**CODE, "at": time.time() - 600})
    for address in (
        "/account/passkey/",
        "/account/app/weg/",
        "/account/codes/nieuw/",
        "/account/wachtwoord/",
    ):
        assert client.get(address).headers["Location"].startswith("/account/bewijs/?next="), address
        assert client.post(address).headers["Location"].startswith("/account/bewijs/?next="), address
