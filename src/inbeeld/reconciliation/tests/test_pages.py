"""The pages of lists side by side, for who takes part, and nothing for who does not."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.journal.models import Line
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import post, visitor, words
from inbeeld.organisations.models import Kind, Role
from inbeeld.reconciliation.models import Comparison, ListState, Reason, Said, Settled, Sharing
from inbeeld.reconciliation.tests.laying import LEERPLICHT, as_csv, lay, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def at(region, *parts):
    return "/".join(("/lijsten", str(region.comparison.pk), *parts, ""))


def file_of(rows):
    return SimpleUploadedFile("lijst.csv", as_csv(rows))


def test_a_round_from_the_site(region):
    assert "No round has begun yet" in words(visitor(region.anneke).get(at(region)))
    assert post(region.anneke, at(region, "ronde")).status_code == 302
    page = words(visitor(region.anneke).get(at(region)))
    assert "Round 1: the lists of" in page and "Asked" in page
    handed = region.handed("leerplicht")
    answer = post(
        region.anneke, at(region, "lijst", str(handed.pk)), **{f"{handed.pk}-file": file_of(LEERPLICHT)}
    )
    assert answer.status_code == 302
    work()
    assert region.handed("leerplicht").state == ListState.FROZEN
    page = words(visitor(region.anneke).get(at(region)))
    assert "Handed in" in page and "Take back: it is the wrong list" in page
    assert "Take back" not in words(visitor(region.marit).get(at(region)))
    assert post(region.marit, at(region, "ronde")).status_code == 409


def test_a_wrong_file_is_told_where_it_was_handed_in_and_to_nobody_else(region):
    post(region.anneke, at(region, "ronde"))
    handed = region.handed("leerplicht")
    rows = [LEERPLICHT[0], LEERPLICHT[0]]
    post(region.anneke, at(region, "lijst", str(handed.pk)), **{f"{handed.pk}-file": file_of(rows)})
    work()
    assert "each id once; it is on line 2 too" in words(visitor(region.anneke).get(at(region)))
    assert "each id once" not in words(visitor(region.marit).get(at(region)))
    assert post(region.anneke, at(region, "lijst", str(handed.pk))).status_code == 409


def test_what_came_of_it_in_numbers_that_lead_to_their_lists(open_region):
    page = words(visitor(open_region.anneke).get(at(open_region)))
    assert "2 pairs may be one child" in page
    assert "leerplicht lacks 3 children" in page and "swv vo lacks 3 children" in page
    assert "4 children stand on more than one list" in page
    assert "at least 40 are needed" in page, "eleven children are no basis to reckon on"
    missing = words(visitor(open_region.anneke).get(at(open_region, "mist", "swv_vo")))
    assert "Sipke Wouda" in missing and "Lotte Kuipers" not in missing


def test_of_who_is_only_on_a_list_that_is_not_shared_a_number(region, round_):
    page = words(visitor(region.marit).get(at(region)))
    assert "4 children stand only on leerplicht." in page and "may be one child" not in page
    for part in ("mist/leerplicht", "mist/swv_vo", "gekoppeld"):
        text = visitor(region.marit).get(at(region, part)).content.decode()
        assert not any(name in text for name in ("Wouda", "Jan<", "Kuipers", "Aukje")), part
    assert visitor(region.marit).get(at(region, "koppelen")).status_code == 404, "nobody appointed her"


def test_why_a_list_lacks_children_said_for_several_at_once(open_region):
    keys = [one.key for one in open_region.lying(open_region.anneke).children if one.missing]
    there = at(open_region, "mist", "swv_vo")
    reason = Reason.objects.get(key="moved_out")
    wanted = [
        one.key for one in open_region.lying(open_region.anneke).children
        if any(each.list == "swv_vo" for each in one.missing)
    ]  # fmt: skip
    assert len(wanted) == 3 and set(wanted) < set(keys)
    assert post(open_region.anneke, there, reason=str(reason.pk)).status_code == 409, "nobody was ticked"
    assert post(open_region.anneke, there, child=wanted).status_code == 409, "no reason"
    assert post(open_region.anneke, there, child=wanted, reason=str(reason.pk)).status_code == 302
    page = words(visitor(open_region.anneke).get(there))
    assert "Well done: nobody is missing here without a reason" in page
    assert "Moved out of the region" in words(visitor(open_region.marit).get(there + "?toon=klaar"))
    post(open_region.marit, there, child=wanted[:1], deed="opnieuw", toon="klaar")
    assert Settled.objects.filter(ended_at__isnull=True).count() == 2


def test_pairs_one_after_the_other(open_region):
    page = visitor(open_region.anneke).get(at(open_region, "koppelen"))
    assert "Perhaps a twin" in words(page)
    lying = open_region.lying(open_region.anneke)
    first, second = lying.open_pairs
    there = at(open_region, "koppelen", first.key)
    page = words(visitor(open_region.anneke).get(there))
    assert "Pair 1 of 2." in page and "Aukje" in page and "Baukje" in page
    answer = post(open_region.anneke, there, decision="not_same", because="twin", as_seen=first.as_seen)
    assert answer.status_code == 302 and second.key in answer["Location"]
    said = Said.objects.get()
    assert (said.decision, said.because, said.said_by) == ("not_same", "twin", open_region.anneke.membership)
    assert post(open_region.anneke, there, decision="same", because="shown", as_seen="old").status_code == 409
    for wrong in ("niets", "0" * 16 + "-" + "1" * 16, first.key.split("-")[0]):
        assert visitor(open_region.anneke).get(at(open_region, "koppelen", wrong)).status_code == 404


def test_a_link_that_was_made_by_itself_is_undone_from_the_list_of_links(open_region):
    page = visitor(open_region.marit).get(at(open_region, "gekoppeld"))
    pair = open_region.pair(open_region.marit, "LP-01", "VO-01")
    assert pair.key in page.content.decode()
    there = at(open_region, "koppelen", pair.key)
    assert "inbeeld linked these two by itself" in words(visitor(open_region.marit).get(there))
    post(open_region.marit, there, decision="not_same", because="namesake", as_seen=pair.as_seen)
    work()
    assert "3 children stand on more than one list" in words(visitor(open_region.marit).get(at(open_region)))


def test_somebody_is_looked_for_on_another_list(open_region):
    child = open_region.child(open_region.anneke, "Wouda")
    there = at(open_region, "zoeken", child.key, "swv_vo")
    assert "Nobody was found there" in words(visitor(open_region.anneke).get(there))
    page = visitor(open_region.anneke).get(there + "?q=haitsma")
    assert "Doutzen Haitsma" in words(page) and "Look at both" in words(page)
    assert (
        visitor(open_region.anneke).get(at(open_region, "zoeken", child.key, "leerplicht")).status_code == 404
    )


def test_what_was_agreed_is_there_for_every_party_and_changed_by_whose_it_is(region):
    there = at(region, "afgesproken")
    page = words(visitor(region.marit).get(there))
    assert "No list is shared yet" in page and "Share swv vo" in page and "Share leerplicht" not in page
    sent = {
        "lijst": "swv_vo",
        "swv_vo-receiver": str(region.municipality.pk),
        "swv_vo-ground": "Convenant, art. 4",
    }
    assert post(region.marit, there + "delen/", **sent).status_code == 302
    assert "Convenant, art. 4" in words(visitor(region.anneke).get(there))
    assert post(region.anneke, there + "delen/", **sent).status_code == 409
    sharing = Sharing.objects.get()
    assert post(region.anneke, f"{there}delen/{sharing.pk}/beeindigen/").status_code == 409
    assert post(region.marit, f"{there}delen/{sharing.pk}/beeindigen/").status_code == 302
    member = str(region.marit.membership.pk)
    assert post(region.anneke, there + "beoordelaar/", member=member).status_code == 302
    assert post(region.marit, there + "beoordelaar/", member=member).status_code == 409
    assert (
        post(region.anneke, there + "reden/", text="Op reis met een circus", settles="on").status_code == 302
    )
    assert "Op reis met een circus (right like this)" in words(visitor(region.marit).get(there))


def test_who_takes_no_part_finds_nothing(open_region):
    pair = open_region.lying(open_region.anneke).open_pairs[0].key
    others = [
        make.actor(Role.ATTENDANCE_OFFICER, open_region.municipality),
        make.actor(Role.PRIVACY_OFFICER, open_region.municipality),
        make.actor(Role.ANALYST, open_region.swv),
        make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY, sector="")),
        make.actor(Role.CARE_COORDINATOR, make.organisation()),
        make.actor(Role.LEERPLICHT_DESK, open_region.municipality, until_on=make.ON),
    ]
    for who in others:
        browser = visitor(who)
        for part in ("", "mist/swv_vo", "koppelen", f"koppelen/{pair}", "gekoppeld", "afgesproken"):
            assert browser.get(at(open_region, *filter(None, [part]))).status_code in (302, 404), (
                who.role,
                part,
            )
        assert 'href="/lijsten/"' not in browser.get("/").content.decode()


def test_taken_out_as_a_file_by_who_may_after_a_proof(open_region):
    there = at(open_region, "mist", "swv_vo", "bestand")
    answer = post(open_region.marit, there)
    text = answer.content.decode("utf-8-sig")
    assert "Sipke Wouda;2012-03-02" in text and "9711AB" not in text
    assert answer["Content-Disposition"] == 'attachment; filename="thuiszitters-1-swv_vo.csv"'
    assert Line.for_operations.filter(action="take_out_differences_of_lists").exists()
    assert "text/html" in post(open_region.marit, there, proved=False)["Content-Type"]


def test_every_look_is_in_the_log_and_no_name_is(open_region):
    visitor(open_region.anneke).get(at(open_region, "mist", "swv_vo"))
    lines = Line.for_operations.filter(action="look_at_lists", origin="missing")
    assert {one.field_class for one in lines} == {"IDE ADR ATT", "IDE"}
    records = {one.object for one in lines if one.object.startswith("record:")}
    seen = {row.mark for child in open_region.lying(open_region.anneke).children for row in child.rows
            if any(one.list == "swv_vo" for one in child.missing)}  # fmt: skip
    assert records == {f"record:{UUID(hex=mark)}" for mark in seen} and len(lines) == len(records) + 1
    assert "Wouda" not in str(list(Line.for_operations.values()))


def test_the_page_does_not_ask_more_of_the_database_when_there_is_more(open_region):
    def asked():
        browser = visitor(open_region.anneke)
        browser.get(at(open_region))
        with CaptureQueriesContext(
            connection,
        ) as found:
            browser.get(at(open_region, "mist", "leerplicht"))
        return len(found)

    before = asked()
    lay(open_region, {"leerplicht": LEERPLICHT[:4], "swv_vo": [
        one | {"id": f"X{n}{one['id']}", "last_name": one["last_name"] + "abcdefghij"[n]}
        for n in range(10) for one in LEERPLICHT
    ]})  # fmt: skip
    assert asked() <= before + 1


def test_one_that_is_alone_is_shown_at_once_and_more_are_listed(region):
    assert visitor(region.anneke).get("/lijsten/")["Location"] == at(region)
    Comparison.objects.create(
        region="noorderveen", key="tweede", name="De tweede", compared="children", led_by=region.municipality,
        every_days=7, days_to_deliver=2,
    )  # fmt: skip
    assert "De tweede" in words(visitor(region.anneke).get("/lijsten/"))
    assert visitor(region.marit).get("/lijsten/")["Location"] == at(region)
