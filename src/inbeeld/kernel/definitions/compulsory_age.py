"""Who must attend: compulsory school age and the duty to reach a basic qualification."""

from datetime import date

from inbeeld.kernel.definition import Clauses, Source, definition
from inbeeld.kernel.facts import Facts

LEERPLICHTWET = "Leerplichtwet 1969 (BWBR0002628)"


@definition(
    "compulsory-age",
    agreed_by="lpw",
    name="Compulsory school age",
    in_words="Must attend school: from the month after the fifth birthday to the end of the school year of "
    "the sixteenth, and then until eighteen without a basic qualification.",
    ends_when="This ends with the school year of the sixteenth birthday; without a basic qualification, on "
    "the eighteenth birthday.",
    valid_from=date(2009, 8, 1),
    next_review=date(2027, 8, 1),
    source=Source(LEERPLICHTWET, "art. 3(1), 4a", date(2026, 11, 21)),
    left_to_people=(
        "twelve full school years completed before sixteen (art. 3(1)a)",
        "practical education diploma",
    ),
)
def of_compulsory_age(child: Facts) -> Clauses:
    """Contract §3.9."""
    yield "the month after the fifth birthday has begun", child.birth.month_after_birthday_has_begun(5)
    yield (
        "the school year of the sixteenth birthday has not ended, or: not yet eighteen and without a basic "
        "qualification",
        ~child.birth.school_year_of_birthday_has_ended(16)
        | (~child.birth.has_turned(18) & ~child.has_basic_qualification),
    )
