"""Read the specification: Markdown tables in this folder, one row one case.

A section (## …) may set values for all its rows in a list of `- column: value`; an empty cell means that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
SETTING = re.compile(r"- ([a-z0-9 ]+): (.+)")
NEVER = re.compile(r"- never (yes|no|not known): .+")
OUTCOMES = {"yes": "yes", "no": "no", "not known": "unknown"}


@dataclass(frozen=True)
class SpecRow:
    """One row: where it stands, and its cells by column, the section's settings filled in."""

    file: str
    line: int
    section: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def is_about_attendance(self) -> bool:
        """Written as weeks of marks, rather than as facts."""
        return "weeks" in self.cells

    @property
    def definition(self) -> str | None:
        return self.cells.get("definition")


@dataclass(frozen=True)
class Section:
    """A heading with its words, settings and table, and what it says can never be."""

    file: str
    title: str
    lines: tuple[tuple[int, str], ...]

    @property
    def settings(self) -> dict[str, str]:
        found = {}
        for _, line in self.lines:
            if (match := SETTING.fullmatch(line)) and not NEVER.fullmatch(line):
                found[match[1]] = _plain(match[2])
        return found

    @property
    def never(self) -> set[str]:
        """Outcomes that cannot be, as stored values."""
        return {OUTCOMES[match[1]] for _, line in self.lines if (match := NEVER.fullmatch(line))}

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines).strip("\n")

    @property
    def rows(self) -> list[SpecRow]:
        """The rows of the section's table."""
        table = [(number, cells(line)) for number, line in self.lines if line.startswith("|")]
        if not table:
            return []
        head = table[0][1]
        found = []
        for number, values in table[2:]:
            assert len(values) == len(head), f"{self.file}:{number} has {len(values)} cells, not {len(head)}"
            given = {column: value for column, value in zip(head, values, strict=True) if value}
            found.append(SpecRow(self.file, number, self.title, self.settings | given))
        return found


def cells(line: str) -> list[str]:
    """The cells of one table line, without the marks of code."""
    return [_plain(cell) for cell in line.strip().strip("|").split("|")]


def sections() -> Iterator[Section]:
    """Every section of every file, in the order of the names."""
    for path in sorted(FOLDER.glob("[a-z]*.md")):
        title, held = "", []
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith("## "):
                if title:
                    yield Section(path.name, title, tuple(held))
                title, held = line.removeprefix("## "), []
            else:
                held.append((number, line))
        if title:
            yield Section(path.name, title, tuple(held))


def all_rows() -> list[SpecRow]:
    """Every row of the specification."""
    return [row for section in sections() for row in section.rows]


def _plain(cell: str) -> str:
    return cell.strip().strip("`").strip()
