from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.intake import names_in
from inbeeld.engine.refusal import BadInput

Sample = Callable[..., Any]
SAMPLE = Path(__file__).parents[1] / "sample.xml"
TEXT = SAMPLE.read_text(encoding="utf-8")


def test_learners_and_enrolments_come_from_the_roster(sample: Sample) -> None:
    left = sample("edexml")
    assert [(r["learner"], r["born_on"]) for r in left.rows("learners")] == [
        ("99XX:00101", "2018-03-04"),
        ("99XX:00102", "2019-11-30"),
        ("99XX:00103", ""),
    ]
    assert [(r["from_on"], r["until_on"]) for r in left.rows("enrolments")] == [
        ("2022-08-22", ""),
        ("2024-01-08", "2026-09-25"),
        ("2026-10-01", ""),
    ]


def test_what_was_missing_is_said_with_the_line(sample: Sample) -> None:
    assert [(r["line"], r["column"]) for r in sample("edexml").rows("remarks")] == [
        ("26", "geboortedatum"),
        ("26", "instroomdatum"),
    ]


def test_the_school_year_counts_when_there_is_no_peildatum(deliver: Sample) -> None:
    left = deliver("edexml", TEXT.replace("<peildatum>2026-10-01</peildatum>", ""), name="r.xml")
    assert left.rows("enrolments")[2]["from_on"] == "2026-08-01"


def test_without_a_school_the_files_own_brin_is_taken(sample: Sample) -> None:
    assert sample("edexml", school="all").rows("learners")[0]["learner"] == "99XX:00101"


def test_names_are_never_written(sample: Sample) -> None:
    assert not [name for name in ("Fenne", "Dalmeijer", "Okkema") if name in sample("edexml").everything()]


def test_a_key_that_stands_there_twice_is_refused_once(deliver: Sample) -> None:
    left = deliver("edexml", TEXT.replace('key="00103"', 'key="00101"'), name="r.xml")
    assert (left.imported.learners, left.imported.refused) == (2, 1)


def test_a_learner_who_left_before_coming_stays_known_but_is_not_enrolled(deliver: Sample) -> None:
    left = deliver("edexml", TEXT.replace("2026-09-25", "2023-09-25"), name="r.xml")
    assert (left.imported.learners, left.imported.enrolments) == (3, 2)
    assert left.rows("refused")[0]["column"] == "uitstroomdatum"


def test_a_bad_birth_date_does_not_leak(deliver: Sample) -> None:
    left = deliver("edexml", TEXT.replace("2018-03-04", "4 maart 2018"), name="r.xml")
    assert "maart" not in left.everything()


@pytest.mark.parametrize("share", [10, 25, 50, 75, 90, 99])
def test_a_roster_cut_off_anywhere_is_refused(deliver: Sample, out: Path, share: int) -> None:
    raw = TEXT.encode()
    with pytest.raises(BadInput):
        deliver("edexml", raw[: len(raw) * share // 100], name="r.xml")
    assert not out.exists()


def test_a_roster_says_of_which_day_it_is_and_what_the_file_itself_says(sample: Sample) -> None:
    left = sample("edexml")
    assert (str(left.imported.speaks_on), left.imported.school_in_file) == ("2026-10-01", "99XX")
    assert [(r["learner"], r["from_on"], r["from_said"], r["clear"]) for r in left.rows("roster")] == [
        ("99XX:00101", "2022-08-22", "True", "True"),
        ("99XX:00102", "2024-01-08", "True", "True"),
        ("99XX:00103", "2026-10-01", "False", "True"),
    ]


def test_without_a_peildatum_it_is_of_the_day_it_was_made(deliver: Sample) -> None:
    text = TEXT.replace("<peildatum>2026-10-01</peildatum>", "")
    assert str(deliver("edexml", text, name="r.xml").imported.speaks_on) == "2026-10-02"


def test_whose_row_cannot_be_read_is_on_the_roster_all_the_same(deliver: Sample) -> None:
    text = TEXT.replace("2018-03-04", "gisteren").replace("2026-09-25", "2023-09-25")
    left = deliver("edexml", text, name="r.xml")
    assert [(r["learner"], r["born_on"], r["clear"]) for r in left.rows("roster")] == [
        ("99XX:00101", "", "False"), ("99XX:00102", "", "False"), ("99XX:00103", "", "True"),
    ]  # fmt: skip
    assert (left.imported.refused, left.imported.unnamed) == (2, 0)


def test_a_row_without_a_key_is_counted_as_a_row_of_nobody(deliver: Sample) -> None:
    left = deliver("edexml", TEXT.replace('key="00101"', 'key="met spatie"'), name="r.xml")
    assert (left.imported.refused, left.imported.unnamed, len(left.rows("roster"))) == (1, 1, 2)


def test_who_left_before_the_day_and_has_no_date_of_entry_is_no_mistake(deliver: Sample) -> None:
    text = TEXT.replace("<instroomdatum>2024-01-08</instroomdatum>", "")
    left = deliver("edexml", text, name="r.xml")
    assert (left.imported.learners, left.imported.enrolments, left.imported.refused) == (3, 2, 0)
    (row,) = [r for r in left.rows("roster") if r["learner"].endswith("00102")]
    assert (row["from_on"], row["until_on"], row["from_said"], row["clear"]) == (
        "", "2026-09-25", "False", "True",
    )  # fmt: skip


def test_names_are_read_apart_and_nothing_else_with_them() -> None:
    found = names_in(SAMPLE, profile="edexml", school="99XX")
    assert found == {
        "99XX:00101": {"last_name": "Dalmeijer", "call_name": "Fenne"},
        "99XX:00102": {"last_name": "Hélanders"},
        "99XX:00103": {"last_name": "Okkema"},
    }


def test_a_name_is_on_one_line(tmp_path: Path) -> None:
    file = tmp_path / "r.xml"
    name = "<achternaam>Okkema\n  Smit</achternaam><voorletters-1>T</voorletters-1>"
    file.write_text(TEXT.replace("<achternaam>Okkema</achternaam>", name), encoding="utf-8")
    names = names_in(file, profile="edexml", school="99XX")["99XX:00103"]
    assert names == {"last_name": "Okkema Smit", "initials": "T"}


@pytest.mark.parametrize(
    "content", [TEXT[: len(TEXT) // 2], "<!DOCTYPE x [<!ENTITY a 'b'>]><EDEX>&a;</EDEX>"]
)
def test_names_of_half_a_file_or_a_hostile_one_are_not_taken(tmp_path: Path, content: str) -> None:
    file = tmp_path / "r.xml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput):
        names_in(file, profile="edexml", school="99XX")
