"""How learners stood on an earlier day: worked out from the marks of now, by the engine itself.

A judgement published earlier says what was known then; this says how it was. Only so are two days compared by
the same marks, and a correction of a school is no change of a child (docs/decisions/0021).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from inbeeld.engine.judge import facts_on
from inbeeld.kernel.calendar import add_months, school_year_begin
from inbeeld.kernel.region import Region
from inbeeld.learners.standing import counted


@dataclass(frozen=True)
class Before:
    """A learner on the earlier day. `layer` None: not known, or of another school year."""

    layer: int | None
    on_register: bool | None


NOT_KNOWN = Before(None, None)


def compared_with(on: date) -> date:
    """The day a judgement is compared with: the same day of the month before."""
    return add_months(on, -1)


def before_of(
    tables: Path, *, on: date, region: Region, born: Mapping[str, date | None]
) -> dict[str, Before]:
    """Of each learner of the tables how it stood on the day a judgement of `on` is compared with.

    `born`: birth dates by key. Shares of two school years are not laid side by side: counting began anew.
    """
    then = compared_with(on)
    same_year = school_year_begin(then) == school_year_begin(on)
    alike: dict[Before, Before] = {}  # a country has few different ones
    found = {}
    for fact in facts_on(tables, on=then, region=region):
        key = fact["learner"]
        stood = counted(fact, on=then, born_on=born.get(key), off_roll_since=None)
        before = Before(fact["layer_ytd"] if same_year else None, stood.on_register)
        found[key] = alike.setdefault(before, before)
    return found
