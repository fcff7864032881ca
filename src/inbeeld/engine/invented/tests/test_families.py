"""Invented children have brothers, sisters, twins and cousins, and hard ones to tell apart among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

import pytest

from inbeeld.engine.invented import lists, populations
from inbeeld.engine.invented.list_styles import ListStyle, rates
from inbeeld.engine.invented.names import name_stocks
from inbeeld.engine.invented.tests.conftest import Cells, Folder

CHILDREN = 40_000
ADDRESS = ("postcode", "house_number")


@dataclass(frozen=True)
class Child:
    """One child with its row in a list without any mistake."""

    kin: Cells
    row: Cells

    @property
    def first_name(self) -> str:
        return self.row["first_names"].split(" ")[0]

    @property
    def born_on(self) -> date:
        return date.fromisoformat(self.row["born_on"])

    @property
    def surname(self) -> tuple[str, str]:
        return self.row["prefix"], self.row["last_name"]


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Child]]:
    out = tmp_path_factory.mktemp("families") / "out"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lists, "rates", lambda quality: dict.fromkeys(rates(quality), 0.0))
        flawless = ListStyle("flawless", house_style="both")
        populations.generate(out, children=CHILDREN, seed=8, lists=(flawless,), twins=0.03)
    found = Folder(out)
    rows = {row["id"]: row for row in found.list_rows("flawless")}
    of_child = {child: rows[number] for number, child in found.who("flawless").items()}
    yield [Child(kin, of_child[kin["child"]]) for kin in found.rows("families")]


@pytest.fixture(scope="module")
def families(children: list[Child]) -> list[list[Child]]:
    return grouped(children, "family")


def grouped(children: list[Child], column: str) -> list[list[Child]]:
    groups: defaultdict[str, list[Child]] = defaultdict(list)
    for child in children:
        groups[child.kin[column]].append(child)
    return list(groups.values())


def twins_of(family: list[Child]) -> list[Child]:
    return [child for child in family if child.kin["kind"] == "twin"]


def test_families_have_one_to_four_children_in_the_shares_asked(families: list[list[Child]]) -> None:
    sizes = Counter(len(family) for family in families)
    for size, share in enumerate(populations.SIBLINGS, start=1):
        assert abs(sizes[size] / len(families) - share) < 0.01
    assert sum(sizes.values()) == len(families)


def test_three_of_a_hundred_children_are_twins_and_kinds_are_right(families: list[list[Child]]) -> None:
    twins = [twins_of(family) for family in families]
    assert {len(pair) for pair in twins} == {0, 2}
    assert abs(sum(map(len, twins)) / CHILDREN - 0.03) < 0.004
    for family in families:
        assert {child.kin["kind"] for child in family} <= (
            {"only"} if len(family) == 1 else {"twin", "sibling"}
        )


def test_a_family_shares_surname_and_address(families: list[list[Child]]) -> None:
    for family in families:
        assert len({child.surname for child in family}) == 1
        assert len({tuple(child.row[part] for part in ADDRESS) for child in family}) == 1


def test_twins_are_born_on_one_day_and_others_ten_months_apart(families: list[list[Child]]) -> None:
    for family in families:
        pair = twins_of(family)
        assert len({child.born_on for child in pair}) <= 1
        days = sorted({child.born_on for child in family})
        assert len(days) == len(family) - (1 if pair else 0)
        known = [day for day in days if (day.month, day.day) != (1, 1)]
        assert all((later - earlier).days >= 300 for earlier, later in pairwise(known))


def test_everybody_is_of_age_five_to_sixteen(children: list[Child]) -> None:
    known = [child.born_on for child in children if (child.born_on.month, child.born_on.day) != (1, 1)]
    assert date(2009, 4, 18) <= min(known) < date(2009, 5, 18)
    assert date(2021, 3, 17) < max(known) <= date(2021, 4, 17)


def test_parents_give_no_name_twice_but_sometimes_one_that_sounds_alike(families: list[list[Child]]) -> None:
    alike = {frozenset(pair) for stock in name_stocks() for pair in stock.alike}
    told = Counter[str]()
    for family in families:
        assert len({child.first_name for child in family}) == len(family)
        assert len({child.row["call_name"] for child in family}) == len(family)
        if len(family) == 2:
            kind = family[0].kin["kind"]
            told[kind] += 1
            told[f"{kind} alike"] += frozenset(child.first_name for child in family) in alike
    assert 0.06 < told["twin alike"] / told["twin"] < 0.20
    assert 0.01 < told["sibling alike"] / told["sibling"] < 0.06


def test_some_cousins_live_together_and_bear_the_same_name(children: list[Child]) -> None:
    same = 0
    for household in grouped(children, "household"):
        assert len({child.surname for child in household}) == 1
        names = Counter(child.first_name for child in household)
        same += max(names.values()) > 1
        for one, other in combinations(household, 2):
            if one.first_name == other.first_name:
                assert one.kin["family"] != other.kin["family"]
    assert same >= 10


def test_some_strangers_share_name_and_birth_date(children: list[Child]) -> None:
    homes: defaultdict[tuple[object, ...], set[str]] = defaultdict(set)
    for child in children:
        homes[child.surname, child.first_name, child.born_on].add(child.kin["household"])
    assert sum(len(strangers) > 1 for strangers in homes.values()) >= 10


def test_of_some_only_the_year_of_birth_is_known_and_twins_agree(families: list[list[Child]]) -> None:
    at_new_year = [
        [(child.born_on.month, child.born_on.day) == (1, 1) for child in family] for family in families
    ]
    assert 0.005 < sum(map(sum, at_new_year)) / CHILDREN < 0.015


def test_names_are_as_common_as_they_may_be(children: list[Child]) -> None:
    surnames = Counter(child.surname for child in children).most_common()
    given = Counter(child.first_name for child in children).most_common()
    assert len(surnames) > 5000 and len(given) > 600
    assert 0.003 < surnames[0][1] / CHILDREN < 0.015
    assert 0.005 < given[0][1] / CHILDREN < 0.02
    assert sum(bool(child.row["prefix"]) for child in children) / CHILDREN == pytest.approx(0.3, abs=0.05)
    accents = sum(not child.row["last_name"].isascii() for child in children)
    assert 0.03 < accents / CHILDREN < 0.15
