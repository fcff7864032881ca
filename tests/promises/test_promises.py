"""The table keeps every promise, at every question that can be asked; and refusing everything keeps none."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from inbeeld.kernel import promises
from inbeeld.kernel.access import (
    ROLES,
    ROWS,
    WITHOUT_A_ROW,
    Action,
    FieldClass,
    Involvement,
    may,
)
from inbeeld.kernel.promises import CHAPTERS, POSSIBLE, PROMISES, Point, broken, impossible, people
from inbeeld.kernel.promises.asking import ALL_ROLES, NUMBER, OF_ONE_ROW, allowed

FOLDER = Path(promises.__file__).parent
OF_THE_TABLE = {"ROWS", "TABLE", "may", "decide", "row_of", "rows_of", "parse", "Row", "may_leave", "is_own"}


@pytest.fixture(scope="module")
def answered_yes() -> frozenset[Point]:
    return allowed(may)


def test_every_question_is_asked(record_property: Callable[[str, object], None]) -> None:
    asked = 0

    def counting(*question: object) -> object:
        nonlocal asked
        asked += 1
        return False

    assert allowed(counting) == frozenset()  # type: ignore[arg-type]
    record_property("questions", asked)
    assert asked == NUMBER == 475_200
    assert len(OF_ONE_ROW) == 8 * 11 * 3 * 2 * 3 * 2
    assert set(ALL_ROLES) == {*ROLES, "nobody_ever_heard_of"}


@pytest.mark.parametrize("promise", PROMISES, ids=[one.key for one in PROMISES])
def test_the_table_keeps_the_promise(promise: promises.Promise, answered_yes: frozenset[Point]) -> None:
    ask = answered_yes.__contains__
    assert [point for point in sorted(answered_yes, key=str) if not promise.holds(point, ask)] == []


@pytest.mark.parametrize("possible", POSSIBLE, ids=[one.key for one in POSSIBLE])
def test_what_must_be_possible_is(possible: promises.Possible, answered_yes: frozenset[Point]) -> None:
    assert possible.points
    assert [point for point in possible.points if point not in answered_yes] == []


def test_refusing_everything_breaks_what_must_be_possible() -> None:
    assert impossible(lambda point: False) == tuple(one.key for one in POSSIBLE)


def test_every_role_with_a_row_has_something_that_must_be_possible() -> None:
    able = {point.role for one in POSSIBLE for point in one.points}
    assert able == {row.role for row in ROWS}


def test_every_promise_refuses_something() -> None:
    """A promise that lets everything through promises nothing: here of a table that gives everything."""
    everything = allowed(lambda *question: True)  # type: ignore[arg-type, return-value]
    nothing_else = frozenset[Point]()
    for promise in PROMISES:
        assert any(
            not promise.holds(point, ask)
            for point in everything
            for ask in (everything.__contains__, nothing_else.__contains__)
        ), promise.key


def test_the_promises_are_sentences_in_both_languages_with_a_key_of_their_own() -> None:
    keys = [one.key for one in (*PROMISES, *POSSIBLE)]
    assert len({*keys}) == len(keys) - len({one.key for one in PROMISES} & {one.key for one in POSSIBLE})
    said = [one.said for one in (*PROMISES, *POSSIBLE)]
    said += [one.question for one in PROMISES if one.question]
    for sentence in said:
        for words in sentence:
            assert words[0].isupper() and words[-1] in ".?" and "  " not in words, words
    assert len(set(said)) == len(said)
    assert all(chapter.promises and all(chapter.title) for chapter in CHAPTERS)


def test_the_promises_name_only_roles_that_exist() -> None:
    named = {
        node.value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in node.value
    }
    assert {word for word in named if word.replace("_", "").isalnum()} - {"__all__"} <= set(ALL_ROLES)
    assert set(ROLES) == people.KNOWN | people.WITHOUT_CHILDREN
    assert set(WITHOUT_A_ROW) == people.WITHOUT_CHILDREN


def test_the_promises_never_read_the_table_or_its_rules() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not {one.name for one in node.names} & OF_THE_TABLE, path.name
                assert node.module is None or node.module.startswith(
                    ("__future__", "collections", "dataclasses", "itertools", "typing",
                     "inbeeld.kernel.access", "inbeeld.kernel.promises")
                ), path.name  # fmt: skip
            assert not isinstance(node, ast.Import), path.name


def test_a_yes_that_should_be_no_breaks_the_promises_about_it() -> None:
    read = Point("mentor", Involvement.NONE, 7, FieldClass.MED, Action.READ)
    assert {"no-involvement", "destroyed", "medical"} <= set(broken(read, lambda point: True))
