"""A sample for people to look at again, and what becomes of what they found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.linkage import compare
from inbeeld.engine.linkage.reviews import NEEDED
from inbeeld.engine.linkage.tests.conftest import Compared, others, write
from inbeeld.engine.refusal import BadInput

Row = Mapping[str, str]


def looked(**more: str) -> dict[str, str]:
    """A review of lists a and b: 50 links of which 49 right, 10 children of a of whom 2 were on b."""
    return {
        "left_list": "a", "right_list": "b", "links_looked_at": "50", "links_right": "49",
        "unlinked_on": "a", "unlinked_looked_at": "10", "unlinked_found": "2",
    } | more  # fmt: skip


class Laid:
    """Lists a (120 children) and b (130), 100 on both: compared as often as asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = [
            write(folder / "a.csv", others("a", 120)),
            write(folder / "b.csv", others("b", 130, first=20)),
        ]
        self.decided: list[Row] = []

    def decide(self, decision: str, rows: Iterable[Row]) -> None:
        self.decided += [{**row, "decision": decision} for row in rows]
        write(self.folder / "decisions.csv", self.decided, columns=self.decided[0])

    def compared(self, *reviews: Row, columns: Iterable[str] = NEEDED, **options: Any) -> Compared:
        if reviews:
            write(self.folder / "reviews.csv", reviews, columns=columns)
        compare(self.files, out=self.folder / "out", **options)
        return Compared(self.folder / "out")


@pytest.fixture
def laid(tmp_path: Path) -> Laid:
    return Laid(tmp_path)


def coverage(found: Compared) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((found.out / "coverage.json").read_text("utf-8"))
    return told


def warnings(found: Compared) -> set[str]:
    return {one["warning"] for one in coverage(found)["jointly"]["warnings"]}


def test_the_sample_is_fifty_links_and_of_the_children_without_one_those_of_the_smaller_rest(laid: Laid):
    found = laid.compared()
    rows = found.rows("sample")
    links, unlinked = rows[:50], rows[50:]
    both = {(one, other) for one, other in found.children() if one and other}
    assert {(row["left_id"], row["right_id"]) for row in links} < both
    only_a = {one for one, other in found.children() if not other}
    assert {row["left_id"] for row in unlinked} == only_a and len(only_a) == 20
    assert {(row["left_list"], row["right_list"], row["right_id"]) for row in unlinked} == {("a", "b", "")}
    assert found.receipt()["sample"] == 70


def test_the_sample_is_taken_without_regard_to_the_order_of_the_lists_and_is_the_same_each_time(laid: Laid):
    first = (laid.compared().out / "sample.csv").read_bytes()
    for file, prefix, number, start in ((laid.files[0], "a", 120, 0), (laid.files[1], "b", 130, 20)):
        write(file, reversed(others(prefix, number, first=start)))
    assert (laid.compared().out / "sample.csv").read_bytes() == first
    places = [int(row.split(",")[1][1:]) for row in first.decode().splitlines()[1:51]]
    assert places != sorted(places) and max(places) > 100 and min(places) < 40


def test_a_review_corrects_the_estimate_and_is_told_with_it(laid: Laid):
    plain = coverage(laid.compared())["jointly"]
    found = laid.compared(looked())
    told = coverage(found)["jointly"]
    # 100 links, 98 in 100 of them right, and 2 of 10 of the 20 without one: 98 + 4 on both.
    assert told["link_precision"] == 0.98
    assert told["link_recall"] == pytest.approx(98 / 102, abs=5e-4)
    assert told["estimated_total"] < plain["estimated_total"]
    assert "links_not_reviewed" in {one["warning"] for one in plain["warnings"]}
    assert not {"links_not_reviewed", "missed_links_not_reviewed"} & warnings(found)
    assert "links_as_reviewed" in told["assumptions"]
    receipt = found.receipt()["reviews"]
    assert receipt["file"] == "reviews.csv" and receipt["rows"] == 1 and len(receipt["sha256"]) == 64


def test_a_review_can_be_named_or_be_among_the_lists_and_its_lists_in_either_order(laid: Laid):
    told = coverage(laid.compared(looked()))
    elsewhere = (laid.folder / "reviews.csv").rename(laid.folder / "of-march.csv")
    assert coverage(laid.compared(reviews=elsewhere)) == told
    (laid.folder / "of").mkdir()
    laid.files.append(
        write(laid.folder / "of" / "reviews.csv", [looked(left_list="b", right_list="a")], columns=NEEDED)
    )
    assert coverage(laid.compared()) == told


def test_what_people_decided_is_not_sampled_and_not_doubted(laid: Laid):
    sample = laid.compared().rows("sample")
    laid.decide("same", sample[:50])
    found = laid.compared(looked(links_looked_at="40", links_right="20"))
    fresh = {(row["left_id"], row["right_id"]) for row in found.rows("sample") if row["right_id"]}
    assert len(fresh) == 50
    assert fresh.isdisjoint((row["left_id"], row["right_id"]) for row in sample)
    # Half of the 50 links that nobody decided are wrong.
    assert coverage(found)["jointly"]["link_precision"] == 0.75


def test_who_decides_about_all_that_was_looked_at_can_still_hand_in_the_review(laid: Laid):
    """On short lists every link is in the sample: decided, none is left for the review to be of."""
    sample = laid.compared().rows("sample")
    laid.decide("not_same", sample[:1])
    laid.decide("same", sample[1:50])
    again = laid.compared().rows("sample")
    laid.decide("same", again[:50])
    found = laid.compared(looked())
    assert coverage(found)["jointly"]["link_precision"] == 1
    with pytest.raises(BadInput, match="101 links were looked at and there are 99"):
        laid.compared(looked(links_looked_at="101", links_right="99"))


@pytest.mark.parametrize(
    ("review", "sentence"),
    [
        ({"links_looked_at": "101"}, "line 2, column links_looked_at: expected a review of these lists: 101"),
        ({"unlinked_looked_at": "21"}, "line 2, column unlinked_looked_at: expected a review of these lists"),
        ({"links_right": "51"}, "column links_right: expected no more than the 50 that were looked at"),
        ({"unlinked_found": "-1"}, "column unlinked_found: expected a whole number from 0, or nothing"),
        ({"links_looked_at": "1e3"}, "column links_looked_at: expected a whole number from 0"),
        ({"unlinked_on": "c"}, 'column unlinked_on: expected a or b: on which of the two'),
        ({"unlinked_on": ""}, "column unlinked_on: expected a or b"),
        ({"right_list": "c"}, 'line 2, column right_list: expected one of a, b, found "c"'),
        ({"right_list": "a"}, "line 2, column right_list: expected two different lists"),
    ],
)  # fmt: skip
def test_a_review_that_cannot_be_is_refused_with_its_place_and_nothing_is_written(
    review: Row, sentence: str, laid: Laid
):
    with pytest.raises(BadInput) as refused:
        laid.compared(looked(**review))
    assert str(refused.value).startswith(str(laid.folder / "reviews.csv"))
    assert sentence in str(refused.value)
    assert sorted(path.name for path in laid.folder.iterdir()) == ["a.csv", "b.csv", "reviews.csv"]


def test_a_review_of_the_same_lists_twice_or_without_a_column_or_not_there_is_refused(laid: Laid):
    with pytest.raises(BadInput, match="line 3, column right_list: expected each two lists once"):
        laid.compared(looked(), looked(left_list="b", right_list="a"))
    fewer = [name for name in NEEDED if name != "links_right"]
    row = {name: cell for name, cell in looked().items() if name in fewer}
    with pytest.raises(BadInput, match="line 1, column links_right: expected one column links_right"):
        laid.compared(row, columns=fewer)
    with pytest.raises(BadInput, match="expected an existing file of reviews"):
        laid.compared(reviews=laid.folder / "nowhere.csv")


def test_of_few_children_a_review_of_more_than_there_is_is_refused_too(tmp_path: Path):
    files = [write(tmp_path / "a.csv", others("a", 12)), write(tmp_path / "b.csv", others("b", 12, first=4))]
    write(tmp_path / "reviews.csv", [looked(unlinked_looked_at="", unlinked_found="")], columns=NEEDED)
    with pytest.raises(BadInput, match="50 links were looked at and there are 8"):
        compare(files, out=tmp_path / "out")
