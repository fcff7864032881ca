"""Dutch is complete, English is the words in the code; the compiled files are those of the texts."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tests.conventions.tree import PACKAGE

LOCALE = PACKAGE / "site" / "locale"
LANGUAGES = ("nl", "en")


def amiss(folder: Path, *, every_word: bool) -> list[str]:
    """What is missing, in words; `every_word` asks a translation of each text (English may stay as it is)."""
    if not (folder / "django.po").is_file():
        return ["django.po is missing"]
    po = polib.pofile(str(folder / "django.po"))
    found = [f"line {entry.linenum}: fuzzy" for entry in po if entry.fuzzy]
    if every_word:
        found += [
            f"line {entry.linenum}: {entry.msgid!r} has no translation" for entry in po.untranslated_entries()
        ]
    if not (folder / "django.mo").is_file():
        return [*found, "django.mo is missing: run compilemessages"]
    said = {_key(entry): _words(entry) for entry in po if entry.translated()}
    compiled = {
        _key(entry): _words(entry) for entry in polib.mofile(str(folder / "django.mo")) if entry.msgid
    }
    return found if said == compiled else [*found, "django.mo is not that of django.po: run compilemessages"]


def _key(entry: polib._BaseEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt or None, entry.msgid, entry.msgid_plural or ""


def _words(entry: polib._BaseEntry) -> tuple[str, ...]:
    return tuple(entry.msgstr_plural.values()) if entry.msgstr_plural else (entry.msgstr,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_on_the_screen_is_there_in(language: str) -> None:
    assert amiss(LOCALE / language / "LC_MESSAGES", every_word=language == "nl") == []


def test_the_check_finds_gaps_and_an_old_compiled_file(tmp_path: Path) -> None:
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    po.append(polib.POEntry(msgid="At home", msgstr="Thuis"))
    po.save(str(tmp_path / "django.po"))
    po.save_as_mofile(str(tmp_path / "django.mo"))
    assert amiss(tmp_path, every_word=True) == []
    po.append(polib.POEntry(msgid="In sight", msgstr=""))
    po.append(polib.POEntry(msgid="Phase", msgstr="Fase", flags=["fuzzy"]))
    po[0].msgstr = "Thuiszittend"
    po.save(str(tmp_path / "django.po"))
    assert [line.split(": ", 1)[1] for line in amiss(tmp_path, every_word=True)[:2]] == [
        "fuzzy",
        "'In sight' has no translation",
    ]
    assert "not that of django.po" in amiss(tmp_path, every_word=True)[-1]
