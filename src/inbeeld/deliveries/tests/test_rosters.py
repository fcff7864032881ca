"""A roster from file to roll: looked through, accepted, judged, withdrawn; nobody disappears by silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inbeeld.access.refusal import Refused
from inbeeld.deliveries import operations, operations_publish, operations_work, places
from inbeeld.deliveries.models import Delivery, Fills, State, Way
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import forget_decided
from inbeeld.deliveries.tests.handing_in import (
    School,
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
from inbeeld.deliveries.tests.rosters import (
    SINCE,
    another_school,
    enrolled_at,
    known_rows,
    name_of,
    roster_file,
    whole_tables,
)
from inbeeld.deliveries.tests.test_worker import Killed
from inbeeld.journal.models import Line
from inbeeld.learners.models import Enrolment, Learner, Standing
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ON = make.ON
MONDAY = ON - timedelta(days=4)
JELLE = {"achternaam": "Terpstra", "roepnaam": "Jelle", "geboortedatum": "2013-05-14", "bsn": "111222333"}


@pytest.fixture
def whole(school):
    """The rows of everybody who is enrolled, as the tables say it."""
    return known_rows(school.learners)


def new_key(school, number="77"):
    return f"{school.organisation.key}:{number}"


def test_a_roster_is_recognised_read_and_laid_beside_what_stands(school, henk, whole):
    gone = school.learners[0]
    one = hand_in(
        henk, roster_file({**{key: whole[key] for key in whole if key != gone}, "77": JELLE}, on=ON)
    )
    assert (one.state, one.source, one.fills) == (State.TO_REVIEW, "edexml", Fills.ROSTER)
    assert (one.from_on, one.until_on) == (ON, ON)
    counts = {name: one.counts[name] for name in ("new", "left", "silent", "back", "changed", "refused")}
    assert counts == {"new": 1, "left": 1, "silent": 1, "back": 0, "changed": 0, "refused": 0}
    assert one.counts["stood"] == one.counts["enrolled"] == len(school.learners)
    assert not one.counts["asks_twice"]


def test_accepted_who_is_new_is_known_and_who_left_is_on_no_roll(school, henk, whole):
    gone, jelle = school.learners[0], new_key(school)
    one = accept(henk, hand_in(henk, roster_file({**_without(whole, gone), "77": JELLE}, on=ON)))
    assert one.state == State.STANDS
    stays = enrolled_at(school)
    assert stays[jelle] == [(SINCE, None)] and stays[gone][-1][1] == ON - timedelta(days=1)
    learner = Learner.for_operations.get(key=jelle)
    assert (learner.born_on, learner.municipality, name_of(jelle)) == (
        date(2013, 5, 14), "Noorderveen", "Jelle Terpstra",
    )  # fmt: skip
    assert learner.number is None
    assert Standing.for_operations.get(learner=learner).enrolled
    left = Standing.for_operations.get(learner__key=gone)
    assert (left.enrolled, left.in_sight, left.off_roll_since) == (False, True, ON)
    assert left.school == school.organisation
    assert name_of(gone) == "Fenna Brinkhof"
    assert Enrolment.for_operations.get(learner__key=gone, until_on=ON - timedelta(days=1))
    files = {file.name for file in places.folder_of(one.pk).iterdir()}
    assert files == {"roster.parquet", "names.csv"}


def test_withdrawn_it_never_came(school, henk, whole):
    stood, jelle, renamed = whole_tables(), new_key(school), school.learners[1]
    rows = {**_without(whole, school.learners[0]), "77": JELLE}
    rows[renamed] = {**rows[renamed], "achternaam": "Smit", "geboortedatum": "2011-11-11"}
    born = Learner.for_operations.get(key=renamed).born_on
    enrolments = set(Enrolment.for_operations.values_list("learner__key", "from_on", "until_on"))
    one = hand_in(henk, roster_file(rows, on=ON))
    assert one.counts["changed"] == 1
    one = accept(henk, one)
    assert name_of(renamed) == "Fenna Smit" and whole_tables() != stood
    assert Learner.for_operations.get(key=renamed).born_on == date(2011, 11, 11)
    decide(operations.withdraw, henk, one)
    publish_decided(quiet)
    forget_decided()
    assert now(one).state == State.WITHDRAWN and whole_tables() == stood
    assert (name_of(renamed), Learner.for_operations.get(key=renamed).born_on) == ("Fenna Brinkhof", born)
    assert set(Enrolment.for_operations.values_list("learner__key", "from_on", "until_on")) == enrolments
    marks = hand_in(henk, table([row(school.learners[0], MONDAY, 1)]))
    assert accept(henk, marks).state == State.STANDS and whole_tables() == stood
    # Of who only this roster named nothing is left that says who it was.
    shell = Learner.for_operations.get(key=jelle)
    assert (name_of(jelle), shell.born_on) == ("", None)
    assert not Standing.for_operations.filter(learner=shell).exclude(stage=6).exists()
    assert not (places.deliveries() / str(one.pk)).exists()


def test_the_same_roster_twice_changes_nothing(school, henk, whole):
    content = roster_file({**whole, "77": JELLE}, on=ON)
    one = accept(henk, hand_in(henk, content))
    assert received(henk, content).pk == one.pk
    stood = whole_tables()
    again = hand_in(henk, content.replace(b"\n", b"\r\n"))
    assert again.pk != one.pk
    assert not any(again.counts[name] for name in ("new", "left", "back", "changed"))
    accept(henk, again)
    assert whole_tables() == stood


def test_when_a_tenth_is_gone_a_second_yes_is_asked(school, henk, whole):
    some = max(len(whole) // 10, 1)
    one = hand_in(henk, roster_file(dict(list(whole.items())[some:]), on=ON))
    assert one.counts["silent"] == some and one.counts["asks_twice"] == (some * 10 > len(whole))
    half = hand_in(henk, roster_file(dict(list(whole.items())[: len(whole) // 2]), on=ON))
    assert half.counts["asks_twice"]
    with pytest.raises(Refused):
        decide(operations.accept, henk, half, as_read=half.as_read)
    assert now(half).state == State.TO_REVIEW
    decide(operations.accept, henk, half, as_read=half.as_read, although_many_leave=True)
    assert now(half).state == State.ACCEPTED


def test_who_says_that_it_left_is_not_gone_by_silence(school, henk, whole):
    left = {key: {**said, "uitstroomdatum": ON - timedelta(days=3)} for key, said in whole.items()}
    one = hand_in(henk, roster_file(left, on=ON))
    assert (one.counts["left"], one.counts["silent"]) == (len(whole), 0) and not one.counts["asks_twice"]
    accept(henk, one)
    assert {stays[-1][1] for key, stays in enrolled_at(school).items() if key in whole} == {
        ON - timedelta(days=3)
    }


def test_a_slip_in_a_row_throws_nobody_out_and_is_said(school, henk, whole):
    key = school.learners[0]
    one = hand_in(henk, roster_file({**whole, key: {**whole[key], "geboortedatum": "gisteren"}}, on=ON))
    assert (one.counts["refused"], one.counts["unclear"], one.counts["left"]) == (1, 1, 0)
    nameless = roster_file(_without(whole, key), on=ON, more='<leerling key="met spatie"/>')
    other = hand_in(henk, nameless)
    assert (other.counts["unnamed"], other.counts["left"], other.counts["asks_twice"]) == (1, 1, True)


def test_a_mark_for_who_was_a_stranger_counts_once_the_roster_is_there(school, henk, whole):
    rows = table(row("77", MONDAY + timedelta(days=day), slot, permission="false")
                 for day in range(5) for slot in range(1, 9))  # fmt: skip
    marks = hand_in(henk, rows)
    assert marks.counts["strangers"] == 1
    accept(henk, marks)
    assert new_key(school) in {mark[0] for mark in standing_marks(school)}
    assert not Standing.for_operations.filter(learner__key=new_key(school)).exists()
    accept(henk, hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON)))
    one_way = Standing.for_operations.get(learner__key=new_key(school))
    assert one_way.enrolled and one_way.without_since == MONDAY
    more = hand_in(henk, table([row("77", MONDAY, 9, permission="false")]))
    assert more.counts["strangers"] == 0


def test_marks_and_roster_in_the_other_order_say_the_same(school, henk, whole):
    accept(henk, hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON)))
    magister = "stamnr;datum;lesuur;absentiereden_code\n" + "".join(
        f"77;{MONDAY + timedelta(days=day)};{slot};S\n" for day in range(5) for slot in range(1, 9)
    )
    operations.mean(school.organisation, "magister", "S", "truant", from_on=None, by=henk)
    marks = hand_in(henk, magister.encode())
    assert (marks.source, marks.counts["strangers"]) == ("magister", 0)
    accept(henk, marks)
    assert Standing.for_operations.get(learner__key=new_key(school)).without_since == MONDAY


def test_a_number_of_who_was_there_from_the_beginning_is_that_learner(school, henk, whole):
    key = school.learners[0]
    magister = f"stamnr;datum;lesuur;absentiereden_code\n{key};{MONDAY};1;S\n"
    operations.mean(school.organisation, "magister", "S", "truant", from_on=None, by=henk)
    assert hand_in(henk, magister.encode()).counts["strangers"] == 0


def test_who_came_back_is_enrolled_again(school, henk, whole):
    key = school.learners[0]
    accept(henk, hand_in(henk, roster_file(_without(whole, key), on=ON)))
    back = hand_in(
        henk, roster_file({**whole, key: {**whole[key], "instroomdatum": ""}}, on=ON + timedelta(days=7))
    )
    assert back.counts["back"] == 1
    accept(henk, back)
    assert enrolled_at(school)[key][-1] == (ON + timedelta(days=7), None)


def test_a_roster_does_not_move_the_day_on_which_is_judged(school, henk, whole):
    before = Standing.for_operations.first().judged_on
    later = {**whole, "77": {**JELLE, "instroomdatum": ON + timedelta(days=20)}}
    accept(henk, hand_in(henk, roster_file(later, on=ON + timedelta(days=21))))
    assert {one.judged_on for one in Standing.for_operations.all()} == {before}
    # Who is to come is known, and not yet said to be on no roll.
    assert name_of(new_key(school)) == "Jelle Terpstra"
    assert not Standing.for_operations.filter(learner__key=new_key(school)).exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (roster_file({"1": {}}, on=ON - timedelta(days=1)), "up to then this school is known"),
        (roster_file({"1": {}}, on=date(2100, 1, 1)), "a day that has been"),
        (roster_file({"1": {}}, on=ON, brin="99XX"), "this is of another"),
        (roster_file({"1": {}}, on=ON)[:-60], "cut off"),
        (roster_file({}, on=ON), "at least one leerling"),
        (roster_file({"x" * 99: {}}, on=ON), "keys of learners of at most"),
        (roster_file({"111222333": {}, "123456782": {}, "999990019": {}}, on=ON), "look like BSNs"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + roster_file({"1": {}}, on=ON)[39:], "this is XML"),
    ],
    ids=["old", "to come", "another school", "half", "empty", "long key", "BSNs", "hostile"],
)  # fmt: skip
def test_what_cannot_be_taken_gets_a_sentence_and_changes_nothing(school, henk, content, said):
    school.organisation.brin = "88YY"
    school.organisation.save()
    stood = whole_tables()
    one = hand_in(henk, content)
    assert one.state == State.UNUSABLE and said in one.wrong["expected"]
    assert whole_tables() == stood and not (places.folder_of(one.pk) / places.PEOPLE).exists()


def test_of_two_who_accept_the_first_did_and_nobody_accepts_what_they_did_not_see(school, henk, whole):
    colleague = make.actor(Role.ATTENDANCE_COORDINATOR, school.organisation)
    one = hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON))
    other = hand_in(henk, roster_file({**whole, "78": JELLE}, on=ON))
    marks = hand_in(henk, table([row(school.learners[0], MONDAY, 1)]))
    decide(operations.accept, henk, one, as_read=one.as_read)
    for late in (one, other):
        with pytest.raises(Refused):
            decide(operations.accept, colleague, late, as_read=late.as_read)
    # Marks are laid beside marks: a roster that came to count meanwhile says nothing of those.
    decide(operations.accept, colleague, marks, as_read=marks.as_read)
    publish_decided(quiet)
    assert now(one).state == now(marks).state == State.STANDS


@pytest.mark.parametrize("moment", ["_build", "arriving", "_now_it_counts"])
def test_killed_while_working_in_nothing_changed_and_it_goes_on(school, henk, whole, monkeypatch, moment):
    stood, learners, renamed = whole_tables(), Learner.for_operations.count(), school.learners[1]
    rows = {**whole, "77": JELLE, renamed: {**whole[renamed], "achternaam": "Smit"}}
    one = hand_in(henk, roster_file(rows, on=ON))
    decide(operations.accept, henk, one, as_read=one.as_read)
    untouched = getattr(operations_publish, moment)

    def cut_off(*arguments, **more):
        untouched(*arguments, **more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(operations_publish, moment, cut_off)
        with pytest.raises(Killed):
            publish_decided(quiet)
    assert now(one).state == State.ACCEPTED
    assert whole_tables() == stood and Learner.for_operations.count() == learners
    operations_work.tidy()
    assert name_of(renamed) == "Fenna Brinkhof"
    assert publish_decided(quiet) and now(one).state == State.STANDS
    assert (name_of(new_key(school)), name_of(renamed)) == ("Jelle Terpstra", "Fenna Smit")
    decide(operations.withdraw, henk, one)
    publish_decided(quiet)
    assert name_of(renamed) == "Fenna Brinkhof"


def test_a_roster_of_which_the_names_are_lost_keeps_nobody_waiting(school, henk, whole):
    one = hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON))
    decide(operations.accept, henk, one, as_read=one.as_read)
    (places.folder_of(one.pk) / places.PEOPLE).unlink()
    assert publish_decided(quiet) and not publish_decided(quiet)
    assert now(one).state == State.UNUSABLE and now(one).order is None


def test_what_stood_before_the_first_marks_still_stands_when_a_roster_came_first(school, henk, whole):
    stood = standing_marks(school)
    accept(henk, hand_in(henk, roster_file(whole, on=ON)))
    assert standing_marks(school) == stood
    one = accept(henk, hand_in(henk, table([row(school.learners[0], MONDAY, 1)])))
    assert Delivery.objects.filter(way=Way.FIRST, fills=Fills.MARKS).exists()
    decide(operations.withdraw, henk, one)
    publish_decided(quiet)
    assert standing_marks(school) == stood


def test_days_of_a_roster_cannot_be_said_otherwise(school, henk, whole):
    one = hand_in(henk, roster_file(whole, on=ON))
    with pytest.raises(Refused):
        decide(operations.say_days, henk, one, from_on=ON, until_on=ON)


def test_what_was_done_with_a_roster_stands_in_the_journal_without_a_name(school, henk, whole):
    one = accept(henk, hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON)))
    lines = list(Line.for_operations.filter(object=f"delivery:{one.pk}").order_by("sequence"))
    assert [line.action for line in lines] == ["receive_delivery", "accept_delivery", "delivery_stands"]
    assert all("Terpstra" not in str(vars(line)) for line in Line.for_operations.all())


def _without(rows, key):
    return {other: said for other, said in rows.items() if other != key}


def test_a_roster_accepted_while_another_is_worked_in_comes_next(school, henk, whole, monkeypatch):
    first = hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON))
    decide(operations.accept, henk, first, as_read=first.as_read)
    untouched = operations_publish._build

    def meanwhile(*arguments, **more):
        monkeypatch.undo()
        other = hand_in(henk, roster_file({**whole, "77": JELLE, "78": JELLE}, on=ON))
        decide(operations.accept, henk, other, as_read=other.as_read)
        untouched(*arguments, **more)

    monkeypatch.setattr(operations_publish, "_build", meanwhile)
    assert publish_decided(quiet)
    assert name_of(new_key(school)) == "Jelle Terpstra"
    assert not Learner.for_operations.filter(key=new_key(school, "78")).exists()
    assert publish_decided(quiet) and not publish_decided(quiet)
    assert name_of(new_key(school, "78")) == "Jelle Terpstra"


def test_a_roster_lost_at_one_school_keeps_no_other_waiting(school, henk, whole):
    one = accept(henk, hand_in(henk, roster_file({**whole, "77": JELLE}, on=ON)))
    stood = enrolled_at(school)
    places.roster_of(one.pk).unlink()
    elsewhere = another_school(school)
    keeper = make.actor(Role.ATTENDANCE_COORDINATOR, elsewhere)
    there = [key for key, stays in enrolled_at(School(elsewhere, [])).items() if stays[-1][1] is None]
    other = accept(keeper, hand_in(keeper, roster_file({**known_rows(there), "5": JELLE}, on=ON)))
    assert other.state == State.STANDS and enrolled_at(school) == stood
    assert name_of(f"{elsewhere.key}:5") == "Jelle Terpstra"
