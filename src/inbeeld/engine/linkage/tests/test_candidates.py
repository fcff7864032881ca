"""The first glance never says less of two people than what they weigh when they are looked at well."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.invented import populations
from inbeeld.engine.linkage import candidates, compare, judging
from inbeeld.engine.linkage.candidates import ALL, ROUNDING, at_most
from inbeeld.engine.linkage.comparing import compare_pairs
from inbeeld.engine.linkage.lists import read_lists
from inbeeld.engine.linkage.normalising import normalise
from inbeeld.engine.linkage.reference import FLOORS, reference

COLUMNS = (
    "id",
    "prefix",
    "last_name",
    "first_names",
    "call_name",
    "born_on",
    "postcode",
    "house_number",
    "school",
)
#: Few of each, so that two people have much in common by chance; and what is not known.
WORDS = st.text(alphabet="abceijno ", max_size=9)
ROWS = st.tuples(
    st.sampled_from(["", "van der", "el"]),
    st.one_of(
        WORDS, st.sampled_from(["Bakker", "Bakkers", "Kara Demir", "Karademir", "Jan", "Jansen-Bakker"])
    ),
    st.one_of(WORDS, st.sampled_from(["Jan", "Johannes", "Jan Peter", "J.", "Cornelis", "Bakker", "Janna"])),
    st.one_of(WORDS, st.sampled_from(["", "Jan", "Kees", "Jan-Peter"])),
    st.sampled_from(["", "2010-11-07", "2011-01-07", "2010-07-11", "2010-12-31", "2011-01-02", "2014-11-17"]),
    st.sampled_from(["", "9411SA", "9411SB", "9412SA", "1071XX"]),
    st.sampled_from(["", "1", "12"]),
    st.sampled_from(["", "S1", "S2"]),
)
MANY = st.lists(ROWS, min_size=20, max_size=40)


@settings(max_examples=8, deadline=None)
@given(MANY, MANY)
def test_a_glance_never_says_less_than_a_good_look(
    left: list[tuple[str, ...]], right: list[tuple[str, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as con:
        files = [Path(folder) / "a.csv", Path(folder) / "b.csv"]
        for file, rows in zip(files, (left, right), strict=True):
            with file.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(
                    [COLUMNS, *((f"{file.stem}{at}", *row) for at, row in enumerate(rows))]
                )
        normalise(con, read_lists(con, files))
        for column, floor in FLOORS.items():
            judging._run(con, "04_frequencies", column=column, left=0, right=1, weight=2_000, floor=floor)
        weights = {
            key: [(one.child, one.stranger) for one in each] for key, each in reference().answers.items()
        }
        compare_pairs(con, 0, 1, weights=weights, frequencies=FLOORS, blocks=ALL, at_least=-200)
        assert con.execute("SELECT COUNT(*) FROM compared").fetchall() == [(len(left) * len(right),)]
        too_little = con.execute(
            f"SELECT COLUMNS(compared.*) FROM compared JOIN asked_left AS l ON l.unique_id = left_row "
            f"JOIN asked_right AS r ON r.unique_id - {len(left)} = right_row "
            f"WHERE {at_most(weights)} < likelihood - {ROUNDING}"
        ).fetchall()
    assert too_little == []


def test_blocks_find_whom_everybody_beside_everybody_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    populations.register_against_enrolments(tmp_path / "lists", seed=11, children=1_100, on_no_roll=20)
    lists = sorted((tmp_path / "lists" / "lists").glob("*.csv"))
    told = []
    for name, most in (("all", candidates.ALL_PAIRS), ("blocks", 1)):
        monkeypatch.setattr(candidates, "ALL_PAIRS", most)
        compare(lists, out=tmp_path / name)
        with (tmp_path / name / "links.csv").open(encoding="utf-8", newline="") as stream:
            told.append(
                {
                    (row["left_id"], row["right_id"])
                    for row in csv.DictReader(stream)
                    if row["verdict"] == "sure"
                }
            )
    assert len(told[0]) > 1_000 and told[0] == told[1]
