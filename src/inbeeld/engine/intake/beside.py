"""What may lie beside a delivery: the school's lesson hours per day and a saved column mapping."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from inbeeld.engine.intake.decoding import encoding_of
from inbeeld.engine.intake.limits import refuse_unusable
from inbeeld.engine.intake.profile import Profile, plain
from inbeeld.engine.intake.record import tidy
from inbeeld.engine.refusal import BadInput

_BSN_LIKE = ("bsn", "pgn", "burgerservice", "sofi", "onderwijsnummer", "persoonsgebonden")


def slots_by_school(file: Path) -> dict[str, int]:
    """School → slots per day from a schools table; empty when there is no such file."""
    if not file.is_file():
        return {}
    found = {}
    for line, row in _rows(file, ("school", "slots_per_day")):
        if not row["slots_per_day"].isdecimal() or not 1 <= int(row["slots_per_day"]) <= 24:
            raise BadInput(
                str(file), "a whole number from 1 to 24", line, "slots_per_day", row["slots_per_day"]
            )
        found[row["school"]] = int(row["slots_per_day"])
    return found


def saved_columns(file: Path, profile: Profile) -> dict[str, str]:
    """Field → column from a saved mapping (columns field, column); empty when there is no such file."""
    if not file.is_file():
        return {}
    fields = {f.name for f in profile.fields}
    found: dict[str, str] = {}
    for line, row in _rows(file, ("field", "column")):
        if row["field"] not in fields:
            raise BadInput(str(file), "one of " + ", ".join(sorted(fields)), line, "field", row["field"])
        if row["field"] == "learner" and any(word in plain(row["column"]) for word in _BSN_LIKE):
            raise BadInput(str(file), "a learner's number that is not the BSN", line, "column", row["column"])
        found[row["field"]] = row["column"]
    return found


def _rows(file: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    shown = str(file)
    refuse_unusable(file, shown=shown)
    text = file.read_bytes().decode(encoding_of(file, shown=shown))
    separator = ";" if ";" in text.partition("\n")[0] else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise BadInput(shown, "well-formed CSV to the end") from None
    header = [tidy(cell) for cell in rows[0]] if rows else []
    missing = [name for name in columns if name not in header]
    if missing:
        raise BadInput(shown, f"the columns {', '.join(columns)}; not there: {', '.join(missing)}", line=1)
    filled = [(n, row) for n, row in enumerate(rows[1:], start=2) if any(row)]
    for number, row in filled:
        if len(row) < len(header):
            raise BadInput(shown, f"{len(header)} columns in every row", line=number)
    return [(n, {name: tidy(cell) for name, cell in zip(header, row, strict=False)}) for n, row in filled]
