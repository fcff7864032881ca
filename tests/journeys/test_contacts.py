"""A care coordinator records a talk with the parents; the SWV sees around whom something is missing."""

from __future__ import annotations

import re

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
MENTOR, COORDINATOR, SWV = "Dewi Sastrowidjojo", "Ingrid Scholtens", "Marit Hoogeveen"
TEXT = "Vader komt donderdag met zijn dochter praten."


def test_a_talk_is_recorded_and_struck_out(visit, picture):
    page = visit(COORDINATOR, to="mijn-werk/?scope=mine&show=all")
    press(page, page.locator(".list__child a").last)
    press(page, page.get_by_role("link", name="Contact vastleggen"))
    assert violations(page) == []
    page.get_by_label("Wat is er gezegd of afgesproken").fill(TEXT)
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.locator(".question__wrong").count() == 3
    assert page.get_by_label("Wat is er gezegd of afgesproken").input_value() == TEXT
    picture(page, "contact-fout-nl-1280")
    page.get_by_label("De ouders", exact=True).check()
    page.get_by_label("Telefonisch").check()
    page.get_by_label("Ja, we spraken elkaar").check()
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.get_by_role("status").inner_text() == "Het contact staat bij het kind."
    section = page.locator("section", has=page.get_by_role("heading", name="Contact met leerling en ouders"))
    assert TEXT in section.inner_text() and "Laatste contact op" in section.inner_text()
    assert violations(page) == []
    picture(page, "kind-met-contact-nl-1280")
    press(page, section.get_by_role("link", name=re.compile("^Doorhalen")).first)
    assert violations(page) == []
    press(page, page.get_by_role("button", name="Ja, haal door"))
    assert page.get_by_role("status").inner_text() == "Het contact is doorgehaald."
    assert page.get_by_text(TEXT).count() == 0


def test_every_number_of_uit_beeld_leads_to_its_list(visit, picture):
    page = visit(SWV, to="uit-beeld/")
    assert page.get_by_role("heading", level=1).inner_text() == "Uit beeld"
    assert violations(page) == []
    picture(page, "uit-beeld-nl-1280")
    for number in range(page.locator(".chips").first.locator("a").count()):
        press(page, page.locator(".chips").first.locator("a").nth(number))
        wanted = int(page.locator(".chips a[aria-current] b").first.inner_text())
        found = page.locator("table.list tbody tr").count()
        while (later := page.get_by_role("link", name="Volgende")).count():
            press(page, later)
            found += page.locator("table.list tbody tr").count()
        assert found == wanted


@pytest.mark.parametrize("size", [PHONE, SMALLEST], ids=["360", "320"])
def test_on_a_phone_and_without_scripts(visit, picture, size):
    page = visit(MENTOR, size, scripts=False)
    press(page, page.locator(".list__child a").first)
    press(page, page.get_by_role("link", name="Contact vastleggen"))
    assert sideways(page) <= 0
    page.get_by_label("De leerling", exact=True).check()
    page.get_by_label("Een huisbezoek").check()
    page.get_by_label("Nee, alleen geprobeerd").check()
    picture(page, f"contact-nl-{size['width']}")
    press(page, page.get_by_role("button", name="Vastleggen"))
    page.goto(page.url.split("/kind/")[0] + "/uit-beeld/")
    assert sideways(page) <= 0
    picture(page, f"uit-beeld-nl-{size['width']}")
