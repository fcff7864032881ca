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
from inbeeld.engine.linkage.candidates import ALL, ROUNDING, at_most, table_asked
from inbeeld.engine.linkage.comparing import compare_pairs
from inbeeld.engine.linkage.lists import read_lists
from inbeeld.engine.linkage.normalising import normalise
from inbeeld.engine.linkage.reference import FLOORS

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
#: Columns that a list may lack, and all of one place: what its people share by chance weighs little.
LACKING = st.sampled_from([(), ("house_number",), ("postcode", "house_number"), ("school",), ("born_on",)])


@settings(max_examples=12, deadline=None)
@given(MANY, MANY, LACKING, st.booleans())
def test_a_glance_never_says_less_than_a_good_look(
    left: list[tuple[str, ...]], right: list[tuple[str, ...]], lacking: tuple[str, ...], by_themselves: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as con:
        files = [Path(folder) / "a.csv", Path(folder) / "b.csv"]
        for file, rows in zip(files, (left, right), strict=True):
            written(file, [(f"{file.stem}{at}", *row) for at, row in enumerate(rows)], lacking=lacking)
        normalise(con, read_lists(con, files))
        for column, floor in FLOORS.items():
            judging._run(con, "04_frequencies", column=column, left=0, right=1, weight=2_000, floor=floor)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(judging, "PAIRS_WEIGH", 10 if by_themselves else judging.PAIRS_WEIGH)
            chances = judging._chances(con, 0, 1)
        weights = {key: [(one.child, one.stranger) for one in each] for key, each in chances.items()}
        con.execute("CREATE TEMP TABLE glanced AS SELECT 0 AS l, 0 AS r, CAST(0 AS DOUBLE) AS bits LIMIT 0")
        for side, number in (("left", 0), ("right", 1)):
            table_asked(con, side, number, weights=weights, numbered_from=0)
        con.execute(
            f"INSERT INTO glanced SELECT l.unique_id, r.unique_id, {at_most(weights)} "
            "FROM asked_left AS l, asked_right AS r"
        )
        compare_pairs(con, 0, 1, weights=weights, frequencies=FLOORS, blocks=ALL, at_least=-200)
        assert con.execute("SELECT COUNT(*) FROM compared").fetchall() == [(len(left) * len(right),)]
        too_little = con.execute(
            "SELECT bits, COLUMNS(compared.*) FROM compared JOIN glanced ON l = left_row AND r = right_row "
            f"WHERE bits < likelihood - {ROUNDING}"
        ).fetchall()
    assert too_little == []


def written(file: Path, rows: list[tuple[str, ...]], *, lacking: tuple[str, ...] = ()) -> Path:
    kept = [at for at, name in enumerate(COLUMNS) if name not in lacking]
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[row[at] for at in kept] for row in (COLUMNS, *rows)])
    return file


def sure_of(lists: list[Path], out: Path) -> set[tuple[str, str]]:
    compare(lists, out=out)
    with (out / "links.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {(row["left_id"], row["right_id"]) for row in rows if row["verdict"] == "sure"}


def beside_each_other(lists: list[Path], folder: Path) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What is sure when everybody is laid beside everybody, and by the blocks of long lists."""
    told = []
    for name, most in (("all", 10**9), ("blocks", 1)):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(candidates, "ALL_PAIRS", most)
            told.append(sure_of(lists, folder / name))
    return told[0], told[1]


def test_blocks_find_whom_everybody_beside_everybody_finds(tmp_path: Path) -> None:
    populations.register_against_enrolments(tmp_path / "lists", seed=11, children=1_100, on_no_roll=20)
    everybody, by_blocks = beside_each_other(sorted((tmp_path / "lists" / "lists").glob("*.csv")), tmp_path)
    assert len(everybody) > 1_000 and by_blocks == everybody


@pytest.mark.parametrize(
    ("on_one", "on_the_other"),
    [
        (("Karstens", "W."), ("Carstens", "Wietske")), (("Oosterhuis", "J."), ("Osterhuis", "Jelle")),
        (("Haverkamp", "Johannes"), ("Nijboer", "Jan")), (("Haverkamp", "Muhammed"), ("Nijboer", "Mohammed")),
    ],
)  # fmt: skip
def test_a_bare_initial_or_a_call_name_closes_no_block(
    tmp_path: Path, on_one: tuple[str, str], on_the_other: tuple[str, str]
) -> None:
    """Born on one day, and no home known on one side: the block of given names alone holds them."""
    populations.register_against_enrolments(tmp_path / "made", seed=12, children=400, on_no_roll=4)
    lists = []
    for name, (last, first), home in (
        ("register", on_one, "9411SA"), ("enrolments", on_the_other, ""),
    ):  # fmt: skip
        made = tmp_path / "made" / "lists" / f"{name}.csv"
        with made.open(encoding="utf-8", newline="") as stream:
            rows = [tuple(row.get(column, "") for column in COLUMNS) for row in csv.DictReader(stream)]
        rows.append((f"X-{name}", "", last, first, "", "2019-05-17", home, "12" if home else "", ""))
        lists.append(written(tmp_path / f"{name}.csv", rows))
    everybody, by_blocks = beside_each_other(lists, tmp_path)
    pair = ("X-register", "X-enrolments")
    assert (pair in everybody) == (pair in by_blocks)
    assert by_blocks == everybody
