"""The Ed-Fi sample year: every one of its attendance events is judged or named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inbeeld.engine.intake import import_file, recognise
from inbeeld.engine.refusal import BadInput

EVENTS = 1_917
SUNDAY_EVENTS = 3


@pytest.fixture
def imported(ed_fi_year, tmp_path):
    region, year = ed_fi_year
    done = import_file(year.events, profile="edfi", school="all", out=tmp_path / "imported")
    shutil.copy(tmp_path / "imported" / "marks.csv", region / "marks.csv")
    return region, year, done


def test_every_event_of_the_year_becomes_a_mark(imported) -> None:
    _, _, done = imported
    assert (done.read, done.marks, done.refused, done.unjudged) == (EVENTS, EVENTS, 0, 0)


def test_the_file_is_recognised(shared: Path) -> None:
    assert recognise(shared / "edfi_data_standard_5_2" / "StudentSchoolAttendance.xml") == ["edfi"]


def test_the_receipt_of_the_judgement_accounts_for_every_mark(imported, tmp_path: Path) -> None:
    from inbeeld.engine.judge import judge

    region, year, _ = imported
    receipt = judge(region, on=year.last_day, out=tmp_path / "judged")
    marks = receipt["marks"]
    named = (
        "replaced_by_a_later_mark",
        "no_school_day",
        "not_enrolled_there",
        "learner_not_known",
        "after_the_day",
    )
    assert marks["rows"] == EVENTS
    assert marks["counted"] + sum(marks[name] for name in named) == EVENTS
    # One learner has two events on one day; three events lie on a Sunday. Everything else counts.
    assert marks["replaced_by_a_later_mark"] == 1
    assert marks["counted"] + marks["no_school_day"] == EVENTS - 1
    assert marks["no_school_day"] == SUNDAY_EVENTS


def test_a_delivery_for_one_school_takes_only_its_events(ed_fi_year, tmp_path: Path) -> None:
    _, year = ed_fi_year
    done = import_file(year.events, profile="edfi", school="255901107", out=tmp_path / "one")
    assert (done.marks, done.refused) == (831, EVENTS - 831)


@pytest.mark.parametrize("share", [1, 20, 50, 80, 99])
def test_a_year_cut_off_anywhere_is_refused_and_the_earlier_import_stays(
    ed_fi_year, tmp_path: Path, share: int
) -> None:
    _, year = ed_fi_year
    raw = year.events.read_bytes()
    refused_and_untouched(raw[: len(raw) * share // 100], tmp_path, profile="edfi", school="all")


@pytest.mark.parametrize("nth", [0, 1, 400, 9_000, 20_000])
@pytest.mark.parametrize("bad", [b"\x00", b"&", b"<"])
def test_a_year_with_a_flipped_byte_in_its_tags_is_refused(
    ed_fi_year, tmp_path: Path, nth: int, bad: bytes
) -> None:
    _, year = ed_fi_year
    raw = year.events.read_bytes()
    refused_and_untouched(with_damaged_tag(raw, nth, bad), tmp_path, profile="edfi", school="all")


def with_damaged_tag(raw: bytes, nth: int, bad: bytes) -> bytes:
    """The file with the first letter of its nth closing tag replaced."""
    at = -1
    for _ in range(nth + 1):
        at = raw.index(b"</", at + 1)
    return raw[: at + 2] + bad + raw[at + 3 :]


def refused_and_untouched(raw: bytes, tmp_path: Path, *, profile: str, school: str) -> None:
    """Import `raw` over a folder that holds an earlier import: one sentence, and the folder as it was."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "import.json").write_text("{}")
    damaged = tmp_path / "damaged.xml"
    damaged.write_bytes(raw)
    with pytest.raises(BadInput) as refused:
        import_file(damaged, profile=profile, school=school, out=out)
    assert str(refused.value).startswith(f"{damaged}")
    assert "\n" not in str(refused.value)
    assert [file.name for file in out.iterdir()] == ["import.json"]
    assert (out / "import.json").read_text() == "{}"
