"""Files stay short and well named, and nothing of the machine they were written on comes along."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.conventions.tree import ROOT, TEXT, files, name, ours

LONGEST = 400
COUNTED = {".py", ".html", ".sql", ".css", ".js"}
SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "service",
    "services",
    "common",
    "misc",
}
LONGEST_README = 12

# Written in two halves, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "npmjs" + ".com",
    "unpkg" + ".com",
    "jsdelivr" + ".net",
    "repo.maven" + ".apache.org",
    "crates" + ".io",
    "conda.anaconda" + ".org",
]
LOCKS_WITH_ADDRESSES = {
    "uv.lock",
    "pylock.toml",
    "poetry.lock",
    "Pipfile.lock",
    "package-lock.json",
    "yarn.lock",
}
ELSEWHERE = [
    re.compile(words) for words in ("/work" + "/", "/root" + "/", "helper" + " session", "--find" + "-links")
]


def too_long(paths: list[Path], root: Path) -> list[str]:
    found = []
    for path in paths:
        if path.suffix in COUNTED and (lines := path.read_bytes().count(b"\n")) > LONGEST:
            found.append(f"{name(path, root)} has {lines} lines")
    return found


def says_nothing(paths: list[Path], root: Path) -> list[str]:
    return [
        name(path, root)
        for path in paths
        if {part.split(".")[0] for part in path.relative_to(root).parts} & SAY_NOTHING
    ]


def holding(paths: list[Path], root: Path, patterns: list[re.Pattern[str]]) -> list[str]:
    found = []
    for path in paths:
        if path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            found += [
                f"{name(path, root)}:{number} {match.group()}"
                for want in patterns
                if (match := want.search(line))
            ]
    return found


def dead_links(paths: list[Path], root: Path) -> list[str]:
    """Links and pictures in texts that lead to no file of the project."""
    found = []
    for path in paths:
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8")):
                if (
                    "://" not in target
                    and not target.startswith("mailto:")
                    and not (path.parent / target).exists()
                ):
                    found.append(f"{name(path, root)} leads to {target}")
    return found


def registries() -> list[re.Pattern[str]]:
    return [re.compile(re.escape(host), re.IGNORECASE) for host in REGISTRIES]


def test_no_file_of_ours_is_longer_than_400_lines() -> None:
    assert too_long(ours(), ROOT) == []


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    assert says_nothing(ours(), ROOT) == []


def test_no_file_names_a_package_registry() -> None:
    assert holding(ours(), ROOT, registries()) == []


def test_every_link_in_a_text_leads_somewhere() -> None:
    assert dead_links(ours(), ROOT) == []


def test_no_lock_that_writes_registry_addresses_is_kept() -> None:
    assert [name(path) for path in files() if path.name in LOCKS_WITH_ADDRESSES] == []


def test_nothing_of_the_machine_it_was_written_on_comes_along() -> None:
    assert holding(ours(), ROOT, ELSEWHERE) == []


def test_each_room_has_a_readme_of_at_most_12_lines() -> None:
    rooms = [folder for folder in (ROOT / "src" / "inbeeld").iterdir() if (folder / "__init__.py").is_file()]
    without = [folder.name for folder in rooms if not (folder / "README.md").is_file()]
    assert without == []
    long = [
        room.name
        for room in rooms
        if len((room / "README.md").read_text("utf-8").splitlines()) > LONGEST_README
    ]
    assert long == []


def test_what_a_newcomer_and_the_checks_run_can_be_run() -> None:
    assert [path for path in ("inbeeld", ".ci/run") if not os.access(ROOT / path, os.X_OK)] == []


def test_these_checks_find_a_bad_example(tmp_path: Path) -> None:
    (tmp_path / "utils.py").write_text("x = 1\n" * 401)
    (tmp_path / "notes.md").write_text(
        "see https://" + REGISTRIES[0].upper() + "/simple and /work" + "/main\n"
    )
    bad = [tmp_path / "notes.md", tmp_path / "utils.py"]
    assert files(tmp_path) == bad
    assert too_long(bad, tmp_path) == ["utils.py has 401 lines"]
    assert says_nothing(bad, tmp_path) == ["utils.py"]
    assert len(holding(bad, tmp_path, registries())) == 1
    assert len(holding(bad, tmp_path, ELSEWHERE)) == 1
    (tmp_path / "notes.md").write_text(
        "[here](notes.md) [nowhere](gone.md#part) [far](https://example.org)\n"
    )
    assert dead_links(bad, tmp_path) == ["notes.md leads to gone.md"]
