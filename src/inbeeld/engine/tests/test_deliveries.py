"""Delivered twice is delivered once, withdrawn is never delivered, and a difference names what differs."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbeeld.engine.deliveries import (
    Delivered,
    compare_delivery,
    keep_marks,
    put_in,
    strangers,
    take_out,
    write_standing,
)
from inbeeld.engine.refusal import BadInput

FIRST = date(2026, 3, 2)
COLUMNS = ("learner", "school", "date", "slot", "minutes", "status", "reason", "permission")
Place = tuple[str, date, int]
Says = tuple[str, str, str, str]


@dataclass(frozen=True)
class Plain:
    """A delivery as a plain mapping, for the twin."""

    from_on: date
    until_on: date
    marks: dict[Place, Says] = field(default_factory=dict)


def plain_standing(deliveries: list[Plain]) -> dict[Place, Says]:
    """Day by day in the order of acceptance: who speaks for a day wipes it first."""
    stands: dict[Place, Says] = {}
    for one in deliveries:
        untouched = {place for place in stands if not one.from_on <= place[1] <= one.until_on}
        stands = {place: stands[place] for place in untouched}
        stands |= one.marks
    return stands


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def plain_deliveries(draw: Callable[..., Any]) -> list[Plain]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, 6))
        last = draw(st.integers(first, 8))
        places = st.tuples(st.sampled_from("AB"), st.integers(first, last).map(day), st.integers(1, 2))
        says = st.tuples(
            st.sampled_from(["absent", "late"]), st.sampled_from(["sick", ""]),
            st.sampled_from(["true", "false", ""]), st.sampled_from(["50", ""]),
        )  # fmt: skip
        found.append(Plain(day(first), day(last), draw(st.dictionaries(places, says, max_size=6))))
    return found


def write_csv(folder: Path, rows: list[tuple[Any, ...]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "marks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return folder


def delivered(folder: Path, one: Plain) -> Delivered:
    rows = [(learner, "S1", on, slot, minutes, status, reason, permission)
            for (learner, on, slot), (status, reason, permission, minutes) in one.marks.items()]  # fmt: skip
    keep_marks(write_csv(folder, rows), folder / "marks.parquet", latest=date(2100, 1, 1))
    return Delivered(folder / "marks.parquet", one.from_on, one.until_on)


def in_words(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def asked(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(query).fetchall()


def read(file: Path) -> dict[Place, Says]:
    columns = "learner, date, slot, status, reason, permission, minutes"
    found: dict[Place, Any] = {}
    for learner, on, slot, *says in asked(f"SELECT {columns} FROM '{file}'"):
        found[learner, on, slot] = tuple(map(in_words, says))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain_deliveries())
def test_what_stands_and_what_differs_are_those_of_the_plain_twin(
    tmp_path_factory: pytest.TempPathFactory, plain: list[Plain]
) -> None:
    folder = tmp_path_factory.mktemp("deliveries")
    kept = [delivered(folder / str(number), one) for number, one in enumerate(plain)]
    write_standing(kept, folder / "stands.parquet")
    assert read(folder / "stands.parquet") == plain_standing(plain)

    before, new = plain_standing(plain[:-1]), plain[-1]
    known_until = max((one.until_on for one in plain[:-1]), default=None)
    found = compare_delivery(kept[:-1], kept[-1], folder / "differences.csv", known_until=known_until)
    spoken = {place: says for place, says in before.items() if new.from_on <= place[1] <= new.until_on}
    expected = {
        "added": new.marks.keys() - spoken.keys(),
        "gone": spoken.keys() - new.marks.keys(),
        "changed": {place for place in new.marks.keys() & spoken.keys() if new.marks[place] != spoken[place]},
    }
    for kind, places in expected.items():
        amount = getattr(found, kind)
        assert amount.marks == len(places)
        assert amount.learners == len({learner for learner, *_ in places})
        assert amount.backwards == sum(known_until is not None and on <= known_until for _, on, _ in places)
    with (folder / "differences.csv").open(encoding="utf-8", newline="") as file:
        assert Counter(row["kind"] for row in csv.DictReader(file)) == Counter(
            {kind: len(places) for kind, places in expected.items() if places}
        )


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain_deliveries())
def test_the_same_delivery_again_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, plain: list[Plain]
) -> None:
    folder = tmp_path_factory.mktemp("twice")
    kept = [delivered(folder / str(number), one) for number, one in enumerate(plain)]
    assert compare_delivery(kept, kept[-1], folder / "d.csv", known_until=None).is_nothing
    write_standing(kept, folder / "once.parquet")
    write_standing([*kept, kept[-1]], folder / "twice.parquet")
    assert read(folder / "once.parquet") == read(folder / "twice.parquet")


def test_of_the_same_place_the_later_row_of_the_file_stands(tmp_path: Path) -> None:
    rows = [("A", "S1", FIRST, 1, "", "absent", "truant", "false"), ("A", "S1", FIRST, 1, "", "late", "", "")]
    kept = keep_marks(write_csv(tmp_path / "in", rows), tmp_path / "marks.parquet", latest=date(2100, 1, 1))
    assert (kept.marks, kept.repeated, kept.learners) == (1, 1, 1)
    assert (kept.first_on, kept.last_on) == (FIRST, FIRST)
    assert read(tmp_path / "marks.parquet") == {("A", FIRST, 1): ("late", "", "", "")}


def test_a_delivery_without_marks_speaks_of_days_on_which_nobody_was_away(tmp_path: Path) -> None:
    away: dict[Place, Says] = {("A", FIRST, 1): ("absent", "sick", "true", "")}
    earlier = delivered(tmp_path / "0", Plain(FIRST, day(3), away))
    nobody = delivered(tmp_path / "1", Plain(FIRST, day(3)))
    found = compare_delivery([earlier], nobody, tmp_path / "d.csv", known_until=day(3))
    assert (found.gone.marks, found.gone.backwards, found.added.marks) == (1, 1, 0)
    assert write_standing([earlier, nobody], tmp_path / "stands.parquet") == 0


def test_marks_on_days_it_does_not_speak_for_are_refused(tmp_path: Path) -> None:
    one = delivered(tmp_path / "0", Plain(FIRST, day(3), {("A", FIRST, 1): ("absent", "sick", "true", "")}))
    narrow = Delivered(one.marks, day(1), day(3))
    with pytest.raises(BadInput, match="marks on days from 2026-03-03 to 2026-03-05"):
        compare_delivery([], narrow, tmp_path / "d.csv", known_until=None)


def test_an_import_of_a_roster_holds_no_marks(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="an import that filled marks"):
        keep_marks(tmp_path, tmp_path / "marks.parquet", latest=date(2100, 1, 1))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A snapshot with marks of three schools in two files, and a table beside them."""
    folder = tmp_path / "tables"
    (folder / "marks").mkdir(parents=True)
    for name, schools in {"a": ("S1", "S2"), "b": ("S3",)}.items():
        rows = [(f"L{school}", school, FIRST, 1, "", "absent", "sick", "true") for school in schools]
        keep_marks(
            write_csv(tmp_path / name, rows), folder / "marks" / f"{name}.parquet", latest=date(2100, 1, 1)
        )
    stay = "SELECT 'LS1' AS learner, 'S1' AS school, DATE '2026-03-02' AS from_on, NULL::DATE AS until_on"
    duckdb.sql(f"COPY ({stay}) TO '{folder / 'enrolments.parquet'}' (FORMAT parquet)")
    return folder


def whose(tables: Path) -> list[tuple[str, str]]:
    return asked(f"SELECT school, learner FROM '{tables}/marks/*.parquet' ORDER BY ALL")


def test_the_marks_of_one_school_are_taken_out_and_put_in_and_the_others_stay_as_they_are(
    tables: Path, tmp_path: Path
) -> None:
    assert take_out(tables, school="S1", to=tmp_path / "base.parquet") == 1
    new = delivered(tmp_path / "n", Plain(FIRST, day(3), {("A", FIRST, 1): ("absent", "sick", "true", "")}))
    base = Delivered(tmp_path / "base.parquet", date.min, date.max)
    write_standing([base, new], tmp_path / "stands.parquet")
    before = {file: file.read_bytes() for file in tables.rglob("*.parquet")}
    put_in(tables, {"S1": tmp_path / "stands.parquet"}, out=tmp_path / "next")
    assert whose(tmp_path / "next") == [("S1", "A"), ("S2", "LS2"), ("S3", "LS3")]
    assert (tmp_path / "next" / "marks" / "b.parquet").samefile(tables / "marks" / "b.parquet")
    assert (tmp_path / "next" / "enrolments.parquet").samefile(tables / "enrolments.parquet")
    assert {file: file.read_bytes() for file in tables.rglob("*.parquet")} == before

    write_standing([base], tmp_path / "back.parquet")
    put_in(tmp_path / "next", {"S1": tmp_path / "back.parquet"}, out=tmp_path / "again")
    assert whose(tmp_path / "again") == whose(tables)
    assert len(list((tmp_path / "again" / "marks").iterdir())) == 3


def test_a_school_without_marks_so_far_is_put_in_too(tables: Path, tmp_path: Path) -> None:
    assert take_out(tables, school="S9", to=tmp_path / "base.parquet") == 0
    rows = [("A", "S9", FIRST, 1, "", "absent", "sick", "true")]
    keep_marks(write_csv(tmp_path / "n", rows), tmp_path / "n.parquet", latest=date(2100, 1, 1))
    put_in(tables, {"S9": tmp_path / "n.parquet"}, out=tmp_path / "next")
    assert whose(tmp_path / "next")[-1] == ("S9", "A")


def test_learners_who_are_not_enrolled_there_on_that_day_are_named_with_their_marks(
    tables: Path, tmp_path: Path
) -> None:
    rows = [("LS1", "S1", on, 1, "", "absent", "sick", "true") for on in (FIRST - timedelta(days=1), FIRST)]
    rows += [("X", "S1", FIRST, slot, "", "absent", "sick", "true") for slot in (1, 2)]
    keep_marks(write_csv(tmp_path / "n", rows), tmp_path / "n.parquet", latest=date(2100, 1, 1))
    assert strangers(tmp_path / "n.parquet", tables=tables, school="S1") == [("LS1", 1), ("X", 2)]
