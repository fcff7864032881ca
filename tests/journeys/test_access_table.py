"""A privacy officer with the access table: on a wide screen, on a phone, by keyboard, and on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys.looking import sideways, violations

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
SMALLEST = {"width": 320, "height": 640}
#: A4 on its side within the margins of the style: 281 by 194 millimetres, at 96 dots an inch.
SHEET = {"width": 1062, "height": 733}
PAGES = ("/toegang/", "/toegang/school_doctor/", "/toegang/guardian_16/", "/toegang/analyst/")


@pytest.fixture
def visit(browser: Any, address: str):
    """Open a page in a new window of a size; every window is closed, and no page may have complained."""
    opened = []

    def open_window(path: str, size=WIDE, language: str = "nl"):
        context = browser.new_context(viewport=size, locale="nl-NL")
        context.add_cookies([{"name": "inbeeld_language", "value": language, "url": address}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address + path)
        opened.append((context, complaints))
        return page

    yield open_window
    for context, complaints in opened:
        context.close()
        assert complaints == []


def test_from_the_table_to_what_a_role_may_see_and_back(visit, picture):
    page = visit("/toegang/")
    assert page.get_by_role("heading", level=1).inner_text() == "Wie mag wat zien"
    picture(page, "toegang-nl-1280")
    page.get_by_role("rowheader", name="Jeugdarts").first.get_by_role("link").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Jeugdarts: wat u mag zien"
    picture(page, "toegang-jeugdarts-nl-1280")
    page.get_by_role("link", name="De hele tabel").click()
    assert page.url.endswith("/toegang/")
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Who may see what"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_on_a_small_phone_only_the_table_scrolls(visit, picture, path, language):
    page = visit(path, SMALLEST, language)
    assert sideways(page) <= 0
    picture(page, f"toegang{path.replace('/', '-')}{language}-320")


def test_the_table_scrolls_within_its_own_box_by_keyboard(visit):
    page = visit("/toegang/", SMALLEST)
    box = page.get_by_role("region").first
    box.focus()
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")
    assert box.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    for _ in range(50):  # scrolling is smooth; a script that waits is what the page's policy forbids
        if box.evaluate("one => one.scrollLeft") > 0:
            break
        page.wait_for_timeout(50)
    assert box.evaluate("one => one.scrollLeft") > 0
    name = page.get_by_role("rowheader").first
    assert name.evaluate("one => one.getBoundingClientRect().left >= 0"), "the role stays in sight"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_table_fits_one_sheet_of_paper(visit, language):
    page = visit("/toegang/", SHEET, language)
    page.emulate_media(media="print")
    sheet = page.locator(".access__sheet").bounding_box()
    assert sheet["height"] <= SHEET["height"]
    assert page.locator(".access__table").bounding_box()["width"] <= SHEET["width"]
    paper = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([0-9]+)[0-9.]* ([0-9]+)[0-9.]*\]", paper)
    assert set(sizes) == {(b"841", b"594")}, "A4 on its side"
    assert len(sizes) <= 5, "the table, and its explanation on a few sheets more"


@pytest.mark.parametrize("size", [WIDE, SMALLEST], ids=["1280", "320"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path, size):
    assert violations(visit(path, size)) == []
