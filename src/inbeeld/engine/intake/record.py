"""One row of a supplier's file, read field by field; whatever does not fit refuses the row, not the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from inbeeld.engine.intake.limits import LAST_SLOT
from inbeeld.engine.intake.moments import clock_in, dates_expected, day_in
from inbeeld.engine.intake.profile import Profile

_TRUE = {"true", "waar", "ja", "j", "1", "yes", "y"}
_FALSE = {"false", "onwaar", "nee", "n", "0", "no"}
_HALF_DAYS = {"ochtend": 1, "morgen": 1, "morning": 1, "middag": 2, "afternoon": 2}


class RowRefused(Exception):
    """This row cannot be used; `column` as the file names it, `reason` a sentence without personal values."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Record:
    """One row: `line` as a person counts them, `values` by field name, `columns` field → name in the file."""

    line: int
    values: Mapping[str, str]
    columns: Mapping[str, str]
    profile: Profile

    def text(self, name: str) -> str:
        """The cell without spaces and invisible characters around it; empty when there is none."""
        return tidy(self.values.get(name, ""))

    def number(self, name: str) -> str:
        """A learner's number or key; one with spaces in it is a name and refuses the row."""
        value = self.key(name)
        if any(char.isspace() for char in value):
            raise self.refused(name, "a learner's number or key without spaces (not a name)")
        return value

    def key(self, name: str) -> str:
        """A number or key that must be there; control characters inside refuse the row."""
        value = self.text(name)
        if not value:
            raise self.refused(name, "a value in every row")
        if len(value) > 100 or not value.isprintable():
            raise self.refused(name, "a key of at most 100 ordinary characters")
        return value

    def day(self, name: str) -> date | None:
        """The date in a cell (the date part of a moment); None when empty."""
        return self.moment(name)[0]

    def needed_day(self, name: str) -> date:
        """The date in a cell that must be there."""
        found = self.day(name)
        if found is None:
            raise self.refused(name, dates_expected(self.profile.dates))
        return found

    def moment(self, name: str) -> tuple[date | None, time | None]:
        """Date and time of day in a cell, each None when not given; times are Dutch local time."""
        value = self.text(name)
        if not value:
            return None, None
        day, _, clock = value.replace("T", " ", 1).partition(" ")
        return self._date(name, day), self._clock(name, clock)

    def clock(self, name: str) -> time | None:
        return self._clock(name, self.text(name))

    def slot(self, name: str) -> int | None:
        """Lesson hour 1…24, or morning 1 and afternoon 2; None when empty."""
        value = self.text(name)
        if not value:
            return None
        if value.casefold() in _HALF_DAYS:
            return _HALF_DAYS[value.casefold()]
        number = self.whole(name)
        if number is None or not 1 <= number <= LAST_SLOT:
            raise self.refused(name, f"a lesson hour from 1 to {LAST_SLOT}, ochtend or middag")
        return number

    def whole(self, name: str) -> int | None:
        """A whole number of 0 or more; None when empty."""
        value = self.text(name)
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,6}", value):
            raise self.refused(name, "a whole number")
        return int(value)

    def truth(self, name: str) -> str:
        """true, false or empty."""
        value = self.text(name).casefold()
        if not value:
            return ""
        if value in _TRUE:
            return "true"
        if value in _FALSE:
            return "false"
        raise self.refused(name, "true, false or nothing")

    def refused(self, name: str, expected: str) -> RowRefused:
        """The refusal of this row for one cell; the value is shown unless it belongs to a person."""
        personal = any(f.name == name and f.personal for f in self.profile.fields)
        value = self.text(name)
        cut = value if len(value) <= 40 else value[:37] + "..."
        found = "nothing" if not value else f"“{cut}”" if cut.isprintable() else ascii(cut)
        return RowRefused(
            self.columns.get(name, name), f"expected {expected}" + ("" if personal else f", found {found}")
        )

    def _date(self, name: str, text: str) -> date:
        try:
            return day_in(text, self.profile.dates)
        except ValueError as expected:
            raise self.refused(name, str(expected)) from None

    def _clock(self, name: str, text: str) -> time | None:
        try:
            return clock_in(text)
        except ValueError as expected:
            raise self.refused(name, str(expected)) from None


def tidy(value: str) -> str:
    """Without spaces and invisible characters at both ends."""
    if value.isascii() and value.isprintable():
        return value.strip()
    start, end = 0, len(value)
    while start < end and _unseen(value[start]):
        start += 1
    while end > start and _unseen(value[end - 1]):
        end -= 1
    return value[start:end]


def _unseen(char: str) -> bool:
    return char.isspace() or (not char.isprintable() and unicodedata.category(char) in ("Cf", "Cc"))
