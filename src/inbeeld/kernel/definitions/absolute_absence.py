"""Absolute absence: must attend, and is on no school's roll."""

from datetime import date

from inbeeld.kernel.definition import Clauses, Source, definition
from inbeeld.kernel.definitions.compulsory_age import LEERPLICHTWET
from inbeeld.kernel.facts import Facts


@definition(
    "absolute-absence",
    agreed_by="lpw",
    name="Absolute absence",
    in_words="Of compulsory school age, enrolled at no school on the day, and without an exemption.",
    ends_when="This ends with an enrolment at a school, with an exemption, or when school is no longer "
    "compulsory.",
    valid_from=date(2009, 8, 1),
    next_review=date(2027, 8, 1),
    source=Source(LEERPLICHTWET, "art. 2, 19", date(2026, 11, 21)),
    left_to_people=("moved, deceased, or at a private or foreign school that no list names",),
)
def on_no_roll(child: Facts) -> Clauses:
    """Contract §3.10; the Inspectie's group 1."""
    yield "is of compulsory school age", child.is_of_compulsory_age
    yield "is enrolled at no school", ~child.is_enrolled
    yield "holds no exemption", ~child.is_exempt
