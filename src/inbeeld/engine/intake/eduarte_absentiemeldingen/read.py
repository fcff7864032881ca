"""An Eduarte absentiemelding → an entry: from a day to a day, lesson hours only within one day."""

from inbeeld.engine.intake.entry import Delivery, Entry
from inbeeld.engine.intake.period import from_to
from inbeeld.engine.intake.record import Record


def entry(record: Record, *, delivery: Delivery) -> Entry:
    """The entry of one row; without an end date it is still open."""
    return Entry(
        line=record.line,
        learner=delivery.key(record.number("number")),
        school=delivery.school,
        when=from_to(
            record, begins="begin_date", ends="end_date",
            from_on=record.needed_day("begin_date"), from_at=record.clock("begin_time"),
            until_on=record.day("end_date"), until_at=record.clock("end_time"),
        ),
        code=record.key("code"),
    )  # fmt: skip
