"""Headers, log-ins of a trial, languages and error pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PLAIN = [
    "/",
    "/definities/",
    "/over/",
    "/in-beeld/",
    "/kind/00000000-0000-0000-0000-000000000000/",
    "/nergens/",
]

SAFE = {
    "INBEELD_MODE": "production",
    "INBEELD_DATABASE_URL": "postgresql://u:p@h/n",
    "INBEELD_SECRET_KEY": "x" * 50,
}


def log_in(client, actor):
    return client.post("/aanmelden/", {"membership": actor.membership.pk})


def test_every_address_of_the_site_is_known_to_these_tests():
    found = {str(one.pattern) for one in get_resolver().url_patterns if not hasattr(one, "url_patterns")}
    assert found == {
        "", "aanmelden/", "afmelden/", "taal/", "definities/", "over/", ".well-known/security.txt",
    }  # fmt: skip


@pytest.mark.parametrize("address", PLAIN)
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_page_carries_the_headers_that_keep_it_safe(client, in_trial, address, signed_in):
    make.judgement()
    if signed_in:
        log_in(client, make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)))
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"]


@pytest.mark.parametrize("address", PLAIN[:4])
def test_no_page_needs_a_script_or_a_style_of_its_own(client, in_trial, address):
    make.judgement()
    make.learner(make.organisation())
    log_in(client, make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)))
    page = client.get(address, follow=True).content.decode()
    for word in ("<script", " style=", "<style", "javascript:", " onclick", "http://", "https://"):
        assert word not in page


def test_a_role_of_the_trial_logs_in_with_one_button_and_out_again(client, in_trial):
    actor = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    assert actor.name in client.get("/").content.decode()
    response = log_in(client, actor)
    assert response.headers["Location"] == "/mijn-werk/"
    cookie = response.cookies["inbeeld_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    make.judgement()
    assert client.get("/in-beeld/").status_code == 200
    client.post("/afmelden/")
    assert client.get("/in-beeld/").headers["Location"] == "/"


@pytest.mark.parametrize("chosen", ["", "0", "x", "99999", "²", "9" * 5000, "9" * 20])
def test_a_log_in_that_does_not_exist_is_not_found(client, in_trial, chosen):
    assert client.post("/aanmelden/", {"membership": chosen}).status_code == 404


def test_outside_a_trial_there_are_no_log_ins_without_a_password(client, settings):
    settings.INBEELD_TRIAL = False
    actor = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    assert actor.name not in client.get("/").content.decode()
    assert log_in(client, actor).status_code == 404


@pytest.mark.parametrize("address", ["/aanmelden/", "/afmelden/", "/taal/"])
def test_what_changes_something_needs_our_own_form(in_trial, address):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(address, {})
    assert response.status_code == 403
    assert "Dit is niet aanvaard" in response.content.decode()


@pytest.mark.parametrize("address", ["/aanmelden/", "/afmelden/"])
def test_following_a_link_changes_nothing_and_leads_to_the_front_page(client, in_trial, address):
    log_in(client, make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)))
    for ask in (client.get, client.head):
        assert ask(address).headers["Location"] == "/"
    assert client.get("/in-beeld/").status_code == 200


def test_only_the_headers_are_sent_to_who_asks_for_those(in_trial):
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    for path in ("/over/", "/nergens/", "/in-beeld/"):
        told: list[list[tuple[str, str]]] = []
        asked = RequestFactory(headers={"host": "localhost"}).head(path).environ
        answer = WSGIHandler()(asked, lambda status, headers, told=told: told.append(headers))
        assert b"".join(answer) == b""
        assert "Content-Length" in dict(told[0])


def test_dutch_comes_first_whatever_the_browser_prefers_and_english_is_one_button_away(client):
    dutch = client.get("/definities/", headers={"accept-language": "en"}).content.decode()
    assert 'lang="nl"' in dutch
    response = client.post("/taal/", {"language": "en", "next": "/definities/"})
    assert response.headers["Location"] == "/definities/"
    assert 'lang="en"' in client.get("/definities/").content.decode()


def test_the_language_form_leads_to_no_other_site(client):
    response = client.post("/taal/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Deze pagina is er niet"), ("en", "This page is not there")]
)
def test_a_page_that_is_not_there_says_so_in_both_languages(client, language, words):
    client.cookies["inbeeld_language"] = language
    response = client.get("/nergens/")
    assert response.status_code == 404
    assert words in response.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "ging bij ons iets mis"), ("en", "went wrong on our side")]
)
def test_a_fault_of_ours_says_so_and_tells_nothing_else(client, monkeypatch, language, words, caplog):
    client.raise_request_exception = False
    client.cookies["inbeeld_language"] = language

    def broken():
        raise ValueError("a name that must not be shown")

    monkeypatch.setattr("inbeeld.site.views.current_judgement", broken)
    response = client.get("/")
    assert response.status_code == 500
    assert words in response.content.decode()
    assert "must not be shown" not in response.content.decode()


def test_the_catalogue_shows_every_definition_with_source_and_version(client):
    from inbeeld.kernel.definitions import CATALOGUE

    page = client.get("/definities/").content.decode()
    for one in CATALOGUE:
        assert one.key in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"INBEELD_DATABASE_URL": ""}, "Production needs INBEELD_DATABASE_URL"),
        ({"INBEELD_DATABASE_URL": "mysql://x"}, "postgresql://"),
        ({"INBEELD_DATABASE_URL": "postgresql://u@h/n"}, "needs a password"),
        ({"INBEELD_SECRET_KEY": "short"}, "INBEELD_SECRET_KEY"),
        ({"INBEELD_DEBUG": "1"}, "refuses INBEELD_DEBUG"),
        ({"INBEELD_DEMO": "1"}, "refuses INBEELD_DEMO"),
        ({"INBEELD_MODE": "holiday"}, "trial or production"),
    ],
)
def test_unsafe_settings_do_not_start(changed, sentence):
    assert _python("import inbeeld.site.settings", SAFE).returncode == 0
    done = _python("import inbeeld.site.settings", {**SAFE, **changed})
    assert done.returncode != 0
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("environment", "answer"),
    [
        ({"INBEELD_DEMO": "1"}, "True"),
        ({}, "False"),
        ({"INBEELD_MODE": "trial"}, "False"),
        ({"INBEELD_DEMO": "1", "INBEELD_DATABASE_URL": "postgresql://u:p@h/n"}, "False"),
    ],
)
def test_log_ins_without_a_password_are_for_the_demo_alone(environment, answer):
    code = "from inbeeld.site import settings; print(settings.INBEELD_TRIAL)"
    assert _python(code, environment).stdout.strip() == answer


@pytest.mark.parametrize("debug", ["", "1"])
def test_no_log_line_names_a_child_or_its_page(debug):
    code = (
        "import logging, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'inbeeld.site.settings'\n"
        "import django; django.setup()\n"
        "try: raise ValueError('Fenna Brinkhof')\n"
        "except ValueError:\n"
        "    logging.getLogger('django.request').error('%s: %s', 'Internal Server Error', '/kind/7/',\n"
        "        exc_info=True, extra={'status_code': 500})"
    )
    said = _python(code, {"INBEELD_DEBUG": debug}).stderr
    assert "ERROR django.request" in said
    assert "500 ValueError" in said
    assert "Fenna" not in said
    assert "/kind/" not in said
    assert len(said.splitlines()) == 1


def test_the_server_of_the_demo_writes_no_address_either():
    code = (
        "from gunicorn.config import Config; from inbeeld.site.demo import log_class\n"
        "log = log_class()(Config())\n"
        "try: raise ValueError('Fenna Brinkhof')\n"
        "except ValueError: log.exception('Error handling request %s', '/kind/7/')"
    )
    said = _python(code, {}).stderr
    assert "Error handling request … ValueError" in said
    assert "Fenna" not in said
    assert "/kind/" not in said


def test_the_site_starts_without_the_heavy_parts():
    code = (
        "import sys; from inbeeld.site.wsgi import application; import inbeeld.site.urls\n"
        "heavy = ('duckdb', 'typst', 'pyarrow', 'holidays', 'polars', 'pandas', 'numpy')\n"
        "print([one for one in heavy if one in sys.modules])"
    )
    assert _python(code, {}).stdout.strip() == "[]"


def _python(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))
    }
    source = Path(__file__).resolve().parents[3]
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, **environment, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
