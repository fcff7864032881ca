"""Lists asked for, handed in, laid side by side; who may be one child, why one is missing. In a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.looking import press, sideways, violations
from tests.journeys.test_deliveries import MARIT, SIZES

pytestmark = pytest.mark.browser
ANNEKE, JOOST = "Anneke van der Molen", "Joost Wolthuis"
#: The worker lays side by side in some seconds; on a busy machine in more.
PATIENCE = 90_000
CHILDREN = "Kinderen die thuiszitten"


def looked_at(page: Any, picture: Callable[[Any, str], None], name: str, size: dict[str, int]) -> None:
    picture(page, f"{name}-nl-{size['width']}")
    assert sideways(page) <= 0
    assert violations(page) == []


def to_the_lists(page: Any) -> None:
    press(page, page.get_by_role("link", name="Lijsten", exact=True).first)
    if page.get_by_role("link", name=CHILDREN).count():
        press(page, page.get_by_role("link", name=CHILDREN))


def until(page: Any, text: str) -> None:
    """Look again until it says so."""
    for _ in range(PATIENCE // 1000):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"it never said {text!r}")


def hand_in(page: Any, to: Path, *, party: str) -> None:
    """The invented list of a party, as the trial gives it."""
    to_the_lists(page)
    row = page.locator("table.lists tr", has=page.get_by_role("rowheader", name=party))
    with page.expect_download() as download:
        row.get_by_role("link", name="een verzonnen lijst van").click()
    download.value.save_as(to)
    row.get_by_label("De lijst", exact=True).set_input_files(to)
    press(page, row.get_by_role("button", name="Inleveren"))
    until(page, "Ingeleverd")


@SIZES
def test_a_round_from_the_question_to_who_is_on_which_list(visit, picture, tmp_path, size):
    anneke = visit(ANNEKE, size)
    to_the_lists(anneke)
    if not anneke.get_by_label("De lijst", exact=True).count():
        press(anneke, anneke.get_by_role("button", name="nieuwe ronde beginnen"))
        assert anneke.get_by_text("Iedere partij is om haar lijst gevraagd.").is_visible()
    looked_at(anneke, picture, "lijsten-gevraagd", size)
    wrong = tmp_path / "fout.csv"
    wrong.write_text("nummer;achternaam;geboortedatum\n1;Bos;1-2-2013\n1;Vos;1-2-2014\n", encoding="utf-8")
    row = anneke.locator("table.lists tr", has=anneke.get_by_role("rowheader", name="Leerplicht"))
    row.get_by_label("De lijst", exact=True).set_input_files(wrong)
    press(anneke, row.get_by_role("button", name="Inleveren"))
    until(anneke, "ieder nummer één keer; het staat ook op regel 2")
    looked_at(anneke, picture, "lijsten-fout", size)
    hand_in(anneke, tmp_path / "leerplicht.csv", party="Leerplicht")
    for who, party in ((MARIT, "SWV VO"), (JOOST, "SWV PO")):
        hand_in(visit(who, size), tmp_path / f"{party}.csv", party=party)
    anneke.reload()
    until(anneke, "Een nieuwe ronde beginnen")
    until(anneke, "Wie op welke lijst staat")
    assert not anneke.get_by_label("De lijst", exact=True).count()
    assert anneke.get_by_text("kinderen op geen enkele lijst.").is_visible()
    anneke.get_by_text("Waar dit op berust").click()
    assert anneke.get_by_text("Er zit geen naam achter").is_visible()
    looked_at(anneke, picture, "lijsten-naast-elkaar", size)


@SIZES
def test_two_records_beside_one_another_by_keyboard_and_undone(visit, picture, size):
    page = visit(ANNEKE, size)
    to_the_lists(page)
    press(page, page.get_by_role("link", name="misschien één kind").first)
    looked_at(page, picture, "lijsten-paren", size)
    press(page, page.get_by_role("link", name="Begin met het eerste"))
    assert page.get_by_role("heading", name="Is dit één kind?").is_visible()
    assert page.get_by_text("koppelen", exact=False).first.is_visible()
    looked_at(page, picture, "lijsten-paar", size)
    where = page.url.split("?")[0]
    with page.expect_navigation():
        page.keyboard.press("n")
    assert page.get_by_role("status").get_by_text("het zijn twee kinderen").is_visible()
    page.goto(where)
    assert page.get_by_text("niet hetzelfde").first.is_visible()
    press(page, page.get_by_role("button", name="Onzeker"))
    assert page.get_by_text("Beide blijven in beeld.").is_visible()


@SIZES
def test_a_sample_is_looked_at_without_knowing_what_was_made_of_it(visit, picture, size):
    page = visit(ANNEKE, size)
    to_the_lists(page)
    press(page, page.get_by_role("link", name="Bekijk een steekproef opnieuw"))
    looked_at(page, picture, "lijsten-steekproef", size)
    press(page, page.locator("a.button"))
    for _ in range(6):
        looked_at(page, picture, "lijsten-steekproef-een", size)
        if page.get_by_role("button", name="Eén kind").count():
            press(page, page.get_by_role("button", name="Eén kind"))
        else:
            press(page, page.get_by_role("button", name="Staat niet bij"))
        assert page.get_by_role("status").first.get_by_text("Vastgelegd.").is_visible()


@SIZES
def test_without_scripts_the_buttons_do_the_same(visit, size):
    page = visit(ANNEKE, size, scripts=False)
    to_the_lists(page)
    page.get_by_role("link", name="misschien één kind").first.click()
    page.get_by_role("link", name="Begin met het eerste").click()
    assert not page.locator(".keys").is_visible()
    page.get_by_role("button", name="Onzeker").click()
    assert page.get_by_text("Beide blijven in beeld.").is_visible()


def why(page: Any, reason: str) -> None:
    page.get_by_label("Waarom ze op de lijst ontbreken").select_option(label=reason)


@SIZES
def test_why_a_list_lacks_children_and_who_does_something(visit, picture, size):
    page = visit(ANNEKE, size)
    to_the_lists(page)
    press(page, page.get_by_role("link", name="Bij SWV VO").first)
    boxes = page.get_by_role("checkbox")
    before = boxes.count()
    boxes.nth(0).check()
    page.get_by_label("Waarom ze op de lijst ontbreken").select_option(
        label="Hoort op de lijst en wordt toegevoegd"
    )
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.get_by_text("Zeg wie er iets aan doet.").is_visible()
    assert page.get_by_role("checkbox").nth(0).is_checked(), "what was ticked stays ticked"
    page.get_by_label("Waarom ze op de lijst ontbreken").select_option(
        label="Is verhuisd naar buiten de regio"
    )
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.get_by_text("Vastgelegd voor de kinderen die u aanvinkte.").is_visible()
    assert page.get_by_role("checkbox").count() == before - 1
    looked_at(page, picture, "lijsten-ontbreekt", size)
    press(page, page.get_by_role("link", name="Zo is het goed"))
    page.get_by_role("checkbox").nth(0).check()
    press(page, page.get_by_role("button", name="Weer openzetten"))
    assert page.get_by_text("Weer opengezet").is_visible()


@SIZES
def test_who_keeps_a_list_says_who_sees_it_and_takes_that_back(visit, picture, size):
    page = visit(JOOST, size)
    to_the_lists(page)
    assert page.get_by_text("U ziet hoeveel, en niet wie").first.is_visible()
    looked_at(page, picture, "lijsten-alleen-aantal", size)
    press(page, page.get_by_role("link", name="Wat is afgesproken"))
    page.get_by_text("SWV PO delen").click()
    page.get_by_label("SWV VO Noorderveen").check()
    page.get_by_label("Op welke grondslag").fill("Convenant, artikel 4")
    press(page, page.get_by_role("button", name="Deze lijst delen"))
    assert page.get_by_text("Zij zien deze lijst vanaf nu.").is_visible()
    looked_at(page, picture, "lijsten-afgesproken", size)
    press(page, page.get_by_role("button", name="SWV PO, SWV VO Noorderveen"))
    assert page.get_by_text("alleen nog een aantal").is_visible()


@SIZES
def test_who_is_on_more_than_one_list_and_looking_for_somebody(visit, picture, size):
    page = visit(ANNEKE, size)
    to_the_lists(page)
    press(page, page.get_by_role("link", name="op meer dan één lijst"))
    looked_at(page, picture, "lijsten-gekoppeld", size)
    press(page, page.get_by_role("link", name="Bekijk beide, of ontkoppel ze").first)
    assert page.get_by_text("inbeeld heeft deze twee zelf gekoppeld").is_visible()
    press(page, page.get_by_role("button", name="Niet hetzelfde"))
    assert page.get_by_role("status").get_by_text("het zijn twee kinderen").is_visible()
    to_the_lists(page)
    press(page, page.get_by_role("link", name="Bij SWV VO").first)
    press(page, page.get_by_role("link", name="Zoek het daar").first)
    looked_at(page, picture, "lijsten-zoeken", size)
