"""What is known beforehand: how often children, twins, siblings and strangers answer each question alike.

Counted by train.py in invented populations that no test of linking uses: lists of 50 children are too small
to estimate any of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.engine.linkage.levels import QUESTIONS

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(__file__).parent / "reference"
#: The share of a value that the reference never saw, by column.
FLOORS = {"given": 2e-4, "surname": 2e-5, "postcode": 2e-4}


@dataclass(frozen=True)
class Chance:
    """The probability of one answer of a child beside itself, a stranger, its twin, its brother or sister."""

    child: float
    stranger: float
    twin: float
    sibling: float


@dataclass(frozen=True)
class Reference:
    """`answers`: question → chances in the order of its levels. `twins`, `siblings`: how many a child has."""

    answers: Mapping[str, tuple[Chance, ...]]
    twins: float
    siblings: float


@cache
def reference() -> Reference:
    """The reference as shipped."""
    told = json.loads((FOLDER / "chances.json").read_text("utf-8"))
    answers = {
        question.key: tuple(Chance(**told["answers"][question.key][level.key]) for level in question.levels)
        for question in QUESTIONS
    }
    return Reference(answers, told["twins"], told["siblings"])


def fingerprint_of_reference() -> str:
    """A short hash over the files of the reference, for the receipt."""
    whole = hashlib.sha256()
    for file in sorted(FOLDER.iterdir()):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]


def load_names(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables call_names (call, official) and frequencies (kind, value, share), as names are read.

    The macros of 01_spelling must be there.
    """
    con.execute(
        "CREATE TEMP TABLE call_names AS SELECT DISTINCT ARRAY_TO_STRING(words_of(call), '') AS call, "
        "ARRAY_TO_STRING(words_of(official), '') AS official FROM "
        f"read_csv('{FOLDER / 'call_names.csv'}', all_varchar = true)"
    )
    con.execute(
        "CREATE TEMP TABLE frequencies AS SELECT kind, value, CAST(share AS DOUBLE) AS share FROM "
        f"read_csv('{FOLDER / 'frequencies.csv'}', all_varchar = true)"
    )
