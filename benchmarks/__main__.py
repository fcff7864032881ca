"""`python -m benchmarks`: inbeeld beside its peers on this machine, same data, same answers, one run.

Peers run in turn, round by round (A B C D, A B C D, …), each in a process of its own; medians count. Then
what logging and decryption add to a page, and how fast the journal is.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.linking import A_LIST
from benchmarks.measure import DidNotFinish, Measurement, available_memory, medians, run_module, run_peer
from benchmarks.regions import RegionOnDisk, one_school_of, region_of
from benchmarks.report import PEERS, as_text, figures, growth, machine, versions

DEFAULT_SIZES = (10_000, 100_000)
MILLION = 1_000_000
USUAL_REGION = 100_000
#: A peer is left out when it would need more than this share of the memory that is free.
SHARE_OF_MEMORY = 0.8
Say = Callable[[str], None]


class Lists(NamedTuple):
    """What is asked of linking: rows of each of two lists beside the toolkit, and of two large ones alone."""

    rows: int = A_LIST
    rounds: int = 5
    large: int = 0


class Pages(NamedTuple):
    """What is asked of pages and journal. `url`: a PostgreSQL; without it pages are asked on SQLite alone."""

    url: str = ""
    learners: int = 10_000
    rounds: int = 40
    log_lines: int = 1_000_000
    verified: int = 100_000


#: Does it run? Tells nothing about speed.
TINY = Pages(learners=1_000, rounds=2, log_lines=5_000, verified=1_000)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; writes bench.json. 0, or 1 when answers differ or inbeeld itself does not finish."""
    asked = _parser().parse_args(arguments)
    sizes = (1_000,) if asked.quick else tuple(sorted({*asked.sizes, *([MILLION] if asked.million else [])}))
    rounds = 1 if asked.quick else asked.rounds
    pages = TINY if asked.quick else Pages(log_lines=asked.log_lines)
    lists = Lists(rows=500, rounds=1) if asked.quick else Lists(rounds=asked.rounds, large=asked.lists)
    asked.work.mkdir(parents=True, exist_ok=True)
    work = asked.work.resolve()
    try:
        result = bench(
            sizes,
            rounds=rounds,
            seed=asked.seed,
            pages=pages._replace(url=asked.database_url),
            lists=lists,
            work=work,
            say=_say,
        )
    except DidNotFinish as reason:
        print(reason, file=sys.stderr)
        return 1
    text = as_text(result)
    (asked.out or work / "bench.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(text)
    return 0


def bench(
    sizes: tuple[int, ...], *, rounds: int, seed: int, pages: Pages, lists: Lists, work: Path, say: Say
) -> dict[str, Any]:
    """All figures as one dictionary (bench.json). DidNotFinish when answers differ or inbeeld fails."""
    measured: list[dict[str, Any]] = []
    regions: list[RegionOnDisk] = []
    for learners in sizes:
        say(f"the region of {learners} learners")
        regions.append(region_of(learners, seed=seed, work=work))
        measured.append(_measure_size(regions[-1], rounds=rounds, smaller=measured, work=work, say=say))
    usual = max((at for at, size in enumerate(sizes) if size <= USUAL_REGION), default=0)
    result = {
        "versions": versions(),
        "seed": seed,
        "rounds": rounds,
        "sizes": measured,
        "one_school": _one_school(regions[usual], rounds=rounds, whole=measured[usual], work=work, say=say),
        "growth": growth(measured),
        "spark": "not measured: comes later",
        "linking": _linking(lists, seed=seed, work=work, say=say),
        "reading": _reading(pages, work=work, say=say),
        "journal": _journal(pages, work=work, say=say) if pages.url else None,
        "machine": machine(),
    }
    return {**result, "figures": figures(result)}


def _measure_size(
    region: RegionOnDisk, *, rounds: int, smaller: list[dict[str, Any]], work: Path, say: Say
) -> dict[str, Any]:
    runs: dict[str, list[Measurement]] = {peer: [] for peer in PEERS}
    left_out = {peer: reason for peer in PEERS if (reason := _too_large(peer, region, smaller))}
    answers: dict[str, str] = {}
    out = work / f"out-{region.learners}"
    for number in range(1, rounds + 1):
        for peer in PEERS:
            if peer in left_out:
                continue
            say(f"{region.learners} learners, round {number} of {rounds}: {peer}")
            try:
                runs[peer].append(run_peer(peer, region.folder, on=region.on, out=out / peer))
            except DidNotFinish as reason:
                if peer == "inbeeld":
                    raise
                left_out[peer] = f"did not finish: {reason}"
                continue
            if peer != "inbeeld" and PEERS[peer].tables:
                run_module("benchmarks.compare", str(out / "inbeeld"), str(out / peer), *PEERS[peer].tables)
                answers[peer] = "equal"
    finished = {peer: each for peer, each in runs.items() if each and peer not in left_out}
    return {
        "learners": region.learners,
        "marks": region.marks,
        "judged_on": region.on.isoformat(),
        "answers": answers,
        "left_out": left_out,
        "medians": {peer: medians(each).as_dict() for peer, each in finished.items()},
        "rounds": {peer: [one.as_dict() for one in each] for peer, each in finished.items()},
    }


def _too_large(peer: str, region: RegionOnDisk, smaller: list[dict[str, Any]]) -> str | None:
    """Why a peer cannot run at this size: its memory at the size before, times the growth in marks."""
    if not smaller or peer == "inbeeld":
        return None
    before = smaller[-1]
    if peer in before["left_out"]:
        return str(before["left_out"][peer])
    if before["learners"] < 50_000:
        return None
    needs = before["medians"][peer]["peak_bytes"] * region.marks / before["marks"]
    if needs > SHARE_OF_MEMORY * available_memory():
        return f"left out: would need about {needs / 1e9:.0f} GB"
    return None


def _one_school(
    region: RegionOnDisk, *, rounds: int, whole: dict[str, Any], work: Path, say: Say
) -> dict[str, Any]:
    """One school's delivery judged alone from a cold start, beside the whole region."""
    school = one_school_of(region, work=work)
    say(f"one school of {school.learners} learners, {rounds} times")
    runs = [
        run_peer("inbeeld", school.folder, on=school.on, out=work / "out-one-school") for _ in range(rounds)
    ]
    found = medians(runs)
    return {
        "learners": school.learners,
        "marks": school.marks,
        "median": found.as_dict(),
        "share_of_the_whole_cpu": found.cpu / whole["medians"]["inbeeld"]["cpu"],
    }


def _linking(lists: Lists, *, seed: int, work: Path, say: Say) -> dict[str, Any]:
    """Lists of organisations side by side, beside the toolkit that is made for it."""
    say(f"two lists of {lists.rows:,} linked, beside recordlinkage")
    out = work / "linking.json"
    asked = ("--rows", str(lists.rows), "--rounds", str(lists.rounds), "--lists", str(lists.large))
    run_module("benchmarks.linking", *asked, "--seed", str(seed), "--work", str(work), "--out", str(out))
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _reading(pages: Pages, *, work: Path, say: Say) -> list[dict[str, Any]]:
    """What logging and decryption add to a page, on each database there is."""
    found = []
    for database, url in (("SQLite", ""), *([("PostgreSQL", pages.url)] if pages.url else [])):
        say(f"pages with and without logging and decryption, on {database}")
        out = work / f"reading-{database.lower()}.json"
        asked = ("--learners", str(pages.learners), "--rounds", str(pages.rounds), "--database-url", url)
        run_module("benchmarks.reading", *asked, "--work", str(work), "--out", str(out))
        found.append(json.loads(out.read_text(encoding="utf-8")))
    return found


def _journal(pages: Pages, *, work: Path, say: Say) -> dict[str, Any]:
    """How fast the journal is written, verified and asked."""
    say(f"the journal with {pages.log_lines:,} lines, on PostgreSQL")
    out = work / "journal.json"
    asked = ("--lines", str(pages.log_lines), "--verified", str(pages.verified), "--url", pages.url)
    run_module("benchmarks.journal", *asked, "--out", str(out))
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="inbeeld bench", description=__doc__)
    sizes = ",".join(map(str, DEFAULT_SIZES))
    parser.add_argument("--sizes", type=_sizes, default=DEFAULT_SIZES, help=f"learners ({sizes})")
    parser.add_argument("--million", action="store_true", help="also 1,000,000 learners")
    parser.add_argument("--rounds", type=_positive, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seed", type=int, default=1, help="of the invented region (1)")
    parser.add_argument("--quick", action="store_true", help="1,000 learners, one round: does it run?")
    parser.add_argument(
        "--database-url",
        metavar="URL",
        default=os.environ.get("INBEELD_BENCH_DATABASE_URL", ""),
        help="a PostgreSQL and its superuser, for the pages and the journal (INBEELD_BENCH_DATABASE_URL)",
    )
    parser.add_argument(
        "--log-lines",
        type=_positive,
        default=Pages().log_lines,
        metavar="N",
        help="lines in the journal that is asked who saw a child (1000000)",
    )
    parser.add_argument(
        "--lists", type=_positive, default=0, metavar="N", help="also link two lists of N children each"
    )
    parser.add_argument("--work", type=Path, default=Path(".inbeeld/bench"), help="where regions are kept")
    parser.add_argument("--out", type=Path, help="the figures as JSON (bench.json in --work)")
    return parser


def _positive(text: str) -> int:
    text = text.replace("_", "")
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of 1 or more was expected, not {text}")
    return int(text)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_positive(one) for one in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
