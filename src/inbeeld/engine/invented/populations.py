"""Invented populations to train and try the linking of lists with: the lists, and apart from them the truth.

Families, twins and cousins, names that sound alike, frequent names, other parents' names, and what people
do to names when they write them down. `reference=True` gives people to learn from, with other names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from inbeeld.engine.invented import _silent
from inbeeld.engine.invented.list_styles import (
    ENROLMENTS,
    LEERPLICHT,
    REGISTER,
    SCHOOLS,
    SWV_PO,
    SWV_VO,
    YOUTH_HEALTH,
    ListStyle,
)
from inbeeld.engine.invented.lists import write_csv, write_lists
from inbeeld.engine.invented.people import COMMON, COUSINS, SIBLINGS, Population, make_people, stand_on
from inbeeld.engine.invented.trials import Kin, Pool, Trial, pool
from inbeeld.engine.snapshot import building, refuse_somebody_elses
from inbeeld.engine.tables import quoted

MADE_BY: Final = "inbeeld.engine.invented.populations"
FAMILIES: Final = "SELECT learner AS child, family, kind, kin AS household FROM household ORDER BY n"


def generate(
    out: Path,
    *,
    children: int,
    seed: int,
    lists: Sequence[ListStyle],
    twins: float = 0.03,
    siblings: Sequence[float] = SIBLINGS,
    cousins: float = COUSINS,
    common: float = COMMON,
    twins_apart: float = 0.0,
    concern: float = 0.02,
    reference: bool = False,
    progress: Callable[[str], None] = _silent,
) -> None:
    """Write `lists/<name>.csv` to the folder `out`, and beside them `truth.csv` and `families.csv`.

    `twins` is the share of children that are a twin, `siblings` the share of families with one to four
    children, `cousins` the share of families that live with an uncle of the same name, `common` the share
    whose names and birth dates are so frequent that strangers share them, `twins_apart` the share of twins of
    whom one stands on the first, third… list only and the other on the second, fourth…; `concern` the share
    of children that lists of concern are about.
    truth.csv: list, id, child. families.csv: child, family, kind (only, sibling, twin), household (the same
    for cousins who live together). population.json: how many children, how many of concern, rows by list.
    Same arguments and DuckDB version: same bytes. Raises ValueError for shares that cannot be, BadInput when
    `out` is somebody else's.
    """
    import duckdb

    asked = Population(
        children=children, seed=seed, twins=twins, siblings=siblings, cousins=cousins, common=common,
        twins_apart=twins_apart, concern=concern, reference=reference,
    )  # fmt: skip
    refuse_somebody_elses(out, made_by=MADE_BY)
    with building(out, made_by=MADE_BY) as folder, duckdb.connect(":memory:") as con:
        for setting in (
            "threads = 2",
            "memory_limit = '1500MB'",
            f"temp_directory = '{quoted(folder / 'spill')}'",
        ):
            con.execute(f"SET {setting}")
        progress("families and names")
        make_people(con, asked)
        progress("lists")
        stand_on(con, lists)
        rows = write_lists(con, folder / "lists", tuple(lists))
        write_csv(con, "SELECT list, id, learner AS child FROM truth ORDER BY list, id", folder / "truth.csv")
        write_csv(con, FAMILIES, folder / "families.csv")
        (of_concern,) = con.execute("SELECT count(*) FILTER (of_concern) FROM household").fetchall()[0]
        account = {
            "children": children,
            "of_concern": of_concern,
            "seed": seed,
            "reference": reference,
            "rows": rows,
        }
        (folder / "population.json").write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")


def register_against_enrolments(
    out: Path,
    *,
    seed: int,
    children: int = 100_000,
    on_no_roll: int = 465,
    progress: Callable[[str], None] = _silent,
) -> None:
    """The register of a region against all its enrolments; exactly `on_no_roll` children go to no school.

    As `generate`, with 3 % twins. Who is on no roll stands in truth.csv for register, and not for enrolments.
    """
    enrolments = replace(ENROLMENTS, share=1.0, rows=children - on_no_roll)
    generate(out, children=children, seed=seed, lists=(REGISTER, enrolments), progress=progress)


__all__ = [
    "ENROLMENTS", "LEERPLICHT", "REGISTER", "SCHOOLS", "SIBLINGS", "SWV_PO", "SWV_VO",
    "YOUTH_HEALTH", "Kin", "ListStyle", "Pool", "Trial", "generate", "pool", "register_against_enrolments",
]  # fmt: skip
