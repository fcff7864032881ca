"""What every answer carries, whatever the address, the asker and the status; and what no cookie holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.promises.routes.asking import questions
from tests.promises.routes.headers import wrong_headers
from tests.promises.routes.planting import Planted
from tests.promises.routes.route_table import ROUTES
from tests.promises.routes.visitor import Visitor, Watch, listening
from tests.promises.routes.walk import undone

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "INBEELD_MODE": "production", "INBEELD_DATABASE_URL": "postgresql://inbeeld:secret@127.0.0.1:1/inbeeld",
    "INBEELD_SECRET_KEY": "x" * 60, "INBEELD_HOSTS": "inbeeld.example",
    "INBEELD_KEYRING": "/nowhere/keyring.json", "INBEELD_MAIL": "127.0.0.1:1",
    "INBEELD_SECURITY_CONTACT": "mailto:security@inbeeld.example",
}  # fmt: skip
#: Answers that need no database: of a page, of none, of a form, and of plain http.
ASKED_IN_PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
told = []
for secure in (True, False):
    client = Client(SERVER_NAME="inbeeld.example", raise_request_exception=False)
    for method, path, data in (("GET", "/over/", {}), ("GET", "/bestaat-niet/", {}), ("POST", "/over/", {}),
                               ("POST", "/taal/", {"language": "en", "next": "https://elders.example/"})):
        response = getattr(client, method.lower())(path, data, secure=secure)
        cookies = {name: dict(one) for name, one in response.cookies.items()}
        told.append([secure, path, response.status_code, dict(response.items()), cookies])
    evil = Client(SERVER_NAME="elders.example", raise_request_exception=False).get("/over/", secure=secure)
    told.append([secure, "another host", evil.status_code, dict(evil.items()), {}])
names = [one for one in dir(settings) if one.endswith(("COOKIE_NAME", "COOKIE_SECURE", "COOKIE_HTTPONLY",
         "COOKIE_SAMESITE", "COOKIE_DOMAIN", "COOKIE_PATH"))]
print(json.dumps([told, {one: getattr(settings, one) for one in names}]))
"""
ALLOWED_COOKIES = {"inbeeld_session", "inbeeld_csrf", "inbeeld_language"}


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_snapshot")
def test_every_answer_has_its_headers_and_no_cookie_that_tells_anything(planted: Planted) -> None:
    """Each address once, in each way of asking: pages, refusals, redirects, forms."""
    watch = Watch(planted)
    statuses: set[int] = set()
    with listening(watch):
        for key in ("nobody", "care_coordinator", "privacy_officer", "guardian-K13"):
            visitor = Visitor(watch, None if key == "nobody" else planted.who(key))
            for pattern, route in ROUTES.items():
                asked = next(iter(questions(pattern, route, planted, visitor.who)))
                for method in ("GET", "POST", "PUT", "HEAD"):
                    with undone(visitor):
                        seen = visitor.ask(method, asked.path)
                        statuses.add(seen.status)
                        assert set(visitor.client.cookies) <= ALLOWED_COOKIES
    assert watch.wrong == []
    assert {200, 302, 404, 405} <= statuses


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_snapshot")
def test_every_page_asks_not_to_be_found_by_search_engines(planted: Planted) -> None:
    watch = Watch(planted)
    with listening(watch):
        for key in ("mentor", None):
            visitor = Visitor(watch, None if key is None else planted.who(key))
            child = planted.world.children["I2"].reference
            for path in (
                "/",
                "/over/",
                "/definities/",
                "/toegang/",
                "/in-beeld/",
                f"/kind/{child}/",
                "/nergens/",
            ):
                seen = visitor.ask("GET", path)
                if seen.headers.get("content-type", "").startswith("text/html") and seen.text:
                    assert '<meta name="robots" content="noindex">' in seen.text, path


@pytest.mark.django_db
def test_the_language_cookie_is_harmless(planted: Planted) -> None:
    watch = Watch(planted)
    visitor = Visitor(watch, planted.who("mentor"))
    with listening(watch):
        for value in ("nl", "en", "fr", "../../etc", "<script>", "x" * 3000, "\x00", "en\r\nX-A: b"):
            visitor.client.cookies["inbeeld_language"] = value
            seen = visitor.ask("GET", "/over/")
            assert seen.status == 200
            assert seen.headers["content-language"] in ("nl", "en")
    assert watch.everything_found() == []


@pytest.mark.django_db
def test_choosing_a_language_leads_nowhere_else() -> None:
    for wanted in ("https://elders.example/kind/", "//elders.example", "/\\elders.example", "javascript:x"):
        seen = Client().post("/taal/", {"language": "en", "next": wanted}, headers={"referer": wanted})
        assert seen.headers["location"] == "/"
        assert seen.cookies["inbeeld_language"].value == "en"


CAME_FROM = (
    "https://elders.example/in-beeld/?a=1", "http://testserver/kind/?x=1", "javascript:alert(1)", "\x00",
    "a" * 9000, "http://testserver/in-beeld/?definition=\"><script>alert(1)</script>", "http://[::1",
    "//testserver/in-beeld/?q",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_snapshot")
def test_where_somebody_came_from_leads_nowhere_else(planted: Planted) -> None:
    watch = Watch(planted)
    visitor = Visitor(watch, planted.who("mentor"))
    path = f"/kind/{planted.world.children['I2'].reference}/"
    with listening(watch):
        for came_from in CAME_FROM:
            seen = visitor.ask("GET", path, headers={"referer": came_from})
            assert seen.status == 200, came_from
            assert not [one for one in ("elders.example", "<script>alert", "javascript:") if one in seen.text]
    assert watch.everything_found() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Cache-Control": "private"}, "cache-control"),
        ({"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"}, "unsafe-"),
        ({"Referrer-Policy": "unsafe-url"}, "referrer-policy"),
        ({"X-Content-Type-Options": ""}, "nosniff"),
        ({"Location": "//elders.example/kind/1/"}, "another host"),
        ({"Location": "https://elders.example/"}, "another host"),
        ({"Server": "gunicorn"}, "runs on"),
    ],
)
def test_a_header_that_is_wrong_is_found(changed: dict[str, str], said: str) -> None:
    from inbeeld.site import headers

    response = HttpResponse("x", headers={
        "Content-Security-Policy": headers.CONTENT_SECURITY_POLICY,
        "Permissions-Policy": headers.PERMISSIONS_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
    })  # fmt: skip
    assert (
        list(wrong_headers("/x/", {name.lower(): value for name, value in response.items()}, response)) == []
    )
    for name, value in changed.items():
        response.headers[name] = value
    found = " ".join(
        wrong_headers("/x/", {name.lower(): value for name, value in response.items()}, response)
    )
    assert said in found or (said == "nosniff" and "x-content-type-options" in found)


@pytest.mark.parametrize("kind", [{}, {"httponly": True}, {"samesite": "Lax"}, {"domain": "a.example"}])
def test_a_cookie_that_is_wrong_is_found(kind: dict[str, Any]) -> None:
    response = HttpResponse("x")
    response.set_cookie("a", "b", **kind)
    assert any("cookie a" in one for one in wrong_headers("/x/", {}, response))


@pytest.fixture(scope="module")
def production() -> tuple[list[Any], dict[str, Any]]:
    """Answers and settings of a production, asked in a process of its own."""
    clean = {name: one for name, one in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))}
    here = {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings"}
    asked = subprocess.run(
        [sys.executable, "-c", ASKED_IN_PRODUCTION], env={**clean, **here, **PRODUCTION}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    told, settings = json.loads(asked.stdout.splitlines()[-1])
    return told, settings


def test_in_production_every_cookie_is_for_this_host_over_https_and_for_no_script(production) -> None:
    told, settings = production
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        assert settings[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert settings[f"{kind}_COOKIE_SECURE"] is True
        assert settings[f"{kind}_COOKIE_HTTPONLY"] is True
        assert settings[f"{kind}_COOKIE_SAMESITE"] in ("Lax", "Strict")
        assert settings[f"{kind}_COOKIE_DOMAIN"] is None
        assert settings[f"{kind}_COOKIE_PATH"] == "/"
    cookies = {name: one for *_, found in told for name, one in found.items()}
    assert cookies.keys() >= {"__Host-inbeeld_csrf", "__Host-inbeeld_language"}
    for name, one in cookies.items():
        assert name.startswith("__Host-"), name
        assert (one["secure"], one["httponly"], one["path"], one["domain"]) == (True, True, "/", ""), name


def test_in_production_plain_http_leads_to_https_and_gives_no_cookie(production) -> None:
    told, _ = production
    for secure, path, status, headers, cookies in told:
        if not secure and path != "another host":
            assert (status, cookies) == (301, {})
            assert headers["Location"].startswith("https://inbeeld.example/")
        if secure:
            assert int(headers["Strict-Transport-Security"].split("max-age=")[1].split(";")[0]) >= 31_536_000


def test_in_production_every_answer_has_its_headers(production) -> None:
    told, _ = production
    for secure, path, status, headers, _cookies in told:
        if secure:
            lowered = {name.lower(): value for name, value in headers.items()}
            assert list(wrong_headers(path, lowered, HttpResponse())) == [], (path, status)


def test_in_production_another_host_gets_nothing(production) -> None:
    told, _ = production
    assert [status for _, path, status, *_ in told if path == "another host"] == [400, 400]
