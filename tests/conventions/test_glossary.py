"""Every Dutch word in the code is a term of law or agreement, and the glossary says which and where from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from tests.conventions.tree import PACKAGE

GLOSSARY = PACKAGE / "kernel" / "glossary.toml"
ASKED = ("nl", "en", "meaning", "source")
DUTCH_IN_CODE = {
    "thuiszitter", "swv", "leerplicht", "brin", "bsn", "rmc", "duo", "jgz", "mazl",
    "tlv", "opp", "doorzettingskracht",
}  # fmt: skip


def wrong(glossary: dict[str, Any]) -> list[str]:
    """What is amiss, in words: an empty field, a word that is no code word, a Dutch term explained twice."""
    found, seen = [], {}
    for word, entry in glossary.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", word):
            found.append(f"{word}: not a word of the code (small letters and _)")
        if not isinstance(entry, dict):
            found.append(f"{word}: not a table")
            continue
        found += [f"{word}: {field} is empty" for field in ASKED if not str(entry.get(field, "")).strip()]
        term = str(entry.get("nl", "")).casefold()
        if term and term in seen:
            found.append(f"{word}: {term} stands at {seen[term]} already")
        seen[term] = word
    return found


def test_the_glossary_is_whole() -> None:
    assert wrong(tomllib.loads(GLOSSARY.read_text("utf-8"))) == []


def test_every_dutch_word_allowed_in_code_is_in_the_glossary() -> None:
    assert DUTCH_IN_CODE - set(tomllib.loads(GLOSSARY.read_text("utf-8"))) == set()


def test_every_file_of_definitions_is_named_after_a_word_of_the_glossary() -> None:
    words = set(tomllib.loads(GLOSSARY.read_text("utf-8")))
    modules: list[Path] = sorted((PACKAGE / "kernel" / "definitions").glob("[a-z]*.py"))
    assert [
        path.stem for path in modules if path.stem not in words and path.stem.removesuffix("s") not in words
    ] == []


def test_the_check_finds_bad_entries() -> None:
    good = {"nl": "thuiszitter", "en": "child at home", "meaning": "…", "source": "003"}
    assert wrong({"thuiszitter": good}) == []
    assert wrong({"thuiszitter": good, "Other": good}) == [
        "Other: not a word of the code (small letters and _)",
        "Other: thuiszitter stands at thuiszitter already",
    ]
    assert wrong({"a": {**good, "source": " "}}) == ["a: source is empty"]
