"""The tables an import leaves behind: UTF-8, comma, and no cell a spreadsheet would run."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

_RUNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")


def harmless(text: str) -> str:
    """The text, with an apostrophe in front when its first visible character could start a formula."""
    if text[:1].isalnum():
        return text
    for char in text:
        if char.isspace() or unicodedata.category(char) in ("Cf", "Cc", "Zs", "Mn"):
            continue
        return f"'{text}" if char in _RUNS else text
    return text


class Tables:
    """CSV files in one folder, each opened at its first row; `rows` counts what was written."""

    def __init__(self, folder: Path) -> None:
        self.rows: Counter[str] = Counter()
        self._folder = folder
        self._files: dict[str, IO[str]] = {}
        self._writers: dict[str, Any] = {}

    def open(self, name: str, columns: Sequence[str]) -> None:
        """Begin a table, so that it is there with its header even when no row follows."""
        self._files[name] = (self._folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
        self._writers[name] = csv.writer(self._files[name], lineterminator="\n")
        self._writers[name].writerow(columns)

    def add(self, name: str, *cells: object) -> None:
        self._writers[name].writerow(["" if cell is None else harmless(str(cell)) for cell in cells])
        self.rows[name] += 1

    def __enter__(self) -> Tables:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
