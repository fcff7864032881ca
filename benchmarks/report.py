"""What was measured, as a table for people and as figures beside the ones to reach."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import linking
from benchmarks.reading import CHILD, LIST
from inbeeld.engine.fingerprint import code_version

ALL_TABLES = ("facts", "episodes", "report_duties", "sick_alerts")
Met = Callable[[float], bool]
PAGES = (LIST, CHILD)
#: What is measured on less says that the bench runs, and nothing about a figure.
A_REGION, MANY_LINES = 10_000, 1_000_000
LIBRARIES = ("duckdb", "polars", "pandas", "numpy", "pyarrow", "splink", "recordlinkage")


class Peer(NamedTuple):
    """How a peer is called in the table, and which of its tables must equal inbeeld's."""

    name: str
    tables: tuple[str, ...]


PEERS = {
    "inbeeld": Peer("inbeeld judge", ALL_TABLES),
    "floor": Peer("(a) plain read of the columns", ()),
    "hand_sql": Peer("(b) DuckDB SQL by hand", ALL_TABLES),
    "polars_peer": Peer("(c) Polars", ALL_TABLES),
    "pandas_facts": Peer("(d) pandas, facts alone", ("facts",)),
    "pandas_plain": Peer("    texts read the plain way", ("facts",)),
    "pandas_peer": Peer("(d) pandas, all four tables", ALL_TABLES),
}


def machine() -> dict[str, Any]:
    """What it ran on, and when."""
    return {
        "date": datetime.now().astimezone().date().isoformat(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "load_at_the_end": os.getloadavg()[0],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "not known"
    )


def versions() -> dict[str, str]:
    """Of Python, the libraries, and inbeeld: its version with a hash over its program files."""

    code = code_version()
    return {"inbeeld": code, "python": platform.python_version()} | {
        name: version(name) for name in LIBRARIES
    }


def growth(sizes: list[dict[str, Any]]) -> dict[str, list[dict[str, float]]]:
    """CPU per million marks at each size, starting up apart, and how many times the smallest size's."""
    found: dict[str, list[dict[str, float]]] = {}
    for peer in PEERS:
        for size in sizes:
            if peer not in size["medians"] or not size["marks"]:
                continue
            each = size["medians"][peer]["work_cpu"] * 1e6 / size["marks"]
            rows = found.setdefault(peer, [])
            first = rows[0]["cpu_per_million_marks"] if rows else each
            rows.append(
                {"learners": size["learners"], "cpu_per_million_marks": each, "times_smallest": each / first}
            )
    return found


def figures(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures to reach that this run can tell of, each with what was reached."""
    return [
        {"figure": figure, "reached": reached, "needed": needed, "met": met(reached)}
        for figure, reached, needed, met in _figures(result)
    ]


def at_most(limit: float) -> Met:
    """Is a figure this or less?"""
    return lambda reached: reached <= limit


def at_least(limit: float) -> Met:
    """Is a figure this or more?"""
    return lambda reached: reached >= limit


def below(limit: float) -> Met:
    """Is a figure less than this?"""
    return lambda reached: reached < limit


def _figures(result: dict[str, Any]) -> Iterator[tuple[str, float, str, Met]]:
    by_size = {size["learners"]: size["medians"] for size in result["sizes"]}
    if found := by_size.get(100_000):
        ours = found["inbeeld"]

        def times(peer: str, what: str) -> float:
            return float(ours[what] / found[peer][what])

        if "hand_sql" in found:
            yield "CPU against SQL by hand", times("hand_sql", "cpu"), "at most 1.5 ×", at_most(1.5)
        if "floor" in found:
            yield "CPU against the plain read", times("floor", "cpu"), "at most 12 ×", at_most(12)
        for peer, how in (("pandas_facts", "categories"), ("pandas_plain", "plain")):
            if peer in found:
                yield f"CPU of pandas ({how}) against it", 1 / times(peer, "cpu"), "at least 2 ×", at_least(2)
                yield (
                    f"wall of pandas ({how}) against it",
                    1 / times(peer, "wall"),
                    "at least 3 ×",
                    at_least(3),
                )
        if "polars_peer" in found:
            yield "wall against Polars", times("polars_peer", "wall"), "at most 1 ×", at_most(1)
            yield "CPU against Polars", times("polars_peer", "cpu"), "at most 1 ×", at_most(1)
        yield "peak memory, GB", ours["peak_bytes"] / 1e9, "at most 0.8", at_most(0.8)
    if found := by_size.get(1_000_000):
        yield "peak memory at 1 M, GB", found["inbeeld"]["peak_bytes"] / 1e9, "at most 1", at_most(1)
    if len(result["sizes"]) > 1:
        last = result["growth"]["inbeeld"][-1]
        label = f"CPU per mark, {result['sizes'][0]['learners']:,} to {last['learners']:,}"
        yield label, last["times_smallest"], "at most 1.2 ×", at_most(1.2)
    for label, reached, needed, least in linking.figures(result["linking"]) if "linking" in result else ():
        yield label, reached, needed, at_least(least)
    for one in result.get("reading", ()):
        if one["learners"] >= A_REGION:
            for page in PAGES:
                label = f"{page}, logged and opened, {one['database']}"
                yield label, one[page]["ratio"], "at most 1.10 ×", at_most(1.10)
    journal = result.get("journal")
    if journal and journal["lines"] >= MANY_LINES:
        label = f"who saw this child, {journal['lines']:,} lines, s"
        yield label, _slowest_answer(journal) / 1000, "less than 2", below(2)


def _slowest_answer(journal: dict[str, Any]) -> float:
    """Milliseconds, with the first time a question is asked."""
    asked = ("newest_100", "newest_100_first", "grouped", "grouped_first")
    return max(float(journal[f"{one}_ms"]) for one in asked)


def as_text(result: dict[str, Any]) -> str:
    """The whole table for a terminal."""
    return "\n".join(_lines(result))


def _lines(result: dict[str, Any]) -> Iterator[str]:
    on = result["machine"]
    yield f"{on['date']}, {on['processor']}, {on['cores']} cores, {on['memory_bytes'] / 1e9:.0f} GB"
    yield on["system"]
    yield ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    yield f"medians of {result['rounds']} interleaved rounds, whole processes; × is the CPU against inbeeld's"
    for size in result["sizes"]:
        yield ""
        yield f"{size['learners']:,} learners, {size['marks']:,} marks"
        yield f"  {'':30}{'wall s':>8}{'CPU s':>8}{'start-up':>10}{'peak GB':>9}{'×':>7}  answers"
        for peer, about in PEERS.items():
            yield "  " + _row(about.name, peer, size)
        yield f"  {'Spark':30}{result['spark']}"
    school = result["one_school"]
    spent = school["median"]
    yield ""
    yield (
        f"one school's delivery ({school['learners']:,} learners, {school['marks']:,} marks), cold start: "
        f"{spent['wall']:.2f} s wall, {spent['cpu']:.2f} s CPU, {spent['peak_bytes'] / 1e9:.2f} GB "
        f"({school['share_of_the_whole_cpu']:.1%} of the CPU of the whole)"
    )
    yield ""
    yield "CPU seconds per million marks, starting up apart (× the smallest size)"
    for peer, rows in result["growth"].items():
        each = "   ".join(
            f"{row['learners']:,}: {row['cpu_per_million_marks']:.2f} ({row['times_smallest']:.2f} ×)"
            for row in rows
        )
        yield f"  {PEERS[peer].name:30}{each}"
    yield ""
    yield from linking.lines(result["linking"])
    yield from _pages_and_journal(result)
    if result["figures"]:
        yield ""
        yield "Figures to reach"
    for one in result["figures"]:
        yield f"  {'yes' if one['met'] else 'NO ':4}{one['figure']:44}{one['reached']:7.2f}   {one['needed']}"


def _pages_and_journal(result: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "Logging and decryption: a page with both against the same page without"
    yield f"  {'':30}{'ms':>8}{'without':>9}{'×':>7}  learners, rounds"
    for one in result["reading"]:
        for page in PAGES:
            found = one[page]
            name = f"{page}, {one['database']}"
            yield (
                f"  {name:30}{found['seconds'] * 1000:8.1f}{found['without'] * 1000:9.1f}"
                f"{found['ratio']:7.2f}  {one['learners']:,}, {one['rounds']}"
            )
    journal = result["journal"]
    yield ""
    if journal is None:
        yield "The journal: not measured (name a PostgreSQL: --database-url)"
        return
    yield (
        f"The journal on PostgreSQL: 50 lines written in {journal['append_50_with_disk_ms']:.1f} ms "
        f"({journal['append_50_without_disk_ms']:.1f} without waiting for the disk), "
        f"{journal['verified_lines_per_second']:,.0f} lines verified a second"
    )
    yield (
        f"  who saw this child ({journal['lines_of_the_child']:,} of {journal['lines']:,} lines): "
        f"the newest 100 in {journal['newest_100_ms']:.1f} ms "
        f"(first time {journal['newest_100_first_ms']:.1f}), "
        f"all by actor in {journal['grouped_ms']:.1f} ms (first time {journal['grouped_first_ms']:.1f})"
    )


def _row(name: str, peer: str, size: dict[str, Any]) -> str:
    if peer not in size["medians"]:
        return f"{name:30}{size['left_out'].get(peer, 'not measured')}"
    found = size["medians"][peer]
    ratio = found["cpu"] / size["medians"]["inbeeld"]["cpu"]
    return (
        f"{name:30}{found['wall']:8.2f}{found['cpu']:8.2f}{found['startup_cpu']:10.2f}"
        f"{found['peak_bytes'] / 1e9:9.2f}{ratio:7.2f}  {size['answers'].get(peer, '')}"
    ).rstrip()
