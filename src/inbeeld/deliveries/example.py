"""Files to try handing in with, in a trial: of a school, as its own system would export them.

The last week, with codes nobody explained yet, one absence more than inbeeld knows, and one that was taken
back. And the roster of today, on which one learner is no more and one is new.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from inbeeld.engine import reading
from inbeeld.engine.deliveries import marks_of_days
from inbeeld.kernel.calendar import school_year_begin

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
DAYS, MINUTES, A_LITTLE = 6, 50, 3


def example_of(tables: Path, *, school: str, until_on: date) -> bytes:
    """The export of a school for the week that ends on this day."""
    found = marks_of_days(tables, school=school, from_on=until_on - timedelta(days=DAYS), until_on=until_on)
    # Of two marks of a slot the later holds, so the school exports that one.
    marks = list({mark[:3]: mark for mark in found}.values())
    rows = [_row(*mark) for mark in marks]
    missed = Counter(mark[:2] for mark in marks if mark[4] == "absent")
    # Few lessons missed: who is away the whole week, as the children of the stories are, stays away.
    a_little = [one for one, lessons in sorted(missed.items()) if lessons <= A_LITTLE]
    if len(a_little) > 1:
        taken_back, away_more = a_little[0], a_little[-1]
        known = {mark[2] for mark in marks if mark[:2] == away_more}
        free = next(slot for slot in range(1, 10) if slot not in known)
        rows = [row for row in rows if row[:2] != taken_back]
        rows.append(_row(*away_more, free, MINUTES, "absent", "truant", False))
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


#: Who is new on the roster to try with: invented, as everybody.
NEW_LEARNER = {
    "achternaam": "Terpstra",
    "roepnaam": "Jelle",
    "geboortedatum": "2013-05-14",
}
ROSTER = """<?xml version="1.0" encoding="UTF-8"?>
<EDEX>
	<school>
		<schooljaar>{year}-{next_year}</schooljaar>
		<peildatum>{on}</peildatum>
		<brincode>{brin}</brincode>
		<aanmaakdatum>{on}T07:30:00</aanmaakdatum>
		<xsdversie>2.1</xsdversie>
	</school>
	<leerlingen>
{learners}
	</leerlingen>
</EDEX>
"""


def example_roster_of(tables: Path, *, school: str, brin: str, on: date) -> bytes:
    """The roster of a school on a day; of who is known without the name, which its own system would give."""
    born = {one["learner"]: one["born_on"] for one in reading.rows(tables / "learners.parquet")}
    stays = {
        one["learner"]: one["from_on"]
        for one in reading.rows(tables / "enrolments.parquet")
        if one["school"] == school and one["from_on"] <= on <= (one["until_on"] or on)
    }
    learners = [
        _listed(key.removeprefix(f"{school}:"), {"geboortedatum": born.get(key), "instroomdatum": stays[key]})
        for key in sorted(stays)[:-1]
    ]
    learners.append(_listed("nieuw-1", {**NEW_LEARNER, "instroomdatum": on}))
    year = school_year_begin(on).year
    text = ROSTER.format(
        year=year, next_year=year + 1, on=on, brin=escape(brin), learners="\n".join(learners)
    )
    return text.encode()


def _listed(number: str, said: Mapping[str, object]) -> str:
    parts = "".join(f"<{name}>{escape(str(what))}</{name}>" for name, what in said.items() if what)
    return f"\t\t<leerling key={quoteattr(number)}>{parts}</leerling>"
