from collections.abc import Callable
from typing import Any

Sample = Callable[..., Any]


def test_each_verantwoording_becomes_a_mark_for_its_lesson_hour(sample: Sample) -> None:
    marks = sample("magister").rows("marks")
    assert [
        (m["learner"], m["date"], m["slot"], m["status"], m["reason"], m["permission"]) for m in marks
    ] == [
        ("99XX:50101", "2026-09-14", "1", "absent", "sick", "true"),
        ("99XX:50101", "2026-09-14", "2", "absent", "sick", "true"),
        ("99XX:50102", "2026-09-14", "1", "absent", "unknown", "false"),
        ("99XX:50103", "2026-09-14", "1", "late", "", ""),
    ]


def test_forgotten_homework_is_counted_but_is_no_mark(sample: Sample) -> None:
    left = sample("magister")
    assert left.imported.present == 1
    assert "50104" not in (left.out / "marks.csv").read_text()


def test_an_unmapped_code_stops_its_mark_and_asks_to_be_mapped(sample: Sample) -> None:
    left = sample("magister")
    assert left.imported.unmapped == (("99XX", "XQ", 1),)
    (todo,) = left.rows("codes.todo")
    assert (todo["school"], todo["source"], todo["code"], todo["status"], todo["count"]) == (
        "99XX",
        "magister",
        "XQ",
        "",
        "1",
    )
    assert todo["source_says_permitted"] == "false"
    assert ("8", "99XX:50105", "3", "XQ") in [
        (r["line"], r["learner"], r["slot"], r["code"]) for r in left.rows("unjudged")
    ]


def test_a_row_without_lesson_hour_is_not_judged(sample: Sample) -> None:
    (row, _) = sample("magister").rows("unjudged")
    assert (row["line"], row["slot"], row["reason"]) == ("7", "", "no lesson hour in the row")


def test_lesson_hour_zero_is_refused_with_its_line_and_column(sample: Sample) -> None:
    (refused,) = sample("magister").rows("refused")
    assert (refused["line"], refused["column"]) == ("9", "lesuur")
    assert refused["reason"].startswith("expected a lesson hour from 1 to 24")


def test_remarks_and_teachers_are_never_written(sample: Sample) -> None:
    everything = sample("magister").everything()
    assert "niet gezien" not in everything
    assert "DVR" not in everything
    assert "HYPERLINK" not in everything
