"""Early absence: the M@ZL alert on sickness, alternating absence, and the layers of the pyramid."""

from datetime import date

from inbeeld.kernel.definition import PUPIL, Clauses, Definition, Source, definition
from inbeeld.kernel.facts import Facts
from inbeeld.kernel.truth import Because

READ = date(2026, 11, 21)
REVIEW = date(2027, 8, 1)

MAZL_REPORTS = 4
MAZL_SCHOOL_WEEKS = 12
MAZL_DAYS_IN_A_ROW = 7

ALTERNATING_DAYS = 10
ALTERNATING_SCHOOL_WEEKS = 15
ALTERNATING_PARTS = 4  # a day counts when at least one part in four of its slots is missed

LAYER_CUTS = (5, 10, 20)  # percent of scheduled slots; a region may set others
LAYER_MINIMUM_DAYS = 20
LAYERS = Source(
    "Kearney & Graczyk 2014 (doi 10.1007/s10566-013-9222-1); Praktijkkaart thuiszitters", "layers", READ
)


def layer_of(
    absent: int,
    scheduled: int,
    scheduled_days: int,
    *,
    cuts: tuple[int, int, int] = LAYER_CUTS,
    minimum_days: int = LAYER_MINIMUM_DAYS,
) -> int | None:
    """0 to 3 by the share of slots missed, compared exactly; None (not known) on too few days (§3.7)."""
    if scheduled_days < minimum_days or scheduled == 0:
        return None
    return sum(absent * 100 >= scheduled * cut for cut in cuts)


@definition(
    "sickness",
    agreed_by="mazl",
    name="Sickness asks for attention (M@ZL)",
    in_words="A fourth sick report within twelve school weeks, or a seventh school day of sickness in a "
    "row, in the last twelve school weeks.",
    ends_when="This ends when the day is longer ago than twelve school weeks.",
    valid_from=date(2017, 3, 29),
    next_review=REVIEW,
    source=Source("NCJ, M@ZL", "four times in twelve school weeks or seven school days", READ),
    left_to_people=("a pattern of fixed moments", "a feeling that something is wrong"),
)
def sickness_asks_for_attention(child: Facts) -> Clauses:
    """Contract §3.6; the days themselves stand in the table sick_alerts."""
    day = child.sick_alert.value
    said = Because.of("last on {day}", day=day) if day else Because.of("not in the last twelve school weeks")
    yield PUPIL, child.is_pupil
    yield (
        "a fourth sick report in twelve school weeks, or a seventh school day of sickness in a row",
        child.sick_alert.is_by(child.on).certainly().saying(said),
    )


@definition(
    "alternating-absence",
    agreed_by="kearney",
    name="Alternating absence",
    in_words="Missed at least a quarter of the day on ten or more days within the last fifteen school weeks.",
    ends_when="This ends when fewer than ten such days are left in the last fifteen school weeks.",
    valid_from=date(2014, 8, 1),
    next_review=REVIEW,
    source=Source("Kearney & Graczyk 2014 (doi 10.1007/s10566-013-9222-1)", "problematic absenteeism", READ),
)
def ten_days_in_fifteen_weeks(child: Facts) -> Clauses:
    """Contract §3.8."""
    yield (
        "missed a quarter of the day on at least ten days in fifteen school weeks",
        child.alternating_days.is_at_least(ALTERNATING_DAYS),
    )


def _layer(number: int, *, name: str, in_words: str) -> Definition:
    """The verdict that a learner is in one layer of the pyramid, by the share missed this school year."""

    @definition(
        f"layer-{number}",
        agreed_by="kearney",
        name=name,
        in_words=in_words,
        ends_when="This changes with every school day: the share is counted from 1 August.",
        valid_from=date(2014, 8, 1),
        next_review=REVIEW,
        source=LAYERS,
    )
    def in_this_layer(child: Facts) -> Clauses:
        """Contract §3.7."""
        yield PUPIL, child.is_pupil
        yield in_words, child.layer_this_year.is_exactly(number)

    return in_this_layer


LAYER_ONE = _layer(
    1, name="Layer 1", in_words="Missed 5 percent or more of this school year, and less than 10."
)
LAYER_TWO = _layer(
    2, name="Layer 2", in_words="Missed 10 percent or more of this school year, and less than 20."
)
LAYER_THREE = _layer(3, name="Layer 3", in_words="Missed 20 percent or more of this school year.")
