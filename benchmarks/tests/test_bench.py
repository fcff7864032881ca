"""The peers answer as the kernel does, and a difference is seen."""

from __future__ import annotations

import copy
import importlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from benchmarks import __main__ as benching
from benchmarks import measure, regions
from benchmarks import report as reporting
from benchmarks.__main__ import _too_large, main
from benchmarks.compare import KEYS, Unequal, check_equal
from benchmarks.tests.random_region import kernel_answers, random_region, write_rows

WHOLE = ("inbeeld", "hand_sql", "polars_peer", "pandas_peer")
SEEDS = (1, 2, 3, 4)


def write_answers(folder: Path, answers: dict[str, list[dict[str, object]]]) -> Path:
    """The kernel's rows as the four Parquet tables of the contract."""
    import pyarrow as pa

    text, day, whole, truth = pa.string(), pa.date32(), pa.int64(), pa.bool_()
    counted = ("absent_ytd", "scheduled_ytd", "absent_4w", "scheduled_4w", "absent_12w", "scheduled_12w")
    layers = ("layer_ytd", "layer_4w", "layer_12w")
    columns = {
        "facts": [
            ("learner", text), ("school", text), ("phase", whole), ("ongoing_since", day),
            ("ongoing_without_since", day), ("ongoing_open_since", day), *((name, whole) for name in counted),
            *((name, whole) for name in layers), ("sick_reports_12w", whole), ("alternating_days_15w", whole),
            ("of_compulsory_age", truth), ("enrolled", truth), ("exempt", truth),
        ],
        "episodes": [
            ("learner", text), ("family", text), ("first_on", day), ("last_on", day), ("school_days", whole),
            ("ongoing", truth),
        ],
        "report_duties": [("learner", text), ("begins_on", day), ("ends_on", day), ("hours", pa.float64())],
        "sick_alerts": [("learner", text), ("on", day), ("rule", text)],
    }  # fmt: skip
    for table, kinds in columns.items():
        write_rows(folder / f"{table}.parquet", answers[table], kinds)
    return folder


@pytest.fixture(scope="module", params=SEEDS)
def region(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp(f"region-{request.param}")
    on, people = random_region(folder / "in", seed=request.param)
    answers = kernel_answers(people)
    return folder / "in", on, write_answers(folder / "kernel", answers), answers


@pytest.mark.parametrize("seed", SEEDS)
def test_the_random_regions_hold_days_with_counted_absence_of_two_schools_and_slots_told_by_both(
    seed, tmp_path
):
    _, people = random_region(tmp_path, seed=seed)
    counted, told = defaultdict(set), defaultdict(set)
    for child in people:
        for mark in child.marks:
            if child.why_not_counted(mark) is None:
                told[child.learner, mark.date, mark.slot].add(mark.school)
        for mark in child.standing_marks.values():
            if mark.status == "absent" and child.why_not_counted(mark) is None:
                counted[child.learner, mark.date].add(mark.school)
    for schools in (counted, told):
        assert sum(len(there) > 1 for there in schools.values()) > 20


@pytest.mark.parametrize("peer", WHOLE)
def test_every_peer_gives_the_answers_of_the_kernel(peer, region, tmp_path):
    folder, on, expected, _ = region
    importlib.import_module(f"benchmarks.peers.{peer}").run(folder, on, tmp_path / "out")
    counts = check_equal(tmp_path / "out", expected)
    assert all(counts.values()), counts


@pytest.mark.parametrize("peer", ("pandas_facts", "pandas_plain"))
def test_pandas_for_the_facts_alone_gives_the_facts_of_the_kernel(peer, region, tmp_path):
    folder, on, expected, _ = region
    importlib.import_module(f"benchmarks.peers.{peer}").run(folder, on, tmp_path / "out")
    check_equal(tmp_path / "out", expected, tables=("facts",))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["facts.parquet"]


@pytest.mark.parametrize("peer", WHOLE)
def test_a_region_without_marks_is_still_answered(peer, tmp_path):
    on, people = random_region(tmp_path / "in", seed=9, learners=12, with_marks=False)
    expected = write_answers(tmp_path / "kernel", kernel_answers(people))
    importlib.import_module(f"benchmarks.peers.{peer}").run(tmp_path / "in", on, tmp_path / "out")
    assert check_equal(tmp_path / "out", expected) == {
        "facts": len(people), "episodes": 0, "report_duties": 0, "sick_alerts": 0,
    }  # fmt: skip


@pytest.mark.parametrize("table", ("facts", "episodes", "report_duties"))
def test_one_row_that_differs_is_shown(table, region, tmp_path):
    _, _, expected, answers = region
    changed = copy.deepcopy(answers)
    row = changed[table][len(changed[table]) // 2]
    name = next(name for name in reversed(row) if name not in KEYS[table] and row[name] is not None)
    row[name] = date(1999, 1, 1) if isinstance(row[name], date) else not row[name]
    with pytest.raises(Unequal, match=f"(?s){table}: first difference.*{row['learner']}"):
        check_equal(write_answers(tmp_path / "changed", changed), expected)


@pytest.mark.parametrize("table", KEYS)
def test_a_missing_row_and_a_row_too_many_are_differences(table, region, tmp_path):
    _, _, expected, answers = region
    fewer, more = copy.deepcopy(answers), copy.deepcopy(answers)
    fewer[table].pop()
    more[table].append(more[table][-1])
    for number, changed in enumerate((fewer, more)):
        with pytest.raises(Unequal, match="no such row"):
            check_equal(write_answers(tmp_path / str(number), changed), expected)


def test_other_columns_are_a_difference(tmp_path):
    import pyarrow as pa

    for side, name in (("a", "learner"), ("b", "pupil")):
        write_rows(tmp_path / side / "facts.parquet", [{name: "L1"}], [(name, pa.string())])
    with pytest.raises(Unequal, match="facts: columns"):
        check_equal(tmp_path / "a", tmp_path / "b", tables=("facts",))


def test_a_process_that_fails_gives_its_last_words():
    with pytest.raises(measure.DidNotFinish, match="facts"):
        measure.run_module("benchmarks.compare", "/nowhere", "/nowhere", "facts")


def test_medians_are_taken_figure_by_figure():
    runs = [measure.Measurement(wall, 4 - wall, int(wall), 0.1, 1.0, 1.0) for wall in (1.0, 2.0, 3.0)]
    assert measure.medians(runs) == measure.Measurement(2.0, 2.0, 2, 0.1, 1.0, 1.0)


def test_a_peer_that_would_not_fit_in_memory_is_left_out_with_the_reason():
    before = {
        "learners": 100_000,
        "marks": 8,
        "left_out": {},
        "medians": {"pandas_peer": {"peak_bytes": 10**15}},
    }
    large = regions.RegionOnDisk(Path("x"), date(2026, 4, 17), 1_000_000, 80)
    assert _too_large("pandas_peer", large, [before]) == "left out: would need about 10000000 GB"
    assert _too_large("inbeeld", large, [before]) is None
    assert _too_large("pandas_peer", large, []) is None


def test_sizes_that_are_no_numbers_are_refused_with_a_sentence():
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--sizes", "many"],
        cwd=measure.ROOT,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 2
    assert "a whole number of 1 or more was expected, not many" in said.stderr


def test_the_quick_bench_runs_every_peer_with_equal_answers(tmp_path, capsys):
    asked = ["--quick", "--database-url", "", "--work", str(tmp_path / "work")]
    assert main([*asked, "--out", str(tmp_path / "bench.json")]) == 0
    result = json.loads((tmp_path / "bench.json").read_text())
    (size,) = result["sizes"]
    assert size["learners"] == 1_000
    assert size["marks"] > 10_000
    assert size["left_out"] == {}
    assert set(size["medians"]) == set(reporting.PEERS)
    assert set(size["answers"]) == set(reporting.PEERS) - {"inbeeld", "floor"}
    assert all(0 < one["startup_cpu"] < one["cpu"] for one in size["medians"].values())
    assert result["one_school"]["learners"] < 1_000
    (reading,) = result["reading"]
    assert (reading["database"], reading["learners"], reading["rounds"]) == ("SQLite", 1_000, 2)
    assert all(reading[page]["ratio"] > 0 for page in reporting.PAGES)
    assert result["journal"] is None
    assert set(result["linking"]["beside"]["peers"]) == {"inbeeld", "recordlinkage"}
    assert result["linking"]["large"] is None
    assert result["figures"] == []
    shown = capsys.readouterr().out
    assert "not measured: comes later" in shown
    assert "The journal: not measured" in shown
    assert "Linking two lists of 500, medians of 1 interleaved rounds" in shown
    for peer in reporting.PEERS.values():
        assert peer.name in shown


def test_answers_are_compared_in_every_round_and_a_late_difference_stops_the_bench(tmp_path, monkeypatch):
    compared = []

    def compare(module, ours, theirs, *tables):
        compared.append(Path(theirs).name)
        if compared.count("hand_sql") == 3:
            raise measure.DidNotFinish("facts: first difference")

    monkeypatch.setattr(benching, "run_module", compare)
    monkeypatch.setattr(benching, "run_peer", lambda *asked, **more: measure.Measurement(1, 1, 1, 1, 1, 1))
    region = regions.RegionOnDisk(tmp_path, date(2026, 11, 2), 10, 100)
    asked = {"smaller": [], "work": tmp_path, "say": lambda line: None}
    found = benching._measure_size(region, rounds=2, **asked)
    assert found["answers"]["hand_sql"] == "equal"
    assert compared.count("hand_sql") == compared.count("polars_peer") == 2
    with pytest.raises(measure.DidNotFinish, match="first difference"):
        benching._measure_size(region, rounds=1, **asked)


def test_pages_and_journal_are_measured_on_the_postgresql_that_is_named(tmp_path, monkeypatch):
    """The measuring itself runs in a test of its own; here what is asked of it, and what comes of it."""
    asked = []

    def run(module, *arguments):
        asked.append(module)
        given = dict(zip(arguments[::2], arguments[1::2], strict=True))
        found = {"url": given.get("--database-url", given.get("--url"))}
        Path(given["--out"]).write_text(json.dumps(found), encoding="utf-8")

    monkeypatch.setattr(benching, "run_module", run)
    pages = benching.TINY._replace(url="postgresql://there/postgres")
    found = benching._reading(pages, work=tmp_path, say=lambda line: None)
    assert [one["url"] for one in found] == ["", pages.url]
    assert benching._journal(pages, work=tmp_path, say=lambda line: None) == {"url": pages.url}
    assert asked == ["benchmarks.reading"] * 2 + ["benchmarks.journal"]


def a_reading(**more):
    found = {"seconds": 0.033, "without": 0.030, "ratio": 1.1, "of_the_fastest": 1.1}
    pages = {page: dict(found) for page in reporting.PAGES}
    return {"learners": 10_000, "rounds": 40, "database": "SQLite", **pages, **more}


def a_journal(**more):
    return {
        "lines": 10_000_000, "lines_of_the_child": 20_000, "append_50_with_disk_ms": 3.0,
        "append_50_without_disk_ms": 2.0, "verified_lines_per_second": 50_000, "newest_100_ms": 1.0,
        "newest_100_first_ms": 90.0, "grouped_ms": 40.0, "grouped_first_ms": 1999.0, **more,
    }  # fmt: skip


def test_a_page_may_cost_a_tenth_more_and_who_saw_a_child_is_told_within_two_seconds():
    def met(reading, journal):
        result = {"sizes": [], "growth": {}, "reading": [reading], "journal": journal}
        return [one["met"] for one in reporting.figures(result)]

    slower = {"seconds": 0.034, "without": 0.030, "ratio": 1.101, "of_the_fastest": 1.0}
    assert met(a_reading(), a_journal()) == [True, True, True]
    assert met(a_reading(**{reporting.LIST: slower}), None) == [False, True]
    assert met(a_reading(), a_journal(grouped_first_ms=2000.0)) == [True, True, False]


def test_what_was_measured_on_little_is_no_figure():
    little = {"reading": [a_reading(learners=1_000)], "journal": a_journal(lines=5_000)}
    assert reporting.figures({"sizes": [], "growth": {}, **little}) == []


def test_pages_and_journal_stand_in_the_table():
    shown = "\n".join(reporting._pages_and_journal({"reading": [a_reading()], "journal": a_journal()}))
    assert "list of 50, SQLite                33.0     30.0   1.10  10,000, 40" in shown
    assert "50 lines written in 3.0 ms (2.0 without waiting for the disk), 50,000 lines verified" in shown
    assert "20,000 of 10,000,000 lines" in shown
    assert "(first time 1999.0)" in shown


def test_a_region_goes_into_no_database_but_that_of_the_bench(tmp_path):
    """Whoever works with a database of their own in the environment finds it as it was."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(measure.ROOT / "src"), str(measure.ROOT))),
        "INBEELD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
        "INBEELD_MODE": "production",
    }
    asked = ["--learners", "1000", "--rounds", "1", "--work", str(tmp_path), "--database-url", ""]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading", *asked],
        env=environment, cwd=measure.ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["database"] == "SQLite"


@pytest.fixture
def postgresql() -> str:
    """The PostgreSQL whose superuser tests may use."""
    url = os.environ.get("INBEELD_DATABASE_URL") or os.environ.get("INBEELD_TEST_DATABASE_URL", "")
    return url or pytest.skip("no PostgreSQL is named")


@pytest.mark.database
def test_pages_behind_the_wall_and_the_journal_are_measured_on_postgresql(tmp_path, postgresql):
    server = urlunsplit(urlsplit(postgresql)._replace(path="/postgres"))
    pages = benching.TINY._replace(url=server, rounds=1, log_lines=1_000)
    reading = benching._reading(pages, work=tmp_path, say=lambda line: None)
    assert [one["database"] for one in reading] == ["SQLite", "PostgreSQL"]
    journal = benching._journal(pages, work=tmp_path, say=lambda line: None)
    assert (journal["lines"], journal["lines_of_the_child"]) == (1_000, 2)


@pytest.mark.database
def test_a_working_morning_is_measured_behind_the_wall(tmp_path, postgresql):
    server = urlunsplit(urlsplit(postgresql)._replace(path="/postgres"))
    words = [
        "--learners", "400", "--users", "4", "--seconds", "4", "--think", "0.2", "--work", str(tmp_path),
        "--database-url", server, "--agreements", "30",
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *words],
        cwd=measure.ROOT, env={**os.environ, "PYTHONPATH": str(measure.ROOT / "src")},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = done.stdout
    found = json.loads(said.splitlines()[-1])
    pages = {"Mijn werk", "In beeld", "Uit beeld", "page of a child", "Berichten", "Afspraken"}
    assert pages <= set(found["pages"])
    assert all(0 < row["median_ms"] <= row["p95_ms"] <= row["most_ms"] for row in found["pages"].values())
    assert "| Mijn werk |" in said and found["agreements"] >= 30


def test_the_figures_to_reach_are_told_with_what_was_reached():
    each = {
        "wall": 2.0,
        "cpu": 4.0,
        "startup_cpu": 0.0,
        "work_cpu": 4.0,
        "work_wall": 2.0,
        "peak_bytes": 700_000_000,
    }
    sizes = [
        {
            "learners": n,
            "marks": n * 80,
            "medians": {peer: {**each, "work_cpu": n / 1e5} for peer in reporting.PEERS},
        }
        for n in (10_000, 100_000, 1_000_000)
    ]
    told = reporting.figures({"sizes": sizes, "growth": reporting.growth(sizes)})
    assert [one["met"] for one in told] == [True, True, *[False] * 4, True, True, True, True, True]
    assert told[-1]["reached"] == pytest.approx(1.0)
