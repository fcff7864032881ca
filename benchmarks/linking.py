"""`inbeeld compare` beside the Python Record Linkage Toolkit: same invented lists, same truth, in turn.

`python -m benchmarks.linking --rows 5000 --rounds 5 --work FOLDER --out FILE`; `--lists N` also compares
lists of N children alone, and lays the rate beside that of the toolkit at the largest size it can do.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import DidNotFinish, Measurement, available_memory, medians, run_module

PEERS = ("inbeeld", "recordlinkage")
#: Of a register's children so many are on no roll.
ON_NO_ROLL = 0.00465
#: Sizes the toolkit is tried at, until it takes longer than so many seconds or needs more memory.
LADDER, PATIENCE, SHARE_OF_MEMORY = (5_000, 20_000, 50_000, 100_000, 1_000_000), 1_200.0, 0.5
#: What is measured on less says that the bench runs, and nothing about a figure.
A_LIST, MANY = 5_000, 1_000_000
HEADS = {
    "wall s": 8, "CPU s": 8, "start-up": 10, "peak GB": 9, "rows/s": 9, "pairs/s": 11, "F1": 8,
}  # fmt: skip
Say = Callable[[str], None]


def main(arguments: list[str] | None = None) -> int:
    """Measure and write the figures as JSON. 0; DidNotFinish ends it with a sentence and 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linking", description=__doc__)
    parser.add_argument("--rows", type=int, default=A_LIST)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lists", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(arguments)

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        found = {
            "beside": beside(asked.rows, rounds=asked.rounds, seed=asked.seed, work=asked.work, say=say),
            "large": large(asked.lists, seed=asked.seed, work=asked.work, say=say) if asked.lists else None,
        }
    except DidNotFinish as reason:
        print(reason, file=sys.stderr)
        return 1
    asked.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print("\n".join(lines(found)))
    return 0


def beside(rows: int, *, rounds: int, seed: int, work: Path, say: Say) -> dict[str, Any]:
    """Both on lists of so many children, round by round in turn: medians, pairs looked at, how right."""
    folder = lists_of(rows, seed=seed, work=work)
    runs: dict[str, list[Measurement]] = {peer: [] for peer in PEERS}
    found: dict[str, Any] = {}
    for number in range(1, rounds + 1):
        for peer in PEERS:
            say(f"two lists of {rows:,}, round {number} of {rounds}: {peer}")
            run, looked_at, links = run_one(peer, folder, work=work)
            runs[peer].append(run)
            found[peer] = {"looked_at": looked_at, **score(links, folder)}
    return {
        "rows": rows,
        "rounds": rounds,
        "peers": {
            peer: found[peer] | rates(medians(runs[peer]), found[peer]["looked_at"], rows) for peer in PEERS
        },
    }


def large(rows: int, *, seed: int, work: Path, say: Say) -> dict[str, Any]:
    """inbeeld alone on lists of so many, and the toolkit at the largest size it can do; once each."""
    done: dict[str, Any] = {}
    for size in LADDER:
        if size > rows or (done and _too_much(done, size)):
            break
        say(f"two lists of {size:,}: recordlinkage")
        folder = lists_of(size, seed=seed, work=work)
        try:
            run, looked_at, links = run_one("recordlinkage", folder, work=work)
        except DidNotFinish as reason:
            if not done:
                raise
            say(str(reason))
            break
        done = {"rows": size, "looked_at": looked_at, **score(links, folder), **rates(run, looked_at, size)}
    say(f"two lists of {rows:,}: inbeeld")
    folder = lists_of(rows, seed=seed, work=work)
    run, looked_at, links = run_one("inbeeld", folder, work=work)
    ours = {"rows": rows, "looked_at": looked_at, **score(links, folder), **rates(run, looked_at, rows)}
    return {"inbeeld": ours, "recordlinkage": done}


def _too_much(done: dict[str, Any], size: int) -> bool:
    """Would the next size take too long or too much, if both grow as the lists do?"""
    times = size / done["rows"]
    return bool(
        done["work_wall"] * times > PATIENCE
        or done["peak_bytes"] * times > SHARE_OF_MEMORY * available_memory()
    )


def lists_of(rows: int, *, seed: int, work: Path) -> Path:
    """A register of so many children and their enrolments, with the truth apart; made once."""
    from inbeeld.engine.invented import populations

    folder = work / f"lists-{rows}-seed-{seed}"
    if not (folder / "population.json").is_file():
        populations.register_against_enrolments(
            folder, seed=seed, children=rows, on_no_roll=max(round(ON_NO_ROLL * rows), 1)
        )
    return folder.resolve()


def run_one(peer: str, folder: Path, *, work: Path) -> tuple[Measurement, int, list[tuple[str, str]]]:
    """One run in a process of its own: what it took, how many pairs it looked at, and what it linked."""
    out = work.resolve() / f"linked-{peer}"
    wall, cpu, peak = run_module("benchmarks.linking_one", peer, str(folder), str(out))
    spent = json.loads((out / "clock.json").read_text(encoding="utf-8"))
    looked_at = spent.pop("looked_at")
    with (out / "links.csv").open(encoding="utf-8", newline="") as stream:
        links = [(left, right) for left, right in csv.reader(stream)][1:]
    return Measurement(wall, cpu, peak, **spent), looked_at, links


def rates(run: Measurement, looked_at: int, rows: int) -> dict[str, float]:
    """What a run took, and rows and pairs a second on the cores there are; starting up is not counted."""
    return {
        **asdict(run),
        "rows_a_second": 2 * rows / run.work_wall,
        "pairs_a_second": looked_at / run.work_wall,
    }


def score(links: list[tuple[str, str]], folder: Path) -> dict[str, float]:
    """Precision, recall and F1 of pairs of ids against the truth."""
    where: dict[str, dict[str, str]] = {"register": {}, "enrolments": {}}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            where[row["list"]][row["child"]] = row["id"]
    register, enrolments = where["register"], where["enrolments"]
    true = {(key, enrolments[child]) for child, key in register.items() if child in enrolments}
    right = len(true.intersection(links))
    return {
        "precision": right / len(links) if links else 1.0,
        "recall": right / len(true),
        "f1": 2 * right / (len(links) + len(true)),
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The figures for a terminal."""
    together = found["beside"]
    yield (
        f"Linking two lists of {together['rows']:,}, medians of {together['rounds']} interleaved rounds; "
        "rates are a second on these cores, starting up apart"
    )
    yield f"  {'':30}" + "".join(f"{head:>{width}}" for head, width in HEADS.items())
    for peer in PEERS:
        yield _row(peer, together["peers"][peer])
    if found["large"]:
        yield "Linking the largest lists, once"
        for peer, one in found["large"].items():
            yield _row(f"{peer}, {one['rows']:,} × {one['rows']:,}", one)


def _row(name: str, one: dict[str, Any]) -> str:
    return (
        f"  {name:30}{one['wall']:8.1f}{one['cpu']:8.1f}{one['startup_cpu']:10.1f}"
        f"{one['peak_bytes'] / 1e9:9.2f}{one['rows_a_second']:9,.0f}{one['pairs_a_second']:11,.0f}"
        f"{one['f1']:8.4f}"
    )


def figures(found: dict[str, Any]) -> Iterator[tuple[str, float, str, float]]:
    """What there is to reach: the figure, what was reached, how it is said and the least that is enough."""
    together = found["beside"]
    if together["rows"] >= A_LIST:
        ours, theirs = (together["peers"][peer] for peer in PEERS)
        yield (
            f"F1 of linking {together['rows']:,} against recordlinkage",
            ours["f1"] / theirs["f1"],
            "at least 1 ×",
            1.0,
        )
    if found["large"] and found["large"]["inbeeld"]["rows"] >= MANY:
        ours, theirs = (found["large"][peer] for peer in PEERS)
        times = ours["rows_a_second"] / theirs["rows_a_second"]
        yield (
            f"rows linked a second against recordlinkage at {theirs['rows']:,}",
            times,
            "at least 10 ×",
            10.0,
        )


if __name__ == "__main__":
    sys.exit(main())
