"""Who keeps the attendance of a school reports to DUO, in a real browser: from the signal to the answer."""

from __future__ import annotations

import re

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
KEEPER = "Henk Oldenziel"
DONE = "Gesprek met de leerling, en een brief aan de ouders."


def to_a_report(page) -> None:
    """From the work list to the form of the first report that is asked for."""
    press(page, page.locator("a.work__more").first)
    press(page, page.get_by_role("link", name="Zet de melding klaar"))


def test_from_the_signal_to_the_register_and_back(visit, picture):
    page = visit(KEEPER, to="")
    to_a_report(page)
    assert page.get_by_label("Eerste dag van het verzuim").input_value()
    assert page.get_by_label("Uren").input_value()
    assert (
        page.get_by_label("Vermoedelijke reden").input_value().startswith("In de registratie van de school")
    )
    assert violations(page) == []
    press(page, page.get_by_role("button", name="Zet klaar"))
    assert page.locator(".question__wrong").all_inner_texts() == ["Dit moet ingevuld zijn."]
    picture(page, "melding-invullen-nl-1280")
    page.get_by_label("Wat de school heeft gedaan").fill(DONE)
    press(page, page.get_by_role("button", name="Zet klaar"))
    assert page.get_by_text("Nog niet gemeld.").is_visible()
    assert DONE in page.locator(".reportfields").first.inner_text()
    assert violations(page) == []
    picture(page, "melding-nl-1280")
    page.get_by_label("Meldingsnummer").fill("2026-0042")
    press(page, page.get_by_role("button", name="Leg vast: gemeld"))
    assert page.get_by_role("status").inner_text() == "Vastgelegd: het is bij DUO gemeld."
    press(page, page.get_by_role("link", name="Leg een antwoord vast"))
    page.get_by_label("in behandeling", exact=True).check()
    assert violations(page) == []
    picture(page, "melding-antwoord-nl-1280")
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert "in behandeling" in page.locator("section", has_text="Wat de gemeente antwoordde").inner_text()
    press(page, page.get_by_role("link", name="Terug naar het kind"))
    section = page.locator("section", has=page.get_by_role("heading", name="Meldingen aan DUO"))
    assert "Gemeld op" in section.inner_text() and "gemeente: in behandeling" in section.inner_text()
    assert "het is gemeld bij DUO" in page.locator(".signals").inner_text()
    assert violations(page) == []


def test_on_a_phone_and_without_scripts(visit, picture):
    page = visit(KEEPER, PHONE, scripts=False, to="")
    to_a_report(page)
    assert sideways(page) <= 0
    picture(page, "melding-invullen-nl-360")
    page.get_by_label("Wat de school heeft gedaan").fill(DONE)
    press(page, page.get_by_role("button", name="Zet klaar"))
    assert sideways(page) <= 0
    picture(page, "melding-nl-360")
    page.locator("summary", has_text="Laat deze melding vervallen").click()
    press(page, page.get_by_role("button", name="Ja, laat vervallen"))
    assert page.get_by_role("status").inner_text() == "De melding die klaarstond is weg."
    section = page.locator("section", has=page.get_by_role("heading", name="Meldingen aan DUO"))
    assert section.get_by_role("link", name=re.compile("^Zet de melding klaar")).count() >= 1


def test_leerplicht_reads_which_duty_has_a_report(visit):
    page = visit("Rachid Ouazzani", to="in-beeld/")
    press(page, page.locator("table tbody th a").first)
    section = page.locator("section", has=page.get_by_role("heading", name="Meldingen aan DUO"))
    assert section.count() == 1
    assert section.get_by_role("link", name=re.compile("klaar")).count() == 0
