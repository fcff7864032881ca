"""What anyone who trains or tries linking may expect of an invented population."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbeeld.engine.invented import populations
from inbeeld.engine.invented.list_styles import ListStyle, shares_given_other
from inbeeld.engine.invented.names import name_stocks
from inbeeld.engine.invented.tests.conftest import Folder
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.schema import LIST_COLUMNS

CHILDREN = 20_000
ALL = (
    populations.REGISTER, populations.ENROLMENTS, populations.LEERPLICHT, populations.SWV_PO,
    populations.SWV_VO, populations.SCHOOLS, populations.YOUTH_HEALTH,
)  # fmt: skip


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    out = tmp_path_factory.mktemp("population") / "out"
    populations.generate(out, children=CHILDREN, seed=5, lists=ALL, concern=0.1)
    return Folder(out)


def test_the_truth_stands_apart_from_the_lists(people: Folder) -> None:
    files = {
        file.relative_to(people.folder).as_posix() for file in people.folder.rglob("*") if file.is_file()
    }
    assert files - {f"lists/{style.name}.csv" for style in ALL} == {
        "truth.csv", "families.csv", "population.json", ".inbeeld.json",
    }  # fmt: skip
    for style in ALL:
        text = (people.folder / "lists" / f"{style.name}.csv").read_text("utf-8")
        assert text.splitlines()[0] == ",".join(LIST_COLUMNS)
        assert not re.search(r"\bC\d{6}\b", text)


def test_the_truth_names_every_row_of_every_list_once(people: Folder) -> None:
    children = [row["child"] for row in people.rows("families")]
    assert len(children) == len(set(children)) == CHILDREN
    told = [(row["list"], row["id"]) for row in people.rows("truth")]
    listed = [(style.name, row["id"]) for style in ALL for row in people.list_rows(style.name)]
    assert sorted(told) == sorted(listed)
    assert len(set(told)) == len(told)
    assert {row["child"] for row in people.rows("truth")} == set(children)


def test_the_order_of_a_list_does_not_tell_who_is_who(people: Folder) -> None:
    for name in ("register", "leerplicht"):
        children = [child for _, child in sorted(people.who(name).items())]
        steps = [one < next_ for one, next_ in zip(children, children[1:], strict=False)]
        assert 0.4 < sum(steps) / len(steps) < 0.6


def test_every_cell_is_as_the_contract_says(people: Folder) -> None:
    for style in ALL:
        for row in people.list_rows(style.name):
            assert row["id"] and row["last_name"]
            for column in ("born_on", "since_on"):
                assert not row[column] or date.fromisoformat(row[column])
            assert all(cell == cell.strip() for cell in row.values())


def test_no_address_and_no_school_can_be_a_real_one(people: Folder) -> None:
    for style in ALL:
        for row in people.list_rows(style.name):
            assert re.fullmatch(r"([1-9]\d{3} ?S[ADS])?", row["postcode"])
            assert re.fullmatch(r"(S\d{5})?", row["school"])


def test_each_list_has_its_share_of_its_children(people: Folder) -> None:
    account = json.loads((people.folder / "population.json").read_text("utf-8"))
    assert abs(account["of_concern"] / CHILDREN - 0.1) < 0.01
    rows = account["rows"]
    assert rows == {style.name: len(people.list_rows(style.name)) for style in ALL}
    assert rows["register"] == CHILDREN
    assert abs(rows["enrolments"] / CHILDREN - 0.995) < 0.002
    for style in (populations.LEERPLICHT, populations.SCHOOLS, populations.YOUTH_HEALTH):
        assert abs(rows[style.name] / account["of_concern"] - style.share) < 0.05
    both_swv = rows["swv_po"] + rows["swv_vo"]
    assert abs(both_swv / account["of_concern"] - populations.SWV_PO.share) < 0.05


def test_a_list_that_follows_another_depends_on_it_and_others_do_not(people: Folder) -> None:
    # Who stands on no list cannot be counted, so look within a third list that depends on none of them.
    swv = {*people.who("swv_po").values(), *people.who("swv_vo").values()}
    leerplicht, schools, health = (
        swv & set(people.who(name).values()) for name in ("leerplicht", "schools", "youth_health")
    )

    def odds_ratio(one: set[str], other: set[str]) -> float:
        return len(one & other) * len(swv - one - other) / (len(one - other) * len(other - one))

    assert 1.5 < odds_ratio(leerplicht, schools) < 2.8
    assert 0.7 < odds_ratio(leerplicht, health) < 1.4


def test_who_is_on_no_roll_is_as_many_as_asked(tmp_path: Path) -> None:
    populations.register_against_enrolments(tmp_path / "out", seed=2, children=3000, on_no_roll=14)
    found = Folder(tmp_path / "out")
    register, enrolments = found.who("register"), found.who("enrolments")
    assert (len(register), len(enrolments)) == (3000, 2986)
    assert len(set(register.values()) - set(enrolments.values())) == 14


def test_some_can_stand_on_a_list_twice_each_time_written_anew(tmp_path: Path) -> None:
    style = replace(populations.SCHOOLS, name="twice", among="all", share=1.0, follows=None, twice=0.2)
    populations.generate(tmp_path / "out", children=1000, seed=3, lists=(style,))
    found = Folder(tmp_path / "out")
    times = Counter(found.who("twice").values())
    again = {child for child, count in times.items() if count == 2}
    assert set(times.values()) == {1, 2}
    assert 0.15 < len(again) / 1000 < 0.25
    written = {tuple(row.values())[1:] for row in found.list_rows("twice")}
    assert len(written) > 1000 + len(again) / 3


def test_of_twins_that_are_asked_apart_no_two_stand_on_one_list(tmp_path: Path) -> None:
    lists = (populations.REGISTER, replace(populations.ENROLMENTS, share=1.0))
    populations.generate(tmp_path / "out", children=2000, seed=3, lists=lists, twins=0.3, twins_apart=1.0)
    found = Folder(tmp_path / "out")
    twins = {row["child"] for row in found.rows("families") if row["kind"] == "twin"}
    assert 0.25 < len(twins) / 2000 < 0.35
    register, enrolments = (set(found.who(style.name).values()) for style in lists)
    assert not twins & register & enrolments
    assert twins < register | enrolments
    assert len(twins & register) == len(twins & enrolments) == len(twins) // 2


def test_the_same_arguments_give_the_same_bytes_and_another_seed_other_ones(tmp_path: Path) -> None:
    contents = []
    for name, seed in (("first", 4), ("again", 4), ("other", 5)):
        populations.generate(tmp_path / name, children=3000, seed=seed, lists=ALL)
        contents.append(
            {file.name: file.read_bytes() for file in (tmp_path / name).rglob("*") if file.is_file()}
        )
    assert contents[0] == contents[1]
    assert all(contents[0][name] != contents[2][name] for name in contents[0])


def test_people_to_learn_from_lack_a_third_of_the_names_and_bear_others_most() -> None:
    for whole, part in zip(name_stocks(), name_stocks(reference=True), strict=True):
        for names in ("boys", "girls", "plain", "prefixed"):
            every, kept = getattr(whole, names), getattr(part, names)
            assert set(kept) <= set(every)
        given, kept_given = {*whole.boys, *whole.girls}, {*part.boys, *part.girls}
        assert 0.5 < len(kept_given) / len(given) < 0.85
        surnames, kept_surnames = {*whole.plain, *whole.prefixed}, {*part.plain, *part.prefixed}
        assert 0.5 < len(kept_surnames) / len(surnames) < 0.8


def test_people_to_learn_from_are_named_from_their_names_only(tmp_path: Path) -> None:
    populations.generate(
        tmp_path / "out", children=2000, seed=4, lists=(populations.REGISTER,), reference=True
    )
    stocks = name_stocks(reference=True)
    surnames = {name for stock in stocks for _, name in (*stock.plain, *stock.prefixed)}
    rows = Folder(tmp_path / "out").list_rows("register")
    strange = [row for row in rows if not any(part in surnames for part in row["last_name"].split("-"))]
    assert len(strange) < 20  # those with a typing error, or whose own name holds the hyphen


@pytest.mark.parametrize("stock", name_stocks(), ids=lambda stock: stock.boys[0].official)
def test_no_two_given_names_can_be_taken_for_one_another(stock: object) -> None:
    seen: defaultdict[str, set[object]] = defaultdict(set)
    for name in (*stock.boys, *stock.girls):  # type: ignore[attr-defined]
        for word in (name.official.split()[0], *name.calls):
            seen[word].add(name)
    assert [word for word, names in seen.items() if len(names) > 1] == []


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.2, 8))
def test_dependence_keeps_the_share_and_has_the_odds_ratio(share: float, other: float, ratio: float) -> None:
    on, off = shares_given_other(share=share, other=other, odds_ratio=ratio)
    assert 0 < on < 1 and 0 < off < 1
    assert on * other + off * (1 - other) == pytest.approx(share, rel=1e-6)
    assert (on / (1 - on)) / (off / (1 - off)) == pytest.approx(ratio, rel=1e-3)


@pytest.mark.parametrize(
    "asked",
    [
        {"children": 0},
        {"siblings": (0.5, 0.5, 0.1, 0.1)},
        {"siblings": (0.9, 0.1, 0, 0), "twins": 0.5},
        {"lists": (populations.REGISTER, populations.REGISTER)},
        {"lists": (populations.SCHOOLS, populations.LEERPLICHT)},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, asked: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        populations.generate(
            tmp_path / "out", **{"children": 10, "seed": 1, "lists": (populations.REGISTER,), **asked}
        )  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadInput):
        populations.generate(tmp_path, children=10, seed=1, lists=(populations.REGISTER,))
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("children", [1, 2, 7])
def test_a_handful_of_children_is_a_population_too(tmp_path: Path, children: int) -> None:
    lists = (populations.REGISTER, ListStyle("all", house_style="both", quality="poor"))
    populations.generate(tmp_path / "out", children=children, seed=9, lists=lists)
    assert len(Folder(tmp_path / "out").list_rows("all")) == children
