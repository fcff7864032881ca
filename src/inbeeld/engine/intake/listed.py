"""One organisation's list of children, as it keeps it: the columns of contract §5 and no other.

Headings may be ours or Dutch, CSV or XLSX. Runs inside the confined child process; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from inbeeld.engine.intake.keys import COULD_RUN, KeysAreBsns, bsns_among
from inbeeld.engine.intake.opening import opened
from inbeeld.engine.intake.profile import Field, Profile
from inbeeld.engine.intake.record import Record, RowRefused
from inbeeld.engine.intake.written import harmless
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import LIST_COLUMNS

DAYS = ("born_on", "since_on")
LONGEST = 200
#: Nobody on a list of children was born before, and no list begins after.
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)
LIST = Profile(
    name="list",
    title="a list of children",
    fields=(
        Field("id", ("id", "kenmerk", "nummer", "dossiernummer"), required=True, personal=True),
        Field("last_name", ("last_name", "achternaam", "geslachtsnaam"), required=True, personal=True),
        Field("prefix", ("prefix", "tussenvoegsel", "voorvoegsel", "voorvoegsels"), personal=True),
        Field("first_names", ("first_names", "voornamen", "voornaam"), personal=True),
        Field("call_name", ("call_name", "roepnaam"), personal=True),
        Field("born_on", ("born_on", "geboortedatum", "geboren", "geboren op"), required=True, personal=True),
        Field("postcode", ("postcode",), personal=True),
        Field("house_number", ("house_number", "huisnummer"), personal=True),
        Field("school", ("school", "brin", "vestiging")),
        Field("since_on", ("since_on", "sinds", "vanaf", "datum melding"), personal=True),
        Field("category", ("category", "categorie", "soort"), personal=True),
    ),
)  # fmt: skip


def rows_listed(file: Path, *, shown: str) -> Iterator[dict[str, str]]:
    """Each row of a list by LIST_COLUMNS, and under `remark` the line of a day that could not be read.

    Such a day is left open: a register holds days nobody knows. Raises BadInput for what makes the list as a
    whole unsure: a row without an id, or an id that stands there twice, a row of another width, BSNs.
    """
    seen: dict[str, int] = {}
    others: dict[str, set[str]] = {name: set() for name in LIST_COLUMNS if name != "id"}
    for record in opened(file, LIST, shown=shown).records():
        if isinstance(record, tuple):
            line, refused = record
            raise BadInput(shown, refused.reason.removeprefix("expected "), line=line)
        if not any(record.text(name) for name in LIST_COLUMNS):
            continue
        for name, found in others.items():
            if (value := record.text(name)).isdecimal():
                found.add(value)
        yield _row(record, seen, shown=shown)
    if not seen:
        raise BadInput(shown, "at least one row under the header", line=2)
    for name, values in {"id": set(seen), **others}.items():
        try:
            bsns_among(values)
        except KeysAreBsns:
            expected = "no BSNs; these look like BSNs, which are never needed"
            if name == "id":
                expected = "ids of your own; these look like BSNs, which are never needed"
            raise BadInput(shown, expected, column=name) from None


def _row(record: Record, seen: dict[str, int], *, shown: str) -> dict[str, str]:
    row = {name: _plainly(record.text(name)) for name in LIST_COLUMNS}
    key, column = row["id"], record.columns["id"]
    if not key:
        raise BadInput(shown, "an id in every row", line=record.line, column=column)
    if key != record.text("id"):
        raise BadInput(shown, f"an id that is not {COULD_RUN}", line=record.line, column=column)
    if key in seen:
        raise BadInput(shown, f"each id once; it is on line {seen[key]} too", line=record.line, column=column)
    seen[key] = record.line
    for name in DAYS:
        day = _day(record, name)
        if day is None and row[name]:
            row["remark"] = f"{record.line}"
        row[name] = "" if day is None else day.isoformat()
    return row


def _day(record: Record, name: str) -> date | None:
    try:
        day = record.day(name)
    except RowRefused:
        return None
    return day if day is not None and EARLIEST <= day <= LATEST else None


def _plainly(text: str) -> str:
    """On one line, without what cannot be seen, and no formula to a spreadsheet."""
    return harmless("".join(char for char in " ".join(text.split()) if char.isprintable())[:LONGEST])
