"""A Somtoday absence report → an entry: from begin to end, lesson hours when given, open without an end."""

from inbeeld.engine.intake.entry import Delivery, Entry
from inbeeld.engine.intake.period import from_to
from inbeeld.engine.intake.record import Record


def entry(record: Record, *, delivery: Delivery) -> Entry:
    """The entry of one row."""
    begins_on, begins_at = record.moment("begins")
    ends_on, ends_at = record.moment("ends")
    if begins_on is None:
        raise record.refused("begins", "the day it began")
    return Entry(
        line=record.line,
        learner=delivery.key(record.number("number")),
        school=delivery.school,
        when=from_to(
            record, begins="begins", ends="ends",
            from_on=begins_on, from_at=begins_at, until_on=ends_on, until_at=ends_at,
        ),
        code=record.key("code"),
        description=record.text("description"),
        permitted=record.truth("permitted"),
        entered_on=record.day("entered"),
    )  # fmt: skip
