"""Dutch in the code is a term of law or agreement, and the glossary says which and where from.

No machine knows every Dutch word: names in the code are held against a list of the field's words.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conventions.tree import PACKAGE, name, python_files

GLOSSARY = PACKAGE / "kernel" / "glossary.toml"
ASKED = ("nl", "en", "meaning", "source")
#: Dutch words of the field, as far as they are no English words too (kind, list, of).
DUTCH = frozenset(
    """
    aanmelding aantal aanvraag aanwezig aanwezigheid absentie absenties achternaam afspraak
    afspraken afwezig afwezigheid ambtenaar basisschool begeleider begeleiding behandeling bericht
    beschikking besluit bestuur brin bsn casus casusregie casusregisseur consulent dag dagdeel
    dagdelen dagen datum deelnemer deelnemers docent doorstroom doorzettingskracht duo duur
    einddatum gedeeltelijk gegevens gemeente gemeenten geoorloofd gezin gezinnen handhaving herkomst
    hulp hulpverlening inschrijving inschrijvingen inspectie instelling jaar jeugdarts jeugdhulp
    jeugdzorg jgz kinderen klas kwalificatieplicht leeftijd leerkracht leerling leerlingen
    leerlingnummer leerplicht leerplichtambtenaar leerplichtwet les lesuur lesuren maand maatwerk
    mazl mdo melding meldingen meldplicht naam nummer onbekend onderwijs ondersteuning ongeoorloofd
    ontheffing opp ouder ouders overleg partij passend peildatum periode plaats regio rmc rondetafel
    samenwerkingsverband schooldag schooldagen schooljaar spijbelaar spijbelen stamnummer
    startkwalificatie swv tafel terugkeer thuiszitten thuiszitter thuiszitters tijd tlv toestemming
    toezicht uitschrijving uitval uren uur vakantie vakanties verlof verslag verwijzing verzuim
    verzuimmelding vestiging vestigingen voogd voornaam voorstel vrijstelling vrijstellingen vsv
    ziek ziekmelding ziekmeldingen ziekte zorg zorgcoordinator zorgplicht
    """.split()  # noqa: SIM905 - a list to read and to add to
)
#: A name, not a word: an act is called what it is called.
PROPER_NAMES = {"leerplichtwet"}


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


def names_given(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every function, class, variable, argument, attribute and import in Python code."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.Name():
                yield node.lineno, node.id
            case ast.Attribute():
                yield node.lineno, node.attr
            case ast.arg() | ast.keyword() if node.arg:
                yield node.lineno, node.arg
            case ast.alias():
                yield node.lineno, node.asname or node.name
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() if node.name:
                yield node.lineno, node.name


def words_in(given: str) -> list[str]:
    """The words of a name, split on _ and at capitals: schoolDag_2 is school and dag."""
    return [word.casefold() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", given)]


def dutch(source: str, *, allowed: set[str]) -> list[str]:
    """`line: name` wherever a name holds a Dutch word that is not allowed."""
    refused = DUTCH - allowed
    found = {(line, given) for line, given in names_given(source) if refused & set(words_in(given))}
    return [f"{line}: {given}" for line, given in sorted(found)]


def test_every_dutch_word_in_a_name_in_the_code_is_in_the_glossary() -> None:
    allowed = set(tomllib.loads(GLOSSARY.read_text("utf-8"))) | PROPER_NAMES
    sources = python_files(PACKAGE)
    assert len(sources) > 50
    assert [
        f"{name(path)}:{found}"
        for path in sources
        for found in dutch(path.read_text("utf-8"), allowed=allowed)
    ] == []


def test_every_module_is_named_without_dutch_that_is_not_in_the_glossary() -> None:
    allowed = set(tomllib.loads(GLOSSARY.read_text("utf-8")))
    assert [
        name(path) for path in python_files(PACKAGE) if (DUTCH - allowed) & set(words_in(path.stem))
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "def verzuim_of(child): ...",
        "class LeerlingPage: ...",
        "async def fetch(*, ouder): ...",
        "vakantieDagen = 3",
        "MAX_DAG: int = 1",
        "self.gemeente = 1",
        "f(zorg=True)",
        "from a import leave as verlof",
        "try: ...\nexcept E as melding: ...",
        "[dag for dag in days]",
        "thuiszitter = 1",
    ],
)
def test_a_dutch_name_would_be_found(source: str) -> None:
    assert dutch(source, allowed=set())


def test_dutch_in_text_and_words_of_the_glossary_are_let_through() -> None:
    assert dutch("# verzuim\nkind = Field('leerling')\nthuiszitter = kind", allowed={"thuiszitter"}) == []


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
