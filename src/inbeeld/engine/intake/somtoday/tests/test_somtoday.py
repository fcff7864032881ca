from collections.abc import Callable
from datetime import date
from typing import Any

Sample = Callable[..., Any]
HEADER = "leerlingnummer;afkorting;beginDatumTijd;eindDatumTijd;beginLesuur;eindLesuur"


def test_a_report_over_lesson_hours_becomes_a_mark_per_hour_and_its_minutes_are_shared_out(
    sample: Sample,
) -> None:
    marks = [m for m in sample("somtoday").rows("marks") if m["learner"] == "99XX:60201"]
    assert [m["slot"] for m in marks] == ["1", "2", "3", "4"]
    assert sum(int(m["minutes"]) for m in marks) == 210


def test_whole_days_wait_until_the_length_of_the_schools_day_is_known(sample: Sample) -> None:
    left = sample("somtoday")
    assert {r["slot"] for r in left.rows("unjudged")} == {""}
    assert not [m for m in left.rows("marks") if m["learner"] == "99XX:60204"]


def test_whole_days_become_every_slot_once_it_is_known(sample: Sample) -> None:
    marks = [m for m in sample("somtoday", slots_per_day=7).rows("marks") if m["learner"] == "99XX:60204"]
    assert [(m["date"], m["slot"]) for m in marks][:7] == [("2026-09-14", str(slot)) for slot in range(1, 8)]


def test_an_open_end_reaches_the_last_day_the_file_was_written_in_and_no_further(sample: Sample) -> None:
    left = sample("somtoday", slots_per_day=7)
    days = {m["date"] for m in left.rows("marks") if m["learner"] == "99XX:60204"}
    assert days == {"2026-09-14", "2026-09-15"}
    assert left.imported.taken_up_to == date(2026, 9, 15)
    assert left.rows("remarks")[0]["line"] == "5"


def test_an_open_end_reaches_the_day_the_deliverer_says_the_file_was_made(sample: Sample) -> None:
    left = sample("somtoday", slots_per_day=2, made_on=date(2026, 9, 18))
    days = {m["date"] for m in left.rows("marks") if m["learner"] == "99XX:60204"}
    assert max(days) == "2026-09-18"


def test_a_weekend_inside_a_longer_report_has_no_marks_and_is_counted(sample: Sample) -> None:
    left = sample("somtoday")
    days = [r["date"] for r in left.rows("unjudged") if r["learner"] == "99XX:60205"]
    assert days == ["2026-09-16", "2026-09-17", "2026-09-18", "2026-09-21"]
    assert left.receipt()["counts"]["weekend_days_passed_over"] == 2


def test_lesson_hours_over_two_days_cover_the_rest_of_the_first_and_the_start_of_the_last(
    deliver: Sample,
) -> None:
    left = deliver(
        "somtoday",
        f"{HEADER}\n1;ZK;2026-09-14 10:00;2026-09-15 09:30;3;2\n",
        slots_per_day=4,
        codes=None,
    )
    assert [(r["date"], r["slot"]) for r in left.rows("unjudged")] == [
        ("2026-09-14", "3"), ("2026-09-14", "4"), ("2026-09-15", "1"), ("2026-09-15", "2"),
    ]  # fmt: skip


def test_only_the_cut_days_of_a_timed_report_wait_for_a_timetable(deliver: Sample) -> None:
    left = deliver("somtoday", f"{HEADER}\n1;ZK;2026-09-14 10:00;2026-09-17 12:00;;\n", slots_per_day=2)
    rows = [(r["date"], r["slot"]) for r in left.rows("unjudged")]
    assert rows[0] == ("2026-09-14", "")
    assert rows[1:5] == [("2026-09-15", "1"), ("2026-09-15", "2"), ("2026-09-16", "1"), ("2026-09-16", "2")]
    assert rows[5] == ("2026-09-17", "")


def test_a_report_that_ends_before_it_begins_is_refused(deliver: Sample) -> None:
    row = "1;ZK;2026-09-14 10:00;2026-09-14 09:00;1;1\n2;ZK;2026-09-14;2026-09-14;1;1\n"
    left = deliver("somtoday", f"{HEADER}\n{row}")
    assert [(r["line"], r["column"]) for r in left.rows("refused")] == [("2", "eindDatumTijd")]


def test_a_date_that_can_be_read_two_ways_refuses_its_row(sample: Sample) -> None:
    (refused,) = sample("somtoday").rows("refused")
    assert (refused["line"], refused["column"]) == ("7", "beginDatumTijd")
    assert "two ways" in refused["reason"]


def test_names_are_never_written(sample: Sample) -> None:
    everything = sample("somtoday").everything()
    assert not [name for name in ("Fenne", "Dalmeijer", "Hélanders", "Zevenster") if name in everything]


def test_the_same_report_reads_the_same_from_a_workbook(
    deliver: Sample, make_workbook: Callable[..., bytes]
) -> None:
    header = [*HEADER.split(";")]
    rows = [header, [60201, "ZK", "2026-09-14 08:30", "2026-09-14 09:20", 1, 1]]
    left = deliver("somtoday", make_workbook(rows), name="absentie.xlsx")
    (row,) = left.rows("unjudged")
    assert (row["line"], row["learner"], row["slot"]) == ("2", "99XX:60201", "1")
    assert left.imported.encoding == "xlsx"
