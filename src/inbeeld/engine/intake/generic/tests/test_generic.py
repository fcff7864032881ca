import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inbeeld.engine.intake.importing import Task, import_into
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import MARKS, STATUSES

Sample = Callable[..., Any]

_LETTERS = "abcXYZ0189éëüöçÉŒ€-_.;,\"'"


def test_dutch_words_for_columns_and_values_are_understood(sample: Sample) -> None:
    marks = sample("generic").rows("marks")
    assert [
        (m["learner"], m["date"], m["slot"], m["status"], m["reason"], m["permission"]) for m in marks
    ] == [
        ("L-0001", "2026-09-14", "1", "absent", "sick", "true"),
        ("L-0001", "2026-09-14", "2", "absent", "sick", "true"),
        ("L-0002", "2026-09-14", "3", "absent", "truant", "false"),
        ("L-0003", "2026-09-15", "1", "late", "", ""),
    ]


def test_slot_0_and_an_unknown_status_refuse_their_rows_only(sample: Sample) -> None:
    assert [(r["line"], r["column"]) for r in sample("generic").rows("refused")] == [
        ("6", "lesuur"),
        ("7", "status"),
    ]


def test_morning_and_afternoon_are_slots_1_and_2(deliver: Sample) -> None:
    left = deliver(
        "generic",
        "leerlingnummer;datum;dagdeel;status\na;2026-09-14;Ochtend;absent\na;2026-09-14;middag;absent\n",
    )
    assert [m["slot"] for m in left.rows("marks")] == ["1", "2"]


def test_a_saved_column_mapping_names_the_columns(deliver: Sample, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "columns.csv").write_text(
        "field,column\nlearner,Nr.\ndate,Wanneer\nstatus,Wat\nslot,Uur\n"
    )
    left = deliver("generic", "Nr.;Wanneer;Uur;Wat\nk1;14-09-2026;2;afwezig\n")
    assert [(m["learner"], m["slot"]) for m in left.rows("marks")] == [("k1", "2")]


def test_a_saved_mapping_to_a_bsn_column_is_refused(deliver: Sample, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "columns.csv").write_text("field,column\nlearner,BSN\n")
    with pytest.raises(BadInput, match="not the BSN"):
        deliver("generic", "BSN;datum;status\n1;14-09-2026;afwezig\n")


def test_whole_numbers_in_a_workbook_stay_whole(deliver: Sample, make_workbook: Callable[..., bytes]) -> None:
    rows = [["learner", "date", "slot", "minutes", "status"], [1042, "2026-09-14", 3, 50, "absent"]]
    (mark,) = deliver("generic", make_workbook(rows), name="a.xlsx").rows("marks")
    assert (mark["learner"], mark["slot"], mark["minutes"]) == ("1042", "3", "50")


_keys = (
    st.text(_LETTERS, min_size=1, max_size=12).map(str.strip).filter(lambda t: bool(t) and t[0] not in "-=+@")
)
_marks = st.lists(
    st.tuples(
        _keys,
        st.just("99XX"),
        st.dates(
            min_value=__import__("datetime").date(2020, 1, 1),
            max_value=__import__("datetime").date(2030, 1, 1),
        ).map(str),
        st.integers(1, 24).map(str),
        st.one_of(st.just(""), st.integers(0, 600).map(str)),
        st.sampled_from(STATUSES),
        st.sampled_from(("", "sick", "appointment", "leave", "truant", "unknown", "café bezoek")),
        st.sampled_from(("", "true", "false")),
    ),
    min_size=1,
    max_size=8,
)


def _is_other_text_in_utf_8(raw: bytes) -> bool:
    try:
        return not raw.isascii() and bool(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=_marks)
def test_marks_written_in_any_usual_encoding_read_back_the_same(
    encoding: str, separator: str, marks: list[tuple[str, ...]]
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(MARKS.names)
    writer.writerows(marks)
    # A few pairs of letters in cp1252 (É followed by Œ) are also one letter in UTF-8: no reader can tell.
    assume(encoding != "cp1252" or not _is_other_text_in_utf_8(text.getvalue().encode(encoding)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "marks.csv"
        file.write_bytes(text.getvalue().encode(encoding))
        left = Path(folder) / "left"
        left.mkdir()
        import_into(left, Task(file, "marks.csv", "generic", "99XX"), lambda told: None)
        with (left / "marks.csv").open(encoding="utf-8", newline="") as stream:
            back = [tuple(row) for row in csv.reader(stream)]
    assert back == [MARKS.names, *marks]
