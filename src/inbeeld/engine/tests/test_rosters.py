"""Who is enrolled follows from all rosters together, whatever their order; nobody disappears by silence."""

from __future__ import annotations

import csv
import random
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbeeld.engine.deliveries import put_in
from inbeeld.engine.intake.importing import ROSTER_COLUMNS
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.roster_rounds import Roster
from inbeeld.engine.rosters import (
    begins_with,
    compare_roster,
    keep_roster,
    known_as,
    put_in_rosters,
    roll_of,
)
from inbeeld.engine.tests.plain_rosters import (
    BEGUN_ON,
    FIRST,
    ON,
    OTHER,
    Plain,
    Region,
    Row,
    S,
    Stay,
    day,
    plain_region,
    regions,
)


def write_tables(folder: Path, base: dict[str, list[Stay]]) -> Path:
    """The tables of a region that began so: with a learner X at the other school."""
    folder.mkdir()
    learners = ", ".join(f"('{one}', NULL::DATE, NULL::BOOLEAN)" for one in (*base, "X"))
    enrolments = ", ".join(
        f"('{learner}', '{S}', DATE '{begin}', {_date(end)})"
        for learner, stays in base.items()
        for begin, end in stays
    )
    enrolments += ("," if enrolments else "") + f"('X', '{OTHER}', DATE '{FIRST}', NULL::DATE)"
    for name, columns, values in (
        ("learners", "learner, born_on, basic_qualification", learners),
        ("enrolments", "learner, school, from_on, until_on", enrolments),
        ("schools", "school, sector, slots_per_day, calendar", f"('{S}', 'po', 2, 'c')"),
    ):
        to = folder / f"{name}.parquet"
        duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) AS t({columns})) TO '{to}' (FORMAT parquet)")
    return folder


def _date(value: date | None) -> str:
    return "NULL::DATE" if value is None else f"DATE '{value}'"


def kept(folder: Path, one: Plain, tables: Path, *, school: str = S) -> Roster:
    folder.mkdir(parents=True)
    with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ROSTER_COLUMNS)
        for learner, row in one.rows.items():
            key = learner if learner.startswith(f"{school}:") else f"{school}:{learner}"
            cells = (key, row.born_on, row.from_on, row.until_on, row.said, row.clear)
            writer.writerow(["" if cell is None else cell for cell in cells])
    keep_roster(folder, folder / "roster.parquet", school=school, tables=tables)
    return Roster(folder / "roster.parquet", school, one.on)


def asked(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(query).fetchall()


def enrolled(tables: Path, school: str = S) -> list[tuple[Any, ...]]:
    file = tables / "enrolments.parquet"
    return asked(f"SELECT learner, from_on, until_on FROM '{file}' WHERE school = '{school}' ORDER BY ALL")


def known(tables: Path) -> dict[str, date | None]:
    return dict(asked(f"SELECT learner, born_on FROM '{tables}/learners.parquet'"))


def next_tables(tables: Path, out: Path, rosters: list[Roster], on: date = ON) -> Path:
    put_in(tables, {}, out=out)
    put_in_rosters(out, rosters, begun_on=BEGUN_ON, on=on)
    return out


GENERATED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@GENERATED
@given(regions(), st.integers(0, 2**32))
def test_what_stands_and_what_differs_are_those_of_the_plain_twin_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, region: tuple[dict[str, list[Stay]], list[Plain]], seed: int
) -> None:
    base, plain = region
    folder = tmp_path_factory.mktemp("rosters")
    tables = write_tables(folder / "tables", base)
    rosters = [kept(folder / str(number), one, tables) for number, one in enumerate(plain)]
    twin = plain_region(base, plain)
    stands = next_tables(tables, folder / "next", rosters)
    come = {
        learner
        for learner, stays in twin.stays.items()
        if learner in base or twin.met.get(learner, date.max) <= ON or any(begin <= ON for begin, *_ in stays)
    }
    assert enrolled(stands) == sorted(
        ((learner, begin, end) for learner in come for begin, end, _ in twin.stays[learner]),
        key=lambda one: (one[0], one[1], one[2] or date.max),
    )
    assert known(stands) == {**{one: twin.born.get(one) for one in come | base.keys()}, "X": None}
    assert enrolled(stands, OTHER) == [("X", FIRST, None)]
    assert enrolled(tables) == enrolled(stands / "begun")
    roll = roll_of(stands, rosters, begun_on=BEGUN_ON, schools=[S])
    assert {one: roll.born[one] for one in known(stands)} == known(stands)
    there = [(one["learner"], one["from_on"], one["until_on"]) for one in roll.stays if one["school"] == S]
    assert [one for one in there if one[0] in come] == enrolled(stands)

    # Of two for one day the later accepted holds; else the order in which they came says nothing.
    if len({one.on for one in plain}) == len(plain):
        shuffled = random.Random(seed).sample(rosters, len(rosters))
        other = next_tables(tables, folder / "shuffled", shuffled)
        for name in ("learners", "enrolments"):
            one, two = ((each / f"{name}.parquet").read_bytes() for each in (stands, other))
            assert one == two

    _differs(folder, tables, rosters, plain_region(base, plain[:-1]), twin, plain[-1])


def _differs(
    folder: Path, tables: Path, rosters: list[Roster], before: Region, after: Region, last: Plain
) -> None:
    found = compare_roster(tables, rosters[:-1], rosters[-1], folder / "d.csv", begun_on=BEGUN_ON)
    kinds: dict[str, set[str]] = {"new": set(), "left": set(), "back": set(), "changed": set()}
    silent = set()
    for learner in before.stays.keys() | after.stays.keys():
        old, new = (
            sorted(((begin, end) for begin, end, _ in one.stays.get(learner, [])), key=_by_day)
            for one in (before, after)
        )
        ends = [one[-1][1] if one else None for one in (old, new)]
        born = before.born.get(learner) != after.born.get(learner)
        if not old and not new or (old == new and not born):
            continue
        left = bool(old) and (not new or (ends[0] is None and ends[1] is not None))
        kind = "new" if not old else "left" if left else "back" if ends[0] and not ends[1] else "changed"
        kinds[kind].add(learner)
        if left and learner not in last.rows:
            silent.add(learner)
    with (folder / "d.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    told = {kind: {row["learner"] for row in written if row["kind"] == kind} for kind in kinds}
    assert told == kinds
    assert {row["learner"] for row in written if row["silent"] == "true"} == silent
    assert {kind: getattr(found, kind) for kind in kinds} == {kind: len(some) for kind, some in kinds.items()}
    assert found.silent == len(silent)
    there = [
        sum(any(begin <= last.on and (end is None or end >= last.on) for begin, end, _ in stays)
            for stays in one.stays.values())
        for one in (before, after)
    ]  # fmt: skip
    assert [found.stood, found.enrolled] == there


def _by_day(stay: Stay) -> tuple[date, date]:
    return stay[0], stay[1] or date.max


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(regions())
def test_withdrawn_it_never_came_and_the_same_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, region: tuple[dict[str, list[Stay]], list[Plain]]
) -> None:
    base, plain = region
    folder = tmp_path_factory.mktemp("withdrawn")
    tables = write_tables(folder / "tables", base)
    rosters = [kept(folder / str(number), one, tables) for number, one in enumerate(plain)]
    without = next_tables(tables, folder / "without", rosters[:-1])
    with_it = next_tables(without, folder / "with", rosters)
    back = next_tables(with_it, folder / "back", rosters[:-1])
    for name in ("learners", "enrolments"):
        assert (back / f"{name}.parquet").read_bytes() == (without / f"{name}.parquet").read_bytes()
    none_left = next_tables(next_tables(with_it, folder / "none", []), folder / "still none", [])
    assert (none_left / "learners.parquet").samefile(tables / "learners.parquet")
    assert {file.name for file in none_left.iterdir()} == {file.name for file in tables.iterdir()} | {"begun"}
    latest = max(one.on for one in plain)
    if plain[-1].on == latest:
        again = compare_roster(tables, rosters, rosters[-1], folder / "d.csv", begun_on=BEGUN_ON)
        assert again.is_nothing


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return write_tables(tmp_path / "tables", {"A": [(FIRST, None)], "B": [(FIRST, None)]})


def test_who_is_on_it_no_more_left_the_day_before_and_stays_known(tables: Path, tmp_path: Path) -> None:
    one = kept(tmp_path / "0", Plain(day(5), {"A": Row(FIRST), f"{S}:9": Row(day(3))}), tables)
    two = kept(tmp_path / "1", Plain(day(8), {"A": Row(FIRST)}), tables)
    stands = next_tables(tables, tmp_path / "next", [one, two])
    assert enrolled(stands) == [("A", FIRST, None), ("B", FIRST, day(4)), (f"{S}:9", day(3), day(7))]
    assert set(known(stands)) == {"A", "B", "X", f"{S}:9"}


def test_who_says_when_it_left_left_then(tables: Path, tmp_path: Path) -> None:
    one = kept(tmp_path / "0", Plain(day(8), {"A": Row(FIRST, day(3)), "B": Row(FIRST, day(20))}), tables)
    assert enrolled(next_tables(tables, tmp_path / "n", [one])) == [
        ("A", FIRST, day(3)),
        ("B", FIRST, day(20)),
    ]


def test_who_comes_back_has_two_stays_unless_it_was_there_all_along(tables: Path, tmp_path: Path) -> None:
    gone = kept(tmp_path / "0", Plain(day(5)), tables)
    back = Plain(day(8), {"A": Row(day(8), said=False), "B": Row(FIRST)})
    stands = next_tables(tables, tmp_path / "n", [gone, kept(tmp_path / "1", back, tables)])
    assert enrolled(stands) == [("A", FIRST, day(4)), ("A", day(8), None), ("B", FIRST, None)]


def test_a_date_of_entry_set_anew_each_year_does_not_cut_off_what_was_before(
    tables: Path, tmp_path: Path
) -> None:
    """Else a child at home since spring would be at home since the first of August."""
    one = kept(tmp_path / "0", Plain(day(5), {"A": Row(day(4)), "B": Row(day(1))}), tables)
    # A was seen there when the region began, so it was there before; of B the date of entry is corrected.
    assert enrolled(next_tables(tables, tmp_path / "n", [one])) == [
        ("A", FIRST, day(3)), ("A", day(4), None), ("B", day(1), None),
    ]  # fmt: skip


def test_a_row_that_cannot_be_read_throws_nobody_out(tables: Path, tmp_path: Path) -> None:
    one = kept(tmp_path / "0", Plain(day(5), {"A": Row(said=False, clear=False), "B": Row(FIRST)}), tables)
    found = compare_roster(tables, [], one, tmp_path / "d.csv", begun_on=BEGUN_ON)
    assert (found.left, found.stood, found.enrolled) == (0, 2, 2)
    assert enrolled(next_tables(tables, tmp_path / "n", [one])) == enrolled(tables)


def test_who_is_still_to_come_is_in_no_table_before_it_does(tables: Path, tmp_path: Path) -> None:
    one = kept(
        tmp_path / "0", Plain(day(5), {"A": Row(FIRST), "B": Row(FIRST), f"{S}:9": Row(day(13))}), tables
    )
    assert f"{S}:9" not in known(next_tables(tables, tmp_path / "before", [one], on=day(12)))
    assert f"{S}:9" in known(next_tables(tables, tmp_path / "then", [one], on=day(13)))


def test_rosters_and_marks_may_come_in_any_order(tables: Path, tmp_path: Path) -> None:
    marks = tmp_path / "m.parquet"
    duckdb.execute(
        f"COPY (SELECT '{S}:9' AS learner, '{S}' AS school, DATE '{day(6)}' AS date, 1 AS slot, "
        "50 AS minutes, "
        f"'absent' AS status, 'sick' AS reason, TRUE AS permission) TO '{marks}' (FORMAT parquet)"
    )
    roster = kept(tmp_path / "0", Plain(day(5), {f"{S}:9": Row(FIRST)}), tables)
    put_in(tables, {S: marks}, out=tmp_path / "m1")
    one = next_tables(tmp_path / "m1", tmp_path / "m2", [roster])
    between = next_tables(tables, tmp_path / "r1", [roster])
    put_in(between, {S: marks}, out=tmp_path / "r2")
    files = sorted(file.relative_to(one) for file in one.rglob("*.parquet"))
    assert files == sorted(file.relative_to(tmp_path / "r2") for file in (tmp_path / "r2").rglob("*.parquet"))
    assert all((one / file).read_bytes() == (tmp_path / "r2" / file).read_bytes() for file in files)


def test_a_number_of_the_school_is_a_learner_the_region_began_with_there(tables: Path) -> None:
    found = known_as(["A", f"{S}:A", "7", f"{S}:7", "X", f"{S}:X"], school=S, tables=tables)
    assert found == {
        "A": "A", f"{S}:A": "A", "7": f"{S}:7", f"{S}:7": f"{S}:7", "X": f"{S}:X", f"{S}:X": f"{S}:X",
    }  # fmt: skip
    assert begins_with(tables, S) and not begins_with(tables, "S9")


def test_files_of_another_snapshot_are_not_written_in(tables: Path, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in tables.rglob("*") if file.is_file()}
    next_tables(tables, tmp_path / "n", [kept(tmp_path / "0", Plain(day(5), {"A": Row(FIRST)}), tables)])
    assert {file: file.read_bytes() for file in tables.rglob("*") if file.is_file()} == before


def test_a_name_that_differs_is_a_change_of_a_learner_that_was_there(tables: Path, tmp_path: Path) -> None:
    one = kept(tmp_path / "0", Plain(day(5), {key: Row(FIRST) for key in ("A", "B", f"{S}:9")}), tables)
    found = compare_roster(tables, [], one, tmp_path / "d.csv", begun_on=BEGUN_ON, renamed=["A", f"{S}:9"])
    assert (found.changed, found.new) == (1, 1)
    with (tmp_path / "d.csv").open(encoding="utf-8", newline="") as file:
        differences = [(row["kind"], row["learner"], row["name_differs"]) for row in csv.DictReader(file)]
    assert differences == [("new", f"{S}:9", "false"), ("changed", "A", "true")]


def test_an_import_of_marks_holds_no_roster_and_a_school_without_a_calendar_takes_none(
    tables: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="an import that filled a roster"):
        keep_roster(tmp_path, tmp_path / "r.parquet", school=S, tables=tables)
    with pytest.raises(BadInput, match="lesson hours"):
        kept(tmp_path / "0", Plain(day(5), {"A": Row(FIRST)}), tables, school="S9")


def test_a_school_whose_rosters_are_lost_stays_as_it_was(tables: Path, tmp_path: Path) -> None:
    born = date(2012, 1, 1)
    ours = kept(tmp_path / "0", Plain(day(5), {"A": Row(FIRST), f"{S}:9": Row(FIRST, born_on=born)}), tables)
    first = next_tables(tables, tmp_path / "first", [ours])
    stood, learners = enrolled(first), known(first)
    put_in(first, {}, out=tmp_path / "next")
    put_in_rosters(tmp_path / "next", [], begun_on=BEGUN_ON, on=ON, as_they_are=[S])
    assert enrolled(tmp_path / "next") == stood and known(tmp_path / "next") == learners
    assert enrolled(tmp_path / "next", OTHER) == [("X", FIRST, None)]


def test_of_two_stays_that_began_on_one_day_the_longer_is_the_one_that_ends(tmp_path: Path) -> None:
    tables = write_tables(tmp_path / "tables", {"A": [(FIRST, FIRST), (FIRST, None)]})
    nobody = kept(tmp_path / "0", Plain(day(5)), tables)
    found = compare_roster(tables, [], nobody, tmp_path / "d.csv", begun_on=BEGUN_ON)
    assert (found.left, found.silent, found.changed) == (1, 1, 0)
