"""One person in two roles, and sessions that are not what they say: refused in a sentence, nothing shown."""

from __future__ import annotations

import time
from typing import Any

import pytest

from inbeeld.access import sessions
from inbeeld.access.actor import KINSHIP, MEMBERSHIP
from inbeeld.learners.models import Entry
from tests.promises.routes.planting import Planted
from tests.promises.routes.visitor import Seen, Visitor, Watch, listening
from tests.promises.routes.walk import Page

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("quick_snapshot")]


@pytest.fixture
def watch(planted: Planted) -> Any:
    found = Watch(planted, changed=True)
    with listening(found):
        yield found
    assert found.everything_found() == []


def address(planted: Planted, child: str, more: str = "") -> str:
    return f"/kind/{planted.world.children[child].reference}/{more}"


def shows_nothing(seen: Seen) -> bool:
    """Nothing about a child, and no line that says somebody was given something."""
    return not seen.found and not [one for one in seen.lines if one.outcome == "allowed"]


def changed_session(visitor: Visitor, **values: Any) -> None:
    session = visitor.client.session
    for name, value in values.items():
        session[name] = value
    session.save()


# --- two roles -----------------------------------------------------------------------------------


def test_each_browser_acts_in_the_role_it_chose(planted: Planted, watch: Watch) -> None:
    mentor = Visitor(watch, planted.who("double-mentor"))
    worker = Visitor(watch, planted.who("double-worker"))
    page = address(planted, "I2")
    for _ in range(2):
        assert mentor.ask("GET", page).status == 200
        assert worker.ask("GET", page).status == 404
    assert {one.role for one in mentor.ask("GET", page).lines} == {"mentor"}


def test_a_form_of_a_page_made_in_another_role_is_refused(planted: Planted, watch: Watch) -> None:
    """A note meant for one's own school does not end up in the file of another organisation."""
    tied = next(one for one in planted.world.ties if one.member == "double-mentor")
    planted.world.ties.append(tied.__class__(**{**vars(tied), "member": "double-worker", "id": None}))
    _tie(planted, "I2", "double-worker")
    visitor = Visitor(watch, planted.who("double-mentor"))
    page = address(planted, "I2", "dossier/notities/")
    form = next(one for one in Page(visitor.ask("GET", page).text).forms if any(
        one.kind == "textarea" for one in one.fields))  # fmt: skip
    data = {one.name: one.value or "Een zin." for one in form.fields}
    chosen = planted.memberships["double-worker"].pk
    visitor.ask("POST", "/rol/", {"role": f"{MEMBERSHIP}:{chosen}"})
    visitor.who = planted.who("double-worker")
    before = Entry.for_operations.count()
    seen = visitor.ask("POST", page, data)
    assert (seen.status, Entry.for_operations.count()) == (409, before)
    assert "<h1>" in seen.text
    assert [one.outcome for one in seen.lines if one.action == "request"] == ["refused"]


def _tie(planted: Planted, child: str, member: str) -> None:
    from datetime import timedelta

    from inbeeld.access.models import Involvement

    now = planted.world.now
    Involvement.for_operations.create(
        child=planted.learners[child], membership=planted.memberships[member], purpose="help",
        granted_by=planted.memberships["colleague-ggd"], granted_at=now, accepted_at=now - timedelta(days=1),
        from_at=now - timedelta(days=1), until_at=now + timedelta(days=30),
    )  # fmt: skip


@pytest.mark.parametrize("child", ["I2", "F2", "K8"])
def test_somebody_elses_membership_in_the_session_gives_nothing(planted, watch, child) -> None:
    visitor = Visitor(watch, planted.who("colleague-school-a"))
    for stolen in ("care_coordinator", "youth_worker-2", "left"):
        changed_session(visitor, **{MEMBERSHIP: planted.memberships[stolen].pk})
        visitor.who = None
        seen = visitor.ask("GET", address(planted, child))
        assert seen.status == 302 and shows_nothing(seen)


@pytest.mark.parametrize("name", [MEMBERSHIP, KINSHIP])
def test_a_role_in_the_session_that_is_none_gives_nothing_and_breaks_nothing(planted, watch, name) -> None:
    for value in (-1, 0, "abc", "1 OR 1=1", 10**30, None, [1], "\x00", 2.5):
        visitor = Visitor(watch, planted.who("colleague-school-a"), chosen=False)
        changed_session(visitor, **{name: value})
        visitor.who = None
        seen = visitor.ask("GET", address(planted, "I2"))
        assert seen.status in (302, 403), value
        assert shows_nothing(seen)


def test_somebody_elses_child_in_the_session_gives_nothing(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, planted.who("guardian-K13"))
    changed_session(visitor, **{KINSHIP: str(planted.kinships["guardian-K8"].pk)})
    visitor.who = None
    for child in ("K8", "K13"):
        seen = visitor.ask("GET", address(planted, child))
        assert seen.status == 302 and shows_nothing(seen)


def test_a_role_of_somebody_else_cannot_be_chosen(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, planted.who("double-mentor"), chosen=False)
    for key in ("care_coordinator", "left"):
        seen = visitor.ask("POST", "/rol/", {"role": f"{MEMBERSHIP}:{planted.memberships[key].pk}"})
        assert seen.status == 400 and shows_nothing(seen)
    for text in ("", "membership:", "membership:\x00", "kinship:x", "membership:1:2", "x" * 5000):
        assert visitor.ask("POST", "/rol/", {"role": text}).status == 400
    visitor.who = None
    assert visitor.ask("GET", address(planted, "I2")).status == 302


def test_the_log_in_of_a_trial_is_not_there_outside_one(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, None)
    pk = planted.memberships["care_coordinator"].pk
    assert visitor.ask("POST", "/aanmelden/", {"membership": str(pk)}).status == 404
    assert (
        visitor.ask("POST", "/aanmelden/", {"kinship": str(planted.kinships["guardian-K8"].pk)}).status == 404
    )
    assert visitor.ask("GET", address(planted, "I2")).status == 302


def test_work_that_ended_ends_access_on_the_next_request(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, planted.who("double-mentor"))
    assert visitor.ask("GET", address(planted, "I2")).status == 200
    membership = planted.memberships["double-mentor"]
    membership.until_on = membership.from_on
    membership.save()
    visitor.who = None
    seen = visitor.ask("GET", address(planted, "I2"))
    assert seen.status == 302 and shows_nothing(seen)


def test_a_role_that_became_another_one_must_be_chosen_anew(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, planted.who("double-mentor"))
    membership = planted.memberships["double-mentor"]
    membership.role = "care_coordinator"
    membership.save()
    visitor.who = None
    seen = visitor.ask("GET", address(planted, "I2"))
    assert seen.status == 302 and shows_nothing(seen)


# --- forms without their token --------------------------------------------------------------------


def test_a_form_without_its_own_token_changes_nothing_and_is_logged(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, planted.who("mentor"), checks=True)
    visitor.ask("GET", address(planted, "I2"))
    for token in (None, "", "x" * 64, "a", "\x00", "é" * 32):
        data = {"text": "Een zin."} | ({} if token is None else {"csrfmiddlewaretoken": token})
        for page in ("dossier/ondersteuning/", "toestemming/"):
            seen = visitor.ask("POST", address(planted, "I2", page), data)
            assert (seen.status, seen.wrote, seen.found) == (403, (), frozenset()), token
            assert "<h1>" in seen.text
            lines = [(one.action, one.outcome, one.child) for one in seen.lines]
            assert lines == [("request", "refused", None)]


def test_a_form_from_another_site_is_refused(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, planted.who("mentor"), checks=True)
    text = visitor.ask("GET", address(planted, "I2", "dossier/ondersteuning/")).text
    token = next(one.value for form in Page(text).forms for one in form.fields if one.name.startswith("csrf"))
    data = {"text": "Een zin.", "csrfmiddlewaretoken": token}
    seen = visitor.ask("POST", address(planted, "I2", "dossier/ondersteuning/"), data,
                       headers={"origin": "https://elders.example"})  # fmt: skip
    assert (seen.status, seen.wrote) == (403, ())


# --- sessions that are over -----------------------------------------------------------------------


OVER = {
    "older than eight hours": {sessions.STARTED: -8 * 3600 - 1},
    "idle for a quarter of an hour": {sessions.SEEN: -15 * 60 - 1},
    "from the future": {sessions.STARTED: 3600, sessions.SEEN: 3600},
    "begun in the future": {sessions.STARTED: 3600},
    "begun at no moment": {sessions.STARTED: float("nan")},
    "seen at a moment that never comes": {sessions.SEEN: float("inf")},
}
NO_MOMENTS: tuple[dict[str, Any], ...] = (
    {sessions.STARTED: None},
    {sessions.SEEN: "gisteren"},
    {sessions.STARTED: True},
)


def test_a_session_that_is_over_shows_nothing_and_says_so(planted: Planted, watch: Watch) -> None:
    for why, moved in OVER.items():
        visitor = Visitor(watch, planted.who("mentor"))
        changed_session(visitor, **{name: time.time() + seconds for name, seconds in moved.items()})
        visitor.who = None
        seen = visitor.ask("GET", address(planted, "I2"))
        assert seen.status in (302, 403), why
        assert shows_nothing(seen), why
        said = visitor.ask("GET", seen.headers["location"]) if seen.status == 302 else seen
        assert "<h1>" in said.text and not said.found, why
        assert visitor.ask("GET", address(planted, "I2")).status == 302, f"{why}, and it stays over"


def test_a_session_without_moments_is_over(planted: Planted, watch: Watch) -> None:
    for values in NO_MOMENTS:
        visitor = Visitor(watch, planted.who("mentor"))
        changed_session(visitor, **values)
        visitor.who = None
        seen = visitor.ask("GET", address(planted, "I2"))
        assert seen.status in (302, 403) and shows_nothing(seen), values


def test_a_clock_that_jumps_opens_nothing(planted: Planted, watch: Watch, monkeypatch: Any) -> None:
    for hours in (-72, 9, 72):
        visitor = Visitor(watch, planted.who("mentor"))
        with monkeypatch.context() as jumped:
            jumped.setattr(sessions, "now", lambda hours=hours: time.time() + hours * 3600)
            visitor.who = None
            seen = visitor.ask("GET", address(planted, "I2"))
        assert seen.status in (302, 403) and shows_nothing(seen), hours


def test_an_altered_session_cookie_is_nobodys(planted: Planted, watch: Watch, settings: Any) -> None:
    for cookie in ("", "x", "\x00", "a" * 4000, "../../etc/passwd", "é"):
        visitor = Visitor(watch, planted.who("mentor"))
        visitor.client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        visitor.who = None
        seen = visitor.ask("GET", address(planted, "I2"))
        assert seen.status in (302, 400) and shows_nothing(seen), cookie


def test_a_session_without_a_second_factor_reaches_no_child(planted: Planted, watch: Watch) -> None:
    visitor = Visitor(watch, planted.who("mentor"))
    changed_session(visitor, account_authentication_methods=[{"method": "password", "at": time.time()}])
    visitor.who = None
    for page in (address(planted, "I2"), "/in-beeld/", address(planted, "I2", "toegang/")):
        seen = visitor.ask("GET", page)
        assert seen.status == 302 and shows_nothing(seen)
