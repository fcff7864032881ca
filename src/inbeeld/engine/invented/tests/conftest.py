"""One invented region for all tests of this room, and plain ways to read what was invented."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.invented import generate

LEARNERS = 3000
SEED = 11


@dataclass(frozen=True)
class Generated:
    """The folder of a generated region, to be asked in SQL; a table is named as its file."""

    folder: Path

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        import duckdb

        with duckdb.connect(":memory:") as con:
            for file in sorted(self.folder.rglob("*.csv")):
                con.execute(f"CREATE VIEW {file.stem} AS FROM read_csv('{file}', all_varchar = true)")
            for file in sorted(self.folder.glob("*.parquet")):
                con.execute(f"CREATE VIEW {file.stem} AS FROM '{file}'")
            con.execute(f"CREATE VIEW marks AS FROM '{self.folder}/marks/*.parquet'")
            return con.execute(question).fetchall()

    def number(self, question: str) -> Any:
        """The one value a question has as answer."""
        return self.ask(question)[0][0]


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    folder = tmp_path_factory.mktemp("invented") / "region"
    generate(folder, learners=LEARNERS, seed=SEED)
    yield Generated(folder)


Cells = dict[str, str]


@dataclass(frozen=True)
class Folder:
    """The folder of a generated population, read as a person would."""

    folder: Path

    def rows(self, name: str) -> list[Cells]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def list_rows(self, name: str) -> list[Cells]:
        return self.rows(f"lists/{name}")

    def who(self, name: str) -> dict[str, str]:
        """The child by the id on one list."""
        return {row["id"]: row["child"] for row in self.rows("truth") if row["list"] == name}
