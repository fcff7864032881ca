"""A care coordinator records why a learner is at home, and ends it; the list names it for who may know."""

from __future__ import annotations

import pytest

from tests.journeys.looking import press, sideways, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
COORDINATOR, SWV = "Ingrid Scholtens", "Marit Hoogeveen"
CAUSE = "Wacht op een plek op een school"


@pytest.mark.parametrize("size", [None, PHONE, SMALLEST], ids=["1280", "360", "320"])
def test_a_cause_is_recorded_read_on_the_list_and_ended(visit, picture, size):
    width = size["width"] if size else 1280
    page = visit(
        COORDINATOR, *([size] if size else []), to="mijn-werk/?scope=mine&show=all", scripts=not size
    )
    press(page, page.locator(".list__child a").first)
    here = page.url
    press(page, page.get_by_role("link", name="Oorzaak vastleggen"))
    if not size:
        assert violations(page) == []
    assert page.get_by_label("Psychische gezondheid").count() == 0
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.locator(".question__wrong").count() == 1
    picture(page, f"oorzaak-fout-nl-{width}")
    assert sideways(page) <= 0
    page.get_by_label(CAUSE).check()
    press(page, page.get_by_role("button", name="Vastleggen"))
    assert page.get_by_role("status").inner_text() == "De oorzaak staat bij het kind."
    section = page.locator("section", has=page.get_by_role("heading", name="Oorzaken"))
    row = section.locator("li", has_text=CAUSE)
    assert COORDINATOR in row.inner_text()
    picture(page, f"kind-met-oorzaak-nl-{width}")

    page.goto(here.split("/kind/")[0] + "/in-beeld/?definition=everyone")
    assert page.get_by_text("oorzaak: ").first.is_visible()
    page.goto(here)
    press(page, row.get_by_role("link", name="Geen oorzaak meer"))
    press(page, page.get_by_role("button", name="Ja, beëindig het"))
    assert page.get_by_role("status").inner_text() == "Deze oorzaak is beëindigd."
    assert row.count() == 0


def test_who_has_the_list_alone_reads_no_cause(visit):
    page = visit(SWV, to="in-beeld/?definition=everyone")
    assert page.locator("table.list").count() == 1 and page.get_by_text("oorzaak:").count() == 0
