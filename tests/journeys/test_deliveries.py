"""Henk hands in the week of his school, says what the codes mean, looks, and says yes. In a real browser."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "360"])
HENK, MARIT = "Henk Oldenziel", "Marit Hoogeveen"
#: The worker looks every second; a machine may be busy.
TRIES = 120


def until_worked_on(page: Any) -> None:
    """Look again as long as the page says that it is being worked on."""
    for _ in range(TRIES):
        link = page.get_by_role("link", name="Kijk opnieuw")
        if not link.count():
            return
        page.wait_for_timeout(500)
        press(page, link)
    pytest.fail("the worker did not come to it")


def looked_at(page: Any, picture: Callable[[Any, str], None], name: str, size: dict[str, int]) -> None:
    picture(page, f"aanlevering-{name}-nl-{size['width']}")
    assert sideways(page) <= 0
    assert violations(page) == []


@SIZES
def test_a_week_is_handed_in_looked_through_and_counts(visit, picture, tmp_path, size):
    page = visit(HENK, size)
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    looked_at(page, picture, "lijst", size)
    with page.expect_download() as download:
        page.get_by_role("link", name="een bestand van vorige week").click()
    file = tmp_path / "week.csv"
    download.value.save_as(file)
    # Another file each time, with a row that cannot be taken.
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    lines += [f"9{size['width']};31-2-2026;1;50;Z;Ziek;;;ja"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    page.get_by_label("Het bestand").set_input_files(file)
    press(page, page.get_by_role("button", name="Inleveren"))
    until_worked_on(page)
    codes = page.get_by_role("button", name="Bewaren en opnieuw lezen")
    if codes.count():  # the meanings of the first time are kept
        looked_at(page, picture, "codes", size)
        for one in page.locator("select[name=is]").all():
            if not one.input_value():
                one.select_option("not-known")
        press(page, codes)
        until_worked_on(page)
    assert page.get_by_text("1 rij is niet opgenomen").is_visible()
    assert page.get_by_text("Verwacht: een dag die bestaat; gevonden: “31-2-2026”").is_visible()
    looked_at(page, picture, "kijken", size)
    press(page, page.get_by_role("button", name="Ja, laat het meetellen"))
    until_worked_on(page)
    assert page.get_by_text("Telt mee").first.is_visible()
    looked_at(page, picture, "telt-mee", size)
    page.get_by_text("Was deze aanlevering fout?").click()
    press(page, page.get_by_role("button", name="Deze aanlevering intrekken"))
    until_worked_on(page)
    assert page.get_by_text("Het telt niet mee.").is_visible()


def test_a_table_of_ones_own_is_pasted_without_scripts(visit, picture):
    page = visit(HENK, PHONE, scripts=False)
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    page.get_by_label("Of plak rijen uit een rekenblad").fill(
        "wie\twanneer\tuur\twat\nx1\t2026-04-16\t2\tafwezig\n"
    )
    press(page, page.get_by_role("button", name="Inleveren"))
    until_worked_on(page)
    picture(page, "aanlevering-kolommen-nl-360")
    page.get_by_label("Het leerlingnummer").select_option("wie")
    page.get_by_label("De dag").select_option("wanneer")
    page.get_by_label("Het lesuur").select_option("uur")
    page.get_by_label("Wat het is").select_option("wat")
    press(page, page.get_by_role("button", name="Bewaren en lezen"))
    until_worked_on(page)
    assert page.get_by_text("1 leerling in dit bestand staat op die dagen niet op deze school").is_visible()
    press(page, page.get_by_role("button", name="Niet opnemen, en verwijderen"))
    assert page.get_by_text("Wat u inleverde, wordt verwijderd.").is_visible()


@SIZES
def test_who_keeps_sight_of_the_schools_sees_which_is_silent(visit, picture, size):
    page = visit(MARIT, size)
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    assert page.get_by_role("heading", name="Wie levert aan, en wie is stil").is_visible()
    looked_at(page, picture, "wacht", size)


@SIZES
def test_a_system_hands_in_with_a_key_until_that_is_ended(visit, picture, address, size):
    page = visit(HENK, size)
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    press(page, page.get_by_role("link", name="Een systeem zelf laten aanleveren"))
    page.get_by_label("Voor welk systeem is hij").fill(f"Magister, {size['width']}")
    press(page, page.get_by_role("button", name="Sleutel maken"))
    if not page.locator("code.secret").count():  # asked to prove again that it is he, as every five minutes
        press(page, page.locator("main").get_by_role("button").first)
    secret = page.locator("code.secret").inner_text()
    looked_at(page, picture, "sleutel", size)

    def hand_in() -> tuple[int, str]:
        rows = f"leerling;datum;lesuur;status\nx{size['width']};2026-04-16;2;absent\n".encode()
        door = f"{address}/aanleveringen/systeem/"
        asked = urllib.request.Request(door, rows, {"Authorization": f"Bearer {secret}"})
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, json.load(answer)["delivery"]
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)["error"]

    status, delivery = hand_in()
    assert status == 201
    press(page, page.get_by_role("link", name="Terug naar de aanleveringen"))
    press(page, page.locator(f"a[href='/aanleveringen/{delivery}/']"))
    until_worked_on(page)
    press(page, page.get_by_role("button", name="Niet opnemen, en verwijderen"))
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    press(page, page.get_by_role("link", name="Een systeem zelf laten aanleveren"))
    ours = page.locator("table.list tr", has_text=f"Magister, {size['width']}")
    press(page, ours.get_by_role("button").first)
    assert page.get_by_text("Wie deze sleutel gebruikt, wordt vanaf nu geweigerd.").is_visible()
    looked_at(page, picture, "sleutel-beeindigd", size)
    assert hand_in()[0] == 401
