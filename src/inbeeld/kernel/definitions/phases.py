"""Phases of sitting at home, and the pact's three months without a suitable offer."""

from datetime import date

from inbeeld.kernel.calendar import days, months, weeks
from inbeeld.kernel.definition import PUPIL, Clauses, Source, definition
from inbeeld.kernel.facts import Facts

READ = date(2026, 11, 21)
REVIEW = date(2027, 8, 1)
FIRST_PHASE = weeks(4)
SECOND_PHASE = months(3)
PILOT = Source("Voortgang pilot Thuiszittersaanpak Amsterdam-Noord", "three phases", READ)


def phase_of(first: date | None, *, on: date) -> int:
    """0 not at home; 1 up to four weeks; 2 up to three months; 3 beyond. `first`: when the absence began."""
    if first is None:
        return 0
    if SECOND_PHASE.is_exceeded(first, on):
        return 3
    return 2 if FIRST_PHASE.is_exceeded(first, on) else 1


@definition(
    "phase-one",
    agreed_by="amsterdam-noord",
    name="At home, phase one",
    in_words="Away with or without permission, up to four weeks.",
    ends_when="This ends when the child is at school for at least part of a day, or after four weeks: then "
    "it is phase two.",
    valid_from=date(2017, 10, 1),
    next_review=REVIEW,
    source=PILOT,
)
def up_to_four_weeks(child: Facts) -> Clauses:
    """Contract §3.4, source 000."""
    yield PUPIL, child.is_pupil
    yield "is away, with or without permission", child.at_home.at_least(days(1))
    yield "is away for no more than four weeks", ~child.at_home.longer_than(FIRST_PHASE)


@definition(
    "phase-two",
    agreed_by="amsterdam-noord",
    name="At home, phase two",
    in_words="Away with or without permission for more than four weeks, up to three months.",
    ends_when="This ends when the child is at school for at least part of a day, or after three months: "
    "then it is phase three.",
    valid_from=date(2017, 10, 1),
    next_review=REVIEW,
    source=PILOT,
)
def four_weeks_up_to_three_months(child: Facts) -> Clauses:
    """Contract §3.4, source 000."""
    yield PUPIL, child.is_pupil
    yield "is away for more than four weeks", child.at_home.longer_than(FIRST_PHASE)
    yield "is away for no more than three months", ~child.at_home.longer_than(SECOND_PHASE)


@definition(
    "phase-three",
    agreed_by="amsterdam-noord",
    name="At home, phase three",
    in_words="Away with or without permission for more than three months.",
    ends_when="This ends when the child is at school for at least part of a day.",
    valid_from=date(2017, 10, 1),
    next_review=REVIEW,
    source=PILOT,
)
def beyond_three_months(child: Facts) -> Clauses:
    """Contract §3.4, source 000."""
    yield PUPIL, child.is_pupil
    yield "is away for more than three months", child.at_home.longer_than(SECOND_PHASE)


@definition(
    "phase-three",
    agreed_by="pact",
    name="Three months without a suitable offer (pact)",
    in_words="At home for more than three months without a suitable offer.",
    ends_when="This ends when the child is at school for at least part of a day, or has a suitable offer.",
    valid_from=date(2016, 8, 1),
    next_review=REVIEW,
    source=Source("Amsterdams Thuiszitterspact", "aim for 2020", READ),
    left_to_people=("whether an offer is suitable",),
)
def without_suitable_offer(child: Facts) -> Clauses:
    """Contract §3.10: two independent facts; the offer is a fact of the case, not known here."""
    yield "is at home for more than three months", child.at_home.longer_than(SECOND_PHASE)
    yield "has no suitable offer", ~child.has_suitable_offer
