"""How long a session lasts, how strong it must be, and that it acts in one role."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.access import sessions
from inbeeld.access.providers import IdentityProvider
from inbeeld.access.sessions import Ended, RoleToChoose, ended, mark_of, may_act, same_role
from inbeeld.access.tests import signing_in as sign
from inbeeld.organisations.models import Kind, Membership, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DOOR = "/inloggen/"
SET_UP = "/account/begin/"
MINUTE, HOUR = 60, 3600


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    settings.INBEELD_TRIAL = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def of_school(second_factor: bool = True, organisation: str = "S-1") -> dict[str, IdentityProvider]:
    return {
        "school": IdentityProvider(
            "school", "School", "https://x.example", "a", "b", organisation, second_factor
        )
    }


# --- how long ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started", "seen", "at", "answer"),
    [
        (0, 0, 15 * MINUTE, None),
        (0, 0, 15 * MINUTE + 1, Ended.IDLE),
        (0, 8 * HOUR - 1, 8 * HOUR, None),
        (0, 8 * HOUR, 8 * HOUR + 1, Ended.LONG),
        (HOUR, HOUR, HOUR - 30, None),  # a small correction of the clock
        (0, HOUR, HOUR - 61, Ended.IDLE),  # set back: last seen in the future
        (HOUR, HOUR, HOUR - 61, Ended.LONG),
        (None, 0, 0, Ended.LONG),
        (0, None, 0, Ended.LONG),
        ("0", "0", 0, Ended.LONG),
    ],
)
def test_a_session_ends_after_a_quarter_of_an_hour_without_work_and_after_eight_hours(
    started, seen, at, answer
):
    assert ended({"started_at": started, "seen_at": seen}, at) is answer


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_no_clock_makes_a_session_longer_than_its_limits(started: float, seen: float, at: float):
    if ended({"started_at": started, "seen_at": seen}, at) is None:
        assert -sessions.SMALL_STEP <= at - started <= sessions.LONGEST
        assert -sessions.SMALL_STEP <= at - seen <= sessions.IDLE


def test_while_a_server_runs_a_clock_set_back_does_not_turn_back_its_time(monkeypatch):
    before = sessions.now()
    monkeypatch.setattr(time, "time", lambda: before - 2 * HOUR)
    assert sessions.now() >= before - 1
    monkeypatch.setattr(time, "time", lambda: before + 2 * HOUR)
    assert sessions.now() >= before + 2 * HOUR - 1


@pytest.mark.parametrize(
    ("key", "back", "why"), [("seen_at", 15 * MINUTE + 1, "idle"), ("started_at", 8 * HOUR + 1, "long")]
)
def test_a_session_that_is_over_is_gone_on_the_server_and_says_why(key, back, why):
    who = sign.person()
    client = sign.by_passkey(who, acting=sign.member(who))
    assert client.get("/rol/").status_code == 302
    session = client.session
    session[key] -= back
    session.save()
    cookie = client.cookies["inbeeld_session"].value
    response = client.get("/in-beeld/")
    assert response.headers["Location"] == f"{DOOR}?ended={why}"
    assert not Session.objects.filter(pk=cookie).exists()
    assert "door__notice" in client.get(response.headers["Location"]).content.decode()
    assert client.get("/in-beeld/").headers["Location"] == "/"


def test_in_the_demo_too_a_session_ends_and_says_so(settings):
    settings.INBEELD_TRIAL = True
    who = sign.person()
    client = sign.by_passkey(who)
    session = client.session
    session["seen_at"] -= 16 * MINUTE
    session.save()
    response = client.get("/rol/")
    assert response.status_code == 403
    assert "door__notice" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_moment_last_seen_is_written_once_a_minute_and_no_more():
    client = sign.by_passkey(sign.person())
    client.get("/over/")
    first = client.session["seen_at"]
    client.get("/over/")
    assert client.session["seen_at"] == first
    session = client.session
    session["seen_at"] -= MINUTE
    session.save()
    client.get("/over/")
    assert client.session["seen_at"] >= first


def test_a_log_in_gives_a_session_a_new_key():
    who = sign.person(password=sign.PASSWORD)
    client = Client()
    client.get(DOOR)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["inbeeld_session"] = session.session_key
    client.post(DOOR, {"login": who.email, "password": sign.PASSWORD})
    assert client.session["_auth_user_id"] == str(who.pk)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_logging_out_ends_the_session_and_logging_out_everywhere_ends_all():
    who, other = sign.person(), sign.person("bas@anker.example")
    here, there, stranger = sign.by_passkey(who), sign.by_passkey(who), sign.by_passkey(other)
    third = sign.by_passkey(who)
    third.post("/afmelden/")
    assert third.get("/account/").status_code == 302
    assert there.get("/account/").status_code == 200
    assert here.post("/account/overal-afmelden/").headers["Location"] == "/"
    assert here.get("/account/").status_code == there.get("/account/").status_code == 302
    assert stranger.get("/account/").status_code == 200
    assert here.get("/account/overal-afmelden/").status_code == 405


# --- how strong ----------------------------------------------------------------------------------


def every_address(patterns: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Each address of the site with something in its gaps, and its name."""
    fillings = {"uuid": "00000000-0000-0000-0000-000000000000", "int": "1"}
    for one in patterns or get_resolver().url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from every_address(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            for gap, kind in one.pattern.converters.items():
                name = type(kind).__name__.removesuffix("Converter").lower()
                route = re.sub(rf"<(\w+:)?{gap}>", fillings.get(name, "x"), route)
            yield f"/{route}", one.name or ""


def test_a_password_alone_reaches_no_page_but_those_for_everybody_and_the_second_factor():
    who = sign.person(password=sign.PASSWORD)
    membership = sign.member(who)
    seen = 0
    for address, name in every_address():
        client = sign.logged_in(who, {"method": "password"}, acting=membership)
        if name in sessions.OPEN_TO_THE_WEAK:
            continue
        for ask in (client.get, client.post):
            response = ask(address)
            assert (response.status_code, response.headers.get("Location")) == (302, SET_UP), address
        seen += 1
    assert seen > 10


@pytest.mark.parametrize(
    "records",
    [
        [],
        [{"method": "password"}],
        [{"method": "invitation"}],
        [{"method": "socialaccount", "provider": "school", "uid": "1"}],
        [{"method": "socialaccount", "provider": "gone", "uid": "1"}],
    ],
)
def test_one_factor_is_nobody(settings, records):
    settings.INBEELD_PROVIDERS = of_school(second_factor=False)
    who = sign.person()
    membership = sign.member(who)
    client = sign.logged_in(who, *records, acting=membership)
    assert client.get("/in-beeld/").headers["Location"] == SET_UP
    assert not may_act(request_of(client, who), membership)


@pytest.mark.parametrize(
    "record",
    [{"method": "mfa", "type": "webauthn", "passwordless": True}, {"method": "mfa", "type": "totp"},
     {"method": "socialaccount", "provider": "school", "uid": "1"}],
)  # fmt: skip
def test_two_factors_are_enough_and_an_organisation_that_asks_for_two_counts(settings, record):
    settings.INBEELD_PROVIDERS = of_school()
    who = sign.person()
    membership = sign.member(who)
    client = sign.logged_in(who, record, acting=membership)
    assert client.get("/account/").status_code == 200
    assert may_act(request_of(client, who), membership)


def test_the_records_of_somebody_else_count_for_nothing():
    who, other = sign.person(), sign.person("bas@anker.example")
    client = sign.by_passkey(who)
    session = client.session
    session["account_authentication_methods_user"] = str(other.pk)
    session.save()
    assert client.get("/account/").headers["Location"] == SET_UP


# --- which role ----------------------------------------------------------------------------------


def request_of(client: Client, who: Any) -> HttpRequest:
    request = RequestFactory().get("/")
    request.session, request.user = client.session, who
    return request


def test_who_has_one_role_gets_it_and_who_has_more_chooses_one():
    who = sign.person()
    first = sign.member(who)
    client = sign.by_passkey(who)
    assert client.get("/rol/").headers["Location"] == "/mijn-werk/"
    assert client.session["membership"] == first.pk
    second = sign.member(who, Role.PRIVACY_OFFICER, sign.organisation("SWV-1", Kind.SWV))
    page = client.get("/rol/").content.decode()
    assert f"membership:{first.pk}" in page
    assert f"membership:{second.pk}" in page
    before = client.session.session_key
    assert client.post("/rol/", {"role": f"membership:{second.pk}"}).headers["Location"] == "/mijn-werk/"
    assert client.session["membership"] == second.pk
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(
    "wanted", ["", "membership:0", "membership:x", "kinship:1", "x", "membership:" + "9" * 99]
)
def test_a_role_that_is_not_yours_cannot_be_chosen(wanted):
    who, other = sign.person(), sign.person("bas@anker.example")
    sign.member(who)
    theirs = sign.member(other, Role.MENTOR, sign.organisation("S-2"))
    client = sign.by_passkey(who)
    for one in (wanted, f"membership:{theirs.pk}"):
        assert client.post("/rol/", {"role": one}).status_code == 400
        assert "membership" not in client.session


def test_without_a_role_that_holds_today_there_is_nothing_to_choose():
    who = sign.person()
    membership = sign.member(who)
    Membership.objects.filter(pk=membership.pk).update(until_on="2021-01-01")
    client = sign.by_passkey(who)
    response = client.get("/rol/")
    assert response.status_code == 200
    assert "membership" not in client.session


def test_a_role_that_became_another_one_is_not_acted_in_any_more():
    who = sign.person()
    membership = sign.member(who)
    client = sign.by_passkey(who, acting=membership)
    assert may_act(request_of(client, who), membership)
    membership.role = Role.MENTOR
    assert not may_act(request_of(client, who), membership)
    membership.role, membership.organisation = Role.CARE_COORDINATOR, sign.organisation("S-2")
    assert not may_act(request_of(client, who), membership)
    membership.refresh_from_db()
    assert may_act(request_of(client, who), membership)
    who.is_active = False
    assert not may_act(request_of(client, who), membership)


def test_the_log_in_of_an_organisation_opens_only_the_roles_there(settings):
    settings.INBEELD_PROVIDERS = of_school()
    who = sign.person()
    here = sign.member(who)
    elsewhere = sign.member(who, Role.PRIVACY_OFFICER, sign.organisation("SWV-1", Kind.SWV))
    client = sign.logged_in(who, {"method": "socialaccount", "provider": "school", "uid": "1"})
    assert client.get("/rol/").headers["Location"] == "/mijn-werk/"
    assert client.session["membership"] == here.pk
    assert client.post("/rol/", {"role": f"membership:{elsewhere.pk}"}).status_code == 400
    request = request_of(client, who)
    assert may_act(request, here)
    assert not may_act(request, elsewhere)
    settings.INBEELD_PROVIDERS = {}
    assert not may_act(request, here)


# --- forms of another role -----------------------------------------------------------------------


class _Acting:
    membership = kinship = None

    def __init__(self, key: str) -> None:
        self.key = key


def posted(mark: str | None, actor: Any) -> HttpResponse:
    request = RequestFactory().post("/", {} if mark is None else {"acting_as": mark})
    request.actor, request.session = actor, {}
    return same_role(lambda asked: HttpResponse("done"))(request)


def test_a_form_of_a_page_made_in_another_role_is_refused_with_a_sentence():
    mentor, officer = _Acting("membership:1"), _Acting("membership:2")
    assert posted(mark_of(mentor), mentor).content == b"done"
    for mark, actor in ((mark_of(mentor), officer), (None, mentor), ("", mentor), ("é", mentor), ("", None)):
        response = posted(mark, actor)
        assert response.status_code == 409
        assert b"door" in response.content


def test_the_tag_puts_the_mark_in_a_form_and_the_mark_does_not_say_who_it_is():
    actor = _Acting("membership:17")
    form = Template("{% load acting %}<form>{% acting_as %}</form>").render(Context({"actor": actor}))
    assert f'name="acting_as" value="{mark_of(actor)}"' in form
    assert "membership" not in form
    assert mark_of(actor) != mark_of(_Acting("membership:18"))
    assert Template("{% load acting %}{% acting_as %}").render(Context({})) == ""


def test_a_page_may_be_looked_at_in_any_role():
    request = RequestFactory().get("/")
    assert same_role(lambda asked: HttpResponse("page"))(request).content == b"page"


def test_choosing_gives_the_stamp_of_the_role_as_it_is():
    membership = sign.member(sign.person())
    assert RoleToChoose.of(membership).stamp == f"care_coordinator@{membership.organisation_id}"
