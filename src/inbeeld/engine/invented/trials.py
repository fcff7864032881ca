"""Thousands of small trials: two lists of any size, drawn from one large invented population in memory."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from inbeeld.engine.invented.list_styles import ListStyle
from inbeeld.engine.invented.lists import Row, as_written, written_rows
from inbeeld.engine.invented.people import COMMON, COUSINS, SIBLINGS, Population, make_people, stand_on
from inbeeld.engine.schema import LIST_COLUMNS


@dataclass(frozen=True)
class Kin:
    """Whose child somebody is: `kind` is only, sibling or twin; cousins under one roof share `household`.

    Of people who are not invented nobody may have told: `kind` is unknown, and every one a family.
    """

    child: str
    family: int
    kind: str
    household: int


@dataclass(frozen=True)
class Trial:
    """Lists with the truth apart: `people` says who each (list, id) is."""

    lists: dict[str, tuple[Row, ...]]
    people: dict[tuple[str, str], Kin]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """The ids on the first and the second list that are one child."""
        first, second, *_ = self.lists
        on_second = {kin.child: number for (name, number), kin in self.people.items() if name == second}
        return {
            (number, on_second[kin.child])
            for (name, number), kin in self.people.items()
            if name == first and kin.child in on_second
        }

    def write(self, folder: Path) -> list[Path]:
        """Write the lists as CSV, without the truth, into a folder that is there; the files."""
        files = []
        for name, rows in self.lists.items():
            files.append(folder / f"{name}.csv")
            with files[-1].open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerows([LIST_COLUMNS, *rows])
        return files


@dataclass(frozen=True)
class Pool:
    """A population of which every child is written on every list; trials are drawn from it."""

    styles: tuple[ListStyle, ...]
    households: tuple[tuple[Kin, ...], ...]
    rows: dict[str, dict[str, Row]]

    def trial(
        self, seed: int, *, rows: int, overlap: float, twins_apart: float = 0.0, whole: float = 1.0
    ) -> Trial:
        """Draw a first and a second list of `rows` rows, `overlap` of which (a share) are the same children.

        Of `whole` of the households drawn all children are in the trial, of the others one. Of `twins_apart`
        of the twins one stands on the first list only and the other on the second only. A third list holds
        all the children of the trial, as a register would. Raises ValueError when the pool is too small.
        """
        lot = Random(f"trial {seed}")
        both = round(rows * overlap)
        drawn = self._drawn(lot, children=2 * rows - both, whole=whole)
        first, second = _parted(drawn, lot, rows=rows, both=both, twins_apart=twins_apart)
        lists: dict[str, tuple[Row, ...]] = {}
        people: dict[tuple[str, str], Kin] = {}
        for style, standing in zip(
            self.styles, (first, second, *[drawn] * len(self.styles[2:])), strict=True
        ):
            standing = lot.sample(standing, len(standing))
            numbers = [f"{style.letters}-{number:06d}" for number in range(1, len(standing) + 1)]
            written = self.rows[style.name]
            lists[style.name] = tuple(
                (number, *written[kin.child]) for number, kin in zip(numbers, standing, strict=True)
            )
            people |= {(style.name, number): kin for number, kin in zip(numbers, standing, strict=True)}
        return Trial(lists, people)

    def _drawn(self, lot: Random, *, children: int, whole: float) -> list[Kin]:
        """So many children, household by household; the last may be cut."""
        drawn: list[Kin] = []
        for household in lot.sample(self.households, min(children, len(self.households))):
            drawn += household if lot.random() < whole else [lot.choice(household)]
            if len(drawn) >= children:
                return drawn[:children]
        raise ValueError(f"There are {len(drawn)} children to draw; {children} are asked.")


def pool(
    *,
    children: int,
    seed: int,
    lists: Sequence[ListStyle],
    twins: float = 0.03,
    siblings: Sequence[float] = SIBLINGS,
    cousins: float = COUSINS,
    common: float = COMMON,
    reference: bool = False,
) -> Pool:
    """Invent a population in memory, to draw trials from; of the lists only names and damage count.

    Arguments as of `populations.generate`. 50,000 children on two lists take about three seconds and 350 MB.
    """
    import duckdb

    asked = Population(
        children=children, seed=seed, twins=twins, siblings=siblings, cousins=cousins, common=common,
        reference=reference,
    )  # fmt: skip
    styles = tuple(
        replace(style, share=1.0, rows=None, among="all", follows=None, ages=(0, 99), twice=0.0)
        for style in lists
    )
    with duckdb.connect(":memory:") as con:
        con.execute("SET threads = 2")
        make_people(con, asked)
        stand_on(con, styles)
        people = con.execute("SELECT learner, family, kind, kin FROM household ORDER BY n").fetchall()
        rows = {}
        for style in styles:
            as_written(con, style)
            rows[style.name] = {child: row[1:] for child, row in written_rows(con).items()}
    households: defaultdict[int, list[Kin]] = defaultdict(list)
    for one in people:
        kin = Kin(*one)
        households[kin.household].append(kin)
    return Pool(styles, tuple(tuple(kin) for kin in households.values()), rows)


def _parted(
    children: list[Kin], lot: Random, *, rows: int, both: int, twins_apart: float
) -> tuple[list[Kin], list[Kin]]:
    """Who stand on the first and on the second list: some on both, the rest on one."""
    twins: defaultdict[int, list[Kin]] = defaultdict(list)
    for kin in children:
        if kin.kind == "twin":
            twins[kin.family].append(kin)
    room = rows - both
    apart = [pair for pair in twins.values() if len(pair) == 2 and lot.random() < twins_apart][:room]
    first, second = [pair[0] for pair in apart], [pair[1] for pair in apart]
    parted = {kin.child for kin in (*first, *second)}
    rest = [kin for kin in children if kin.child not in parted]
    lot.shuffle(rest)
    only = room - len(apart)
    return first + rest[:both] + rest[both : both + only], second + rest[:both] + rest[both + only :]
