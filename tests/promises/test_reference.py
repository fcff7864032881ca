"""The page on access in the docs is the one the program makes, with the last seal on it."""

from __future__ import annotations

from inbeeld.kernel.promises import POSSIBLE, PROMISES
from inbeeld.kernel.signed_access import read
from tests.promises.reference import AGAIN, FILE, access_page


def test_the_page_in_the_docs_is_the_one_the_program_makes() -> None:
    assert FILE.read_text("utf-8") == access_page(), f"run: {AGAIN}"


def test_it_keeps_the_last_seal_so_that_a_shortened_history_is_noticed() -> None:
    assert f"`{read().last.seal}`" in FILE.read_text("utf-8")


def test_it_has_every_promise() -> None:
    text = FILE.read_text("utf-8")
    assert [
        one.key for one in (*PROMISES, *POSSIBLE) if f"- `{one.key}` {one.said.english}" not in text
    ] == []
