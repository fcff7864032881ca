"""How much a hostile file may cost: size, unpacking, memory, time."""

from __future__ import annotations

import sys
from contextlib import nullcontext, suppress
from pathlib import Path

from inbeeld.engine.refusal import BadInput

MEGABYTE = 1024 * 1024
LARGEST_FILE = 50 * MEGABYTE
LARGEST_RATIO = 50
LARGEST_MEMORY = 1024 * MEGABYTE
LARGEST_OUTPUT = 2048 * MEGABYTE
LONGEST_SECONDS = 120
DEEPEST_XML = 50
LONGEST_PERIOD_DAYS = 366
LAST_SLOT = 24


def refuse_unusable(file: Path, *, shown: str) -> None:
    """Raise BadInput unless `file` is a file of 1 byte to 50 MB."""
    if not file.is_file():
        raise BadInput(shown, "an existing file")
    size = file.stat().st_size
    if size == 0:
        raise BadInput(shown, "a file with rows in it; this one is empty")
    if size > LARGEST_FILE:
        raise BadInput(shown, f"a file of at most {LARGEST_FILE // MEGABYTE} MB")


def confine_this_process() -> None:
    """Set hard limits on memory, processor time, output and core dumps of the running process."""
    import resource

    # Beyond the soft limit of processor time comes a signal the parent can name; then the hard stop.
    for which, soft, spare in (
        (resource.RLIMIT_AS, LARGEST_MEMORY, 0),
        (resource.RLIMIT_CPU, LONGEST_SECONDS, 5),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, ceiling = resource.getrlimit(which)
        hard = soft + spare if ceiling == resource.RLIM_INFINITY else min(soft + spare, ceiling)
        # Not every system knows a limit on address space; the clock of the parent holds everywhere.
        with suppress(ValueError) if sys.platform != "linux" else nullcontext():
            resource.setrlimit(which, (min(soft, hard), hard))
