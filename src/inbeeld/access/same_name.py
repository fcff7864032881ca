"""Is it the same name, however it was typed? Pure."""

from __future__ import annotations

import unicodedata

#: Letters that are no letter with an accent to Unicode, but are to who types a name in the Netherlands.
_LETTERS = str.maketrans({
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h",
})  # fmt: skip


def plain(name: str) -> str:
    """A name without case, accents, spaces, hyphens and apostrophes; empty when nothing is left."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in apart if one.isalnum()).translate(_LETTERS)


def is_last_name(typed: str, *, prefix: str, last_name: str) -> bool:
    """Was this last name typed, with or without its prefix?"""
    wanted = plain(typed)
    return bool(wanted) and wanted in (plain(last_name), plain(prefix + last_name))


def is_first_name(typed: str, *, call_name: str, first_names: str) -> bool:
    """Was one of the first names typed, or all of them?"""
    wanted = plain(typed)
    known = (call_name, first_names, *first_names.split())
    return bool(wanted) and wanted in {plain(one) for one in known}


def is_whole_name(typed: str, *, first_name: str, last_name: str) -> bool:
    """Was this first and last name typed?"""
    wanted = plain(typed)
    return bool(wanted) and wanted == plain(first_name + last_name)
