"""Dutch is complete: every sentence a page can show, those of the kernel included."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import polib
import pytest

import inbeeld
from inbeeld.site.messages import PO, every_message, of_python, of_template

GAP = re.compile(r"\{\w*\}|%\(\w+\)[sd]")
MARK = re.compile(r"\bmarks?\b")
#: Of the first bytes of a file.
NO_MARKS = {"UTF-8 text, as the mark at its start says"}
HANDLEIDING = Path(__file__).parents[4] / "docs" / "handleiding"


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(PO))


def test_every_sentence_is_translated_and_none_is_left_over(catalogue):
    present = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    wanted = set(every_message())
    assert wanted - present == set()
    assert present - wanted == set()


def test_no_translation_is_empty_or_uncertain(catalogue):
    assert catalogue.untranslated_entries() == []
    assert catalogue.fuzzy_entries() == []
    assert catalogue.obsolete_entries() == []


def test_every_translation_has_the_gaps_of_its_sentence(catalogue):
    for entry in catalogue:
        for number, translation in (entry.msgstr_plural or {0: entry.msgstr}).items():
            sentence = entry.msgid_plural if number else entry.msgid
            assert set(GAP.findall(translation)) == set(GAP.findall(sentence)), sentence


def test_the_compiled_catalogue_is_that_of_the_text(catalogue):
    compiled = polib.mofile(str(PO.with_suffix(".mo")))
    text = {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in catalogue}
    assert {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in compiled} == text


def test_what_a_school_wrote_down_and_what_it_reports_to_duo_have_a_word_each(catalogue):
    glossary = tomllib.loads((Path(inbeeld.__file__).parent / "kernel" / "glossary.toml").read_text())
    written_down, report = glossary["mark"]["nl"], glossary["duo_report"]["nl"].split()[0]
    assert (written_down, report) == ("verzuimregistratie", "melding")
    of_marks = [one for one in catalogue if MARK.search(GAP.sub("", one.msgid)) and one.msgid not in NO_MARKS]
    assert len(of_marks) > 10
    for entry in of_marks:
        for translation in (entry.msgstr_plural or {0: entry.msgstr}).values():
            assert written_down in translation and report not in translation.lower(), entry.msgid
    handing_in = (HANDLEIDING / "aanleveren.md").read_text()
    assert written_down in handing_in and report not in handing_in.lower()


def test_sentences_are_found_in_templates_and_in_python():
    template = (
        '{% load i18n %}{% translate "In sight" context "a list" %}'
        "{% blocktranslate count number=n %}{{ number }} day"
        "{% plural %}{{ number }} days{% endblocktranslate %}"
    )
    assert list(of_template(template)) == [
        ("a list", "In sight", None),
        (None, "%(number)s day", "%(number)s days"),
    ]
    assert list(of_python('_("one " "sentence"); pgettext("where", "what")')) == [
        (None, "one sentence", None),
        ("where", "what", None),
    ]
