"""Invented populations to train and try the linking of lists with: the lists, and apart from them the truth.

Families, twins and cousins, names that sound alike, frequent names, other parents' names, and what people
do to names when they write them down. `reference=True` gives people to learn from, with other names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inbeeld.engine.invented import _silent
from inbeeld.engine.invented.filling import fill_names, set_variables, sql
from inbeeld.engine.invented.list_styles import (
    ENROLMENTS,
    LEERPLICHT,
    REGISTER,
    SCHOOLS,
    SWV_PO,
    SWV_VO,
    YOUTH_HEALTH,
    ListStyle,
    shares_given_other,
)
from inbeeld.engine.invented.lists import COLUMNS, quoted, write_csv, write_lists
from inbeeld.engine.invented.names import name_stocks
from inbeeld.engine.snapshot import building, refuse_somebody_elses

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MADE_BY: Final = "inbeeld populations"
ON: Final = date(2026, 4, 17)
#: Of a hundred families with children of compulsory age how many have one, two, three and four of them:
#: rounded from what CBS counts of households with children at home; an assumption for this age.
SIBLINGS: Final = (0.42, 0.42, 0.12, 0.04)


def generate(
    out: Path,
    *,
    children: int,
    seed: int,
    lists: Sequence[ListStyle],
    twins: float = 0.03,
    siblings: Sequence[float] = SIBLINGS,
    twins_apart: float = 0.0,
    concern: float = 0.02,
    reference: bool = False,
    progress: Callable[[str], None] = _silent,
) -> None:
    """Write `lists/<name>.csv` to the folder `out`, and beside them `truth.csv` and `families.csv`.

    `twins` is the share of children that are a twin, `siblings` the share of families with one to four
    children, `twins_apart` the share of twins of whom one stands on the first, third… list only and the other
    on the second, fourth…; `concern` the share of children that lists of concern are about.
    truth.csv: list, id, child. families.csv: child, family, kind (only, sibling, twin), household.
    Same arguments and DuckDB version: same bytes. Raises BadInput when `out` is somebody else's.
    """
    import duckdb

    refuse_somebody_elses(out, made_by=MADE_BY)
    with building(out, made_by=MADE_BY) as folder, duckdb.connect(":memory:") as con:
        for setting in ("threads = 2", "memory_limit = '1500MB'"):
            con.execute(f"SET {setting}")
        con.execute(f"SET temp_directory = {quoted(folder / 'spill')}")
        progress("families and names")
        settle(
            con,
            children=children, seed=seed, twins=twins, siblings=siblings, twins_apart=twins_apart,
            concern=concern, reference=reference,
        )  # fmt: skip
        for number, style in enumerate(lists):
            stand(con, style, number=number, others=lists)
        progress("lists")
        counts = write_lists(con, folder / "lists", tuple(lists))
        write_csv(con, "SELECT list, id, learner AS child FROM truth ORDER BY list, id", folder / "truth.csv")
        write_csv(
            con,
            "SELECT learner AS child, family, kind, kin AS household FROM household ORDER BY n",
            folder / "families.csv",
        )
        of_concern = con.execute(
            "SELECT count(*) FROM household WHERE chance(n, 'concern') < getvariable('concern')"
        ).fetchall()[0][0]
        account = {
            "children": children,
            "of_concern": of_concern,
            "seed": seed,
            "reference": reference,
            "rows": counts,
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
    """The register of a large region against all enrolments; exactly `on_no_roll` children go to no school.

    As `generate`; twins are 3 % of the children. The truth of who is on no roll: who stands in truth.csv for
    register and not for enrolments.
    """
    enrolments = replace(ENROLMENTS, share=1.0, rows=children - on_no_roll)
    generate(out, children=children, seed=seed, lists=(REGISTER, enrolments), progress=progress)


def settle(
    con: DuckDBPyConnection,
    *,
    children: int,
    seed: int,
    twins: float,
    siblings: Sequence[float],
    twins_apart: float,
    concern: float,
    reference: bool,
) -> None:
    """Make the people: tables `household` and `person`, and the empty table `standing`."""
    mean = sum(size * share for size, share in enumerate(siblings, start=1))
    families = round(children / mean * 1.05) + 20
    set_variables(
        con,
        seed=seed,
        children=children,
        families=families,
        up_to_size=[sum(siblings[:size]) for size in range(1, 5)],
        twin_families=twins * mean / (2 * sum(siblings[1:])),
        kin=0.004,
        common=0.01,
        looked_on=ON,
        first_birth=date(ON.year - 17, ON.month, ON.day + 1),
        days_of_birth=(date(ON.year - 5, ON.month, ON.day) - date(ON.year - 17, ON.month, ON.day)).days,
        quarters=min(8990, max(10, families // 8)),
        schools=max(1, children // 600),
        key_width=max(6, len(str(children))),
        twins_apart=twins_apart,
        concern=concern,
    )
    con.execute(sql("randomness"))
    con.execute(sql("slips"))
    fill_names(con, name_stocks(reference=reference))
    con.execute(sql("families"))
    con.execute(sql("people"))
    con.execute("CREATE TEMP TABLE standing (list VARCHAR, n BIGINT, since_on DATE, category VARCHAR)")
    con.execute(sql("entries"))


def stand(con: DuckDBPyConnection, style: ListStyle, *, number: int, others: Sequence[ListStyle]) -> None:
    """Choose who stands on this list, the `number`th of the population (from 0)."""
    other = next((one for one in others if one.name == style.follows), None)
    on, off = (
        (style.share, style.share)
        if other is None
        else shares_given_other(share=style.share, other=other.share, odds_ratio=style.odds_ratio)
    )
    set_variables(
        con,
        list_no=number,
        on_list=style.name,
        follows=style.follows or "",
        share_if_on=on,
        share_if_off=off,
        list_rows=2**60 if style.rows is None else style.rows,
        of_concern=style.among == "concern",
        from_age=style.ages[0],
        to_age=style.ages[1],
    )
    con.execute(sql("standing"))


__all__ = [
    "COLUMNS", "ENROLMENTS", "LEERPLICHT", "REGISTER", "SCHOOLS", "SIBLINGS", "SWV_PO", "SWV_VO",
    "YOUTH_HEALTH", "ListStyle", "generate", "register_against_enrolments",
]  # fmt: skip
