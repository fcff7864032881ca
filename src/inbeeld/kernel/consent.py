"""Who decides for a child of an age, and whether a consent holds today. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from inbeeld.kernel.access import FieldClass, rows_of
from inbeeld.kernel.calendar import birthday

#: On these birthdays somebody else decides, or the same person in another capacity: everything signed
#: before is asked anew (GDPR 7 and 8, UAVG 5, WGBO 7:447 and 7:450 BW, Jeugdwet 7.3.4 and 7.3.5).
BIRTHDAYS = (12, 16, 18)


class Signer(Enum):
    """In which capacity someone signs."""

    GUARDIAN = "guardian"  # with custody
    LEARNER = "learner"


class Relation(Enum):
    """What someone is to the child."""

    LEARNER = "learner"
    GUARDIAN = "guardian"


@dataclass(frozen=True)
class Signature:
    """One signature under a consent: who signed, in which capacity, on which day."""

    by: str
    signer: Signer
    on: date


def age_on(born_on: date, day: date) -> int:
    """Age in whole years on a day; born on 29 February counts on 28 February in other years."""
    return day.year - born_on.year - (day < birthday(born_on, day.year - born_on.year))


def band_begins(born_on: date, day: date) -> date:
    """The last of the birthdays 12, 16 and 18 on or before the day; the day of birth when there is none."""
    passed = [found for age in BIRTHDAYS if (found := birthday(born_on, age)) <= day]
    return max(passed, default=born_on)


def next_birthday(born_on: date, day: date) -> date | None:
    """The next of the birthdays 12, 16 and 18 after the day, or None."""
    return min((found for age in BIRTHDAYS if (found := birthday(born_on, age)) > day), default=None)


def must_sign(born_on: date, day: date) -> frozenset[Signer]:
    """Who must sign a consent: under 12 the guardians, from 12 to 15 both, from 16 the learner."""
    age = age_on(born_on, day)
    if age >= 16:
        return frozenset({Signer.LEARNER})
    return frozenset(Signer) if age >= 12 else frozenset({Signer.GUARDIAN})


def is_signed(
    signatures: Iterable[Signature],
    *,
    born_on: date | None,
    on: date,
    guardians: frozenset[str] | None = None,
) -> bool:
    """Is a consent signed by all who must, today? Without a birth date: no.

    A signature counts until the next of the birthdays 12, 16 and 18. `guardians`: who has custody today;
    where guardians must sign, each of them must (BW 1:253a). None: at least one signed, the record tells who.
    """
    if born_on is None or on < born_on:
        return False
    begins = band_begins(born_on, on)
    counting = [one for one in signatures if begins <= one.on <= on]
    signed = {one.signer for one in counting}
    if not must_sign(born_on, on) <= signed:
        return False
    if Signer.GUARDIAN not in must_sign(born_on, on) or guardians is None:
        return True
    return bool(guardians) and guardians <= {one.by for one in counting if one.signer is Signer.GUARDIAN}


def role_of(relation: Relation, *, born_on: date | None, on: date) -> str | None:
    """The row of the table for a learner or guardian today, or None: too young, or of age, or not known."""
    if born_on is None or on < born_on:
        return None
    age = age_on(born_on, on)
    if relation is Relation.LEARNER:
        return "learner_16" if age >= 16 else "learner_12_15" if age >= 12 else None
    if age >= 18:
        return None  # custody ends (BW 1:245)
    return "guardian_16" if age >= 16 else "guardian_12_15" if age >= 12 else "guardian_under_12"


def may_be_asked(role: str, field_class: FieldClass) -> bool:
    """Is consent of use for this role and class? Where a legal task applies it is never asked."""
    return any("c" in row.cells[field_class] for row in rows_of(role))
