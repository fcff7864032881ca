"""Linking beside another toolkit: same lists, same truth, and no figure from little."""

from __future__ import annotations

import json

import pytest

from benchmarks import linking
from benchmarks import report as reporting


def write_truth(folder, *rows):
    (folder / "truth.csv").write_text(
        "list,id,child\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8"
    )


def test_links_are_right_or_wrong_by_the_truth(tmp_path):
    write_truth(
        tmp_path,
        "register,R1,one",
        "register,R2,two",
        "register,R3,three",
        "enrolments,E1,one",
        "enrolments,E2,two",
    )
    assert linking.score([("R1", "E1"), ("R3", "E2")], tmp_path) == {
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
    }
    assert linking.score([], tmp_path) == {"precision": 1.0, "recall": 0.0, "f1": 0.0}


def test_both_link_the_same_lists_and_the_largest_are_tried_as_far_as_the_toolkit_comes(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(linking, "LADDER", (200, 300, 100_000))
    out = tmp_path / "linking.json"
    asked = ["--rows", "200", "--rounds", "1", "--lists", "400", "--work", str(tmp_path), "--out", str(out)]
    assert linking.main(asked) == 0
    found = json.loads(out.read_text("utf-8"))
    for one in (*found["beside"]["peers"].values(), *found["large"].values()):
        assert one["looked_at"] > 100 and one["rows_a_second"] > 0
        assert 0 < one["startup_cpu"] < one["cpu"] and one["peak_bytes"] > 1e8
    # With so few rows the toolkit's classifier may collapse; ours is told beforehand what to expect.
    assert found["beside"]["peers"]["inbeeld"]["f1"] > 0.95
    assert (found["large"]["inbeeld"]["rows"], found["large"]["recordlinkage"]["rows"]) == (400, 300)
    shown = "\n".join(linking.lines(found))
    assert "Linking two lists of 200, medians of 1 interleaved rounds" in shown
    assert "recordlinkage, 300 × 300" in shown
    assert list(linking.figures(found)) == []


def test_the_toolkit_is_not_tried_where_it_would_take_too_long_or_too_much():
    done = {"rows": 20_000, "work_wall": 200.0, "peak_bytes": 5e8}
    assert not linking._too_much(done, 50_000)
    assert linking._too_much({**done, "work_wall": 600.0}, 50_000)
    assert linking._too_much({**done, "peak_bytes": 1e12}, 50_000)


def test_ten_times_the_rate_is_asked_at_a_million_and_as_right_at_five_thousand():
    one = {"f1": 0.9, "pairs_a_second": 100.0, "rows_a_second": 10.0}
    found = {
        "beside": {"rows": 5_000, "peers": {"inbeeld": {**one, "f1": 0.99}, "recordlinkage": one}},
        "large": {
            "inbeeld": {**one, "rows": 1_000_000, "pairs_a_second": 999.0, "rows_a_second": 100.0},
            "recordlinkage": {**one, "rows": 100_000},
        },
    }
    result = {"sizes": [], "growth": {}, "linking": found}
    reached = [(told["reached"], told["met"]) for told in reporting.figures(result)]
    assert reached == [(pytest.approx(1.1), True), (10.0, True)]
