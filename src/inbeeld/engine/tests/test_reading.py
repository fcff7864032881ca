"""One learner read back from a snapshot is the learner the engine judged."""

from __future__ import annotations

import multiprocessing
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from inbeeld.engine.reading import attendance_of
from inbeeld.engine.tests.test_bad_input import GOOD, ON
from inbeeld.engine.tests.test_odd_files import as_parquet, write
from inbeeld.kernel.region import Region


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = write(tmp_path / "in", exemptions=GOOD["exemptions"] + "L3,5a,2025-08-01,\n")
    for table in GOOD:
        as_parquet(folder, table, f"{folder}/{table}.parquet")
    return folder


def test_a_learner_comes_with_marks_enrolments_and_calendar(snapshot: Path) -> None:
    found = attendance_of(snapshot, "L1", on=ON, region=Region())
    assert (found.born_on, len(found.marks), len(found.days)) == (date(2012, 5, 1), 2, 2)


def test_a_learner_known_only_from_an_exemption_is_there(snapshot: Path) -> None:
    found = attendance_of(snapshot, "L3", on=ON, region=Region())
    assert found.facts.exempt and found.born_on is None


def test_of_a_learner_who_is_not_delivered_nothing_is_known(snapshot: Path) -> None:
    found = attendance_of(snapshot, "L9", on=ON, region=Region())
    assert (found.enrolments, found.marks, found.days, found.born_on) == ([], [], [], None)


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_process_that_forks_after_reading_reads_on_on_both_sides(snapshot: Path) -> None:
    """A server reads and then makes its workers; each reads on its own, and ends."""
    read = partial(attendance_of, snapshot, "L1", on=ON, region=Region())
    first = read().enrolments
    for _ in range(3):
        worker = multiprocessing.get_context("fork").Process(target=read)
        worker.start()
        worker.join(20)
        alive = worker.is_alive()
        worker.kill()
        assert not alive and worker.exitcode == 0
        assert read().enrolments == first
