"""Lists of which the truth is known, compared as anybody would, and how right what was said is."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inbeeld.engine.invented.trials import Trial
from inbeeld.engine.linkage import compare

Ids = tuple[str, str]


@dataclass
class Score:
    """Counts over any number of comparisons: true pairs, and what was said of pairs, right and wrong.

    `sure_kin`: sure links of two children of one family, the ones that must not be.
    """

    pairs: int = 0
    sure: int = 0
    sure_wrong: int = 0
    found: int = 0
    likely: int = 0
    likely_wrong: int = 0
    sure_kin: int = 0

    def add(self, links: Sequence[dict[str, str]], pairs: Collection[Ids]) -> None:
        """Add the links of one comparison, of which `pairs` are right."""
        true = set(pairs)
        self.pairs += len(true)
        for link in links:
            ids = link["left_id"], link["right_id"]
            right = ids in true
            self.sure += link["verdict"] == "sure"
            self.sure_wrong += link["verdict"] == "sure" and not right
            self.found += right and link["verdict"] != "weak"
            self.likely += float(link["probability"]) >= 0.5
            self.likely_wrong += float(link["probability"]) >= 0.5 and not right

    @property
    def precision_of_sure(self) -> float:
        return 1 - self.sure_wrong / self.sure

    @property
    def recall(self) -> float:
        """Of what is sure or possible."""
        return self.found / self.pairs

    @property
    def f1(self) -> float:
        """Of all links that are likelier than not."""
        return 2 * (self.likely - self.likely_wrong) / (self.likely + self.pairs)


def links_of(files: Sequence[Path], out: Path) -> list[dict[str, str]]:
    """Compare the lists into a folder; the rows of links.csv."""
    compare(files, out=out)
    return rows_of(out / "links.csv")


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def tried(trials: Iterable[Trial], folder: Path) -> Score:
    """Compare the first two lists of each trial; one score."""
    score = Score()
    for number, trial in enumerate(trials):
        here = folder / str(number)
        here.mkdir()
        links = links_of(trial.write(here)[:2], here / "out")
        score.add(links, trial.pairs)
        for link in links:
            one, other = (
                trial.people[link[f"{side}_list"], link[f"{side}_id"]] for side in ("left", "right")
            )
            score.sure_kin += (
                link["verdict"] == "sure" and one.family == other.family and one.child != other.child
            )
    return score
