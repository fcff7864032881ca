"""Ruff and mypy are part of the tests, so that nobody needs to remember them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conventions.tree import ROOT


def run(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


def test_ruff_has_nothing_to_say() -> None:
    code, told = run("ruff", "check", "--quiet", "--output-format=concise", ".")
    assert code == 0, told


def test_kernel_and_engine_keep_their_types() -> None:
    code, told = run("mypy", "--no-error-summary")
    assert code == 0, told


def test_both_tools_find_a_bad_example(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import os\nx: int = 'one'\n")
    code, told = run("ruff", "check", "--config", ROOT / "pyproject.toml", bad)
    assert code == 1 and "F401" in told
    code, told = run("mypy", "--config-file", "", "--cache-dir", tmp_path / "cache", bad)
    assert code == 1 and "Incompatible types" in told
