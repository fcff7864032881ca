"""From the columns of a list to people that can be compared: the Dutch rules of names, in SQL.

Exact joins on raw names find 45 % of pairs, after these rules 85 %: more than any model adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from inbeeld.engine.linkage.lists import COLUMNS, ListRead
from inbeeld.engine.linkage.reference import load_names

if TYPE_CHECKING:
    import duckdb

SQL = Path(__file__).parent / "sql"

#: Words that are never a surname by themselves: Dutch prefixes and how they are cut short, those of other
#: languages, and what says that a second name follows ("geb.", "e/v").
PREFIXES = (
    "van", "de", "der", "den", "het", "ter", "ten", "te", "tot", "op", "in", "aan", "by", "uit", "over",
    "onder", "voor", "vd", "vdr", "vdn", "vande", "vander", "vanden", "vant", "opt", "int", "la", "le", "les",
    "du", "des", "el", "al", "ait", "ben", "bin", "abu", "von", "zu", "zur", "da", "do", "dos", "di", "del",
    "della", "dr", "geb", "geboren", "gehuwd", "ev",
)  # fmt: skip


def normalise(con: duckdb.DuckDBPyConnection, lists: Sequence[ListRead]) -> None:
    """Make the table people_<number> of every list, and those of the names that are known beforehand."""
    prefixes = "[" + ", ".join(f"'{prefix}'" for prefix in PREFIXES) + "]"
    con.execute(Template(step("01_spelling")).substitute(prefixes=prefixes))
    load_names(con)
    for one in lists:
        places = {column: one.place(column) for column in COLUMNS}
        con.execute(Template(step("02_names")).substitute(places, number=one.number))
        con.execute(Template(step("03_people")).substitute(number=one.number))


def step(name: str) -> str:
    """The SQL of one step."""
    return (SQL / f"{name}.sql").read_text("utf-8")
