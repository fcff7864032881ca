from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.refusal import BadInput

Sample = Callable[..., Any]
TEXT = (Path(__file__).parents[1] / "sample.xml").read_text(encoding="utf-8")


def test_the_standards_own_categories_need_no_mapping(sample: Sample) -> None:
    marks = sample("edfi", school="all").rows("marks")
    assert [
        (m["learner"], m["school"], m["slot"], m["minutes"], m["status"], m["permission"]) for m in marks
    ] == [
        ("800001", "9001", "1", "", "absent", "false"),
        ("800002", "9002", "1", "10", "late", ""),
    ]


def test_half_a_day_is_not_judged_because_nobody_says_which_half(sample: Sample) -> None:
    row = sample("edfi", school="all").rows("unjudged")[0]
    assert (row["learner"], row["slot"]) == ("800002", "")


def test_a_category_of_another_namespace_must_be_mapped(sample: Sample) -> None:
    left = sample("edfi", school="all")
    assert [code for _, code, _ in left.imported.unmapped] == [
        "uri://example.org/AttendanceEventCategoryDescriptor#Snow day"
    ]


def test_a_mapping_judges_it(deliver: Sample, tmp_path: Path) -> None:
    codes = tmp_path / "my-codes.csv"
    header = "school,source,code,status,reason,permission,from_on,until_on"
    codes.write_text(
        f"{header}\n9001,edfi,uri://example.org/AttendanceEventCategoryDescriptor#Snow day,present,,,,\n"
    )
    left = deliver("edfi", TEXT, name="a.xml", school="all", codes=codes)
    assert (left.imported.unmapped, left.imported.present) == ((), 1)


def test_a_delivery_for_one_school_refuses_events_of_others(sample: Sample) -> None:
    left = sample("edfi", school="9001")
    assert {r["school"] for r in left.rows("marks")} == {"9001"}
    assert left.imported.refused == 2


def test_a_delivery_for_a_school_that_is_not_in_the_file_is_refused(sample: Sample) -> None:
    with pytest.raises(BadInput, match="9003, the school this delivery is for"):
        sample("edfi", school="9003")


def test_a_whole_day_fills_the_schools_slots_when_they_are_known(deliver: Sample, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "schools.csv").write_text("school,sector,slots_per_day,calendar\n9001,vo,6,c\n")
    left = deliver("edfi", TEXT, name="a.xml", school="all")
    assert [m["slot"] for m in left.rows("marks") if m["learner"] == "800001"] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
    ]
