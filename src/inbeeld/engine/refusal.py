"""One sentence for a person when a file cannot be used as it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass
class BadInput(Exception):
    """Input that cannot be judged; nothing has been written.

    `file` is the path as the user gave it; `line` counts from 1 and includes the header
    (for Parquet it is the row); `column` is a column name; `expected` says what should stand there.
    """

    file: str
    expected: str
    line: int | None = None
    column: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        where = [self.file]
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.column is not None:
            where.append(f"column {self.column}")
        found = "" if self.found is None else f", found {_shown(self.found)}"
        return f"{', '.join(where)}: expected {self.expected}{found}."

    def without_file(self) -> dict[str, Any]:
        """What is known of it but the file, to be kept beside that and said in words later."""
        return {name: value for name, value in asdict(self).items() if name != "file" and value is not None}


def _shown(value: str) -> str:
    """The value as found, cut short, control characters made visible."""
    cut = value if len(value) <= 40 else value[:37] + "..."
    return "nothing" if value == "" else ascii(cut) if not cut.isprintable() else f'"{cut}"'
