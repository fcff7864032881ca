"""`./inbeeld test`: everything on SQLite, the database tests again on PostgreSQL, then in short."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import NoServer, a_server

ROOT = Path(__file__).resolve().parents[1]
NOTHING_COLLECTED = 5
INTERRUPTED = 2


def main(words: list[str]) -> int:
    """Exit code 0 when all that could run passed; with pytest arguments: that of one pytest run."""
    asked = [word for word in words if word != "--long"]
    if asked:
        return _pytest(words, database=None)

    _heading("Everything, on SQLite")
    first = _pytest(words, database=None)
    if first == INTERRUPTED:
        return first
    second, about_postgres = _on_postgres(words)

    _heading("In short")
    print(f"On SQLite: {_outcome(first)}")
    print(f"On PostgreSQL: {about_postgres}", flush=True)
    return first or second


def _on_postgres(words: list[str]) -> tuple[int, str]:
    try:
        with a_server() as server:
            _heading(f"The database tests again, on PostgreSQL ({server.where})")
            code = _pytest(["-m", "database and not browser", *words], database=server.url)
            if code == NOTHING_COLLECTED:
                return 0, "no test touches the database"
            return code, f"{_outcome(code)} ({server.where})"
    except NoServer as why:
        return 0, f"not run: {why}"


def _pytest(words: list[str], *, database: str | None) -> int:
    """One pytest in the root of the clone; `database` None means the default, SQLite."""
    surroundings = {name: value for name, value in os.environ.items() if name != "INBEELD_DATABASE_URL"}
    if database is not None:
        surroundings["INBEELD_DATABASE_URL"] = database
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, env=surroundings).returncode


def _heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def _outcome(code: int) -> str:
    return {0: "passed", NOTHING_COLLECTED: "no test was found"}.get(code, "FAILED")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
