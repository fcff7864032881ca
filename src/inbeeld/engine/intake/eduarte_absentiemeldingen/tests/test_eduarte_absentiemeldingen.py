from collections.abc import Callable
from typing import Any

Sample = Callable[..., Any]
SOURCE = "eduarte_absentiemeldingen"


def test_a_report_with_lesson_hours_becomes_a_mark_per_hour(sample: Sample) -> None:
    marks = [m for m in sample(SOURCE).rows("marks") if m["learner"] == "99XX:70301"]
    assert [(m["date"], m["slot"], m["minutes"], m["reason"]) for m in marks] == [
        ("2026-09-14", "1", "55", "sick"),
        ("2026-09-14", "2", "55", "sick"),
    ]


def test_whole_days_cover_the_slots_of_the_schools_day(sample: Sample) -> None:
    marks = [m for m in sample(SOURCE, slots_per_day=2).rows("marks") if m["learner"] == "99XX:70302"]
    assert len(marks) == 5 * 2


def test_the_slots_of_a_day_may_stand_in_a_schools_table_beside_the_file(
    sample: Sample, deliver: Sample, tmp_path: Any
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "schools.csv").write_text("school,sector,slots_per_day,calendar\n99XX,vo,3,c\n")
    left = deliver(SOURCE, "70302;20260914;;20260914;;;;ZK;\n")
    assert [r["slot"] for r in left.rows("unjudged")] == ["1", "2", "3"]


def test_permission_a_school_left_open_stays_unknown(sample: Sample) -> None:
    marks = [m for m in sample(SOURCE, slots_per_day=1).rows("marks") if m["learner"] == "99XX:70303"]
    assert [m["permission"] for m in marks] == [""]


def test_times_without_lesson_hours_are_not_turned_into_lesson_hours(sample: Sample) -> None:
    rows = sample(SOURCE, slots_per_day=7).rows("unjudged")
    assert [(r["line"], r["slot"]) for r in rows] == [("4", "")]


def test_31_september_is_refused(sample: Sample) -> None:
    (refused,) = sample(SOURCE).rows("refused")
    assert (refused["line"], refused["column"]) == ("5", "begindatum")


def test_planned_leave_does_not_stretch_an_open_report_into_the_future(deliver: Sample) -> None:
    left = deliver(SOURCE, "1;20260914;;;;;;ZK;\n2;20261221;;20261224;;;;VL;\n", slots_per_day=1)
    assert {r["date"] for r in left.rows("unjudged") if r["learner"] == "99XX:1"} == {"2026-09-14"}


def test_a_header_row_is_understood_when_there_is_one(deliver: Sample) -> None:
    header = (
        "deelnemernummer;begindatum;begintijd;einddatum;eindtijd;beginlesuur;eindlesuur;reden;opmerkingen"
    )
    left = deliver(SOURCE, f"{header}\n1;20260914;;20260914;;1;1;ZK;\n")
    assert left.imported.read == 1


def test_a_last_lesson_hour_without_a_first_refuses_the_row(deliver: Sample) -> None:
    left = deliver(SOURCE, "1;20260914;;20260914;;;3;ZK;\n2;20260914;;20260914;;1;3;ZK;\n")
    assert [r["column"] for r in left.rows("refused")] == ["beginlesuur"]


def test_remarks_of_the_school_are_never_written(sample: Sample) -> None:
    assert "griep" not in sample(SOURCE).everything()
