"""Doors open downwards only: the import contract of pyproject.toml, and a kernel of nothing but Python."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conventions.tree import PACKAGE, ROOT, name, python_files


def keeps_its_contracts(folder: Path, config: Path) -> tuple[bool, str]:
    """Run import-linter beside the tests, in a fresh interpreter: it puts its own folder on sys.path."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()",
         "--config", config, "--no-cache"],
        capture_output=True, text=True, cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "LANG": "C.UTF-8"},
    )  # fmt: skip
    return done.returncode == 0, done.stdout + done.stderr


def imported(path: Path) -> list[tuple[int, str]]:
    """Line and full name of every module a file imports, wherever in the file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
    return found


def not_python_itself(paths: list[Path], root: Path) -> list[str]:
    return [
        f"{name(path, root)}:{line} imports {module}"
        for path in paths
        for line, module in imported(path)
        if module.split(".")[0] not in sys.stdlib_module_names
        and not module.startswith("inbeeld.kernel")
        and not module.startswith(".")
    ]


def test_the_street_keeps_its_import_contracts() -> None:
    kept, told = keeps_its_contracts(ROOT / "src", ROOT / "pyproject.toml")
    assert kept, told


def test_the_kernel_imports_only_python_itself() -> None:
    assert not_python_itself(python_files(PACKAGE / "kernel"), ROOT) == []


@pytest.mark.parametrize(
    "lower, upper, broken", [("import street.site", "", True), ("", "import street.kernel", False)]
)
def test_the_contract_check_finds_a_door_that_opens_upwards(
    tmp_path: Path, lower: str, upper: str, broken: bool
) -> None:
    for room, text in (("kernel", lower), ("site", upper)):
        (tmp_path / "street" / room).mkdir(parents=True)
        (tmp_path / "street" / room / "__init__.py").write_text(text + "\n")
    (tmp_path / "street" / "__init__.py").write_text("")
    config = tmp_path / "contract.toml"
    config.write_text(
        '[tool.importlinter]\nroot_package = "street"\n[[tool.importlinter.contracts]]\nname = "down"\n'
        'type = "layers"\ncontainers = ["street"]\nlayers = ["site", "kernel"]\n'
    )
    kept, told = keeps_its_contracts(tmp_path, config)
    assert kept is not broken, told


def test_the_kernel_check_finds_a_foreign_import(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import datetime\ndef late():\n    import duckdb\n")
    assert not_python_itself([bad], tmp_path) == ["bad.py:3 imports duckdb"]
