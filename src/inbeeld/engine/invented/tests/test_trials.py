"""Small trials drawn from one population in memory."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from inbeeld.engine.invented import populations
from inbeeld.engine.invented.list_styles import ListStyle
from inbeeld.engine.invented.lists import retyped
from inbeeld.engine.schema import LIST_COLUMNS

LEFT, RIGHT = populations.LEERPLICHT, populations.YOUTH_HEALTH


@pytest.fixture(scope="module")
def pool() -> populations.Pool:
    return populations.pool(children=3000, seed=6, lists=(LEFT, RIGHT, populations.REGISTER), twins=0.3)


@pytest.mark.parametrize("rows", [1, 50, 500])
@pytest.mark.parametrize("overlap", [0.0, 0.6, 1.0])
def test_a_trial_has_the_rows_and_the_overlap_asked(
    pool: populations.Pool, rows: int, overlap: float
) -> None:
    trial = pool.trial(1, rows=rows, overlap=overlap)
    register = trial.lists["register"]
    assert len(trial.lists[LEFT.name]) == len(trial.lists[RIGHT.name]) == rows
    assert len(trial.pairs) == round(rows * overlap)
    assert len(register) == 2 * rows - len(trial.pairs)
    on_register = {trial.people["register", row[0]] for row in register}
    assert set(trial.people.values()) == on_register


def test_pairs_are_the_same_child_and_all_of_them(pool: populations.Pool) -> None:
    trial = pool.trial(2, rows=200, overlap=0.5)
    who = {name: {row[0]: trial.people[name, row[0]] for row in rows} for name, rows in trial.lists.items()}
    every = {
        (left, right)
        for left, one in who[LEFT.name].items()
        for right, other in who[RIGHT.name].items()
        if one == other
    }
    assert trial.pairs == every
    assert all(len(set(listed.values())) == len(listed) for listed in who.values())


def test_twins_apart_stand_each_on_another_list(pool: populations.Pool) -> None:
    for apart in (0.0, 1.0):
        trial = pool.trial(3, rows=300, overlap=0.5, twins_apart=apart)
        lists_of: dict[str, list[str]] = {}
        families: Counter[int] = Counter()
        for (name, _), kin in trial.people.items():
            if kin.kind == "twin" and name != "register":
                lists_of.setdefault(kin.child, []).append(name)
        for kin in {kin for kin in trial.people.values() if kin.child in lists_of}:
            families[kin.family] += 1
        whole = {kin for kin in trial.people.values() if kin.kind == "twin" and families[kin.family] == 2}
        assert len(whole) > 40
        on_both = [kin for kin in whole if len(lists_of[kin.child]) == 2]
        assert bool(on_both) == (apart == 0.0)


def test_of_households_that_are_not_drawn_whole_one_child_is_there(pool: populations.Pool) -> None:
    trial = pool.trial(4, rows=200, overlap=0.5, whole=0.0)
    every = set(trial.people.values())
    assert len({kin.household for kin in every}) == len(every) == 300


def test_hard_trials_hold_cousins_and_strangers_of_one_name_and_birth_date() -> None:
    hard = populations.pool(children=6000, seed=6, lists=(LEFT, RIGHT), cousins=0.2, common=0.5)
    assert sum(len({kin.family for kin in household}) == 2 for household in hard.households) > 400
    trial = hard.trial(1, rows=500, overlap=0.5)
    born, name = (LIST_COLUMNS.index(column) for column in ("born_on", "last_name"))
    homes: dict[tuple[str, str], set[int]] = {}
    for row in trial.lists[LEFT.name]:
        homes.setdefault((row[name], row[born]), set()).add(trial.people[LEFT.name, row[0]].household)
    assert sum(len(strangers) > 1 for strangers in homes.values()) >= 3


def test_the_same_seed_gives_the_same_trial_and_another_seed_another(pool: populations.Pool) -> None:
    trials = [pool.trial(seed, rows=50, overlap=0.5) for seed in (4, 4, 5)]
    assert trials[0] == trials[1] != trials[2]


def test_more_children_than_the_pool_has_are_refused(pool: populations.Pool) -> None:
    with pytest.raises(ValueError, match="3000 children to draw; 3800 are asked"):
        pool.trial(1, rows=2000, overlap=0.1)


def test_a_written_trial_is_the_lists_without_the_truth(pool: populations.Pool, tmp_path: Path) -> None:
    trial = pool.trial(1, rows=20, overlap=0.5)
    files = trial.write(tmp_path)
    assert [file.stem for file in files] == list(trial.lists)
    for file in files:
        with file.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert tuple(header) == LIST_COLUMNS
        assert tuple(tuple(row) for row in rows) == trial.lists[file.stem]


def test_a_list_of_others_is_typed_over_with_all_its_people_and_the_same_mistakes_each_time() -> None:
    rows = [
        (f"P{n}", "Wijngaarden", "van", "Johannes Hendrik", "Jan", "2012-03-04", "1001SA", "1", "", "", "")
        for n in range(200)
    ]
    typed = retyped(rows, ListStyle("typed", house_style="both", quality="poor"), seed=3)
    assert typed == retyped(rows, ListStyle("typed", house_style="both", quality="poor"), seed=3)
    assert set(typed) == {row[0] for row in rows}
    assert len({row[0] for row in typed.values()}) == 200
    assert len({row[1:] for row in typed.values()}) > 50
    assert all(not row[5] or date.fromisoformat(row[5]) for row in typed.values())
