"""(d) pandas for `facts` alone with the marks read the plain way: texts stay texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from benchmarks.peers.pandas_peer import judge_in_pandas


def run(folder: Path, on: date, out: Path) -> None:
    """The table `facts` of one region on one day, as Parquet in `out`."""
    judge_in_pandas(folder, on, out, read_marks=marks_as_texts, facts_alone=True)


def marks_as_texts(files: list[str]) -> pd.DataFrame:
    """The marks in order of delivery, as read_parquet gives them; dates as dates, permission with empty."""
    read = [pd.read_parquet(path, to_pandas_kwargs={"date_as_object": False}) for path in files]
    return pd.concat(read, ignore_index=True).astype({"permission": "boolean"})
