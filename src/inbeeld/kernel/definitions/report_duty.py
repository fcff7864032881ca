"""The school's duty to report absence without permission: sixteen hours in four school weeks, then anew."""

from datetime import date

from inbeeld.kernel.calendar import weeks
from inbeeld.kernel.definition import Clauses, Source, definition
from inbeeld.kernel.facts import Facts
from inbeeld.kernel.truth import Because

HOURS = 16
SCHOOL_WEEKS = 4
MINUTES_IN_AN_HOUR = 60
# A week away holds more than sixteen hours at any school. Where the school has not said yet whether there was
# permission, the duty is not known: a silence is no reason not to report.
LONG_ENOUGH_TO_MATTER = weeks(1)


@definition(
    "report-duty",
    agreed_by="duo",
    name="Duty to report (16 hours in 4 weeks)",
    in_words="Has missed sixteen hours without permission within four school weeks, this school year, "
    "counted anew after each time.",
    ends_when="This ends on 1 August: the count begins anew each school year.",
    valid_from=date(2009, 8, 1),
    next_review=date(2027, 8, 1),
    source=Source("DUO, soorten verzuim; Leerplichtwet art. 21a", "16 uur in 4 weken", date(2026, 11, 21)),
    left_to_people=("whether the report was made: the verzuimregister knows",),
)
def sixteen_hours_in_four_weeks(child: Facts) -> Clauses:
    """Contract §3.5; the days themselves stand in the table report_duties."""
    day = child.report_duty.value
    said = Because.of("last reached on {day}", day=day) if day else Because.of("not reached this school year")
    yield (
        "reached sixteen hours within four school weeks, this school year",
        child.report_duty.is_by(child.on).certainly().saying(said)
        | child.away_without_permission.perhaps_at_least(LONG_ENOUGH_TO_MATTER),
    )
