"""Lists that can share no child: said by whoever asks, held to, and reckoned with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inbeeld.engine.linkage import compare
from inbeeld.engine.linkage.tests.conftest import Compared, others, write
from inbeeld.engine.refusal import BadInput


def three(folder: Path, *, shared: int = 0) -> list[Path]:
    """Sixty of primary, sixty of secondary education, and of each forty on the list of all."""
    everybody = others("L", 120)
    write(folder / "all.csv", [*everybody[20:60], *everybody[80:120], *others("L", 20, first=200)])
    write(folder / "po.csv", others("P", 60 + shared))
    return [folder / "po.csv", write(folder / "vo.csv", others("V", 60, first=60)), folder / "all.csv"]


def test_lists_apart_are_left_out_of_what_is_read_from_the_overlap(tmp_path: Path) -> None:
    files = three(tmp_path)
    receipt = compare(files, out=tmp_path / "out", apart=[("vo", "po")])
    assert receipt["apart"] == [["po", "vo"]]
    told = json.loads((Compared(tmp_path / "out").out / "coverage.json").read_text("utf-8"))
    pair = next(one for one in told["pairs"] if one["lists"] == ["po", "vo"])
    assert [one["warning"] for one in pair["warnings"]] == ["apart"]
    looked_at = {(row["left_list"], row["right_list"]) for row in Compared(tmp_path / "out").rows("sample")}
    assert looked_at == {("po", "all"), ("vo", "all")}
    # Twenty only on the list of all; of the two others 40 are not on it and 80 are: ten are on none.
    assert "apart" in told["jointly"]["assumptions"]
    assert told["jointly"]["estimated_total"] == pytest.approx(140 + 10, abs=0.5)
    compare(files, out=tmp_path / "out")
    plain = json.loads((tmp_path / "out" / "coverage.json").read_text("utf-8"))["jointly"]
    assert plain["estimated_total"] is None or plain["estimated_total"] > 160


def test_lists_apart_that_share_a_child_are_refused_with_the_child_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    files = three(tmp_path, shared=3)
    with pytest.raises(BadInput) as refused:
        compare(files, out=tmp_path / "out", apart=[("po", "vo")])
    assert str(refused.value) == (
        f"{files[1]}, column id: expected no child that is on po too, as --apart says; 3 are, "
        'first P60, found "V60".'
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("names", [("po", "mbo"), ("po", "po")])
def test_names_that_are_not_two_of_the_lists_are_refused(names: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--apart: expected two of the lists po, vo, all"):
        compare(three(tmp_path), out=tmp_path / "out", apart=[names])
