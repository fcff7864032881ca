"""A row of a canonical or home-made table → an entry; it states a status, or a code the school has mapped."""

from inbeeld.engine.intake.entry import Delivery, Entry
from inbeeld.engine.intake.period import on_one_day
from inbeeld.engine.intake.profile import PRESENT, Meaning
from inbeeld.engine.intake.record import Record
from inbeeld.engine.schema import STATUSES
from inbeeld.kernel.attendance import TIMETABLE

_STATUSES = {word: word for word in (*STATUSES, PRESENT)} | {
    "afwezig": "absent",
    "absent": "absent",
    "te laat": "late",
    "telaat": "late",
    "verwijderd": "removed",
    "uit de les verwijderd": "removed",
    "anders": "other",
    "overig": "other",
    "aanwezig": PRESENT,
}
_REASONS = {
    "ziek": "sick",
    "ziekte": "sick",
    "afspraak": "appointment",
    "verlof": "leave",
    "spijbelen": "truant",
    "gespijbeld": "truant",
    "onbekend": "unknown",
    "aangepast rooster": TIMETABLE,
}


def entry(record: Record, *, delivery: Delivery) -> Entry:
    """The entry of one row. A learner's key is taken as it stands; without a slot it is the whole day."""
    learner = record.number("learner")
    school = record.text("school") or delivery.school
    if delivery.school != "all" and school != delivery.school:
        raise record.refused("school", f"{delivery.school}, the school this delivery is for")
    if school == "all":
        raise record.refused("school", "a school in every row, since the delivery is for all")
    code = record.text("code")
    return Entry(
        line=record.line,
        learner=learner,
        school=school,
        when=on_one_day(record.needed_day("date"), record.slot("slot"), minutes=record.whole("minutes")),
        code=code,
        description=record.text("description"),
        permitted=record.truth("permission"),
        given=_given(record, code=code),
    )


def _given(record: Record, *, code: str) -> Meaning | None:
    """The meaning the row itself states; None when it leaves that to a code."""
    word = record.text("status").casefold()
    if not word:
        if code:
            return None
        raise record.refused("status", f"one of {', '.join(STATUSES)}, or a code")
    if word not in _STATUSES:
        raise record.refused("status", f"one of {', '.join(STATUSES)}")
    reason = record.text("reason")
    return Meaning(_STATUSES[word], _REASONS.get(reason.casefold(), reason), record.truth("permission"))
