"""The official test persons of RvIG, typed over with invented mistakes: each is found, as nobody else."""

from __future__ import annotations

from pathlib import Path

from inbeeld.engine.invented.trials import Trial
from tests.linkage.trying import Score, links_of


def test_the_official_test_persons_are_found_on_a_list_that_was_typed_over(
    official_test_persons: Trial, tmp_path: Path
) -> None:
    score = Score()
    score.add(links_of(official_test_persons.write(tmp_path), tmp_path / "out"), official_test_persons.pairs)
    assert score.pairs == len(official_test_persons.lists["typed"])
    assert score.sure_wrong <= 0.001 * score.sure
    assert score.recall >= 0.99
