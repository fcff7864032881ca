"""The files of the project, as the convention tests read them."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "inbeeld"
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".yml",
    ".yaml",
    ".html",
    ".css",
    ".js",
    ".sql",
    ".po",
    ".csv",
    ".svg",
    "",
}
LEFT_ALONE = {
    ".git",
    ".venv",
    ".inbeeld",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    "node_modules",
}


def files(root: Path = ROOT) -> list[Path]:
    """Every file git knows or would take in; without git, all but the working folders."""
    asked = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
    )
    if asked.returncode == 0 and (root / ".git").exists():
        named = [root / name for name in asked.stdout.decode().split("\0") if name]
    else:
        named = [path for path in root.rglob("*") if not LEFT_ALONE & set(path.relative_to(root).parts)]
    return sorted(path for path in named if path.is_file())


def ours(root: Path = ROOT) -> list[Path]:
    """The files written here: not what is vendored from elsewhere."""
    return [path for path in files(root) if "vendor" not in path.relative_to(root).parts]


def python_files(folder: Path) -> list[Path]:
    """The program's own Python under `folder`: no tests, no migrations."""
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if not {"tests", "migrations", "__pycache__"} & set(path.relative_to(folder).parts)
        and not path.name.startswith(("test_", "conftest"))
    ]


def name(path: Path, root: Path = ROOT) -> str:
    """How a file is called in a failure: its path inside the project."""
    return path.relative_to(root).as_posix()
