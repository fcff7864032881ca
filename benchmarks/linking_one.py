"""Link two lists once, in a process of its own: `python -m benchmarks.linking_one WHO FOLDER OUT`.

WHO is inbeeld or recordlinkage. OUT becomes a folder with links.csv (the pairs of ids taken for one child)
and clock.json: what starting up took apart from the work, in seconds, and how many pairs were looked at.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

Link = Callable[[Path, Path, Path], tuple[list[tuple[str, str]], int]]
LIKELIER_THAN_NOT = 0.5


def main(who: str, folder: str, out: str) -> None:
    """Import what links, link, and write down what came of it and both CPU times."""
    link = {"inbeeld": _inbeeld, "recordlinkage": _recordlinkage}[who]()
    where = Path(out)
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    started_cpu, started_wall = time.process_time(), time.perf_counter()
    left, right = (Path(folder) / "lists" / f"{name}.csv" for name in ("register", "enrolments"))
    links, looked_at = link(left, right, where / "compared")
    spent = {
        "startup_cpu": started_cpu,
        "work_cpu": time.process_time() - started_cpu,
        "work_wall": time.perf_counter() - started_wall,
        "looked_at": looked_at,
    }
    with (where / "links.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("register", "enrolments"), *links])
    (where / "clock.json").write_text(json.dumps(spent), encoding="utf-8")


def _inbeeld() -> Link:
    import duckdb  # noqa: F401
    import splink  # noqa: F401

    from inbeeld.engine.linkage import compare

    def link(left: Path, right: Path, out: Path) -> tuple[list[tuple[str, str]], int]:
        receipt = compare([left, right], out=out)
        with (out / "links.csv").open(encoding="utf-8", newline="") as stream:
            links = [
                (row["left_id"], row["right_id"])
                for row in csv.DictReader(stream)
                if float(row["probability"]) >= LIKELIER_THAN_NOT
            ]
        return links, receipt["pairs_of_lists"][0]["looked_at"]

    return link


def _recordlinkage() -> Link:
    import recordlinkage  # noqa: F401

    from benchmarks.peers import recordlinkage_peer

    return lambda left, right, out: recordlinkage_peer.link(left, right)


if __name__ == "__main__":
    main(*sys.argv[1:])
