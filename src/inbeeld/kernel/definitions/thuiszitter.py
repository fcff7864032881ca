"""Thuiszitter: the competing definitions, each its own. A region chooses; it does not edit."""

from datetime import date

from inbeeld.kernel.calendar import days, months, weeks
from inbeeld.kernel.definition import Clauses, Source, definition
from inbeeld.kernel.facts import Facts

READ = date(2026, 11, 21)
REVIEW = date(2027, 8, 1)
ENDS_WHEN_BACK = (
    "This ends when the child is at school for at least part of a day, when the school gives permission for"
    " the last day, with an exemption, or when school is no longer compulsory."
)
ENDS_WHEN_BACK_OR_ENROLLED = (
    "For a child on no roll this ends with an enrolment; for others when the child is at school for at "
    "least part of a day, or when the school gives permission for the last day. For all: with an exemption,"
    " or when school is no longer compulsory."
)


@definition(
    "thuiszitter",
    agreed_by="swv",
    name="Thuiszitter (SWV)",
    in_words="Of compulsory school age, enrolled at a school, without an exemption, and away without "
    "permission for more than four weeks.",
    ends_when=ENDS_WHEN_BACK,
    valid_from=date(2019, 8, 1),
    next_review=REVIEW,
    source=Source("Aanpak thuiszitters, agreements of an SWV", "agreement 2", READ),
    left_to_people=(
        "whether long or frequent sickness is a worry: then the school talks with the parents anyway",
    ),
)
def more_than_four_weeks_without_permission(child: Facts) -> Clauses:
    """Contract §3.10, source 003."""
    yield "is of compulsory school age", child.is_of_compulsory_age
    yield "is enrolled at a school", child.is_enrolled
    yield "holds no exemption", ~child.is_exempt
    yield (
        "is away without permission for more than four weeks",
        child.away_without_permission.longer_than(weeks(4)),
    )


@definition(
    "thuiszitter",
    agreed_by="zhz-2022",
    name="Thuiszitter (Zuid-Holland Zuid 2022)",
    in_words="Of compulsory school age, without an exemption, and either enrolled nowhere or away without "
    "permission for four weeks or more.",
    ends_when=ENDS_WHEN_BACK_OR_ENROLLED,
    valid_from=date(2022, 1, 1),
    next_review=REVIEW,
    source=Source("Jaarverslag Leerplicht & RMC Zuid-Holland Zuid 2022", "definition of thuiszitter", READ),
    left_to_people=("ill, but able to attend partly under a plan",),
)
def four_weeks_or_not_enrolled(child: Facts) -> Clauses:
    """Contract §3.10, domain ZHZ2022."""
    yield "is of compulsory school age", child.is_of_compulsory_age
    yield "holds no exemption", ~child.is_exempt
    yield (
        "is enrolled at no school, or is away without permission for at least four weeks",
        ~child.is_enrolled | child.away_without_permission.at_least(weeks(4)),
    )


@definition(
    "thuiszitter",
    agreed_by="lrv",
    name="Long relative absence (the old thuiszitter)",
    in_words="Of compulsory school age, enrolled, without an exemption, and away without permission for more "
    "than four weeks: the national count of long relative absence.",
    ends_when=ENDS_WHEN_BACK,
    valid_from=date(2009, 8, 1),
    next_review=REVIEW,
    source=Source("Jaarverslag Leerplicht Zuid-Holland Zuid 2019; SWV Zuid-Kennemerland", "LRV", READ),
)
def long_relative_absence(child: Facts) -> Clauses:
    """Domain §1.2 LRV: the same facts as the SWV's agreement, counted by the municipality."""
    yield from more_than_four_weeks_without_permission.clauses(child)


@definition(
    "thuiszitter",
    agreed_by="ocw-2016",
    name="Thuiszitter (ministry, 2016)",
    in_words="Absolute absence and long relative absence together: of compulsory school age, without an "
    "exemption, and enrolled nowhere or away without permission for more than four weeks.",
    ends_when=ENDS_WHEN_BACK_OR_ENROLLED,
    valid_from=date(2016, 2, 3),
    next_review=REVIEW,
    source=Source("Letter to parliament of 3 February 2016 (kst-26695-108)", "definition", READ),
)
def absolute_or_long_relative_absence(child: Facts) -> Clauses:
    """Domain §1.2 OCW2016."""
    yield "is of compulsory school age", child.is_of_compulsory_age
    yield "holds no exemption", ~child.is_exempt
    yield (
        "is enrolled at no school, or is away without permission for more than four weeks",
        ~child.is_enrolled | child.away_without_permission.longer_than(weeks(4)),
    )


@definition(
    "thuiszitter",
    agreed_by="inspectie-2a",
    name="Inspectie group 2a",
    in_words="Long relative absence of more than four weeks and at most three months.",
    ends_when="This ends when the child is at school for at least part of a day, when the school gives "
    "permission for the last day, with an exemption, when school is no longer compulsory, or "
    "after three months: then it is group 2b.",
    valid_from=date(2016, 8, 1),
    next_review=REVIEW,
    source=Source(
        "Inspectie van het Onderwijs, thuiszittersregistratie; SWV Slinge-Berkel", "group 2a", READ
    ),
)
def four_weeks_to_three_months(child: Facts) -> Clauses:
    """Domain §1.2 INSPECTIE (2a)."""
    yield from long_relative_absence.clauses(child)
    yield (
        "is away without permission for no longer than three months",
        ~child.away_without_permission.longer_than(months(3)),
    )


@definition(
    "thuiszitter",
    agreed_by="inspectie-2b",
    name="Inspectie group 2b",
    in_words="Long relative absence of more than three months.",
    ends_when=ENDS_WHEN_BACK,
    valid_from=date(2016, 8, 1),
    next_review=REVIEW,
    source=Source(
        "Inspectie van het Onderwijs, thuiszittersregistratie; SWV Slinge-Berkel", "group 2b", READ
    ),
)
def longer_than_three_months(child: Facts) -> Clauses:
    """Domain §1.2 INSPECTIE (2b)."""
    yield "is of compulsory school age", child.is_of_compulsory_age
    yield "is enrolled at a school", child.is_enrolled
    yield "holds no exemption", ~child.is_exempt
    yield (
        "is away without permission for more than three months",
        child.away_without_permission.longer_than(months(3)),
    )


@definition(
    "thuiszitter",
    agreed_by="rotterdam",
    name="Thuiszitter (Rotterdam, from day one)",
    in_words="Everyone from four years old who is at home from the first day: away with or without "
    "permission, or enrolled nowhere.",
    ends_when="This ends when the child is enrolled and at school for at least part of a day, or when "
    "school is no longer compulsory.",
    valid_from=date(2021, 6, 14),
    next_review=REVIEW,
    source=Source("Praktijkkaart thuiszitters", "example Rotterdam, 14 June 2021", READ),
    left_to_people=("whether an ordinary day of illness is worth writing down",),
)
def at_home_from_day_one(child: Facts) -> Clauses:
    """Domain §1.2 ROTTERDAM: registered from day one, four-year-olds too."""
    yield (
        "is of compulsory school age, or has turned four and is not yet",
        child.is_of_compulsory_age
        | (child.birth.has_turned(4) & ~child.birth.month_after_birthday_has_begun(5)),
    )
    yield "is enrolled at no school, or is away today", ~child.is_enrolled | child.at_home.at_least(days(1))
