"""A round: who is asked, what is handed in, how it is frozen, and when the next begins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inbeeld.access.refusal import Refused
from inbeeld.journal.models import Line
from inbeeld.kernel.rounds import Compared
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Role
from inbeeld.reconciliation import operations, operations_work, places
from inbeeld.reconciliation.models import Handed, ListState, Round, RoundState
from inbeeld.reconciliation.tests.laying import (
    LEERPLICHT,
    SWV_VO,
    a_region,
    as_csv,
    do,
    hand_in,
    home,
    lay,
    work,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def begin(region):
    return do(region.anneke, operations.begin_round, region.comparison)


def test_from_the_question_to_who_is_on_which_list(region):
    made = lay(region)
    assert made.state == RoundState.COMPARED
    assert made.counts["rows"] == {"leerplicht": 8, "swv_vo": 7}
    assert made.counts["by_lists"] == [[["leerplicht"], 4], [["leerplicht", "swv_vo"], 4], [["swv_vo"], 3]]
    assert made.coverage["jointly"]["seen"] == 11
    assert {one.state for one in made.lists.all()} == {ListState.FROZEN}
    assert not any(b"Brinkhof" in one.read_bytes() for one in places.lists().rglob("*") if one.is_file())


def test_who_leads_begins_and_nobody_begins_twice(region):
    with pytest.raises(Refused, match="who leads"):
        do(region.marit, operations.begin_round, region.comparison)
    begin(region)
    with pytest.raises(Refused, match="under way"):
        begin(region)
    assert Round.objects.count() == 1 and Handed.objects.count() == 2


def test_only_who_keeps_a_list_hands_it_in_and_once_read_it_is_frozen(region):
    begin(region)
    with pytest.raises(Refused, match="Only who keeps this list"):
        hand_in(region, "leerplicht", LEERPLICHT, by=region.marit)
    elsewhere = make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY, sector=""))
    with pytest.raises(Refused, match="Only who keeps this list"):
        hand_in(region, "leerplicht", LEERPLICHT, by=elsewhere)
    officer = make.actor(Role.ATTENDANCE_OFFICER, region.municipality)
    with pytest.raises(Refused, match="Only who keeps this list"):
        hand_in(region, "leerplicht", LEERPLICHT, by=officer)
    hand_in(region, "leerplicht", LEERPLICHT)
    work()
    assert region.handed("leerplicht").state == ListState.FROZEN
    with pytest.raises(Refused, match="changes no more"):
        hand_in(region, "leerplicht", LEERPLICHT[:3])
    with pytest.raises(Refused, match="this very file"):
        hand_in(region, "swv_vo", LEERPLICHT)


def test_a_wrong_list_is_taken_back_as_long_as_others_are_waited_for(region):
    made = begin(region)
    hand_in(region, "leerplicht", LEERPLICHT[:2])
    work()
    do(region.anneke, operations.take_back, region.handed("leerplicht"))
    assert region.handed("leerplicht").state == ListState.ASKED
    assert not list(places.folder_of(made.pk).iterdir())
    hand_in(region, "leerplicht", LEERPLICHT)
    hand_in(region, "swv_vo", SWV_VO)
    work()
    with pytest.raises(Refused, match="side by side already"):
        do(region.anneke, operations.take_back, region.handed("leerplicht"))


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        (b"naam;datum\nx;y\n", 1, "the columns of a list of children"),
        (as_csv([*LEERPLICHT, LEERPLICHT[0]]), 10, "each id once; it is on line 2 too"),
        (as_csv([LEERPLICHT[0] | {"id": ""}]), 2, "an id in every row"),
        (as_csv([LEERPLICHT[0] | {"id": "=1+1"}]), 2, "an id that is not a formula"),
        (as_csv(LEERPLICHT)[:-30], 9, "columns"),
        (as_csv([]), 2, "at least one row"),
        (b"\x00\x01\x02" * 50, 1, "text"),
        (
            as_csv([LEERPLICHT[0] | {"id": one} for one in ("111222333", "123456782", "987654329")]),
            None,
            "look like BSNs",
        ),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_nothing_is_kept(region, content, line, expected):
    made = begin(region)
    do(region.anneke, operations.hand_in, region.handed("leerplicht"), content)
    work()
    now = region.handed("leerplicht")
    assert now.state == ListState.UNUSABLE and now.rows == 0
    assert expected in now.wrong["expected"] and now.wrong.get("line") == line
    assert not list(places.folder_of(made.pk).iterdir())
    hand_in(region, "leerplicht", LEERPLICHT)
    work()
    assert region.handed("leerplicht").state == ListState.FROZEN


def test_days_that_do_not_exist_are_left_open_and_told(region):
    begin(region)
    rows = [
        LEERPLICHT[0] | {"born_on": "2011-02-30"},
        LEERPLICHT[1] | {"born_on": "0000-00-00"},
        LEERPLICHT[2],
    ]
    hand_in(region, "leerplicht", rows)
    work()
    now = region.handed("leerplicht")
    assert (now.state, now.rows, now.unsure) == (ListState.FROZEN, 3, [2, 3])
    assert [one["born_on"] for one in places.kept_rows(now.round_id, "leerplicht")] == ["", "", "2011-03-13"]


def test_other_columns_are_not_kept(region):
    begin(region)
    content = as_csv(LEERPLICHT).replace(b"category", b"notitie over thuis", 1)
    do(region.anneke, operations.hand_in, region.handed("leerplicht"), content)
    work()
    kept = places.kept_rows(region.handed("leerplicht").round_id, "leerplicht")
    assert set(kept[0]) == set(LEERPLICHT[0]) and kept[0]["category"] == ""


def test_a_list_that_does_not_come_is_left_out_by_who_leads(db):
    region = a_region()
    begin(region)
    with pytest.raises(Refused, match="Two lists at least"):
        do(region.anneke, operations.leave_out, region.handed("swv_vo"))
    with pytest.raises(Refused, match="who leads"):
        do(region.marit, operations.leave_out, region.handed("leerplicht"))


def test_the_rhythm_begins_the_next_round_and_reminds(region, monkeypatch):
    assert operations_work.each_day(make.ON) == (0, 0), "the first round is begun by a person"
    made = lay(region)
    next_day = made.on + timedelta(days=21)
    assert operations_work.each_day(next_day - timedelta(days=1)) == (0, 0)
    assert operations_work.each_day(next_day)[0] == 1
    assert operations_work.each_day(next_day) == (0, 0), "twice on a day is once"
    newest = Round.objects.first()
    assert (newest.number, newest.asked_by, newest.due_on) == (2, None, next_day + timedelta(days=5))
    assert operations_work.each_day(newest.due_on - timedelta(days=2)) == (0, 2)
    hand_in(region, "leerplicht", LEERPLICHT)
    work()
    assert operations_work.each_day(newest.due_on + timedelta(days=1)) == (0, 1)
    assert region.handed("swv_vo").reminders == 2 and region.handed("leerplicht").reminders == 1
    assert set(Line.for_operations.filter(actor="command:lists").values_list("action", flat=True)) == {
        "lists_compared", "round_of_lists_began",
    }  # fmt: skip


def test_of_earlier_rounds_the_numbers_stay_and_no_name(region):
    first = lay(region)
    second = lay(region, {"leerplicht": LEERPLICHT[:6], "swv_vo": SWV_VO})
    third = lay(region, {"leerplicht": LEERPLICHT[:7], "swv_vo": SWV_VO})
    states = dict(Round.objects.values_list("number", "state"))
    assert states == {1: RoundState.ENDED, 2: RoundState.ENDED, 3: RoundState.COMPARED}
    assert not (places.lists() / str(first.pk)).exists()
    left = {one.name for one in places.folder_of(second.pk).iterdir()}
    assert left == {"children.csv.made", "inbeeld.json.made"}, (
        "who was on which list by ids, for what changed"
    )
    assert (places.folder_of(third.pk) / "leerplicht.shown").is_file()
    since = {one.name: one.since for one in region.lying(region.anneke).children}
    assert since == {"Jan Postma": "new"} | {one: "" for one in since if one != "Jan Postma"}
    assert Round.objects.get(number=1).counts["children"] == 11


def test_a_register_keeps_only_who_differs(db):
    region = a_region(compared=Compared.ROLL)
    people = [
        home(
            f"BR-{n:02}",
            f"{n}",
            f"Wiersema{chr(97 + n)}",
            f"Sietske{chr(97 + n)}",
            f"2013-0{1 + n % 9}-1{n % 9}",
        )
        for n in range(20)
    ]
    made = do(region.anneke, operations.begin_round, region.comparison)
    hand_in(region, "register", [*people, home("BR-90", "9", "Ouderkerk", "Tjeerd", "2001-01-01")])
    hand_in(region, "enrolments", [one | {"id": one["id"].replace("BR", "IN")} for one in people[:18]])
    work()
    made.refresh_from_db()
    assert made.state == RoundState.COMPARED and made.coverage == {}
    shown = {one["id"] for one in places.kept_rows(made.pk, "register", what=places.SHOWN)}
    assert shown == {"BR-18", "BR-19", "BR-90"}
    missing = {one.rows[0].id: one.missing[0].is_open for one in region.lying(region.anneke).children}
    assert missing == {"BR-18": True, "BR-19": True, "BR-90": False}, "who is of age is not missing"


def test_what_was_altered_on_the_disk_is_not_laid_side_by_side(region):
    begin(region)
    hand_in(region, "leerplicht", LEERPLICHT)
    work()
    file = places.folder_of(region.handed("leerplicht").round_id) / "leerplicht.rows"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    hand_in(region, "swv_vo", SWV_VO)
    work()
    now = region.round()
    assert now.state == RoundState.FAILED and "lists as they were handed in" in now.wrong["expected"]
    assert begin(region).number == 2
    assert timezone.localdate() == Round.objects.get(number=2).on


class Killed(BaseException):
    """What kill -9 does to a worker, as far as a test can: nothing after it runs."""


@pytest.mark.parametrize("moment", ["keep_rows", "keep_outcome"])
def test_killed_while_laying_side_by_side_it_is_done_again_to_the_same(region, monkeypatch, moment):
    do(region.anneke, operations.begin_round, region.comparison)
    hand_in(region, "leerplicht", LEERPLICHT)
    hand_in(region, "swv_vo", SWV_VO)
    while operations_work.read_next_list(lambda line: None):
        pass

    def killed(*arguments, **more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(places, moment, killed)
        with pytest.raises(Killed):
            operations_work.compare_next(lambda line: None)
    assert region.round().state == RoundState.COMPARING
    (places.lists() / ".open-left").mkdir()
    operations_work.tidy()
    assert not list(places.lists().glob(".open-*"))
    work()
    assert region.round().counts["children"] == 11
