"""Whom to tell of a leak stands where finders look for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from inbeeld.access.tests import signing_in as sign

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADDRESS = "/.well-known/security.txt"
CONTACTS = ["mailto:security@inbeeld.example", "https://inbeeld.example/melden"]


@pytest.fixture
def told(settings) -> dict[str, list[str]]:
    settings.INBEELD_SECURITY_CONTACT, settings.INBEELD_ADDRESS = CONTACTS, "https://inbeeld.example/"
    response = Client().get(ADDRESS)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    found: dict[str, list[str]] = {}
    for line in response.content.decode().splitlines():
        name, value = line.split(": ", 1)
        found.setdefault(name, []).append(value)
    return found


def test_it_says_what_rfc_9116_asks(told):
    assert told["Contact"] == CONTACTS
    assert told["Preferred-Languages"] == ["nl, en"]
    assert told["Canonical"] == ["https://inbeeld.example/.well-known/security.txt"]
    (expires,) = told["Expires"]
    left = datetime.strptime(expires, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


def test_its_policy_is_on_a_page_that_is_there_and_names_the_same_contacts(told):
    (policy,) = told["Policy"]
    path, _, part = policy.removeprefix("https://inbeeld.example").partition("#")
    page = Client().get(path).content.decode()
    assert f'id="{part}"' in page
    assert all(f'href="{one}"' in page for one in CONTACTS)


def test_an_invitation_that_somebody_else_used_is_told_to_the_same_contacts(settings):
    settings.INBEELD_SECURITY_CONTACT = CONTACTS
    page = Client().get("/uitnodiging/used/")
    assert page.status_code == 410
    assert all(f'href="{one}"' in page.content.decode() for one in CONTACTS)


@pytest.mark.parametrize("path", ["/over/", "/uitnodiging/used/"])
def test_a_trial_says_that_nobody_reads_reports_there_and_where_they_go(settings, path):
    settings.INBEELD_SECURITY_CONTACT = []
    page = Client().get(path).content.decode()
    assert "hier leest niemand meldingen" in page
    assert "SECURITY.md" in page


def test_where_nobody_is_named_it_is_not_there(settings):
    settings.INBEELD_SECURITY_CONTACT = []
    assert Client().get(ADDRESS).status_code == 404
    assert Client().post(ADDRESS).status_code == 405


def test_who_has_shown_a_password_only_reads_it_too(settings):
    settings.INBEELD_TRIAL, settings.INBEELD_SECURITY_CONTACT = False, CONTACTS
    assert sign.logged_in(sign.person(), {"method": "password"}).get(ADDRESS).status_code == 200
