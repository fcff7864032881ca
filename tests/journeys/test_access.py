"""Who has access and why, who looked, the file and the emergency button, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
#: Text on the card; a parent carries the name of a child that is invented anew, so is known by the role.
OFFICER, PARENT, PRIVACY = "Rachid Ouazzani", "ouder of verzorger", "Yvonne Rietdijk"


def first_child(page: Any) -> str:
    """To the page of the first child on the list; returns its address."""
    page.locator("th a").first.click()
    page.wait_for_url("**/kind/**")
    return str(page.url)


def test_an_officer_reads_who_has_access_asks_a_doctor_and_withdraws_it(visit, picture):
    page = visit(OFFICER)
    child = first_child(page)
    page.get_by_role("link", name="Wie heeft toegang en waarom").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Wie heeft toegang tot ")
    picture(page, "wie-heeft-toegang-nl-1280")

    page.get_by_role("link", name="Iemand vragen betrokken te zijn").click()
    page.get_by_label("Organisatie").select_option(label="SWV VO Noorderveen")
    page.get_by_role("button", name="Volgende").click()
    page.get_by_label("Waarvoor").select_option(label="advies over passend onderwijs")
    page.get_by_role("button", name="Vragen").click()
    picture(page, "bewijs-nl-1280")
    page.locator("main").get_by_role("button").first.click()
    assert page.get_by_role("status").inner_text().startswith("De vraag is gesteld.")
    assert page.url.startswith(f"{child}toegang/")

    press(page, page.get_by_role("button", name="Intrekken wat aan").first)
    assert page.get_by_role("status").inner_text() == "Deze toegang is beëindigd."


def test_writing_says_who_will_read_it_and_two_writers_lose_nothing(visit, picture):
    page = visit(OFFICER, scripts=False)
    first_child(page)
    page.get_by_role("link", name="Schrijven: wat is besproken").click()
    assert page.get_by_text("Wie dit kan lezen:").is_visible()
    page.get_by_label("Tekst").fill("De leerplichtambtenaar belt vrijdag.")
    page.get_by_role("button", name="Opslaan").click()
    assert page.get_by_role("status").inner_text() == "Het staat nu in het dossier."

    entry = page.locator(".entry", has_text="belt vrijdag").get_by_role("link").first.get_attribute("href")
    other = page.context.new_page()
    for one in (page, other):
        one.goto(page.url.split("/kind/")[0] + entry)
    page.get_by_label("Tekst").fill("De leerplichtambtenaar belt donderdag.")
    page.get_by_role("button", name="Opslaan").click()
    other.get_by_label("Tekst").fill("De school belt vrijdag.")
    other.get_by_role("button", name="Opslaan").click()
    assert other.get_by_text("De leerplichtambtenaar belt donderdag.").is_visible()
    assert other.get_by_role("textbox", name="Tekst").input_value() == "De school belt vrijdag."
    picture(other, "twee-schrijvers-nl-1280")


def test_a_parent_comes_to_the_page_of_the_child_and_reads_who_looked(visit, picture):
    page = visit(PARENT)
    assert "/kind/" in page.url
    page.get_by_role("link", name="Wie keek er").click()
    assert page.get_by_role("heading", name="Per persoon").is_visible()
    picture(page, "wie-keek-er-nl-1280")
    page.get_by_role("link", name="Wie heeft toegang en waarom").first.click()
    assert page.get_by_role("heading", name="Toestemming").is_visible()
    assert page.get_by_role("button", name="Intrekken", exact=True).count() == 0


def test_the_emergency_button_is_reached_filled_in_and_sent_by_keyboard(visit):
    page = visit(OFFICER)
    page.get_by_role("link", name="Nood").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Geboortedatum").focus()
    page.keyboard.type("31-8-2012")
    for text in ("Bestaatniet", "Noor"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_label("gevaar voor leven of gezondheid").is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("button").first.click()
    assert "Er is niets geopend." in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Achternaam").input_value() == "Bestaatniet"


def pages_of(page: Any) -> list[str]:
    """The pages somebody has, from where they begin."""
    here = page.url.split("/kind/")[0].split("/in-beeld/")[0]
    own = page.locator("header nav a").evaluate_all("links => links.map(link => link.pathname)")
    if "/kind/" not in page.url and page.locator("th a").count():
        first_child(page)
    around = page.locator(".around a").evaluate_all("links => links.map(link => link.pathname)")
    return [here + path for path in dict.fromkeys((*own, *around))]


@pytest.mark.parametrize("size", [PHONE, SMALLEST], ids=["360", "320"])
@pytest.mark.parametrize("who", [OFFICER, PARENT, PRIVACY])
def test_on_a_phone_nothing_scrolls_sideways(visit, picture, who, size):
    page = visit(who, size)
    for number, path in enumerate(pages_of(page)):
        page.goto(path)
        for one in page.locator("details:not([open]) > summary").all():
            if one.is_visible():
                one.click()
        assert sideways(page) <= 0, path
        mark = f"{who.split()[0].lower()}-{number}-{size['width']}"
        picture(page, f"toegang-{mark}")


@pytest.mark.parametrize(("who", "size"), [(OFFICER, DESKTOP), (PARENT, PHONE), (PRIVACY, DESKTOP)])
def test_axe_finds_nothing(visit, who, size):
    page = visit(who, size)
    found = {}
    for path in pages_of(page):
        page.goto(path)
        for one in page.locator("details:not([open]) > summary").all():
            if one.is_visible():
                one.click()
        found[path] = violations(page)
    assert {path: said for path, said in found.items() if said} == {}
