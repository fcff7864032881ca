"""How names are read, in plain Python: the twin that the SQL is held to."""

from __future__ import annotations

import re
import unicodedata

from inbeeld.engine.linkage.normalising import PREFIXES

ONE_FOR_ONE = str.maketrans("łøđıðĳ", "lodidy")


def letters(written: str) -> str:
    """Small letters without marks; ij is y."""
    bare = unicodedata.normalize("NFD", written.lower())
    text = "".join(letter for letter in bare if not unicodedata.category(letter).startswith("M"))
    text = unicodedata.normalize("NFC", text).translate(ONE_FOR_ONE)
    for many, one in (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ij", "y")):
        text = text.replace(many, one)
    return re.sub("['’‘`´]", "", text)


def words(written: str) -> list[str]:
    """The words, parted by all that is no letter."""
    return "".join(letter if letter.isalpha() else " " for letter in letters(written)).split()


def surname(prefix: str, last_name: str) -> list[str]:
    """The words of a surname that tell it from others, in order."""
    every = words(f"{prefix} {last_name}")
    kept = [word for word in every if len(word) > 1 and word not in PREFIXES]
    return [re.sub("^(?:vander|vanden|vande)(.{4,})$", r"\1", word) for word in kept] or every


def heads(first_names: str, call_name: str) -> list[str]:
    """What the child may be called by."""
    first = [word for word in words(first_names) if len(word) > 1]
    call = [word for word in words(call_name) if len(word) > 1]
    found = {*first[:1], *call[:1]}
    if call:
        found.add("".join(call))
    if len(first) == 2:
        found.add("".join(first))
    return sorted(found)
