"""A file to try handing in with, in a trial: the last week of a school as its own system would export it.

With codes nobody explained yet, one absence more than inbeeld knows, and one that was taken back.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from inbeeld.engine.deliveries import marks_of_days

HEAD = (
    "leerlingnummer",
    "datum",
    "lesuur",
    "minuten",
    "code",
    "omschrijving",
    "status",
    "reden",
    "geoorloofd",
)
#: status, reason and permission → code, description and what the file says of permission
CODES = {
    ("absent", "sick", True): ("Z", "Ziek", "ja"),
    ("absent", "appointment", True): ("AF", "Afspraak", "ja"),
    ("absent", "leave", True): ("VL", "Verlof", "ja"),
    ("absent", "truant", False): ("S", "Spijbelen", "nee"),
    ("absent", "unknown", None): ("O", "Nog niet bekend", ""),
    ("late", "", None): ("TL", "Te laat", ""),
    ("removed", "", None): ("UIT", "Uit de les gestuurd", ""),
}
DAYS, MINUTES = 6, 50


def example_of(tables: Path, *, school: str, until_on: date) -> bytes:
    """The export of a school for the week that ends on this day."""
    marks = marks_of_days(tables, school=school, from_on=until_on - timedelta(days=DAYS), until_on=until_on)
    learners = list(dict.fromkeys(mark[0] for mark in marks))
    rows = [_row(*mark) for mark in marks]
    if len(learners) > 1:
        taken_back, away_more = learners[0], learners[-1]
        last = max(mark[1] for mark in marks)
        known = {mark[2] for mark in marks if mark[:2] == (away_more, last)}
        rows = [row for row in rows if row[0] != taken_back]
        rows += [
            _row(away_more, last, slot, MINUTES, "absent", "truant", False)
            for slot in range(1, 9)
            if slot not in known
        ]
    return _as_file(rows)


def _row(
    learner: str,
    on: date,
    slot: int,
    minutes: int | None,
    status: str,
    reason: str | None,
    permission: bool | None,
) -> tuple[object, ...]:
    """A line of the export: with a code where the school has one for it, else in words."""
    code = CODES.get((status, reason or "", permission))
    said = ("", "", "") if code else (status, reason or "", _word(permission))
    code, description, permitted = code or ("", "", "")
    return (learner, on, slot, minutes or "", code, description, *said[:2], permitted or said[2])


def _word(permission: bool | None) -> str:
    return "" if permission is None else "ja" if permission else "nee"


def _as_file(rows: Sequence[Sequence[object]]) -> bytes:
    text = StringIO()
    written = csv.writer(text, delimiter=";", lineterminator="\r\n")
    written.writerow(HEAD)
    written.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
