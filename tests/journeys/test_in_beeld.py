"""The way of a coordinator of the SWV through the first floor, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}


@pytest.fixture
def visit(browser: Any, address: str):
    """Open a new window; every window is closed, and no page may have complained."""
    opened = []

    def open_window(size=DESKTOP, *, scripts: bool = True):
        context = browser.new_context(viewport=size, java_script_enabled=scripts, locale="nl-NL")
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        opened.append((context, complaints))
        return page

    yield open_window
    for context, complaints in opened:
        context.close()
        assert [line for line in complaints if "404" not in line] == []


def log_in(page: Any, who: str = "Marit Hoogeveen") -> None:
    """Log in, and go from the work list, where that leads, to the list In beeld."""
    press(page, page.locator(".card", has_text=who).get_by_role("button"))
    press(page, page.locator('.menu a[href="/in-beeld/"]'))


def test_the_coordinator_finds_a_child_and_reads_why(visit, picture):
    page = visit()
    picture(page, "start-nl-1280")
    log_in(page)
    assert page.get_by_role("heading", level=1).inner_text() == "In beeld"
    picture(page, "in-beeld-nl-1280")

    page.get_by_label("Definitie").select_option(label="Thuiszitter (Rotterdam, vanaf dag één)")
    press(page, page.get_by_role("button", name="Toon"))
    assert "definition=thuiszitter-rotterdam" in page.url
    all_rows = page.locator("table.list tbody tr").count()

    third = page.get_by_role("link", name="Fase 3")
    number = int(third.locator("b").inner_text())
    press(page, third)
    assert "phase=3" in page.url
    assert page.locator("table.list tbody tr").count() == number < all_rows

    name = page.locator("th a").first.inner_text()
    press(page, page.locator("th a").first)
    assert page.get_by_role("heading", level=1).inner_text() == name
    assert page.get_by_role("img").count() == 2
    assert page.locator("details.judged[open] .clauses li").count() >= 2
    picture(page, "kind-nl-1280")

    closed = page.locator("details.judged:not([open])").first
    closed.locator("summary").click()
    assert page.get_by_text("Bron:").nth(1).is_visible()

    press(page, page.get_by_role("button", name="English"))
    assert page.get_by_role("heading", name="What the definitions say").is_visible()
    picture(page, "child-en-1280")

    press(page, page.get_by_role("link", name="Back to the list"))
    press(page, page.get_by_role("button", name="Log out"))
    assert page.get_by_role("heading", level=1).inner_text() == "Every child in sight"


def test_the_way_back_keeps_the_filters(visit):
    page = visit()
    log_in(page)
    press(page, page.get_by_role("link", name="Fase 3"))
    list_address = page.url
    press(page, page.locator("th a").first)
    press(page, page.get_by_role("link", name="Terug naar de lijst"))
    assert page.url == list_address


def test_everything_works_without_scripts(visit):
    page = visit(scripts=False)
    log_in(page)
    page.get_by_label("Definitie").select_option(label="Thuiszitter (ministerie, 2016)")
    press(page, page.get_by_role("button", name="Toon"))
    assert page.locator("table.list tbody tr").count() > 0
    press(page, page.locator("th a").first)
    assert page.get_by_role("heading", name="Het schooljaar").is_visible()
    press(page, page.get_by_role("button", name="English"))
    assert page.get_by_role("heading", name="The school year").is_visible()
    press(page, page.get_by_role("button", name="Log out"))


@pytest.mark.parametrize("size", [PHONE, SMALLEST], ids=["360", "320"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_on_a_phone_nothing_scrolls_sideways(visit, picture, size, language):
    page = visit(size)
    if language == "en":
        press(page, page.get_by_role("button", name="English"))
    mark = f"{language}-{size['width']}"
    assert sideways(page) <= 0
    picture(page, f"start-{mark}")
    log_in(page)
    assert sideways(page) <= 0
    picture(page, f"in-beeld-{mark}")
    press(page, page.locator("th a").first)
    for one in page.locator("details:not([open]) > summary").all():
        if one.is_visible():
            one.click()
    assert sideways(page) <= 0
    picture(page, f"kind-{mark}")
    press(page, page.get_by_role("link", name="Definities" if language == "nl" else "Definitions").first)
    assert sideways(page) <= 0


def test_the_keyboard_alone_leads_to_a_child(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "membership"
    page.keyboard.press("Enter")
    page.wait_for_url("**/mijn-werk/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('th') !== null"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/kind/**")


@pytest.mark.parametrize(
    ("size", "language"), [(DESKTOP, "nl"), (PHONE, "en")], ids=["desktop-nl", "phone-en"]
)
def test_axe_finds_nothing_on_any_page(visit, address, language, size):
    page = visit(size)
    if language == "en":
        press(page, page.get_by_role("button", name="English"))
    found = {"start": violations(page)}
    log_in(page)
    found["list"] = violations(page)
    page.goto(f"{address}/in-beeld/?definition=everyone")
    found["everyone"] = violations(page)
    page.goto(f"{address}/in-beeld/?school=nowhere")
    found["empty"] = violations(page)
    page.goto(f"{address}/in-beeld/")
    press(page, page.locator("th a").first)
    for one in page.locator("details:not([open]) > summary").all():
        if one.is_visible():
            one.click()
    found["child"] = violations(page)
    for name, path in {"definitions": "/definities/", "about": "/over/", "wrong": "/nergens/"}.items():
        page.goto(address + path)
        found[name] = violations(page)
    assert {name: said for name, said in found.items() if said} == {}


def test_a_role_without_children_reads_why(visit):
    page = visit()
    log_in(page, "Tobias Kramer")
    assert page.get_by_text("Uw rol ziet geen kinderen").is_visible()


def test_a_page_stays_small(visit, address):
    page = visit()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.__setitem__(answer.url, len(answer.body()) if answer.ok else 0))
    log_in(page)
    page.goto(f"{address}/in-beeld/")
    page.wait_for_load_state("networkidle")
    assert sum(size for url, size in sizes.items() if "/static/" in url) < 150_000


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "360"])
def test_who_came_back_and_who_relapsed_are_a_list_each(visit, picture, size):
    page = visit(size)
    log_in(page, "Anneke van der Molen")
    page.get_by_label("Definitie").select_option("everyone")
    press(page, page.get_by_role("button", name="Toon"))
    for word, course in (("Teruggekeerd", "returned"), ("Teruggevallen", "relapsed")):
        chip = page.get_by_role("link", name=word)
        number = int(chip.locator("b").inner_text())
        assert number > 0, word
        press(page, chip)
        assert f"course={course}" in page.url
        rows = page.locator("table.list tbody tr")
        assert rows.count() == min(number, 50)
        assert all("eerder thuis van" in one for one in rows.all_inner_texts())
        picture(page, f"in-beeld-{course}-nl-{size['width']}")
        assert sideways(page) <= 0 and violations(page) == []
    press(page, page.locator("table.list tbody th a").first)
    assert page.get_by_text("De terugkeer hield geen stand.").is_visible()


def test_under_the_definition_of_the_swv_somebody_came_back_and_somebody_relapsed(visit, address):
    page = visit(DESKTOP)
    log_in(page, "Marit Hoogeveen")
    for word in ("Teruggekeerd", "Teruggevallen"):
        page.goto(f"{address}/in-beeld/")
        chip = page.get_by_role("link", name=word)
        number = int(chip.locator("b").inner_text())
        press(page, chip)
        assert page.locator("table.list tbody tr").count() == number > 0, word
    story = page.locator("table.list tbody tr", has_text="Meijhuis-de Graaf")
    assert "eerder thuis van" in story.inner_text()
