"""A list read by Arrow is the list read row by row; what is not plain is left to the latter."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.linkage import lists
from inbeeld.engine.linkage.lists import read_list
from inbeeld.engine.refusal import BadInput

CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "Bos",
            '"Bos"',
            '"Bos, de"',
            'B"os',
            '"B""os"',
            '"Bos" x',
            '"Bos',
            " Bos ",
            "\u200bBos",
            "=1+1",
            "Ğül",
            '""',
        ]
    ),
    st.text(alphabet='ab ,"\r\n\t', max_size=6),
)
IDS = st.sampled_from(["a1", "a2", "a3", "b-4", " a5", "=a6", '"a7"', "", "a,8"])
DAYS = st.sampled_from(["", "2010-02-28", "2010-02-30", "1200-01-01", "28-02-2010", " 2010-02-28"])
LINES = st.lists(st.tuples(IDS, CELLS, DAYS).map(",".join), min_size=1, max_size=5)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def read(file: Path) -> object:
    with duckdb.connect(":memory:") as con:
        try:
            one = read_list(con, file)
        except BadInput as refused:
            return str(refused)
        return one.columns, one.rows, con.execute("FROM list_0 ORDER BY row").fetchall()


@settings(max_examples=100, deadline=None)
@given(LINES, ENDS, st.booleans())
def test_arrow_reads_what_is_read_row_by_row(rows: list[str], end: str, closed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        file = Path(folder) / "school.csv"
        text = end.join(["id,last_name,born_on", *rows]) + (end if closed else "")
        file.write_bytes(text.encode())
        quick = read(file)
        patched.setattr(lists, "load_plain", lambda *asked, **how: None)
        assert quick == read(file)


@pytest.mark.parametrize("row", ["a1,Bos,2010-02-28", 'a1,"Bos, de",', '"a1","Bos","2010-02-28"', "a1,Ğül,"])
def test_plain_rows_are_not_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    def never(*asked: object) -> None:
        raise AssertionError("read row by row")

    monkeypatch.setattr(lists, "_load", never)
    file = tmp_path / "school.csv"
    file.write_bytes(f"id,last_name,born_on\r\n{row}\r\n".encode())
    _, count, found = read(file)  # type: ignore[misc]
    assert count == 1 and found[0][1] == "a1"
