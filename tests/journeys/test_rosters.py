"""Henk hands in the roster of his school, looks who left and who is new, and says yes. In a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.looking import press
from tests.journeys.test_deliveries import HENK, MARIT, SIZES, looked_at, until_worked_on

pytestmark = pytest.mark.browser
SLIP = '\t\t<leerling key="{number}"><geboortedatum>31-2-2014</geboortedatum></leerling>'


def roster_to_try_with(page: Any, to: Path) -> list[str]:
    """The lines of the roster of today, as the trial gives it."""
    with page.expect_download() as download:
        page.get_by_role("link", name="een leerlingenlijst van vandaag").click()
    download.value.save_as(to)
    return to.read_text(encoding="utf-8").splitlines()


def hand_in(page: Any, file: Path, lines: list[str]) -> None:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page.get_by_label("Het bestand").set_input_files(file)
    press(page, page.get_by_role("button", name="Inleveren"))
    until_worked_on(page)


@SIZES
def test_a_roster_is_handed_in_looked_through_and_counts_and_is_withdrawn(visit, picture, tmp_path, size):
    page = visit(HENK, size)
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    lines = roster_to_try_with(page, tmp_path / "lijst.xml")
    end = lines.index("\t</leerlingen>")
    hand_in(page, tmp_path / "lijst.xml", [*lines[:end], SLIP.format(number=size["width"]), *lines[end:]])
    assert page.get_by_text("1 rij is niet opgenomen").is_visible()
    left = page.locator("table.list tr", has_text="(niet op de lijst)")
    assert left.count() == 1 and left.get_by_text("vertrokken").is_visible()
    assert page.locator("table.list tr", has_text="nieuw-1").first.is_visible()
    assert not page.get_by_text("Terpstra").count()
    looked_at(page, picture, "leerlingenlijst-kijken", size)
    press(page, page.get_by_role("button", name="Ja, laat het meetellen"))
    until_worked_on(page)
    assert page.get_by_text("Telt mee").first.is_visible()
    assert page.get_by_text("1 nieuw").is_visible()
    looked_at(page, picture, "leerlingenlijst-telt-mee", size)
    page.get_by_text("Was deze aanlevering fout?").click()
    press(page, page.get_by_role("button", name="Deze aanlevering intrekken"))
    until_worked_on(page)
    assert page.get_by_text("Het telt niet mee.").is_visible()


@SIZES
def test_half_a_roster_throws_nobody_out_without_a_second_yes(visit, picture, tmp_path, size):
    page = visit(HENK, size)
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    lines = roster_to_try_with(page, tmp_path / "half.xml")
    learners = [line for line in lines if "<leerling key=" in line]
    # Another half each time.
    half = set(learners[: len(learners) // 2 + size["width"] % 7])
    hand_in(page, tmp_path / "half.xml", [line for line in lines if line not in half])
    asked = page.get_by_label("leerlingen zijn echt vertrokken")
    assert not asked.is_checked()
    press(page, page.get_by_role("button", name="Ja, laat het meetellen"))
    assert page.get_by_role("alert").get_by_text("Zeg dat ze echt weg zijn").is_visible()
    looked_at(page, picture, "leerlingenlijst-half", size)
    assert page.get_by_label("leerlingen zijn echt vertrokken").is_visible()
    press(page, page.get_by_role("button", name="Niet opnemen, en verwijderen"))
    assert page.get_by_text("Wat u inleverde, wordt verwijderd.").is_visible()


@SIZES
def test_who_keeps_sight_of_the_schools_sees_when_the_last_roster_was(visit, picture, size):
    page = visit(MARIT, size)
    press(page, page.get_by_role("link", name="Aanleveringen").first)
    last = page.locator("td[data-label='Laatste leerlingenlijst']")
    assert last.get_by_text("nog geen").first.is_visible()
    looked_at(page, picture, "leerlingenlijst-wacht", size)
