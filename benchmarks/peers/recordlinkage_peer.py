"""Two lists linked with the Python Record Linkage Toolkit, as somebody who knows it would.

Its own cleaning and phonetic codes, blocks on four keys, Jaro-Winkler on names, and its own classifier that
needs no labels (expectation maximisation); then the likeliest partner of each row, one each.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: Names that are as alike as this count as the same: its classifier knows yes and no.
ALIKE = 0.85


def link(left: Path, right: Path) -> tuple[list[tuple[str, str]], int]:
    """The pairs of ids it takes for one child, and how many pairs it looked at."""
    import recordlinkage
    from recordlinkage import ECMClassifier
    from recordlinkage.algorithms import string

    # recordlinkage 0.14 calls it by the name it had before jellyfish 1.0.
    string.jellyfish.jaro_winkler = string.jellyfish.jaro_winkler_similarity
    one, other = _read(left), _read(right)
    index = recordlinkage.Index()
    index.block(["born_on", "initial"])
    index.block(["surname_code", "given_code"])
    index.block(["postcode", "house_number"])
    index.block(["surname_code", "born_month"])
    pairs = index.index(one, other)
    questions = recordlinkage.Compare()
    questions.string("given", "given", method="jarowinkler", threshold=ALIKE, label="given")
    questions.string("surname", "surname", method="jarowinkler", threshold=ALIKE, label="surname")
    questions.exact("born_on", "born_on", label="born_on")
    questions.exact("postcode", "postcode", label="postcode")
    questions.exact("house_number", "house_number", label="house_number")
    answers = questions.compute(pairs, one, other)
    classifier = ECMClassifier(init="jaro")
    found = classifier.fit_predict(answers)
    likely = classifier.prob(answers.loc[found]).sort_values(ascending=False, kind="stable")
    return _one_each(likely), len(pairs)


def _one_each(likely: pd.Series) -> list[tuple[str, str]]:
    """Each row with its likeliest partner that is still free."""
    links, taken_left, taken_right = [], set(), set()
    for left, right in likely.index:
        if left not in taken_left and right not in taken_right:
            taken_left.add(left)
            taken_right.add(right)
            links.append((left, right))
    return links


def _read(file: Path) -> pd.DataFrame:
    import pandas as pd
    from recordlinkage.preprocessing import clean, phonetic

    rows = pd.read_csv(file, dtype=str, keep_default_na=False).set_index("id")
    first = rows["first_names"].str.split(" ").str[0]
    known = pd.DataFrame(index=rows.index)
    known["given"] = clean(rows["call_name"].where(rows["call_name"] != "", first), strip_accents="unicode")
    known["surname"] = clean(rows["last_name"], strip_accents="unicode")
    known["given_code"] = phonetic(known["given"], method="metaphone")
    known["surname_code"] = phonetic(known["surname"], method="metaphone")
    known["initial"] = known["given"].str[:1]
    known["born_on"] = rows["born_on"]
    known["born_month"] = rows["born_on"].str[:7]
    known["postcode"] = rows["postcode"].str.replace(" ", "").str.upper()
    known["house_number"] = rows["house_number"].str.extract("([0-9]+)", expand=False)
    return known.replace("", None)
