"""When something is wrong, the page says so and nothing else: no name or address of a child, nor do logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest

from inbeeld.kernel.access import FieldClass
from tests.promises.routes.planting import Planted
from tests.promises.routes.visitor import Seen, Visitor, Watch, listening

pytestmark = [pytest.mark.django_db, pytest.mark.database]

#: Who sees I2, each in another way.
ASKERS = ("mentor", "care_coordinator", "school_doctor", "swv_coordinator")


def names_of(planted: Planted, child: str) -> str:
    """Everything there is about a child, as an error could hold it."""
    words = planted.words.planted
    return " ".join(one for one, canary in words.items() if canary.child == child)[:5000]


def page_of(planted: Planted, child: str, more: str = "") -> str:
    return f"/kind/{planted.world.children[child].reference}/{more}"


@pytest.fixture
def everywhere(planted: Planted) -> Callable[[Callable[[Visitor], list[Seen]]], list[Seen]]:
    """Have each of the askers do something, and let nothing be found."""

    def asked(does: Callable[[Visitor], list[Seen]]) -> list[Seen]:
        watch = Watch(planted, failures_expected=True)
        found = []
        with listening(watch):
            for key in ASKERS:
                found += does(Visitor(watch, planted.who(key), checks=True))
        assert watch.everything_found() == []
        return found

    return asked


def has_a_sentence(seen: Seen) -> bool:
    """Is there a page with a heading, and no trace of the program?"""
    return "<h1>" in seen.text and "Traceback" not in seen.text and "Exception" not in seen.text


def test_a_view_that_breaks_over_a_child_tells_nothing_of_it(planted, everywhere, monkeypatch) -> None:
    def breaks(*things: Any, **more: Any) -> Any:
        raise RuntimeError(names_of(planted, "I2"))

    monkeypatch.setattr("inbeeld.learners.views.insight.of_the_child", breaks)
    seen = everywhere(lambda visitor: [visitor.ask("GET", page_of(planted, "I2"))])
    assert {one.status for one in seen} == {500}
    assert all(has_a_sentence(one) and not one.lines for one in seen)


def test_a_template_that_breaks_over_a_child_tells_nothing_of_it(planted, everywhere, monkeypatch) -> None:
    from django.template import TemplateSyntaxError, base

    real = base.Template._render

    def breaks(self: Any, context: Any) -> Any:
        if self.name == "learners/child.html":
            raise TemplateSyntaxError(names_of(planted, "I2"))
        return real(self, context)

    monkeypatch.setattr(base.Template, "_render", breaks)
    seen = everywhere(lambda visitor: [visitor.ask("GET", page_of(planted, "I2"))])
    assert {one.status for one in seen} == {500}
    assert all(map(has_a_sentence, seen))


def test_a_database_that_breaks_while_a_page_is_made_tells_nothing(planted, everywhere, monkeypatch) -> None:
    def breaks(*things: Any, **more: Any) -> Any:
        raise OperationalError(names_of(planted, "I2"))

    monkeypatch.setattr("inbeeld.learners.child.entries_of", breaks)
    seen = everywhere(lambda visitor: [visitor.ask("GET", page_of(planted, "I2"))])
    assert {one.status for one in seen} <= {500, 503}
    assert all(map(has_a_sentence, seen))


def test_without_the_journal_there_is_no_page(planted, everywhere, monkeypatch) -> None:
    def breaks(*things: Any, **more: Any) -> Any:
        raise OperationalError(names_of(planted, "I2"))

    monkeypatch.setattr("inbeeld.access.acting.journal.append", breaks)
    paths = (page_of(planted, "I2"), page_of(planted, "I2", "toegang/"), "/in-beeld/")
    seen = everywhere(lambda visitor: [visitor.ask("GET", path) for path in paths])
    assert {one.status for one in seen} == {503}
    assert all(has_a_sentence(one) and not one.lines and not one.found for one in seen)


def test_a_request_that_is_not_understood_tells_nothing(planted, everywhere) -> None:
    page = page_of(planted, "I2", "dossier/besproken/")
    many = {f"veld{number}": "x" for number in range(1100)}

    def does(visitor: Visitor) -> list[Seen]:
        return [
            visitor.ask(
                "GET", page_of(planted, "I2"), headers={"host": f"{names_of(planted, 'I2')[:50]}.example"}
            ),
            visitor.ask("POST", page, many),
            visitor.ask("POST", page, {"text": "x" * 3_000_000}),
        ]

    seen = everywhere(does)
    assert {one.status for one in seen} <= {400, 403, 413}
    assert all(map(has_a_sentence, seen))


def test_a_form_without_its_token_is_refused_with_a_sentence_and_logged(planted, everywhere) -> None:
    seen = everywhere(lambda visitor: [visitor.ask("POST", page_of(planted, "I2", "dossier/besproken/"),
                                                   {"text": "Een zin."})])  # fmt: skip
    assert {one.status for one in seen} == {403}
    assert all(has_a_sentence(one) and not one.wrote for one in seen)
    assert all([line.outcome for line in one.lines] == ["refused"] for one in seen)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500])
def test_every_error_page_is_there_for_nobody_and_for_everybody(status, planted, rf) -> None:
    from django.contrib.auth.models import AnonymousUser

    from inbeeld.site import views

    request: HttpRequest = rf.get(page_of(planted, "I2"))
    request.user, request.actor = AnonymousUser(), None  # type: ignore[attr-defined]
    page = views._wrong(request, status).content.decode()
    echoed = planted.words.found_in(page_of(planted, "I2"))
    assert planted.words.found_in(page) - echoed == set()
    assert all(one.field_class is FieldClass.IDE for one in echoed)
