from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.refusal import BadInput

Sample = Callable[..., Any]
TEXT = (Path(__file__).parents[1] / "sample.xml").read_text(encoding="utf-8")


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
