"""What goes wrong on a list: each kind by itself, and nothing that is not in the table of shares."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.invented import lists, populations
from inbeeld.engine.invented.filling import sql
from inbeeld.engine.invented.list_styles import ListStyle, rates
from inbeeld.engine.invented.lists import retyped
from inbeeld.engine.schema import LIST_COLUMNS

KINDS = tuple(rates("poor"))
CHILD = {
    "last_name": "Wijngaard", "prefix": "van der", "first_names": "Zoë Catharina", "call_name": "Trijntje",
    "born_on": "2012-03-04", "postcode": "1234SD", "house_number": "7A", "school": "S00012",
    "since_on": "2025-09-01", "category": "ziek",
}  # fmt: skip
BOTH = ListStyle("typed", house_style="both")


def typed(kind: str | None, monkeypatch: pytest.MonkeyPatch, style: ListStyle = BOTH, **cells: str) -> Any:
    """What becomes of one child 60 times over when this always goes wrong and nothing else, by column."""
    monkeypatch.setattr(lists, "rates", lambda quality: {one: float(one == kind) for one in KINDS})
    row = CHILD | cells
    rows = [(f"P{n}", *(row[column] for column in LIST_COLUMNS[1:])) for n in range(60)]
    written = list(retyped(rows, style, seed=1).values())
    return {column: {cells[place] for cells in written} for place, column in enumerate(LIST_COLUMNS) if place}


def test_every_kind_that_can_go_wrong_has_its_shares_and_no_other() -> None:
    used = set(re.findall(r"slips\(\w+, '([^']+)'\)", sql("written")))
    assert used == set(KINDS)


def test_poor_lists_are_worse_than_good_ones_and_clean_ones_hardly_wrong() -> None:
    for kind in KINDS:
        assert 0 <= rates("clean")[kind] <= 0.001
        assert rates("clean")[kind] <= rates("good")[kind] <= rates("poor")[kind] <= 0.5


def test_when_nothing_goes_wrong_the_row_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed(None, monkeypatch) == {column: {cell} for column, cell in CHILD.items()}


@pytest.mark.parametrize(
    ("house_style", "first_names", "call_name"),
    [
        ("official", {"Zoë Catharina"}, {""}),
        ("call_name", {""}, {"Trijntje"}),
        ("call_as_first", {"Trijntje"}, {""}),
        ("both", {"Zoë Catharina"}, {"Trijntje"}),
        ("mixed", {"Zoë Catharina", "Trijntje", ""}, {"Trijntje", ""}),
    ],
)
def test_each_house_writes_its_own_names(
    house_style: Any, first_names: set[str], call_name: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = typed(None, monkeypatch, ListStyle("typed", house_style=house_style))
    assert (written["first_names"], written["call_name"]) == (first_names, call_name)


@pytest.mark.parametrize(
    ("kind", "cells", "becomes"),
    [
        ("half of a double name", {"last_name": "Bos-de Wit"}, {"last_name": {"Bos", "de Wit"}}),
        ("half of a double name", {}, {}),
        ("initials only", {}, {"first_names": {"Z.C."}, "call_name": {""}}),
        ("one first name", {}, {"first_names": {"Zoë"}}),
        ("no first name", {}, {"first_names": {""}, "call_name": {""}}),
        ("ij or y", {}, {"last_name": {"Wyngaard"}}),
        ("ij or y", {"last_name": "Yaman-Mey"}, {"last_name": {"IJaman-Meij"}}),
        ("surname as heard", {"last_name": "Hoek"}, {"last_name": {"Huk"}}),
        ("first name as heard", {}, {"first_names": {"Zoë Catarina"}, "call_name": {"Trijntje"}}),
        ("surname as heard", {"last_name": "Bogaerdt"}, {"last_name": {"Bogaert"}}),
        ("surname as heard", {"last_name": "Vos"}, {"last_name": {"Voz"}}),
        ("accents lost", {}, {"first_names": {"Zoe Catharina"}}),
        ("accents lost", {"last_name": "Yıldırım", "first_names": ""}, {"last_name": {"Yildirim"}}),
        ("accents lost", {"last_name": "Wałęsa", "first_names": ""}, {"last_name": {"Walesa"}}),
        ("letters garbled", {"last_name": "Çelik", "first_names": ""}, {"last_name": {"?elik"}}),
        ("prefix elsewhere", {}, {
            "last_name": {"Wijngaard", "van der Wijngaard", "Wijngaard, van der", "Wijngaard (van der)"},
            "prefix": {"", "v.d.", "Van der"},
        }),
        ("prefix elsewhere", {"prefix": ""}, {}),
        ("no birth date", {}, {"born_on": {""}}),
        ("day and month swapped", {}, {"born_on": {"2012-04-03"}}),
        ("day and month swapped", {"born_on": "2012-03-14"}, {}),
        ("birth date mistyped", {}, {"born_on": {
            "2012-02-23", "2012-03-03", "2012-03-05", "2012-03-14", "2011-03-05", "2013-03-04",
        }}),
        ("no address", {}, {"postcode": {""}, "house_number": {""}}),
        ("space in postcode", {}, {"postcode": {"1234 SD"}}),
        ("no school", {}, {"school": {""}}),
        ("other parent", {}, {}),  # of people typed over nobody knows that name
        ("double name added", {}, {}),
    ],
)  # fmt: skip
def test_each_thing_that_goes_wrong_changes_what_it_says(
    kind: str, cells: dict[str, str], becomes: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {column: {cell} for column, cell in (CHILD | cells).items()}
    assert typed(kind, monkeypatch, **cells) == before | becomes


def test_a_typing_error_is_one_key_and_never_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    surnames = typed("typing error in surname", monkeypatch)["last_name"]
    assert len(surnames) > 20
    assert all(name[0] == "W" and one_key_apart("Wijngaard", name) for name in surnames)
    first = typed("typing error in first name", monkeypatch)
    assert len(first["first_names"]) > 20 and len(first["call_name"]) > 20


def test_who_moved_has_another_address_and_began_earlier_is_before(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = typed("moved house", monkeypatch)
    assert len(moved["postcode"]) > 10 and CHILD["postcode"] not in moved["postcode"]
    assert all(re.fullmatch(r"12\d\dS[ADS]", postcode) for postcode in moved["postcode"])
    began = typed("began earlier", monkeypatch)["since_on"]
    assert len(began) > 5 and max(began) < CHILD["since_on"]


@pytest.mark.parametrize("kind", ["other parent", "double name added"])
def test_the_surname_of_the_other_parent_is_one_for_the_family(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        lists, "rates", lambda quality: {one: float(one == kind and quality == "poor") for one in KINDS}
    )
    styles = (ListStyle("register", quality="clean"), ListStyle("school", quality="poor"))
    pool = populations.pool(children=300, seed=2, lists=styles)
    surname = LIST_COLUMNS.index("last_name") - 1
    changed = 0
    for household in pool.households:
        before, after = ({pool.rows[style.name][kin.child][surname] for kin in household} for style in styles)
        assert len(before) == len(after) == 1
        changed += before != after
        if kind == "double name added" and before != after:
            assert after.pop().startswith(f"{before.pop()}-")
    assert changed > 0.9 * len(pool.households)


def one_key_apart(name: str, other: str) -> bool:
    """Is `other` the name with two neighbours swapped, one letter less, one twice, or one other letter?"""
    edits = set()
    for at in range(1, len(name)):
        edits |= {name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]}
        edits |= {name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]}
        edits |= {name[:at] + letter + name[at + 1 :] for letter in "abcdefghijklmnopqrstuvwxyz"}
    return other in edits


LETTERS = "abijcdekyzëéïıłŁİğşçøÅIJJY -'."


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.text(LETTERS, min_size=4, max_size=12), st.integers(2, 3)), min_size=1, max_size=40)
)
def test_the_letters_are_changed_as_plain_python_would(names: list[tuple[str, int]]) -> None:
    import duckdb

    with duckdb.connect(":memory:") as con:
        con.execute("SET VARIABLE seed = 1")
        con.execute(sql("randomness"))
        con.execute(sql("slips"))
        asked = """SELECT without_accents($name), other_ij($name),
            typed_at($name, $place, 0), typed_at($name, $place, 1), typed_at($name, $place, 2)"""
        for name, place in names:
            found = con.execute(asked, {"name": name, "place": place}).fetchall()[0]
            at = place - 1
            assert found == (
                bare(name),
                other_ij(name),
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
                name[:at] + name[at + 1 :],
                name[:at] + name[at] + name[at:],
            )


def bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("ı", "i").replace("ł", "l").replace("Ł", "L"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def other_ij(name: str) -> str:
    if "ij" in name or "IJ" in name:
        return name.replace("ij", "y").replace("IJ", "Y")
    return name.replace("y", "ij").replace("Y", "IJ")
