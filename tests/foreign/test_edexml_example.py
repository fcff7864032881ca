"""The example roster that comes with EDEXML 2.1."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from inbeeld.engine.intake import import_file, recognise
from tests.foreign.test_ed_fi_year import refused_and_untouched, with_damaged_tag


@pytest.fixture
def example(shared: Path) -> Path:
    return shared / "edexml" / "EDEXML-2.1" / "EDEXML.Voorbeeld.2.1.xml"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_three_learners_are_read_and_one_has_no_birth_date(example: Path, tmp_path: Path) -> None:
    done = import_file(example, profile="edexml", school="99ZZ", out=tmp_path / "out")
    assert (done.read, done.learners, done.enrolments, done.refused) == (3, 3, 3, 0)
    assert [(r["learner"], r["born_on"]) for r in rows(tmp_path / "out" / "learners.csv")] == [
        ("99ZZ:00001", "2006-06-21"),
        ("99ZZ:00002", ""),
        ("99ZZ:12345", "2006-06-21"),
    ]


def test_who_has_no_date_of_entry_is_enrolled_from_the_reference_date(example: Path, tmp_path: Path) -> None:
    import_file(example, profile="edexml", school="all", out=tmp_path / "out")
    assert [(r["from_on"], r["until_on"]) for r in rows(tmp_path / "out" / "enrolments.csv")] == [
        ("2014-10-01", ""),
        ("2013-08-25", ""),
        ("2010-08-19", "2014-07-18"),
    ]
    assert [r["column"] for r in rows(tmp_path / "out" / "remarks.csv")] == ["instroomdatum", "geboortedatum"]


def test_no_name_number_or_country_leaves_the_roster(example: Path, tmp_path: Path) -> None:
    import_file(example, profile="edexml", school="99ZZ", out=tmp_path / "out")
    written = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    text = example.read_text(encoding="utf-8")
    bsn = text.partition("<bsn>")[2].partition("</bsn>")[0]
    assert len(bsn) == 9
    assert not [word for word in (bsn, "Assati", "Wimpie", "Gradje", "Ismaël", "6971VB") if word in written]


def test_the_example_is_recognised(example: Path) -> None:
    assert recognise(example) == ["edexml"]


@pytest.mark.parametrize("share", [2, 10, 30, 50, 70, 90, 99])
def test_an_example_cut_off_anywhere_is_refused(example: Path, tmp_path: Path, share: int) -> None:
    raw = example.read_bytes()
    refused_and_untouched(raw[: len(raw) * share // 100], tmp_path, profile="edexml", school="99ZZ")


@pytest.mark.parametrize("nth", [0, 5, 20, 40, 80])
@pytest.mark.parametrize("bad", [b"\x00", b"q", b"<"])
def test_an_example_with_a_flipped_byte_in_its_tags_is_refused(
    example: Path, tmp_path: Path, nth: int, bad: bytes
) -> None:
    refused_and_untouched(
        with_damaged_tag(example.read_bytes(), nth, bad), tmp_path, profile="edexml", school="99ZZ"
    )
