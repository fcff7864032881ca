"""What a careful reader asked: is nobody sent back to school, nothing lost, and nothing stuck."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inbeeld.access.refusal import Refused
from inbeeld.deliveries import operations, places
from inbeeld.deliveries.models import CodeMeaning, ColumnName, Delivery, State
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import read_next
from inbeeld.deliveries.reading import UnknownCode
from inbeeld.deliveries.review import _proposed
from inbeeld.deliveries.tests.handing_in import accept, decide, hand_in, now, quiet, received, row, table
from inbeeld.deliveries.tests.test_working_in import WEEK, a_week_away
from inbeeld.deliveries.watch import watched
from inbeeld.engine import reading
from inbeeld.learners.snapshot import begun_on, current_judgement
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import post, visitor, words
from inbeeld.organisations.models import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
#: After the day the region was judged on.
NEXT_TUESDAY = make.ON + timedelta(days=4)
HERE = "/aanleveringen/"


def at_home(data, *, but=""):
    """Who is away without a break, by learner: first day and school days, of every school but one."""
    judged = data / current_judgement().judged
    schools = {one["learner"]: one["school"] for one in reading.rows(judged / "facts.parquet")}
    return {
        one["learner"]: (one["first_on"], one["school_days"])
        for one in reading.rows(judged / "episodes.parquet")
        if one["family"] == "any" and one["ongoing"] and schools[one["learner"]] != but
    }


def test_a_school_that_is_ahead_sends_nobody_elsewhere_back_to_school(school, henk, data):
    key = school.organisation.key
    before = at_home(data, but=key)
    assert before
    accept(henk, hand_in(henk, table([row(school.learners[0], NEXT_TUESDAY, 1)])))
    assert current_judgement().on == NEXT_TUESDAY
    assert at_home(data, but=key) == before
    accept(henk, hand_in(henk, table([row(school.learners[0], NEXT_TUESDAY, 2)])))
    assert at_home(data, but=key) == before


def test_days_nobody_delivered_end_no_absence_and_their_delivery_does(school, henk, data):
    """A gap of two weeks is no presence; said to be without absence, it is."""
    before = at_home(data)
    ours = {
        key
        for key, one in ((one["learner"], one) for one in reading.rows(data / "judged" / "facts.parquet"))
        if one["school"] == school.organisation.key and key in before
    }
    later = make.ON + timedelta(days=17)
    everybody = [row(key, later, slot) for key in school.learners for slot in range(1, 10)]
    one = accept(henk, hand_in(henk, table(everybody)))
    assert one.from_on == later
    now_away = at_home(data)
    assert {key: now_away[key][0] for key in ours} == {key: before[key][0] for key in ours}
    nobody = table([row(school.learners[0], make.ON + timedelta(days=3), 1, "aanwezig"),
                    row(school.learners[0], later - timedelta(days=1), 1, "aanwezig")])  # fmt: skip
    accept(henk, hand_in(henk, nobody))
    assert {at_home(data)[key][0] for key in ours} == {later}


def test_who_delivers_week_by_week_goes_on_where_the_last_week_ended(school, henk):
    accept(henk, hand_in(henk, a_week_away(school.learners[0])))
    one = hand_in(henk, table([row(school.learners[0], NEXT_TUESDAY, 1)]))
    assert (one.from_on, one.until_on) == (WEEK[-1] + timedelta(days=1), NEXT_TUESDAY)


def test_a_school_that_never_delivered_does_not_move_with_the_others(school, henk):
    silent = make.organisation()
    accept(henk, hand_in(henk, table([row(school.learners[0], NEXT_TUESDAY, 1)])))
    assert begun_on() == make.ON
    (one,) = watched([silent], on=NEXT_TUESDAY, begun_on=begun_on())
    assert (one.until_on, one.days) == (make.ON, 4)


def test_one_damaged_delivery_does_not_keep_the_others_waiting(school, henk):
    damaged = received(henk, a_week_away(school.learners[0]))
    file = places.folder_of(damaged.pk) / places.FILE
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    fine = hand_in(henk, a_week_away(school.learners[1]))
    assert now(damaged).state == State.UNUSABLE and now(damaged).wrong["expected"]
    assert fine.state == State.TO_REVIEW


def test_marks_that_are_lost_keep_nobody_waiting_for_ever(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    decide(operations.accept, henk, one, as_read=one.as_read)
    places.marks_of(one.pk).unlink()
    assert publish_decided(quiet) and not publish_decided(quiet)
    assert now(one).state == State.UNUSABLE and now(one).order is None
    assert accept(henk, hand_in(henk, a_week_away(school.learners[1]))).state == State.STANDS


def test_columns_chosen_wrong_are_chosen_again(school, henk):
    content = table([f"{school.learners[0]};{WEEK[0]};3;absent"], "Wie;Wanneer;Uur;Wat")
    one = hand_in(henk, content)
    decide(operations.name_columns, henk, one, {"learner": "Wat", "date": "Wie", "slot": "Uur"})
    read_next(quiet)
    assert now(one).state == State.UNUSABLE
    assert "choose them again" in words(visitor(henk).get(f"{HERE}{one.pk}/"))
    post(henk, f"{HERE}{one.pk}/andere-kolommen/")
    read_next(quiet)
    assert now(one).state == State.UNNAMED and not ColumnName.objects.exists()


def test_a_code_explained_wrong_means_something_else_from_a_day_on(school, henk):
    operations.mean(school.organisation, "generic", "Z", "present", from_on=None, by=henk)
    known = CodeMeaning.objects.get()
    address = f"{HERE}codes/"
    wrong_day = {"is": "sick", "from_on": "31-2-2026"}
    assert post(henk, address, code=known.pk, **wrong_day).status_code == 400
    post(henk, address, code=known.pk, **{"is": "sick", "from_on": str(WEEK[0])})
    meanings = CodeMeaning.objects.values_list("reason", "from_on", "until_on")
    assert set(meanings) == {("", None, WEEK[0] - timedelta(days=1)), ("sick", WEEK[0], None)}
    stranger = make.actor(Role.ATTENDANCE_COORDINATOR, make.organisation())
    assert post(stranger, address, code=known.pk, **{"is": "late", "from_on": ""}).status_code == 400
    for odd in ("", "x", "9" * 30, "-1"):
        assert post(henk, address, code=odd, **{"is": "late", "from_on": ""}).status_code == 400


def test_nobody_accepts_days_a_colleague_changed_meanwhile(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    seen = one.as_read
    decide(operations.say_days, henk, one, from_on=WEEK[0] - timedelta(days=60), until_on=WEEK[-1])
    read_next(quiet)
    with pytest.raises(Refused):
        decide(operations.accept, henk, one, as_read=seen)
    assert now(one).state == State.TO_REVIEW


def test_days_to_come_are_not_spoken_for_and_not_taken_in(school, henk):
    today = date.today()  # noqa: DTZ011  (a day here, as the pages say it)
    ahead = today + timedelta(days=200)
    one = hand_in(henk, table([row(school.learners[0], WEEK[0], 1), row(school.learners[0], ahead, 1)]))
    assert one.until_on <= today and one.counts["ahead"] == 1 and one.counts["stand"] == 1
    assert "1 mark is of a day to come" in words(visitor(henk).get(f"{HERE}{one.pk}/"))


def test_who_was_there_counts_for_the_days_and_a_week_of_nobody_away_is_a_delivery(school, henk):
    child = school.learners[0]
    accept(henk, hand_in(henk, a_week_away(child)))
    one = hand_in(henk, table([row(child, WEEK[0], 1, "aanwezig"), row(child, WEEK[4], 1, "aanwezig")]))
    assert (one.state, one.from_on, one.until_on) == (State.TO_REVIEW, WEEK[0], WEEK[4])
    assert one.counts["stand"] == 0 and one.counts["gone"] == 40
    assert accept(henk, one).state == State.STANDS


def test_what_another_delivery_came_over_can_be_delivered_anew(school, henk):
    first, second = a_week_away(school.learners[0]), a_week_away(school.learners[1])
    one = accept(henk, hand_in(henk, first))
    last = accept(henk, hand_in(henk, second))
    again = hand_in(henk, first)
    assert again.pk != one.pk and again.state == State.TO_REVIEW
    assert received(henk, second).pk == last.pk


def test_no_sentence_of_the_file_lies_beside_the_sealed_one(school, henk):
    head = "leerling;datum;lesuur;code;omschrijving"
    one = hand_in(henk, table([f"{school.learners[0]};{WEEK[0]};1;Q;Fenna heeft griep"], head))
    read = places.read_of(one.pk)
    assert not (read / "unjudged.csv").exists() and not (read / "remarks.csv").exists()
    assert all(file.stat().st_mode & 0o077 == 0 for file in read.iterdir())
    assert Delivery.objects.exists()


@pytest.mark.parametrize(
    ("description", "permitted", "proposed"),
    [
        ("Ziek", "true", "sick"),
        ("Ziek", "", "sick"),
        ("Ongeoorloofd verlof", "false", ""),
        ("Verlof geweigerd", "", ""),
        ("Niet ziek gemeld", "", ""),
        ("Verlof", "false", ""),
        ("Iets anders", "false", "other-without"),
    ],
)
def test_what_is_proposed_for_a_code_never_contradicts_the_file(description, permitted, proposed):
    assert _proposed(UnknownCode("Q", 1, WEEK[0], WEEK[0], description, permitted)) == proposed


def test_columns_chosen_wrong_can_be_chosen_again_at_any_later_delivery(school, henk):
    """Else a school that took the BSN for its own number could deliver nothing any more."""
    rows = b"bsn;wanneer;uur;wat\n111222333;2026-04-16;2;afwezig\n"
    first = hand_in(henk, rows)
    assert first.state == State.UNNAMED
    chosen = {"learner": "bsn", "date": "wanneer", "slot": "uur", "status": "wat"}
    decide(operations.name_columns, henk, first, chosen)
    read_next(quiet)
    assert now(first).state == State.UNUSABLE
    decide(operations.dismiss, henk, now(first))
    later = hand_in(henk, table([row(school.learners[0], WEEK[0], 1)]))
    assert later.state == State.UNUSABLE
    again = f"{HERE}{later.pk}/andere-kolommen/"
    assert again in visitor(henk).get(f"{HERE}{later.pk}/").content.decode()
    assert post(henk, again).status_code == 302
    read_next(quiet)
    assert now(later).state == State.TO_REVIEW
