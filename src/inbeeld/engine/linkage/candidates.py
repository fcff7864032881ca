"""Which pairs of people are worth weighing: of the many that share a block, those that could be one child.

Blocks are wide, so that no slip loses anybody: of two lists of a million they hold twenty million pairs, nine
tenths of them strangers. Each gets a first glance: what it could weigh at most, from plain comparisons of
numbers. It errs to the safe side: what weighs enough passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2
from string import Template
from typing import TYPE_CHECKING

from inbeeld.engine.linkage.levels import ASKED, QUESTIONS
from inbeeld.engine.linkage.normalising import step

if TYPE_CHECKING:
    import duckdb

#: m and u of each answer, by question: its probability for one child, and for two strangers.
Weights = Mapping[str, Sequence[tuple[float, float]]]
#: Up to so many pairs everybody is laid beside everybody.
ALL_PAIRS = 1_500_000
ALL = ("TRUE",)
_SURNAME, _GIVEN, _CALLED = (
    f"LEFT(l.{name}, 3) = LEFT(r.{name}, 3)" for name in ("surname", "given", "called")
)


def could_be_alike(name: str) -> str:
    """SQL: what all have in common that levels.alike calls so.

    They have few letters of their own: for a Jaro-Winkler of 0.9 half the length of the longer at most, three
    tenths if they begin with another letter. Or one begins with the other.
    """
    own = f"BIT_COUNT(XOR(l.a_{name}_letters, r.a_{name}_letters))"
    return (
        f"{own} <= l.a_{name}_few_slips OR {own} <= r.a_{name}_few_slips "
        f"OR l.a_{name}_first = r.a_{name}_first AND ({own} <= l.a_{name}_slips OR {own} <= r.a_{name}_slips "
        f"OR STARTS_WITH(l.a_{name}, r.a_{name}) OR STARTS_WITH(r.a_{name}, l.a_{name}))"
    )


#: What the first glance asks: without it the birth date, home or name is quite another one.
NEAR_BORN = (
    "l.on_day = r.on_day OR l.in_month = r.in_month OR l.in_year_on = r.in_year_on "
    "OR l.born_swapped = r.born_number OR ABS(l.born_at - r.born_at) <= 10"
)
NEAR_HOME = "l.home_area = r.home_area OR l.home_house = r.home_house"
OTHER_NAME = "BIT_COUNT((l.heads_bits & r.other_name_bits) | (l.other_name_bits & r.heads_bits)) >= 2"
SAME_SURNAME = "l.a_surname = r.a_surname OR l.surname_words_bits = r.surname_words_bits"
HALF_A_SURNAME = "BIT_COUNT(l.surname_words_bits & r.surname_words_bits) >= 2"
NAMES_CHANGED_PLACES = (
    "BIT_COUNT(l.surname_words_bits & r.heads_bits) >= 2 "
    "AND BIT_COUNT(l.heads_bits & r.surname_words_bits) >= 2"
)
#: What a given name that is not quite another one has: few other letters, a name in common, a bare initial.
A_GIVEN_NAME = (
    f"{could_be_alike('given')} OR {could_be_alike('called')} OR {OTHER_NAME} "
    "OR l.only_initial + r.only_initial > 0"
)
#: The names begin alike, as they are on both lists, or as the child is called on one of them.
NAMES = (
    f"{_SURNAME} AND {_GIVEN}",
    f"{_SURNAME} AND {_CALLED} AND l.called <> l.given",
    f"{_SURNAME} AND {_CALLED} AND r.called <> r.given",
)
#: Strangers of such names there are by the million: something more must hold, or the names be rare enough to
#: make up for another birth date ({born}), or for another home besides ({both}).
AND_MORE = (
    "l.born_year = r.born_year AND l.born_month = r.born_month", "l.born_day = r.born_day",
    "l.in_year_on = r.in_year_on AND l.has_born = 1", "l.born_swapped = r.born_number AND l.has_born = 1",
    "l.in_twenty_days = r.in_twenty_days AND l.has_born = 1",
    "l.in_twenty_days_later = r.in_twenty_days_later AND l.has_born = 1",
    "l.area = r.area", "l.house = r.house", "l.school = r.school", "l.has_born = 0", "r.has_born = 0",
    "l.has_home = 0 AND l.names_say >= {born} AND r.names_say >= {born}",
    "r.has_home = 0 AND l.names_say >= {born} AND r.names_say >= {born}",
    "l.names_say >= {both} AND r.names_say >= {both}",
)  # fmt: skip
#: Beyond: somebody is looked at when any of these holds. No single typing error closes all of them.
BLOCKS = (
    f"l.born = r.born AND l.initial = r.initial AND ({A_GIVEN_NAME})",
    "l.born = r.born AND LEFT(l.surname, 2) = LEFT(r.surname, 2)",
    "l.born = r.born AND l.postcode = r.postcode",
    "l.postcode = r.postcode AND l.house = r.house",
    "l.surname = r.surname AND l.postcode = r.postcode",
    "l.surname = r.surname AND l.school = r.school",
    "l.surname = r.surname AND l.born_year = r.born_year AND l.born_month = r.born_month",
    "l.surname = r.surname AND l.born_year = r.born_year AND l.initial = r.initial",
    "l.surname = r.given AND l.given = r.surname",
    *(f"{names} AND {more}" for names in NAMES for more in AND_MORE),
)
#: Numbers are added as FLOAT, which is quicker: they differ from the weights by less than this (bits).
ROUNDING = 1e-3


def blocks(left: int, right: int) -> Sequence[str]:
    """The blocks for lists of so many people."""
    return ALL if left * right <= ALL_PAIRS else BLOCKS


def table_asked(
    con: duckdb.DuckDBPyConnection, side: str, number: int, *, weights: Weights, numbered_from: int
) -> None:
    """Make the table asked_<side> of people_<number>: what is compared, and what a first glance sees."""
    chances = {f"{column}_chance": repr(chance) for column, chance in _chances(weights).items()}
    bits = _bits(weights)
    lesser = {f"{column}_else": repr(best) for column, best in _lesser(bits).items()}
    lesser["same_house"] = repr(bits["address"]["same_house"])
    asked = {"side": side, "number": number, "numbered_from": numbered_from, "asked": ", ".join(ASKED)}
    con.execute(Template(step("06_asked")).substitute(asked | chances | lesser))


def find_candidates(
    con: duckdb.DuckDBPyConnection, *, weights: Weights, blocks: Sequence[str], at_least: float
) -> int:
    """Make the table candidates (join_key_l, join_key_r, as Splink calls them) of asked_left and asked_right.

    Those that share a block and could weigh `at_least` (bits); returns how many share a block.
    """
    enough = at_least - ROUNDING
    bits = _bits(weights)
    other_birth = max(bits["born"]["other"], bits["born"]["same_year"])
    without = enough - other_birth
    # Near homes have blocks of their own: here the home is quite another one.
    rare = {"born": without, "both": without - bits["address"]["other"]}
    met = " UNION ALL ".join(
        "SELECT l.unique_id AS join_key_l, r.unique_id AS join_key_r "
        f"FROM asked_left AS l JOIN asked_right AS r ON {block.format(**rare)}"
        for block in blocks
    )
    # Written down before the glance: a join hands on its pairs in handfuls, and a handful costs as much as
    # thousands.
    con.execute(f"CREATE OR REPLACE TEMP TABLE met AS SELECT DISTINCT join_key_l, join_key_r FROM ({met})")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE candidates AS SELECT '0' AS match_key, join_key_l, join_key_r FROM met "
        "JOIN asked_left AS l ON l.unique_id = join_key_l JOIN asked_right AS r ON r.unique_id = join_key_r "
        f"WHERE {at_most(weights)} >= {enough!r}::FLOAT"
    )
    count = con.execute("SELECT COUNT(*) FROM met").fetchall()[0][0]
    con.execute("DROP TABLE met")
    return int(count)


def at_most(weights: Weights) -> str:
    """SQL: what the people l and r could weigh at most, bits.

    Each question is a sum of steps: what holds for a better answer holds for the lesser ones too. Nothing is
    decided (no CASE, no GREATEST): that costs more than reckoning everything for everybody.
    """
    bits = _bits(weights)
    given, surname, born, address = (bits[key] for key in ("given", "surname", "born", "address"))
    lesser = _lesser(bits)
    parts = {
        "born": _steps(
            max(born["other"], born["same_year"]),
            (NEAR_BORN, max(born["slip"], born["near"])),
            ("l.born_at = r.born_at", born["same"]),
        ),
        "home": _steps(
            address["other"],
            (NEAR_HOME, address["near"]),
            ("l.home_postcode = r.home_postcode", "l.postcode_says"),
            ("l.home_postcode = r.home_postcode AND l.home_house = r.home_house", "l.house_says"),
        ),
        "given": _steps(
            given["other"],
            (A_GIVEN_NAME, max(given["alike"], given["initial"])),
            (OTHER_NAME, lesser["given"]),
            ("BIT_COUNT(l.heads_bits & r.heads_bits) >= 2", "l.given_says"),
        ),
        "surname": _steps(
            surname["other"],
            (
                f"{could_be_alike('surname')} OR {HALF_A_SURNAME} OR ({NAMES_CHANGED_PLACES})",
                max(surname["alike"], surname["first_name_there"]),
            ),
            (f"{SAME_SURNAME} OR {HALF_A_SURNAME}", lesser["surname"]),
            (SAME_SURNAME, "l.surname_says"),
        ),
    }
    known = " + ".join(f"l.has_{part} * r.has_{part} * {sql}" for part, sql in parts.items())
    school = bits["school"]["same"]
    return f"{known} + CAST(COALESCE(l.school = r.school, FALSE) AS FLOAT) * {school!r}::FLOAT"


def _steps(otherwise: float, *answers: tuple[str, float | str]) -> str:
    """SQL: bits of the best answer that holds; conditions and their bits (or SQL for them), least first."""
    found, below = f"{otherwise!r}::FLOAT", repr(otherwise)
    for condition, bits in answers:
        # A condition is no more than what the answer needs: it may hold where a lesser answer is given.
        best = bits if isinstance(bits, str) else repr(max(bits, float(below)))
        found += f" + CAST({condition} AS FLOAT) * ({best}::FLOAT - {below}::FLOAT)"
        below = best
    return f"({found})"


def _bits(weights: Weights) -> dict[str, dict[str, float]]:
    """Question → answer → what it weighs, where it does not count how rare the value is."""
    return {
        question.key: {
            level.key: log2(m / u)
            for level, (m, u) in zip(question.levels, weights[question.key], strict=True)
        }
        for question in QUESTIONS
    }


def _lesser(bits: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """What a name or postcode could weigh by another answer than that it is the same."""
    given, surname, address = bits["given"], bits["surname"], bits["address"]
    return {
        "given": max(bits for key, bits in given.items() if key != "same"),
        "surname": max(bits for key, bits in surname.items() if key != "same"),
        "postcode": max(address["near"], address["other"]),
    }


def _chances(weights: Weights) -> dict[str, float]:
    """m of the answers that are weighed by how rare the value is, by the column of the value."""
    return {
        level.frequency: m
        for question in QUESTIONS
        for level, (m, _) in zip(question.levels, weights[question.key], strict=True)
        if level.frequency
    }
