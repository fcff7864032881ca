"""A StudentSchoolAttendanceEvent → an entry about one day. The free-text reason is not read."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from inbeeld.engine.intake.entry import Delivery, Entry
from inbeeld.engine.intake.period import on_one_day
from inbeeld.engine.intake.record import Record

_STANDARD = "uri://ed-fi.org/AttendanceEventCategoryDescriptor#"
_ABSENT = ("Excused Absence", "Unexcused Absence")


def entry(record: Record, *, delivery: Delivery) -> Entry:
    """The entry of one event. Its school must be the delivery's, unless that is "all".

    Only absence needs a whole day: late, early and partial are no absence, whatever they lasted.
    """
    student = record.number("student")
    school = record.key("school")
    if delivery.school not in ("all", school):
        raise record.refused(
            "school", f"{delivery.school}, the school this delivery is for (or deliver for all)"
        )
    category = record.key("category").removeprefix(_STANDARD)
    away = category in _ABSENT
    partly = away and not _is_whole(record)
    return Entry(
        line=record.line,
        learner=student,
        school=school,
        when=on_one_day(
            record.needed_day("on"),
            None if away else 1,
            minutes=record.whole("minutes"),
            unclear="absent for part of the day, and the file does not say which part" if partly else "",
        ),
        code=category,
    )


def _is_whole(record: Record) -> bool:
    """EventDuration is a share of the day; the standard leaves it out for a whole one."""
    text = record.text("duration")
    if not text:
        return True
    try:
        share = Decimal(text)
    except InvalidOperation:
        raise record.refused("duration", "a share of the day between 0 and 1") from None
    if not 0 < share <= 1:
        raise record.refused("duration", "a share of the day between 0 and 1")
    return share == 1
