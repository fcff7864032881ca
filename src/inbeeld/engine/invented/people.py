"""Make the people of an invented population, and choose who of them stands on which list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from inbeeld.engine.invented.filling import fill_names, set_variables, sql
from inbeeld.engine.invented.list_styles import ListStyle, shares_given_other
from inbeeld.engine.invented.names import name_stocks

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The day the lists are looked at; everybody is of age 5 to 16 on it.
ON: Final = date(2026, 4, 17)
#: Of all families with children of these ages, the shares that have one, two, three and four of them. Near
#: what CBS counts of households with children at home; that it holds for these ages is an assumption.
SIBLINGS: Final = (0.42, 0.42, 0.12, 0.04)
#: Shares of families: living with an uncle of the same name; with names that are very frequent. Assumptions.
WITH_KIN: Final = 0.004
COMMON: Final = 0.01
#: More than any list has rows.
ALL: Final = 2**60


@dataclass(frozen=True, kw_only=True)
class Population:
    """What the people are to be like; the arguments are those of `populations.generate`."""

    children: int
    seed: int
    twins: float = 0.03
    siblings: Sequence[float] = SIBLINGS
    twins_apart: float = 0.0
    concern: float = 0.02
    reference: bool = False

    def __post_init__(self) -> None:
        if self.children < 1:
            raise ValueError("There must be at least one child.")
        if len(self.siblings) != 4 or abs(sum(self.siblings) - 1) > 1e-9:
            raise ValueError("siblings are four shares that add up to 1.")
        if not 0 <= self.twins_of_families <= 1:
            raise ValueError("There are not enough families of two or more for so many twins.")

    @property
    def children_a_family(self) -> float:
        """How many children a family has on average."""
        return sum(size * share for size, share in enumerate(self.siblings, start=1))

    @property
    def twins_of_families(self) -> float:
        """The share of families of two or more in which the first two are twins."""
        several = sum(self.siblings[1:])
        return self.twins * self.children_a_family / (2 * several) if several else self.twins


def make_people(con: DuckDBPyConnection, asked: Population) -> None:
    """Make the tables `household` and `person`, and `standing` and `entry` for who stands on a list."""
    families = round(asked.children / asked.children_a_family * 1.05) + 20
    oldest, youngest = (date(ON.year - years, ON.month, ON.day) for years in (17, 5))
    set_variables(
        con,
        seed=asked.seed,
        children=asked.children,
        families=families,
        up_to_size=[sum(asked.siblings[:size]) for size in range(1, 5)],
        twin_families=asked.twins_of_families,
        with_kin=WITH_KIN,
        common=COMMON,
        looked_on=ON,
        first_birth=oldest + timedelta(days=1),
        days_of_birth=(youngest - oldest).days,
        quarters=min(8990, max(10, families // 8)),
        schools=max(1, asked.children // 600),
        key_width=max(6, len(str(asked.children))),
        twins_apart=asked.twins_apart,
        concern=asked.concern,
    )
    for step in ("randomness", "slips"):
        con.execute(sql(step))
    fill_names(con, name_stocks(reference=asked.reference))
    for step in ("families", "people", "entries"):
        con.execute(sql(step))


def stand_on(con: DuckDBPyConnection, lists: Sequence[ListStyle]) -> None:
    """Choose who stands on each list; ValueError for two of one name, or one that follows a later one."""
    earlier: dict[str, ListStyle] = {}
    for number, style in enumerate(lists):
        if style.name in earlier or (style.follows and style.follows not in earlier):
            raise ValueError(f"{style.name} stands twice, or follows a list that does not come before it.")
        other = earlier[style.follows].share if style.follows else 0.0
        on, off = shares_given_other(share=style.share, other=other, odds_ratio=style.odds_ratio)
        set_variables(
            con,
            list_no=number,
            on_list=style.name,
            follows=style.follows or "",
            share_if_on=on,
            share_if_off=off,
            list_rows=ALL if style.rows is None else style.rows,
            of_concern=style.among == "concern",
            from_age=style.ages[0],
            to_age=style.ages[1],
        )
        con.execute(sql("standing"))
        earlier[style.name] = style
