"""What is said of children on two or more lists, and what is never said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inbeeld.engine.linkage import compare
from inbeeld.engine.linkage.tests.conftest import Compared, child, others, write

Laid = Callable[..., Compared]
HOME = {"postcode": "9411SA", "house_number": "12"}
AWAY = {"postcode": "3000SD", "house_number": "7"}
BORN = "2012-03-04"


def both(left: dict[str, str], right: dict[str, str]) -> dict[str, list[object]]:
    """Two lists of thirty, ten of them on both, and one row more on each."""
    return {
        "a": [child("A", "", "", "") | left, *others("a", 30)],
        "b": [child("B", "", "", "") | right, *others("b", 30, first=20)],
    }


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (child("A", "Fenna Maria", "Bakker", BORN, **HOME), child("B", "Fenna", "Bakker", BORN, **HOME)),
        (
            child("A", "Zoë", "Berg", BORN, prefix="van den", **HOME),
            child("B", "Zoe", "Berg, v.d.", BORN, **HOME),
        ),
        (child("A", "Thijs", "Dijkstra", BORN, **HOME), child("B", "Thys", "Dykstra", BORN, **HOME)),
        (child("A", "Lieke", "Postma-Prinsen", BORN, **HOME), child("B", "Lieke", "Prinsen", BORN, **HOME)),
        (child("A", "Fenna", "Bakker", BORN, **HOME), child("B", "Fenna", "Bakker", BORN, **AWAY)),
        (child("A", "Fenna", "Bakker", BORN, **HOME), child("B", "Fenna", "Bakker", "2012-04-03", **HOME)),
        (child("A", "Fenna", "Bakker", BORN, **HOME), child("B", "Fenna", "Bakkr", BORN, **HOME)),
    ],
)
def test_a_child_written_otherwise_is_found(left: dict[str, str], right: dict[str, str], laid: Laid) -> None:
    found = laid(**both(left, right))
    assert found.verdicts()["A", "B"] == ("sure", "")
    assert ("A", "B") in found.children()


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        (child("A", "Sem", "Bakker", BORN, **HOME), child("B", "Sam", "Bakker", BORN, **HOME), "twin"),
        (child("A", "S.", "Bakker", BORN, **HOME), child("B", "Sam", "Bakker", BORN, **HOME), "twin"),
        (child("A", "", "Bakker", BORN, **HOME), child("B", "Sam", "Bakker", BORN, **HOME), "twin"),
        (
            child("A", "Fenna", "Bakker", "", **HOME),
            child("B", "Fenna", "Bakker", BORN, **HOME),
            "no_birth_date",
        ),
        (
            child("A", "Johannes", "Bakker", BORN, **HOME),
            child("B", "Hans", "Bakker", BORN, **HOME),
            "call_name",
        ),
        (
            child("A", "Fenna", "Bakker", BORN, **HOME),
            child("B", "Fenna", "Bakker", "2013-07-09", **HOME),
            "birth_date",
        ),
    ],
)
def test_what_a_twin_or_sibling_might_be_is_for_a_person(
    left: dict[str, str], right: dict[str, str], reason: str, laid: Laid
) -> None:
    found = laid(**both(left, right))
    assert found.verdicts()["A", "B"] == ("possible", reason)
    assert ("A", "") in found.children() and ("", "B") in found.children()
    rows = {row["id"]: row for row in found.rows("differences")}
    assert (rows["A"]["kind"], rows["A"]["missing_on"], rows["A"]["possible_id"]) == ("perhaps", "b", "B")
    assert (rows["B"]["kind"], rows["B"]["missing_on"], rows["B"]["possible_id"]) == ("perhaps", "a", "A")


def test_two_of_one_name_and_day_at_one_school_are_not_sure_without_a_surname_or_a_home(laid: Laid) -> None:
    """Met in a trial: an Ilyas on each list, born the same day, at the same school, and two children."""
    one = child("A", "Ilyas", "Abakan", BORN, school="S7")
    other = child("B", "Ilyas", "Barkani", BORN, school="S7", **HOME)
    assert laid(**both(one, other)).verdicts()["A", "B"][0] == "possible"
    moved = child("A", "Ilyas", "Barkani", BORN, school="S7", **AWAY)
    assert laid(**both(moved, other)).verdicts()["A", "B"][0] == "sure"


def test_a_sibling_of_another_age_is_not_even_possible(laid: Laid) -> None:
    left, right = (
        child("A", "Sem", "Bakker", BORN, **HOME),
        child("B", "Tess", "Bakker", "2014-08-21", **HOME),
    )
    assert laid(**both(left, right)).verdicts().get(("A", "B"), ("weak",))[0] == "weak"


def test_two_who_would_do_are_both_shown(laid: Laid) -> None:
    right = child("B", "Fenna", "Bakker", BORN, **HOME)
    lists = both(child("A", "Fenna", "Bakker", BORN, **HOME), right)
    lists["b"].append(right | {"id": "B-again"})
    verdicts = laid(**lists).verdicts()
    assert verdicts["A", "B"] == ("possible", "rival")
    assert verdicts["A", "B-again"] == ("possible", "rival")


def test_twins_on_both_lists_find_each_their_own(laid: Laid) -> None:
    twins = [child("1", "Sem", "Bakker", BORN, **HOME), child("2", "Sam", "Bakker", BORN, **HOME)]
    found = laid(
        a=[row | {"id": f"A{row['id']}"} for row in twins] + others("a", 30),
        b=[row | {"id": f"B{row['id']}"} for row in twins] + others("b", 30, first=20),
    )
    assert [pair for pair in found.children() if pair[0].startswith("A")] == [("A1", "B1"), ("A2", "B2")]


def test_everybody_stands_in_children_once_and_who_is_missing_in_differences(laid: Laid) -> None:
    found = laid(a=others("a", 30), b=others("b", 30, first=20))
    assert len(found.children()) == 50
    for place, prefix in enumerate("ab"):
        ids = sorted(row[place] for row in found.children() if row[place])
        assert ids == sorted(f"{prefix}{at}" for at in range(20 * place, 20 * place + 30))
    absent = [(row["on_lists"], row["missing_on"], row["kind"]) for row in found.rows("differences")]
    assert absent == [("a", "b", "absent")] * 20 + [("b", "a", "absent")] * 20


def test_at_most_one_partner_on_a_list_is_sure(laid: Laid) -> None:
    found = laid(a=others("a", 60), b=others("b", 60, first=10), c=others("c", 60, first=30))
    seen = set()
    for row in found.rows("links"):
        if row["verdict"] == "sure":
            for mine, other in (("left", "right"), ("right", "left")):
                key = (row[f"{mine}_list"], row[f"{mine}_id"], row[f"{other}_list"])
                assert key not in seen
                seen.add(key)
    assert len(seen) == 2 * (50 + 30 + 40)


def test_what_else_a_list_says_is_carried_along(laid: Laid) -> None:
    first = [row | {"note": f"said of {row['id']}", "category": "at home"} for row in others("a", 12)]
    found = laid(a=first, b=others("b", 12, first=6))
    carried = {
        row["id"]: (row["note"], row["category"], row["last_name"]) for row in found.rows("differences")
    }
    assert carried["a0"] == ("said of a0", "at home", "Oudeboon")
    assert carried["b12"] == ("", "", "Zandvliet")
    assert found.receipt()["lists"][0]["carried_along"] == ["note"]


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(laid: Laid) -> None:
    found = laid(a=[row | {"note": "=1+1"} for row in others("a", 12)], b=others("b", 12, first=6))
    assert {row["note"] for row in found.rows("differences")} == {"'=1+1", ""}


def test_rows_of_which_little_is_known_stay_in_sight_and_are_counted(laid: Laid) -> None:
    empty = {"id": "A"}
    found = laid(a=[empty, *others("a", 12)], b=others("b", 12, first=6))
    assert ("A", "") in found.children()
    told = found.receipt()["lists"][0]
    assert (told["without_name"], told["without_birth_date"], told["without_postcode"]) == (1, 1, 1)


def test_a_list_from_elsewhere_is_warned_of(laid: Laid) -> None:
    far = [row | {"postcode": f"99{at:02d}SA"} for at, row in enumerate(others("b", 30, first=200))]
    near = [row | {"postcode": f"10{at:02d}SA"} for at, row in enumerate(others("a", 30))]
    warned = {(told["warning"], told.get("list")) for told in laid(a=near, b=far).receipt()["warnings"]}
    assert warned == {
        (name, one) for name in ("hardly_on_other_lists", "postcodes_elsewhere") for one in "ab"
    }


def test_the_same_lists_give_the_same_bytes(tmp_path: Path) -> None:
    files = [
        write(tmp_path / f"{name}.csv", others(name, 400, first=at)) for at, name in ((0, "a"), (150, "b"))
    ]
    seen = set()
    for number in range(3):
        compare(files, out=tmp_path / f"out{number}")
        tables = [
            (tmp_path / f"out{number}" / f"{name}.csv").read_bytes()
            for name in ("links", "children", "differences")
        ]
        seen.add(hashlib.sha256(b"".join(tables)).hexdigest())
    assert len(seen) == 1


def test_nothing_is_left_outside_the_folder_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    files = [write(tmp_path / f"{name}.csv", others(name, 30)) for name in "ab"]
    files[1].write_text(files[1].read_text().replace("Fenna", "Tess"))
    compare(files, out=tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "elsewhere", "out"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".inbeeld.json", "children.csv", "coverage.json", "differences.csv", "links.csv", "receipt.json",
        "sample.csv",
    ]  # fmt: skip


def test_a_twin_with_a_name_of_its_own_is_told_of_and_the_child_is_missing_all_the_same(laid: Laid) -> None:
    sem, tess = (child(key, given, "Bakker", BORN, **HOME) for key, given in (("A", "Sem"), ("B", "Tess")))
    found = laid(**both(sem, tess))
    assert found.verdicts()["A", "B"] == ("possible", "twin")
    assert ("A", "") in found.children() and ("", "B") in found.children()
    rows = {row["id"]: row for row in found.rows("differences")}
    assert (rows["A"]["kind"], rows["A"]["possible_id"], rows["A"]["reason"]) == ("absent", "B", "twin")


def test_coverage_tells_how_many_are_on_none_of_the_lists(laid: Laid) -> None:
    lists = {"a": others("a", 80), "b": others("b", 80, first=20), "c": others("c", 60, first=40)}
    told = json.loads((laid(**lists).out / "coverage.json").read_text("utf-8"))
    assert [(one["list"], one["seen"]) for one in told["lists"]] == [("a", 80), ("b", 80), ("c", 60)]
    assert [(one["lists"], one["seen"]) for one in told["pairs"]] == [
        (["a", "b"], 100), (["a", "c"], 100), (["b", "c"], 80),
    ]  # fmt: skip
    # Of two lists of 80 and 80 with 60 on both: Chapman 81 * 81 / 61 - 1.
    assert told["pairs"][0]["estimated_total"] == 106.6
    jointly = told["jointly"]
    assert jointly["seen"] == 100
    assert jointly["interval"]["low"] <= jointly["estimated_total"] <= jointly["interval"]["high"]
    assert {"method", "assumptions", "warnings"} <= set(jointly)


def test_few_children_are_counted_and_no_more(laid: Laid) -> None:
    told = json.loads(
        (laid(a=others("a", 12), b=others("b", 12, first=4)).out / "coverage.json").read_text("utf-8")
    )
    assert told["jointly"]["estimated_total"] is None
    assert told["jointly"]["method"] == "counts_only"
    assert told["jointly"]["seen"] == 16
