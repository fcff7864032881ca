"""Whatever is linked: no child has two records of one list, and nobody a person held apart is joined."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.engine.linkage.clusters import children
from inbeeld.engine.linkage.decisions import Pair
from inbeeld.engine.linkage.normalising import step

RECORDS = st.tuples(st.integers(0, 3), st.integers(1, 5))
PAIRS = st.sets(st.tuples(RECORDS, RECORDS).filter(lambda pair: pair[0][0] < pair[1][0]), max_size=12)
A1, A2, B1, B2, C1 = (0, 1), (0, 2), (1, 1), (1, 2), (2, 1)


def groups(child_of: dict[tuple[int, int], tuple[int, int]]) -> list[set[tuple[int, int]]]:
    found: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for record, first in child_of.items():
        found.setdefault(first, set()).add(record)
    return list(found.values())


@given(PAIRS, PAIRS, PAIRS)
def test_a_child_is_never_two_records_of_one_list_nor_two_held_apart(
    sure: set[Pair], same: set[Pair], not_same: set[Pair]
) -> None:
    found = children(sure, same=same - not_same, not_same=not_same)
    for group in groups(found.child_of):
        assert len({number for number, _ in group}) == len(group)
        assert not any({left, right} <= group for left, right in not_same)
    told = {*found.contested, *found.contradicted}
    joined = [pair for pair in {*sure, *(same - not_same)} if pair not in told]
    assert all(found.child_of[left] == found.child_of[right] for left, right in joined)


@given(PAIRS, PAIRS)
def test_no_automatic_link_undoes_what_people_joined(sure: set[Pair], same: set[Pair]) -> None:
    by_people = children((), same=same, not_same=())
    found = children(sure, same=same, not_same=())
    assert found.contradicted == by_people.contradicted
    for group in groups(by_people.child_of):
        assert len({found.child_of[record] for record in group}) == 1


def test_a_chain_of_three_lists_is_one_child() -> None:
    found = children([(A1, B1), (B1, C1)], same=(), not_same=())
    assert found.child_of == {A1: A1, B1: A1, C1: A1}
    assert (found.contested, found.contradicted) == ((), ())


def test_a_chain_back_to_the_same_list_is_taken_apart_whole() -> None:
    found = children([(A1, B1), (B1, C1), (A2, C1)], same=(), not_same=())
    assert found.child_of == {}
    assert found.contested == ((A1, B1), (A2, C1), (B1, C1))


def test_what_people_joined_stays_when_a_chain_is_taken_apart() -> None:
    found = children([(B1, C1), (A2, C1)], same=[(A1, B1)], not_same=())
    assert found.child_of == {A1: A1, B1: A1}
    assert found.contested == ((A2, C1), (B1, C1))


def test_held_apart_stays_apart_around_a_corner() -> None:
    found = children([(A1, B1), (B1, C1)], same=(), not_same=[(A1, C1)])
    assert found.child_of == {}
    assert found.contested == ((A1, B1), (B1, C1))


@given(PAIRS, PAIRS, PAIRS)
def test_a_lone_link_is_joined_as_if_it_were_thought_about_with_the_others(
    sure: set[Pair], same: set[Pair], not_same: set[Pair]
) -> None:
    same -= not_same
    everything = children({*sure, *same}, same=same, not_same=not_same)
    with duckdb.connect(":memory:") as con:
        for table, pairs in (("links", {*sure, *same}), ("decided", {*same, *not_same})):
            con.execute(
                f"CREATE TABLE {table} (left_list INT, left_row INT, right_list INT, right_row INT, "
                "verdict VARCHAR DEFAULT 'sure')"
            )
            for left, right in pairs:
                con.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?, 'sure')", [*left, *right])
        con.execute(step("12_lone_links"))
        lone = {((a, b), (c, d)) for a, b, c, d in con.execute("FROM lone").fetchall()}
    others = children({*sure, *same} - lone, same=same, not_same=not_same)
    of_lone = {record: left for left, right in lone for record in (left, right)}
    assert others.child_of | of_lone == everything.child_of
    assert (others.contested, others.contradicted) == (everything.contested, everything.contradicted)
