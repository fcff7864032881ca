"""One slip in a name or a date is found as the distance itself finds it, which is asked of far fewer."""

from __future__ import annotations

from datetime import date
from string import Template

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.linkage.levels import ONE_SLIP_IN_A_DATE, alike, each_side, one_slip
from inbeeld.engine.linkage.normalising import step

#: Few letters, so that many names are near each other; some take more than one byte.
NAMES = st.text(alphabet="aboéß好", max_size=12)
DATES = st.dates(date(2008, 1, 1), date(2022, 12, 31))


def slipped(name: str, at: int, how: int, letter: str) -> str:
    """One letter added, left out, changed, or exchanged with the next."""
    at %= len(name) + 1
    return (
        name[:at] + letter + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
    )[how]


NEAR = st.builds(
    lambda name, at, how, letter: (name, slipped(name, at, how, letter)),
    NAMES,
    st.integers(0, 8),
    st.integers(0, 3),
    st.sampled_from("aboé好"),
)


@settings(max_examples=20)
@given(st.lists(st.one_of(NEAR, st.tuples(NAMES, NAMES)), min_size=50, max_size=300))
def test_one_slip_in_a_name_is_what_the_distance_says(pairs: list[tuple[str, str]]) -> None:
    with duckdb.connect(":memory:") as con:
        con.execute("CREATE TABLE pairs (one VARCHAR, other VARCHAR)")
        con.executemany("INSERT INTO pairs VALUES (?, ?)", pairs)
        wrong = con.execute(
            f"SELECT * FROM pairs WHERE ({one_slip('one', 'other')}) "
            "<> (DAMERAU_LEVENSHTEIN(one, other) <= 1)"
        ).fetchall()
    assert wrong == []


@settings(max_examples=20)
@given(st.lists(st.one_of(NEAR, st.tuples(NAMES, NAMES)), min_size=50, max_size=300))
def test_names_are_alike_as_the_distances_say(pairs: list[tuple[str, str]]) -> None:
    with duckdb.connect(":memory:") as con:
        con.execute(Template(step("01_spelling")).substitute(prefixes="[]"))
        con.execute("CREATE TABLE pairs (name_l VARCHAR, name_r VARCHAR)")
        con.executemany("INSERT INTO pairs VALUES (?, ?)", pairs)
        wrong = con.execute(
            "SELECT name_l, name_r FROM (SELECT *, letter_bits(name_l) AS name_letters_l, "
            "letter_bits(name_r) AS name_letters_r FROM pairs) "
            f"WHERE ({alike('name')}) <> (JARO_WINKLER_SIMILARITY(name_l, name_r) >= 0.9 "
            "OR DAMERAU_LEVENSHTEIN(name_l, name_r) <= 1 "
            "OR (LENGTH(name_l) >= 3 AND STARTS_WITH(name_r, name_l)) "
            "OR (LENGTH(name_r) >= 3 AND STARTS_WITH(name_l, name_r)))"
        ).fetchall()
    assert wrong == []


@settings(max_examples=5)
@given(st.lists(DATES, min_size=40, max_size=60, unique=True))
def test_one_slip_in_a_date_is_what_the_distance_says(days: list[date]) -> None:
    with duckdb.connect(":memory:") as con:
        con.execute("CREATE TABLE days (born DATE)")
        con.executemany("INSERT INTO days VALUES (?)", [(day,) for day in days])
        con.execute(
            "CREATE TABLE people AS SELECT born, YEAR(born) AS born_year, MONTH(born) AS born_month, "
            "DAY(born) AS born_day, STRFTIME(born, '%Y%m%d') AS born_text "
            "FROM (SELECT CAST(born + TO_DAYS(later) AS DATE) AS born "
            "FROM days, UNNEST([0, 1, 9, 10, 31, 90, 99, 365, 366, 3652]) AS more(later))"
        )
        wrong = con.execute(
            f"SELECT l.born, r.born FROM people AS l, people AS r WHERE ({each_side(ONE_SLIP_IN_A_DATE)}) "
            "<> (DAMERAU_LEVENSHTEIN(l.born_text, r.born_text) <= 1)"
        ).fetchall()
    assert wrong == []
