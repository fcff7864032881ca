"""The saved mapping of a school's own codes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.refusal import BadInput

Deliver = Callable[..., Any]
HEADER = "school,source,code,status,reason,permission,from_on,until_on\n"
ROWS = "stamnummer;moment;lesuur;aanwezigheidsreden_code\n1;2026-09-14;1;A\n1;2026-10-14;1;A\n"


@pytest.fixture
def with_codes(deliver: Deliver, tmp_path: Path) -> Deliver:
    def bring_in(mapping: str, rows: str = ROWS) -> Any:
        file = tmp_path / "mapping.csv"
        file.write_text(mapping, encoding="utf-8")
        return deliver("magister", rows, codes=file)

    return bring_in


def test_a_code_means_on_a_day_what_the_school_said_for_that_day(with_codes: Deliver) -> None:
    left = with_codes(
        HEADER
        + "99XX,magister,A,absent,unknown,false,,2026-09-30\n"
        + "99XX,magister,A,present,,,2026-10-01,\n"
    )
    assert (left.imported.marks, left.imported.present, left.imported.unjudged) == (1, 1, 0)


def test_a_code_of_another_school_or_source_means_nothing_here(with_codes: Deliver) -> None:
    left = with_codes(HEADER + "11AA,magister,A,absent,,,,\n99XX,somtoday,A,absent,,,,\n")
    assert left.imported.unjudged == 2


def test_upper_and_lower_case_are_different_codes(with_codes: Deliver) -> None:
    assert with_codes(HEADER + "99XX,magister,a,absent,,,,\n").imported.unjudged == 2


def test_a_code_mapped_twice_for_one_day_is_refused_with_its_line(with_codes: Deliver) -> None:
    with pytest.raises(BadInput, match="mapping.csv, line 3, column code: .*this one has two"):
        with_codes(HEADER + "99XX,magister,A,absent,,,,2026-09-30\n99XX,magister,A,late,,,2026-09-30,\n")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "99XX,magister,A,away,,,,",
            "line 2, column status: expected one of absent, late, removed, other, present",
        ),
        ("99XX,magister,A,absent,,maybe,,", "line 2, column permission: expected true, false or nothing"),
        ("99XX,magister,A,absent,,,1-9-2026,", "line 2, column from_on: expected a date like 2026-09-01"),
        (
            "99XX,magister,A,absent,,,2026-09-02,2026-09-01",
            "line 2, column until_on: expected a last day not before",
        ),
        ("99XX,magister,,absent,,,,", "line 2, column code: expected a value"),
        ("99XX,magister", "line 2: expected 8 columns in every row"),
        ('99XX,magister,"A', "line 2: expected well-formed CSV to the end"),
    ],
)
def test_an_unclear_mapping_is_refused_with_line_and_column(
    with_codes: Deliver, row: str, sentence: str
) -> None:
    with pytest.raises(BadInput) as refused:
        with_codes(HEADER + row + "\n")
    assert sentence in str(refused.value)


def test_a_mapping_without_its_columns_is_refused(with_codes: Deliver) -> None:
    with pytest.raises(BadInput, match="not there: source, code, status"):
        with_codes("school;x\n99XX;y\n")


def test_the_to_do_list_can_be_filled_in_and_used_as_the_mapping(
    with_codes: Deliver, deliver: Deliver
) -> None:
    rows = ROWS.replace(";A", ";+A")
    todo = with_codes(HEADER, rows).out / "codes.todo.csv"
    text = todo.read_text(encoding="utf-8")
    assert with_codes(text, rows).imported.unjudged == 2
    filled = text.replace("magister,'+A,,,", "magister,'+A,absent,sick,true")
    assert filled != text
    assert with_codes(filled, rows).imported.marks == 2


def test_the_receipt_holds_the_hash_of_the_mapping(with_codes: Deliver) -> None:
    codes = with_codes(HEADER + "99XX,magister,A,absent,,,,\n").receipt()["codes"]
    assert codes["file"] == "mapping.csv"
    assert len(codes["sha256"]) == 64
