"""What inbeeld refuses to start with, and how it runs in production."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.checks import Tags, run_checks
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection

from inbeeld.access.scripts import POLICY_WITH_SCRIPTS
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.site import checks
from inbeeld.site.headers import CONTENT_SECURITY_POLICY

SOURCE = Path(__file__).resolve().parents[3]
SAFE = {
    "INBEELD_MODE": "production",
    "INBEELD_DATABASE_URL": "postgresql://u:p@127.0.0.1:1/n",
    "INBEELD_DATABASE_APP_ROLE": "u",
    "INBEELD_SECRET_KEY": "x" * 50,
    "INBEELD_HOSTS": "inbeeld.example",
    "INBEELD_KEYRING": "/etc/inbeeld/keyring.json",
    "INBEELD_MAIL": "mail.example:587",
    "INBEELD_SECURITY_CONTACT": "mailto:security@inbeeld.example https://inbeeld.example/melden",
}
UNSAFE = "import django; django.setup(); from inbeeld.site import checks; print(*checks.unsafe_settings())"


def python(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))
    }
    here = {"PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings"}
    return subprocess.run(
        [sys.executable, "-c", code], env={**clean, **here, **environment}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, ""),
        ({"INBEELD_HOSTS": ""}, "Production needs INBEELD_HOSTS"),
        ({"INBEELD_HOSTS": "*"}, "Production needs INBEELD_HOSTS"),
        ({"INBEELD_KEYRING": ""}, "Production needs INBEELD_KEYRING"),
        ({"INBEELD_DATABASE_APP_ROLE": ""}, "Production needs INBEELD_DATABASE_APP_ROLE"),
        ({"INBEELD_MAIL": ""}, "Production needs INBEELD_MAIL"),
        ({"INBEELD_MAIL": ":25"}, "Production needs INBEELD_MAIL"),
        ({"INBEELD_SECURITY_CONTACT": ""}, "Production needs INBEELD_SECURITY_CONTACT"),
        ({"INBEELD_SECURITY_CONTACT": "security@inbeeld.example"}, "begins with mailto: or https://"),
        ({"INBEELD_SECURITY_CONTACT": "http://inbeeld.example"}, "begins with mailto: or https://"),
        ({"INBEELD_DATA": "/etc/inbeeld"}, "refuses a key ring in INBEELD_DATA"),
        ({"INBEELD_DATA": "/etc"}, "refuses a key ring in INBEELD_DATA"),
        ({"INBEELD_DATA": "/etc/inbeeld/data"}, ""),
        ({"INBEELD_DATA": "/etc/in"}, ""),
        ({"INBEELD_DATABASE_URL": "postgresql://u:p@8.8.8.8/n"}, "8.8.8.8, is public"),
        ({"INBEELD_DATABASE_URL": "postgresql://u:p@10.1.2.3/n"}, ""),
        ({"INBEELD_DATABASE_URL": "postgresql://u:p@/n"}, ""),
        ({"INBEELD_DATABASE_URL": "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/n"}, ""),
    ],
)
def test_an_unsafe_production_is_refused_in_a_sentence(changed, sentence):
    said = python(UNSAFE, {**SAFE, **changed})
    assert said.returncode == 0, said.stderr
    assert sentence in said.stdout if sentence else said.stdout == "\n"


def test_a_production_with_its_keys_among_the_data_is_refused_by_whatever_way_they_are_named(tmp_path):
    data, keys = tmp_path / "data", tmp_path / "keys"
    data.mkdir()
    keys.symlink_to(data)
    for file in (data / "keyring.json", keys / "keyring.json", keys / "deeper" / "keyring.json"):
        said = python(UNSAFE, {**SAFE, "INBEELD_DATA": str(data), "INBEELD_KEYRING": str(file)})
        assert said.stdout == (
            "Production refuses a key ring in INBEELD_DATA: a backup of the data would hold the keys too.\n"
        )


@pytest.mark.django_db
@pytest.mark.database
def test_the_keys_of_a_trial_may_lie_among_its_data(settings, tmp_path):
    settings.INBEELD_DATA, settings.INBEELD_KEYRING = tmp_path, tmp_path / "keyring.json"
    assert checks.reasons_not_to_start() == []


@pytest.mark.parametrize(
    ("hosts", "found", "sentence"),
    [
        ("", [], ""),
        ("/var/run/postgresql", [], ""),
        ("db", ["10.0.0.5"], ""),
        ("db", ["192.168.1.2", "fd00::1"], ""),
        ("db", ["127.0.0.1", "::1"], ""),
        ("db", ["10.0.0.5", "8.8.8.8"], "db, is public"),
        ("db", ["2001:4860:4860::8888"], "db, is public"),
        ("db", ["::ffff:8.8.8.8"], "db, is public"),
        ("db", ["::ffff:10.0.0.1"], ""),
        ("db", ["0.0.0.0"], "db, is public"),
        ("db", None, "db, cannot be found"),
        ("safe,db", ["8.8.8.8"], "db, is public"),
    ],
)
def test_a_database_must_be_on_this_machine_or_a_private_network(monkeypatch, hosts, found, sentence):
    def look_up(host, port):
        if found is None:
            raise socket.gaierror("no such name")
        return [(0, 0, 0, "", (one, 0)) for one in (["10.0.0.9"] if host == "safe" else found)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    said = list(checks.public_hosts(hosts))
    assert [sentence in one for one in said] == ([True] if sentence else [])


def test_a_host_that_is_no_name_at_all_is_said_too():
    assert "cannot be found" in next(checks.public_hosts("x" * 300 + "."))


@pytest.mark.django_db
@pytest.mark.database
def test_people_of_the_demo_keep_a_production_from_starting(settings):
    get_user_model().objects.create(username="mentor.s-1", password="!")
    assert checks.left_from_a_demo() == [
        "The database holds people of the demo (1). It was filled by a trial: use an empty one."
    ]
    assert not run_checks(tags=[Tags.database], databases=["default"])
    settings.MODE = "production"
    found = run_checks(tags=[Tags.database], databases=["default"])
    assert "inbeeld.E102" in [one.id for one in found]


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize(("number", "real"), [("111222333", True), ("123456789", False), ("", False)])
def test_a_trial_does_not_start_with_a_number_that_could_be_somebodys(number, real):
    invented = {"region": "r", "call_name": "Fenna", "last_name": "Brinkhof"}
    enter_learners([Delivered(key="L-1", **invented), Delivered(key="L-2", number=number, **invented)])
    said = checks.reasons_not_to_start()
    assert bool(said) is real
    assert number == "" or number not in str(said)
    found = run_checks(tags=[Tags.database], databases=["default"])
    assert ("inbeeld.E103" in [one.id for one in found]) is real


@pytest.mark.django_db
@pytest.mark.database
def test_a_trial_whose_numbers_cannot_be_opened_does_not_start(settings, tmp_path):
    enter_learners([Delivered(key="L-1", region="r", last_name="Brinkhof", number="111222333")])
    settings.INBEELD_KEYRING = tmp_path / "none.json"
    (said,) = checks.reasons_not_to_start()
    assert said.startswith("The numbers in this trial cannot be looked through: ")


def test_the_server_says_in_sentences_why_it_does_not_start_and_nothing_else():
    start = "from inbeeld.site.gunicorn_production import on_starting; on_starting(None)"
    public = {"INBEELD_HOSTS": "", "INBEELD_DATABASE_URL": "postgresql://u:p@8.8.8.8/n"}
    said = python(start, {**SAFE, **public})
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    assert "INBEELD_HOSTS" in said.stderr
    assert "is public" in said.stderr
    said = python(start, SAFE)
    assert said.returncode == 1
    assert said.stderr == "The database of INBEELD_DATABASE_URL does not answer.\n"
    said = python(start, {**SAFE, "INBEELD_SECRET_KEY": "short"})
    assert said.returncode == 1
    assert said.stderr == "Production needs INBEELD_SECRET_KEY of at least 50 characters.\n"


def test_the_application_does_not_come_up_either():
    said = python("import inbeeld.site.wsgi", {**SAFE, "INBEELD_HOSTS": ""})
    assert said.returncode != 0
    assert "Production needs INBEELD_HOSTS" in said.stderr


def test_in_production_no_request_is_logged_and_errors_name_nobody():
    code = (
        "from gunicorn.config import Config; from inbeeld.site import gunicorn_production as how\n"
        "known = Config()\n"
        "for name, value in vars(how).items():\n"
        "    if name in known.settings: known.set(name, value)\n"
        "assert known.accesslog is None and known.control_socket_disable\n"
        "log = known.logger_class(known)\n"
        "try: raise ValueError('Fenna Brinkhof')\n"
        "except ValueError: log.exception('Error handling request %s', '/kind/7/')"
    )
    said = python(code, SAFE)
    assert said.returncode == 0, said.stderr
    assert "Error handling request … ValueError" in said.stderr
    assert "Fenna" not in said.stderr
    assert "/kind/" not in said.stderr


def test_in_production_cookies_belong_to_this_very_host_over_https():
    code = (
        "from inbeeld.site import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,\n"
        "      s.CSRF_COOKIE_SECURE,\n"
        "      s.SESSION_COOKIE_SAMESITE,\n"
        "      getattr(s, 'SESSION_COOKIE_HTTPONLY', True),\n"
        "      getattr(s, 'SESSION_COOKIE_DOMAIN', None), getattr(s, 'SESSION_COOKIE_PATH', '/'),\n"
        "      getattr(s, 'SESSION_ENGINE', 'database'), s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN,\n"
        "      s.INBEELD_TRIAL)"
    )
    said = python(code, SAFE).stdout.split()
    assert said == [
        "__Host-inbeeld_session", "__Host-inbeeld_csrf", "True", "True", "Lax", "True", "None", "/",
        "database", "False", "False",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"INBEELD_OIDC": "/nowhere/providers.toml"}, "cannot be read"),
        ({"INBEELD_PROXIES": "many"}, "INBEELD_PROXIES"),
    ],
)
def test_settings_that_cannot_be_read_are_said_in_a_sentence(environment, sentence):
    said = python("import inbeeld.site.settings", {**SAFE, **environment})
    assert said.stderr.splitlines()[-1].startswith("django.core.exceptions.ImproperlyConfigured")
    assert sentence in said.stderr


def test_pages_with_scripts_have_the_policy_of_all_pages_and_only_that_beside_it():
    assert f"{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'" == POLICY_WITH_SCRIPTS


@pytest.mark.django_db
@pytest.mark.database
def test_migrate_makes_the_table_in_which_tries_are_counted():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE inbeeld_tries")
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    cache.set("a-try", 1)
    assert cache.get("a-try") == 1
