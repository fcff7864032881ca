"""Reports to DUO in words: numbers as the register asks them, reasons as the marks name them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inbeeld.contacts.seen import SeenContact
from inbeeld.duo.models import Report
from inbeeld.kernel.definitions.report_duty import MINUTES_IN_AN_HOUR
from inbeeld.learners.wording import written

#: The reasons of marks (engine.schema.REASONS) that can stand with an absence without permission.
REASONS = {
    "sick": gettext_noop("ill"),
    "appointment": gettext_noop("appointment"),
    "leave": gettext_noop("leave"),
    "truant": gettext_noop("truant"),
    "other": gettext_noop("another reason"),
    "unknown": gettext_noop("reason not known"),
}


def hours_of(minutes: int) -> Decimal:
    """Minutes as hours with at most one decimal."""
    return (Decimal(minutes) / MINUTES_IN_AN_HOUR).quantize(Decimal("0.1")).normalize()


def minutes_of(hours: Decimal) -> int:
    """Hours as somebody wrote them, in whole minutes."""
    return round(hours * MINUTES_IN_AN_HOUR)


def reported_in_words(report: Report, answer: str, *, answering: bool) -> str:
    """When a report was made and by which school, and what follows. `answer`: its state there, if any.

    `answering`: it is for who reads this to answer.
    """
    if answer:
        sentence = _("Reported to DUO on {on} by {school}. The municipality: {answer}.")
    elif answering:
        sentence = _("Reported to DUO on {on} by {school}. Record what the municipality does about it.")
    else:
        sentence = _("Reported to DUO on {on} by {school}. What follows is the answer of the municipality.")
    on, school = written(report.reported_on), report.organisation.name
    return sentence.format(on=on, school=school, answer=answer)


def measures_in_words(contacts: Iterable[SeenContact]) -> str:
    """What the school did, as far as it recorded contacts: a line for each, the first day first."""
    return "\n".join(_measure(one) for one in sorted(contacts, key=lambda one: one.on))


def _measure(one: SeenContact) -> str:
    sentence = _("{day}: {means}, with {party}") if one.reached else _("{day}: tried, {means}, {party}")
    return sentence.format(day=written(one.on), means=one.means, party=one.party)


def reasons_in_words(reasons: Iterable[tuple[str, int]]) -> str:
    """What the marks say of the reason, each with its number; empty when there is none."""
    told = ", ".join(f"{_(REASONS.get(one, one))} ({number})" for one, number in reasons)
    return _("In the attendance of the school: {reasons}.").format(reasons=told) if told else ""
