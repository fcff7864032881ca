"""One partner on a list at most: what the SQL settles in rounds is what plain arithmetic settles."""

from __future__ import annotations

from string import Template

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.linkage.judging import SURE
from inbeeld.engine.linkage.normalising import step

LAM, TWIN, SIBLING = 0.01, 3e-4, 1e-2
#: How likely the answers are for a twin and a sibling beside how likely they are for the child, log2.
AS_TWIN, AS_SIBLING = -6.0, -9.0
Pairs = dict[tuple[int, int], tuple[float, bool]]


def plain_settled(pairs: Pairs) -> list[tuple[int, int, int]]:
    """Left, right and millionths of all that become sure, in rounds: who is sure leaves with a partner."""
    left_over, settled = dict(pairs), []
    while True:
        odds = {}
        for pair, (likelihood, _) in left_over.items():
            against = 1 + TWIN * 2 ** (likelihood + AS_TWIN) + SIBLING * 2 ** (likelihood + AS_SIBLING)
            odds[pair] = round(1e6 * min(1e9, LAM * 2**likelihood / against))
        newly = []
        for (left, right), mine in odds.items():
            rivals = sum(each for (one, other), each in odds.items() if one == left or other == right)
            millionths = round(1e6 * mine / (1e6 + rivals))
            if millionths >= SURE and left_over[left, right][1]:
                newly.append((left, right, millionths))
        if not newly:
            return sorted(settled)
        settled += newly
        gone_left, gone_right = {one for one, _, _ in newly}, {other for _, other, _ in newly}
        left_over = {
            pair: told
            for pair, told in left_over.items()
            if pair[0] not in gone_left and pair[1] not in gone_right
        }


def settled_in_sql(pairs: Pairs) -> list[tuple[int, int, int]]:
    with duckdb.connect(":memory:") as con:
        con.execute(
            "CREATE TEMP TABLE settled (left_row BIGINT, right_row BIGINT, millionths BIGINT, reason VARCHAR)"
        )
        con.execute(
            "CREATE TEMP TABLE open_pairs (left_row BIGINT, right_row BIGINT, likelihood DOUBLE, "
            "may_be_sure BOOLEAN, if_complete BOOLEAN)"
        )
        if pairs:
            rows = [(*pair, likelihood, sure, False) for pair, (likelihood, sure) in pairs.items()]
            con.executemany("INSERT INTO open_pairs VALUES (?, ?, ?, ?, ?)", rows)
        gaps = {"lam": LAM, "pi_twin": TWIN, "pi_sibling": SIBLING}
        gaps |= {"moved": 0, "twin": AS_TWIN, "sibling": AS_SIBLING, "sure": SURE, "complete": False}
        while True:
            for name in ("07_score", "10_settle"):
                con.execute(Template(step(name)).substitute(gaps))
            if con.execute("SELECT COUNT(*) FROM newly").fetchall() == [(0,)]:
                break
        return con.execute("SELECT left_row, right_row, millionths FROM settled ORDER BY ALL").fetchall()


PAIRS = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    st.tuples(st.integers(-40, 400).map(lambda tenths: tenths / 10), st.booleans()),
    max_size=20,
)


@settings(max_examples=60)
@given(PAIRS)
def test_the_sql_settles_what_plain_arithmetic_settles(pairs: Pairs) -> None:
    expected, found = plain_settled(pairs), settled_in_sql(pairs)
    assert [pair[:2] for pair in found] == [pair[:2] for pair in expected]
    # Powers of two are not rounded alike everywhere: a millionth more or less is the same.
    assert all(abs(one[2] - other[2]) <= 1 for one, other in zip(found, expected, strict=True))
    assert len({left for left, _, _ in found}) == len({right for _, right, _ in found}) == len(found)
