"""What is known about one learner on one day; nothing judged yet.

The same class serves two ways. `facts_of_child` holds the values of one learner, so that
answers come with reasons; `facts_as_columns` holds the names of SQL columns, so that answers
are SQL. Definitions cannot tell the difference, and nobody writes a rule twice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Generic, Protocol, TypeVar

from inbeeld.kernel.calendar import Duration, birthday, school_year_end
from inbeeld.kernel.truth import NOT_KNOWN, SQL_NOT_KNOWN, Because, Logic, SqlTruth, Truth, known

T = TypeVar("T", bound=Logic)
Answer = TypeVar("Answer", bound=Logic, covariant=True)

OLDEST_AGE_IN_YEARS = 130


@dataclass(frozen=True)
class FactRow:
    """One row of the table `facts` (contract §4), with the few source values definitions also read."""

    learner: str
    school: str | None
    phase: int
    ongoing_since: date | None
    ongoing_without_since: date | None
    ongoing_open_since: date | None
    absent_ytd: int
    scheduled_ytd: int
    absent_4w: int
    scheduled_4w: int
    absent_12w: int
    scheduled_12w: int
    layer_ytd: int | None
    layer_4w: int | None
    layer_12w: int | None
    sick_reports_12w: int
    alternating_days_15w: int
    of_compulsory_age: bool | None
    enrolled: bool
    exempt: bool
    born_on: date | None = None
    basic_qualification: bool | None = None
    report_duty_on: date | None = None
    sick_alert_on: date | None = None

    @classmethod
    def of_birth(cls, born_on: date | None) -> FactRow:
        """Of a child of whom nothing is known but its birth date: for definitions that ask no more."""
        nothing = dict.fromkeys(("school", "layer_ytd", "layer_4w", "layer_12w", "of_compulsory_age"))
        dates = {f"ongoing_{name}": None for name in ("since", "without_since", "open_since")}
        numbers = dict.fromkeys(
            ("phase", "sick_reports_12w", "alternating_days_15w")
            + tuple(f"{what}_{over}" for what in ("absent", "scheduled") for over in ("ytd", "4w", "12w")),
            0,
        )
        return cls(learner="", enrolled=False, exempt=False, born_on=born_on, **nothing, **dates, **numbers)  # type: ignore[arg-type]


FACT_COLUMNS = tuple(field.name for field in fields(FactRow))[:20]


class DateFact(Protocol[Answer]):
    """A date that may be missing."""

    @property
    def value(self) -> date | None: ...
    def is_by(self, day: date) -> Answer: ...


@dataclass(frozen=True)
class ChildDate:
    """A date of one child."""

    value: date | None

    def is_by(self, day: date) -> Truth:
        """Is it on or before `day`? Missing: not known."""
        return NOT_KNOWN if self.value is None else known(self.value <= day)


@dataclass(frozen=True)
class ColumnDate:
    """A column of dates."""

    sql: str
    value: None = None

    def is_by(self, day: date) -> SqlTruth:
        return SqlTruth(f"({self.sql} <= DATE '{day.isoformat()}')")


class NumberFact(Protocol[Answer]):
    """A whole number that may be missing."""

    def is_at_least(self, number: int) -> Answer: ...
    def is_exactly(self, number: int) -> Answer: ...


@dataclass(frozen=True)
class ChildNumber:
    """A number of one child, and the sentence that says it."""

    value: int | None
    sentence: str

    def is_at_least(self, number: int) -> Truth:
        return self._say(None if self.value is None else self.value >= number)

    def is_exactly(self, number: int) -> Truth:
        return self._say(None if self.value is None else self.value == number)

    def _say(self, answer: bool | None) -> Truth:
        return known(answer).saying(Because.of(self.sentence, number=self.value))


@dataclass(frozen=True)
class ColumnNumber:
    """A column of numbers."""

    sql: str

    def is_at_least(self, number: int) -> SqlTruth:
        return SqlTruth(f"({self.sql} >= {number})")

    def is_exactly(self, number: int) -> SqlTruth:
        return SqlTruth(f"({self.sql} = {number})")


@dataclass(frozen=True)
class Away(Generic[T]):
    """An ongoing absence: certainly since one day, possibly since an earlier one.

    The two differ where a school has not said yet whether there was permission.
    """

    on: date
    certainly_since: DateFact[T]
    possibly_since: DateFact[T]

    def longer_than(self, duration: Duration) -> T:
        """Yes when certainly so, no when not even possibly so, else not known (contract §3.10)."""
        return self._since(duration.latest_first_exceeding(self.on))

    def at_least(self, duration: Duration) -> T:
        """As longer_than, with the length itself included."""
        return self._since(duration.latest_first_reaching(self.on))

    def perhaps_at_least(self, duration: Duration) -> T:
        """Not known where it is possibly so but not certain; else no."""
        limit = duration.latest_first_reaching(self.on)
        certain = self.certainly_since.is_by(limit).certainly()
        perhaps = self.possibly_since.is_by(limit).certainly() & ~certain
        return (perhaps & (~perhaps).unless_certain()).saying(*self._in_words())

    def _since(self, limit: date) -> T:
        certain = self.certainly_since.is_by(limit).certainly()
        possible = self.possibly_since.is_by(limit).certainly()
        return (possible & certain.unless_certain()).saying(*self._in_words())

    def _in_words(self) -> list[Because]:
        certain, possible = self.certainly_since.value, self.possibly_since.value
        if possible is None and certain is None:
            return [Because.of("not away on this day")]
        words = []
        if certain is not None:
            number = (self.on - certain).days + 1
            words.append(Because.of("away since {since}: {days} calendar days", since=certain, days=number))
        if possible is not None and possible != certain:
            number = (self.on - possible).days + 1
            words.append(
                Because.of(
                    "perhaps since {since} ({days} calendar days): the school has not said yet "
                    "whether there was permission",
                    since=possible,
                    days=number,
                )
            )
        return words


@dataclass(frozen=True)
class Birth(Generic[T]):
    """When someone was born, asked about on one day. Every question is of the form *born on or before*."""

    on: date
    born: DateFact[T]

    def has_turned(self, years: int) -> T:
        """Is the birthday here or past?"""
        return self._born_by(lambda born: birthday(born, years) <= self.on)

    def month_after_birthday_has_begun(self, years: int) -> T:
        """Has the first day of the month after that birthday come? (Leerplichtwet art. 3(1))"""
        return self._born_by(lambda born: _first_of_next_month(birthday(born, years)) <= self.on)

    def school_year_of_birthday_has_ended(self, years: int) -> T:
        """Is 31 July of the school year of that birthday past? (Leerplichtwet art. 3(1)b)"""
        return self._born_by(lambda born: school_year_end(birthday(born, years)) < self.on)

    def _born_by(self, holds: Callable[[date], bool]) -> T:
        if self.born.value is not None:
            reason = Because.of("born on {born_on}", born_on=self.born.value)
        else:
            reason = Because.of("the birth date is not known")
        return self.born.is_by(latest_birth(self.on, holds)).saying(reason)


def latest_birth(on: date, holds: Callable[[date], bool]) -> date:
    """The last birth date for which `holds` is true; it must be true of every earlier one."""
    newest = on.toordinal()
    oldest = newest - 366 * OLDEST_AGE_IN_YEARS
    steps = bisect_left(range(oldest, newest + 1), True, key=lambda day: not holds(date.fromordinal(day)))
    return date.fromordinal(oldest + steps - 1)


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True)
class Facts(Generic[T]):
    """What definitions may ask. Every attribute answers yes, no or not known."""

    on: date
    birth: Birth[T]
    has_basic_qualification: T
    is_of_compulsory_age: T
    is_enrolled: T
    is_exempt: T
    has_suitable_offer: T
    at_home: Away[T]
    away_without_permission: Away[T]
    alternating_days: NumberFact[T]
    layer_this_year: NumberFact[T]
    layer_four_weeks: NumberFact[T]
    layer_twelve_weeks: NumberFact[T]
    sick_reports: NumberFact[T]
    report_duty: DateFact[T]
    sick_alert: DateFact[T]

    @property
    def is_pupil(self) -> T:
        """Is there a school to be away from, or should there be one?"""
        return self.is_enrolled | self.is_of_compulsory_age


def facts_of_child(row: FactRow, *, on: date) -> Facts[Truth]:
    """The facts of one learner on one day, answering with reasons."""

    def number(value: int | None, sentence: str) -> ChildNumber:
        return ChildNumber(value, sentence)

    layer = "layer {number}"
    return Facts(
        on=on,
        birth=Birth(on, ChildDate(row.born_on)),
        has_basic_qualification=known(row.basic_qualification).saying(
            _basic_qualification(row.basic_qualification)
        ),
        is_of_compulsory_age=known(row.of_compulsory_age).saying(_why_of_compulsory_age(row)),
        is_enrolled=known(row.enrolled),
        is_exempt=known(row.exempt),
        has_suitable_offer=NOT_KNOWN.saying(
            Because.of("whether there is a suitable offer is not in these lists")
        ),
        at_home=Away(on, ChildDate(row.ongoing_since), ChildDate(row.ongoing_since)),
        away_without_permission=Away(
            on, ChildDate(row.ongoing_without_since), ChildDate(row.ongoing_open_since)
        ),
        alternating_days=number(row.alternating_days_15w, "{number} such days"),
        layer_this_year=number(row.layer_ytd, layer),
        layer_four_weeks=number(row.layer_4w, layer),
        layer_twelve_weeks=number(row.layer_12w, layer),
        sick_reports=number(row.sick_reports_12w, "{number} sick reports in the last twelve school weeks"),
        report_duty=ChildDate(row.report_duty_on),
        sick_alert=ChildDate(row.sick_alert_on),
    )


def _basic_qualification(value: bool | None) -> Because:
    if value is None:
        return Because.of("whether there is a basic qualification is not known")
    if value:
        return Because.of("has a basic qualification")
    return Because.of("has no basic qualification")


def _why_of_compulsory_age(row: FactRow) -> Because:
    if row.born_on is None:
        return Because.of("the birth date is not known")
    if row.of_compulsory_age is None:
        return _basic_qualification(row.basic_qualification)
    return Because.of("born on {born_on}", born_on=row.born_on)


def facts_as_columns(*, on: date) -> Facts[SqlTruth]:
    """The facts of every learner on one day: columns of the table `facts` joined to its sources."""
    return Facts(
        on=on,
        birth=Birth(on, ColumnDate("born_on")),
        has_basic_qualification=SqlTruth("basic_qualification"),
        is_of_compulsory_age=SqlTruth("of_compulsory_age"),
        is_enrolled=SqlTruth("enrolled"),
        is_exempt=SqlTruth("exempt"),
        has_suitable_offer=SQL_NOT_KNOWN,
        at_home=Away(on, ColumnDate("ongoing_since"), ColumnDate("ongoing_since")),
        away_without_permission=Away(
            on, ColumnDate("ongoing_without_since"), ColumnDate("ongoing_open_since")
        ),
        alternating_days=ColumnNumber("alternating_days_15w"),
        layer_this_year=ColumnNumber("layer_ytd"),
        layer_four_weeks=ColumnNumber("layer_4w"),
        layer_twelve_weeks=ColumnNumber("layer_12w"),
        sick_reports=ColumnNumber("sick_reports_12w"),
        report_duty=ColumnDate("report_duty_on"),
        sick_alert=ColumnDate("sick_alert_on"),
    )
