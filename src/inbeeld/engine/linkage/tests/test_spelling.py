"""Names are read alike however they are written; the SQL does what the plain twin does."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.linkage.lists import read_lists
from inbeeld.engine.linkage.normalising import normalise
from inbeeld.engine.linkage.tests import plain_names

COLUMNS = ("id", "prefix", "last_name", "first_names", "call_name", "postcode", "house_number")


def people(rows: list[tuple[str, ...]], *columns: str) -> list[tuple[object, ...]]:
    """What is read of rows (prefix, last name, first names, call name, postcode, house number)."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as con:
        files = [Path(folder) / "a.csv", Path(folder) / "b.csv"]
        for name, file in zip("AB", files, strict=True):
            with file.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(
                    [COLUMNS, *((f"{name}{at}", *row) for at, row in enumerate(rows))]
                )
        normalise(con, read_lists(con, files))
        return con.execute(f"SELECT {', '.join(columns)} FROM people_0 ORDER BY unique_id").fetchall()


@pytest.mark.parametrize(
    "spellings",
    [
        [("van den", "Berg"), ("", "van den Berg"), ("", "Berg, van den"), ("v.d.", "BERG"), ("V/D", "berg")],
        [("", "Vandenberg"), ("van den", "Berg")],
        [("", "Dijkstra"), ("", "Dykstra"), ("", "DIJKSTRA"), ("", "Dĳkstra")],
        [("'t", "Hart"), ("", "‘t Hart"), ("", "t Hart"), ("", "Hart, 't")],
        [("", "Geërts"), ("", "Geerts"), ("", "GEËRTS")],
        [("", "Łojewska"), ("", "Lojewska")],
        [("", "Şahinli"), ("", "Sahinli")],
        [("el", "Idrissi"), ("", "El-Idrissi"), ("", "Idrissi")],
        [("", "Jansen-Bakker"), ("", "Jansen - Bakker"), ("", "Jansen Bakker")],
        [("in 't", "Veld"), ("", "in ‘t Veld"), ("", "Veld, in 't")],
    ],
)
def test_one_surname_in_many_spellings_is_one(spellings: list[tuple[str, str]]) -> None:
    read = people([(*one, "", "", "", "") for one in spellings], "surname")
    assert len(set(read)) == 1 and read[0][0]


@pytest.mark.parametrize("name", ["De", "Ten", "Ait", "van der", "In 't"])
def test_a_surname_that_is_all_prefix_is_kept(name: str) -> None:
    assert people([("", name, "", "", "", "")], "surname") != [(None,)]


def test_initials_are_no_first_names() -> None:
    read = people([("", "", "J.P.", "", "", ""), ("", "", "Jan P.", "", "", "")], "heads", "initial", "given")
    assert read == [("", "j", None), ("jan", "j", "jan")]


def test_a_call_name_stands_for_official_names_but_not_for_another_call_name() -> None:
    rows = [("", "", name, "", "", "") for name in ("Johannes", "Jan", "Hans")]
    official, first, second = (
        tuple(set(str(words).split()) for words in read) for read in people(rows, "heads", "roots")
    )
    assert "johannes" in first[1] and "johannes" in second[1] and "johannes" in official[1]
    assert not first[0] & second[1] and not second[0] & first[1]


@pytest.mark.parametrize(
    ("postcode", "house", "read"),
    [
        ("9411 sa", "12", ("9411SA", "12")), ("9411SA", "12-a", ("9411SA", "12")), ("", "0", (None, None)),
        ("9411-SA ", "012 bis", ("9411SA", "12")), ("-", "huis", (None, None)),
    ],
)  # fmt: skip
def test_an_address_is_read_alike(postcode: str, house: str, read: tuple[str, str]) -> None:
    assert people([("", "Bos", "", "", postcode, house)], "postcode", "house") == [read]


#: Letters of the Latin alphabets with their marks, and what people put between them.
NAMES = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x24F, exclude_characters='"\x7f', exclude_categories=("Cc",)
    ),
    max_size=14,
)
PIECES = st.sampled_from(
    [
        "van",
        "de",
        "V.D.",
        "'t",
        "ij",
        "IJ",
        "Berg",
        "vanden",
        "Vandenbosch",
        "-",
        " ",
        ",",
        "é",
        "J.",
        "Ł",
        "ß",
    ]
)
WRITTEN = st.one_of(
    NAMES, st.lists(PIECES, max_size=5).map("".join), st.lists(PIECES, max_size=5).map(" ".join)
)


@settings(max_examples=25)
@given(st.lists(st.tuples(WRITTEN, WRITTEN, WRITTEN, WRITTEN), min_size=40, max_size=40))
def test_the_sql_reads_names_as_the_plain_twin_does(written: list[tuple[str, str, str, str]]) -> None:
    read = people([(*row, "", "") for row in written], "surname", "heads")
    # Cells are trimmed of spaces when they are read; that parts no words.
    for (prefix, last_name, first_names, call_name), (surname, heads) in zip(written, read, strict=True):
        assert surname == ("".join(plain_names.surname(prefix, last_name)) or None)
        assert heads == " ".join(plain_names.heads(first_names, call_name))
