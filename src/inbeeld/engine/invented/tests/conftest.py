"""One invented region for all tests of this room, and a plain way to read it."""

from __future__ import annotations

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
