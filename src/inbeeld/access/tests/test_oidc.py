"""The log-ins of organisations: their file, and what is believed of what they say."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from inbeeld.access import oidc
from inbeeld.access.providers import BadProviders, IdentityProvider, read_providers
from inbeeld.access.tests import signing_in as sign
from inbeeld.organisations.models import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ISSUER = "https://login.example.nl/realm"
FILE = """[[provider]]
id = "school"
name = "School"
issuer = "https://login.example.nl/realm/"
client_id = "inbeeld"
client_secret_env = "SECRET"
organisation = "S-1"
"""
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
VIA, BACK = "/inloggen/via/school/", "/inloggen/via/school/terug/"


# --- the file ------------------------------------------------------------------------------------


def read(tmp_path, text: str, **environment: str):
    file = tmp_path / "providers.toml"
    file.write_text(text, encoding="utf-8")
    return read_providers(file, environment={"SECRET": "geheim", **environment})


def test_a_provider_is_read_and_asks_one_factor_unless_it_says_two(tmp_path):
    found = read(tmp_path, FILE)["school"]
    assert (found.issuer, found.client_secret, found.second_factor) == (ISSUER, "geheim", False)
    assert read(tmp_path, f"{FILE}second_factor = true\n")["school"].second_factor
    assert "geheim" not in repr(found)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('id = "school"\n', "", "id is missing"),
        ('id = "school"', 'id = "Mijn School"', "small letters"),
        ('id = "school"', "id = 3", "id is missing, or is no text"),
        ("https://login.example.nl", "http://login.example.nl", "https://"),
        ("https://login.example.nl", "http://127.0.0.1", "https://"),
        ("https://login.example.nl", "https://", "https://"),
        ("SECRET", "NOT_SET", "NOT_SET is not set"),
        ("organisation", "organization", "organisation is missing"),
        ('client_id = "inbeeld"', 'client_id = "inbeeld"\nroles = "all"', "roles is not known"),
        ('client_id = "inbeeld"', 'client_id = "inbeeld"\nsecond_factor = "yes"', "true or false"),
        (FILE, FILE + FILE, "twice"),
        (FILE, "provider = 1", "[[provider]]"),
        (FILE, "[[provider]]\n[other]", "[[provider]]"),
        (FILE, "provider = [1]", "a table"),
        (FILE, "x = ", "no TOML"),
        (FILE, "", "[[provider]]"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(tmp_path, old, new, sentence):
    with pytest.raises(BadProviders) as refusal:
        read(tmp_path, FILE.replace(old, new))
    assert sentence in str(refusal.value)
    assert "geheim" not in str(refusal.value)


def test_a_file_that_is_not_there_is_said_and_a_trial_may_use_http_on_its_own_machine(tmp_path):
    with pytest.raises(BadProviders, match="cannot be read"):
        read_providers(tmp_path / "nothing.toml", environment={})
    file = tmp_path / "providers.toml"
    file.write_text(FILE.replace("https://login.example.nl", "http://localhost:5000"), encoding="utf-8")
    assert read_providers(file, environment={"SECRET": "x"}, plain_http=True)
    file.write_text(FILE.replace("https://", "http://"), encoding="utf-8")
    with pytest.raises(BadProviders):
        read_providers(file, environment={"SECRET": "x"}, plain_http=True)


# --- the exchange --------------------------------------------------------------------------------


class Answer:
    def __init__(self, body: Any) -> None:
        self.body, self.status_code, self.text = body, 200, json.dumps(body)
        self.headers = {"content-type": "application/json"}

    def json(self) -> Any:
        return self.body

    def raise_for_status(self) -> None:
        """It is always there."""


class Provider:
    """An organisation's log-in as far as it answers us; `claims` changes what its ID token says."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.key: Any = KEY
        self.algorithm = "RS256"
        self.issuer = ISSUER
        self.nonce = ""

    def __enter__(self) -> Provider:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to close."""

    def get(self, address: str, **named: Any) -> Answer:
        if address.endswith("keys"):
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return Answer({"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]})
        return Answer({
            "issuer": self.issuer, "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/keys",
        })  # fmt: skip

    def request(self, method: str, address: str, **named: Any) -> Answer:
        at = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "inbeeld",
            "sub": "ingrid",
            "iat": at,
            "exp": at + 60,
            "nonce": self.nonce,
        }
        said = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        return Answer({"access_token": "x", "token_type": "Bearer",
                       "id_token": jwt.encode(said, self.key, self.algorithm, {"kid": "1"})})  # fmt: skip


@pytest.fixture
def provider(monkeypatch, settings):
    settings.INBEELD_TRIAL = False
    settings.INBEELD_PROVIDERS = {
        "school": IdentityProvider("school", "School", ISSUER, "inbeeld", "geheim", "S-1", True)
    }
    made = Provider()
    monkeypatch.setattr(oidc.SocialAdapter, "get_requests_session", lambda self: made)
    return made


def sent_to(client: Client, provider: Provider, data: dict[str, str] | None = None) -> dict[str, str]:
    """Begin at the log-in page; what the provider is asked."""
    response = client.post(VIA, data or {})
    assert response.status_code == 200
    address = response.headers["Refresh"].partition("url=")[2]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    provider.nonce = asked["nonce"]
    return asked


def come_back(client: Client, provider: Provider, data: dict[str, str] | None = None):
    asked = sent_to(client, provider, data)
    return client.get(BACK, {"code": "abc", "state": asked["state"]})


def linked(email: str = "ingrid@anker.example", subject: str = "ingrid"):
    who = sign.person(email)
    SocialAccount.objects.create(user=who, provider="school", uid=subject)
    return who


def test_the_question_has_state_nonce_and_proof_key_and_asks_only_who_it_is(provider):
    asked = sent_to(Client(), provider)
    assert asked["scope"] == "openid"
    assert asked["code_challenge_method"] == "S256"
    assert asked["max_age"] == "28800"
    assert len(asked["nonce"]) > 20
    assert "prompt" not in asked
    anew = sent_to(Client(), provider, {"anew": "yes"})
    assert (anew["prompt"], anew["max_age"]) == ("login", "0")


def test_somebody_who_is_linked_comes_in_with_the_roles_we_gave_and_no_claim_is_kept(provider):
    who = linked()
    sign.member(who)
    provider.claims = {
        "roles": ["privacy_officer"],
        "groups": ["admin"],
        "email": "x@y.example",
        "name": "Ander",
    }
    client = Client()
    assert come_back(client, provider).headers["Location"] == "/rol/"
    assert client.get("/rol/").headers["Location"] == "/mijn-werk/"
    kept = SocialAccount.objects.get()
    assert kept.extra_data == {}
    assert "privacy_officer" not in str(dict(client.session.items()))
    who.refresh_from_db()
    assert who.get_full_name() == "Ingrid S"
    assert who.email == "ingrid@anker.example"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": ["inbeeld", "other"], "azp": "other"},
        {"iss": "https://elders.example"},
        {"exp": 1},
        {"sub": None},
        {"nonce": "another"},
        {"nonce": None},
        {"iat": None},
    ],
)
def test_a_reply_that_is_not_to_our_question_is_not_believed(provider, claims):
    linked()
    provider.claims = claims
    client = Client()
    assert come_back(client, provider).status_code in (401, 403)
    assert "_auth_user_id" not in client.session


def test_a_signature_of_another_key_or_none_is_not_believed(provider):
    linked()
    for provider.key, provider.algorithm in ((OTHER_KEY, "RS256"), ("", "none"), ("x" * 64, "HS256")):
        assert come_back(Client(), provider).status_code == 401


def test_another_issuer_in_the_discovery_document_is_not_believed(provider):
    provider.issuer = "https://elders.example"
    assert Client().post(VIA).status_code == 502


def test_a_reply_counts_once_and_only_in_the_browser_that_asked(provider):
    linked()
    client = Client()
    asked = sent_to(client, provider)
    back = {"code": "abc", "state": asked["state"]}
    assert Client().get(BACK, back).status_code == 401
    assert client.get(BACK, back).status_code == 302
    assert client.get(BACK, back).status_code == 401


@pytest.mark.parametrize("query", [{}, {"state": "x"}, {"error": "server_error"}, {"code": "1"}])
def test_a_broken_reply_is_a_page_and_no_fault(provider, query):
    assert Client().get(BACK, query).status_code == 401


def test_turning_back_is_said_kindly(provider):
    client = Client()
    asked = sent_to(client, provider)
    response = client.get(BACK, {"error": "access_denied", "state": asked["state"]})
    assert response.headers["Location"] == "/inloggen/afgebroken/"
    assert client.get("/inloggen/afgebroken/").status_code == 200


def test_nobody_is_recognised_by_an_address_or_a_name(provider):
    sign.person("ingrid@anker.example")
    provider.claims = {
        "email": "ingrid@anker.example",
        "email_verified": True,
        "preferred_username": "ingrid",
    }
    client = Client()
    assert come_back(client, provider).status_code == 403
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_who_was_invited_links_their_own_identity_and_nobody_elses(provider):
    who = sign.person()
    sign.member(who)
    client = sign.logged_in(who, {"method": "invitation"})
    assert come_back(client, provider).headers["Location"] == "/rol/"
    assert SocialAccount.objects.get().user == who
    other = sign.person("bas@anker.example")
    sign.member(other, at=who.memberships.get().organisation)
    assert come_back(sign.logged_in(other, {"method": "invitation"}), provider).status_code == 403
    assert SocialAccount.objects.get().user == who


def test_an_invitation_at_another_organisation_links_nothing(provider):
    who = sign.person()
    sign.member(who, "swv_adviser", sign.organisation("SWV-1", Kind.SWV))
    client = sign.logged_in(who, {"method": "invitation"})
    assert "School" not in client.get("/account/begin/").content.decode()
    assert come_back(client, provider).status_code == 403
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("record", [{"method": "password"}, {"method": "invitation", "at": 1}])
def test_without_a_fresh_invitation_nothing_is_linked(provider, record):
    who = sign.person()
    sign.member(who)
    assert come_back(sign.logged_in(who, record), provider).status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_organisation_that_asks_for_one_factor_leads_to_our_own_second(provider, settings):
    settings.INBEELD_PROVIDERS = {
        "school": IdentityProvider("school", "School", ISSUER, "inbeeld", "geheim", "S-1", False)
    }
    who = linked()
    sign.member(who)
    client = Client()
    come_back(client, provider)
    assert client.get("/in-beeld/").headers["Location"] == "/account/begin/"


def test_when_it_last_asked_for_a_password_counts_for_setting_up_a_passkey(provider):
    sign.member(linked())
    client = Client()
    come_back(client, provider)
    assert client.get("/account/app/").status_code == 403
    provider.claims = {"auth_time": int(time.time()) - 5}
    come_back(client, provider, {"anew": "yes"})
    assert client.get("/account/app/").status_code == 200


@pytest.mark.parametrize("address", ["/inloggen/via/elders/", "/inloggen/via/elders/terug/"])
def test_a_provider_that_is_not_in_the_file_is_not_there(provider, address):
    assert Client().post(address).status_code in (404, 405)
    assert Client().get(address).status_code in (404, 405)


def test_another_site_cannot_send_somebody_to_a_log_in(provider):
    assert Client(enforce_csrf_checks=True).post(VIA).status_code == 403
    assert Client().get(VIA).status_code == 405
