"""What changed since an earlier comparison, told by records: children have no name that stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.linkage import compare
from inbeeld.engine.linkage.normalising import step
from inbeeld.engine.linkage.since import COLUMNS, KINDS
from inbeeld.engine.linkage.tests.conftest import Compared, Row, others, write
from inbeeld.engine.refusal import BadInput


class Rounds:
    """Two rounds of lists a and b; the second tells what changed since the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = self.round("then", others("a", 30), others("b", 30, first=10))

    def round(self, name: str, a: Iterable[Row], b: Iterable[Row], **options: Any) -> Compared:
        (self.folder / name).mkdir(exist_ok=True)
        files = [write(self.folder / name / f"{one}.csv", rows) for one, rows in (("a", a), ("b", b))]
        compare(files, out=self.folder / f"out-{name}", **options)
        return Compared(self.folder / f"out-{name}")

    def changes(self, a: Iterable[Row], b: Iterable[Row], **options: Any) -> list[tuple[str, ...]]:
        """kind, list, id and id then of each row, and whether the child is known now and then."""
        found = self.round("now", a, b, since=self.first.out, **options)
        rows = found.rows("changes")
        counted = Counter(row["kind"] for row in rows)
        told = found.receipt()["since"]
        assert {kind: told[kind] for kind in KINDS} == {kind: counted[kind] for kind in KINDS}
        return sorted((row["kind"], row["list"], row["id"], row["id_then"]) for row in rows)


@pytest.fixture
def rounds(tmp_path: Path) -> Rounds:
    return Rounds(tmp_path)


def test_the_same_lists_in_another_order_have_no_changes(rounds: Rounds) -> None:
    assert rounds.changes(reversed(others("a", 30)), others("b", 30, first=10)) == []
    header = (rounds.folder / "out-now" / "changes.csv").read_text("utf-8")
    assert header == ",".join(COLUMNS) + "\n"


def test_who_is_new_gone_came_and_left_is_told_by_list(rounds: Rounds) -> None:
    """a0 is on no list any more, a12 no longer on b, a5 on b too now, and a31 and b31 are new together."""
    a = [*others("a", 29, first=1), *others("a", 1, first=90)]
    b = [row for row in others("b", 30, first=10) if row["id"] != "b12"]
    b += [*others("b", 1, first=5), *others("b", 1, first=90)]
    assert rounds.changes(a, b) == [
        ("came", "b", "b5", ""),
        ("gone", "a", "", "a0"),
        ("left", "b", "", "b12"),
        ("new", "a", "a90", ""),
        ("new", "b", "b90", ""),
    ]
    rows = {row["kind"]: row for row in Compared(rounds.folder / "out-now").rows("changes")}
    assert rows["gone"]["child"] == "" and rows["new"]["child_then"] == ""
    then = {row["child"]: row["a"] for row in rounds.first.rows("children")}
    assert then[rows["left"]["child_then"]] == "a12" and then[rows["came"]["child_then"]] == "a5"


def test_a_child_that_splits_and_two_that_join_are_told_as_that(rounds: Rounds) -> None:
    decided = [
        {"left_list": "a", "left_id": left, "right_list": "b", "right_id": right, "decision": decision}
        for left, right, decision in (("a12", "b12", "not_same"), ("a3", "b35", "same"))
    ]
    decisions = write(rounds.folder / "decided.csv", decided, columns=decided[0])
    changed = rounds.changes(others("a", 30), others("b", 30, first=10), decisions=decisions)
    assert changed == [
        ("joined", "a", "a3", "a3"),
        ("joined", "b", "b35", "b35"),
        ("split", "a", "a12", "a12"),
        ("split", "b", "b12", "b12"),
    ]


def test_an_id_that_changed_on_one_list_is_no_child_that_left_and_came(rounds: Rounds) -> None:
    b = [row if row["id"] != "b20" else {**row, "id": "B-20"} for row in others("b", 30, first=10)]
    assert rounds.changes(others("a", 30), b) == [("renumbered", "b", "B-20", "b20")]


def test_lists_that_are_in_one_of_the_two_only_do_not_count(rounds: Rounds) -> None:
    files = [
        write(rounds.folder / "a.csv", others("a", 31)),
        write(rounds.folder / "c,d.csv", others("c", 30, first=10)),
    ]
    out = rounds.folder / "out-other"
    receipt = compare(files, out=out, since=rounds.first.out)
    assert receipt["since"]["lists"] == ["a"]
    assert [(row["kind"], row["id"]) for row in Compared(out).rows("changes")] == [("new", "a30")]
    again = compare(files, out=rounds.folder / "out-again", since=out)
    assert again["since"]["lists"] == ["a", "c,d"] and sum(again["since"][kind] for kind in KINDS) == 0


def test_a_folder_that_is_not_of_an_earlier_comparison_is_refused(rounds: Rounds) -> None:
    lists = others("a", 30), others("b", 30, first=10)
    with pytest.raises(BadInput, match="expected a folder that inbeeld compare made"):
        rounds.round("now", *lists, since=rounds.folder / "then")
    with pytest.raises(BadInput, match="expected a folder that inbeeld compare made"):
        rounds.round("now", *lists, since=rounds.folder / "nowhere")
    with pytest.raises(BadInput, match="expected a folder apart from"):
        rounds.round("then", *lists, since=rounds.first.out)
    children = rounds.first.out / "children.csv"
    children.write_text(children.read_text("utf-8") + "99,a99,\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"with its children\.csv as it was"):
        rounds.round("now", *lists, since=rounds.first.out)
    assert not (rounds.folder / "out-now").exists()


def test_an_earlier_comparison_of_other_organisations_is_refused(rounds: Rounds) -> None:
    files = [write(rounds.folder / f"{name}.csv", others(name, 12)) for name in "cd"]
    with pytest.raises(BadInput, match=r"children\.csv, line 1: expected a column for at least one of c, d"):
        compare(files, out=rounds.folder / "out", since=rounds.first.out)


Where = dict[tuple[int, str], int]
#: Which child each record is of, in one round; some records are not there.
ROUND = st.dictionaries(
    st.tuples(st.integers(0, 2), st.sampled_from("uvwxyz")), st.integers(1, 8), max_size=18
)


@settings(max_examples=60)
@given(ROUND, ROUND)
def test_every_record_is_told_of_once_unless_nothing_became_of_it(then: Where, now: Where) -> None:
    with duckdb.connect(":memory:") as con:
        for name, where in (("earlier", then), ("now", now)):
            con.execute(f"CREATE TABLE {name} (child BIGINT, list INTEGER, id VARCHAR)")
            rows = [(child, number, key) for (number, key), child in where.items()]
            if rows:
                con.executemany(f"INSERT INTO {name} VALUES (?, ?, ?)", rows)
        con.execute(step("15_changes"))
        told = con.execute("SELECT kind, list, id, id_then, child, child_then FROM changes").fetchall()
    shared = {(now[record], then[record]) for record in now.keys() & then.keys()}
    kinds: dict[tuple[int, str], set[str]] = {}
    for kind, number, key, key_then, child, child_then in told:
        for each in {key, key_then} - {None}:
            kinds.setdefault((number, each), set()).add(kind)
        assert (child is None) <= (kind in ("gone", "left")) and (child_then is None) <= (
            kind in ("new", "came")
        )
    for record in now.keys() | then.keys():
        found = kinds.get(record, set()) - {"renumbered"}
        if record not in then:
            known = any(now[record] == child for child, _ in shared)
            assert found <= {"came" if known else "new"} and (found or "renumbered" in kinds[record])
        elif record not in now:
            known = any(then[record] == child for _, child in shared)
            assert found <= {"left" if known else "gone"} and (found or "renumbered" in kinds[record])
        else:
            parts = sum(child_then == then[record] for _, child_then in shared)
            wholes = sum(child == now[record] for child, _ in shared)
            assert found == ({"split"} if parts > 1 else set()) | ({"joined"} if wholes > 1 else set())
