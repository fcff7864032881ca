"""A Verantwoording → an entry: one lesson hour on one day. Remarks and the teacher's name are not read."""

from inbeeld.engine.intake.entry import Delivery, Entry
from inbeeld.engine.intake.period import on_one_day
from inbeeld.engine.intake.record import Record


def entry(record: Record, *, delivery: Delivery) -> Entry:
    """The entry of one row; a row without lesson hour says when, but not which hour."""
    slot = record.slot("slot")
    return Entry(
        line=record.line,
        learner=delivery.key(record.number("number")),
        school=delivery.school,
        when=on_one_day(
            record.needed_day("moment"), slot, unclear="" if slot else "no lesson hour in the row"
        ),
        code=record.key("code"),
        description=record.text("description"),
        permitted=record.truth("permitted"),
        entered_on=record.day("entered"),
    )
