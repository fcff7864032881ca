"""The pages of a roster: what is shown before somebody says yes, in both languages, and never a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inbeeld.deliveries.models import Delivery, State
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import read_next
from inbeeld.deliveries.tests.handing_in import accept, hand_in, now, quiet
from inbeeld.deliveries.tests.rosters import known_rows, roster_file
from inbeeld.deliveries.tests.test_rosters import JELLE
from inbeeld.deliveries.watch import FINE, watched
from inbeeld.journal.models import Line
from inbeeld.learners.models import Learner, Standing
from inbeeld.learners.snapshot import begun_on
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import post, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HERE = "/aanleveringen/"
ON = make.ON


@pytest.fixture
def whole(school):
    return known_rows(school.learners)


def page(actor, one, language="en"):
    return visitor(actor, language).get(f"{HERE}{one.pk}/")


def test_from_a_roster_to_the_list_through_the_site(school, henk, whole):
    key = school.learners[0]
    content = roster_file({**{one: whole[one] for one in whole if one != key}, "77": JELLE}, on=ON)
    answer = post(henk, HERE, file=SimpleUploadedFile("Jelle Terpstra.xml", content))
    one = Delivery.objects.get()
    assert answer["Location"] == f"{HERE}{one.pk}/?gedaan=ontvangen"
    read_next(quiet)
    shown = words(page(henk, one))
    assert f"This roster says who is enrolled on 17 April 2026: {len(whole)} learners." in shown
    assert "1 new" in shown and "1 left" in shown and "(not on the roster)" in shown
    assert "Terpstra" not in page(henk, one).content.decode() and "Jelle" not in shown
    assert "111222333" not in page(henk, one).content.decode()
    post(henk, f"{HERE}{one.pk}/aannemen/", as_read=now(one).as_read)
    publish_decided(quiet)
    shown = words(page(henk, one))
    assert "Counts" in shown and "1 new" in shown and "Withdraw this delivery" in shown
    listed = words(visitor(henk, "en").get(HERE))
    assert "EDEXML, a roster" in listed and "1 left" in listed
    # A roster says nothing of days: up to when absence is known did not change.
    assert f"inbeeld knows the absence at {school.organisation.name} up to 17 April 2026" in listed


def test_the_first_rows_are_those_of_a_roster_and_the_names_are_not_there(school, henk, whole):
    one = hand_in(henk, roster_file({"77": JELLE, **whole}, on=ON))
    shown = words(page(henk, one, "nl"))
    assert "De eerste leerlingen" in shown and "14 mei 2013" in shown and "vanaf 1 aug" in shown
    assert "Terpstra" not in page(henk, one, "nl").content.decode()


def test_rows_that_were_not_taken_have_line_and_reason_and_can_be_taken_along(school, henk, whole):
    rows = {**whole, "78": {**JELLE, "uitstroomdatum": "2020-01-01"}, "79": {**JELLE, "instroomdatum": "x"}}
    one = hand_in(henk, roster_file(rows, on=ON))
    shown = words(page(henk, one, "nl"))
    assert "2 rijen zijn niet opgenomen" in shown
    assert "een laatste dag die niet vóór de eerste ligt (2025-08-01); gevonden: 2020-01-01" in shown
    file = visitor(henk, "nl").get(f"{HERE}{one.pk}/geweigerd.csv").content.decode("utf-8-sig")
    assert len(file.splitlines()) == 3 and "Terpstra" not in file


def test_a_second_yes_is_a_box_to_tick(school, henk, whole):
    one = hand_in(henk, roster_file(dict(list(whole.items())[: len(whole) // 2]), on=ON))
    shown = words(page(henk, one))
    assert "are on this roster no more. So half an export looks." in shown
    answer = post(henk, f"{HERE}{one.pk}/aannemen/", as_read=one.as_read)
    assert answer.status_code == 409 and "Say that they really left" in words(answer)
    assert now(one).state == State.TO_REVIEW
    assert post(henk, f"{HERE}{one.pk}/aannemen/", as_read=one.as_read, toch="ja").status_code == 302
    assert now(one).state == State.ACCEPTED


def test_of_another_school_there_is_nothing(school, henk, whole):
    one = hand_in(henk, roster_file(whole, on=ON))
    others = [
        make.actor(Role.ATTENDANCE_COORDINATOR, make.organisation()),
        make.actor(Role.CARE_COORDINATOR, school.organisation),
        make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)),
    ]
    for other in others:
        assert page(other, one).status_code == 404
        for deed in ("aannemen", "niet-aannemen", "intrekken"):
            assert post(other, f"{HERE}{one.pk}/{deed}/").status_code == 404


def test_who_looked_at_a_roster_stands_in_the_log_as_who_a_child_is(school, henk, whole):
    one = hand_in(henk, roster_file(whole, on=ON))
    page(henk, one)
    line = (
        Line.for_operations.filter(object=f"delivery:{one.pk}", child__isnull=True)
        .order_by("sequence")
        .last()
    )
    assert (line.action, line.field_class, line.actor) == ("read", "IDE", henk.key)


def test_delivery_watch_says_when_the_last_roster_was_and_calls_nobody_late_for_it(school, henk, whole):
    (before,) = watched([school.organisation], on=ON, begun_on=begun_on())
    assert (before.roster_on, before.stands) == (None, FINE)
    accept(henk, hand_in(henk, roster_file(whole, on=ON + timedelta(days=2))))
    (after,) = watched([school.organisation], on=ON, begun_on=begun_on())
    assert (after.roster_on, after.stands, after.until_on) == (ON + timedelta(days=2), FINE, before.until_on)
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    shown = words(visitor(swv, "nl").get(HERE))
    assert "Laatste leerlingenlijst" in shown and "19 apr 2026" in shown


def test_the_roster_to_try_with_is_of_the_school_and_names_nobody_who_is_known(school, henk):
    content = visitor(henk).get(f"{HERE}voorbeeld.xml").content
    assert b"Fenna" not in content and b"Brinkhof" not in content
    one = hand_in(henk, content)
    counts = {name: one.counts[name] for name in ("new", "left", "silent", "back", "changed", "refused")}
    assert counts == {"new": 1, "left": 1, "silent": 1, "back": 0, "changed": 0, "refused": 0}
    accept(henk, one)
    assert Learner.for_operations.filter(key=f"{school.organisation.key}:nieuw-1").exists()


def test_who_left_and_sits_at_home_is_pointed_out_before_the_yes_and_noted(school, henk, whole):
    key, other = school.learners[:2]
    child = Learner.for_operations.get(key=key)
    Standing.for_operations.filter(learner__key__in=(key, other)).update(phase=0)
    Standing.for_operations.filter(learner=child).update(phase=2, stage=2, counts_from=ON - timedelta(60))
    one = hand_in(
        henk, roster_file({row: said for row, said in whole.items() if row not in (key, other)}, on=ON)
    )
    answer = page(henk, one)
    shown = words(answer)
    assert "Among who left are learners who sit at home" in shown and shown.count("at home since") == 1
    assert f'href="/kind/{child.reference}/"' in answer.content.decode()
    lines = Line.for_operations.filter(object=f"delivery:{one.pk}", child=child.reference)
    assert any("ATT" in line.field_class.split() for line in lines)
    one = hand_in(henk, roster_file({row: said for row, said in whole.items() if row != other}, on=ON))
    assert "who sit at home" not in words(page(henk, one))
