"""(d) pandas for the table `facts` alone: no duties, no alerts, no list of episodes written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.peers.pandas_peer import judge_in_pandas, marks_as_categories


def run(folder: Path, on: date, out: Path) -> None:
    """The table `facts` of one region on one day, as Parquet in `out`."""
    judge_in_pandas(folder, on, out, read_marks=marks_as_categories, facts_alone=True)
