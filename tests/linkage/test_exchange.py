"""How right an exchange of encodings is: what is found is right, and how many are missed is known.

What an exchange finds is the plain intersection of the match keys (src/inbeeld/engine/exchange/tests), so
that is what is counted here; PYTHONPATH=src:. python -m tests.linkage.test_exchange prints the figures of
docs/reference/exchange.md.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from inbeeld.engine.exchange.match_keys import keyed
from inbeeld.engine.invented import populations
from inbeeld.engine.invented.list_styles import ListStyle
from inbeeld.engine.invented.trials import Pool, Trial

#: Both copied from a register with few slips; one of them, or both, typed by hand.
PAIRS: dict[str, tuple[ListStyle, ListStyle]] = {
    "good": (populations.LEERPLICHT, populations.SCHOOLS),
    "good and poor": (populations.LEERPLICHT, populations.SWV_VO),
    "poor": (populations.SWV_PO, populations.SWV_VO),
}


@dataclass
class Right:
    """Rows of the list that asks: with a partner, found with one, and found without one."""

    true: int = 0
    found: int = 0
    wrong: int = 0

    def add(self, trial: Trial, folder: Path) -> None:
        """Count one trial: found is right when the child stands on the other list; an answer says no more."""
        asks, answers, *_ = trial.write(folder)
        here = keyed(asks, asking=True, work=folder / "work").children
        there = keyed(answers, asking=False, work=folder / "work").children
        has = {key for child in there for key in child.keys}
        on_both = {left for left, _ in trial.pairs}
        found = {key for child in here if has.intersection(child.keys) for key in child.ids}
        self.true += len(on_both)
        self.found += len(found & on_both)
        self.wrong += len(found - on_both)

    @property
    def recall(self) -> float:
        return self.found / self.true

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)


def tried(people: Pool, folder: Path, *, rows: int, seeds: Sequence[int], twins_apart: float = 0.0) -> Right:
    right = Right()
    for seed in seeds:
        here = folder / f"{rows}-{seed}"
        here.mkdir()
        right.add(people.trial(seed, rows=rows, overlap=0.6, twins_apart=twins_apart), here)
    return right


@pytest.mark.parametrize(("quality", "recall"), [("good", 0.95), ("good and poor", 0.70), ("poor", 0.70)])
def test_what_is_found_is_right_and_little_is_missed_on_good_lists(
    quality: str, recall: float, tmp_path: Path
) -> None:
    people = populations.pool(children=8_000, seed=51, lists=PAIRS[quality])
    right = tried(people, tmp_path, rows=500, seeds=range(3))
    assert right.wrong <= 1
    assert right.recall >= recall


def test_of_many_twins_that_stand_apart_few_are_taken_for_each_other(tmp_path: Path) -> None:
    people = populations.pool(children=8_000, seed=52, lists=PAIRS["good and poor"], twins=0.3)
    right = tried(people, tmp_path, rows=500, seeds=range(3), twins_apart=0.7)
    assert right.precision >= 0.985


def _print() -> None:
    for quality, lists in PAIRS.items():
        for twins, apart in ((0.03, 0.0), (0.3, 0.7)):
            people = populations.pool(children=20_000, seed=53, lists=lists, twins=twins)
            for rows, seeds in ((500, range(20)), (5_000, range(2))):
                with tempfile.TemporaryDirectory() as folder:
                    right = tried(people, Path(folder), rows=rows, seeds=seeds, twins_apart=apart)
                print(
                    f"{quality}, {rows:,} rows x {len(seeds)}, twins {twins:.0%}: recall {right.recall:.3f}, "
                    f"precision {right.precision:.4f}, wrong {right.wrong} of {right.found + right.wrong:,}"
                )


if __name__ == "__main__":
    _print()
