"""In a trial: lists of invented children to hand in, as each organisation would keep it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings

from inbeeld.engine import reading
from inbeeld.engine.schema import LIST_COLUMNS
from inbeeld.learners.snapshot import begun_on
from inbeeld.reconciliation.models import Comparison

#: In a register of who may have to go to school: so old, in years, at most.
AGES = range(5, 18)


def has_example(comparison: Comparison) -> bool:
    """Are there lists to try this comparison with?"""
    return settings.INBEELD_TRIAL and _region().is_dir()


def example_list(comparison: Comparison, party: str) -> bytes | None:
    """The file of a party's list; None when the trial has none.

    Beside a register the lists are those of the region itself: who lives there, and who is enrolled.
    """
    if not comparison.is_of_the_roll:
        file = _region() / "lists" / f"{party}.csv"
        return file.read_bytes() if file.is_file() else None
    if not (_region() / "people.parquet").is_file():
        return None
    first = comparison.parties.order_by("place").values_list("name", flat=True).first()
    return _as_csv(_who_lives_there() if party == first else _who_is_enrolled())


def _region() -> Path:
    return Path(settings.INBEELD_DATA) / "region"


def _who_lives_there() -> Iterator[dict[str, Any]]:
    on = begun_on() or date.today()  # noqa: DTZ011  (a trial stands still on its day)
    for one in _people():
        if one["born_on"] is not None and on.year - one["born_on"].year in AGES:
            yield {**one, "id": f"BR-{one['learner'][1:]}"}


def _who_is_enrolled() -> Iterator[dict[str, Any]]:
    stays = reading.rows(_region() / "enrolments.parquet")
    schools = {one["learner"]: one["school"] for one in stays if one["until_on"] is None}
    for one in _people():
        if one["learner"] in schools:
            yield {**one, "id": f"IN-{one['learner'][1:]}", "school": schools[one["learner"]]}


def _people() -> Iterator[dict[str, Any]]:
    born = {one["learner"]: one["born_on"] for one in reading.rows(_region() / "learners.parquet")}
    for one in reading.rows(_region() / "people.parquet"):
        yield {**one, "born_on": born.get(one["learner"])}


def _as_csv(rows: Iterator[dict[str, Any]]) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, LIST_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
