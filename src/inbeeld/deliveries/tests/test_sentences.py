"""Everything the readers of files can say is said again in Dutch."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.utils import translation

from inbeeld.deliveries.sentences import FORMS, is_known, of_a_form, of_a_refusal, of_bad_input
from inbeeld.deliveries.words import SOURCES, WORDS_IN_A_TABLE
from inbeeld.engine import intake
from inbeeld.engine.intake import PROFILES, decoding, moments, record
from inbeeld.engine.intake.generic import read
from inbeeld.engine.intake.profile import all_profiles
from inbeeld.engine.schema import STATUSES

#: About the codes and columns somebody keeps beside a file, which the site writes itself.
#: Where what was expected and what was found are put together.
PUT_TOGETHER = "expected 77"
NOT_A_DELIVERY = ("codes.py", "beside.py", "__init__.py")


@pytest.mark.parametrize(
    ("reason", "dutch"),
    [
        ("expected a day that exists, found 31-2-2026", "verwacht: een dag die bestaat; gevonden: 31-2-2026"),
        ("expected 6 columns in every row, found 2", "verwacht: 6 kolommen in elke rij, gevonden: 2"),
        (
            "expected a value in every row, found nothing",
            "verwacht: een waarde in elke rij; gevonden: niets",
        ),
        ("expected a whole number", "verwacht: een heel getal"),
        (
            "expected one of absent, late, removed, other, or a code",
            "verwacht: een van afwezig, te laat, verwijderd, anders, of een code",
        ),
        (
            "expected true, false or nothing, found “misschien”",
            "verwacht: ja, nee of leeg; gevonden: “misschien”",
        ),
    ],
)
def test_a_refusal_in_dutch(reason, dutch):
    with translation.override("nl"):
        assert of_a_refusal(reason) == dutch


def test_a_file_that_cannot_be_read_in_dutch():
    wrong = {
        "expected": "the columns of Magister; not there: lesuur",
        "line": 1,
        "column": None,
        "found": None,
    }
    with translation.override("nl"):
        assert of_bad_input(wrong) == "Regel 1: verwacht: de kolommen van Magister; niet gevonden: lesuur."


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_name_of_ours_stands_in_a_sentence(language):
    ours = {
        *PROFILES,
        *(
            one.title
            for one in PROFILES.values()
            # What begins the name of a source for people is no name of ours.
            if not any(str(words).startswith(one.title) for words in SOURCES.values())
        ),
    }
    said = [
        f"the columns of {one.title}; not there: x; the file looks like {', '.join(PROFILES)}"
        for one in PROFILES.values()
    ]
    said += ["a file whose reading does not fail (the reader stopped with KeyError)", decoding.NO_TEXT]
    with translation.override(language):
        for sentence in said:
            shown = of_a_form(sentence)
            assert not any(re.search(rf"\b{word}\b", shown) for word in (*ours, "KeyError", "bytes")), shown


def test_each_word_a_school_is_told_to_write_is_read():
    for language in ("nl", "en"):
        with translation.override(language):
            assert {key: read._STATUSES[str(word)] for key, word in WORDS_IN_A_TABLE.items()} == {
                key: key for key in STATUSES
            }


def test_what_nobody_wrote_down_is_shown_as_it_is():
    with translation.override("en"):
        assert of_a_refusal("expected a unicorn, found a horse") == "expected: a unicorn; found: a horse"
    assert not is_known("a unicorn")


def test_each_form_is_its_own():
    assert len(set(FORMS)) == len(FORMS)
    assert all(is_known(form) for form in FORMS)


@pytest.mark.parametrize("profile", all_profiles().values(), ids=list(all_profiles()))
def test_the_dates_of_every_source_can_be_said(profile):
    assert is_known(moments.dates_expected(profile.dates))
    assert record.LAST_SLOT and is_known(f"a lesson hour from 1 to {record.LAST_SLOT}, ochtend or middag")


def said_by_readers():
    """(where, sentence) of every refusal in the readers whose words stand in its call; a gap is a 7."""
    for file in sorted(Path(intake.__path__[0]).rglob("*.py")):
        if "tests" in file.parts or file.name in NOT_A_DELIVERY:
            continue
        package = ".".join(file.relative_to(Path(intake.__path__[0]).parents[2]).with_suffix("").parts)
        values = vars(importlib.import_module(package))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            if (
                isinstance(node, ast.Call)
                and name in ("BadInput", "refused", "RowRefused")
                and len(node.args) > 1
            ):
                yield f"{file.name}:{node.lineno}", spelled(node.args[1], values)


def spelled(node, values):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(spelled(part, values) or "7" for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return str(values[node.value.id]) if getattr(node.value, "id", "") in values else "7"
    if isinstance(node, ast.BinOp) and (left := spelled(node.left, values)) is not None:
        return left + (spelled(node.right, values) or "7")
    return None


def test_every_refusal_of_a_reader_can_be_said_in_dutch():
    found = [(where, said) for where, said in said_by_readers() if said not in (None, PUT_TOGETHER)]
    assert len(found) > 40
    unknown = [(where, said) for where, said in found if not is_known(said.removeprefix("expected "))]
    assert unknown == []
