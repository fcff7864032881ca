"""A care coordinator agrees on a step with a mentor, moves it and settles it; the SWV sees it in the list."""

from __future__ import annotations

import re

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
COORDINATOR, MENTOR, SWV = "Ingrid Scholtens", "Dewi Sastrowidjojo", "Marit Hoogeveen"
YOUTH_WORKER = "Otis Kwakernaat"
WHAT = "Dinsdag samen naar de open middag."


def test_a_step_is_agreed_moved_and_settled(visit, picture):
    page = visit(COORDINATOR, to="afspraken/")
    assert violations(page) == []
    picture(page, "afspraken-nl-1280")
    press(page, page.locator(".list__child a").first)
    press(page, page.get_by_role("link", name="Afspraak maken"))
    assert violations(page) == []
    page.get_by_label("Waarvoor").fill("Zien hoe het daar is.")
    press(page, page.get_by_role("button", name="Afspraak vastleggen"))
    assert page.locator(".question__wrong").count() == 2
    assert page.get_by_label("Waarvoor").input_value() == "Zien hoe het daar is."
    picture(page, "afspraak-fout-nl-1280")
    page.get_by_label(MENTOR).check()
    page.get_by_label("Wat", exact=True).fill(WHAT)
    press(page, page.get_by_role("button", name="Afspraak vastleggen"))
    assert page.get_by_role("status").inner_text() == "De afspraak staat bij het kind."
    section = page.locator("section", has=page.get_by_role("heading", name="Afspraken", exact=True))
    row = section.locator(".agreements > li", has_text=WHAT)
    assert MENTOR in row.inner_text() and "over 14 dagen" in row.inner_text()
    assert violations(page) == []
    picture(page, "kind-met-afspraken-nl-1280")

    press(page, row.get_by_role("link"))
    page.get_by_label("Verzet naar een andere dag").check()
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.locator(".question__wrong").count() == 2
    assert violations(page) == []
    day = page.locator("[name=to_on]").get_attribute("max")
    page.locator("[name=to_on]").fill(day)
    page.get_by_label("Waarom, als het anders liep").fill("Die middag gaat niet door.")
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert "een keer verzet" in row.inner_text()

    press(page, row.get_by_role("link"))
    assert "Die middag gaat niet door." in page.locator(".steps").inner_text()
    picture(page, "afspraak-verzet-nl-1280")
    page.get_by_label("Gedaan", exact=True).check()
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.get_by_role("status").inner_text() == "Vastgelegd wat er van de afspraak is gekomen."
    page.get_by_text(re.compile(r"^\d+ afgehandeld$")).click()
    assert "gedaan" in section.locator(".agreements > li", has_text=WHAT).inner_text()


def test_who_is_to_do_it_says_no_and_it_stays_in_sight(visit, picture):
    page = visit(YOUTH_WORKER, to="berichten/")
    press(page, page.get_by_role("link", name="uw ja of nee"))
    assert page.locator(".chips a[aria-current]").last.inner_text().startswith("Nog niet toegezegd")
    assert violations(page) == []
    picture(page, "afspraken-vragen-nl-1280")
    press(page, page.locator("a.work__more").first)
    assert page.get_by_role("heading", name="Doet u dit, of wat is ervan gekomen?").is_visible()
    page.get_by_label("Geweigerd", exact=True).check()
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.locator(".question__wrong").count() == 1
    assert violations(page) == []
    picture(page, "afspraak-geweigerd-fout-nl-1280")
    page.get_by_label("Waarom, als het anders liep").fill("Die weken zit ik vol.")
    press(page, page.get_by_role("button", name="Vastleggen"))
    page.goto(page.url.split("/afspraken/")[0] + "/afspraken/?show=refused")
    assert page.locator("table.agreed", has_text="geweigerd: niemand doet het").count()
    picture(page, "afspraken-geweigerd-nl-1280")


def test_the_list_and_uit_beeld_name_agreements(visit, picture):
    page = visit(SWV, to="in-beeld/?definition=everyone")
    assert page.locator(".list__agreement", has_text="afspraak").count()
    assert page.locator(".list__agreement", has_text="geen open afspraak").count()
    assert violations(page) == []
    page.goto(page.url.split("/in-beeld/")[0] + "/uit-beeld/?gap=no_agreement")
    wanted = page.locator(".chips a[aria-current] b").first.inner_text()
    assert int(wanted) > 0 and page.locator(".missing", has_text="geen open afspraak").count()


@pytest.mark.parametrize("size", [PHONE, SMALLEST], ids=["360", "320"])
def test_on_a_phone_and_without_scripts(visit, picture, size):
    page = visit(COORDINATOR, size, scripts=False, to="afspraken/?scope=ours")
    assert sideways(page) <= 0
    picture(page, f"afspraken-nl-{size['width']}")
    press(page, page.locator("a.work__more").first)
    assert sideways(page) <= 0
    picture(page, f"afspraak-nl-{size['width']}")
    page.get_by_label("Anders gedaan").check()
    page.get_by_label("Waarom, als het anders liep").fill("Met twee vrienden erbij.")
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.url.endswith("/afspraken/?gedaan=afspraak-bijgewerkt")
