"""What the learners of a roster are called. Runs inside the confined child process only; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inbeeld.engine.intake.entry import Delivery
from inbeeld.engine.intake.opening import opened
from inbeeld.engine.intake.profile import all_profiles, reader_of
from inbeeld.engine.intake.record import Record, RowRefused

LONGEST_NAME = 200
PARTS = ("last_name", "prefix", "first_names", "initials", "call_name")


def learners_named(
    file: Path, *, shown: str, profile: str, school: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """The key of each learner that can be read, and the parts of its name in the file. Raises BadInput."""
    known = all_profiles()[profile]
    keys = tuple(field for field in known.fields if field.required)
    source = opened(file, replace(known, fields=(*keys, *known.names)), shown=shown)
    delivery = Delivery(school, source.head)
    for record in source.records():
        try:
            if isinstance(record, tuple):
                raise record[1]
            yield reader_of(known).learner(record, delivery=delivery), _named(record)
        except RowRefused:
            continue  # the import says so


def _named(record: Record) -> dict[str, str]:
    """The parts of a name that stand there."""
    found = {field: _plainly(record.text(field)) for field in PARTS}
    return {part: text for part, text in found.items() if text}


def _plainly(text: str) -> str:
    """On one line, without what cannot be seen."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:LONGEST_NAME]
