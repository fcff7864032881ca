"""A care coordinator looks at their school, and the SWV takes the visit sheet along, in a real browser."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
CARE, SWV = "Ingrid Scholtens", "Marit Hoogeveen"
#: The school at which the care coordinator of the trial works.
SCHOOL = "/school/S00001/"
PAGES = (
    "/school/", SCHOOL, SCHOOL + "bezoek/", SCHOOL + "lijst/laag-3/", SCHOOL + "lijst/omlaag/",
    SCHOOL + "lijst/zonder-aanpak/",
)  # fmt: skip


def to_the_school(page) -> None:
    press(page, page.get_by_role("link", name="Mijn school"))


def test_the_care_coordinator_goes_from_presence_to_a_child(visit, picture):
    page = visit(CARE)
    to_the_school(page)
    school = page.get_by_role("heading", level=1).inner_text()
    said = page.locator("p.insight").inner_text()
    assert re.search(r"waren leerlingen bij \d+,\d procent van hun lessen", said)
    picture(page, "school-nl-1280")
    assert page.get_by_text(re.compile(r"van laag \d naar \d")).count() >= 2

    layer = page.locator(".pyramid a").nth(1)
    number = int(layer.locator("b").inner_text())
    press(page, layer)
    heading = page.get_by_role("heading", level=1).inner_text()
    assert heading == f"Laag 2: 10 tot 20 procent gemist ({number})"
    longer = page.get_by_role("navigation", name="Maak de lijst kleiner").get_by_role("link", name="Langer")
    wanted = int(longer.locator("b").inner_text())
    press(page, longer)
    assert page.locator("table.list tbody tr").count() == wanted > 0
    picture(page, "school-laag-nl-1280")

    press(page, page.get_by_role("link", name=school))
    press(page, page.locator(".moved a").first)
    assert "/kind/" in page.url


def test_the_keyboard_reaches_every_layer_of_the_pyramid(visit):
    page = visit(CARE)
    to_the_school(page)
    page.locator(".pyramid a").first.focus()
    for layer in (3, 2, 1, 0):
        assert page.evaluate("document.activeElement.textContent").startswith(f"Laag {layer}")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Tab")
    page.locator(".pyramid a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lijst/laag-3/")


def test_the_swv_takes_the_sheet_along_and_the_log_says_so(visit, picture):
    page = visit(SWV)
    press(page, page.get_by_role("link", name="Scholen"))
    picture(page, "scholen-nl-1280")
    busiest = page.locator("table.list td a").all()
    press(page, max(busiest, key=lambda one: int(one.inner_text().split()[0])))
    picture(page, "bezoekblad-nl-1280")
    name = page.locator("th.list__child a").first.inner_text()
    child = page.locator("th.list__child a").first.get_attribute("href")
    press(page, page.get_by_role("button", name="Meenemen op papier"))
    with page.expect_download() as coming:
        page.locator("main").get_by_role("button").first.click()
    assert coming.value.suggested_filename.startswith("bezoekblad-")
    paper = PdfReader(BytesIO(Path(coming.value.path()).read_bytes()))
    said = " ".join(" ".join(one.extract_text() for one in paper.pages).split())
    assert name in said
    assert "Vernietig het na het bezoek" in said

    page.goto(page.url.split("/school/")[0] + child + "inzage/")
    assert page.get_by_text("als bestand meegenomen").count() >= 1


def test_the_care_coordinator_reads_the_sheet_on_screen_alone(visit):
    page = visit(CARE)
    to_the_school(page)
    press(page, page.get_by_role("link", name="Bezoekblad", exact=True))
    assert page.get_by_text("mag het niet als bestand meenemen").is_visible()
    assert page.get_by_role("button", name="Meenemen op papier").count() == 0


def test_everything_works_without_scripts(visit):
    page = visit(CARE, scripts=False)
    to_the_school(page)
    press(page, page.locator(".layers__table a").first)
    press(page, page.get_by_role("link", name="Bezoekblad"))
    assert page.get_by_role("heading", name="Bezoekblad van").is_visible()


@pytest.mark.parametrize("size", [PHONE, SMALLEST], ids=["360", "320"])
@pytest.mark.parametrize("who", [CARE, SWV])
def test_on_a_phone_nothing_scrolls_sideways(visit, picture, address, size, who):
    page = visit(who, size)
    for path in PAGES:
        page.goto(address + path)
        assert sideways(page) <= 0, path
        mark = path.strip("/").split("/")[-1]
        picture(page, f"school-{mark}-nl-{size['width']}")


@pytest.mark.parametrize(("who", "language"), [(CARE, "nl"), (SWV, "en")])
def test_axe_finds_nothing_on_any_page(visit, address, who, language):
    page = visit(who)
    if language == "en":
        press(page, page.get_by_role("button", name="English"))
    found = {}
    for path in PAGES:
        page.goto(address + path)
        found[path] = violations(page)
    assert {path: said for path, said in found.items() if said} == {}
