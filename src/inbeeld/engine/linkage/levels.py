"""How two people are compared: five questions, and for each the answers that are told apart, best first.

The order of answers counts: the first that holds is given. `_l` and `_r` are the left and the right person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One answer: the SQL condition under which it is given ("" for all that is left).

    `frequency`: the column whose own frequency says how much the answer is worth: a rare surname says more.
    """

    key: str
    condition: str
    frequency: str = ""


@dataclass(frozen=True)
class Question:
    """One thing compared. `not_known`: when nothing can be said. `levels`: the answers, the best first."""

    key: str
    not_known: str
    levels: tuple[Level, ...]

    def number(self, level: str) -> int:
        """The number Splink gives an answer: 0 for all that is left, upwards to the best."""
        keys = [one.key for one in self.levels]
        return len(keys) - 1 - keys.index(level)

    def answer(self) -> str:
        """SQL: the number of the answer that the people l and r give, -1 when not known."""
        cases = [f"WHEN {each_side(self.not_known)} THEN -1"]
        cases += [
            f"WHEN {each_side(level.condition)} THEN {self.number(level.key)}" for level in self.levels[:-1]
        ]
        return f"CASE {' '.join(cases)} ELSE 0 END"


def each_side(condition: str) -> str:
    """A condition about name_l and name_r as one about the tables l and r."""
    return re.sub(r"\b(\w+?)_([lr])\b", r"\2.\1", condition)


def _any_of_both(left: str, right: str) -> str:
    return f"LIST_HAS_ANY({left}_l, {right}_r) OR LIST_HAS_ANY({right}_l, {left}_r)"


def one_slip(left: str, right: str) -> str:
    """SQL: one letter more, less or other, or two neighbours exchanged.

    The distance costs more than all other questions together, so it is asked only of what it can hold for:
    one slip touches two neighbouring letters at most, so it leaves the beginning alone, or else the end.
    """
    short = f"LENGTH({left}) < 3 OR LENGTH({right}) < 3"
    medium = f"LENGTH({left}) < 5 OR LENGTH({right}) < 5"
    return (
        f"CASE WHEN ABS(LENGTH({left}) - LENGTH({right})) <= 1 AND ({short} OR "
        f"({medium}) AND (LEFT({left}, 1) = LEFT({right}, 1) OR RIGHT({left}, 1) = RIGHT({right}, 1)) OR "
        f"LEFT({left}, 2) = LEFT({right}, 2) OR RIGHT({left}, 2) = RIGHT({right}, 2)) "
        f"THEN DAMERAU_LEVENSHTEIN({left}, {right}) <= 1 ELSE FALSE END"
    )


#: The same of two dates written as eight digits: of one year, or otherwise with the same end.
ONE_SLIP_IN_A_DATE = (
    "CASE WHEN RIGHT(born_text_l, 3) = RIGHT(born_text_r, 3) OR (born_year_l = born_year_r "
    "AND (MONTH(born_l) = MONTH(born_r) OR RIGHT(born_text_l, 1) = RIGHT(born_text_r, 1))) "
    "THEN DAMERAU_LEVENSHTEIN(born_text_l, born_text_r) <= 1 ELSE FALSE END"
)


def _alike(left: str, right: str) -> str:
    """A typing error, or one cut short: not enough to tell Sem from Sam."""
    return (
        f"JARO_WINKLER_SIMILARITY({left}, {right}) >= 0.9 OR {one_slip(left, right)} "
        f"OR (LENGTH({left}) >= 3 AND STARTS_WITH({right}, {left})) "
        f"OR (LENGTH({right}) >= 3 AND STARTS_WITH({left}, {right}))"
    )


GIVEN = Question(
    "given",
    "initial_l IS NULL OR initial_r IS NULL",
    (
        Level("same", "LIST_HAS_ANY(heads_l, heads_r)", frequency="given"),
        Level("call_name", _any_of_both("heads", "roots")),
        Level("later_name", _any_of_both("heads", "every_name")),
        Level("alike", f"{_alike('given_l', 'given_r')} OR {_alike('called_l', 'called_r')}"),
        Level("initial", "(LEN(heads_l) = 0 OR LEN(heads_r) = 0) AND initial_l = initial_r"),
        Level("other", ""),
    ),
)
SURNAME = Question(
    "surname",
    "surname_l IS NULL OR surname_r IS NULL",
    (
        Level("same", "surname_l = surname_r OR surname_words_l = surname_words_r", frequency="surname"),
        Level("one_half", "LIST_HAS_ANY(surname_words_l, surname_words_r)"),
        Level("alike", _alike("surname_l", "surname_r")),
        Level(
            "first_name_there",
            "LIST_CONTAINS(surname_words_l, given_r) AND LIST_CONTAINS(surname_words_r, given_l)",
        ),
        Level("other", ""),
    ),
)
BORN = Question(
    "born",
    "born_l IS NULL OR born_r IS NULL",
    (
        Level("same", "born_l = born_r"),
        Level(
            "slip",
            f"{ONE_SLIP_IN_A_DATE} OR (born_year_l = born_year_r "
            "AND MONTH(born_l) = DAY(born_r) AND MONTH(born_r) = DAY(born_l))",
        ),
        Level(
            "near",
            "ABS(born_l - born_r) <= 10 OR (born_year_l = born_year_r AND MONTH(born_l) = MONTH(born_r)) "
            "OR (born_year_l = born_year_r AND DAY(born_l) = DAY(born_r)) "
            "OR (MONTH(born_l) = MONTH(born_r) AND DAY(born_l) = DAY(born_r))",
        ),
        Level("same_year", "born_year_l = born_year_r"),
        Level("other", ""),
    ),
)
ADDRESS = Question(
    "address",
    "postcode_l IS NULL OR postcode_r IS NULL",
    (
        Level("same_house", "postcode_l = postcode_r AND house_l = house_r"),
        Level("same_postcode", "postcode_l = postcode_r", frequency="postcode"),
        Level(
            "near",
            "LEFT(postcode_l, LENGTH(postcode_l) - 2) = LEFT(postcode_r, LENGTH(postcode_r) - 2) "
            "OR CASE WHEN house_l = house_r THEN DAMERAU_LEVENSHTEIN(postcode_l, postcode_r) <= 1 "
            "ELSE FALSE END",
        ),
        Level("other", ""),
    ),
)
SCHOOL = Question(
    "school",
    "school_l IS NULL OR school_r IS NULL",
    (Level("same", "school_l = school_r"), Level("other", "")),
)
QUESTIONS = (GIVEN, SURNAME, BORN, ADDRESS, SCHOOL)

#: Columns of people that the questions ask for.
ASKED = (
    "heads", "roots", "every_name", "given", "called", "initial", "surname", "surname_words", "born",
    "born_year", "born_text", "postcode", "house", "school", "national_key",
)  # fmt: skip
