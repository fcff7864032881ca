"""Secret words to plant in a population, and finding them again in anything that left the program.

A word is unique for one child, one class and one writer. Names and texts get a made-up word that begins with
`qx`, so that one pass over a page finds them all; numbers, dates and counts get values nobody else has.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from urllib.parse import unquote
from uuid import UUID

from django.utils import translation

from inbeeld.kernel.access import FieldClass
from inbeeld.learners.wording import short, written

MARK = "qx"
#: On which article a child was exempt.
ARTICLE = "article of an exemption"
#: A name that stands only among the past involvements of a child.
WHO_WAS_INVOLVED = "who was involved"
#: A name that stands only on the line that tells of entering an address.
WHO_ENTERED = "who entered an address"
#: What somebody is writing and did not save.
DRAFT = "draft"
#: A report of a school that was not made yet.
PREPARED = "a report being prepared"
#: The number of a learner in a delivery nobody decided about.
DELIVERED = "number in a delivery"
#: What that learner is called in it: nobody reads it there.
CALLED = "name in a delivery"
#: What stands in a row of an organisation's list.
LISTED = "row of a list"
FIRST_NUMBER = 987_600_000
FIRST_COUNT = 70_000
_WORD = re.compile(rf"{MARK}[b-z]{{8}}")
_NUMBER = re.compile(r"(?<!\d)9876\d{5}(?!\d)")
#: With what it counts, as a number of five digits can be anything.
_COUNT = re.compile(r"(?<![\d.,])(70[.,]?\d{3})(?:</b>)?\s+(?:kalenderdagen|calendar days|dagen|days)")
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
#: One after the other, as one way to write a day may begin inside another.
_DATES = tuple(
    re.compile(way)
    for way in (
        r"\d{4}-\d{2}-\d{2}", r"\d{1,2}[-/]\d{1,2}[-/]\d{4}", r"\d{1,2} [a-z]{3,9}\.? \d{4}",
        r"\b[a-z]{2,3} \d{1,2} [a-z]{3,9}",
    )
)  # fmt: skip
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ .\u00a0-](?=\d)")
LETTERS = "bcdfghjklmnprstvwz"


@dataclass(frozen=True)
class Canary:
    """One secret: of which child and class, what it is, and who wrote it (keys of the population).

    `is_reason`: it tells the reason of an absence, delivered by `organisation`. `own_of`: people whose own
    name it is. `never_shown`: nobody needs to see it anywhere.
    """

    child: str
    field_class: FieldClass
    what: str
    organisation: str = ""
    member: str = ""
    shielded: bool = False
    is_reason: bool = False
    own_of: frozenset[str] = frozenset()
    never_shown: bool = False

    def __str__(self) -> str:
        writer = f" by {self.member or self.organisation}" if self.member or self.organisation else ""
        return f"{self.field_class.value} of {self.child} ({self.what}{writer})"


@dataclass
class Words:
    """Every planted word, by what it looks like on a page."""

    dice: random.Random = field(default_factory=lambda: random.Random(20_260_417))
    planted: dict[str, Canary] = field(default_factory=dict)
    sentences: dict[str, Canary] = field(default_factory=dict)
    _numbers: int = FIRST_NUMBER
    _counts: int = FIRST_COUNT

    def word(self, canary: Canary) -> str:
        """A new made-up word, planted."""
        while True:
            made = MARK + "".join(self.dice.choice(LETTERS) for _ in range(8))
            if made not in self.planted:
                break
        self.planted[made] = canary
        return made

    def number(self, canary: Canary) -> str:
        """A personal number of nine digits nobody has, planted."""
        self._numbers += 11
        self.planted[str(self._numbers)] = canary
        return str(self._numbers)

    def count(self, canary: Canary) -> int:
        """A number of days nobody else has, planted."""
        self._counts += 7
        self.planted[str(self._counts)] = canary
        return self._counts

    def reference(self, value: UUID, canary: Canary) -> None:
        """Plant what names a child or something about it in addresses."""
        self.planted[value.hex] = canary

    def day(self, value: date, canary: Canary) -> date:
        """Plant a day that nothing else in the population has, in all the ways days are written."""
        for form in ways_to_write(value):
            assert self.planted.get(form, canary) == canary, f"{form} stands for two things"
            self.planted[form] = canary
        return value

    def school_day(self, value: date, canary: Canary) -> date:
        """Plant a day of the ribbon, which is written without its year."""
        for language in ("nl", "en"):
            with translation.override(language):
                self.planted[_plain(short(value, with_year=False))] = canary
        return value

    def sentence(self, text: str, canary: Canary) -> None:
        """Plant a few words that stand together; looked for as they are, so use it sparingly."""
        self.sentences[_plain(text)] = canary

    def signal(self, alert: date, canary: Canary) -> None:
        """Plant a signal of sickness: the day with what it is a day of, as the ribbon and the list say it."""
        for language, sign in (("nl", "signaal van ziekte"), ("en", "signal of sickness")):
            with translation.override(language):
                self.sentence(f"{written(alert)}: {sign}", canary)
                self.sentence(f"<b>{written(alert)}</b>", canary)

    def article(self, exempt_from: date, child: str) -> None:
        """Plant the article of an exemption with the day it began, as the page of the child says it."""
        canary = Canary(child, FieldClass.MED, ARTICLE, is_reason=True)
        for language, article in (("nl", "artikel 5 onder a"), ("en", "article 5 onder a")):
            with translation.override(language):
                self.sentence(f"<b>{article}</b> {written(exempt_from)}", canary)

    def found_in(self, text: str) -> set[Canary]:
        """Whose words stand in a text: a page, a header, a log line."""
        plain = _plain(text)
        seen = set(_WORD.findall(plain)).union(*(way.findall(plain) for way in _DATES))
        seen |= {one.replace("-", "") for one in _UUID.findall(plain)}
        seen |= {one.replace(".", "").replace(",", "") for one in _COUNT.findall(plain)}
        seen |= set(_NUMBER.findall(_BETWEEN_DIGITS.sub("", plain)))
        found = {self.planted[one] for one in seen if one in self.planted}
        return found | {one for words, one in self.sentences.items() if words in plain}

    def canaries(self) -> Iterable[Canary]:
        return {*self.planted.values(), *self.sentences.values()}


def _plain(text: str) -> str:
    """Without capitals, entities, percent signs and hard spaces."""
    if "%" in text:
        text = unquote(text)
    return unescape(text).lower().replace("\xa0", " ").replace("\u202f", " ")


def ways_to_write(value: date) -> set[str]:
    """A day as pages, files and forms write it."""
    forms = {value.isoformat(), f"{value.day}-{value.month}-{value.year}", f"{value:%d-%m-%Y}",
             f"{value:%d/%m/%Y}"}  # fmt: skip
    for language in ("nl", "en"):
        with translation.override(language):
            forms |= {_plain(written(value)), _plain(short(value))}
    return forms


def days_from(first: date, step: int = 1) -> Iterator[date]:
    """Days, one after the other, so that none is given out twice."""
    while True:
        yield first
        first += timedelta(days=step)
