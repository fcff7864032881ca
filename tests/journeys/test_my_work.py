"""A morning of a care coordinator and of others in a real browser: the work list, a signal, off the list."""

from __future__ import annotations

import re

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

SHOWN = ("Te doen", "Nieuw sinds een week", "Deze week of over tijd", "Geparkeerd", "Te doen en geparkeerd")
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
COORDINATOR, OFFICER, MENTOR = "Ingrid Scholtens", "Rachid Ouazzani", "Dewi Sastrowidjojo"


def count(page, name: str) -> int:
    """The number behind one of the links above the list."""
    return int(page.locator(".chips a", has_text=name).first.locator("b").inner_text())


def rows(page) -> int:
    """How many signals the list holds, over all its pages."""
    found = page.locator("table.work tbody tr").count()
    while (later := page.get_by_role("link", name="Volgende")).count():
        press(page, later)
        found += page.locator("table.work tbody tr").count()
    return found


def test_who_logs_in_comes_to_their_work_and_every_number_leads_to_its_list(visit, picture):
    page = visit(COORDINATOR, to="")
    assert page.get_by_role("heading", level=1).inner_text() == "Mijn werk"
    picture(page, "mijn-werk-nl-1280")
    assert violations(page) == []
    for name in SHOWN:
        press(page, page.locator(".chips a", has_text=re.compile(rf"^{name}\s*\d+$")))
        wanted = int(page.locator(".chips a[aria-current]", has_text=name).last.locator("b").inner_text())
        assert rows(page) == wanted, name
    page.locator("summary", has_text="Per signaal").click()
    chip = page.locator("details.narrow .chips a").nth(1)
    wanted = int(chip.locator("b").inner_text())
    press(page, chip)
    assert rows(page) == wanted


def test_a_signal_is_parked_with_a_reason_and_put_back(visit, picture):
    page = visit(COORDINATOR, to="")
    to_do, parked = count(page, "Te doen"), count(page, "Geparkeerd")
    press(page, page.get_by_role("link", name=re.compile("^Waarom dit wordt gevraagd, of parkeren")).first)
    name = page.get_by_role("heading", level=1).inner_text()
    assert page.locator(".clauses li").count() >= 3
    assert violations(page) == []
    press(page, page.get_by_role("button", name="Parkeren"))
    assert page.locator(".question__wrong").count() == 1
    page.get_by_label("Er loopt een plan").check()
    picture(page, "signaal-nl-1280")
    press(page, page.get_by_role("button", name="Parkeren"))
    assert page.get_by_role("status").inner_text().startswith("Geparkeerd")
    assert (count(page, "Te doen"), count(page, "Geparkeerd")) == (to_do - 1, parked + 1)
    press(page, page.locator(".chips a", has_text="Geparkeerd").first)
    assert page.get_by_text("er loopt een plan").first.is_visible()
    row = page.locator("table.work tbody tr", has_text=name).first
    press(page, row.get_by_role("link", name=re.compile("^Waarom dit wordt gevraagd")))
    press(page, page.get_by_role("button", name="Zet het nu terug op de lijst"))
    assert (count(page, "Te doen"), count(page, "Geparkeerd")) == (to_do, parked)


def test_the_page_of_the_child_says_the_same(visit, picture):
    page = visit(OFFICER, to="")
    said = page.locator("table.work .work__why").first.inner_text()
    press(page, page.locator("table.work th a").first)
    section = page.locator("section", has=page.get_by_role("heading", name="Wat aandacht vraagt"))
    assert said in section.inner_text()
    assert violations(page) == []
    picture(page, "kind-met-signalen-nl-1280")


@pytest.mark.parametrize("size", [PHONE, SMALLEST], ids=["360", "320"])
def test_on_a_phone_nothing_scrolls_sideways(visit, picture, size):
    page = visit(MENTOR, size, to="")
    page.locator("summary", has_text="Per signaal").click()
    assert sideways(page) <= 0
    picture(page, f"mijn-werk-nl-{size['width']}")
    press(page, page.locator("a.work__more").first)
    assert sideways(page) <= 0
    picture(page, f"signaal-nl-{size['width']}")


def test_without_scripts_and_with_the_keyboard(visit):
    page = visit(COORDINATOR, scripts=False, to="")
    press(page, page.get_by_role("link", name=re.compile("^Waarom dit wordt gevraagd, of parkeren")).first)
    page.get_by_label("Een andere organisatie is aan zet").focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("status").inner_text().startswith("Geparkeerd")


@pytest.mark.parametrize("size", [DESKTOP, SMALLEST], ids=["1280", "320"])
def test_what_waits_leads_to_its_list_and_mail_is_chosen(visit, picture, size):
    page = visit(COORDINATOR, size, to="")
    press(page, page.get_by_role("link", name="Berichten"))
    assert violations(page) == [] and sideways(page) <= 0
    picture(page, f"berichten-nl-{size['width']}")
    line = page.locator(".notices a").first
    wanted = int(line.inner_text().split()[0].replace(".", ""))
    address = page.url
    press(page, line)
    assert rows(page) == wanted
    page.goto(address)
    page.get_by_label("Nooit: ik kijk zelf").check()
    press(page, page.get_by_role("button", name="Opslaan"))
    assert page.get_by_role("status").inner_text() == "Bewaard. Zo doen we het vanaf nu."
    assert page.get_by_label("Nooit: ik kijk zelf").is_checked()


def test_who_sees_no_children_has_no_work_here(visit):
    page = visit("Tobias Kramer", to="")
    assert page.get_by_role("link", name="Mijn werk").count() == 0
    assert page.get_by_role("heading", level=1).inner_text() == "In beeld"


@pytest.mark.parametrize("to", ["", "mijn-werk/"])
def test_the_first_page_and_the_work_list_come_in_a_hundred_kilobytes(visit, address, to):
    """Without a script and with an empty cache, as sent: page, styles, pictures and fonts."""
    page = visit(COORDINATOR, PHONE, scripts=False, to="")
    sent: dict[str, float] = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on(
        "Network.loadingFinished", lambda one: sent.update({one["requestId"]: one["encodedDataLength"]})
    )
    page.goto(f"{address}/{to}", wait_until="networkidle")
    assert len(sent) > 4
    print(f"/{to}: {sum(sent.values()) / 1000:.0f} kB in {len(sent)} answers")
    assert sum(sent.values()) < 100_000
