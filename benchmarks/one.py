"""Run one peer once, in a process of its own: `python -m benchmarks.one PEER FOLDER DATE OUT CLOCK`.

Writes to the file CLOCK what starting up (Python and libraries) took apart from the work, in seconds.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from datetime import date
from pathlib import Path


def main(peer: str, folder: str, on: str, out: str, clock: str) -> None:
    """Import the peer, run it, and write both CPU times down."""
    module = importlib.import_module(f"benchmarks.peers.{peer}")
    started_cpu, started_wall = time.process_time(), time.perf_counter()
    module.run(Path(folder), date.fromisoformat(on), Path(out))
    spent = {
        "startup_cpu": started_cpu,
        "work_cpu": time.process_time() - started_cpu,
        "work_wall": time.perf_counter() - started_wall,
    }
    Path(clock).write_text(json.dumps(spent), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
