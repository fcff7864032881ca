"""Sentences of the kernel on a page: translated, then filled with dates and numbers as they are read here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, gettext_noop, ngettext, pgettext

from inbeeld.kernel.truth import Because, Outcome

DAY = "j F Y"
_SINCE = "away since {since}: {days} calendar days"
_PERHAPS = (
    "perhaps since {since} ({days} calendar days): the school has not said yet whether there was permission"
)
#: Sentences of the kernel about days, for where it is one: a kernel knows no grammar.
OF_ONE_DAY = {
    _SINCE: gettext_noop("away since {since}: {days} calendar day"),
    _PERHAPS: gettext_noop(
        "perhaps since {since} ({days} calendar day): the school has not said yet whether there was"
        " permission"
    ),
}


def in_words(because: Because) -> str:
    """A reason in the reader's language."""
    sentence = because.sentence
    if dict(because.values).get("days") == 1:
        sentence = OF_ONE_DAY.get(sentence, sentence)
    return gettext(sentence).format(**{name: written(value) for name, value in because.values})


def written(value: Any) -> str:
    """A date or number as the reader writes it; nothing known: not known."""
    if isinstance(value, date):
        return date_format(value, DAY)
    if isinstance(value, int):
        return str(number_format(value, force_grouping=True))
    return pgettext("of a number", "not known") if value is None else str(value)


def short(day: date, *, with_year: bool = True) -> str:
    """A date with the month cut short; Dutch writes months small."""
    month = "b" if get_language() == "nl" else "M"
    # Joined by spaces that do not break: a date stays on one line.
    return str(date_format(day, f"j\xa0{month}\xa0Y" if with_year else f"D\xa0j\xa0{month}"))


def month_of(day: date) -> str:
    """The name of a month cut short."""
    return str(date_format(day, "b" if get_language() == "nl" else "M"))


def said(words: str) -> str:
    """A sentence, translated, as a whole sentence: a capital in front."""
    translated = gettext(words)
    return translated[:1].upper() + translated[1:]


def answer(outcome: Outcome) -> str:
    """Yes, no or not known."""
    if outcome is Outcome.YES:
        return pgettext("answer", "Yes")
    return pgettext("answer", "No") if outcome is Outcome.NO else pgettext("answer", "Not known")


def in_runs(numbers: Sequence[int]) -> str:
    """Rising numbers with what follows one another taken together: "1–4, 6"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def when(due_on: date | None, *, on: date) -> str:
    """How far off a day by which something is asked is, or since how long it has passed; no day: empty."""
    if due_on is None:
        return ""
    days = (due_on - on).days
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("in {number} day", "in {number} days", days).format(number=written(days))
    return ngettext("since {number} day", "since {number} days", -days).format(number=written(-days))
