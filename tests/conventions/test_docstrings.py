"""What the kernel and the engine offer says what goes in, what comes out, and on whose authority."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.conventions.tree import PACKAGE, ROOT, name, python_files

# A docstring here would repeat the name: a property of one line, an overridden operator.
SHORT = 4


def silent(path: Path, root: Path) -> list[str]:
    """Public modules, classes and functions of one file that have no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    found = [] if ast.get_docstring(tree) or not tree.body else [name(path, root)]
    for node in _public(tree):
        for inner in (node, *(_public(node) if isinstance(node, ast.ClassDef) else ())):
            if not ast.get_docstring(inner) and not _is_short_member(inner, of=node):
                found.append(f"{name(path, root)}:{inner.lineno} {inner.name}")
    return found


Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _public(holder: ast.AST) -> list[Named]:
    return [
        node
        for node in getattr(holder, "body", [])
        if isinstance(node, Named) and not node.name.startswith("_")
    ]


def _is_short_member(node: Named, *, of: Named) -> bool:
    return node is not of and (node.end_lineno or node.lineno) - node.lineno < SHORT


def test_everything_public_in_kernel_and_engine_has_a_docstring() -> None:
    paths = python_files(PACKAGE / "kernel") + python_files(PACKAGE / "engine")
    assert [silence for path in paths for silence in silent(path, ROOT)] == []


def test_the_check_finds_a_silent_function(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        '"""Says so."""\ndef loud():\n    """Yes."""\ndef quiet():\n    return 1\ndef _own():\n    return 2\n'
    )
    assert silent(bad, tmp_path) == ["bad.py:4 quiet"]
