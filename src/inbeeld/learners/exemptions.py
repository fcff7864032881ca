"""Exemptions from school: that there is one, and until when; the article for who may know the reason.

Article 5 under a is about the body or the mind, 5 under b about belief: special data (GDPR 9). So the article
is of the class of a reason (docs/decisions/0009 and 0015): for a municipality, whose leerplicht registers and
delivers it, of class ATT, and for everybody else MED.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inbeeld.access.permit import Permit
from inbeeld.kernel.access import Author, class_of_a_reason
from inbeeld.kernel.attendance import Attendance
from inbeeld.organisations.models import Kind


@dataclass(frozen=True)
class SeenExemption:
    """From when until when (None: still). `article` is empty for who may not know it."""

    from_on: date
    until_on: date | None
    article: str


def exemptions_of(permit: Permit, attendance: Attendance) -> tuple[SeenExemption, ...]:
    """The exemptions of the child of a permit; that an article was read is noted for the log."""
    here = permit.actor.organisation
    registers = here is not None and here.kind == Kind.MUNICIPALITY
    author = Author.MY_ORGANISATION if registers else Author.OTHERS
    decision = permit.may_know_the_reason(author)
    if decision and attendance.exemptions:
        permit.actor.ledger.note(permit, decision, class_of_a_reason(author))
    return tuple(
        SeenExemption(one.from_on, one.until_on, one.what if decision else "")
        for one in attendance.exemptions
    )
