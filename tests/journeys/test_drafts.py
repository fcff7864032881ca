"""Somebody writes in the file of a child, and the laptop closes: nothing is lost. In a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
OFFICER = "Rachid Ouazzani"
TEXT = "Noor wil liever eerst twee ochtenden proberen. Haar moeder belt de mentor."
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "360"])
#: Longer than the pause after which a draft is kept.
SOON = 15_000


def to_the_form(page: Any, what: str) -> str:
    """From the list to the form of one class of the file of the first child; returns its address."""
    press(page, page.locator("th a").first)
    press(page, page.locator(".writing a", has_text=what))
    return str(page.url)


def later(page: Any, seconds: int) -> None:
    """Let the clock of a page, which the test installed, go on."""
    page.clock.fast_forward(seconds * 1000)


def comes_back(page: Any, address: str) -> str:
    """The text in the form, asked for again until there is one, or it is late."""
    for _ in range(SOON // 500):
        page.goto(address)
        if text := page.get_by_label("Tekst").input_value():
            return str(text)
        page.wait_for_timeout(500)
    return ""


@SIZES
def test_what_is_typed_is_kept_by_itself_and_is_there_again_after_logging_in_anew(visit, picture, size):
    page = visit(OFFICER, size)
    address = to_the_form(page, "politie en jeugdbescherming")
    assert not page.get_by_role("button", name="Dit concept weggooien").is_visible()
    page.get_by_label("Tekst").press_sequentially(TEXT, delay=5)
    said = page.locator("[data-draft-said]")
    said.get_by_text("Concept bewaard om ").wait_for(timeout=SOON)
    assert page.get_by_role("button", name="Dit concept weggooien").is_visible()
    picture(page, f"concept-bewaard-nl-{size['width']}")
    assert sideways(page) <= 0
    page.context.close()

    page = visit(OFFICER, size)
    to_the_form(page, "politie en jeugdbescherming")
    assert page.url == address
    assert page.get_by_label("Tekst").input_value() == TEXT
    assert " teruggezet." in page.get_by_role("status").first.inner_text()
    assert violations(page) == []
    picture(page, f"concept-teruggezet-nl-{size['width']}")
    press(page, page.get_by_role("button", name="Dit concept weggooien"))
    assert page.get_by_text("Het concept is weggegooid.").is_visible()
    assert page.get_by_label("Tekst").input_value() == ""
    picture(page, f"concept-weg-nl-{size['width']}")


@SIZES
def test_without_scripts_a_button_keeps_it(visit, picture, size):
    page = visit(OFFICER, size, scripts=False)
    address = to_the_form(page, "eigen werknotities")
    page.get_by_label("Tekst").fill(TEXT)
    press(page, page.get_by_role("button", name="Als concept bewaren"))
    assert page.get_by_text("Als concept bewaard om ").is_visible()
    picture(page, f"concept-zonder-script-nl-{size['width']}")
    page.context.close()

    page = visit(OFFICER, size, scripts=False)
    press(page, page.locator("th a").first)
    assert page.get_by_role("link", name="Verder schrijven: eigen werknotities").is_visible()
    page.locator("#dossier").scroll_into_view_if_needed()
    picture(page, f"concept-dossier-nl-{size['width']}")
    page.goto(address)
    assert page.get_by_label("Tekst").input_value() == TEXT
    press(page, page.get_by_role("button", name="Opslaan"))
    assert page.get_by_role("status").inner_text() == "Het staat nu in het dossier."
    assert page.get_by_role("link", name="Schrijven: eigen werknotities", exact=True).is_visible()


def test_leaving_the_page_keeps_it_and_a_lost_connection_is_told(visit):
    page = visit(OFFICER)
    page.clock.install()
    address = to_the_form(page, "besproken")
    page.get_by_label("Tekst").fill(TEXT)
    press(page, page.get_by_role("link", name="Terug naar het dossier"))
    # What is sent on leaving may arrive after the next page was asked for.
    assert comes_back(page, address) == TEXT

    page.route("**/concept/**", lambda route: route.abort())
    page.get_by_label("Tekst").fill(f"{TEXT} En de jeugdarts.")
    later(page, 4)
    page.locator("[data-draft-said]").get_by_text("Niet bewaard: er is geen verbinding").wait_for(
        timeout=SOON
    )
    page.unroute("**/concept/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    later(page, 21)
    page.locator("[data-draft-said]").get_by_text("Concept bewaard om ").wait_for(timeout=SOON)
    press(page, page.get_by_role("button", name="Opslaan"))
    page.goto(address)
    assert page.get_by_label("Tekst").input_value() == ""


def test_who_types_nothing_sends_nothing(visit):
    page = visit(OFFICER)
    page.clock.install()
    to_the_form(page, "besproken")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Tekst").fill(TEXT)
    later(page, 4)
    page.locator("[data-draft-said]").get_by_text("Concept bewaard om ").wait_for(timeout=SOON)
    for _ in range(4):
        later(page, 25)
        page.evaluate("fetch('/over/')")  # what a timer would have sent was sent before this
    page.wait_for_timeout(500)
    assert len([one for one in asked if "/over/" in one]) == 4
    assert len([one for one in asked if "/concept/" in one]) == 1
    press(page, page.get_by_role("button", name="Dit concept weggooien"))


def test_two_texts_of_one_entry_are_both_on_the_page_when_the_draft_is_opened_again(visit, picture):
    page = visit(OFFICER)
    to_the_form(page, "besproken")
    page.get_by_label("Tekst").fill("De mentor belt maandag.")
    press(page, page.get_by_role("button", name="Opslaan"))
    entry = page.locator(".entry", has_text="belt maandag").get_by_role("link").first.get_attribute("href")
    home = page.url.split("/kind/")[0]
    other = page.context.new_page()
    for one in (page, other):
        one.goto(home + entry)
    other.get_by_label("Tekst").fill("De school belt woensdag.")
    press(other, other.get_by_role("button", name="Opslaan"))
    page.get_by_label("Tekst").fill("De mentor belt dinsdag.")
    press(page, page.get_by_role("button", name="Als concept bewaren"))
    page.goto(home + entry)
    assert page.get_by_text("De school belt woensdag.").is_visible()
    assert page.get_by_role("textbox", name="Tekst").input_value() == "De mentor belt dinsdag."
    assert violations(page) == []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        picture(page, f"concept-twee-teksten-nl-{size['width']}")
        assert sideways(page) <= 0
    press(page, page.get_by_role("button", name="De andere tekst houden"))
    assert page.get_by_text("Het concept is weggegooid.").is_visible()
