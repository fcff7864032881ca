"""What is missing for an answer, as short keys: read from the reasons of the clauses that are not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from inbeeld.kernel.definition import Definition
from inbeeld.kernel.facts import FactRow, facts_of_child
from inbeeld.kernel.truth import Because, Outcome

OFFER, PERMISSION, BIRTH_DATE = "offer", "permission", "birth_date"
BASIC_QUALIFICATION, SCHOOL_DAYS = "basic_qualification", "school_days"


def missing_of(definition: Definition, fact: Mapping[str, Any], *, on: date, born_on: date | None) -> str:
    """Keys with commas, or "" where the reasons name none. `fact` is a row of the table `facts`."""
    row = FactRow(**{**{field.name: fact.get(field.name) for field in fields(FactRow)}, "born_on": born_on})
    verdict = definition.verdict(facts_of_child(row, on=on))
    if verdict.outcome is not Outcome.UNKNOWN:
        return ""
    return ",".join(dict.fromkeys(_keys_of(definition, verdict.clauses)))


def _keys_of(definition: Definition, clauses: tuple[Any, ...]) -> Iterator[str]:
    for clause in clauses:
        if clause.truth.outcome is Outcome.UNKNOWN:
            yield from (key for because in clause.truth.because if (key := _key_of(definition, because)))


def _key_of(definition: Definition, because: Because) -> str:
    if definition.subject.startswith("layer-") and ("number", None) in because.values:
        return SCHOOL_DAYS
    return next((key for words, key in SAID_BY.items() if words in because.sentence), "")


#: Words of the kernel's reasons, and the key of what they say is missing.
SAID_BY = {
    "whether there is a suitable offer": OFFER,
    "has not said yet whether there was permission": PERMISSION,
    "the birth date is not known": BIRTH_DATE,
    "whether there is a basic qualification is not known": BASIC_QUALIFICATION,
}
