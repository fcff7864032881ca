"""Dates and times as a profile says they are written; no other notation is tried."""

from __future__ import annotations

import re
from datetime import date, time
from functools import lru_cache

_SHAPES = {
    "iso": (re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII), "2026-09-01"),
    "dutch": (re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})", re.ASCII), "01-09-2026"),
    "compact": (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII), "20260901"),
}
_TIME = re.compile(r"(?P<h>\d{1,2}):?(?P<m>\d{2})(:?\d{2}([.,]\d+)?)?", re.ASCII)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$", re.ASCII)
_DUTCH_OFFSETS = {"+01:00", "+02:00", "+0100", "+0200"}


def dates_expected(shapes: tuple[str, ...]) -> str:
    """The notations a profile reads, in words."""
    examples = " or ".join(_SHAPES[shape][1] for shape in shapes)
    return f"a date like {examples} (other notations can be read two ways and are not guessed)"


# A year of absence holds few different days and many rows.
@lru_cache(maxsize=10_000)
def day_in(text: str, shapes: tuple[str, ...]) -> date:
    """The date written in one of the shapes. ValueError says what was expected."""
    for shape in shapes:
        match = _SHAPES[shape][0].fullmatch(text)
        if match:
            try:
                found = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                raise ValueError("a day that exists") from None
            if not 1900 <= found.year <= 2100:
                raise ValueError("a year between 1900 and 2100")
            return found
    raise ValueError(dates_expected(shapes))


@lru_cache(maxsize=10_000)
def clock_in(text: str) -> time | None:
    """The time of day, None when empty; an offset must be Dutch. ValueError says what was expected."""
    text = text.strip()
    if not text:
        return None
    offset = _OFFSET.search(text)
    if offset:
        if offset.group() not in _DUTCH_OFFSETS:
            raise ValueError("Dutch local time (+01:00 or +02:00)")
        text = text[: offset.start()]
    match = _TIME.fullmatch(text)
    if match is None or int(match["h"]) > 23 or int(match["m"]) > 59:
        raise ValueError("a time like 08:30")
    return time(int(match["h"]), int(match["m"]))
