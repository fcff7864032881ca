"""Logging in outside the demo, in a real browser: passkey, password with a code, an organisation's log-in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"1280": {"width": 1280, "height": 900}, "360": {"width": 360, "height": 740}}
SMALLEST = {"width": 320, "height": 640}
A_CHILD = "/kind/00000000-0000-0000-0000-000000000000/"
PASSWORD = "de zee is vandaag groen"
PROVIDERS = """
[[provider]]
id = "{id}"
name = "{name}"
issuer = "{issuer}"
client_id = "inbeeld"
client_secret_env = "SECRET_OF_THE_PROVIDER"
organisation = "{organisation}"
second_factor = {two}
"""
PREPARE = """
import django; django.setup()
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from inbeeld.organisations.models import Organisation
from inbeeld.organisations.operations import enter_organisations
about = {"region": "noorderveen", "municipality": "Noorderveen", "sector": "vo"}
enter_organisations([
    Organisation(key="SWV-1", kind="swv", name="SWV Noorderveen", **about),
    Organisation(key="S-1", kind="school", name="Het Anker", **about),
])
"""
INVITE = "import sys; from inbeeld.site.invite_command import run; sys.exit(run(sys.argv[1:]))"
#: Sixteen minutes pass in every session that is open.
SIXTEEN_MINUTES_LATER = """
import django; django.setup()
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    session = SessionStore(row.pk)
    if "seen_at" in session:
        session["seen_at"] -= 16 * 60
        session.save()
"""
#: Claims that try: none of them is read.
IDENTITY_PROVIDER = """
import sys
from oidc_provider_mock import User, run_server_in_thread
trying = {"roles": ["privacy_officer"], "groups": ["admin"], "role": "privacy_officer", "amr": ["mfa"],
          "email": "iemand@anker.example", "email_verified": True, "preferred_username": "admin"}
people = [User(sub=name, claims=trying) for name in ("ingrid", "bas", "vreemde", "iemand@anker.example")]
with run_server_in_thread(int(sys.argv[1]), user_claims=people):
    print("ready", flush=True)
    sys.stdin.read()
"""


@dataclass
class Site:
    """A server outside the demo, on a database of its own."""

    address: str
    environment: dict[str, str]

    def python(self, code: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def invite(self, name: str, email: str, role: str, organisation: str) -> str:
        who = ["--name", name, "--email", email, "--role", role, "--organisation", organisation]
        return self.python(INVITE, *who, "--address", self.address)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A log-in of an organisation, in a process of its own."""
    if find_spec("oidc_provider_mock") is None:
        pytest.skip("oidc-provider-mock is not installed")
    port = free_port()
    provider = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", IDENTITY_PROVIDER, str(port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
    )  # fmt: skip
    assert provider.stdout is not None and provider.stdout.readline().strip() == "ready"
    yield f"http://localhost:{port}"
    provider.kill()
    provider.communicate()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, issuer: str) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("log-in")
    (folder / "data").mkdir()
    (folder / "providers.toml").write_text(
        PROVIDERS.format(id="school", name="School log-in", issuer=issuer, organisation="S-1", two="true")
        + PROVIDERS.format(id="swv", name="SWV log-in", issuer=issuer, organisation="SWV-1", two="false"),
        encoding="utf-8",
    )
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))
    }
    environment = {
        **clean, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings",
        "INBEELD_DATA": str(folder / "data"), "INBEELD_KEYRING": str(folder / "keyring.json"),
        "INBEELD_SECRET_KEY": "for this test alone, and long enough to be a key in a trial",
        "INBEELD_OIDC": str(folder / "providers.toml"), "SECRET_OF_THE_PROVIDER": "not really secret",
    }  # fmt: skip
    port = free_port()
    made = Site(f"http://localhost:{port}", environment)
    made.python(PREPARE)
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4",
             "--no-control-socket", "inbeeld.site.wsgi"],
            env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        for _ in range(150):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, (folder / "server.log").read_text(encoding="utf-8")
                time.sleep(0.1)
        yield made
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Open a window that speaks English (the words in the code), with a software passkey if asked."""
    opened = []

    def is_ours(told: Any) -> bool:
        return told.type == "error" and told.location["url"].startswith(site.address)

    def open_window(*, scripts: bool = True, passkeys: bool = False, language: str = "en") -> Any:
        context = browser.new_context(viewport=SIZES["1280"], java_script_enabled=scripts)
        context.add_cookies([{"name": "inbeeld_language", "value": language, "url": site.address}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text) if is_ours(told) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if passkeys:
            tools = context.new_cdp_session(page)
            tools.send("WebAuthn.enable")
            options = {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
            }  # fmt: skip
            tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        opened.append((context, complaints))
        return page

    yield open_window
    for context, complaints in opened:
        context.close()
        assert [line for line in complaints if "status of 4" not in line] == []


def code_now(secret: str, *, later: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), now or some half minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def begin(page: Any, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Set up your log-in").wait_for()


def reaches(page: Any, site: Site, path: str) -> str:
    page.goto(site.address + path)
    return str(page.url.removeprefix(site.address))


def submit_password(page: Any, site: Site, email: str) -> None:
    page.goto(f"{site.address}/inloggen/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Next").click()


def test_a_passkey_is_made_by_invitation_and_is_enough_to_log_in(visit, site):
    link = site.invite("Marit Hoogeveen", "marit@swv.example", "swv_coordinator", "SWV-1")
    page = visit(passkeys=True)
    begin(page, link)
    assert reaches(page, site, "/in-beeld/") == "/account/begin/"
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_label("Name of this passkey").fill("laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="How you log in").wait_for()
    page.get_by_role("link", name="Go on to inbeeld").click()
    page.wait_for_url("**/in-beeld/")
    page.get_by_role("button", name="Log out").click()
    assert reaches(page, site, "/in-beeld/") == "/"
    page.goto(f"{site.address}/inloggen/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/in-beeld/")
    assert "Marit Hoogeveen" in page.locator(".who").inner_text()
    page.goto(f"{site.address}/account/bewijs/?next=/account/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{site.address}/account/")
    assert page.goto(link).status == 410


def test_a_passkey_that_is_stopped_or_not_known_says_so(visit, site):
    page = visit(passkeys=True)
    page.goto(f"{site.address}/inloggen/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.get_by_text("The passkey was not used").wait_for()


def test_a_password_and_a_code_log_in_without_scripts_and_a_password_alone_reaches_no_child(visit, site):
    email = "ingrid@anker.example"
    page = visit(scripts=False)
    begin(page, site.invite("Ingrid Scholtens", email, "care_coordinator", "S-1"))
    page.get_by_role("link", name="Choose a password").click()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Keep and go on").click()

    elsewhere = visit(scripts=False)
    submit_password(elsewhere, site, email)
    assert elsewhere.url.endswith("/account/begin/")
    for path in ("/in-beeld/", A_CHILD, "/rol/", "/account/"):
        assert reaches(elsewhere, site, path) == "/account/begin/"

    secret = page.locator(".door__secret").inner_text()
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Check and go on").click()
    assert page.get_by_text("This code is not right").is_visible()
    page.get_by_label("Code from the app").fill(code_now(secret))
    page.get_by_role("button", name="Check and go on").click()
    kept = page.locator(".door__codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/in-beeld/")
    assert reaches(elsewhere, site, "/in-beeld/") == "/account/bewijs/"

    page.get_by_role("button", name="Log out").click()
    for code in (code_now(secret), kept):
        submit_password(page, site, email)
        assert page.url.endswith("/inloggen/tweede-stap/")
        assert reaches(page, site, "/in-beeld/") == "/"
        page.goto(f"{site.address}/inloggen/tweede-stap/")
        page.get_by_label("Code", exact=True).fill(code)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/in-beeld/")
        page.get_by_role("button", name="Log out").click()
    submit_password(page, site, email)
    page.get_by_label("Code", exact=True).fill(kept)
    page.get_by_role("button", name="Log in").click()
    assert page.get_by_text("This code is not right").is_visible()


def through(page: Any, button: str, subject: str) -> None:
    """Through the log-in of an organisation, as somebody."""
    page.get_by_role("button", name=button).click()
    page.get_by_role("heading", name="Authorize Client").wait_for()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_an_organisation_says_who_somebody_is_and_nothing_about_roles(visit, site):
    link = site.invite("Bas Terpstra", "bas@anker.example", "care_coordinator", "S-1")
    site.invite("Bas Terpstra", "bas@anker.example", "privacy_officer", "SWV-1")
    page = visit(scripts=False)
    begin(page, link)
    through(page, "Log in at School log-in", "bas")
    page.wait_for_url("**/in-beeld/")
    assert "care coordinator, Het Anker" in " ".join(page.locator(".who").inner_text().split())
    assert reaches(page, site, "/rol/") == "/in-beeld/"  # the role at the other organisation is not offered
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{site.address}/inloggen/")
    through(page, "Log in at School log-in", "bas")
    page.wait_for_url("**/in-beeld/")


def test_an_identity_nobody_linked_logs_nobody_in_whatever_address_it_claims(visit, site):
    site.invite("Iemand Anders", "iemand@anker.example", "care_coordinator", "S-1")
    for subject in ("vreemde", "iemand@anker.example"):
        page = visit(scripts=False)
        page.goto(f"{site.address}/inloggen/")
        through(page, "Log in at School log-in", subject)
        assert page.get_by_text("nobody here is linked to that account").is_visible()
        assert reaches(page, site, "/in-beeld/") == "/"


def test_an_organisation_that_asks_for_one_factor_leads_to_our_own_second(visit, site):
    page = visit(passkeys=True)
    begin(page, site.invite("Joost Wolthuis", "joost@swv.example", "swv_coordinator", "SWV-1"))
    through(page, "Log in at SWV log-in", "joost")
    page.wait_for_url("**/account/begin/")
    assert reaches(page, site, A_CHILD) == "/account/begin/"
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="Go on to inbeeld").click()
    page.wait_for_url("**/in-beeld/")


def test_after_a_quarter_of_an_hour_without_work_a_session_is_over(visit, site):
    page = visit(passkeys=True)
    begin(page, site.invite("Samira Benhaddou", "samira@swv.example", "swv_adviser", "SWV-1"))
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="Go on to inbeeld").click()
    site.python(SIXTEEN_MINUTES_LATER)
    assert reaches(page, site, "/in-beeld/") == "/inloggen/?ended=idle"
    assert page.get_by_text("because nothing happened for 15 minutes").is_visible()
    assert reaches(page, site, "/in-beeld/") == "/"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit, site, picture, language):
    email = f"axe-{language}@swv.example"
    link = site.invite("Yvonne Rietdijk", email, "privacy_officer", "SWV-1")
    site.invite("Yvonne Rietdijk", email, "swv_adviser", "SWV-1")
    page = visit(passkeys=True, language=language)
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        for size, viewport in (*SIZES.items(), ("320", SMALLEST)):
            page.set_viewport_size(viewport)
            if sideways(page) > 0:
                found.setdefault(name, []).append(f"scrolls sideways at {size}")
            if size in SIZES:
                picture(page, f"log-in-{name}-{language}-{size}")
        found.setdefault(name, []).extend(violations(page))

    page.goto(f"{site.address}/inloggen/?ended=idle")
    look("log-in")
    page.goto(link)
    look("invitation")
    press(page, page.locator("main form button"))
    look("set-up")
    for name, path in {"password": "/account/wachtwoord/kiezen/", "app": "/account/app/"}.items():
        page.goto(site.address + path)
        look(name)
    page.goto(f"{site.address}/account/passkey/")
    look("passkey")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/account/")
    look("account")
    for name, path in {"roles": "/rol/", "prove": "/account/bewijs/"}.items():
        page.goto(site.address + path)
        look(name)
    assert {name: said for name, said in found.items() if said} == {}
