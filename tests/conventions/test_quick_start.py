"""The site starts without the engine's heavy parts: they are imported by the function that needs them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conventions.tree import ROOT

HEAVY = [
    "duckdb", "pyarrow", "numpy", "pandas", "polars", "holidays", "sqlglot", "openpyxl", "python_calamine",
    "altair", "splink", "typst", "pyspark", "private_set_intersection",
]  # fmt: skip
ENTRANCES = {
    "the site": "import django; django.setup(); import inbeeld.site.wsgi, inbeeld.site.urls",
    "the command": "import inbeeld.__main__ as command; command._parser()",
    "the kernel": "import inbeeld.kernel.definitions",
}


def loaded(start: str) -> list[str]:
    """The heavy modules in sys.modules after `start` ran in a fresh interpreter."""
    code = f"{start}\nimport sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=surroundings, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_nothing_heavy_is_imported_at_the_start_of(entrance: str) -> None:
    assert loaded(ENTRANCES[entrance]) == []


def test_the_check_finds_a_heavy_import() -> None:
    assert loaded("import holidays") == ["holidays"]
