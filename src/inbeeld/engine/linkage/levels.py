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


def _share(left: str, right: str) -> str:
    """SQL: the names share a word. Words are only looked at where the bits say that it could be."""
    words = f"LIST_HAS_ANY(STRING_SPLIT({left}_l, ' '), STRING_SPLIT({right}_r, ' '))"
    return f"BIT_COUNT({left}_bits_l & {right}_bits_r) >= 2 AND {words}"


def _share_either_way(left: str, right: str) -> str:
    return f"{_share(left, right)} OR {_share(right, left)}"


def _word_of(words: str, word: str) -> str:
    return f"CONTAINS({words}, {word}) AND LIST_CONTAINS(STRING_SPLIT({words}, ' '), {word})"


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
    "CASE WHEN (born_day_l = born_day_r AND born_month_l % 10 = born_month_r % 10) "
    "OR (born_year_l = born_year_r AND (born_month_l = born_month_r OR born_day_l % 10 = born_day_r % 10)) "
    "THEN DAMERAU_LEVENSHTEIN(born_text_l, born_text_r) <= 1 ELSE FALSE END"
)


def alike(name: str) -> str:
    """SQL: a typing error, or one cut short: not enough to tell Sem from Sam.

    Both distances cost much and hold for few. A slip changes two letters at most; and names that Jaro-Winkler
    calls 0.9 alike have half as many letters of their own as the longer one is long, at most.
    """
    left, right = f"{name}_l", f"{name}_r"
    own_letters = f"BIT_COUNT(XOR({name}_letters_l, {name}_letters_r))"
    return (
        f"{own_letters} <= GREATEST(2, STRLEN({left}) // 2, STRLEN({right}) // 2) "
        f"AND (JARO_WINKLER_SIMILARITY({left}, {right}) >= 0.9 OR {one_slip(left, right)}) "
        f"OR STARTS_WITH({right}, {left}) AND LENGTH({left}) >= 3 "
        f"OR STARTS_WITH({left}, {right}) AND LENGTH({right}) >= 3"
    )


GIVEN = Question(
    "given",
    "initial_l IS NULL OR initial_r IS NULL",
    (
        Level("same", f"given_l = given_r OR {_share('heads', 'heads')}", frequency="given"),
        Level("call_name", _share_either_way("heads", "roots")),
        Level("later_name", _share_either_way("heads", "every_name")),
        Level(
            "alike",
            f"{alike('given')} OR (called_l <> given_l OR called_r <> given_r) AND ({alike('called')})",
        ),
        Level("initial", "(heads_l = '' OR heads_r = '') AND initial_l = initial_r"),
        Level("other", ""),
    ),
)
SURNAME = Question(
    "surname",
    "surname_l IS NULL OR surname_r IS NULL",
    (
        Level("same", "surname_l = surname_r OR surname_words_l = surname_words_r", frequency="surname"),
        Level("one_half", _share("surname_words", "surname_words")),
        Level("alike", alike("surname")),
        Level(
            "first_name_there",
            f"{_word_of('surname_words_l', 'given_r')} AND {_word_of('surname_words_r', 'given_l')}",
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
            "AND born_month_l = born_day_r AND born_month_r = born_day_l)",
        ),
        Level(
            "near",
            "ABS(born_l - born_r) <= 10 OR (born_year_l = born_year_r AND born_month_l = born_month_r) "
            "OR (born_year_l = born_year_r AND born_day_l = born_day_r) "
            "OR (born_month_l = born_month_r AND born_day_l = born_day_r)",
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
            "area_l = area_r OR CASE WHEN house_l = house_r "
            "THEN DAMERAU_LEVENSHTEIN(postcode_l, postcode_r) <= 1 ELSE FALSE END",
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
    "heads", "heads_bits", "roots", "roots_bits", "every_name", "every_name_bits", "given", "given_letters",
    "called", "called_letters", "initial", "surname", "surname_letters", "surname_words",
    "surname_words_bits", "born", "born_year", "born_month", "born_day", "born_text", "postcode", "area",
    "house", "school",
)  # fmt: skip
