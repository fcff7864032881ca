"""An Eduarte waarneming → an entry: what was seen at one lesson; partly absent is never stored."""

from inbeeld.engine.intake.entry import Delivery, Entry
from inbeeld.engine.intake.period import from_to
from inbeeld.engine.intake.record import Record

_KINDS = {
    "p": "P", "aanwezig": "P", "p-aanwezig": "P",
    "a": "A", "afwezig": "A", "a-afwezig": "A",
    "n": "N", "nvt": "N", "n-nvt": "N",
}  # fmt: skip


def entry(record: Record, *, delivery: Delivery) -> Entry:
    """The entry of one row."""
    kind = _KINDS.get(record.text("kind").casefold().replace(" ", ""))
    if kind is None:
        expected = "Aanwezig, Afwezig or Nvt (P, A, N); partly absent (D) is never stored by Eduarte"
        raise record.refused("kind", expected)
    return Entry(
        line=record.line,
        learner=delivery.key(record.number("number")),
        school=delivery.school,
        when=from_to(
            record, begins="begin_date", ends="end_date",
            from_on=record.needed_day("begin_date"), from_at=record.clock("begin_time"),
            until_on=record.needed_day("end_date"), until_at=record.clock("end_time"),
        ),
        code=kind,
    )  # fmt: skip
