"""One run of one command in a process of its own: CPU, wall and peak memory, as the kernel counted them."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]


class DidNotFinish(Exception):
    """A process that failed or was stopped; the message says how."""


@dataclass(frozen=True)
class Measurement:
    """Seconds and bytes of one run.

    `cpu` is user + system of the whole process; `startup_cpu` the part before the work began
    (Python, importing libraries); `work_cpu` and `work_wall` the work itself.
    """

    wall: float
    cpu: float
    peak_bytes: int
    startup_cpu: float
    work_cpu: float
    work_wall: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def run_peer(peer: str, folder: Path, *, on: date, out: Path) -> Measurement:
    """Run a peer afresh into `out`. Raises DidNotFinish."""
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    clock = out.with_name(f"{out.name}.clock.json")
    clock.unlink(missing_ok=True)
    wall, cpu, peak = run_module("benchmarks.one", peer, str(folder), on.isoformat(), str(out), str(clock))
    return Measurement(wall, cpu, peak, **json.loads(clock.read_text(encoding="utf-8")))


def run_module(module: str, *arguments: str) -> tuple[float, float, int]:
    """`python -m module arguments`: wall and CPU seconds and peak bytes. Raises DidNotFinish saying why."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr as said:
        last_words = said.read().strip()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0:
        raise DidNotFinish(f"stopped by signal {-process.returncode} at {used.ru_maxrss / 1e6:.1f} GB")
    if process.returncode:
        raise DidNotFinish(last_words or f"exit {process.returncode}")
    return wall, used.ru_utime + used.ru_stime, _peak_bytes(used.ru_maxrss)


def _peak_bytes(maxrss: int) -> int:
    """Linux counts in KiB, macOS in bytes."""
    return maxrss if sys.platform == "darwin" else maxrss * 1024


def medians(runs: list[Measurement]) -> Measurement:
    """The median of each figure over the rounds."""
    each = {
        one.name: statistics.median(getattr(run, one.name) for run in runs) for one in fields(Measurement)
    }
    each["peak_bytes"] = int(each["peak_bytes"])
    return Measurement(**each)


def available_memory() -> int:
    """Bytes that can be used now (Linux), else half of all memory."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
