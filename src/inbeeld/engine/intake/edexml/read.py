"""A leerling → a learner and an enrolment. Names, address, nationality and BSN are not read at all."""

from __future__ import annotations

import re
from datetime import date

from inbeeld.engine.intake.entry import Delivery, RosterRow
from inbeeld.engine.intake.record import Record


def entry(record: Record, *, delivery: Delivery) -> RosterRow:
    """The roster row; a missing instroomdatum falls back to the peildatum, then the school year's start."""
    key = learner(record, delivery=delivery)
    born_on, came_on, left_on = record.day("born"), record.day("came"), record.day("left")
    said = came_on is not None
    remarks = []
    if born_on is None:
        remarks.append(("geboortedatum", "no birth date: compulsory age is not known"))
    if came_on is None:
        came_on, source = _since(delivery)
        if came_on is None:
            raise record.refused("came", "a date, or a peildatum or schooljaar in the file")
        if left_on is not None and left_on < came_on:
            came_on = None
            remarks.append(
                ("instroomdatum", f"no date of entry, and left on {left_on}: since when is not known")
            )
        else:
            remarks.append(
                ("instroomdatum", f"no date of entry: enrolled from {came_on}, the {source} of the file")
            )
    refused = None
    if left_on is not None and came_on is not None and left_on < came_on:
        refused = ("uitstroomdatum", f"expected a last day not before the first ({came_on}), found {left_on}")
    return RosterRow(
        record.line, key, _school(delivery), born_on, came_on, left_on, tuple(remarks), refused, said
    )


def learner(record: Record, *, delivery: Delivery) -> str:
    """The key of the learner a record is about; RowRefused when it names none."""
    return f"{_school(delivery)}:{record.number('key')}"


def _school(delivery: Delivery) -> str:
    """The school as the deliverer says; with "all" the file's own BRIN and dependance (00 is none)."""
    if delivery.school != "all":
        return delivery.school
    dependance = delivery.head.get("dependancecode", "")
    own = delivery.head.get("brincode", "") + ("" if dependance == "00" else dependance)
    return own or delivery.head.get("schoolkey", "") or "all"


def _since(delivery: Delivery) -> tuple[date | None, str]:
    """The day to count from when a learner has no date of entry, and where it comes from."""
    try:
        return date.fromisoformat(delivery.head.get("peildatum", "")[:10]), "peildatum"
    except ValueError:
        pass
    year = re.fullmatch(r"(\d{4})-\d{4}", delivery.head.get("schooljaar", ""))
    return (date(int(year[1]), 8, 1), "first day of the schooljaar") if year else (None, "")
