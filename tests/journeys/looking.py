"""What every journey asks of a page: does it scroll sideways, and what does axe find wrong."""

from __future__ import annotations

from typing import Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def press(page: Any, found: Any) -> None:
    """Press a button or link that leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        found.click()


def sideways(page: Any) -> int:
    """How many pixels the page is wider than the screen."""
    _wait_for_the_document(page)
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def violations(page: Any) -> list[str]:
    """What axe finds wrong: the rule, what it says, the first place, and how many places."""
    from axe_playwright_python.sync_playwright import Axe

    _wait_for_the_document(page)
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
    return [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]} ({len(one['nodes'])})"
        for one in answer["violations"]
    ]


def _wait_for_the_document(page: Any) -> None:
    """Just after a click the new page may have no document yet."""
    page.wait_for_load_state("load")
    page.locator("body").wait_for()
