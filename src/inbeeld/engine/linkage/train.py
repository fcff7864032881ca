"""Count the reference anew: `python -m inbeeld.engine.linkage.train`, some minutes; the result is committed.

The population it counts in has names, families and damage of its own (`reference=True`): lists that linking
is tried on share no seed with it, and a part of their names is not in it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.engine.linkage.levels import QUESTIONS
from inbeeld.engine.linkage.lists import ListRead, read_lists
from inbeeld.engine.linkage.normalising import normalise
from inbeeld.engine.linkage.reference import FLOORS, FOLDER

if TYPE_CHECKING:
    import duckdb

SEED, CHILDREN = 20_260_801, 60_000
#: Pairs of strangers looked at, for each pair of lists.
STRANGERS = 2_000_000
#: Names rarer than this are left to the floor.
RAREST = 5e-5
#: What is added to every count, so that nothing is impossible.
ADDED = 0.5
#: Invented lists are all of one day, so nobody changed school between two of them, and who moved moved far.
#: These shares are assumptions: of each class so many answer otherwise than counted.
ASSUMED = {"school": {"other": 0.10}, "address": {"same_postcode": 0.005, "near": 0.02}}
#: How a pair is known, and the classes that are counted: the pair's own conditions on child and family.
CLASSES = {
    "child": "l.child = r.child",
    "twin": "l.family = r.family AND l.child <> r.child AND l.kind = 'twin' AND r.kind = 'twin' "
    "AND l.true_born = r.true_born",
    "sibling": "l.family = r.family AND l.child <> r.child AND l.true_born <> r.true_born",
}


def train(out: Path = FOLDER) -> None:
    """Write chances.json and frequencies.csv to `out`. About 1 GB and some minutes."""
    import duckdb

    from inbeeld.engine.invented import populations

    official = replace(populations.REGISTER, name="official", quality="good", with_school=True)
    called = replace(populations.ENROLMENTS, name="called", share=1.0)
    poor = replace(called, name="poor", house_style="call_as_first", quality="poor")
    both = replace(called, name="both", house_style="both")
    four = (official, called, poor, both)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as con:
        where = Path(folder) / "population"
        populations.generate(
            where,
            children=CHILDREN,
            seed=SEED,
            lists=four,
            twins=0.06,
            reference=True,
        )
        con.execute(f"SET temp_directory = '{folder}'")
        lists = read_lists(con, [where / "lists" / f"{style.name}.csv" for style in four])
        normalise(con, lists)
        _know_who(con, where, lists)
        pairs = ((0, 1), (0, 2), (1, 3), (2, 3))
        chances = {
            "twins": 0.03,
            "siblings": round(_siblings(con), 3),
            "answers": _answers(con, pairs),
        }
        (out / "chances.json").write_text(json.dumps(chances, indent=1) + "\n", encoding="utf-8")
        _write_frequencies(con, lists, out / "frequencies.csv")


def _know_who(con: duckdb.DuckDBPyConnection, where: Path, lists: Sequence[ListRead]) -> None:
    """Make known_<number>: people with their child, family and day of birth (as most lists have it)."""
    for name in ("truth", "families"):
        con.execute(
            f"CREATE TEMP TABLE {name} AS SELECT * FROM read_csv('{where / name}.csv', all_varchar = true)"
        )
    con.execute(
        "CREATE TEMP TABLE birth AS SELECT child, MODE(born) AS true_born FROM ("
        + " UNION ALL ".join(
            f"SELECT truth.child, born FROM people_{one.number} AS people JOIN truth ON truth.id = people.id "
            f"AND truth.list = '{one.name}'"
            for one in lists
        )
        + ") AS every_list GROUP BY child"
    )
    for one in lists:
        con.execute(
            f"CREATE TEMP TABLE known_{one.number} AS SELECT people.*, truth.child, family, kind, true_born "
            f"FROM people_{one.number} AS people "
            f"JOIN truth ON truth.id = people.id AND truth.list = '{one.name}' "
            "JOIN families USING (child) JOIN birth USING (child)"
        )


def _siblings(con: duckdb.DuckDBPyConnection) -> float:
    """How many brothers and sisters of compulsory age a child has, twins apart."""
    found = con.execute(
        "SELECT COUNT(*) / (SELECT COUNT(*) FROM families) FROM families AS l JOIN families AS r "
        "ON l.family = r.family AND l.child <> r.child AND NOT (l.kind = 'twin' AND r.kind = 'twin')"
    ).fetchall()
    return float(found[0][0])


def _answers(
    con: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[int, int]]
) -> dict[str, dict[str, dict[str, float]]]:
    """Question → answer → class → share, the pairs of lists counting alike."""
    found: dict[str, dict[str, dict[str, float]]] = {
        question.key: {level.key: {} for level in question.levels} for question in QUESTIONS
    }
    for name, condition in {**CLASSES, "stranger": ""}.items():
        for question in QUESTIONS:
            counts = dict.fromkeys(range(len(question.levels)), ADDED)
            for left, right in pairs:
                for number, times in con.execute(
                    _count(question.answer(), left, right, condition)
                ).fetchall():
                    if number >= 0:
                        counts[number] += times
            total = sum(counts.values())
            for level in question.levels:
                found[question.key][level.key][name] = float(
                    f"{counts[question.number(level.key)] / total:.4g}"
                )
    return found


def _count(answer: str, left: int, right: int, condition: str) -> str:
    """SQL: how often each answer is given by pairs of a class; strangers are drawn row by row, by lot."""
    if condition:
        key = "child" if condition == CLASSES["child"] else "family"
        pairs = f"known_{left} AS l JOIN known_{right} AS r ON l.{key} = r.{key} AND {condition}"
    else:
        each = STRANGERS // CHILDREN
        drawn = f"CAST(1 + HASH(unique_id, draw) % {CHILDREN} AS BIGINT)"
        pairs = (
            f"(SELECT *, {drawn} AS other FROM known_{left} "
            f"CROSS JOIN (SELECT UNNEST(RANGE({each})) AS draw) AS draws) AS l "
            f"JOIN known_{right} AS r ON r.unique_id = l.other AND r.family <> l.family"
        )
    return f"SELECT {answer} AS answer, COUNT(*) FROM {pairs} GROUP BY answer"


def _write_frequencies(con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead], file: Path) -> None:
    """How often each name falls, over all lists; the rarest are left to the floor."""
    kinds = [kind for kind in FLOORS if kind != "postcode"]  # invented postcodes say nothing of real ones
    everybody = " UNION ALL ".join(f"SELECT {', '.join(kinds)} FROM people_{one.number}" for one in lists)
    each = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {kind} AS value, COUNT(*) / SUM(COUNT(*)) OVER () AS share "
        f"FROM ({everybody}) AS everybody WHERE {kind} IS NOT NULL GROUP BY {kind}"
        for kind in kinds
    )
    con.execute(
        f"COPY (SELECT kind, value, PRINTF('%.6f', share) AS share FROM ({each}) AS each_kind "
        f"WHERE share >= {RAREST} ORDER BY kind, value) TO '{file}' (FORMAT csv, HEADER)"
    )


if __name__ == "__main__":
    train()
