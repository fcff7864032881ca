"""`./inbeeld test`: everything on SQLite, meanwhile the database tests on PostgreSQL, then in short."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.postgres import NoServer, a_server
from tests.shares import A_THIRD, SHARE, THE_OTHERS

ROOT = Path(__file__).resolve().parents[1]
NOTHING_COLLECTED = 5
INTERRUPTED = 2


def main(words: list[str]) -> int:
    """Exit code 0 when all that could run passed; with pytest arguments: that of one pytest run."""
    asked = [word for word in words if word != "--long"]
    if asked:
        return _finished(_pytest(words))

    with _on_postgres(words) as beside:
        _heading("Everything, on SQLite; meanwhile the database tests on PostgreSQL, told after it")
        divided = beside.process is not None and "--long" not in words
        first = _finished(_pytest(words, share=A_THIRD if divided else None))
        if first == INTERRUPTED:
            return first
        second, about_postgres = beside.told()

    _heading("In short")
    print(f"On SQLite: {_outcome(first)}")
    print(f"On PostgreSQL: {about_postgres}", flush=True)
    return first or second


class _Beside:
    """The run on PostgreSQL, which goes on in a process of its own; or why there is none."""

    def __init__(self, where: str, process: subprocess.Popen[bytes] | None, output: IO[bytes]) -> None:
        self.where, self.process, self.output = where, process, output

    def told(self) -> tuple[int, str]:
        """Print what it said, and says, until it ends; its exit code, and the outcome in words."""
        if self.process is None:
            return 0, f"not run: {self.where}"
        _heading(f"The database tests, on PostgreSQL ({self.where})")
        self.output.seek(0)
        ended = False
        while True:
            if new := self.output.read():
                sys.stdout.buffer.write(new)
                sys.stdout.buffer.flush()
            elif ended:
                break
            else:
                ended = self.process.poll() is not None
                time.sleep(0.2)
        if self.process.returncode == NOTHING_COLLECTED:
            return 0, "no test touches the database"
        return self.process.returncode, f"{_outcome(self.process.returncode)} ({self.where})"


@contextmanager
def _on_postgres(words: list[str]) -> Iterator[_Beside]:
    """Start the database tests on PostgreSQL; what still runs at the end is stopped."""
    with tempfile.NamedTemporaryFile() as output, open(output.name, "rb") as reading:
        try:
            with a_server() as server:
                tests = ["-m", "database and not browser", *words]
                rest = None if "--long" in words else THE_OTHERS
                process = _pytest(tests, database=server.url, output=output, share=rest)
                try:
                    yield _Beside(server.where, process, reading)
                finally:
                    process.terminate()
                    process.wait()
        except NoServer as why:
            yield _Beside(str(why), None, reading)


def _pytest(
    words: list[str],
    *,
    database: str | None = None,
    output: IO[bytes] | None = None,
    share: str | None = None,
) -> subprocess.Popen[bytes]:
    """One pytest in the root of the clone; `database` None means the default, SQLite.

    `share`: what it takes of what two runs beside one another divide; None: all of it.
    """
    ours = ("INBEELD_DATABASE_URL", SHARE)
    surroundings = {name: value for name, value in os.environ.items() if name not in ours}
    if share is not None:
        surroundings[SHARE] = share
    if database is not None:
        surroundings["INBEELD_DATABASE_URL"] = database
    command = [sys.executable, "-m", "pytest", *words]
    error = None if output is None else subprocess.STDOUT
    return subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=output, stderr=error)


def _finished(process: subprocess.Popen[bytes]) -> int:
    """Its exit code; who is stopped while waiting stops it too."""
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def _outcome(code: int) -> str:
    return {0: "passed", NOTHING_COLLECTED: "no test was found"}.get(code, "FAILED")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
