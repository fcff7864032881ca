"""Asking the confined child process, with a clock on it; a child that dies is a file that cannot be used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inbeeld.engine.intake.limits import LARGEST_MEMORY, LONGEST_SECONDS, MEGABYTE
from inbeeld.engine.refusal import BadInput

_SOURCES = str(Path(__file__).parents[3])


def ask_child(
    asked: dict[str, Any],
    *,
    seconds: int = LONGEST_SECONDS,
    progress: Callable[[str], None],
    each: Callable[[dict[str, Any]], None] = lambda one: None,
) -> dict[str, Any]:
    """The child's last answer. BadInput as the child says it, or when it dies or takes over `seconds`.

    `each` gets what it says one by one: only over the pipe, never on a disk.
    """
    # -P: the folder a user happens to stand in must not lend modules to the child.
    command = [sys.executable, "-P", "-s", "-m", f"{__package__}.child", json.dumps(asked)]
    paths = [_SOURCES, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
    silent = None if os.environ.get("INBEELD_SHOW_TRACEBACKS") else subprocess.DEVNULL
    answer: dict[str, Any] = {}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=silent,
        text=True,
        encoding="utf-8",
        env=environment,
    ) as child:
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            child.kill()

        clock = threading.Timer(seconds, stop)
        clock.start()
        try:
            for line in child.stdout or ():
                answer = json.loads(line)
                if "progress" in answer:
                    progress(answer["progress"])
                elif "each" in answer:
                    each(answer["each"])
            child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            clock.cancel()
    if "bad" in answer:
        raise BadInput(**answer["bad"])
    if child.returncode == 0 and not answer.keys().isdisjoint(("done", "profiles", "columns")):
        return answer
    if overdue.is_set() or child.returncode == -signal.SIGXCPU:
        raise BadInput(asked["shown"], f"a file that can be read within {seconds} seconds")
    raise BadInput(
        asked["shown"], f"a file that can be read within {LARGEST_MEMORY // MEGABYTE} MB of memory"
    )
