"""These tests can fail: each plants one leak, of the kinds found in systems like this, and sees it found."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import connection, models
from django.http import HttpRequest, HttpResponse

from inbeeld.access import scope
from inbeeld.access.ledger import Ledger
from inbeeld.access.permit import Permit
from inbeeld.access.scope import ScopedManager
from inbeeld.kernel.access import Decision, row_of
from inbeeld.kernel.attendance import Attendance
from inbeeld.learners.models import Draft, Learner
from tests.behind_the_wall import with_the_wall_aside
from tests.database_roles import Walled
from tests.promises.routes.planting import Planted
from tests.promises.routes.test_canaries import unseen
from tests.promises.routes.visitor import Visitor, Watch, listening
from tests.promises.routes.words import DRAFT

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("quick_snapshot")]

Leak = Callable[[Planted], AbstractContextManager[Any]]


def name_of(planted: Planted, child: str, what: str = "last name") -> str:
    """A word about a child by what it is."""
    found = (one for one, canary in planted.words.planted.items()
             if canary.child == child and canary.what == what)  # fmt: skip
    return next(found)


def address(planted: Planted, child: str, more: str = "") -> str:
    return f"/kind/{planted.world.children[child].reference}/{more}"


@contextmanager
def every_permit_says_yes(planted: Planted) -> Iterator[None]:
    """The first wall is gone: whatever is asked of a child one may know of."""

    def may(self: Permit, *asked: Any, **more: Any) -> Decision:
        return Decision(next(row_of(self.actor.role, one) for one in self.involvements), "")

    with patch.object(Permit, "may", may), every_row_is_there(planted):
        yield


@contextmanager
def consent_counts_for_everything(planted: Planted) -> Iterator[None]:
    """All walls forget what a consent was given for."""
    with the_site_forgets_the_purpose(), with_the_wall_aside():
        yield


@contextmanager
def the_site_forgets_the_purpose() -> Iterator[None]:
    """The first two walls forget what a consent was given for; the database does not."""

    def consent_for(self: Permit, involvement: Any, field_class: Any) -> Any:
        return next(iter(self.consents.get(field_class, ())), None)

    def consents_under(actor: Any, involvement: Any) -> Any:
        return scope.consents_in_force(actor)

    rows_too = patch.object(scope, "consents_under", consents_under)
    with patch.object(Permit, "consent_for", consent_for), rows_too:
        yield


@contextmanager
def every_row_is_there(planted: Planted) -> Iterator[None]:
    """The second wall is gone."""

    def visible_to(self: Any, actor: Any) -> Any:
        return models.QuerySet(self.model, using=self._db)

    with patch.object(ScopedManager, "visible_to", visible_to):
        yield


def after_the_page(planted: Planted, change: Callable[[HttpRequest, HttpResponse], None]) -> Any:
    """Do something with every page of a child before it leaves."""
    from inbeeld.learners import views

    real = views.render

    def render(request: HttpRequest, *things: Any, **more: Any) -> HttpResponse:
        response = real(request, *things, **more)
        change(request, response)
        return response

    return patch.object(views, "render", render)


def a_word_on_a_page(planted: Planted) -> Any:
    word = name_of(planted, "F2")
    return after_the_page(planted, lambda request, response: setattr(
        response, "content", response.content + f"<!-- {word.upper()} -->".encode()))  # fmt: skip


def a_number_on_a_page(planted: Planted) -> Any:
    """Of one's own child, and written with dots."""
    number = name_of(planted, "I2", "number")
    told = f"{number[:3]}.{number[3:6]}.{number[6:]}"
    return after_the_page(planted, lambda request, response: setattr(
        response, "content", response.content + told.encode()))  # fmt: skip


def a_word_in_a_header(planted: Planted) -> Any:
    word = name_of(planted, "I2")
    return after_the_page(planted, lambda request, response: response.__setitem__("X-About", word))


def a_word_in_a_cookie(planted: Planted) -> Any:
    word = name_of(planted, "I2")
    how = {"httponly": True, "samesite": "Lax"}
    return after_the_page(planted, lambda request, response: response.set_cookie("last", word, **how))


def a_word_in_the_session(planted: Planted) -> Any:
    word = name_of(planted, "I2")
    return after_the_page(planted, lambda request, response: request.session.update({"last": word}))


def a_word_in_a_mail(planted: Planted) -> Any:
    word = name_of(planted, "I2")

    def send(request: HttpRequest, response: HttpResponse) -> None:
        mail.send_mail(word, "Kijk even.", None, ["a@b.example"])

    return after_the_page(planted, send)


def a_word_in_a_log_line(planted: Planted) -> Any:
    word = name_of(planted, "I2")
    logger = logging.getLogger("inbeeld.learners.views")
    return after_the_page(planted, lambda request, response: logger.debug("opened %s", word))


def an_address_in_a_log_line(planted: Planted) -> Any:
    logger = logging.getLogger("django.request")
    return after_the_page(planted, lambda request, response: logger.warning(f"slow: {request.path}"))


def an_answer_that_may_be_kept(planted: Planted) -> Any:
    from inbeeld.site import headers

    return patch.object(headers, "CONTENT_SECURITY_POLICY", "default-src 'self' 'unsafe-inline'")


def a_page_without_a_line(planted: Planted) -> Any:
    return patch.object(Ledger, "note", lambda *things, **more: None)


def a_line_without_a_page(planted: Planted) -> Any:
    """The log says that a number was read, on a page without one."""
    from inbeeld.kernel.access import FieldClass
    from inbeeld.learners import child

    real = child.number_of

    def number_of(permit: Permit, learner: Learner) -> str:
        permit.actor.ledger.note(permit, permit.may(FieldClass.IDE), FieldClass.NUM)
        return real(permit, learner) and ""

    return patch.object(child, "number_of", number_of)


def an_article_for_everybody(planted: Planted) -> Any:
    """On which article a child is exempt, read from the snapshot without asking."""
    from inbeeld.learners import child
    from inbeeld.learners.exemptions import SeenExemption

    def exemptions_of(permit: Permit, attendance: Attendance) -> tuple[SeenExemption, ...]:
        return tuple(SeenExemption(one.from_on, one.until_on, one.what) for one in attendance.exemptions)

    return patch.object(child, "exemptions_of", exemptions_of)


#: what is planted, who asks for which page of which child, and in which list it must turn up
LEAKS: dict[str, tuple[Leak, str, str, str]] = {
    "every permit says yes": (every_permit_says_yes, "case_director", "I3", "leaks"),
    "consent counts for everything": (consent_counts_for_everything, "swv_adviser", "I3", "leaks"),
    "a word of another child on a page": (a_word_on_a_page, "care_coordinator", "I2", "leaks"),
    "a number of one's own child with dots": (a_number_on_a_page, "mentor", "I2", "leaks"),
    "a header": (a_word_in_a_header, "mentor", "I2", "leaks"),
    "a cookie": (a_word_in_a_cookie, "mentor", "I2", "leaks"),
    "the session": (a_word_in_the_session, "mentor", "I2", "leaks"),
    "a mail": (a_word_in_a_mail, "mentor", "I2", "leaks"),
    "a log line with a name in its gap": (a_word_in_a_log_line, "mentor", "I2", "leaks"),
    "a log line with an address": (an_address_in_a_log_line, "mentor", "I2", "leaks"),
    "a policy that lets scripts in": (an_answer_that_may_be_kept, "mentor", "I2", "wrong"),
    "a page without a line": (a_page_without_a_line, "mentor", "I2", "unlogged"),
    "the article of an exemption": (an_article_for_everybody, "mentor", "I2", "leaks"),
    "a line without a page": (a_line_without_a_page, "mentor", "I2", "logged_for_nothing"),
}


def test_every_planted_leak_is_found(planted: Planted) -> None:
    found = {}
    for what, (leak, who, child, _) in LEAKS.items():
        watch = Watch(planted)
        visitor = Visitor(watch, planted.who(who))
        with listening(watch), leak(planted):
            assert visitor.ask("GET", address(planted, child)).status == 200, what
        found[what] = {
            name for name in ("leaks", "wrong", "unlogged", "logged_for_nothing") if getattr(watch, name)
        }
    assert [what for what, (*_, where) in LEAKS.items() if where not in found[what]] == []


def test_a_draft_that_is_read_like_an_entry_is_found(planted: Planted) -> None:
    """Who reads the entries of a class does not read what somebody is writing of it."""
    watch, page = Watch(planted), address(planted, "I2", "dossier/ondersteuning/")
    mentor = Visitor(watch, planted.who("mentor"))
    with listening(watch):
        assert [one.member for one in mentor.ask("GET", page).found if one.what == DRAFT] == ["mentor"]
        assert watch.everything_found() == []
        Draft.for_operations.filter(written_by=planted.memberships["mentor"]).delete()
        with patch.object(Draft.objects, "only_its_writer", False):
            mentor.ask("GET", page)
    # Where the database has rules of its own, they hold while the second wall is gone.
    assert any("(draft by" in one for one in watch.leaks) is (connection.vendor != "postgresql")


def test_without_a_planted_leak_nothing_is_found(planted: Planted) -> None:
    watch = Watch(planted)
    with listening(watch):
        for who, child in {(who, child) for _, who, child, _ in LEAKS.values()}:
            assert Visitor(watch, planted.who(who)).ask("GET", address(planted, child)).status == 200
    assert watch.everything_found() == []


def test_the_database_holds_what_the_site_forgets_of_a_purpose(
    planted: Planted, behind_the_wall: Walled | None
) -> None:
    if behind_the_wall is None:
        pytest.skip("row-level security is PostgreSQL's: ./inbeeld test runs it there")
    watch = Watch(planted)
    with listening(watch), the_site_forgets_the_purpose():
        assert Visitor(watch, planted.who("swv_adviser")).ask("GET", address(planted, "I3")).status == 200
    assert watch.leaks == []


def test_an_error_page_that_names_the_child_is_found(planted: Planted) -> None:
    from inbeeld.site import views

    word = name_of(planted, "F2")
    watch = Watch(planted)

    def wrong(request: HttpRequest, status: int, extra: Any = None) -> HttpResponse:
        return HttpResponse(f"geen toegang tot {word}", status=status)

    with listening(watch), patch.object(views, "_wrong", wrong):
        assert Visitor(watch, planted.who("mentor")).ask("GET", address(planted, "F2")).status == 404
    assert any("last name" in one for one in watch.leaks)


def test_a_program_that_refuses_everything_does_not_pass(planted: Planted) -> None:
    watch = Watch(planted)
    mentor = planted.who("mentor")
    with listening(watch), patch.object(Permit, "may", lambda *asked, **more: Decision(None, "no row")):
        seen = Visitor(watch, mentor).ask("GET", address(planted, "I2"))
    assert seen.status == 404
    assert len(unseen(watch, mentor)) > 20


def test_a_way_in_behind_the_walls_is_found(planted: Planted) -> None:
    """A page that finds its child by itself, as a search or an export that forgot the rule would."""
    from inbeeld.learners import child

    def learner_for(actor: Any, reference: Any) -> Any:
        return Learner.for_operations.filter(reference=reference).select_related("standing__school").first()

    def see(actor: Any, learners: Any, **more: Any) -> Any:
        raise RuntimeError("not reached")

    watch = Watch(planted, failures_expected=True)
    mentor = planted.who("mentor")
    with listening(watch), patch.object(child, "learner_for", learner_for):
        with patch("inbeeld.learners.seen.Permit.sees_the_child", True):
            assert Visitor(watch, mentor).ask("GET", address(planted, "F2")).status >= 400
        assert watch.leaks == [], "the third wall holds while the second is gone"
