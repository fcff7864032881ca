"""From a file to the list: what is accepted counts, what is withdrawn never came, the same twice is once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inbeeld.access.refusal import Refused
from inbeeld.deliveries import operations, places
from inbeeld.deliveries.models import Delivery, State, Way
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import forget_decided, read_next
from inbeeld.deliveries.tests.handing_in import (
    accept,
    decide,
    hand_in,
    now,
    quiet,
    received,
    row,
    standing_marks,
    table,
)
from inbeeld.journal.models import Line
from inbeeld.keys.sealing import SealBroken
from inbeeld.learners.models import Standing
from inbeeld.learners.snapshot import current_judgement
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
MONDAY = date(2026, 4, 13)
WEEK = [MONDAY + timedelta(days=number) for number in range(5)]


def a_week_away(learner: str) -> bytes:
    return table(row(learner, day, slot, permission="false") for day in WEEK for slot in range(1, 9))


def test_what_is_accepted_is_judged_and_on_the_list(school, henk):
    child = school.learners[0]
    one = hand_in(henk, a_week_away(child))
    assert (one.state, one.source) == (State.TO_REVIEW, "generic")
    assert (one.from_on, one.until_on) == (WEEK[0], WEEK[-1])
    assert one.counts["added"] + one.counts["changed"] <= 40 and one.counts["stand"] == 40
    before = current_judgement()
    one = accept(henk, one)
    assert one.state == State.STANDS
    standing = Standing.for_operations.get(learner__key=child)
    assert standing.without_since is not None and standing.without_since <= MONDAY
    assert current_judgement().pk != before.pk
    week = [mark for mark in standing_marks(school) if mark[1] in WEEK]
    assert {mark[0] for mark in week} == {child} and len(week) == 40


def test_withdrawn_it_never_came(school, henk):
    stood = standing_marks(school)
    one = accept(henk, hand_in(henk, a_week_away(school.learners[0])))
    assert standing_marks(school) != stood
    decide(operations.withdraw, henk, one)
    publish_decided(quiet)
    forget_decided()
    assert now(one).state == State.WITHDRAWN
    assert standing_marks(school) == stood
    assert not places.marks_of(one.pk).exists()


def test_the_same_file_twice_is_one_delivery(school, henk):
    content = a_week_away(school.learners[0])
    one = accept(henk, hand_in(henk, content))
    assert received(henk, content).pk == one.pk
    assert Delivery.objects.exclude(way=Way.FIRST).count() == 1


def test_a_correction_that_takes_absence_back_leaves_nothing(school, henk):
    first, second = school.learners[:2]
    accept(henk, hand_in(henk, a_week_away(first)))
    correction = hand_in(henk, a_week_away(second))
    assert correction.counts["gone"] == 40 == correction.counts["gone_backwards"]
    accept(henk, correction)
    assert {mark[0] for mark in standing_marks(school) if mark[1] in WEEK} == {second}


def test_days_somebody_says_it_speaks_for_are_silent_days_too(school, henk):
    child = school.learners[0]
    accept(henk, hand_in(henk, a_week_away(child)))
    one = hand_in(henk, table([row(child, WEEK[1], 1, permission="false")]))
    assert one.counts["gone"] == 7
    one = decide(operations.say_days, henk, one, from_on=WEEK[0], until_on=WEEK[-1])
    read_next(quiet)
    one = now(one)
    assert (one.from_on, one.until_on) == (WEEK[0], WEEK[-1]) and one.counts["gone"] == 39
    with pytest.raises(Refused):
        decide(operations.say_days, henk, one, from_on=WEEK[2], until_on=WEEK[-1])


def test_nobody_accepts_what_they_did_not_see(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    other = hand_in(henk, a_week_away(school.learners[1]))
    accept(henk, other)
    with pytest.raises(Refused):
        decide(operations.accept, henk, one, as_read=one.as_read)
    # What was refused is rolled back here; a page keeps it, and compares anew.
    assert now(one).state == State.TO_REVIEW


def test_of_two_who_accept_the_first_did(school, henk):
    colleague = make.actor(Role.ATTENDANCE_COORDINATOR, school.organisation)
    one = hand_in(henk, a_week_away(school.learners[0]))
    decide(operations.accept, henk, one, as_read=one.as_read)
    with pytest.raises(Refused) as why:
        decide(operations.accept, colleague, one, as_read=one.as_read)
    assert why.value.sentence
    publish_decided(quiet)
    with pytest.raises(Refused) as why:
        decide(operations.accept, colleague, one, as_read=one.as_read)
    assert henk.name in why.value.sentence


def test_a_code_nobody_explained_is_asked_once_and_kept(school, henk):
    child = school.learners[0]
    head = "leerling;datum;lesuur;code;omschrijving"
    content = table([f"{child};{WEEK[0]};1;Q;Kwijt", f"{child};{WEEK[0]};2;Q;Kwijt"], head)
    one = hand_in(henk, content)
    assert one.state == State.TO_REVIEW and one.counts["unknown_codes"] == 1 and one.counts["stand"] == 0
    with pytest.raises(Refused):
        decide(operations.accept, henk, one, as_read=one.as_read)
    one = decide(operations.say_codes, henk, one, {"Q": "truant"})
    read_next(quiet)
    one = now(one)
    assert (one.counts["unknown_codes"], one.counts["stand"]) == (0, 2)
    accept(henk, one)
    again_later = hand_in(henk, table([f"{child};{WEEK[1]};1;Q;Kwijt"], head))
    assert again_later.counts["unknown_codes"] == 0


def test_a_meaning_holds_from_a_day_on(school, henk):
    with_permission = operations.mean(
        school.organisation, "generic", "Q", "other-with", from_on=None, by=henk
    )
    operations.mean(school.organisation, "generic", "Q", "truant", from_on=WEEK[1], by=henk)
    with_permission.refresh_from_db()
    assert with_permission.until_on == WEEK[0]
    head = "leerling;datum;lesuur;code"
    rows = [f"{school.learners[0]};{day};1;Q" for day in WEEK[:3]]
    accept(henk, hand_in(henk, table(rows, head)))
    said = [mark[4] for mark in standing_marks(school) if mark[1] in WEEK[:3]]
    assert said == ["True", "False", "False"]


def test_a_table_of_the_school_itself_is_named_once(school, henk):
    child = school.learners[0]
    head = "Wie;Wanneer;Uur;Wat"
    one = hand_in(henk, table([f"{child};{WEEK[0]};3;absent"], head))
    assert one.state == State.UNNAMED
    assert places.kept_columns(one.pk) == ["Wie", "Wanneer", "Uur", "Wat"]
    with pytest.raises(Refused):
        decide(operations.name_columns, henk, one, {"learner": "Wie"})
    one = decide(
        operations.name_columns, henk, one,
        {"learner": "Wie", "date": "Wanneer", "slot": "Uur", "status": "Wat", "reason": ""},
    )  # fmt: skip
    read_next(quiet)
    assert now(one).state == State.TO_REVIEW and now(one).counts["stand"] == 1
    later = hand_in(henk, table([f"{child};{WEEK[1]};3;absent"], head))
    assert later.state == State.TO_REVIEW


def test_learners_who_are_not_enrolled_are_counted_and_not_judged(school, henk):
    one = hand_in(henk, table([row("nobody-here", WEEK[0], 1), row(school.learners[0], WEEK[0], 1)]))
    assert (one.counts["strangers"], one.counts["marks_of_strangers"]) == (1, 1)


def test_only_who_keeps_attendance_of_a_school_delivers(school):
    for role, kind in ((Role.CARE_COORDINATOR, None), (Role.SWV_COORDINATOR, Kind.SWV), (Role.MENTOR, None)):
        place = school.organisation if kind is None else make.organisation(kind)
        with pytest.raises(Refused):
            received(make.actor(role, place), a_week_away(school.learners[0]))


def test_a_delivery_of_another_school_is_not_decided_about(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    stranger = make.actor(Role.ATTENDANCE_COORDINATOR, make.organisation())
    for deed, more in (
        (operations.accept, {"as_read": one.as_read}),
        (operations.dismiss, {}),
        (operations.withdraw, {}),
        (operations.say_days, {"from_on": WEEK[0], "until_on": WEEK[-1]}),
    ):
        with pytest.raises(Refused):
            decide(deed, stranger, one, **more)
    assert now(one).state == State.TO_REVIEW
    assert not Delivery.objects.of(again(stranger)).exists()


def test_what_was_delivered_is_sealed_and_forgotten(school, henk):
    content = a_week_away(school.learners[0])
    one = hand_in(henk, content)
    kept = (places.folder_of(one.pk) / places.FILE).read_bytes()
    assert school.learners[0].encode() not in kept
    assert places.kept(one.pk, places.FILE) == content
    other = received(henk, content + b"\n\n")
    (places.folder_of(other.pk) / places.FILE).write_bytes(kept)
    with pytest.raises(SealBroken):
        places.kept(other.pk, places.FILE)
    accept(henk, one)
    assert [file.name for file in places.folder_of(one.pk).iterdir()] == ["marks.parquet"]


def test_dismissed_nothing_of_it_is_left(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    decide(operations.dismiss, henk, one)
    forget_decided()
    assert now(one).state == State.DISMISSED
    assert not (places.deliveries() / str(one.pk)).exists()
    assert received(henk, a_week_away(school.learners[0])).pk != one.pk


def test_every_decision_stands_in_the_journal(school, henk):
    one = accept(henk, hand_in(henk, a_week_away(school.learners[0])))
    decide(operations.withdraw, henk, one)
    publish_decided(quiet)
    lines = Line.for_operations.filter(object=f"delivery:{one.pk}").order_by("sequence")
    assert [(line.action, line.actor) for line in lines] == [
        ("receive_delivery", henk.key),
        ("accept_delivery", henk.key),
        ("delivery_stands", "command:publish"),
        ("withdraw_delivery", henk.key),
        ("delivery_withdrawn", "command:publish"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02 no text",
        b"<html><body>foutmelding</body></html>",
        b'leerling;datum\n"open',
        b"PK\x03\x04half",
    ],
    ids=["bytes", "web page", "open quote", "half a workbook"],
)
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(school, henk, content):
    stood = standing_marks(school)
    one = hand_in(henk, content)
    assert one.state == State.UNUSABLE and one.wrong["expected"]
    assert standing_marks(school) == stood


def test_an_empty_one_is_refused_at_the_door(school, henk):
    with pytest.raises(Refused):
        received(henk, b" \n ")
    assert not Delivery.objects.exists()
